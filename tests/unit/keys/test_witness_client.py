"""Whatever a witness does, asking it ends in time and holds little; on real sockets."""

import socket
import ssl
import threading
import time
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from keys import witness_client
from keys.witness_client import MOST_ANSWER_BYTES, Reply, post


@contextmanager
def answering(*pieces, pause=0.0, tls=None):
    """A server for requests that answers with these bytes, pausing after each; gives its address and what it got."""
    got = []
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def serve():
            try:
                while True:
                    talk(listening.accept()[0])
            except OSError:
                pass  # nobody listens any more

        def talk(connected):
            connected.settimeout(20)
            try:
                connected = tls.wrap_socket(connected, server_side=True) if tls else connected
            except OSError:
                got.append(b"no TLS")
                return
            with connected:
                got.append(connected.recv(65536))
                while not got[-1].endswith(b"the end"):
                    got[-1] += connected.recv(65536)
                try:
                    for piece in pieces:
                        connected.sendall(piece)
                        time.sleep(pause)
                except OSError:
                    got.append(b"cut off")

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield f"http{'s' if tls else ''}://127.0.0.1:{listening.getsockname()[1]}/some/prefix/add-checkpoint", got
        listening.shutdown(socket.SHUT_RDWR)
        thread.join(20)


def answer(status, body, *headers):
    lines = [f"HTTP/1.1 {status} Whatever", f"Content-Length: {len(body)}", *headers]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def test_it_posts_and_gives_what_comes():
    with answering(answer(409, b"12\n")) as (url, got):
        assert post(url, b"old 0 and the end") == Reply(409, b"12\n")
    assert got[0].startswith(b"POST /some/prefix/add-checkpoint HTTP/1.1\r\n")
    assert got[0].endswith(b"\r\n\r\nold 0 and the end")


def test_a_redirection_is_not_followed():
    with answering(answer(302, b"", "Location: http://127.0.0.1:1/elsewhere")) as (url, _):
        assert post(url, b"the end").status == 302


def test_an_answer_that_is_as_large_as_it_may_be_is_read():
    body = b"x" * MOST_ANSWER_BYTES
    with answering(answer(200, body)) as (url, _):
        assert post(url, b"the end").body == body


@pytest.mark.parametrize(
    "pieces",
    [
        [answer(200, b"x" * (MOST_ANSWER_BYTES + 1))],
        [answer(200, b"x" * 10)[:-1]],
        [b"HTTP/1.1 200 OK\r\n\r\n", b"x" * (MOST_ANSWER_BYTES + 1)],
        [b"this is no HTTP\r\n\r\n"],
        [b"HTTP/1.1 200 OK\r\nX: " + b"x" * 70_000 + b"\r\n\r\n"],
        [b"HTTP/1.1 200 OK\r\n" + b"X: x\r\n" * 200 + b"\r\n"],
        [],
    ],
    ids=[
        "too large",
        "cut off",
        "too large and of unknown size",
        "no HTTP",
        "a long header",
        "many headers",
        "nothing",
    ],
)
def test_what_is_no_bearable_answer_is_none(pieces):
    with answering(*pieces) as (url, _), pytest.raises(OSError):  # noqa: PT011 - of any kind
        post(url, b"the end")


def test_who_sends_a_byte_now_and_then_is_cut_off(monkeypatch):
    monkeypatch.setattr(witness_client, "WHOLE_SECONDS", 0.5)
    for pieces in ([b"H", b"T", b"T", b"P"] * 50, [answer(200, b"x" * 99)[:-99], *[b"x"] * 98]):
        started = time.monotonic()
        with answering(*pieces, pause=0.1) as (url, got):
            with pytest.raises(OSError):  # noqa: PT011 - of any kind
                post(url, b"the end")
            assert time.monotonic() - started < 5
        assert got[1:] == [b"cut off"]


def test_who_says_nothing_is_not_waited_for(monkeypatch):
    monkeypatch.setattr(witness_client, "STEP_SECONDS", 0.3)
    with answering(pause=1) as (url, _), socket.create_server(("127.0.0.1", 0)) as silent:
        with pytest.raises(TimeoutError):
            post(f"http://127.0.0.1:{silent.getsockname()[1]}/", b"the end")
        with pytest.raises(OSError):  # noqa: PT011 - of any kind
            post(url, b"the end")


def test_nobody_there_is_no_answer():
    with socket.create_server(("127.0.0.1", 0)) as gone:
        port = gone.getsockname()[1]
    for host in ("127.0.0.1", "[::1]"):
        with pytest.raises(OSError):  # noqa: PT011 - of any kind
            post(f"http://{host}:{port}/add-checkpoint", b"the end")


@pytest.fixture
def certificate(tmp_path):
    """A file with a key and a certificate of 127.0.0.1 that nobody has vouched for."""
    key = ec.generate_private_key(ec.SECP256R1())
    name, now = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "tests")]), datetime.now(UTC)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    plain = (serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    (tmp_path / "pem").write_bytes(key.private_bytes(pem, *plain) + made.public_bytes(pem))
    return tmp_path / "pem"


def test_over_tls_a_certificate_has_to_be_good(certificate, monkeypatch):
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate)
    with answering(answer(200, b"x"), tls=context) as (url, got), pytest.raises(ssl.SSLCertVerificationError):
        post(url, b"the end")
    assert got == [b"no TLS"]
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    with answering(answer(200, b"x"), tls=context) as (url, _):
        assert post(url, b"the end") == Reply(200, b"x")
        with pytest.raises(ssl.SSLCertVerificationError):
            post(url.replace("127.0.0.1", "localhost"), b"the end")


def test_over_tls_who_sends_a_byte_now_and_then_is_cut_off(certificate, monkeypatch):
    monkeypatch.setattr(witness_client, "WHOLE_SECONDS", 0.5)
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate)
    started = time.monotonic()
    with answering(*[b"H", b"T", b"T", b"P"] * 50, pause=0.1, tls=context) as (url, _):
        with pytest.raises(OSError):  # noqa: PT011 - of any kind
            post(url, b"the end")
        assert time.monotonic() - started < 5
