"""Each finding of `manage.py doctor`, provoked; the last test holds the table to that."""

# ruff: noqa: SLF001 - what asks the network is exchanged

import datetime as dt
import json
import os
import re
import shutil
import ssl
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import StringIO
from pathlib import Path
from types import SimpleNamespace
from typing import NamedTuple, Self
from urllib.parse import urlsplit

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.test import Client

from messaging.models import Attachment, Envelope, Mailbox, PushSubscription
from talk2me import doctor
from talk2me.doctor import kernel_clock, on_this_machine, through_the_proxy
from talk2me.doctor.findings import REMEDIES
from talk2me.doctor.on_this_machine import look_here
from talk2me.doctor.settings_and_keys import look_at_settings
from talk2me.doctor.through_the_proxy import look_through_proxy
from talk2me.growth import Forecast
from tests.factories import make_account
from tests.oidc_provider import running_provider

ROOT = Path(__file__).resolve().parents[3]
HEX = "0123456789abcdef" * 4


class Usage(NamedTuple):
    total: int
    used: int
    free: int


def codes(found: Iterator[doctor.Finding]) -> set[str]:
    return {one.code for one in found}


# --- settings and keys


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"REGISTRATION": "all"}, "settings_wrong"),
        ({"DEBUG": True}, "debug_on"),
        ({"FRANKING_KEY": "ab" * 32}, "key_weak"),
        ({"ALLOWED_HOSTS": ["*"]}, "hosts_any"),
        ({"ORIGIN": "http://127.0.0.1:8000"}, "origin_here"),
        ({"SECURE_PROXY_SSL_HEADER": None}, "proxy_unnamed"),
        ({"TRUSTED_PROXIES": 0}, "proxies_uncounted"),
        ({"REDIS_URL": "redis://cache.example:6379/0"}, "redis_open"),
        ({"REDIS_URL": "redis+sentinel://127.0.0.1,cache.example/name"}, "redis_open"),
        ({"PUSH_KEY": ""}, "push_off"),
        ({"REGISTRATION_WORK": 0}, "work_off"),
    ],
)
def test_settings_that_are_not_good_are_found(settings, tmp_path: Path, changed: dict, code: str) -> None:
    settings.BASE_DIR, settings.TRUSTED_PROXIES = tmp_path, 1
    settings.ORIGIN, settings.ALLOWED_HOSTS = "https://chat.example", ["chat.example"]
    settings.SECURE_PROXY_SSL_HEADER, settings.PUSH_KEY = ("HTTP_X_FORWARDED_PROTO", "https"), HEX
    settings.REGISTRATION_WORK = 3000
    assert codes(look_at_settings()) == set()
    for name, value in changed.items():
        setattr(settings, name, value)
    # Some are refused altogether as well.
    assert codes(look_at_settings()) - {"settings_wrong"} == {code} - {"settings_wrong"}
    assert code in codes(look_at_settings())


@pytest.mark.parametrize(
    "url", ["redis://127.0.0.1:6379/0", "redis://:secret@cache.example:6379/0", "unix:///run/valkey/socket"]
)
def test_a_redis_of_this_machine_or_with_a_password_is_fine(settings, url: str) -> None:
    settings.REDIS_URL = url
    assert "redis_open" not in codes(look_at_settings())


def test_keys_that_everybody_on_the_machine_can_read_are_found(settings, tmp_path: Path) -> None:
    settings.BASE_DIR = tmp_path
    file = tmp_path / ".env"
    file.touch(0o640)
    assert "env_readable" not in codes(look_at_settings())
    file.chmod(0o644)
    assert "env_readable" in codes(look_at_settings())


# --- this machine


@pytest.fixture
def well(settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, db: None) -> None:
    """A machine on which nothing is wrong."""
    settings.DATA_DIR = tmp_path
    (tmp_path / "last_backup").touch()

    async def nothing(_self: object) -> list[str]:
        return []

    monkeypatch.setattr(on_this_machine.Readiness, "lacking", nothing)
    monkeypatch.setattr(on_this_machine, "is_kept", lambda: True)
    make_account()
    assert codes(look_here()) <= {"journal_not_wal"}


@pytest.mark.parametrize(
    ("lack", "code"),
    [
        ("database", "database_unreachable"),
        ("migrations", "not_migrated"),
        ("channel_layer", "channel_layer_unreachable"),
    ],
)
def test_what_readiness_lacks_is_found(well: None, monkeypatch: pytest.MonkeyPatch, lack: str, code: str) -> None:
    async def lacking(_self: object) -> list[str]:
        return [lack]

    monkeypatch.setattr(on_this_machine.Readiness, "lacking", lacking)
    assert code in codes(look_here())


def test_jobs_that_do_not_run_are_found_by_the_log_and_by_what_is_left(well: None, monkeypatch) -> None:
    mailbox = Mailbox.objects.create(id=bytes(16), kind=2, minute=0)
    row = Envelope.objects.create(
        mailbox=mailbox,
        sequence=1,
        id=bytes(16),
        kind=1,
        slot=0,
        minute=0,
        hash=bytes(32),
        expires=int(time.time()) - 60,
    )
    assert "jobs_silent" not in codes(look_here())
    Envelope.objects.update(expires=row.expires - 2 * 3600)
    assert "jobs_silent" in codes(look_here())
    Envelope.objects.all().delete()
    now = time.time
    monkeypatch.setattr(on_this_machine.time, "time", lambda: now() + 14 * 3600)
    assert "jobs_silent" in codes(look_here())


def test_a_disk_that_has_little_room_is_found(well: None, settings, monkeypatch, tmp_path: Path) -> None:
    gib = 1024**3
    for free, code in ((gib // 2, "disk_full"), (2 * gib, "disk_small")):
        Attachment.objects.get_or_create(id=bytes(16), account=bytes(16), size=5 * gib, part=1024, offset=5 * gib)
        monkeypatch.setattr(shutil, "disk_usage", lambda _path, free=free: Usage(9 * gib, 0, free))
        assert code in codes(look_here())
    settings.DATA_DIR = tmp_path / "there is none"
    assert "data_not_writable" in codes(look_here())


def test_a_file_system_that_has_few_files_left_is_found(well: None, settings, monkeypatch: pytest.MonkeyPatch) -> None:
    real = os.statvfs(settings.DATA_DIR)
    for files, left, is_told in ((1000, 99, True), (1000, 100, False), (0, 0, False)):
        found = {name: getattr(real, name) for name in ("f_bavail", "f_frsize", "f_blocks", "f_bfree")}
        said = SimpleNamespace(**found | {"f_files": files, "f_favail": left})
        monkeypatch.setattr(on_this_machine.os, "statvfs", lambda _path, said=said: said)
        assert ("disk_files" in codes(look_here())) == is_told


def test_a_clock_that_nothing_keeps_is_found(well: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(on_this_machine, "is_kept", lambda: False)
    assert "clock_not_kept" in codes(look_here())


@pytest.mark.parametrize(("answer", "kept"), [(0, True), (5, False), (-1, True)])
def test_the_kernel_is_believed_about_the_clock(monkeypatch: pytest.MonkeyPatch, answer: int, *, kept: bool) -> None:
    assert kernel_clock.is_kept() in (True, False)
    monkeypatch.setattr(kernel_clock.sys, "platform", "linux")
    library = type("Library", (), {"adjtimex": lambda _self, _buffer: answer})
    monkeypatch.setattr(kernel_clock.ctypes, "CDLL", lambda _name: library())
    assert kernel_clock.is_kept() == kept


@pytest.mark.parametrize(("days", "is_told"), [(41.3, True), (61.0, False), (None, False), (float("inf"), False)])
def test_a_disk_that_is_full_soon_is_found(well: None, monkeypatch, days: float | None, *, is_told: bool) -> None:
    monkeypatch.setattr(on_this_machine, "forecast", lambda: Forecast(0, [], 14, days))
    told = [one.sentence for one in look_here() if one.code == "disk_forecast"]
    assert told == (["At the rate of the last 14 days DATA_DIR is full in 41 days."] if is_told else [])


def test_backups_that_are_old_or_were_never_made_are_found(well: None, settings) -> None:
    mark = settings.DATA_DIR / "last_backup"
    os.utime(mark, (time.time() - 8 * 86400,) * 2)
    assert "backup_old" in codes(look_here())
    mark.unlink()
    assert "backup_unknown" in codes(look_here())


def test_a_storage_and_a_push_service_that_can_not_be_reached_are_found(well: None, settings, monkeypatch) -> None:
    class Gone:
        def exists(self, _name: str) -> bool:
            raise TimeoutError

    monkeypatch.setattr(on_this_machine, "storages", {"attachments": Gone()})
    assert "attachments_unreachable" in codes(look_here())
    settings.PUSH_KEY = HEX
    PushSubscription.objects.create(device=bytes(16), endpoint="https://push.invalid/1")
    found = [one for one in look_here() if one.code == "push_unreachable"]
    assert [one.sentence for one in found] == ["The push service push.invalid can't be reached from this machine."]


def test_a_provider_that_gives_no_good_answer_is_found(well: None, settings) -> None:
    settings.REGISTRATION, settings.OIDC_CLIENT_ID = "invite", "talk2me"
    with running_provider() as provider:
        settings.OIDC_ISSUER = provider.issuer
        assert "gate_unreachable" not in codes(look_here())
        provider.said = {"issuer": "https://other.example"}
        assert "gate_unreachable" in codes(look_here())


def test_a_journal_that_keeps_others_waiting_is_found(well: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA journal_mode")
        mode = cursor.fetchone()[0]
    assert ("journal_not_wal" in codes(look_here())) == (mode != "wal")


def test_a_postgresql_that_forgets_or_has_another_clock_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    class Cursor:
        def __enter__(self) -> Self:
            return self

        def __exit__(self, *_error: object) -> None:
            pass

        def execute(self, statement: str, parameters: list[str] | None = None) -> None:
            off = parameters == ["fsync"] or "autovacuum" in statement
            self.answer = [time.time() - 60 if "clock" in statement else "off" if off else "on"]
            if "max_connections" in statement:
                self.answer = [81, 100]

        def fetchone(self) -> list:
            return self.answer

    fake = type("Connection", (), {"vendor": "postgresql", "cursor": Cursor})
    monkeypatch.setattr(on_this_machine, "connection", fake)
    assert [one.code for one in on_this_machine._database()] == [
        "not_durable", "autovacuum_off", "connections_few", "clock_of_database",
    ]  # fmt: skip


# --- through the proxy


class Proxy(ThreadingHTTPServer):
    """Answers as this server does, but for what a test changes; WebSockets it does not know."""

    changed: dict[str, str | None]
    twice: tuple[str, ...]
    body: bytes | None
    said: dict
    # Headers and bytes of scripts alone, and how large a body may be.
    of_scripts: dict[str, str | None]
    script: bytes | None
    most: int

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Answer)
        self.changed, self.twice, self.body, self.said = {}, (), None, {}
        self.of_scripts, self.script, self.most = {}, None, 2**21
        threading.Thread(target=self.serve_forever, daemon=True).start()


class Answer(BaseHTTPRequestHandler):
    server: Proxy

    def do_GET(self) -> None:
        real = Client(HTTP_HOST=f"127.0.0.1:{self.server.server_port}").get(self.path)
        body = real.content if self.server.body is None else self.server.body
        if self.path == "/api/server" and self.server.said and self.server.body is None:
            body = json.dumps(real.json() | self.server.said).encode()
        headers = {name.lower(): value for name, value in real.headers.items()} | {"date": self.date_time_string()}
        status = real.status_code
        if self.path.startswith(settings.STATIC_URL):
            # As the web server in front does: Django itself serves none of these here.
            status, body = 200, (settings.PAGE_DIR / self.path.removeprefix(settings.STATIC_URL)).read_bytes()
            body = body if self.server.script is None else self.server.script
            headers |= self.server.of_scripts
        else:
            headers |= self.server.changed
        self._answer(status, headers, body)

    def do_PUT(self) -> None:
        length = int(self.headers["content-length"])
        self.rfile.read(length)
        if length > self.server.most:
            self._answer(413, {}, b"<html>413 Request Entity Too Large</html>")
        else:
            self._answer(401, {}, b'{"error": "unauthenticated"}')

    def _answer(self, status: int, headers: dict, body: bytes) -> None:
        self.send_response_only(status)
        for name, value in headers.items():
            for _ in range(2 if name in self.server.twice else 1):
                if value is not None and name != "content-length":
                    self.send_header(name, value)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_words: object) -> None:
        pass


@pytest.fixture
def proxy(settings) -> Iterator[Proxy]:
    server = Proxy()
    settings.ORIGIN = f"http://127.0.0.1:{server.server_port}"
    yield server
    server.shutdown()
    server.server_close()


def seen(proxy: Proxy) -> set[str]:
    # It passes no WebSocket on.
    found = codes(look_through_proxy(f"http://127.0.0.1:{proxy.server_port}"))
    assert "socket_refused" in found or "not_talk2me" in found
    return found - {"socket_refused"}


def test_what_is_as_it_was_sent_gives_no_finding(proxy: Proxy) -> None:
    assert seen(proxy) == set()


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"changed": {"content-security-policy": "default-src *"}}, "headers_changed"),
        ({"changed": {"permissions-policy": None}}, "headers_changed"),
        ({"twice": ("referrer-policy",)}, "headers_changed"),
        ({"changed": {"age": "7"}}, "answers_cached"),
        ({"changed": {"x-cache": "HIT from proxy"}}, "answers_cached"),
        ({"changed": {"date": "Mon, 01 Jan 2024 00:00:00 GMT"}}, "clock_off"),
        ({"said": {"origin": "https://other.example"}}, "other_origin"),
        ({"said": {"version": "0.0.1"}}, "other_release"),
        ({"said": {"key_log": "another"}}, "other_key_log"),
        ({"body": b"<html>welcome to nginx</html>"}, "not_talk2me"),
        ({"of_scripts": {"x-content-type-options": None}}, "headers_changed"),
        ({"script": b"// another release"}, "files_changed"),
        ({"most": 2**19}, "bodies_refused"),
    ],
)
def test_what_a_proxy_changes_is_found(proxy: Proxy, changed: dict, code: str) -> None:
    for name, value in changed.items():
        setattr(proxy, name, value)
    assert seen(proxy) == {code}


def test_a_page_whose_bytes_are_rewritten_is_found(proxy: Proxy, monkeypatch: pytest.MonkeyPatch) -> None:
    get = through_the_proxy._get

    def rewritten(url: str, path: str, *more: object) -> tuple:
        answer, body = get(url, path, *more)
        return answer, body.replace(b"</body>", b"<!-- --></body>")

    monkeypatch.setattr(through_the_proxy, "_get", rewritten)
    assert seen(proxy) == {"page_changed"}


def test_a_page_that_is_answered_without_tls_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    class Said:
        status, to = 301, "https://chat.example/"

        def getheader(self, _name: str) -> str | None:
            return self.to

    def plain(url: str) -> set[str]:
        return codes(through_the_proxy._plain(urlsplit(url)))

    monkeypatch.setattr(through_the_proxy, "_get", lambda _url, _path: (Said(), b""))
    assert plain("https://chat.example") == set()
    Said.status, Said.to = 200, None
    assert plain("https://chat.example") == {"plain_http"}
    # Another port than the usual one has no other beside it.
    assert plain("https://chat.example:8443") == plain("http://chat.example") == set()


def test_metrics_that_strangers_reach_are_found(proxy: Proxy, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(through_the_proxy, "is_this_machine", lambda _host: False)
    assert seen(proxy) == set()
    real = through_the_proxy._get
    monkeypatch.setattr(
        through_the_proxy, "_get", lambda url, path, *more: real(url, "/" if path == "/metrics" else path, *more)
    )
    assert seen(proxy) == {"metrics_passed_on"}


def test_an_address_that_is_none_or_does_not_answer_is_found(proxy: Proxy) -> None:
    assert codes(look_through_proxy("chat.example")) == {"url_wrong"}
    assert codes(look_through_proxy("https://chat.example/chat")) == {"url_wrong"}
    assert codes(look_through_proxy("https://chat.example:abc")) == {"url_wrong"}
    assert codes(look_through_proxy("https://[x")) == {"url_wrong"}
    proxy.server_close()
    proxy.shutdown()
    assert codes(look_through_proxy(f"http://127.0.0.1:{proxy.server_port}")) == {"url_unreachable"}


def certificate(folder: Path, days: int) -> Path:
    """Write a certificate of localhost, signed by itself, with its key."""
    key, now = ec.generate_private_key(ec.SECP256R1()), dt.datetime.now(dt.UTC)
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    made = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
        .serial_number(1).not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=days))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    file = folder / "both.pem"
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    file.write_bytes(private + made.public_bytes(serialization.Encoding.PEM))
    return file


def test_a_certificate_that_is_refused_or_ends_soon_is_found(
    proxy: Proxy, settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = certificate(tmp_path, days=3)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    proxy.socket = context.wrap_socket(proxy.socket, server_side=True)
    url = settings.ORIGIN = f"https://localhost:{proxy.server_port}"
    assert codes(look_through_proxy(url)) == {"tls_invalid"}
    monkeypatch.setenv("SSL_CERT_FILE", str(file))
    assert "tls_ends" in codes(look_through_proxy(url))


# --- the command


def run(*words: str) -> tuple[str, int]:
    out = StringIO()
    with pytest.raises(SystemExit) as ended:
        call_command("doctor", *words, stdout=out)
    return out.getvalue(), ended.value.code


def test_it_says_the_worst_first_and_how_bad_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    found = [
        doctor.Finding("push_off", "None."),
        doctor.Finding("disk_full", "Full."),
        doctor.Finding("hosts_any", "All."),
    ]
    command = "talk2me.management.commands.doctor.examine"
    for count, code in ((3, 2), (1, 0), (0, 0)):
        monkeypatch.setattr(command, lambda _url, count=count: iter(found[:count]))
        said, ended = run()
        assert ended == code
    assert said == "nothing was found\n"
    monkeypatch.setattr(command, lambda _url: iter(found))
    assert re.findall(r"^(\w+) (\w+): ", run()[0], re.MULTILINE) == [
        ("error", "disk_full"), ("warning", "hosts_any"), ("note", "push_off"),
    ]  # fmt: skip
    said, _ = run("--json")
    assert json.loads(said)[0] == {
        "level": "error", "code": "disk_full", "sentence": "Full.", "remedy": REMEDIES["disk_full"][1],
    }  # fmt: skip
    monkeypatch.setattr(command, lambda _url: iter(found[2:]))
    assert run()[1] == 1


def test_every_finding_is_provoked_here_and_told_with_one_remedy() -> None:
    here = Path(__file__).read_text()
    assert {code for code in REMEDIES if f'"{code}"' not in here} == set()
    assert all(remedy.endswith(".") for _, remedy in REMEDIES.values())
    operations = (ROOT / "docs/operations.md").read_text()
    assert "manage.py doctor" in operations
