"""The database dies, or stops answering: what it had accepted is there again, and the rest is sent again."""

import asyncio

from tests.faults.freeze import frozen
from tests.faults.traffic import Traffic


async def test_postgresql_killed_under_load_has_everything_that_was_accepted(on_postgresql, postgresql, effort):
    with on_postgresql(workers=2) as site:
        async with Traffic(site.place, site.ports).running() as traffic:
            async with traffic.load(effort.rate):
                for _ in range(effort.rounds + 1):
                    await traffic.accepted(effort.enough)
                    await traffic.at_acceptance(postgresql.kill)
                    await traffic.until(lambda: traffic.told_later("storage_failed"), "somebody is told to try later")
                    await asyncio.to_thread(postgresql.start)
                    await traffic.accepted(effort.enough)
            await traffic.settle()
        traffic.judge(site.database_url)


async def test_postgresql_paused_under_load_loses_nothing(on_postgresql, postgresql, effort):
    with on_postgresql(workers=2) as site:
        async with Traffic(site.place, site.ports).running() as traffic:
            async with traffic.load(effort.rate):
                for _ in range(effort.rounds):
                    await traffic.accepted(effort.enough)
                    with frozen(postgresql.pid):
                        await traffic.offers(100)
                    await traffic.accepted(effort.enough)
            await traffic.settle()
        traffic.judge(site.database_url)
