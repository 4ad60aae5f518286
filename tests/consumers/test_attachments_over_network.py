"""Attachments on the servers that people run: long answers hold no memory, and one that breaks off is not whole."""
# ruff: noqa: F811 - fixtures of another file

import http.client
import json
import os
import socket

import pytest

from keys import base64url
from tests.consumers.test_bounds import MIB, server_memory
from tests.consumers.test_real_server import people, server  # noqa: F401 - fixtures

PARTS = 48


class Sender:
    """One signed-in device over HTTP."""

    def __init__(self, server, person) -> None:
        self.port, self.token = server.port, base64url.encode(bytes.fromhex(person[2]))

    def call(self, method, path, body=None, content_type="application/json"):
        wire = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        headers = {"Authorization": f"Bearer {self.token}", "Content-Type": content_type}
        wire.request(method, f"/api/{path}", body, headers)
        answer = wire.getresponse()
        content = answer.read()
        wire.close()
        return answer.status, content

    def send(self, body: bytes) -> str:
        id_ = base64url.encode(os.urandom(16))
        status, content = self.call("POST", "attachments", json.dumps({"id": id_, "size": len(body)}))
        assert status == 201
        part = json.loads(content)["part"]
        for offset in range(0, len(body), part):
            path = f"attachments/{id_}?offset={offset}"
            status, content = self.call("PUT", path, body[offset : offset + part], "application/octet-stream")
            assert status == 200, content
        return id_

    def ask(self, id_: str) -> socket.socket:
        """A connection on which the answer comes, of which nothing has been read."""
        wire = socket.create_connection(("127.0.0.1", self.port), timeout=30)
        head = f"GET /api/attachments/{id_} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {self.token}\r\n\r\n"
        wire.sendall(head.encode())
        return wire


@pytest.fixture
def sender(server, people) -> Sender:
    return Sender(server, people[0])


def read_head(wire) -> tuple[int, bytes]:
    """The length that an answer says it has, and what has come of it."""
    got = b""
    while b"\r\n\r\n" not in got:
        piece = wire.recv(4096)
        assert piece
        got += piece
    head, _, rest = got.partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 200 ")
    length = next(line for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:"))
    return int(length.partition(b":")[2]), rest


def read_rest(wire, length: int, got: bytes) -> bytes:
    """What still comes, up to the length or the end of the connection."""
    pieces, size = [got], len(got)
    while size < length:
        try:
            piece = wire.recv(MIB)
        except ConnectionResetError:
            break
        if not piece:
            break
        pieces.append(piece)
        size += len(piece)
    return b"".join(pieces)


def test_who_asks_for_a_large_one_and_does_not_read_fills_no_memory_and_gets_all_of_it(server, sender):
    body = os.urandom(PARTS * MIB)
    id_ = sender.send(body)
    before = server_memory(server)
    wires = [sender.ask(id_) for _ in range(4)]
    heads = [read_head(wire) for wire in wires]
    # Other requests are answered meanwhile.
    for _ in range(20):
        assert sender.call("GET", f"attachments/{id_}/state")[0] == 200
    assert server_memory(server) - before < 40
    for wire, (length, got) in zip(wires, heads, strict=True):
        assert length == len(body)
        assert read_rest(wire, length, got) == body
        wire.close()


def test_one_that_goes_while_it_is_read_ends_the_connection(server, sender):
    id_ = sender.send(bytes(PARTS * MIB))
    wire = sender.ask(id_)
    length, got = read_head(wire)
    assert sender.call("DELETE", f"attachments/{id_}") == (200, b"{}")
    server.manage("delete_expired_attachments")
    assert len(read_rest(wire, length, got)) < length
    wire.close()
    assert sender.call("GET", f"attachments/{id_}")[0] == 404
    raw = base64url.decode(id_).hex()
    assert id_ not in server.log.read_text()
    assert raw not in server.log.read_text()


def test_a_part_that_comes_slowly_holds_nobody_up(server, sender):
    id_ = base64url.encode(os.urandom(16))
    assert sender.call("POST", "attachments", json.dumps({"id": id_, "size": 100}))[0] == 201
    slow = socket.create_connection(("127.0.0.1", server.port), timeout=30)
    slow.sendall(f"PUT /api/attachments/{id_}?offset=0 HTTP/1.1\r\nHost: 127.0.0.1\r\n".encode())
    slow.sendall(f"Authorization: Bearer {sender.token}\r\n".encode())
    slow.sendall(b"Content-Type: application/octet-stream\r\nContent-Length: 100\r\n\r\n" + bytes(99))
    # The row is not locked for a body that has not come.
    path = f"attachments/{id_}?offset=0"
    assert sender.call("PUT", path, b"1" * 100, "application/octet-stream")[0] == 200
    slow.sendall(b"\0")
    assert slow.recv(1000).startswith(b"HTTP/1.1 409 ")
    slow.close()
    assert sender.call("GET", f"attachments/{id_}") == (200, b"1" * 100)


def test_a_part_over_every_limit_is_refused(sender):
    id_ = base64url.encode(os.urandom(16))
    assert sender.call("POST", "attachments", json.dumps({"id": id_, "size": 4 * MIB}))[0] == 201
    with socket.create_connection(("127.0.0.1", sender.port), timeout=10) as wire:
        wire.sendall(f"PUT /api/attachments/{id_}?offset=0 HTTP/1.1\r\nHost: 127.0.0.1\r\n".encode())
        wire.sendall(b"Content-Type: application/octet-stream\r\nContent-Length: 3000000\r\n\r\n")
        assert wire.recv(1000).startswith(b"HTTP/1.1 413 ")
