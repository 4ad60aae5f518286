"""A server that began on SQLite goes on with PostgreSQL."""

import json
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
COUNT = """
import json
from django.apps import apps
from django.core.management import CommandError, call_command
from tests.factories import make_account
call_command("migrate", verbosity=0)
def counts():
    return {model._meta.label: model._base_manager.count() for model in apps.get_models(include_auto_created=True)}
"""
FILL = """
import os
from django.contrib.auth.models import User
from messaging.models import Envelope, Mailbox, MailboxKind
operator = User.objects.create_superuser("operator", password="long enough")
devices = [make_account().device for _ in range(3)]
mailbox = Mailbox.objects.create(id=bytes(range(16)), kind=MailboxKind.CONVERSATION, minute=0, head=250)
Envelope.objects.bulk_create(
    Envelope(mailbox=mailbox, sequence=number, id=number.to_bytes(16, "big"), kind=1, slot=1, minute=0,
             body=bytes([number % 256]) * 100 if number % 2 else None, hash=bytes(32))
    for number in range(1, 251)
)
print(json.dumps(counts()))
"""
COPY = """
import sys
from messaging.models import Envelope
call_command("copy_from_sqlite", os.environ["SOURCE"], verbosity=0, stdout=sys.stderr)
after = counts()
bodies = [None if row.body is None else row.body[0] for row in Envelope.objects.order_by("sequence")]
make_account("later")
try:
    call_command("copy_from_sqlite", os.environ["SOURCE"])
except CommandError as error:
    refusal = str(error)
print(json.dumps([after, bodies, refusal]))
"""


def run(script: str, data: Path, **environment: str) -> object:
    """Run a script in a shell of Django; return what its last line says."""
    done = subprocess.run(
        [sys.executable, "manage.py", "shell", "--no-imports", "-c", "import os\n" + COUNT + script],
        cwd=ROOT,
        env=os.environ | {"DATA_DIR": str(data), "DJANGO_SETTINGS_MODULE": "talk2me.settings"} | environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.strip().splitlines()[-1])


def test_everything_is_copied_once_and_new_rows_follow(tmp_path: Path, database_url: str) -> None:
    file = tmp_path / "talk2me.sqlite3"
    before = run(FILL, tmp_path, DATABASE_URL=f"sqlite:///{file}")
    assert (before["keys.Device"], before["messaging.Envelope"], before["auth.User"]) == (3, 250, 1)
    after, bodies, refusal = run(COPY, tmp_path, DATABASE_URL=database_url, SOURCE=str(file))
    assert after == before
    assert bodies == [number % 256 if number % 2 else None for number in range(1, 251)]
    assert "in use" in refusal
