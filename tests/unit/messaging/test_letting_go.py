"""What a lower quota would free is what the real clearing frees, for any cursors, sizes and ages."""

import random
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from messaging import statements
from messaging.letting_go import Stored, let_go
from messaging.models import Envelope, Mailbox, MailboxKind, Subscription
from messaging.services.count_over_quotas import count_crowded
from messaging.services.expire_envelopes import clear_mailboxes
from messaging.services.make_room import make_room

NOW = 10**9
rows = st.lists(st.tuples(st.integers(0, 1000), st.sampled_from([0, NOW - 7200, NOW])), max_size=20).map(
    lambda pairs: [Stored(place, size, minute) for place, (size, minute) in enumerate(pairs, start=1)]
)


@given(st.lists(st.integers(0, 20), max_size=6), rows, st.integers(1, 10_000))
def test_it_ends_with_room_or_with_nobody_left_to_let_go(
    cursors: list[int], stored: list[Stored], crowded: int
) -> None:
    cursors = [min(cursor, len(stored)) for cursor in cursors]
    found = let_go(cursors, stored, crowded, NOW - 3600)
    before = sum(row.size for row in stored if row.sequence > min(cursors, default=0))
    assert found.bytes + found.left == before
    # Whoever has read the most keeps the claim, and what that one has not read stays.
    assert found.devices <= sum(cursor < max(cursors, default=0) for cursor in cursors)
    assert found.left >= sum(row.size for row in stored if row.sequence > max(cursors, default=0))
    assert (found.devices == 0) <= (found.envelopes == 0)
    if before < crowded:
        assert found.devices == 0


def test_what_came_a_moment_ago_makes_nobody_away() -> None:
    stored = [Stored(1, 100, NOW), Stored(2, 100, NOW)]
    assert let_go([0, 2], stored, 100, NOW - 3600).devices == 0
    assert let_go([0, 2], stored, 100, NOW) == (1, 2, 200, 0)


@pytest.mark.django_db
@pytest.mark.parametrize("seed", range(6))
def test_what_is_counted_is_what_really_goes(settings, seed: int) -> None:
    dice = random.Random(seed)  # noqa: S311 - a seeded draw
    settings.MAILBOX_QUOTA_BYTES = quota = dice.choice([2000, 4000, 6000])
    mailbox = Mailbox.objects.create(id=bytes(16), kind=MailboxKind.CONVERSATION, minute=0, head=30)
    cursors = [dice.randint(0, 30) for _ in range(4)]
    for number, cursor in enumerate(cursors):
        ids = {"device": bytes([number] * 16), "account": bytes([number] * 16)}
        Subscription.objects.create(mailbox=mailbox, first=1, acknowledged=cursor, **ids)
    old = int(time.time()) - 7200
    for place in range(1, 31):
        body = bytes(dice.randint(1, 400))
        row = {"id": bytes([place] * 16), "kind": 1, "slot": 0, "hash": bytes(32), "minute": old, "body": body}
        Envelope.objects.create(mailbox=mailbox, sequence=place, **row)
        mailbox.bytes += len(body)
    mailbox.save()
    # What everybody has read has gone, as on a server whose jobs run.
    clear_all(mailbox.id)
    before = counts(mailbox.id)
    counted = count_crowded(quota)
    assert counts(mailbox.id) == before
    while make_room(mailbox.id):
        clear_all(mailbox.id)
    after = counts(mailbox.id)
    really = tuple(was - now for was, now in zip(before, after, strict=True))
    assert (counted.envelopes, counted.bytes, counted.devices) == really
    assert counted.full == (after[1] >= quota)


def clear_all(mailbox: bytes) -> None:
    statements.mark_passed([mailbox])
    while clear_mailboxes([mailbox]):
        pass


def counts(mailbox: bytes) -> tuple[int, int, int]:
    claiming = Subscription.objects.filter(mailbox_id=mailbox, claims=True).count()
    return Envelope.objects.count(), Mailbox.objects.get(id=mailbox).bytes, claiming
