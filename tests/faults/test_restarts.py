"""Workers restarted one after another, as for a new release: everyone is told to come back, and nobody notices."""

import asyncio

import pytest

from tests.faults.traffic import Traffic


@pytest.mark.parametrize("server", ["uvicorn", "daphne"])
async def test_workers_restarted_one_after_another_lose_nothing(on_postgresql, effort, server):
    with on_postgresql(workers=2, ASGI_SERVER=server) as site:
        async with Traffic(site.place, site.ports).running() as traffic:
            async with traffic.load(effort.rate):
                for _ in range(effort.rounds):
                    for worker in site.workers:
                        await traffic.accepted(effort.enough)
                        await asyncio.to_thread(worker.stop, 20)
                        assert worker.exit_code == 0, worker.end_of_log()
                        await traffic.accepted(effort.enough)
                        await asyncio.to_thread(worker.start)
            await traffic.settle()
            assert traffic.goodbyes().keys() == {"going_away"}, traffic.goodbyes()
        traffic.judge(site.database_url)
