"""Commits: one wins each slot, and all that rides with it happens with it or not at all."""

import os

import pytest
from asgiref.sync import sync_to_async

from keys.services import delete_account
from messaging.models import GroupInfo, Mailbox, Membership, Subscription
from tests.consumers.socket_client import commit, envelope, open_conversation
from tests.factories import FakeDevice, add_device, make_account, remove_device


def welcome(device: FakeDevice, body: bytes = b"welcome", id_: bytes | None = None) -> dict:
    return {"device": device.device_id, "id": id_ or os.urandom(16), "body": body}


@pytest.fixture
async def conversation(connect, alice, bob):
    """Alice's socket, Bob's socket, and their conversation in slot 1."""
    one, other = await connect(alice.device), await connect(bob.device)
    return one, other, await open_conversation(one, [alice.device, bob.device])


async def test_a_commit_takes_the_slot_and_tells_who_is_subscribed(conversation, alice, bob):
    one, other, mailbox = conversation
    accepted = await one.ask("commit.send", **commit(mailbox, 1, [alice.device, bob.device], body=b"update"))
    assert (accepted["sequence"], accepted["slot"], accepted["duplicate"]) == (2, 2, False)
    [envelope_] = (await other.push("envelope.new"))["envelopes"]
    assert (envelope_["kind"], envelope_["slot"], envelope_["body"]) == ("commit", 2, b"update")
    assert envelope_["subscribers"] == [alice.device.device_id, bob.device.device_id]
    assert envelope_["commitment"] == bytes(32)
    assert envelope_["franking"] == accepted["franking"] != bytes(32)


async def test_a_commit_that_names_another_slot_loses_and_learns_the_present_one(conversation, alice, bob):
    one, other, mailbox = conversation
    for slot in (0, 2, 7):
        answer = await other.ask("commit.send", **commit(mailbox, slot, [alice.device, bob.device]))
        assert (answer["code"], answer["slot"]) == ("slot_conflict", 1)
    assert [row["sequence"] for row in await one.drain(mailbox)] == [1]


async def test_of_many_commits_at_once_one_wins(conversation, alice, bob):
    one, other, mailbox = conversation
    for client in (one, other):
        commits = [commit(mailbox, 1, [alice.device, bob.device], body=os.urandom(9)) for _ in range(5)]
        await client.send(*({"type": "commit.send", "ref": ref, **fields} for ref, fields in enumerate(commits)))
    answers = [await client.answer(ref) for client in (one, other) for ref in range(5)]
    accepted = [answer for answer in answers if answer["type"] == "envelope.accepted"]
    assert len(accepted) == 1
    assert (await Mailbox.objects.aget(id=mailbox)).slot == 2


async def test_the_same_commit_again_is_a_duplicate(conversation, alice, bob):
    one, _, mailbox = conversation
    fields = commit(mailbox, 1, [alice.device, bob.device])
    first = await one.ask("commit.send", **fields)
    again = await one.ask("commit.send", **fields)
    assert again | {"ref": 0, "duplicate": False} == first | {"ref": 0}
    assert (await one.ask("commit.send", **fields | {"body": b"other"}))["code"] == "id_conflict"
    assert (await one.ask("envelope.send", **envelope(mailbox, id=fields["id"], slot=2)))["code"] == "id_conflict"


async def test_garbage_takes_its_slot_and_the_group_goes_on(conversation, alice, bob):
    one, other, mailbox = conversation
    devices = [alice.device, bob.device]
    garbage = await other.ask("commit.send", **commit(mailbox, 1, devices, body=os.urandom(100), group_info=b""))
    assert garbage["slot"] == 2
    assert (await one.envelope(mailbox, b"before", slot=1))["type"] == "envelope.accepted"
    assert (await one.ask("commit.send", **commit(mailbox, 2, devices)))["slot"] == 3
    assert (await one.envelope(mailbox, b"after", slot=3))["type"] == "envelope.accepted"


async def test_a_new_subscriber_gets_its_welcome_and_reads_from_behind_the_commit(connect, conversation, alice, bob):
    one, _, mailbox = conversation
    carol = await sync_to_async(make_account)()
    new = await connect(carol.device)
    await one.envelope(mailbox, b"before", slot=1)
    devices = [alice.device, bob.device, carol.device]
    await one.ask("commit.send", **commit(mailbox, 1, devices, welcomes=[welcome(carol.device, b"hello carol")]))
    await one.envelope(mailbox, b"after", slot=2)
    invitation = await new.push("envelope.new")
    assert invitation["mailbox"] == new.home
    assert [(row["kind"], row["body"]) for row in invitation["envelopes"]] == [("welcome", b"hello carol")]
    first = await new.push("envelope.new")
    assert (first["mailbox"], first["envelopes"][0]["body"]) == (mailbox, b"after")
    assert [row["body"] for row in await new.drain(mailbox)] == [b"after"]


async def test_a_welcome_waits_for_a_device_that_is_away(connect, conversation, alice, bob):
    one, _, mailbox = conversation
    carol = await sync_to_async(make_account)()
    devices = [alice.device, bob.device, carol.device]
    await one.ask("commit.send", **commit(mailbox, 1, devices, welcomes=[welcome(carol.device)]))
    new = await connect(carol.device)
    assert [row["body"] for row in await new.drain(new.home)] == [b"welcome"]


async def test_a_dropped_device_reads_up_to_the_commit_that_dropped_it(conversation, alice, bob):
    one, other, mailbox = conversation
    await one.envelope(mailbox, b"before", slot=1)
    await one.ask("commit.send", **commit(mailbox, 1, [alice.device], body=b"removal"))
    assert (await other.push("subscription.ended")) == {"type": "subscription.ended", "mailbox": mailbox, "last": 3}
    await one.envelope(mailbox, b"after", slot=2)
    assert await other.nothing_pushed()
    assert [row["body"] for row in await other.drain(mailbox)] == [b"before", b"removal"]
    assert (await other.envelope(mailbox, slot=2))["code"] == "mailbox_unknown"
    assert (await other.ask("signal.send", mailbox=mailbox, body=b"x"))["code"] == "mailbox_unknown"
    assert (await other.ask("envelope.acknowledge", mailbox=mailbox, sequence=2))["code"] == "mailbox_unknown"
    assert (await other.ask("group_info.fetch", mailbox=mailbox))["code"] == "mailbox_unknown"
    entry = next(e for e in (await other.ask("mailbox.list", after=None))["mailboxes"] if e["mailbox"] == mailbox)
    assert (entry["last"], entry["head"], entry["slot"]) == (3, 3, 0)


async def test_a_device_that_is_added_again_reads_from_behind_that_commit(conversation, alice, bob):
    one, other, mailbox = conversation
    await one.ask("commit.send", **commit(mailbox, 1, [alice.device]))
    await one.envelope(mailbox, b"not for bob", slot=2)
    await one.ask("commit.send", **commit(mailbox, 2, [alice.device, bob.device], welcomes=[welcome(bob.device)]))
    await one.envelope(mailbox, b"for bob", slot=3)
    assert [row["body"] for row in await other.drain(mailbox)] == [b"for bob"]


async def test_what_follows_a_commit_in_the_same_message_counts_with_it(conversation, alice, bob):
    one, other, mailbox = conversation
    await one.send(
        {"type": "envelope.send", "ref": 1, **envelope(mailbox, b"a", slot=1)},
        {"type": "commit.send", "ref": 2, **commit(mailbox, 1, [alice.device])},
        {"type": "envelope.send", "ref": 3, **envelope(mailbox, b"b", slot=2)},
    )
    assert [(await one.answer(ref))["sequence"] for ref in (1, 2, 3)] == [2, 3, 4]
    assert [row["sequence"] for row in await other.drain(mailbox)] == [2, 3]


async def test_another_device_of_a_member_joins_by_its_own_commit(connect, conversation, alice, bob):
    _, other, mailbox = conversation
    second = await sync_to_async(add_device)(bob)
    joiner = await connect(second)
    info = await joiner.ask("group_info.fetch", mailbox=mailbox)
    assert (info["slot"], info["sequence"], info["body"]) == (1, 1, b"group info")
    assert set(info["members"]) == {alice.account_id, bob.account_id}
    assert set(info["subscribers"]) == {alice.device.device_id, bob.device.device_id}
    assert (await joiner.envelope(mailbox, slot=1))["code"] == "mailbox_unknown"
    joined = await joiner.ask("commit.send", **commit(mailbox, 1, [alice.device, bob.device, second]))
    assert joined["slot"] == 2
    assert (await other.push("envelope.new"))["envelopes"][0]["kind"] == "commit"
    assert [row["sequence"] for row in await joiner.drain(mailbox)] == [joined["sequence"]]
    assert (await joiner.envelope(mailbox, slot=2))["type"] == "envelope.accepted"


async def test_a_stranger_cannot_join(connect, conversation, alice, bob):
    _, _, mailbox = conversation
    mallory = await sync_to_async(make_account)()
    stranger = await connect(mallory.device)
    assert (await stranger.ask("group_info.fetch", mailbox=mailbox))["code"] == "mailbox_unknown"
    fields = commit(mailbox, 1, [alice.device, bob.device, mallory.device])
    assert (await stranger.ask("commit.send", **fields))["code"] == "mailbox_unknown"


async def test_the_newest_group_info_is_kept(conversation, alice, bob):
    one, other, mailbox = conversation
    await one.ask("commit.send", **commit(mailbox, 1, [alice.device, bob.device], group_info=b"newer"))
    info = await other.ask("group_info.fetch", mailbox=mailbox)
    assert (info["slot"], info["sequence"], info["body"]) == (2, 2, b"newer")


async def test_members_are_those_of_the_last_commit(conversation, alice, bob):
    one, _, mailbox = conversation
    await one.ask("commit.send", **commit(mailbox, 1, [alice.device]))
    members = Membership.objects.filter(mailbox_id=mailbox).values_list("account", flat=True)
    assert [member async for member in members] == [alice.account_id]


@pytest.mark.parametrize(
    "case", ["not active", "unknown welcome", "no member", "without the sender", "twice", "welcome", "two welcomes"]
)
async def test_a_set_of_subscribers_that_breaks_a_rule_changes_nothing(conversation, alice, bob, case):
    one, other, mailbox = conversation
    removed = await sync_to_async(add_device)(bob)
    await sync_to_async(remove_device)(bob, removed)
    carol = await sync_to_async(make_account)()
    stranger = FakeDevice(os.urandom(16))
    both = [alice.device, bob.device]
    fields = {
        "not active": commit(mailbox, 1, [*both, removed]),
        "unknown welcome": commit(mailbox, 1, [*both, stranger], welcomes=[welcome(stranger)]),
        "no member": commit(mailbox, 1, [*both, carol.device], members=[alice.account_id, bob.account_id]),
        "without the sender": commit(mailbox, 1, [bob.device], members=[alice.account_id, bob.account_id]),
        "twice": commit(mailbox, 1, [*both, bob.device]),
        "welcome": commit(mailbox, 1, both, welcomes=[welcome(carol.device)]),
        "two welcomes": commit(mailbox, 1, both, welcomes=[welcome(bob.device), welcome(bob.device)]),
    }[case]
    assert (await one.ask("commit.send", **fields))["code"] == "subscribers_invalid"
    assert (await Mailbox.objects.aget(id=mailbox)).slot == 1
    assert await Subscription.objects.filter(mailbox_id=mailbox, last=None).acount() == 2
    assert [row["sequence"] for row in await one.drain(mailbox)] == [1]
    assert await other.drain(other.home) == []


async def test_what_a_commit_lists_of_a_deleted_account_is_left_out(connect, conversation, alice, bob):
    one, _, mailbox = conversation
    carol, dave = [await sync_to_async(make_account)() for _ in range(2)]
    await connect(dave.device)
    three = [alice.device, bob.device, carol.device]
    await one.ask("commit.send", **commit(mailbox, 1, three, welcomes=[welcome(carol.device)]))
    await sync_to_async(delete_account)(carol.account_id)
    accepted = await one.ask(
        "commit.send", **commit(mailbox, 2, [*three, dave.device], welcomes=[welcome(dave.device)])
    )
    assert accepted["type"] == "envelope.accepted"
    rows = await one.drain(mailbox)
    assert rows[-1]["subscribers"] == [device.device_id for device in (alice.device, bob.device, dave.device)]
    members = Membership.objects.filter(mailbox_id=mailbox).values_list("account", flat=True)
    assert {account async for account in members} == {alice.account_id, bob.account_id, dave.account_id}
    assert await Subscription.objects.filter(device=carol.device.device_id).acount() == 0


async def test_a_commit_whose_welcome_can_not_be_stored_changes_nothing(conversation, alice, bob, settings):
    one, other, mailbox = conversation
    settings.MAILBOX_QUOTA_BYTES = 500
    fields = commit(mailbox, 1, [alice.device, bob.device], welcomes=[welcome(bob.device, bytes(600))])
    assert (await one.ask("commit.send", **fields))["code"] == "quota_reached"
    row = await Mailbox.objects.aget(id=mailbox)
    assert (row.slot, row.head, row.bytes) == (1, 1, len(b"commit"))
    assert (await GroupInfo.objects.aget(mailbox_id=mailbox)).slot == 1
    assert (await one.envelope(mailbox, slot=1))["sequence"] == 2
    assert await other.drain(other.home) == []


async def test_a_welcome_that_is_there_already_is_not_stored_twice(conversation, alice, bob):
    one, other, mailbox = conversation
    id_ = os.urandom(16)
    both = [alice.device, bob.device]
    for slot in (1, 2):
        await one.ask("commit.send", **commit(mailbox, slot, both, welcomes=[welcome(bob.device, id_=id_)]))
    assert len(await other.drain(other.home)) == 1
    fields = commit(mailbox, 3, both, welcomes=[welcome(bob.device, b"other", id_=id_)])
    assert (await one.ask("commit.send", **fields))["code"] == "id_conflict"


async def test_a_commit_needs_a_conversation(conversation, alice):
    one, _, _ = conversation
    archive = os.urandom(16)
    await one.ask("mailbox.create", mailbox=archive, kind="archive")
    for mailbox in (archive, one.home):
        assert (await one.ask("commit.send", **commit(mailbox, 0, [alice.device])))["code"] == "mailbox_unknown"


async def test_who_is_put_back_without_a_welcome_goes_on_where_it_was(conversation, alice, bob):
    one, other, mailbox = conversation
    both = [alice.device, bob.device]
    await one.envelope(mailbox, b"before", slot=1)
    await one.ask("commit.send", **commit(mailbox, 1, [alice.device], body=b"garbage"))
    await one.envelope(mailbox, b"meanwhile", slot=2)
    await one.ask("commit.send", **commit(mailbox, 2, both, body=b"repair"))
    await one.envelope(mailbox, b"after", slot=3)
    rows = await other.drain(mailbox)
    assert [row["body"] for row in rows] == [b"before", b"garbage", b"meanwhile", b"repair", b"after"]
    assert (await other.envelope(mailbox, slot=3))["type"] == "envelope.accepted"


async def test_who_is_put_out_comes_back_by_its_own_commit_and_brings_the_others(connect, conversation, alice, bob):
    one, other, mailbox = conversation
    mallory = await sync_to_async(make_account)()
    three, liar = [alice.device, bob.device, mallory.device], await connect(mallory.device)
    await one.ask("commit.send", **commit(mailbox, 1, three, welcomes=[welcome(mallory.device)]))
    await one.envelope(mailbox, b"before", slot=2)
    for slot, body in ((2, b"garbage"), (3, b"more of it")):
        alone = commit(mailbox, slot, [mallory.device], body=body)
        assert (await liar.ask("commit.send", **alone))["type"] == "envelope.accepted"
    assert (await other.envelope(mailbox, slot=4))["code"] == "mailbox_unknown"
    # Bob can't read the second one: the slot of the commit that put him out is what he knows.
    behind = await other.ask("commit.send", **commit(mailbox, 2, three))
    assert (behind["code"], behind["slot"]) == ("slot_conflict", 3)
    back = await other.ask("commit.send", **commit(mailbox, 3, three, body=b"repair"))
    assert (back["type"], back["slot"]) == ("envelope.accepted", 5)
    assert (await one.envelope(mailbox, b"after", slot=5))["type"] == "envelope.accepted"
    for client in (one, other):
        rows = await client.drain(mailbox)
        assert [row["body"] for row in rows][-5:] == [b"before", b"garbage", b"more of it", b"repair", b"after"]
    members = Membership.objects.filter(mailbox_id=mailbox)
    assert await members.acount() == 3
    # And again: whoever was named by another may come back once more.
    for slot, honest in ((5, one), (7, other), (9, one)):
        await liar.ask("commit.send", **commit(mailbox, slot, [mallory.device]))
        assert (await honest.ask("commit.send", **commit(mailbox, slot + 1, three)))["type"] == "envelope.accepted"


async def test_who_is_rightly_removed_can_come_back_once_and_no_more(connect, conversation, alice, bob):
    one, other, mailbox = conversation
    mallory = await sync_to_async(make_account)()
    both, liar = [alice.device, bob.device], await connect(mallory.device)
    welcomes = [welcome(mallory.device)]
    await one.ask("commit.send", **commit(mailbox, 1, [*both, mallory.device], welcomes=welcomes))
    await one.ask("commit.send", **commit(mailbox, 2, both, body=b"removal"))
    back = await liar.ask("commit.send", **commit(mailbox, 3, [mallory.device]))
    assert back["type"] == "envelope.accepted"
    assert (await other.ask("commit.send", **commit(mailbox, 4, both)))["type"] == "envelope.accepted"
    for slot in (3, 4, 5):
        assert (await liar.ask("commit.send", **commit(mailbox, slot, [mallory.device])))["code"] == "mailbox_unknown"
    assert (await one.envelope(mailbox, b"in peace", slot=5))["type"] == "envelope.accepted"


async def test_who_came_back_alone_does_so_once_until_another_names_it(conversation, alice, bob):
    one, other, mailbox = conversation
    both = [alice.device, bob.device]
    for slot, expected in ((1, "envelope.accepted"), (3, "error")):
        await other.ask("commit.send", **commit(mailbox, slot, [bob.device]))
        assert (await one.ask("commit.send", **commit(mailbox, slot + 1, both)))["type"] == expected
    await other.ask("commit.send", **commit(mailbox, 4, both))
    await other.ask("commit.send", **commit(mailbox, 5, [bob.device]))
    assert (await one.ask("commit.send", **commit(mailbox, 6, both)))["type"] == "envelope.accepted"


async def test_a_device_put_out_of_its_account_s_conversation_goes_on_where_it_was(conversation, alice, bob):
    one, other, mailbox = conversation
    members = [alice.account_id, bob.account_id]
    for slot, body in ((1, b"garbage"), (2, b"more of it")):
        await other.ask("commit.send", **commit(mailbox, slot, [bob.device], members=members, body=body))
    await other.envelope(mailbox, b"meanwhile", slot=3)
    both = [alice.device, bob.device]
    assert (await one.ask("commit.send", **commit(mailbox, 2, both, body=b"repair")))["slot"] == 4
    bodies = [row["body"] for row in await one.drain(mailbox)]
    assert bodies == [b"commit", b"garbage", b"more of it", b"meanwhile", b"repair"]


async def test_who_ends_its_own_subscription_has_no_way_back_after_it_is_dropped(conversation, alice, bob):
    one, other, mailbox = conversation
    await other.ask("subscription.end", mailbox=mailbox)
    await one.ask("commit.send", **commit(mailbox, 1, [alice.device]))
    assert (await other.ask("commit.send", **commit(mailbox, 1, [bob.device])))["code"] == "mailbox_unknown"


async def test_who_fills_a_conversation_can_still_be_removed_from_it(conversation, alice, bob, settings):
    one, other, mailbox = conversation
    settings.MAILBOX_QUOTA_BYTES = 1000
    while (await other.envelope(mailbox, bytes(100), slot=1))["type"] == "envelope.accepted":
        pass
    removal = await one.ask("commit.send", **commit(mailbox, 1, [alice.device], body=bytes(150)))
    assert removal["type"] == "envelope.accepted"
    too_much = await one.ask("commit.send", **commit(mailbox, 2, [alice.device], body=bytes(1000)))
    assert too_much["code"] == "quota_reached"
