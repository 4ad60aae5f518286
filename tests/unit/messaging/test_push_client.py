"""One push: what it carries, whom it trusts, and how its outcome is read; on real sockets."""

import base64
import json
import socket
import ssl
import time
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from py_vapid import Vapid02

from keys import base64url
from keys.services import push_key_of_server
from messaging import push_client, push_endpoint
from messaging.push_client import push
from tests.push_service import push_service


@pytest.fixture(autouse=True)
def _with_a_key(settings):
    settings.PUSH_KEY = "tests only, tests only, tests only, 4"
    push_client._tls.cache_clear()  # noqa: SLF001 - certificates differ from test to test
    yield
    push_client._tls.cache_clear()  # noqa: SLF001


@pytest.fixture
def service(settings):
    with push_service() as running:
        settings.PUSH_TEST_ENDPOINTS = [running.origin]
        yield running


def claims(token):
    part = token.split(".")[1]
    return json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))


def test_a_push_has_no_content_and_says_by_a_signature_who_sends_it(service):
    assert push(f"{service.origin}/send/abc?x=1") == "sent"
    (told,) = service.told
    assert (told.path, told.body) == ("/send/abc?x=1", b"")
    assert (told.headers["TTL"], told.headers["Urgency"], told.headers["Topic"]) == ("259200", "high", "new")
    assert Vapid02.verify(told.headers["Authorization"])
    fields = dict(part.split("=", 1) for part in told.headers["Authorization"].removeprefix("vapid ").split(","))
    assert base64url.decode(fields["k"]) == push_key_of_server()
    said = claims(fields["t"])
    assert said["aud"] == service.origin
    assert said["sub"] == "https://127.0.0.1"
    assert time.time() < said["exp"] <= time.time() + 24 * 3600
    assert set(told.headers) == {
        "Host",
        "Accept-Encoding",
        "Authorization",
        "TTL",
        "Urgency",
        "Topic",
        "Content-Length",
    }


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        (200, "sent"),
        (201, "sent"),
        (404, "gone"),
        (410, "gone"),
        (301, "failed"),
        (307, "failed"),
        (429, "failed"),
        (500, "failed"),
    ],
)
def test_what_the_answer_means(service, status, outcome):
    service.status = status
    assert push(f"{service.origin}/send") == outcome
    # No redirection is followed.
    assert service.paths == ["/send"]


def test_nobody_listening_or_no_push_service_at_all_is_a_failure(settings):
    with push_service() as running:
        settings.PUSH_TEST_ENDPOINTS = [running.origin]
    assert push(f"{running.origin}/send") == "failed"
    assert push("http://example.org/send") == "failed"
    # A name that no resolver is even asked for.
    settings.PUSH_TEST_ENDPOINTS = [f"http://{'a' * 64}.example.org"]
    assert push(f"http://{'a' * 64}.example.org/send") == "failed"


def test_an_answer_that_is_no_http_is_a_failure_and_one_that_never_ends_is_cut_off(settings, monkeypatch):
    monkeypatch.setattr(push_client, "WHOLE_SECONDS", 0.3)
    with socket.create_server(("127.0.0.1", 0)) as listening:
        origin = f"http://127.0.0.1:{listening.getsockname()[1]}"
        settings.PUSH_TEST_ENDPOINTS = [origin]
        # Accepted by the system, answered by nobody.
        assert push(f"{origin}/send") == "failed"


@pytest.fixture
def certificate(tmp_path):
    key = ec.generate_private_key(ec.SECP256R1())
    name, now = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "tests")]), datetime.now(UTC)
    names = [x509.IPAddress(ip_address("127.0.0.1")), x509.DNSName("push.example.org")]
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    plain = (serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    (tmp_path / "pem").write_bytes(key.private_bytes(pem, *plain) + made.public_bytes(pem))
    return tmp_path / "pem"


@pytest.fixture
def tls_service(certificate):
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate)
    with push_service(context) as running:
        yield running


def test_over_tls_a_certificate_has_to_be_good(tls_service, certificate, monkeypatch, settings):
    settings.PUSH_TEST_ENDPOINTS = [tls_service.origin]
    assert push(f"{tls_service.origin}/send") == "failed"
    push_client._tls.cache_clear()  # noqa: SLF001
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    assert push(f"{tls_service.origin}/send") == "sent"
    assert tls_service.paths == ["/send"]


def test_it_connects_to_the_address_that_was_checked_and_asks_for_the_name(tls_service, certificate, monkeypatch):
    asked = []

    def resolve(host, port, *_numbers, **_options):
        asked.append((host, port))
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", port))]

    there = int(tls_service.origin.rpartition(":")[2])
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    monkeypatch.setattr(push_endpoint, "HTTPS", there)
    monkeypatch.setattr(push_endpoint, "is_public", lambda _address: True)
    monkeypatch.setattr(push_endpoint.socket, "getaddrinfo", resolve)
    assert push("https://push.example.org/send") == "sent"
    assert tls_service.told[0].headers["Host"] == "push.example.org"
    # Once for the name; what connects asks for the address only.
    assert [host for host, _ in asked] == ["push.example.org", "127.0.0.1"]
