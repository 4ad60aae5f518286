"""The franking tag: bound to everything that the page says it covers."""

import hashlib
import hmac

import pytest

from messaging.franking import franking_tag

WHOLE = (bytes(32), b"m" * 16, 5, b"a" * 16, 1_800_000_000)


def test_it_is_the_hmac_that_the_page_describes(settings):
    data = b"talk2me/1 franking tag\0" + bytes(32) + b"m" * 16 + (5).to_bytes(8, "big") + b"a" * 16
    data += (1_800_000_000).to_bytes(8, "big")
    assert franking_tag(*WHOLE) == hmac.new(settings.FRANKING_KEY.encode(), data, hashlib.sha256).digest()


@pytest.mark.parametrize(("place", "other"), list(enumerate((b"\1" * 32, b"n" * 16, 6, b"b" * 16, 1_800_000_060))))
def test_any_other_part_gives_another_tag(place, other):
    changed = list(WHOLE)
    changed[place] = other
    assert franking_tag(*changed) != franking_tag(*WHOLE)


def test_another_key_gives_another_tag(settings):
    before = franking_tag(*WHOLE)
    settings.FRANKING_KEY += "."
    assert franking_tag(*WHOLE) != before
