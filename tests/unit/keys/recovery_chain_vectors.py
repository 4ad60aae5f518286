"""The vectors of recovery keys that change and accounts that start over, as chain_vectors.py makes its own.

`python manage.py shell -c "from tests.unit.keys import recovery_chain_vectors; recovery_chain_vectors.write()"` writes
tests/vectors/recovery_chain.json; a test compares it with what is built here.
"""

import hashlib
from dataclasses import dataclass

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from keys.chain_rules import RECOVERY_WAIT_MS
from tests.factories import FakeAccount, FakeDevice, as_event, public
from tests.unit.keys.chain_vectors import (
    LAPTOP,
    LATER,
    ORIGIN,
    PHONE,
    TABLET,
    TIME,
    as_refused,
    as_text,
    b64,
    create_body,
    device,
    fields,
    key,
    person,
    signed,
    with_states,
)
from tests.unit.keys.chain_vectors import (
    PATH as PATH_OF_THE_OTHERS,
)

PATH = PATH_OF_THE_OTHERS.with_name("recovery_chain.json")


@dataclass
class Writer:
    """Writes a chain on: a person's account, its events so far."""

    account: FakeAccount
    events: list[tuple[bytes, dict]]

    def add(
        self,
        kind: str,
        body: dict,
        authority: Ed25519PrivateKey | None,
        new_device: FakeDevice | None = None,
        after: int = 0,
    ) -> "Writer":
        """Append an event; `after` is the time that has passed, in ms."""
        event = self.event(kind, body, after)
        self.events.append((event, signed(self.account, event, new_device, authority)))
        self.account.stored(event)
        return self

    def event(self, kind: str, body: dict, after: int = 0, **changed: object) -> bytes:
        return as_event(fields(self.account, kind, body, **{"time": TIME + self.account.seq + after, **changed}))


def recovery(*names: str) -> dict:
    return {"recovery_keys": [b64(public(key(name))) for name in names]}


def reset_body(identity: str, device: FakeDevice, *names: str) -> dict:
    return {"identity_key": b64(public(key(identity))), **recovery(*names), "device": device.as_body()}


def recovery_chain() -> Writer:
    """Recovery keys change, at once and after an announcement, which is objected to first; the account starts over."""
    writer = Writer(person(), [])
    by_laptop, by_phone = LAPTOP.sign_in_key, PHONE.sign_in_key
    writer.add("create", create_body(writer.account), None, LAPTOP)
    writer.add("device_add", {"device": PHONE.as_body()}, by_laptop, PHONE)
    writer.add("recovery_rotate", recovery("second", "passkey"), key("recovery"))
    writer.add("recovery_announce", recovery("third"), by_laptop)
    writer.add("recovery_object", {}, by_phone)
    writer.add("recovery_announce", recovery("third"), by_laptop)
    writer.add("recovery_announce", recovery("third", "passkey"), by_phone)
    writer.add("recovery_rotate", recovery("third", "passkey"), by_laptop, after=RECOVERY_WAIT_MS - 1)
    writer.add("recovery_announce", recovery("fourth"), by_laptop)
    for name, new, authority in (("identity 2", TABLET, key("passkey")), ("identity 3", LATER, None)):
        writer.account.identity_key = key(name)
        body = reset_body(name, new, f"recovery of {name}")
        writer.add("reset", body, authority, new)
    return writer


def recovery_events_refused(writer: Writer, events: int) -> list[tuple[int, str, bytes, dict, str]]:
    """What is refused in the chain of `recovery_chain`; the account as it is after its first `events`."""
    account = writer.account
    account.seq, account.head = events, hashlib.sha256(writer.events[events - 1][0]).digest()
    by_phone, by_key = PHONE.sign_in_key, key("second")
    bad, unsigned = "event_invalid", "signature_invalid"
    rotate, announce, week = "recovery_rotate", "recovery_announce", RECOVERY_WAIT_MS
    keys_used = [public(account.identity_key), public(by_phone), public(LAPTOP.signature_key)]
    cases: list[tuple[str, str, str, dict, Ed25519PrivateKey | None, int]] = [
        ("the same recovery keys as now", bad, rotate, recovery("second", "passkey"), by_key, 0),
        ("the same recovery keys in another order", bad, rotate, recovery("passkey", "second"), by_key, 0),
        ("a recovery key twice", bad, rotate, recovery("third", "third"), by_key, 0),
        ("no recovery keys to rotate to", bad, rotate, {"recovery_keys": []}, by_key, 0),
        ("nine recovery keys to rotate to", bad, rotate, recovery(*"123456789"), by_key, 0),
        ("a rotation with another field", bad, rotate, recovery("third") | {"device": None}, by_key, 0),
        ("a rotation by the recovery key of before", unsigned, rotate, recovery("third"), key("recovery"), 0),
        ("a rotation by the recovery key to come", unsigned, rotate, recovery("third"), key("third"), 0),
        ("a rotation without authority", unsigned, rotate, recovery("third"), None, 0),
        ("a rotation by a device a moment too early", unsigned, rotate, recovery("third"), by_phone, week - 2),
        ("a rotation by a device to other keys", unsigned, rotate, recovery("third", "passkey"), by_phone, week),
        ("an announcement by a recovery key", unsigned, announce, recovery("fourth"), by_key, 0),
        ("an announcement without authority", unsigned, announce, recovery("fourth"), None, 0),
        ("an announcement of the present keys", bad, announce, recovery("second", "passkey"), by_phone, 0),
        ("an objection with a body", bad, "recovery_object", recovery("third"), by_phone, 0),
        ("an objection without authority", unsigned, "recovery_object", {}, None, 0),
        ("an objection by a stranger", unsigned, "recovery_object", {}, key("stranger"), 0),
    ]
    for used in keys_used:
        body = {"recovery_keys": [b64(used)]}
        cases += [
            (f"a rotation to a key of another role, {b64(used)[:4]}", bad, rotate, body, by_key, 0),
            (f"an announcement of a key of another role, {b64(used)[:4]}", bad, announce, body, by_phone, 0),
        ]
    found = []
    for name, error, kind, body, authority, after in cases:
        event = writer.event(kind, body, after)
        found.append((events, name, event, signed(account, event, None, authority), error))
    event = writer.event(rotate, recovery("third"))
    with_device = signed(account, event, PHONE, by_key)
    return [*found, (events, "a rotation with a device's signatures", event, with_device, unsigned)]


def objections_refused(writer: Writer, events: int) -> list[tuple[int, str, bytes, dict, str]]:
    """Where nothing is announced: an objection, and a rotation by a device a week after one that was objected to."""
    account = writer.account
    account.seq, account.head = events, hashlib.sha256(writer.events[events - 1][0]).digest()
    nothing = writer.event("recovery_object", {})
    late = writer.event("recovery_rotate", recovery("third"), 2 * RECOVERY_WAIT_MS)
    by_phone = PHONE.sign_in_key
    return [
        (events, "an objection to nothing", nothing, signed(account, nothing, None, by_phone), "event_invalid"),
        (events, "a rotation that was objected to", late, signed(account, late, None, by_phone), "signature_invalid"),
    ]


def resets_refused(writer: Writer, events: int) -> list[tuple[int, str, bytes, dict, str]]:
    """What is refused where the account has started over twice; signed by the identity that the reset names."""
    account = writer.account
    account.seq, account.head = events, hashlib.sha256(writer.events[events - 1][0]).digest()
    present = key("recovery of identity 3")
    fresh = device("fresh")
    same_id = FakeDevice(fresh.account_id, (1,), LAPTOP.device_id, fresh.sign_in_key, fresh.signature_key)
    of_old = FakeDevice(fresh.account_id, (1,), fresh.device_id, LAPTOP.sign_in_key, fresh.signature_key)
    of_new = FakeDevice(fresh.account_id, (1,), fresh.device_id, key("identity 4"), fresh.signature_key)
    as_recovery = FakeDevice(fresh.account_id, (1,), fresh.device_id, key("new"), fresh.signature_key)
    bad, unsigned = "event_invalid", "signature_invalid"
    cases: list[tuple[str, str, str, FakeDevice, tuple[str, ...], Ed25519PrivateKey | None]] = [
        ("a reset to the present identity", bad, "identity 3", fresh, ("new",), present),
        ("a reset to an identity of before", bad, "identity", fresh, ("new",), present),
        ("a reset to an identity of before, by the operator", bad, "identity 2", fresh, ("new",), None),
        ("a reset that keeps a recovery key", bad, "identity 4", fresh, ("new", "recovery of identity 3"), present),
        ("a reset with a recovery key twice", bad, "identity 4", fresh, ("new", "new"), present),
        ("a reset whose identity is a recovery key", bad, "identity 4", fresh, ("identity 4",), present),
        ("a reset to the id of an old device", bad, "identity 4", same_id, ("new",), present),
        ("a reset to a key of an old device", bad, "identity 4", of_old, ("new",), present),
        ("a reset whose device signs in with the identity key", bad, "identity 4", of_new, ("new",), present),
        ("a reset whose device signs in with a recovery key", bad, "identity 4", as_recovery, ("new",), present),
        ("a reset by a recovery key of before", unsigned, "identity 4", fresh, ("new",), key("passkey")),
        ("a reset by a device", unsigned, "identity 4", fresh, ("new",), LATER.sign_in_key),
        ("a reset by its own recovery key", unsigned, "identity 4", fresh, ("new",), key("new")),
    ]
    found = []
    for name, error, identity, new, names, authority in cases:
        event = writer.event("reset", reset_body(identity, new, *names))
        account.identity_key = key(identity)
        found.append((events, name, event, signed(account, event, new, authority), error))
    event = writer.event("reset", reset_body("identity 4", fresh, "new"))
    account.identity_key = key("identity 3")
    by_old = signed(account, event, fresh, present)
    account.identity_key = key("identity 4")
    right = signed(account, event, fresh, present)
    without_device = {one: right[one] for one in ("identity", "authority")}
    found.append((events, "a reset signed by the identity of before", event, by_old, unsigned))
    found.append((events, "a reset without the new device's signatures", event, without_device, unsigned))
    first = writer.event("reset", reset_body("identity 4", fresh, "new"), seq=1, prev="")
    return [*found, (0, "a chain that begins with a reset", first, signed(account, first, fresh, None), bad)]


def build() -> dict:
    """The whole file, in the form of the other."""
    writer = recovery_chain()
    chain = with_states(writer.events)
    writer.account.identity_key = key("identity")
    refused = recovery_events_refused(writer, 6) + objections_refused(writer, 5)
    refused += resets_refused(writer, len(writer.events))
    return {"origin": ORIGIN, "chain": chain, "refused": [as_refused(*one) for one in refused]}


def write() -> None:
    PATH.write_text(as_text(build()))
