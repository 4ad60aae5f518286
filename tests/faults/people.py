"""Who talks to whom, as `prepare` has put it into the database."""

import json
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Person:
    """An account with its one device; ids of 16 bytes, a token, and the private key to get another."""

    name: str
    account: bytes
    device: bytes
    token: bytes
    sign_in_key: bytes


@dataclass(frozen=True)
class Place:
    """All people of a test, and the readers of each conversation's mailbox."""

    origin: str
    people: list[Person]
    conversations: dict[bytes, list[Person]]

    @classmethod
    def read(cls, origin: str, text: str) -> "Place":
        """Take what `prepare` printed."""
        found: dict[str, Any] = json.loads(text)
        people = [Person(row[0], *map(bytes.fromhex, row[1:])) for row in found["people"]]
        conversations = found["conversations"].items()
        return cls(origin, people, {bytes.fromhex(id_): [people[at] for at in who] for id_, who in conversations})

    def mailboxes_of(self, person: Person) -> list[bytes]:
        """Return the conversations that somebody reads."""
        return [mailbox for mailbox, readers in self.conversations.items() if person in readers]

    def people_of(self, mailbox: bytes) -> tuple[list[bytes], list[bytes]]:
        """Return the accounts and the devices of a conversation."""
        readers = self.conversations[mailbox]
        return [one.account for one in readers], [one.device for one in readers]
