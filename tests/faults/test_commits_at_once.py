"""Commits of one group that reach two workers at the same time: one takes the slot, the other is told, both go on."""

import os

from tests.faults.device import Device
from tests.faults.traffic import Traffic

ROUNDS = 25


async def test_of_two_commits_at_once_exactly_one_wins(on_postgresql, effort):
    with on_postgresql(workers=2) as site:
        async with Traffic(site.place, site.ports).running() as traffic:
            traffic.commits = 0
            async with traffic.load(effort.rate):
                for number in range(ROUNDS * effort.rounds):
                    mailbox = list(site.place.conversations)[number % len(site.place.conversations)]
                    await commit_at_once(traffic, mailbox, await rivals(traffic, mailbox))
            await traffic.settle()
        traffic.judge(site.database_url)
        assert traffic.told_for_good("slot_conflict")


async def rivals(traffic: Traffic, mailbox: bytes) -> list[Device]:
    """Return readers of the mailbox at different workers, as soon as they know the same slot."""

    def readers() -> list[Device]:
        return [device for device in traffic.devices if mailbox in device.inbox.cursors and device.online]

    if len({device.port for device in readers()}) == 1:
        # By chance they are all with one worker: one of them goes to the other.
        moving = readers()[0]
        port = moving.port
        moving.hop()
        await traffic.until(lambda: moving.online and moving.port != port, "one is with the other worker")
    await traffic.until(
        lambda: len({device.inbox.cursors[mailbox].slot for device in readers()}) == 1, "all know the slot"
    )
    by_port = {device.port: device for device in readers()}
    return list(by_port.values())


async def commit_at_once(traffic: Traffic, mailbox: bytes, devices: list[Device]) -> None:
    """Let each commit for the present slot, and see that one of them got it."""
    assert len(devices) == 2
    slot = devices[0].inbox.cursors[mailbox].slot
    ids = [device.outbox.put(mailbox, os.urandom(500), "commit", slot) for device in devices]
    ledger = traffic.ledger
    await traffic.until(
        lambda: all((mailbox, id_) in ledger.accepted or (mailbox, id_) in ledger.refused for id_ in ids),
        "both commits are answered",
    )
    assert sum((mailbox, id_) in ledger.accepted for id_ in ids) == 1
    assert [ledger.refused[mailbox, id_] for id_ in ids if (mailbox, id_) in ledger.refused] == ["slot_conflict"]
