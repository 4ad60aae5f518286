"""What a nearly full conversation lets go of under another quota (docs/decisions/quotas.md). Pure: no table, no clock.

The rules are those of services/make_room.py and services/expire_envelopes.py; a test compares what they really do.
"""

from collections.abc import Sequence
from typing import NamedTuple


class Stored(NamedTuple):
    """One envelope: bytes of its body, and when it came; 0 for one that has expired."""

    sequence: int
    size: int
    minute: int


class LetGo(NamedTuple):
    """How many devices lose their claim, what is deleted by that, and the bytes that stay."""

    devices: int
    envelopes: int
    bytes: int
    left: int


def let_go(cursors: Sequence[int], stored: Sequence[Stored], crowded: int, newest_idle: int) -> LetGo:
    """Say what goes while `crowded` bytes are reached: the claims of the lowest cursors, and what only they kept.

    `stored` is in the order of sequences; a device is away whose oldest unread envelope came at `newest_idle` or
    before.
    """
    claims = sorted(cursors)
    floor = claims[0] if claims else 0
    # What everybody has read goes anyway.
    kept = [row for row in stored if row.sequence > floor]
    left = sum(row.size for row in kept)
    devices = envelopes = freed = 0
    while left >= crowded and claims and claims[0] < claims[-1]:
        oldest = next((row.minute for row in kept if row.minute > 0), None)
        if oldest is None or oldest > newest_idle:
            break
        dropped = claims.count(claims[0])
        claims = claims[dropped:]
        gone = [row for row in kept if row.sequence <= claims[0]]
        kept = kept[len(gone) :]
        devices, envelopes = devices + dropped, envelopes + len(gone)
        size = sum(row.size for row in gone)
        freed, left = freed + size, left - size
    return LetGo(devices, envelopes, freed, left)
