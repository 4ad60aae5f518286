"""The header `Range` (RFC 9110, 14): one range of bytes, or none."""

import re

from talk2me.errors import RangeInvalid

# No file is so large that its offsets have more digits.
_ONE = re.compile(r"bytes=(\d{0,15})-(\d{0,15})", re.ASCII)


def read_range(header: str | None, size: int) -> tuple[int, int] | None:
    """Return the first and the last byte that are asked for; None for all of them.

    Raises RangeInvalid for what begins behind the end or makes no sense, and for several ranges at once: nobody here
    needs them, and many overlapping ones make one request of many.
    """
    if header is None or not header.startswith("bytes="):
        return None
    found = _ONE.fullmatch(header)
    if found is None:
        raise RangeInvalid
    first, last = found.groups()
    if first:
        begin, end = int(first), min(int(last), size - 1) if last else size - 1
    else:
        # The last so many bytes.
        begin, end = size - min(int(last or 0), size), size - 1
    if begin > end:
        raise RangeInvalid
    return begin, end
