"""`python -m benchmarks.wakeups`: what telling another worker costs, through the channel layer and by redis-py alone.

One process publishes batches of 1 KB envelopes, encoded as wake-ups are, and another hears and decodes them; the
figures are microseconds of processor time in each of the two, for each envelope. What follows from them is in
docs/decisions/wakeups_through_the_layer.md.
"""

import asyncio
import json
import os
import secrets
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Callable
from pathlib import Path

from channels_redis.pubsub import RedisPubSubChannelLayer
from redis import asyncio as redis

from cluster.valkey import Valkey
from messaging import wakeup_format
from messaging.frames import Envelope, EnvelopeNew, encode
from messaging.wakeup_format import News, Publication

ROOT = Path(__file__).resolve().parent.parent
BATCHES = (1, 8, 64)
ENVELOPES = 8000
ROUNDS = 3
GROUP = "benchmark"
ORIGIN = secrets.token_bytes(8)


def batch(envelopes: int) -> list[News]:
    """Return the news of a batch: each envelope in a mailbox of its own."""
    return [_news() for _ in range(envelopes)]


def _news() -> News:
    mailbox, body = secrets.token_bytes(16), secrets.token_bytes(1024)
    envelope = Envelope(7, mailbox, "application", 1, body, None, 0, bytes(32), bytes(32), None)
    return News(mailbox, 7, 1, 0, 1, encode(EnvelopeNew(mailbox=mailbox, head=7, slot=1, envelopes=[envelope])))


def message(news: list[News]) -> dict[str, object]:
    """Return what goes through the layer."""
    return {"type": "wakeup", "origin": ORIGIN, "body": wakeup_format.encode(Publication(0, time.time(), list(news)))}


async def tell_by_layer(url: str, batches: int, news: list[News]) -> None:
    """Publish through the channel layer."""
    layer = RedisPubSubChannelLayer(hosts=[url])
    for _ in range(batches):
        await layer.group_send(GROUP, message(news))
    await layer.flush()


async def hear_by_layer(url: str) -> AsyncIterator[bytes]:
    """Hear through the channel layer; yields nothing first, when it can be heard."""
    layer = RedisPubSubChannelLayer(hosts=[url])
    channel = await layer.new_channel()
    await layer.group_add(GROUP, channel)
    yield b""
    while True:
        yield (await layer.receive(channel))["body"]


async def tell_directly(url: str, batches: int, news: list[News]) -> None:
    """Publish with redis-py."""
    async with redis.Redis.from_url(url) as client:
        for _ in range(batches):
            await client.publish(GROUP, ORIGIN + message(news)["body"])


async def hear_directly(url: str) -> AsyncIterator[bytes]:
    """Hear with redis-py; yields nothing first, when it can be heard."""
    async with redis.Redis.from_url(url) as client, client.pubsub(ignore_subscribe_messages=True) as pubsub:
        await pubsub.subscribe(GROUP)
        yield b""
        async for heard in pubsub.listen():
            yield heard["data"][len(ORIGIN) :]


TELL = {"layer": tell_by_layer, "direct": tell_directly}
HEAR: dict[str, Callable[[str], AsyncIterator[bytes]]] = {"layer": hear_by_layer, "direct": hear_directly}


async def hear(way: str, url: str, batches: int) -> float:
    """Hear so many batches; return the seconds of processor time."""
    heard = HEAR[way](url)
    await anext(heard)
    print("ready", flush=True)
    started = time.process_time()
    for _ in range(batches):
        for one in wakeup_format.decode(await anext(heard)).wakeups:
            assert isinstance(one, News)
    return time.process_time() - started


def measure(way: str, url: str, envelopes: int) -> tuple[float, float]:
    """Return microseconds for each envelope: of who tells, of who hears."""
    batches = ENVELOPES // envelopes
    command = [sys.executable, "-m", "benchmarks.wakeups", way, url, str(batches)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as hearer:  # noqa: S603 - our own words
        assert hearer.stdout is not None
        assert hearer.stdout.readline() == "ready\n"
        started = time.process_time()
        asyncio.run(TELL[way](url, batches, batch(envelopes)))
        told = time.process_time() - started
        heard = float(hearer.stdout.readline())
    return told / ENVELOPES * 1e6, heard / ENVELOPES * 1e6


def main() -> dict[str, object]:
    """Measure both ways, print and return the least of each."""
    figures: dict[str, object] = {}
    print("processor time of a wake-up, microseconds an envelope of 1 KB")
    with tempfile.TemporaryDirectory() as folder:
        valkey = Valkey(Path(folder))
        valkey.start()
        try:
            for envelopes in BATCHES:
                sums = {}
                for way in TELL:
                    rounds = [measure(way, valkey.url, envelopes) for _ in range(ROUNDS)]
                    told, heard = (round(min(figure), 1) for figure in zip(*rounds, strict=True))
                    figures[f"{way}_{envelopes}"] = {"told": told, "heard": heard}
                    sums[way] = told + heard
                    print(f"  {way:7} batch of {envelopes:3}: {told:6} to tell, {heard:6} to hear")
                figures[f"ratio_{envelopes}"] = round(sums["layer"] / sums["direct"], 2)
                print(f"  the layer costs {figures[f'ratio_{envelopes}']} times as much")
        finally:
            valkey.stop()
    return figures


if __name__ == "__main__":
    os.environ.setdefault("SECRET_KEY", secrets.token_hex(32))
    os.environ.setdefault("FRANKING_KEY", secrets.token_hex(32))
    os.environ.setdefault("KEYLOG_KEY", secrets.token_hex(32))
    if len(sys.argv) > 1:
        print(asyncio.run(hear(sys.argv[1], sys.argv[2], int(sys.argv[3]))))
    else:
        target = ROOT / "var/bench/wakeups.json"
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(json.dumps(main(), indent=2) + "\n")
