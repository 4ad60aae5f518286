"""Clocks that are wrong, differ, or jump: tokens end early or late, no envelope is lost, nobody locked out."""

import asyncio

import pytest

from tests.faults.clocks import Clocks
from tests.faults.device import Habits
from tests.faults.traffic import Traffic

HOUR = 3600
DAY = 24 * HOUR
# The product's own limits: a jump must not make anybody seem to have sent too much.
REAL_LIMITS = {"RATE_FRAMES": "6000/minute", "RATE_SIGN_IN": "600/minute", "RATE_STORED": "262144/hour"}


@pytest.fixture
def clocks(folder) -> Clocks:
    return Clocks(folder / "clocks")


@pytest.mark.parametrize("jumps", [(2 * HOUR, 0), (-2 * HOUR, 0), (-90, 90)], ids=["ahead", "behind", "seconds"])
async def test_a_clock_that_jumps_on_one_worker_loses_nothing(on_postgresql, clocks, effort, jumps):
    with on_postgresql(workers=2, **clocks.environment, **REAL_LIMITS) as site:
        async with Traffic(site.place, site.ports, Habits(hop_seconds=3)).running() as traffic:
            async with traffic.load(effort.rate):
                for _ in range(effort.rounds):
                    for jump in jumps:
                        clocks.shift(jump, site.workers[0])
                        await traffic.accepted(effort.enough)
                        # Also the worker whose clock is wrong takes people in.
                        await traffic.until(
                            lambda: any(device.online and device.port == site.ports[0] for device in traffic.devices),
                            "somebody is with the worker whose clock jumped",
                        )
            await traffic.settle()
        traffic.judge(site.database_url)
        assert not traffic.ledger.told_later


async def test_a_clock_that_jumps_everywhere_ends_tokens_and_people_sign_in_again(on_sqlite, clocks, effort):
    with on_sqlite(**clocks.environment, **REAL_LIMITS) as site:
        async with Traffic(site.place, site.ports).running() as traffic:
            async with traffic.load(effort.rate):
                await traffic.accepted(effort.enough)
                before = {device.name: device.token for device in traffic.devices}
                clocks.shift(2 * DAY)
                traffic.everyone_hops()
                await traffic.until(
                    lambda: all(device.token != before[device.name] for device in traffic.devices),
                    "everyone has signed in again",
                )
                await traffic.accepted(effort.enough)
                clocks.shift(-2 * DAY)
                traffic.everyone_hops()
                await traffic.accepted(effort.enough)
            await traffic.settle()
        traffic.judge(site.database_url)


async def test_a_job_with_a_clock_two_days_ahead_takes_nothing_away(on_postgresql, clocks, effort):
    clocks.shift(2 * DAY)
    with on_postgresql(workers=2) as site:
        async with Traffic(site.place, site.ports).running() as traffic:
            async with traffic.load(effort.rate):
                await traffic.accepted(effort.enough)
                await asyncio.to_thread(site.manage, "expire_envelopes", "--once", **clocks.environment)
                await traffic.accepted(effort.enough)
            await traffic.settle()
            await asyncio.to_thread(site.manage, "expire_envelopes", "--once", **clocks.environment)
        traffic.judge(site.database_url)
