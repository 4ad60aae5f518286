"""The header `Range`: one range, all, or a refusal."""

import pytest

from messaging.byte_range import read_range
from talk2me.errors import RangeInvalid


@pytest.mark.parametrize(
    ("header", "found"),
    [
        (None, None),
        ("bytes=0-0", (0, 0)),
        ("bytes=0-9", (0, 9)),
        ("bytes=3-5", (3, 5)),
        ("bytes=3-", (3, 9)),
        ("bytes=3-999999999999999", (3, 9)),
        ("bytes=-4", (6, 9)),
        ("bytes=-40", (0, 9)),
        ("lines=1-2", None),
        ("", None),
    ],
)
def test_one_range_is_understood_and_other_units_are_none(header, found):
    assert read_range(header, 10) == found


@pytest.mark.parametrize(
    "header",
    [
        "bytes=10-", "bytes=10-12", "bytes=5-4", "bytes=-0", "bytes=-", "bytes=", "bytes=0-1,3-4", "bytes=0-,0-,0-",
        "bytes= 0-1", "bytes=0-1 ", "bytes=a-b", "bytes=0x1-2", "bytes=--1", "bytes=0-9999999999999999",
        "bytes=\u0663-\u0665", "bytes=1-2\n",
    ],
)  # fmt: skip
def test_several_ranges_and_those_that_make_no_sense_are_refused(header):
    with pytest.raises(RangeInvalid):
        read_range(header, 10)
