"""Whatever devices do at once: contiguous sequences, and each envelope accepted exactly once."""

import asyncio
import os
from collections import Counter

import pytest
from asgiref.sync import sync_to_async
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from messaging.models import Envelope
from tests.consumers.socket_client import Client, commit, envelope, open_conversation
from tests.factories import make_account

DEVICES = 3
# What one device does, in its order: send a new envelope, send its last one again, wait for its answers, commit.
STEPS = st.lists(st.sampled_from(["send", "again", "wait", "commit"]), min_size=1, max_size=8)


class Actor:
    """A device that keeps what it sent and what was answered."""

    def __init__(self, client: Client, mailbox: bytes, devices) -> None:
        self.client, self.mailbox, self.devices = client, mailbox, devices
        self.sent: dict[int, dict] = {}
        self.answers: dict[int, dict] = {}

    async def ask(self, type_: str, fields: dict) -> None:
        ref = len(self.sent)
        self.sent[ref] = fields
        await self.client.send({"type": type_, "ref": ref, **fields})

    async def wait(self) -> None:
        for ref in self.sent.keys() - self.answers.keys():
            self.answers[ref] = await self.client.answer(ref)

    async def act(self, steps: list[str]) -> None:
        slot = 1
        for step in steps:
            before = [fields for fields in self.sent.values() if "kind" in fields]
            if step == "wait":
                await self.wait()
                slot = max([slot, *(answer.get("slot", 0) for answer in self.answers.values())])
            elif step == "commit":
                await self.ask("commit.send", commit(self.mailbox, slot, self.devices, body=os.urandom(8)))
            elif step == "again" and before:
                await self.ask("envelope.send", before[-1])
            else:
                await self.ask("envelope.send", envelope(self.mailbox, os.urandom(8), slot=slot))
        await self.wait()


@pytest.fixture
async def three(connect):
    accounts = [await sync_to_async(make_account)() for _ in range(DEVICES)]
    return [account.device for account in accounts], [await connect(account.device) for account in accounts]


@given(plans=st.lists(STEPS, min_size=DEVICES, max_size=DEVICES))
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
async def test_sequences_are_contiguous_and_each_envelope_is_accepted_once(three, plans):
    devices, clients = three
    mailbox = await open_conversation(clients[0], devices)
    actors = [Actor(client, mailbox, devices) for client in clients]
    await asyncio.gather(*(actor.act(steps) for actor, steps in zip(actors, plans, strict=True)))

    answers = [(a.sent[ref], answer) for a in actors for ref, answer in a.answers.items()]
    accepted = [(fields, answer) for fields, answer in answers if answer["type"] == "envelope.accepted"]
    rows = [row async for row in Envelope.objects.filter(mailbox_id=mailbox).order_by("sequence")]

    assert {answer["code"] for _, answer in answers if answer["type"] == "error"} <= {"slot_conflict", "slot_stale"}
    assert [row.sequence for row in rows] == list(range(1, len(rows) + 1))
    firsts = Counter(fields["id"] for fields, answer in accepted if not answer["duplicate"])
    assert set(firsts.values()) <= {1}
    assert {row.id for row in rows[1:]} == set(firsts)
    place = {row.id: row for row in rows}
    for fields, answer in accepted:
        row = place[fields["id"]]
        assert (answer["sequence"], answer["slot"], row.body) == (row.sequence, row.slot, fields["body"])
    commits = [row.slot for row in rows if row.subscribers is not None]
    assert commits == list(range(1, len(commits) + 1))
    for client in clients:
        assert [row["id"] for row in await client.drain(mailbox, after=1)] == [row.id for row in rows[1:]]
        client.pushed.clear()
