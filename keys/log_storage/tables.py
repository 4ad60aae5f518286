"""The tables of the log, and plain reading of them.

They come as an argument: migrations enter old accounts through models as they were then.
"""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any, TypeVar

from django.db import connection

from keys import models

# What SQLite took in one statement at its oldest.
MOST_PARAMETERS = 900
# Any number that nothing else in this database locks: "key log" as letters.
LOCK = int.from_bytes(b"key log", "big")

One = TypeVar("One")


@dataclass(frozen=True)
class Tables:
    """Models, of Django's own registry or of a migration's."""

    leaf: Any
    node: Any
    map_node: Any
    map_entry: Any
    state: Any


TABLES = Tables(models.LogLeaf, models.LogNode, models.LogMapNode, models.LogMapEntry, models.LogState)


def lock() -> None:
    """Be the only writer until the transaction ends. SQLite has one writer anyway.

    Whoever takes it takes no other lock after it, so that nobody can wait in a circle.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])


def read_nodes(tables: Tables, numbers: Collection[int]) -> dict[int, bytes]:
    """Return the hashes of the stored nodes of the tree."""
    found: dict[int, bytes] = {}
    for some in in_pieces(sorted(numbers), MOST_PARAMETERS):
        found |= dict(tables.node.objects.filter(number__in=some).values_list("number", "hash"))
    return found


def read_leaves(tables: Tables, positions: Collection[int]) -> dict[int, bytes]:
    """Return the bytes of the leaves at `positions`."""
    return dict(tables.leaf.objects.filter(position__in=positions).values_list("position", "body"))


def in_pieces(found: Iterable[One], size: int) -> Iterator[list[One]]:
    """Give `found` in lists of `size`."""
    rest = iter(found)
    while piece := list(islice(rest, size)):
        yield piece
