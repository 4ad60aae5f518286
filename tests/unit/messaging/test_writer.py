"""The writer's queue: bounded by what it holds, not only by how many."""

import asyncio
from types import SimpleNamespace

from messaging import writer
from messaging.batch import Outcome
from messaging.room import Room
from messaging.store import Store
from messaging.writer import Writer
from talk2me.errors import StorageFailed


def item(size: int) -> SimpleNamespace:
    return SimpleNamespace(size=size, reply=lambda _result: None)


async def test_who_brings_much_waits_until_there_is_room():
    queue = Writer(Store(), Room(), lambda _events: None)
    half = writer.QUEUE_BYTES // 2
    await queue.submit(item(half))
    await queue.submit(item(half))
    late = [asyncio.ensure_future(queue.submit(item(half))) for _ in range(3)]
    await asyncio.sleep(0)
    assert [one.done() for one in late] == [False] * 3
    queue._take()  # noqa: SLF001 - what its loop does
    await asyncio.wait(late, return_when=asyncio.FIRST_COMPLETED)
    assert sorted(one.done() for one in late) == [False, False, True]
    for one in late:
        one.cancel()
    await asyncio.gather(*late, return_exceptions=True)


async def test_a_batch_that_cannot_be_told_does_not_end_the_writer():
    class NoDisk(Store):
        async def write(self, items):
            return Outcome(results=[StorageFailed() for _ in items], events=[None])

    def tell(_events):
        raise RuntimeError("a mistake of ours")

    queue = Writer(NoDisk(), Room(), tell)
    running = asyncio.ensure_future(queue.run())
    for _ in range(2):
        answered = asyncio.get_running_loop().create_future()
        await queue.submit(SimpleNamespace(size=1, reply=answered.set_result))
        assert isinstance(await asyncio.wait_for(answered, 10), StorageFailed)
    assert not running.done()
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)


async def until(true):
    async with asyncio.timeout(10):
        while not true():  # noqa: ASYNC110 - nothing tells
            await asyncio.sleep(0)


async def test_a_batch_is_answered_while_the_next_is_on_its_way():
    said = []
    gates = [asyncio.Event(), asyncio.Event()]

    class Slow(Store):
        async def write(self, items):
            number = items[0].number
            said.append(f"batch {number} leaves")
            await gates[number].wait()
            said.append(f"batch {number} is stored")
            return Outcome(results=[StorageFailed() for _ in items])

    def numbered(number):
        return SimpleNamespace(size=1, number=number, reply=lambda _result: said.append(f"batch {number} is answered"))

    queue = Writer(Slow(), Room(), lambda _events: None)
    running = asyncio.ensure_future(queue.run())
    await queue.submit(numbered(0))
    await until(lambda: "batch 0 leaves" in said)
    await queue.submit(numbered(1))
    gates[0].set()
    await until(lambda: "batch 0 is answered" in said)
    gates[1].set()
    await until(lambda: "batch 1 is answered" in said)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    assert said == [
        "batch 0 leaves", "batch 0 is stored", "batch 1 leaves", "batch 0 is answered", "batch 1 is stored",
        "batch 1 is answered",
    ]  # fmt: skip
