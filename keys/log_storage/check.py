"""Comparing the stored log with what its leaves, and the events that are still there, say it has to be."""

from collections.abc import Iterator
from contextlib import contextmanager
from heapq import merge
from typing import Any

from django.conf import settings
from django.db import connection, transaction

from keys.key_log import leaf as leaves
from keys.key_log import tree
from keys.key_log.audit import Audit, Difference
from keys.log_storage.tables import TABLES
from keys.models import Account, AccountEvent, LogState

ROWS_AT_ONCE = 2000
# Position of its leaf, what it is, its index, opening and content.
Opened = tuple[int, str, bytes, bytes, bytes]


@contextmanager
def one_moment() -> Iterator[None]:
    """See the database as it is now until the end, while others write."""
    if connection.in_atomic_block:
        yield
    elif connection.vendor == "postgresql":
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            yield
    else:
        # Django's own transactions are writers from the start (talk2me/settings.py), and would keep others waiting.
        with connection.cursor() as cursor:
            cursor.execute("BEGIN")
            try:
                yield
            finally:
                cursor.execute("ROLLBACK")


def check_log() -> Audit:
    """Compute the whole log again and return it. Raises Difference at the first one, in the order of the log."""
    state = LogState.objects.first()
    audit = Audit()
    if state is not None:
        _check_leaves(audit, state)
    _require_the_map(audit)
    if audit.size != (state.size if state else 0):
        raise Difference("state", f"there are {audit.size} leaves, it says {state.size if state else 0}")
    return audit


def _check_leaves(audit: Audit, state: LogState) -> None:
    # In the order of their numbers, which is that in which leaves complete them.
    nodes = TABLES.node.objects.order_by("number").values_list("number", "hash").iterator(ROWS_AT_ONCE)
    opened = _opened(state)
    due = next(opened, None)
    rows = TABLES.leaf.objects.order_by("position").values_list("position", "body").iterator(ROWS_AT_ONCE)
    for position, body in rows:
        if position != audit.size:
            raise Difference(audit.size, "it is missing")
        leaf, added = audit.add(body)
        while due is not None and due[0] <= position:
            _require_opening(due, position, leaf)
            due = next(opened, None)
        for node in enumerate(added, tree.node_count(position)):
            if next(nodes, None) != node:
                raise Difference(position, f"the tree node {node[0]} is missing or another one")
    if due is not None:
        raise Difference(due[1], f"its leaf, at {due[0]}, is missing")
    if (further := next(nodes, None)) is not None:
        raise Difference(f"tree node {further[0]}", "no leaf gives it")


def _opened(state: LogState) -> Iterator[Opened]:
    """Give what is known of leaves by those who can open them, in the order of the log."""
    genesis = (0, "the genesis", leaves.genesis_index(settings.ORIGIN), state.opening, state.directory_key)
    return merge([genesis], _opened_events(), _opened_names(state.directory_key), key=lambda one: one[0])


def _opened_events() -> Iterator[Opened]:
    fields = ("position", "account__uid", "seq", "opening", "event")
    rows = AccountEvent.objects.order_by("position").values_list(*fields)
    for position, uid, seq, opening, event in rows.iterator(ROWS_AT_ONCE):
        yield position, f"event {seq} of account {uid.hex()}", leaves.account_index(uid, seq), opening, event


def _opened_names(directory_key: bytes) -> Iterator[Opened]:
    fields = ("name_position", "uid", "username", "name_version", "name_opening")
    rows = Account.objects.order_by("name_position").values_list(*fields)
    for position, uid, username, version, opening in rows.iterator(ROWS_AT_ONCE):
        what = f"the name of account {uid.hex()}"
        if position is None or version is None or opening is None:
            raise Difference(what, "it was never entered")
        yield position, what, leaves.username_index(directory_key, username, version), opening, uid


def _require_opening(due: Opened, position: int, leaf: leaves.Leaf) -> None:
    at, what, index, opening, content = due
    if at < position:
        raise Difference(what, f"its leaf is said to be at {at}, where another one's is")
    if leaf.index != index:
        raise Difference(position, f"it is not about {what}, which says that it is")
    if leaf.commitment != leaves.commitment(opening, index, content):
        raise Difference(position, f"it does not commit to {what}")


def _require_the_map(audit: Audit) -> None:
    found = audit.map
    _require_same(TABLES.map_entry.objects.values_list("key", "position"), dict(found.positions), "map entry")
    rows: Any = TABLES.map_node.objects.values_list("prefix", "left", "right")
    nodes = ((prefix, (left, right)) for prefix, left, right in rows.iterator(ROWS_AT_ONCE))
    _require_same(nodes, found.nodes, "map node")


def _require_same(rows: Any, expected: dict[bytes, Any], what: str) -> None:
    count = 0
    for key, value in rows:
        if expected.get(key) != value:
            raise Difference(f"{what} {key.hex()}", "the leaves do not give it")
        count += 1
    if count != len(expected):
        raise Difference(f"{what}s", f"there are {count}, the leaves give {len(expected)}")
