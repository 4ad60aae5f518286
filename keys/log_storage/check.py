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
    nodes = _rows(TABLES.node, "number", "hash")
    opened = _opened(state)
    due = next(opened, None)
    for position, body in _rows(TABLES.leaf, "position", "body"):
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
    rows = _rows(AccountEvent, "position", "account__uid", "seq", "opening", "event")
    for position, uid, seq, opening, event in rows:
        yield position, f"event {seq} of account {uid.hex()}", leaves.account_index(uid, seq), opening, event


def _opened_names(directory_key: bytes) -> Iterator[Opened]:
    if (lost := Account.objects.filter(name_position=None).first()) is not None:
        raise Difference(f"the name of account {lost.uid.hex()}", "it was never entered")
    rows = _rows(Account, "name_position", "uid", "username", "name_version", "name_opening")
    for position, uid, username, version, opening in rows:
        index = leaves.username_index(directory_key, username, version)
        yield position, f"the name of account {uid.hex()}", index, opening, uid


def _require_opening(due: Opened, position: int, leaf: leaves.Leaf) -> None:
    _, what, index, opening, content = due
    if leaf.index != index:
        raise Difference(position, f"it is not about {what}, which says that it is")
    if leaf.commitment != leaves.commitment(opening, index, content):
        raise Difference(position, f"it does not commit to {what}")


def _require_the_map(audit: Audit) -> None:
    _require_same(_rows(TABLES.map_entry, "key", "position"), audit.map.positions, "map entry")
    nodes = _rows(TABLES.map_node, "prefix", "left", "right")
    _require_same(((prefix, (left, right)) for prefix, left, right in nodes), audit.map.nodes, "map node")


def _rows(model: Any, key: str, *fields: str) -> Iterator[Any]:
    """Give rows in the order of a unique column, some at a time."""
    rows, last = model.objects.order_by(key).values_list(key, *fields), None
    while piece := list((rows if last is None else rows.filter(**{f"{key}__gt": last}))[:ROWS_AT_ONCE]):
        yield from piece
        last = piece[-1][0]


def _require_same(rows: Iterator[Any], expected: dict[bytes, Any], what: str) -> None:
    count = 0
    for key, value in rows:
        if expected.get(key) != value:
            raise Difference(f"{what} {key.hex()}", "the leaves do not give it")
        count += 1
    if count != len(expected):
        raise Difference(what, f"there are {count}, the leaves give {len(expected)}")
