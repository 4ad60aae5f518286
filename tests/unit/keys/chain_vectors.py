"""The vectors of the account chain, from fixed seeds: both languages replay tests/vectors/account_chain.json.

`python manage.py shell -c "from tests.unit.keys import chain_vectors; chain_vectors.write()"` writes the file; a test
compares it with what is built here.
"""

import hashlib
import json
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from keys import base64url, chain, labels
from keys.chain_event import Signatures, read_signatures, write_signatures
from keys.chain_state import Announced, State
from tests.factories import FakeAccount, FakeDevice, as_event, public, sign_event

PATH = Path(__file__).parents[2] / "vectors/account_chain.json"
ORIGIN = "https://chat.example"
TIME = 1_760_000_000_000
b64 = base64url.encode


def key(name: str) -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(hashlib.sha256(name.encode()).digest())


def some_id(name: str) -> bytes:
    return hashlib.sha256(name.encode()).digest()[:16]


def device(name: str, suites: tuple[int, ...] = (83, 1)) -> FakeDevice:
    names = (f"{name} sign in", f"{name} mls")
    return FakeDevice(some_id("account"), suites, some_id(name), key(names[0]), key(names[1]))


LAPTOP, PHONE, TABLET, LATER = device("laptop"), device("phone", (1,)), device("tablet"), device("later")
PASSKEY = key("passkey")


def person() -> FakeAccount:
    return FakeAccount("zoë", some_id("account"), key("identity"), key("recovery"))


def fields(account: FakeAccount, kind: str, body: dict, **changed: object) -> dict:
    return account.fields(kind, body, **{"time": TIME + account.seq, **changed})


def create_body(account: FakeAccount, **changed: object) -> dict:
    recovery = [b64(public(account.recovery_key)), b64(public(PASSKEY))]
    return account.create_body(LAPTOP) | {"recovery_keys": recovery} | changed


def signed(
    account: FakeAccount,
    event: bytes,
    new_device: FakeDevice | None,
    authority: Ed25519PrivateKey | None,
    origin: str = ORIGIN,
) -> dict:
    return write_signatures(sign_event(event, account, new_device, authority, origin))


def main_chain() -> tuple[FakeAccount, list[tuple[bytes, dict]]]:
    """A laptop adds a phone, the phone removes the laptop, the recovery key adds a tablet."""
    account = person()
    steps = [
        ("create", lambda: create_body(account), LAPTOP, None),
        ("device_add", lambda: {"device": PHONE.as_body()}, PHONE, LAPTOP.sign_in_key),
        ("device_remove", lambda: {"device_id": b64(LAPTOP.device_id)}, None, PHONE.sign_in_key),
        ("device_add", lambda: {"device": TABLET.as_body()}, TABLET, account.recovery_key),
    ]
    events = []
    for kind, body, new_device, authority in steps:
        event = as_event(fields(account, kind, body()))
        events.append((event, signed(account, event, new_device, authority)))
        account.stored(event)
    return account, events


def announced_as_json(announced: Announced | None) -> dict | None:
    if announced is None:
        return None
    keys = [b64(one) for one in announced.recovery_keys]
    return {"recovery_keys": keys, "time": announced.time, "seq": announced.seq}


def state_as_json(state: State) -> dict:
    devices = [
        {
            "device_id": b64(one.device_id),
            "signature_key": b64(one.signature_key),
            "sign_in_key": b64(one.sign_in_key),
            "suites": list(one.suites),
            "added": one.added,
            "removed": one.removed,
        }
        for one in state.devices
    ]
    return {
        "account": b64(state.account),
        "username": state.username,
        "identity_key": b64(state.identity_key),
        "recovery_keys": [b64(one) for one in state.recovery_keys],
        "devices": devices,
        "seq": state.seq,
        "hash": b64(state.hash),
        "announced": announced_as_json(state.announced),
        "reset": {"seq": state.reset.seq, "by": state.reset.by} if state.reset else None,
        "former_identities": [b64(one) for one in state.former_identities],
    }


def first_events_refused() -> list[tuple[str, bytes, dict, str]]:
    """Name, event, signatures, error: each has one fault, whatever is signed is signed rightly."""
    account = person()
    good = fields(account, "create", create_body(account))
    text = as_event(good).decode()
    bad = "event_invalid"
    shapes = {
        "an unknown field": good | {"extra": 1},
        "another version": good | {"v": 2},
        "a version that is a boolean": good | {"v": True},
        "a version that is text": good | {"v": "1"},
        "a first event that is not number 1": good | {"seq": 2},
        "a first event that follows another": good | {"prev": b64(bytes(32))},
        "a type that is not in the table": good | {"type": "delete"},
        "a type of a later protocol": good | {"type": "identity_rotate"},
        "a type that is a list": good | {"type": ["create"]},
        "a time before 1970": good | {"time": -1},
        "a time too large for every reader": good | {"time": 2**53},
        "an account id of 15 bytes": good | {"account": b64(bytes(15))},
        "an account id that is a number": good | {"account": 7},
        "a body that is a list": good | {"body": []},
    }
    nine = [b64(public(key(f"recovery {n}"))) for n in range(9)]
    bodies = {
        "an unknown field in the body": {"extra": 1},
        "no username": {"username": ""},
        "a username that is a number": {"username": 5},
        "no recovery key": {"recovery_keys": []},
        "nine recovery keys": {"recovery_keys": nine},
        "the same recovery key twice": {"recovery_keys": [nine[0], nine[0]]},
        "the identity key as recovery key": {"recovery_keys": [b64(public(account.identity_key))]},
        "a recovery key of 31 bytes": {"recovery_keys": [b64(bytes(31))]},
        "a recovery key of order 1": {"recovery_keys": [b64(b"\1" + bytes(31))]},
        "a recovery key of order 4": {"recovery_keys": [b64(bytes(32))]},
        "a recovery key of order 8": {
            "recovery_keys": [b64(bytes.fromhex("26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85"))]
        },
        "a recovery key that is not canonical": {"recovery_keys": [b64(b"\xf0" + b"\xff" * 30 + b"\x7f")]},
        "text that is padded": {"recovery_keys": [nine[0] + "="]},
        "text with bits to spare": {"recovery_keys": [nine[0][:-1] + chr(ord(nine[0][-1]) + 1)]},
        "text of the other base64": {"recovery_keys": ["+" + nine[0][1:]]},
        "a device that is nothing": {"device": None},
    }
    devices = {
        "no suites": {"suites": []},
        "a suite twice": {"suites": [1, 1]},
        "suite 0": {"suites": [0]},
        "a suite above 65535": {"suites": [65536]},
        "nine suites": {"suites": list(range(1, 10))},
        "suites that are text": {"suites": ["1"]},
        "an unknown field of the device": {"name": "laptop"},
    }
    found = [(name, as_event(changed), bad) for name, changed in shapes.items()]
    found += [(f"{name} missing", as_event({one: good[one] for one in good if one != name}), bad) for name in good]
    found += [
        (name, as_event(good | {"body": create_body(account, **changed)}), bad) for name, changed in bodies.items()
    ]
    found += [
        (name, as_event(good | {"body": create_body(account, device=LAPTOP.as_body() | changed)}), bad)
        for name, changed in devices.items()
    ]
    texts = {
        "a field twice": text.replace('"seq":1', '"seq":1,"seq":1'),
        "a field twice, once as an escape": text.replace('"seq":1', '"seq":1,"\\u0073eq":1'),
        "a field of the body twice": text.replace('"username"', '"username":"other","username"'),
        "a number with a fraction": text.replace('"seq":1', '"seq":1.0'),
        "a number with an exponent": text.replace('"seq":1', '"seq":1e0'),
        "half a surrogate pair": text.replace("zoë", "zo\\ud83d"),
        "something behind the object": text + "{}",
        "a list": f"[{text}]",
        "no JSON": "talk2me",
        "a byte order mark": "\ufeff" + text,
        "more than 16 KiB": text + " " * (16 * 1024),
    }
    found += [(name, changed.encode(), bad) for name, changed in texts.items()]
    found.append(("text that is not UTF-8", as_event(good).replace("ë".encode(), b"\xeb"), bad))
    refused = [(name, event, signed(account, event, LAPTOP, None), error) for name, event, error in found]
    one_key = FakeDevice(LAPTOP.account_id, (1,), LAPTOP.device_id, LAPTOP.sign_in_key, LAPTOP.sign_in_key)
    event = as_event(good | {"body": create_body(account, device=one_key.as_body())})
    refused.append(("the sign-in key as signature key", event, signed(account, event, one_key, None), bad))
    return refused + first_signatures_refused(account, as_event(good))


def first_signatures_refused(account: FakeAccount, event: bytes) -> list[tuple[str, bytes, dict, str]]:
    bad = "signature_invalid"
    good = signed(account, event, LAPTOP, None)
    other = FakeAccount("zoë", some_id("account"), key("other identity"), key("recovery"))
    unlabelled = write_signatures(Signatures(account.identity_key.sign(event)))["identity"]
    changes = {
        "without the sign-in signature": {one: good[one] for one in ("identity", "mls")},
        "without the MLS signature": {one: good[one] for one in ("identity", "sign_in")},
        "sign-in and MLS signatures swapped": good | {"sign_in": good["mls"], "mls": good["sign_in"]},
        "signed by another identity": good | {"identity": signed(other, event, None, None)["identity"]},
        "signed for another server": signed(account, event, LAPTOP, None, "https://other.example"),
        "signed without label": good | {"identity": unlabelled},
        "an authority nobody asked for": signed(account, event, LAPTOP, account.recovery_key),
    }
    return [(name, event, changed, bad) for name, changed in changes.items()]


def later_events_refused(account: FakeAccount) -> list[tuple[str, bytes, dict, str]]:
    """The same for what would follow the main chain, where the laptop is removed."""
    owner, recovery = account, account.recovery_key
    add = fields(owner, "device_add", {"device": LATER.as_body()})

    def adding(name: str, error: str, new: FakeDevice = LATER, **changed: object) -> tuple[str, bytes, dict, str]:
        event = as_event(add | {"body": {"device": new.as_body()}} | changed)
        return name, event, signed(owner, event, new, recovery), error

    def removing(name: str, device_id: bytes) -> tuple[str, bytes, dict, str]:
        event = as_event(fields(owner, "device_remove", {"device_id": b64(device_id)}))
        return name, event, signed(owner, event, None, recovery), "event_invalid"

    event, bad = as_event(add), "signature_invalid"
    right = signed(owner, event, LATER, recovery)
    wrong_authority = {
        "without authority": {one: right[one] for one in ("identity", "sign_in", "mls")},
        "authority of a removed device": signed(owner, event, LATER, LAPTOP.sign_in_key),
        "authority of the new device itself": signed(owner, event, LATER, LATER.sign_in_key),
        "authority of the identity key": signed(owner, event, LATER, owner.identity_key),
        "authority of an MLS key": signed(owner, event, LATER, PHONE.signature_key),
        "an authority whose signature is another's": right
        | {"authority": right["authority"] | {"signature": right["identity"]}},
        "without the new device's signature": {one: right[one] for one in ("identity", "sign_in", "authority")},
    }
    again = as_event(fields(owner, "create", create_body(owner), seq=1, prev=""))
    remove = as_event(fields(owner, "device_remove", {"device_id": b64(PHONE.device_id)}))
    same_id = FakeDevice(LATER.account_id, (1,), LAPTOP.device_id, LATER.sign_in_key, LATER.signature_key)
    same_sign_in = FakeDevice(LATER.account_id, (1,), LATER.device_id, PHONE.sign_in_key, LATER.signature_key)
    same_mls = FakeDevice(LATER.account_id, (1,), LATER.device_id, LATER.sign_in_key, LAPTOP.signature_key)
    other_role = FakeDevice(LATER.account_id, (1,), LATER.device_id, LAPTOP.signature_key, LATER.signature_key)
    recovery_role = FakeDevice(LATER.account_id, (1,), LATER.device_id, recovery, LATER.signature_key)
    return [
        *((name, event, changed, bad) for name, changed in wrong_authority.items()),
        ("a removal with a device's signature", remove, signed(owner, remove, PHONE, recovery), bad),
        ("a second create", again, signed(owner, again, LAPTOP, None), "event_invalid"),
        adding("a number left out", "chain_conflict", seq=owner.seq + 2),
        adding("a number used before", "chain_conflict", seq=owner.seq),
        adding("another event before", "chain_conflict", prev=b64(bytes(32))),
        adding("another account", "event_invalid", account=b64(some_id("other account"))),
        adding("the id of a removed device", "event_invalid", same_id),
        adding("the sign-in key of another device", "event_invalid", same_sign_in),
        adding("the MLS key of a removed device", "event_invalid", same_mls),
        adding("a removed device's MLS key to sign in with", "event_invalid", other_role),
        adding("a recovery key to sign in with", "event_invalid", recovery_role),
        removing("a removal of no device", some_id("nobody")),
        removing("a second removal", LAPTOP.device_id),
    ]


def with_states(events: list[tuple[bytes, dict]]) -> list[dict]:
    found, state = [], None
    for event, signatures in events:
        state = chain.verify_event(state, event, read_signatures(signatures), origin=ORIGIN)
        found.append({"event": b64(event), "signatures": signatures, "state": state_as_json(state)})
    return found


def as_refused(after: int, name: str, event: bytes, signatures: dict, error: str) -> dict:
    return {"name": name, "after": after, "event": b64(event), "signatures": signatures, "error": error}


def build() -> dict:
    """The whole file. `after` says how many events of the chain stand before the refused one."""
    account, events = main_chain()
    refused = [(0, *one) for one in first_events_refused()]
    refused += [(len(events), *one) for one in later_events_refused(account)]
    return {
        "origin": ORIGIN,
        "label": b64(labels.label("account event")),
        "chain": with_states(events),
        "refused": [as_refused(*one) for one in refused],
    }


def as_text(found: dict) -> str:
    return json.dumps(found, indent=1, ensure_ascii=False) + "\n"


def write() -> None:
    PATH.write_text(as_text(build()))
