"""Rate limits: how often one address or one device may do something.

`settings.RATE_LIMITS` names them; the counts live in memory, or in Redis when there is one, and never hold an address:
only a keyed hash of it, which nobody without SECRET_KEY can compare with anything.

A Redis that is gone or hangs must not stop anybody: each process then counts for itself, and tries it again later.
"""

import asyncio
import ipaddress
import logging
import math
import time
from contextlib import suppress
from functools import cache
from typing import cast

from django.conf import settings
from django.utils.crypto import salted_hmac
from limits import RateLimitItem, parse
from limits.storage import MemoryStorage, Storage, storage_from_string
from limits.strategies import SlidingWindowCounterRateLimiter
from redis.backoff import NoBackoff
from redis.exceptions import RedisClusterException, RedisError
from redis.retry import Retry

from talk2me.errors import RateLimited
from talk2me.redis import parse_redis_url

logger = logging.getLogger(__name__)

# Requests wait for the answer: it comes in a millisecond, or is not waited for, nor asked for again soon.
PATIENCE_SECONDS = 0.25
AWAY_SECONDS = 5.0


class _Away:
    """Until when, in monotonic seconds, Redis is not asked."""

    until = 0.0


@cache
def _storage(redis_url: str) -> Storage:
    if not redis_url:
        return MemoryStorage()
    address, options = parse_redis_url(redis_url).limits_storage()
    options |= {"socket_timeout": PATIENCE_SECONDS, "socket_connect_timeout": PATIENCE_SECONDS}
    options["retry"] = Retry(NoBackoff(), 0)
    return cast("Storage", storage_from_string(address, **options))


@cache
def _item(notation: str) -> RateLimitItem:
    return parse(notation)


def hit(name: str, key: bytes, *, cost: int = 1) -> None:
    """Count `cost` against the limit called `name` for `key` (an address key, a device or an account id).

    Raises RateLimited, with the seconds to wait. Unless `is_local` this blocks for one round trip, PATIENCE_SECONDS at
    most: an event loop leaves that to a thread.
    """
    notation = settings.RATE_LIMITS[name]
    if not notation:
        return
    item = _item(notation)
    if not is_local():
        try:
            _count(settings.REDIS_URL, item, name, key, cost)
        except (RedisError, RedisClusterException, OSError) as error:
            logger.warning("limits are counted in each process for now: %s", type(error).__name__)
            _Away.until = time.monotonic() + AWAY_SECONDS
        else:
            return
    _count("", item, name, key, cost)


def is_local() -> bool:
    """Whether counts are in this process, so that nothing waits."""
    return not settings.REDIS_URL or time.monotonic() < _Away.until


def hit_later(name: str, key: bytes, *, cost: int) -> None:
    """Count without waiting and without an answer; from the event loop."""

    def count() -> None:
        with suppress(RateLimited):
            hit(name, key, cost=cost)

    asyncio.get_running_loop().run_in_executor(None, count)


def _count(redis_url: str, item: RateLimitItem, name: str, key: bytes, cost: int) -> None:
    limiter = SlidingWindowCounterRateLimiter(_storage(redis_url))
    if not limiter.hit(item, name, key.hex(), cost=cost):
        reset = limiter.get_window_stats(item, name, key.hex()).reset_time
        raise RateLimited(retry_after=max(1, math.ceil(reset - time.time())))


def is_this_machine(peer: str, forwarded_for: str = "") -> bool:
    """Tell whether a client is on this machine: then all the world may be behind one address."""
    parsed = _parsed(_address(peer, forwarded_for))
    return parsed is not None and parsed.is_loopback


def address_key(peer: str, forwarded_for: str = "") -> bytes:
    """Return the key of a client's address, 16 bytes.

    `peer` is the address of the connection and `forwarded_for` the X-Forwarded-For header, of which the entry that our
    outermost trusted proxy wrote counts (settings.TRUSTED_PROXIES of them, from the right). IPv6 clients choose among
    2**64 addresses of their own, so these count as one.
    """
    address = _address(peer, forwarded_for)
    parsed = _parsed(address)
    if isinstance(parsed, ipaddress.IPv6Address):
        address = str(ipaddress.ip_network((parsed, 64), strict=False))
    elif parsed is not None:
        address = str(parsed)
    return salted_hmac("talk2me.limits", address, algorithm="sha256").digest()[:16]


def _address(peer: str, forwarded_for: str) -> str:
    hops = [hop.strip() for hop in forwarded_for.split(",") if hop.strip()]
    trusted = settings.TRUSTED_PROXIES
    return hops[-trusted] if trusted and len(hops) >= trusted else peer


def _parsed(address: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    """Read an address, some proxies write the port behind it; one of IPv4 in IPv6 clothes is what it is."""
    without_port = address[1:].partition("]")[0] if address.startswith("[") else address
    if without_port.count(":") == 1:
        without_port = without_port.partition(":")[0]
    try:
        parsed = ipaddress.ip_address(without_port)
    except ValueError:
        return None
    return (parsed.ipv4_mapped if isinstance(parsed, ipaddress.IPv6Address) else None) or parsed


def forget_all() -> None:
    """Forget every count; tests start from here."""
    _Away.until = 0.0
    for redis_url in {settings.REDIS_URL, ""}:
        _storage(redis_url).reset()
