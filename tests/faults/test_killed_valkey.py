"""Wake-ups are lost with the server that carries them; envelopes are not, and nobody waits for that server."""

import asyncio

import pytest

from tests.faults.traffic import Traffic


async def test_valkey_killed_under_load_and_back_delays_and_loses_nothing(on_postgresql, effort):
    with on_postgresql(workers=2) as site:
        async with Traffic(site.place, site.ports).running() as traffic:
            async with traffic.load(effort.rate):
                for _ in range(effort.rounds):
                    await traffic.accepted(effort.enough)
                    site.valkey.kill()
                    await traffic.accepted(effort.enough)
                    await asyncio.to_thread(site.valkey.start)
                    await traffic.accepted(effort.enough)
            await traffic.settle()
        traffic.judge(site.database_url)
        traffic.nobody_was_cut_off()


async def test_valkey_that_never_comes_back_delays_and_loses_nothing(on_postgresql, effort):
    with on_postgresql(workers=2) as site:
        async with Traffic(site.place, site.ports).running() as traffic:
            async with traffic.load(effort.rate):
                await traffic.accepted(effort.enough)
                site.valkey.kill()
                await traffic.accepted(effort.enough * effort.rounds)
            await traffic.settle()
        traffic.judge(site.database_url)
        traffic.nobody_was_cut_off()


async def test_workers_that_start_without_valkey_find_it_later(on_postgresql, effort):
    with on_postgresql(workers=2) as site:
        site.valkey.kill()
        for worker in site.workers:
            await asyncio.to_thread(worker.stop)
            await asyncio.to_thread(worker.start)
        async with Traffic(site.place, site.ports).running() as traffic:
            async with traffic.load(effort.rate):
                await traffic.accepted(effort.enough)
                await asyncio.to_thread(site.valkey.start)
                await traffic.accepted(effort.enough)
            await traffic.settle()
        traffic.judge(site.database_url)


@pytest.mark.parametrize("workers", [1, 2])
async def test_a_paused_valkey_stops_neither_acceptance_nor_delivery(on_postgresql, effort, workers):
    with on_postgresql(workers) as site:
        async with Traffic(site.place, site.ports).running() as traffic:
            async with traffic.load(effort.rate):
                await traffic.accepted(effort.enough)
                site.valkey.pause()
                await traffic.accepted(effort.enough * effort.rounds)
            # All of it is read before the pause ends: on the same worker at once, on the other by its periodic check.
            await traffic.settle()
            site.valkey.resume()
            async with traffic.load(effort.rate):
                await traffic.accepted(effort.enough)
            await traffic.settle()
        traffic.judge(site.database_url)
        traffic.nobody_was_cut_off()
