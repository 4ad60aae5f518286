"""JSON without its freedoms: one meaning for each text, the same one in every language that reads it."""

import json
from typing import Any

LARGEST = 2**53 - 1


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    names = dict(pairs)
    if len(names) != len(pairs):
        raise ValueError
    return names


def _unsigned(text: str) -> int:
    if text.startswith("-") or len(text) > 16 or int(text) > LARGEST:
        raise ValueError
    return int(text)


def _never(_text: str) -> Any:
    raise ValueError


def read_object(data: bytes) -> dict[str, Any]:
    """Return the object in `data`, its only numbers being integers from 0 to 2**53 - 1.

    Raises ValueError for anything else: repeated names, fractions, exponents, NaN, text that is not UTF-8 or holds half
    of a surrogate pair, nesting too deep to read.
    """
    try:
        found = json.loads(
            data.decode("utf-8"),
            object_pairs_hook=_once,
            parse_int=_unsigned,
            parse_float=_never,
            parse_constant=_never,
        )
        # Half a surrogate pair can be written as an escape; it is no text.
        json.dumps(found, ensure_ascii=False).encode("utf-8")
    except RecursionError as error:
        raise ValueError from error
    if not isinstance(found, dict):
        raise ValueError  # noqa: TRY004 - one exception for all that is not such a text
    return found
