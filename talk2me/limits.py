"""Rate limits: how often one address or one device may do something.

`settings.RATE_LIMITS` names them; the counts live in memory, or in Redis when there is one, and never hold an address:
only a keyed hash of it, which nobody without SECRET_KEY can compare with anything.
"""

import ipaddress
import math
import time
from functools import cache
from typing import cast

from django.conf import settings
from django.utils.crypto import salted_hmac
from limits import RateLimitItem, parse
from limits.storage import MemoryStorage, Storage, storage_from_string
from limits.strategies import SlidingWindowCounterRateLimiter

from talk2me.errors import RateLimited
from talk2me.redis import parse_redis_url


@cache
def _storage(redis_url: str) -> Storage:
    if not redis_url:
        return MemoryStorage()
    address, options = parse_redis_url(redis_url).limits_storage()
    return cast("Storage", storage_from_string(address, **options))


@cache
def _item(notation: str) -> RateLimitItem:
    return parse(notation)


def hit(name: str, key: bytes, *, cost: int = 1) -> None:
    """Count `cost` against the limit called `name` for `key` (an address key, a device or an account id).

    Raises RateLimited, with the seconds to wait. With Redis this blocks for one round trip.
    """
    notation = settings.RATE_LIMITS[name]
    if not notation:
        return
    item = _item(notation)
    limiter = SlidingWindowCounterRateLimiter(_storage(settings.REDIS_URL))
    if not limiter.hit(item, name, key.hex(), cost=cost):
        reset = limiter.get_window_stats(item, name, key.hex()).reset_time
        raise RateLimited(retry_after=max(1, math.ceil(reset - time.time())))


def address_key(peer: str, forwarded_for: str = "") -> bytes:
    """Return the key of a client's address, 16 bytes.

    `peer` is the address of the connection and `forwarded_for` the X-Forwarded-For header, of which the entry that our
    outermost trusted proxy wrote counts (settings.TRUSTED_PROXIES of them, from the right). IPv6 clients choose among
    2**64 addresses of their own, so these count as one.
    """
    hops = [hop.strip() for hop in forwarded_for.split(",") if hop.strip()]
    trusted = settings.TRUSTED_PROXIES
    address = hops[-trusted] if trusted and len(hops) >= trusted else peer
    try:
        parsed = ipaddress.ip_address(address)
        if isinstance(parsed, ipaddress.IPv6Address):
            address = str(parsed.ipv4_mapped or ipaddress.ip_network((parsed, 64), strict=False))
    except ValueError:
        pass
    return salted_hmac("talk2me.limits", address, algorithm="sha256").digest()[:16]


def forget_all() -> None:
    """Forget every count; tests start from here."""
    _storage(settings.REDIS_URL).reset()
