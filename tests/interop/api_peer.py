"""A person without our browser code: accounts, sign-in and mailboxes spoken from Python, straight from docs/.

MLS comes from an independent implementation (mls_peer.py); what stands inside its messages is written here again.
"""

import hashlib
import hmac
import json
import math
import os
import time
import urllib.request
from itertools import count
from typing import Any

import msgspec
from websockets.sync.client import connect

from keys import base64url, labels
from tests.factories import FakeAccount, FakeDevice, as_event, sign_event

encode = msgspec.msgpack.encode
decode = msgspec.msgpack.decode


def padme(length: int) -> int:
    """The size to which PADME rounds a length up (Nikitin et al., 2019)."""
    if length < 2:
        return length
    exponent = length.bit_length() - 1
    low_bits = exponent - (math.floor(math.log2(exponent)) + 1)
    mask = (1 << low_bits) - 1
    return (length + mask) & ~mask


def put_content(kind: str, body: dict, mailbox: bytes, seen: tuple[int, bytes], chain: tuple[int, bytes]) -> tuple:
    """(plaintext for MLS, franking commitment) of docs/protocol.md 8."""
    content = encode(
        {
            "v": 1,
            "type": kind,
            "id": os.urandom(16),
            "time": time.time_ns() // 1_000_000,
            "seen": {"sequence": seen[0], "transcript": seen[1]},
            "chain": {"seq": chain[0], "hash": chain[1]},
            "checkpoint": None,
            "body": body,
        }
    )
    opening = os.urandom(32)
    inner = opening + content
    plain = len(inner).to_bytes(4, "big") + inner
    plain += bytes(max(512, padme(len(plain))) - len(plain))
    return plain, hmac.digest(opening, labels.label("franking") + mailbox + content, "sha256")


def take_content(plain: bytes) -> dict[str, Any]:
    """The content inside a plaintext."""
    length = int.from_bytes(plain[:4], "big")
    assert not any(plain[4 + length :])
    return decode(plain[4 + 32 : 4 + length])


class Transcript:
    """docs/protocol.md 9."""

    def __init__(self, confirmed_transcript_hash: bytes, sequence: int) -> None:
        self.sequence = sequence
        self.value = hashlib.sha256(labels.label("transcript") + confirmed_transcript_hash).digest()

    def add(self, envelope: dict[str, Any]) -> None:
        """Take in the next stored envelope that is no accepted commit."""
        kind = {"application": 1, "commit": 2, "proposal": 3}[envelope["kind"]]
        self.sequence = envelope["sequence"]
        body_hash = hashlib.sha256(envelope["body"]).digest()
        after = self.sequence.to_bytes(8, "big") + envelope["id"] + bytes([kind]) + body_hash
        self.value = hashlib.sha256(self.value + after).digest()


class ApiPeer:
    """One account with one device, over the real HTTP API and the real socket of the server at `origin`.

    `worker` is the address of one of its workers, where it is not the origin itself that is spoken to.
    """

    def __init__(self, origin: str, username: str, device: FakeDevice, worker: str | None = None) -> None:
        self.origin = origin
        self.worker = worker or origin
        self.account = FakeAccount(username, account_id=device.account_id, devices=[device])
        self.device = device
        self.token = ""
        self.refs = count(1)
        self.socket: Any = None

    def call(self, method: str, path: str, body: dict | None = None) -> dict:
        """One request; the JSON answer."""
        headers = {"Content-Type": "application/json"} | (
            {"Authorization": f"Bearer {self.token}"} if self.token else {}
        )
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(f"{self.worker}/api/{path}", data, headers, method=method)
        with urllib.request.urlopen(request, timeout=60) as answer:
            return json.loads(answer.read())

    def sign_up(self) -> None:
        """Create the account."""
        event = as_event(self.account.fields("create", self.account.create_body(self.device)))
        made = sign_event(event, self.account, self.device, origin=self.origin)
        signatures = {name: base64url.encode(getattr(made, name)) for name in ("identity", "sign_in", "mls")}
        self.call("POST", "accounts", {"event": base64url.encode(event), "signatures": signatures})
        self.account.stored(event)

    def sign_in(self) -> None:
        """Get a bearer token and open the socket with it."""
        ids = {"account": base64url.encode(self.device.account_id), "device": base64url.encode(self.device.device_id)}
        nonce = self.call("POST", "sign_in/challenge", ids)["nonce"]
        challenge = labels.signed_challenge(
            self.origin, self.device.account_id, self.device.device_id, base64url.decode(nonce)
        )
        signature = base64url.encode(self.device.sign_in_key.sign(challenge))
        self.token = self.call("POST", "sign_in", ids | {"nonce": nonce, "signature": signature})["token"]
        self.socket = connect(self.worker.replace("http", "ws", 1) + "/ws", origin=self.origin, max_size=2**22)
        self.hello = self.ask("hello", version=1, token=base64url.decode(self.token))

    def publish(self, suite: int, key_packages: list[bytes]) -> None:
        """Publish key packages."""
        self.call(
            "POST", "key_packages", {"suite": suite, "key_packages": [base64url.encode(one) for one in key_packages]}
        )

    def ask(self, frame_type: str, /, **fields: Any) -> dict[str, Any]:
        """Send one frame; return its answer, whatever is pushed in between being left aside."""
        ref = next(self.refs)
        self.socket.send(encode([{"type": frame_type, "ref": ref, **fields}]))
        deadline = time.monotonic() + 15
        while time.monotonic() < deadline:
            for frame in decode(self.socket.recv(timeout=60)):
                if frame.get("ref") == ref:
                    assert frame["type"] != "error", frame
                    return frame
        raise TimeoutError(frame_type)

    def mailboxes(self, kind: str) -> list[bytes]:
        """The ids of this device's mailboxes of a kind."""
        page = self.ask("mailbox.list", after=None)
        return [entry["mailbox"] for entry in page["mailboxes"] if entry["kind"] == kind]

    def drain(self, mailbox: bytes, after: int = 0) -> list[dict[str, Any]]:
        """All envelopes of a mailbox behind `after`."""
        return self.ask("envelope.drain", mailbox=mailbox, after=after, limit=256)["envelopes"]

    def wait_for(self, mailbox: bytes, after: int, kind: str = "application") -> list[dict[str, Any]]:
        """Drain until there is an envelope of this kind behind `after`."""
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            found = self.drain(mailbox, after)
            if any(envelope["kind"] == kind for envelope in found):
                return found
            time.sleep(0.2)
        raise TimeoutError("no envelope came")
