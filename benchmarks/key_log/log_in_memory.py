"""A key log as the services would have made it, of as many accounts as wanted, by the same rules but in memory.

Hundreds of thousands of transactions would take longer than all that is measured.
"""

import hashlib
import itertools
import secrets
import time
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings

from keys.chain_event import Signatures, write_signatures
from keys.key_log import leaf as leaves
from keys.key_log import prefix_map, tree
from keys.key_log.leaf import Leaf
from keys.key_log.map_in_memory import MapInMemory
from tests.factories import FakeAccount, FakeDevice, as_event, new_account, public, sign_event

# An account is made, and two browsers join it later, when so many others have come.
EVENTS_PER_ACCOUNT = 3
LATER = 10
EVENT_BYTES = 600
SIGNATURES = {"identity": "A" * 86, "sign_in": "A" * 86, "mls": "A" * 86}


@dataclass(frozen=True)
class Entered:
    position: int
    opening: bytes


@dataclass
class Person:
    """An account, `real` when its events are signed; else they are so many bytes. Places in the log as they come."""

    number: int
    real: FakeAccount | None
    uid: bytes
    first: tuple[bytes, Signatures] | None = None
    events: list[tuple[bytes, dict[str, Any]]] = field(default_factory=list)
    entered: list[Entered] = field(default_factory=list)
    name: Entered | None = None

    @property
    def username(self) -> str:
        """Its name."""
        return self.real.username if self.real else f"filler{self.number}"

    @property
    def identity_key(self) -> bytes:
        """Its key, or as many bytes."""
        return public(self.real.identity_key) if self.real else hashlib.sha256(self.uid).digest()

    def next_event(self) -> bytes:
        """Make the next event of the chain and return its bytes."""
        if self.real is None:
            event = hashlib.shake_128(self.uid + bytes([len(self.events)])).digest(EVENT_BYTES)
            self.events.append((event, SIGNATURES))
            return event
        event, signatures = self.first if not self.events and self.first else _device_added(self.real)
        self.real.stored(event)
        self.events.append((event, write_signatures(signatures)))
        return event


def _person(number: int, *, real: bool) -> Person:
    if not real:
        return Person(number, None, secrets.token_bytes(16))
    account, event, signatures = new_account(f"shown{number}")
    return Person(number, account, account.account_id, (event, signatures))


def _device_added(account: FakeAccount) -> tuple[bytes, Signatures]:
    device = FakeDevice(account.account_id)
    event = as_event(account.fields("device_add", {"device": device.as_body()}))
    return event, sign_event(event, account, device, authority=account.device.sign_in_key)


class LogInMemory:
    """Leaves, nodes, map and what opens them. `grow` adds events."""

    def __init__(self) -> None:
        self.directory_key, self.opening = secrets.token_bytes(32), secrets.token_bytes(32)
        self.map = MapInMemory()
        self.leaves: list[bytes] = []
        self.nodes: list[bytes] = []
        self.people: list[Person] = []
        self.events = 0
        self._frontier: list[bytes] = []
        self._map_root = prefix_map.EMPTY
        index = leaves.genesis_index(settings.ORIGIN)
        self._append(leaves.GENESIS, index, leaves.commitment(self.opening, index, self.directory_key))

    def grow(self, real: Collection[int]) -> Iterator[int]:
        """Add one event after the other and yield how many there are; accounts whose number is in `real` are signed."""
        for number in itertools.count():
            self.people.append(_person(number, real=number in real))
            for before in range(EVENTS_PER_ACCOUNT):
                if number >= before * LATER:
                    self._enter_event(self.people[number - before * LATER])
                    yield self.events

    def _enter_event(self, person: Person) -> None:
        event = person.next_event()
        index = leaves.account_index(person.uid, len(person.events))
        person.entered.append(self._enter(leaves.ACCOUNT, index, event))
        if person.name is None:
            index = leaves.username_index(self.directory_key, person.username, 1)
            person.name = self._enter(leaves.USERNAME, index, person.uid)
        self.events += 1

    def _enter(self, kind: int, index: bytes, content: bytes) -> Entered:
        opening, position = secrets.token_bytes(32), len(self.leaves)
        self._map_root = prefix_map.insert(self.map, prefix_map.Entry(index, position))
        self._append(kind, index, leaves.commitment(opening, index, content))
        return Entered(position, opening)

    def _append(self, kind: int, index: bytes, commitment: bytes) -> None:
        now = leaves.to_the_minute(time.time_ns() // 1_000_000)
        body = Leaf(kind, now, index, commitment, self._map_root).encode()
        added, self._frontier = tree.append(len(self.leaves), self._frontier, [body])
        self.leaves.append(body)
        self.nodes += added
