"""What senders offered, what the server answered, what readers got: all of it has to agree in the end.

Anything that can't be true is noted as soon as it is told; `judge` adds what is only wrong when everything has arrived.
"""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass

from tests.faults.database import Stored

Key = tuple[bytes, bytes]
Act = Callable[[], None]


@dataclass(frozen=True)
class Offered:
    """An envelope as its sender made it: `kind` as on the wire, `hash` the SHA-256 of its body."""

    sender: str
    kind: str
    hash: bytes


@dataclass(frozen=True)
class Read:
    """An envelope as a reader took it in; `body` is None when only its hash was left."""

    sequence: int
    id: bytes
    kind: str
    hash: bytes


class Ledger:
    """Keys of the books are (mailbox, envelope id)."""

    def __init__(self) -> None:
        self.offered: dict[Key, Offered] = {}
        self.accepted: dict[Key, int] = {}
        self.refused: dict[Key, str] = {}
        self.heads: dict[bytes, int] = {}
        self.read: dict[tuple[str, bytes], list[Read]] = defaultdict(list)
        # How often a sender was told to try the same bytes again, by code; `duplicate` of what had been stored before.
        self.told_later: Counter[str] = Counter()
        self.duplicates = 0
        self.pushed_again = 0
        self.wrong: list[str] = []
        # Called once, as soon as an answer says that something was accepted.
        self.at_acceptance: Act | None = None
        self._by_sequence: dict[tuple[bytes, int], bytes] = {}

    # --- what senders tell --------------------------------------------------------------------------------------------

    def offer(self, sender: str, mailbox: bytes, id_: bytes, kind: str, body: bytes) -> None:
        """An envelope is about to be sent for the first time."""
        self.offered[mailbox, id_] = Offered(sender, kind, hashlib.sha256(body).digest())

    def accept(self, mailbox: bytes, id_: bytes, sequence: int, *, duplicate: bool) -> None:
        """The server said `envelope.accepted`."""
        key = mailbox, id_
        self.duplicates += duplicate
        if key not in self.offered:
            self.wrong.append(f"{_name(key)} was accepted and never sent")
        if self.accepted.setdefault(key, sequence) != sequence:
            self.wrong.append(f"{_name(key)} was accepted as {self.accepted[key]}, then as {sequence}")
        if key in self.refused:
            self.wrong.append(f"{_name(key)} was refused with {self.refused[key]}, then accepted")
        if self._by_sequence.setdefault((mailbox, sequence), id_) != id_:
            self.wrong.append(f"{_name(key)} was accepted with sequence {sequence}, which is another's")
        self.heads[mailbox] = max(sequence, self.heads.get(mailbox, 0))
        act, self.at_acceptance = self.at_acceptance, None
        if act is not None:
            act()

    def refuse(self, mailbox: bytes, id_: bytes, code: str) -> None:
        """The server refused it for good: it must not be stored."""
        key = mailbox, id_
        if key in self.accepted:
            self.wrong.append(f"{_name(key)} was accepted, then refused with {code}")
        self.refused[key] = code

    # --- what readers tell --------------------------------------------------------------------------------------------

    def take(self, reader: str, mailbox: bytes, envelope: Read) -> None:
        """A reader took in the next envelope of a mailbox."""
        self.read[reader, mailbox].append(envelope)

    def see_again(self, reader: str, mailbox: bytes, envelope: Read) -> None:
        """A reader got what it has already; it leaves it aside, but it has to be the same."""
        self.pushed_again += 1
        had = self.read[reader, mailbox]
        before = had[envelope.sequence - had[0].sequence] if had and envelope.sequence >= had[0].sequence else None
        if before is not None and before != envelope:
            self.wrong.append(f"{reader} got {envelope.sequence} of {mailbox.hex()[:8]} twice, and not the same")

    # --- the end ------------------------------------------------------------------------------------------------------

    def judge(self, readers: dict[bytes, list[str]], stored: dict[bytes, Stored]) -> list[str]:
        """Return everything that is wrong, when all was answered and read; `readers` are those of each mailbox."""
        wrong = list(self.wrong)
        for key, offered in self.offered.items():
            if key not in self.accepted and key not in self.refused:
                wrong.append(f"{_name(key)} of {offered.sender} was never answered")
        for mailbox, names in readers.items():
            wrong += self._judge_database(mailbox, stored[mailbox])
            for name in names:
                wrong += self._judge_reader(name, mailbox)
        return wrong

    def _expected(self, mailbox: bytes) -> list[Read]:
        keys = sorted((sequence, key) for key, sequence in self.accepted.items() if key[0] == mailbox)
        return [Read(sequence, key[1], self.offered[key].kind, self.offered[key].hash) for sequence, key in keys]

    def _judge_reader(self, name: str, mailbox: bytes) -> list[str]:
        got, expected = self.read[name, mailbox], self._expected(mailbox)
        wrong = [
            f"{name} read {after.sequence} of {mailbox.hex()[:8]} behind {before.sequence}"
            for before, after in zip([Read(0, b"", "", b""), *got], got, strict=False)
            if after.sequence != before.sequence + 1
        ]
        if got != expected:
            missing, more = set(expected) - set(got), set(got) - set(expected)
            wrong.append(
                f"{name} did not read {mailbox.hex()[:8]} as it was accepted: of {len(expected)}, missing"
                f" {sorted(one.sequence for one in missing)[:9]}, more {sorted(one.sequence for one in more)[:9]}"
            )
        return wrong

    def _judge_database(self, mailbox: bytes, stored: Stored) -> list[str]:
        name = mailbox.hex()[:8]
        wrong = []
        expected = {one.sequence: (one.id, one.hash) for one in self._expected(mailbox)}
        if sorted(expected) != list(range(1, stored.head + 1)):
            wrong.append(f"{name} has {stored.head} sequences given out, and {len(expected)} were accepted")
        for sequence, row in stored.rows.items():
            if expected.get(sequence) != row:
                wrong.append(f"{name} holds something else at {sequence} than was accepted there")
        # What everyone has acknowledged may have been cleared away.
        needed = {sequence for sequence in expected if sequence > stored.acknowledged_by_all}
        if needed - stored.rows.keys():
            wrong.append(f"{name} has lost {sorted(needed - stored.rows.keys())[:9]}")
        for device, sequence in stored.acknowledged.items():
            if sequence > stored.head:
                wrong.append(f"{device.hex()[:8]} acknowledged {sequence} of {name}, which has {stored.head}")
        return wrong

    def summary(self) -> str:
        """Return the figures in one line."""
        refused = ", ".join(f"{code} {count}" for code, count in sorted(Counter(self.refused.values()).items()))
        later = ", ".join(f"{code} {count}" for code, count in sorted(self.told_later.items()))
        return (
            f"{len(self.accepted)} accepted ({self.duplicates} times again), refused: {refused or 'none'};"
            f" told to try later: {later or 'none'}; {sum(map(len, self.read.values()))} delivered,"
            f" {self.pushed_again} of them again"
        )


def _name(key: Key) -> str:
    return f"{key[1].hex()[:8]} in {key[0].hex()[:8]}"
