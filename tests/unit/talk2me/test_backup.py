"""A server is put back from one file, row by row and part by part, from either database into either."""

import io
import json
import os
import signal
import sqlite3
import stat
import subprocess
import sys
import tarfile
from contextlib import closing
from pathlib import Path

import psycopg
import pytest

from talk2me.backup.errors import BackupError
from talk2me.backup.file import Writer, read_manifest

ROOT = Path(__file__).resolve().parents[3]
KEYLOG_KEY = "tests only, tests only, tests only, 3"
COMMON = """
import hashlib, json, os
from pathlib import Path
from django.apps import apps
from django.core.files.storage import storages
from django.core.management import CommandError, call_command
from django.db import connection
from keys.models import KeyPackage
from messaging.models import Attachment, AttachmentRemains, Envelope, GroupInfo, Mailbox, MailboxKind
from messaging.part_storage import delete_parts, put_part
from tests.factories import make_account
LEAP = 2**32
def written(value):
    if isinstance(value, dict):
        return json.dumps(value, sort_keys=True)
    return value.hex() if isinstance(value, bytes) else str(value)
def rows():
    found = {}
    for model in apps.get_models(include_auto_created=True):
        if model._meta.label in ("contenttypes.ContentType", "auth.Permission"):
            continue
        values = model._base_manager.order_by("pk").values_list()
        found[model._meta.label] = [[written(value) for value in row] for row in values]
    return found
def parts():
    folder = Path(os.environ["DATA_DIR"]) / "attachments"
    files = [path for path in folder.rglob("*") if path.is_file()]
    return {str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}
"""
FILL = """
from django.contrib.auth.models import User
call_command("migrate", verbosity=0)
User.objects.create_superuser("operator", password="long enough")
devices = [make_account().device for _ in range(3)]
mailbox = Mailbox.objects.create(id=bytes(range(16)), kind=MailboxKind.CONVERSATION, minute=0, head=250, slot=7)
GroupInfo.objects.create(mailbox=mailbox, sequence=3, slot=7, body=b"info")
Mailbox.objects.create(id=bytes(16), kind=MailboxKind.DEVICE, minute=0, head=4)
Envelope.objects.bulk_create(
    Envelope(mailbox=mailbox, sequence=number, id=number.to_bytes(16, "big"), kind=1, slot=1, minute=0,
             body=bytes([number % 256]) * 100 if number % 2 else None, hash=bytes(32))
    for number in range(1, 251)
)
for number, (size, stored) in enumerate([(250, 250), (100, 100), (300, 200), (50, 50)]):
    id_ = bytes([number]) * 16
    Attachment.objects.create(id=id_, account=bytes(16), size=size, part=100, offset=stored, expires=None)
    for part in range(-(-stored // 100)):
        put_part(id_, part, os.urandom(min(100, stored - part * 100)))
print(json.dumps([rows(), parts()]))
"""
BACK_UP = """
from talk2me.backup import back_up, snapshot
take = snapshot.take_snapshot
def take_and_delete(file):
    take(file)
    # Deleted between the database and its parts.
    Attachment.objects.filter(id=bytes([3]) * 16).delete()
    delete_parts(bytes([3]) * 16, 1)
snapshot.take_snapshot = take_and_delete
print(back_up(Path(os.environ["DATA_DIR"]) / "backup.tar", with_keys=False).deleted)
"""
READ = "print(json.dumps([rows(), parts()]))"


class Place:
    """A server of its own: its folder, its database."""

    def __init__(self, folder: Path, url: str = "") -> None:
        folder.mkdir(exist_ok=True)
        self.folder = folder
        self.environment = os.environ | {
            "DATA_DIR": str(folder),
            "DATABASE_URL": url or f"sqlite:///{folder / 'talk2me.sqlite3'}",
            "DJANGO_SETTINGS_MODULE": "talk2me.settings",
            "KEYLOG_KEY": KEYLOG_KEY,
        }

    def shell(self, script: str) -> object:
        done = self.manage("shell", "--no-imports", "-c", COMMON + script)
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout.strip().splitlines()[-1])

    def manage(self, *words: str, **more: str) -> subprocess.CompletedProcess:
        return subprocess.run(
            [sys.executable, "manage.py", *words],
            cwd=ROOT, env=self.environment | more, capture_output=True, text=True, check=False,
        )  # fmt: skip

    def backup(self, name: str = "backup.tar", *words: str) -> Path:
        file = self.folder / name
        done = self.manage("backup", str(file), *words)
        assert done.returncode == 0, done.stderr
        return file

    def refuses(self, file: Path, code: str, *words: str, **more: str) -> None:
        done = self.manage("restore", str(file), *words, **more)
        assert done.returncode == 1, done.stdout
        assert f"CommandError: {code}: " in done.stderr
        assert "Traceback" not in done.stderr


@pytest.fixture(scope="module")
def full(tmp_path_factory: pytest.TempPathFactory) -> tuple[Place, object, Path]:
    """A server on SQLite, what is in it, and its backup."""
    place = Place(tmp_path_factory.mktemp("full"))
    found = place.shell(FILL)
    assert place.shell(BACK_UP) == 1
    return place, found, place.folder / "backup.tar"


def as_put_back(found: list) -> list:
    """What a restore makes of what was there."""
    rows, parts = json.loads(json.dumps(found))
    rows["keys.KeyPackage"] = [row for row in rows["keys.KeyPackage"] if row[5] == "True"]
    for row in rows["messaging.Mailbox"]:
        row[2] = str(int(row[2]) + 2**32)
        row[3] = str(int(row[3]) + (2**20 if row[1] == "2" else 0))
    rows["messaging.GroupInfo"][0][2] = str(7 + 2**20)
    rows["messaging.Attachment"] = [row for row in rows["messaging.Attachment"] if row[0] != "03" * 16]
    rows["messaging.AttachmentRemains"] = [["03" * 16, "1"]]
    return [rows, {name: digest for name, digest in parts.items() if not name.startswith("03/")}]


def without_marks(found: list) -> list:
    """Take out the mark of each conversation, having looked at it."""
    rows, parts = found
    marks = [row for row in rows["messaging.Envelope"] if int(row[1]) > 2**32]
    assert [(row[1], row[3], row[4], row[5]) for row in marks] == [(str(250 + 2**32), "5", str(7 + 2**20), "None")]
    rows["messaging.Envelope"] = [row for row in rows["messaging.Envelope"] if row not in marks]
    return [rows, parts]


def test_every_row_and_every_part_comes_back_on_sqlite(full: tuple, tmp_path: Path) -> None:
    _, found, file = full
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert [path.name for path in file.parent.iterdir() if path.name.startswith(".")] == []
    place = Place(tmp_path / "empty")
    # A fresh machine has not even the folder.
    place.folder.rmdir()
    done = place.manage("restore", str(file))
    assert done.returncode == 0, done.stderr
    assert "messaging.Envelope: 250" in done.stdout
    assert "red page" in done.stdout
    assert without_marks(place.shell(READ)) == as_put_back(found)
    # New rows get numbers of their own.
    assert place.shell('print(make_account("later").device is not None and 1)') == 1
    place.refuses(file, "place_not_empty")


def test_from_sqlite_to_postgresql_and_back(full: tuple, tmp_path: Path, database_url: str) -> None:
    _, found, file = full
    place = Place(tmp_path / "postgresql", database_url)
    assert place.manage("restore", str(file)).returncode == 0
    there = place.shell(READ)
    rows, parts = without_marks(json.loads(json.dumps(there)))
    expected = as_put_back(found)
    assert parts == expected[1]
    for label, wanted in expected[0].items():
        assert rows[label] == wanted, label
    assert place.manage("verify_log").returncode == 0
    place.shell("make_account('later'); print(1)")
    there = place.shell(READ)
    back = Place(tmp_path / "back")
    assert back.manage("restore", str(place.backup())).returncode == 0
    rows, parts = back.shell(READ)
    assert parts == there[1]
    for label in (
        "keys.Account",
        "keys.AccountEvent",
        "keys.LogLeaf",
        "keys.LogMapEntry",
        "auth.User",
        "messaging.Attachment",
    ):
        assert rows[label] == there[0][label], label
    assert back.manage("verify_log").returncode == 0


def test_a_backup_is_of_one_moment_while_others_write(tmp_path: Path, database_url: str) -> None:
    for place in (Place(tmp_path / "sqlite"), Place(tmp_path / "postgresql", database_url)):
        place.shell("call_command('migrate', verbosity=0); print(1)")
        # Each transaction adds to two tables; a copy that is of two moments has more of one.
        writer = subprocess.Popen(
            [sys.executable, "manage.py", "shell", "--no-imports", "-c", COMMON + """
from django.db import transaction
number = 0
while True:
    number += 1
    with transaction.atomic():
        mailbox = Mailbox.objects.create(id=number.to_bytes(16, "big"), kind=1, minute=0, head=1)
        Envelope.objects.create(
            mailbox=mailbox, sequence=1, id=bytes(16), kind=1, slot=0, minute=0, body=bytes(9000), hash=bytes(32)
        )
    if number == 50:
        print("writes", flush=True)
"""], cwd=ROOT, env=place.environment, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        try:
            assert writer.stdout.readline() == "writes\n"
            file = place.backup()
            assert writer.poll() is None
        finally:
            writer.kill()
            writer.wait()
        written = place.shell("print(json.dumps(Mailbox.objects.count()))")
        empty = Place(tmp_path / f"again-{place.folder.name}")
        assert empty.manage("restore", str(file)).returncode == 0
        counts = empty.shell("print(json.dumps([Mailbox.objects.count(), Envelope.objects.count()]))")
        assert counts[0] == counts[1]
        assert 50 <= counts[0] < written


def test_a_file_that_is_cut_or_changed_is_refused_and_nothing_is_written(full: tuple, tmp_path: Path) -> None:
    whole = full[2].read_bytes()
    with tarfile.open(full[2]) as tar:
        at = {member.name: member.offset_data for member in tar.getmembers()}
        ends = [member.offset for member in tar.getmembers()]
    changed = {
        "in an attachment": at[next(name for name in at if name.startswith("attachments"))],
        "in the database": at["database.sqlite3"] + 5000,
        "in the manifest": at["manifest.json"] + 20,
        "in the digest": at["sha256"] + 3,
        "in a head": at["manifest.json"] - 500,
        "between two": at["manifest.json"] - 513,
        "at the end": len(whole) - 1,
    }
    broken = {where: whole[:byte] + bytes([whole[byte] ^ 1]) + whole[byte + 1 :] for where, byte in changed.items()}
    broken |= {"cut": whole[:-1], "cut in half": whole[: len(whole) // 2], "cut before the end": whole[: ends[-1]]}
    broken |= {"nothing": b"", "longer": whole + b"\0", "no backup": b"SQLite format 3\0" * 1000}
    (tmp_path / "empty").mkdir()
    for where, data in broken.items():
        file = tmp_path / "broken.tar"
        file.write_bytes(data)
        with pytest.raises(BackupError, match="backup_broken"):
            pytest.fail(f"{where}: {read_manifest(file)}")
    # What the command makes of it, with the last one.
    place = Place(tmp_path / "empty")
    place.refuses(file, "backup_broken")
    assert list(place.folder.iterdir()) == []


def test_it_goes_into_an_empty_place_of_its_own_origin_only(full: tuple, tmp_path: Path) -> None:
    file = full[2]
    Place(tmp_path / "other").refuses(file, "other_origin", ORIGIN="http://127.0.0.1:8123")
    place = Place(tmp_path / "used")
    (place.folder / "attachments" / "00").mkdir(parents=True)
    (place.folder / "attachments" / "00" / "part").touch()
    place.refuses(file, "place_not_empty")
    assert not (place.folder / "talk2me.sqlite3").exists() or not place.shell(
        "print(json.dumps('keys_account' in connection.introspection.table_names()))"
    )
    place.refuses(tmp_path / "there is none.tar", "not_restored")


def test_keys_are_in_it_when_asked_for_only_and_others_are_named(full: tuple, tmp_path: Path) -> None:
    place, _, file = full
    with tarfile.open(file) as tar:
        assert "keys.env" not in tar.getnames()
    assert KEYLOG_KEY.encode() not in file.read_bytes()
    file = place.folder / "keys.tar"
    done = place.manage("backup", str(file), "--with-keys", ORIGIN="http://127.0.0.1:8000")
    assert done.returncode == 0, done.stderr
    # Whoever takes another environment than the server's sees it.
    assert done.stdout.startswith("http://127.0.0.1:8000: 3 accounts\n")
    with tarfile.open(file) as tar:
        assert f"KEYLOG_KEY={KEYLOG_KEY}\n" in tar.extractfile("keys.env").read().decode()
    done = Place(tmp_path / "empty").manage("restore", str(file), KEYLOG_KEY="another one, another one, another one")
    assert done.returncode == 0, done.stderr
    assert "not the keys that the file has: KEYLOG_KEY" in done.stdout
    assert "another key" in done.stdout


@pytest.fixture
def older(full: tuple, tmp_path: Path) -> tuple[Place, Path]:
    """A server whose log goes on after its backup, and the backup."""
    place = Place(tmp_path / "older")
    assert place.manage("restore", str(full[2])).returncode == 0
    return place, place.backup()


def test_a_newer_export_lets_the_log_go_on(older: tuple[Place, Path], tmp_path: Path) -> None:
    server, file = older
    server.shell("make_account('later'); print(1)")
    export, again = tmp_path / "export", tmp_path / "again.log"
    assert server.manage("export_log", str(export)).returncode == 0
    place = Place(tmp_path / "again")
    # What is no export leaves the place as empty as it was.
    place.refuses(file, "log_not_continued", "--log", str(file))
    done = place.manage("restore", str(file), "--log", str(export))
    assert done.returncode == 0, done.stderr
    assert "leaves of the export: 2" in done.stdout
    assert "goes on" in done.stdout
    assert "new KEYLOG_KEY, unless you know" in done.stdout
    assert place.manage("verify_log").returncode == 0
    assert place.manage("export_log", str(again)).returncode == 0
    assert again.read_bytes() == export.read_bytes()


CHANGE = """
from django.db import transaction
from keys.key_log import leaf
from keys.log_storage.tables import TABLES
from keys.log_storage.writer import Entering, LogWriter
from keys.models import Account
with transaction.atomic():
    one = Account.objects.order_by("pk").first()
    LogWriter(TABLES).enter([Entering(leaf.ACCOUNT, leaf.account_index(one.uid, one.seq + 1), b"event")])
print(1)
"""


def test_an_export_that_is_older_or_has_a_changed_account_is_refused(older: tuple[Place, Path], tmp_path: Path) -> None:
    server, file = older
    place, export = Place(tmp_path / "again"), tmp_path / "export"
    assert server.manage("export_log", str(export)).returncode == 0
    server.shell(CHANGE)
    place.refuses(server.backup("newer.tar"), "log_not_continued", "--log", str(export))
    assert server.manage("export_log", str(export)).returncode == 0
    # Nothing could ever take the place of that event again.
    place.refuses(file, "log_not_continued", "--log", str(export))


class _Cut(io.RawIOBase):
    """What is as long as somebody says, until it is read."""

    def readinto(self, _buffer: object) -> int:
        raise EOFError


def test_a_database_of_many_gigabytes_has_its_size_in_one_block() -> None:
    written, size = io.BytesIO(), 9 * 2**30
    with pytest.raises(EOFError):
        Writer(written).add("database.sqlite3", size, _Cut())
    head = tarfile.TarInfo.frombuf(written.getvalue(), "utf-8", "strict")
    assert (head.name, head.size) == ("database.sqlite3", size)


def test_a_backup_that_can_not_be_written_leaves_the_one_of_before(full: tuple, tmp_path: Path) -> None:
    place = full[0]
    done = place.manage("backup", str(tmp_path / "no folder" / "backup.tar"))
    assert done.returncode == 1
    assert "CommandError: not_written: " in done.stderr


def test_parts_that_are_missing_and_were_not_deleted_make_no_backup(tmp_path: Path) -> None:
    place = Place(tmp_path / "share")
    place.shell(FILL)
    (place.folder / "attachments").rename(place.folder / "not mounted")
    done = place.manage("backup", str(place.folder / "backup.tar"))
    assert done.returncode == 1
    assert "CommandError: not_written: parts of attachment 00000000 are missing" in done.stderr
    # Where all of them are gone it is no loss: the share is not there.
    done = place.manage("backup", str(place.folder / "backup.tar"), "--without-missing")
    assert done.returncode == 1
    assert "CommandError: not_written: no part of any attachment is there" in done.stderr
    assert {path.name for path in place.folder.iterdir()} & {"backup.tar", "last_backup"} == set()


def test_attachments_that_are_lost_for_good_are_left_out_when_asked_for_and_told_twice(tmp_path: Path) -> None:
    place = Place(tmp_path / "lossy")
    found, parts = place.shell(FILL)
    # The first part of one, the last part of another.
    lost = ["00" * 16 + "/0", "02" * 16 + "/1"]
    for name in lost:
        (place.folder / "attachments" / name[:2] / name).unlink()
    assert "attachment 00000000 are missing" in place.manage("backup", str(place.folder / "backup.tar")).stderr
    done = place.manage("backup", str(place.folder / "backup.tar"), "--without-missing")
    assert done.returncode == 0, done.stderr
    assert "lost before, and not in it: 2 attachments: 00000000, 02020202" in done.stdout
    there = Place(tmp_path / "there")
    done = there.manage("restore", str(place.folder / "backup.tar"))
    assert done.returncode == 0, done.stderr
    assert "lost before the backup was made, and not put back: 2 attachments: 00000000, 02020202" in done.stdout
    rows, there_parts = there.shell(READ)
    assert [row[0] for row in rows["messaging.Attachment"]] == ["01" * 16, "03" * 16]
    # What was left of them goes with the next turn of the jobs.
    assert rows["messaging.AttachmentRemains"] == [["00" * 16, "3"], ["02" * 16, "3"]]
    there.manage("delete_expired_attachments")
    kept = {name: digest for name, digest in parts.items() if name[:2] in ("01", "03")}
    assert there.shell(READ)[1] == kept
    assert there_parts.items() >= kept.items()
    assert len(found["messaging.Attachment"]) == 4


def test_a_backup_of_a_database_that_this_release_does_not_know_is_refused(
    full: tuple, tmp_path: Path, database_url: str
) -> None:
    newer = Place(tmp_path / "newer", database_url)
    assert newer.manage("restore", str(full[2])).returncode == 0
    with psycopg.connect(database_url) as connection:
        connection.execute("INSERT INTO django_migrations (app, name, applied) VALUES ('keys', '9999_later', now())")
    done = newer.manage("backup", str(tmp_path / "backup.tar"))
    assert done.returncode == 1
    assert "CommandError: not_written: " in done.stderr


def test_a_backup_of_a_later_release_is_refused_before_anything_is_written(tmp_path: Path) -> None:
    later = Place(tmp_path / "later")
    later.shell(FILL)
    with closing(sqlite3.connect(later.folder / "talk2me.sqlite3")) as database, database:
        database.execute("INSERT INTO django_migrations (app, name, applied) VALUES ('keys', '9999_later', 0)")
    file = later.backup()
    place = Place(tmp_path / "empty")
    place.refuses(file, "backup_newer")
    assert not (place.folder / "attachments").exists()


@pytest.mark.parametrize(
    ("error", "said"),
    [
        ("__import__('sqlite3').OperationalError('database or disk is full')", "(OperationalError)"),
        ("__import__('subprocess').CalledProcessError(1, 'migrate')", "(CalledProcessError)"),
    ],
)
def test_a_disk_that_is_full_and_a_migration_that_fails_are_told_by_their_codes(
    full: tuple, tmp_path: Path, error: str, said: str
) -> None:
    place = Place(tmp_path / "empty")
    told = place.shell(f"""
from talk2me.backup import BackupError, back_up, restore, snapshot
def fail(file):
    raise {error}
snapshot.take_snapshot = snapshot.migrate = fail
said, file = [], Path({str(full[2])!r})
for work in (lambda: back_up(file.with_name("no.tar"), with_keys=False), lambda: restore(file)):
    try:
        work()
    except BackupError as error:
        said.append(str(error))
print(json.dumps(said))
""")
    assert told == [
        f"not_written: the backup could not be written {said}",
        f"not_restored: it could not be put back {said}",
    ]
    assert [path.name for path in place.folder.iterdir() if path.name.startswith(".")] == []


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
@pytest.mark.parametrize("command", ["backup", "restore"])
def test_one_that_is_stopped_leaves_nothing_behind(full: tuple, tmp_path: Path, command: str, number: int) -> None:
    place = Place(tmp_path / "stopped")
    file = place.folder / "new.tar" if command == "backup" else full[2]
    script = f"""
import signal, time
from talk2me.backup import snapshot
# Whoever runs the tests may ignore it, and would hand that on.
signal.signal(signal.SIGHUP, signal.SIG_DFL)
def wait(file):
    print("begun", flush=True)
    time.sleep(60)
snapshot.take_snapshot = snapshot.migrate = wait
call_command("{command}", "{file}")
"""
    work = subprocess.Popen(
        [sys.executable, "manage.py", "shell", "--no-imports", "-c", COMMON + script],
        cwd=ROOT, env=place.environment, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert work.stdout.readline() == "begun\n"
    assert [path for path in place.folder.iterdir() if path.name.startswith(f".{command}-")]
    work.send_signal(number)
    assert work.wait(30) == 128 + number
    assert [path.name for path in place.folder.iterdir() if path.name.startswith(".") or path.suffix == ".tar"] == []
