"""Columns as PostgreSQL's binary arrays, to `unnest`: one parameter for a column of a batch.

psycopg packs a list value by value in Python; these join whole columns at once, for a tenth of the time. The format:
number of dimensions, whether there are nulls, type of the elements, length, lower bound; then length and bytes of each.
"""

import struct
from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import chain, repeat

BYTEA = 17
INT8 = 20

_HEAD = struct.Struct("!5i")
_NULL = b"\xff\xff\xff\xff"


def fixed(values: Sequence[bytes], width: int) -> bytes:
    """Return a bytea[] of values that all have `width` bytes."""
    length = width.to_bytes(4, "big")
    return b"".join((_head(BYTEA, len(values)), length if values else b"", length.join(values)))


def ids(values: Sequence[bytes]) -> bytes:
    """Return a bytea[] of ids."""
    return fixed(values, 16)


def blobs(values: Sequence[bytes | None]) -> bytes:
    """Return a bytea[] of values of any length."""
    return _any(BYTEA, values)


def number(value: int) -> bytes:
    """Return one bigint."""
    return value.to_bytes(8, "big", signed=True)


def numbers(values: Sequence[int]) -> bytes:
    """Return a bigint[]."""
    return _pairs(len(values)).pack(1, 0, INT8, len(values), 1, *chain.from_iterable(zip(repeat(8), values)))


def numbers_or_nulls(values: Sequence[int | None]) -> bytes:
    """Return a bigint[] in which there may be nulls."""
    if None not in values:
        return numbers([value for value in values if value is not None])
    return _any(INT8, [None if value is None else number(value) for value in values])


def _any(element: int, values: Iterable[bytes | None]) -> bytes:
    parts = [b""]
    for value in values:
        if value is None:
            parts.append(_NULL)
        else:
            parts.append(len(value).to_bytes(4, "big"))
            parts.append(value)
    nulls = parts.count(_NULL)
    parts[0] = _head(element, (len(parts) - 1 + nulls) // 2, has_nulls=bool(nulls))
    return b"".join(parts)


def _head(element: int, length: int, *, has_nulls: bool = False) -> bytes:
    return _HEAD.pack(1, has_nulls, element, length, 1)


@lru_cache(maxsize=1024)
def _pairs(length: int) -> struct.Struct:
    return struct.Struct("!5i" + "iq" * length)
