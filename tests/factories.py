"""Accounts and devices with their private keys, made and signed as a browser does, stored by the real services."""

import hashlib
import itertools
import json
import os
import time
from dataclasses import dataclass, field

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings

from keys import base64url, labels, services
from keys.chain_event import Authority, Signatures

numbers = itertools.count(1)
SUITES = (83, 1)


def public(key: Ed25519PrivateKey) -> bytes:
    return key.public_key().public_bytes_raw()


@dataclass
class FakeDevice:
    """A browser install: `account_id` and `device_id` of 16 bytes, and the two private keys."""

    account_id: bytes
    suites: tuple[int, ...] = SUITES
    device_id: bytes = field(default_factory=lambda: os.urandom(16))
    sign_in_key: Ed25519PrivateKey = field(default_factory=Ed25519PrivateKey.generate)
    signature_key: Ed25519PrivateKey = field(default_factory=Ed25519PrivateKey.generate)

    def as_body(self) -> dict:
        return {
            "device_id": base64url.encode(self.device_id),
            "signature_key": base64url.encode(public(self.signature_key)),
            "sign_in_key": base64url.encode(public(self.sign_in_key)),
            "suites": list(self.suites),
        }


@dataclass
class FakeAccount:
    """A person: `account_id` of 16 bytes, identity and recovery private keys, the chain so far, the devices."""

    username: str
    account_id: bytes = field(default_factory=lambda: os.urandom(16))
    identity_key: Ed25519PrivateKey = field(default_factory=Ed25519PrivateKey.generate)
    recovery_key: Ed25519PrivateKey = field(default_factory=Ed25519PrivateKey.generate)
    devices: list[FakeDevice] = field(default_factory=list)
    seq: int = 0
    head: bytes = b""

    @property
    def device(self) -> FakeDevice:
        """The first device."""
        return self.devices[0]

    def fields(self, kind: str, body: dict, **changed: object) -> dict:
        """The next event's JSON fields."""
        return {
            "v": 1,
            "account": base64url.encode(self.account_id),
            "seq": self.seq + 1,
            "prev": base64url.encode(self.head),
            "type": kind,
            "time": time.time_ns() // 1_000_000,
            "body": body,
        } | changed

    def create_body(self, device: FakeDevice, **changed: object) -> dict:
        return {
            "identity_key": base64url.encode(public(self.identity_key)),
            "recovery_keys": [base64url.encode(public(self.recovery_key))],
            "username": self.username,
            "device": device.as_body(),
        } | changed

    def stored(self, event: bytes) -> None:
        """Remember that `event` is now the last of the chain."""
        self.seq += 1
        self.head = hashlib.sha256(event).digest()


def as_event(fields: dict) -> bytes:
    return json.dumps(fields, separators=(",", ":"), ensure_ascii=False).encode()


def sign_event(
    event: bytes,
    account: FakeAccount,
    new_device: FakeDevice | None = None,
    authority: Ed25519PrivateKey | None = None,
    origin: str | None = None,
) -> Signatures:
    """Every signature that such an event needs."""
    signed = labels.signed_event(origin or settings.ORIGIN, event)
    return Signatures(
        identity=account.identity_key.sign(signed),
        sign_in=new_device.sign_in_key.sign(signed) if new_device else None,
        mls=new_device.signature_key.sign(signed) if new_device else None,
        authority=Authority(public(authority), authority.sign(signed)) if authority else None,
    )


def new_account(username: str | None = None, suites: tuple[int, ...] = SUITES) -> tuple[FakeAccount, bytes, Signatures]:
    """An account with its first device, not registered yet, and its `create` event with the signatures."""
    account = FakeAccount(username or f"tester{next(numbers)}")
    device = FakeDevice(account.account_id, suites)
    account.devices.append(device)
    event = as_event(account.fields("create", account.create_body(device)))
    return account, event, sign_event(event, account, device)


def make_account(username: str | None = None, suites: tuple[int, ...] = SUITES) -> FakeAccount:
    """A registered account with one device."""
    account, event, signatures = new_account(username, suites)
    services.create_account(event, signatures)
    account.stored(event)
    return account


def add_device(account: FakeAccount, suites: tuple[int, ...] = SUITES) -> FakeDevice:
    """A further device, added by the first one."""
    device = FakeDevice(account.account_id, suites)
    event = as_event(account.fields("device_add", {"device": device.as_body()}))
    signatures = sign_event(event, account, device, authority=account.device.sign_in_key)
    services.append_account_event(account.account_id, event, signatures)
    account.stored(event)
    account.devices.append(device)
    return device


def remove_device(account: FakeAccount, device: FakeDevice) -> None:
    """Removes `device` in the account's chain, by the recovery key."""
    event = as_event(account.fields("device_remove", {"device_id": base64url.encode(device.device_id)}))
    signatures = sign_event(event, account, authority=account.recovery_key)
    services.append_account_event(account.account_id, event, signatures)
    account.stored(event)


def append(
    account: FakeAccount,
    kind: str,
    body: dict,
    authority: Ed25519PrivateKey | None,
    new_device: FakeDevice | None = None,
    **changed: object,
) -> None:
    """Appends an event of any kind; `changed` may hold `reset_code` besides fields of the event."""
    code = changed.pop("reset_code", None)
    event = as_event(account.fields(kind, body, **changed))
    signatures = sign_event(event, account, new_device, authority)
    services.append_account_event(account.account_id, event, signatures, reset_code=code)
    account.stored(event)


def recovery_keys(*keys: Ed25519PrivateKey) -> dict:
    """The body of an event that changes or announces recovery keys."""
    return {"recovery_keys": [base64url.encode(public(key)) for key in keys]}


def rotate_recovery_key(account: FakeAccount, authority: Ed25519PrivateKey | None = None, **changed: object) -> None:
    """Gives the account another recovery key, by the one that it has."""
    key = Ed25519PrivateKey.generate()
    append(account, "recovery_rotate", recovery_keys(key), authority or account.recovery_key, **changed)
    account.recovery_key = key


def start_over(account: FakeAccount, *, by_recovery_key: bool = True, **changed: object) -> FakeDevice:
    """Resets the account to new keys and one device, which is returned."""
    authority = account.recovery_key if by_recovery_key else None
    identity, key = Ed25519PrivateKey.generate(), Ed25519PrivateKey.generate()
    device = FakeDevice(account.account_id)
    body = {"identity_key": base64url.encode(public(identity)), **recovery_keys(key), "device": device.as_body()}
    before, account.identity_key = account.identity_key, identity
    try:
        append(account, "reset", body, authority, device, **changed)
    except Exception:
        account.identity_key = before
        raise
    account.recovery_key = key
    account.devices.append(device)
    return device


def sign_recovery(account: FakeAccount, nonce: bytes, key: Ed25519PrivateKey | None = None) -> bytes:
    key = key or account.recovery_key
    return key.sign(labels.signed_recovery(settings.ORIGIN, account.account_id, public(key), nonce))


def make_recovery_token(account: FakeAccount) -> bytes:
    """The raw recovery token (32 bytes) that the account's recovery key gives."""
    nonce = services.start_recovery(account.account_id).nonce
    key = public(account.recovery_key)
    return services.recovery_sign_in(account.account_id, key, nonce, sign_recovery(account, nonce))[0]


def make_token(device: FakeDevice) -> bytes:
    """The raw bearer token (32 bytes) of a sign-in through the services: what the socket's hello carries."""
    nonce, _ = services.start_sign_in(device.account_id, device.device_id)
    return services.sign_in(device.account_id, device.device_id, nonce, sign_challenge(device, nonce))[0]


def sign_challenge(device: FakeDevice, nonce: bytes) -> bytes:
    return device.sign_in_key.sign(labels.signed_challenge(settings.ORIGIN, device.account_id, device.device_id, nonce))


def sign_in(client, device: FakeDevice) -> str:
    """Signs in over HTTP with Django's test client and returns the token as text, for `Authorization: Bearer`."""
    ids = {"account": base64url.encode(device.account_id), "device": base64url.encode(device.device_id)}
    challenge = client.post("/api/sign_in/challenge", ids, content_type="application/json")
    nonce = challenge.json()["nonce"]
    signature = base64url.encode(sign_challenge(device, base64url.decode(nonce)))
    answer = client.post(
        "/api/sign_in", {**ids, "nonce": nonce, "signature": signature}, content_type="application/json"
    )
    return answer.json()["token"]


def _mls(data: bytes) -> bytes:
    """opaque<V> of RFC 9420 section 2.1.2."""
    if len(data) < 64:
        return bytes([len(data)]) + data
    return (0x4000 | len(data)).to_bytes(2, "big") + data


def make_key_package(device: FakeDevice, suite: int = 1, *, last_resort: bool = False, **changed) -> bytes:
    """A key package as an MLSMessage (RFC 9420 section 10) with real signatures and random HPKE keys.

    `changed` may hold: identity, signature_key (private), not_before, not_after.
    """
    now = int(time.time())
    key = changed.get("signature_key", device.signature_key)
    leaf = (
        _mls(os.urandom(32))
        + _mls(public(key))
        + b"\0\1"
        + _mls(changed.get("identity", device.account_id + device.device_id))
        + _mls(b"\0\1")
        + _mls(b"".join(suite.to_bytes(2, "big") for suite in device.suites))
        + _mls(b"\xf2\xe0")
        + _mls(b"")
        + _mls(b"\0\1")
        + b"\1"
        + changed.get("not_before", now - 3600).to_bytes(8, "big")
        + changed.get("not_after", now + 90 * 24 * 3600 - 3600).to_bytes(8, "big")
        + _mls(b"")
    )
    leaf += _mls(key.sign(_mls(b"MLS 1.0 LeafNodeTBS") + _mls(leaf)))
    extensions = b"\0\x0a" + _mls(b"") if last_resort else b""
    package = b"\0\1" + suite.to_bytes(2, "big") + _mls(os.urandom(32)) + leaf + _mls(extensions)
    package += _mls(key.sign(_mls(b"MLS 1.0 KeyPackageTBS") + _mls(package)))
    return b"\0\1\0\5" + package
