"""Adding to the log. One at a time, inside a transaction, as the last thing it does."""

import secrets
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings

from keys.key_log import leaf as leaves
from keys.key_log import prefix_map, tree
from keys.key_log.audit import Difference
from keys.key_log.leaf import Leaf
from keys.log_storage.database_map import DatabaseMap
from keys.log_storage.tables import Tables, lock, read_leaves, read_nodes
from keys.models.log_state import THE_ROW

HEARTBEAT_MS = 12 * 3600 * 1000
VERSIONS_AT_ONCE = 16


@dataclass(frozen=True)
class Entering:
    """What a leaf is about: its type, its index, and the content that it commits to."""

    kind: int
    index: bytes
    content: bytes


@dataclass(frozen=True)
class Entered:
    """Where its leaf is, and the 32 random bytes that open the commitment."""

    position: int
    opening: bytes


class LogWriter:
    """The log, locked until the transaction ends. A log that has not begun begins here, with its genesis."""

    def __init__(self, tables: Tables) -> None:
        lock()
        self._tables = tables
        self.size = self._last_time = 0
        self._frontier: list[bytes] = []
        self._map_root = prefix_map.EMPTY
        state = tables.state.objects.filter(pk=THE_ROW).first()
        if state is None:
            state = self._begin()
        else:
            self._read_end(state.size)
        self.directory_key: bytes = state.directory_key

    def enter(self, entering: Sequence[Entering]) -> list[Entered]:
        """Add a leaf for each, with its entry in the map."""
        stored = DatabaseMap(self._tables, [one.index for one in entering], self.size)
        added, entered = [], []
        for position, one in enumerate(entering, self.size):
            opening = secrets.token_bytes(32)
            self._map_root = prefix_map.insert(stored, prefix_map.Entry(one.index, position))
            commitment = leaves.commitment(opening, one.index, one.content)
            added.append(Leaf(one.kind, _now(), one.index, commitment, self._map_root))
            entered.append(Entered(position, opening))
        stored.save()
        self._append(added)
        return entered

    def take_over(self, found: Sequence[Leaf]) -> None:
        """Add leaves as they are, of a log that this one is the beginning of. Raises Difference."""
        stored = DatabaseMap(self._tables, [leaf.index for leaf in found if leaf.type in leaves.IN_MAP], self.size)
        for position, leaf in enumerate(found, self.size):
            if leaf.type in leaves.IN_MAP:
                self._map_root = prefix_map.insert(stored, prefix_map.Entry(leaf.index, position))
            if leaf.map_root != self._map_root:
                raise Difference(position, "its map root is not what the leaves up to it give")
        stored.save()
        self._append(list(found))

    def beat(self) -> bool:
        """Add a heartbeat if the last leaf is 12 hours old; say whether it was."""
        # One from a time when the clock was ahead says as little as an old one.
        if abs(_now() - self._last_time) < HEARTBEAT_MS:
            return False
        self._append([leaves.heartbeat(_now(), self._map_root)])
        return True

    def next_version(self, username: str) -> int:
        """Return the version that a new account of this name gets: 1 unless others were called so and were deleted."""
        version = 1
        while True:
            indexes = [
                leaves.username_index(self.directory_key, username, version + further)
                for further in range(VERSIONS_AT_ONCE)
            ]
            rows = self._tables.map_entry.objects.filter(key__in=indexes)
            taken = len(set(rows.values_list("key", flat=True)))
            version += taken
            if taken < VERSIONS_AT_ONCE:
                return version

    def _begin(self) -> Any:
        directory_key, opening = secrets.token_bytes(32), secrets.token_bytes(32)
        index = leaves.genesis_index(settings.ORIGIN)
        commitment = leaves.commitment(opening, index, directory_key)
        state = self._tables.state.objects.create(pk=THE_ROW, size=0, directory_key=directory_key, opening=opening)
        self._append([Leaf(leaves.GENESIS, _now(), index, commitment, self._map_root)])
        return state

    def _read_end(self, size: int) -> None:
        parts = tree.frontier_parts(size)
        nodes = read_nodes(self._tables, parts)
        last = leaves.decode(read_leaves(self._tables, [size - 1])[size - 1])
        self.size, self._frontier = size, [nodes[number] for number in parts]
        self._map_root, self._last_time = last.map_root, last.time

    def _append(self, added: list[Leaf]) -> None:
        tables, bodies = self._tables, [leaf.encode() for leaf in added]
        nodes, self._frontier = tree.append(self.size, self._frontier, bodies)
        tables.leaf.objects.bulk_create(
            tables.leaf(position=position, body=body) for position, body in enumerate(bodies, self.size)
        )
        first = tree.node_count(self.size)
        tables.node.objects.bulk_create(
            tables.node(number=number, hash=node) for number, node in enumerate(nodes, first)
        )
        self.size += len(added)
        self._last_time = added[-1].time
        tables.state.objects.filter(pk=THE_ROW).update(size=self.size)


def _now() -> int:
    return leaves.to_the_minute(time.time_ns() // 1_000_000)
