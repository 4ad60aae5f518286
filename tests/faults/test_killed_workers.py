"""Workers that die without a word."""

import asyncio

from tests.faults.device import Habits
from tests.faults.traffic import Traffic


async def test_a_worker_killed_under_load_loses_nothing(on_postgresql, effort):
    with on_postgresql(workers=2) as site:
        async with Traffic(site.place, site.ports, Habits(hop_seconds=5)).running() as traffic:
            async with traffic.load(effort.rate):
                for _ in range(effort.rounds):
                    for worker in site.workers:
                        await traffic.accepted(effort.enough)
                        await traffic.at_acceptance(worker.kill)
                        await traffic.accepted(effort.enough)
                        await asyncio.to_thread(worker.start)
            await traffic.settle()
        traffic.judge(site.database_url)


async def test_two_workers_killed_at_once_lose_nothing(on_postgresql, effort):
    with on_postgresql(workers=2) as site:
        async with Traffic(site.place, site.ports).running() as traffic:
            async with traffic.load(effort.rate):
                for _ in range(effort.rounds):
                    await traffic.accepted(effort.enough)
                    await traffic.at_acceptance(lambda: [worker.kill() for worker in site.workers])
                    await asyncio.gather(*(asyncio.to_thread(worker.start) for worker in site.workers))
                    await traffic.accepted(effort.enough)
            await traffic.settle()
        traffic.judge(site.database_url)
