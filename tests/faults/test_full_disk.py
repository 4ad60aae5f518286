"""Where nothing more can be stored, senders are told so, readers go on reading, and room is all that it takes."""

import os

from tests.faults.full_disk import no_file_over
from tests.faults.traffic import Traffic

# PostgreSQL writes its log in files of 16 MiB, which has to go on.
POSTGRESQL_BYTES = 17 * 1024 * 1024


async def test_a_full_disk_under_sqlite_refuses_and_loses_nothing(on_sqlite, effort):
    with on_sqlite() as site:
        async with Traffic(site.place, site.ports).running() as traffic:
            async with traffic.load(effort.rate, size=16 * 1024):
                for _ in range(effort.rounds):
                    await traffic.accepted(effort.enough)
                    largest = max(entry.stat().st_size for entry in os.scandir(site.folder) if entry.is_file())
                    with no_file_over(largest + 64 * 1024, site.workers[0].pid):
                        await full(traffic)
                    await traffic.accepted(effort.enough)
            await traffic.settle()
        traffic.judge(site.database_url)
        traffic.nobody_was_cut_off()


async def test_a_full_disk_under_postgresql_refuses_and_loses_nothing(on_postgresql, postgresql, effort):
    with on_postgresql(workers=2) as site:
        async with Traffic(site.place, site.ports).running() as traffic:
            async with traffic.load(effort.rate, size=200 * 1024):
                with no_file_over(POSTGRESQL_BYTES, postgresql.pid):
                    await full(traffic)
            async with traffic.load(effort.rate):
                await traffic.accepted(effort.enough)
            await traffic.settle()
        traffic.judge(site.database_url)
        traffic.nobody_was_cut_off()


async def full(traffic: Traffic) -> None:
    """Wait until many were told that there is no room, and nothing else."""
    before = traffic.told_later("storage_failed")
    await traffic.until(lambda: traffic.told_later("storage_failed") > before + 100, "there is no room")
    assert traffic.ledger.told_later.keys() == {"storage_failed"}
    # What was accepted is read, room or not.
    await traffic.until(lambda: not traffic.unread(), "all is read")
