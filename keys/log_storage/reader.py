"""Reading the log for an answer, at one size, while others add to it.

Leaves and nodes of the tree never change, so those below a size that was read can be read at leisure. The map is only
there as it is now; whether what was read of it is of one moment, and of which, its root says: the last leaf has the
right one. So nothing is locked, and what does not fit is read again.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from django.db import transaction

from keys import log_key
from keys.key_log import leaf as leaves
from keys.key_log import prefix_map, serve, tree
from keys.key_log.checkpoint import sign_checkpoint
from keys.log_storage.database_map import DatabaseMap
from keys.log_storage.tables import TABLES, lock, read_leaves, read_nodes
from keys.log_storage.writer import LogWriter
from keys.models import LogState

# Each fails only if somebody added to the log within these milliseconds.
TRIES = 5

Found = TypeVar("Found")


class Moved(Exception):
    """What was read is not of one moment."""


@dataclass(frozen=True)
class Wanted:
    """An entry to prove; `index_of` makes the index of any version of it."""

    version: int
    position: int
    opening: bytes
    index_of: Callable[[int], bytes]
    newest: bool = True


@dataclass(frozen=True)
class Snapshot:
    """The log at one size. `leaves` and `nodes` are those that were asked for, by position and number."""

    tail: serve.Tail
    leaves: Mapping[int, bytes]
    nodes: Mapping[int, bytes]
    shown: Mapping[str, serve.Shown]
    state: LogState

    @property
    def frontier(self) -> list[bytes]:
        """The roots of the complete subtrees, largest first."""
        return [self.nodes[number] for number in tree.frontier_parts(self.tail.size)]

    def note(self) -> str:
        """Return the signed checkpoint."""
        return sign_checkpoint(self.tail.size, tree.fold(self.frontier), log_key.signer())

    def log_object(self) -> dict[str, Any]:
        """Return the `log` of an answer."""
        return serve.log_object(self.note(), self.tail, self.nodes, self.shown)


def steadily(read: Callable[[], Found]) -> Found:
    """Return what `read` does, again when it raises Moved, at last with the log locked.

    Not inside a transaction: what that has written may never commit, and what is read here will be signed.
    """
    _refuse_inside_transaction()
    for _ in range(TRIES):
        try:
            return read()
        except Moved:
            continue
    with transaction.atomic(durable=True):
        lock()
        return read()


def snapshot(since: int = 0, wanted: Mapping[str, Wanted] | None = None, positions: Collection[int] = ()) -> Snapshot:
    """Return the log as it is, with what is `wanted`; the leaves at `positions` too, with what proves them.

    Raises Moved when it grew meanwhile, or when one of the wanted is no longer the newest.
    """
    asked = wanted or {}
    state = _state()
    size = state.size
    shown_positions = [one.position for one in asked.values()]
    if any(position >= size for position in shown_positions):
        raise Moved
    bodies = read_leaves(TABLES, {size - 1, *positions, *shown_positions})
    nodes = read_nodes(TABLES, serve.needed_nodes(size, since, [*positions, *shown_positions]))
    shown = _shown(asked, bodies, size) if asked else {}
    return Snapshot(serve.Tail(size, since, bodies[size - 1]), bodies, nodes, shown, state)


def head_size() -> int:
    """Return how many leaves have committed."""
    return _state().size


def _shown(wanted: Mapping[str, Wanted], bodies: Mapping[int, bytes], size: int) -> dict[str, serve.Shown]:
    entries = {name: prefix_map.Entry(one.index_of(one.version), one.position) for name, one in wanted.items()}
    nexts = {name: one.index_of(one.version + 1) for name, one in wanted.items() if one.newest}
    present_keys = [entry.key for entry in entries.values()]
    stored = DatabaseMap(TABLES, [*present_keys, *nexts.values()], size, known=entries.values())
    map_root = leaves.decode(bodies[size - 1]).map_root
    present = {name: prefix_map.prove(stored, entry.key) for name, entry in entries.items()}
    absent = {name: prefix_map.prove(stored, key) for name, key in nexts.items()}
    if any(proof.root != map_root for proof in (*present.values(), *absent.values())):
        raise Moved
    if any(proof.end is not None and proof.end.key == nexts[name] for name, proof in absent.items()):
        raise Moved
    return {
        name: serve.Shown(one.version, one.position, bodies[one.position], one.opening, present[name], absent.get(name))
        for name, one in wanted.items()
    }


def _state() -> LogState:
    state = LogState.objects.first()
    if state is None:
        with transaction.atomic(durable=True):
            LogWriter(TABLES)
        state = LogState.objects.get()
    return state


def _refuse_inside_transaction() -> None:
    blocks = transaction.get_connection().atomic_blocks
    if blocks and not blocks[-1]._from_testcase:  # noqa: SLF001 - as Django's own durable blocks tell tests from others
        raise transaction.TransactionManagementError
