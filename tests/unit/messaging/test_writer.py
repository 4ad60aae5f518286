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
