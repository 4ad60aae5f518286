"""One transaction for everything that gathered while the last one was in flight: the group commit."""

import logging
from collections.abc import Callable, Sequence
from itertools import groupby

from django.db import DatabaseError, OperationalError, connection, transaction
from django.db.utils import InterfaceError

from messaging import statements
from messaging.batch import CommitItem, Item, Outcome, PlainItem, SubscribersSet
from messaging.services.accept_envelopes import accept_envelopes, news
from messaging.services.commit_epoch import commit_epoch
from messaging.services.open_device_mailboxes import device_mailboxes
from messaging.statements import MailboxRow, Present
from talk2me import parts
from talk2me.errors import Internal, StorageFailed, Talk2meError

logger = logging.getLogger(__name__)


def write_batch(items: Sequence[Item]) -> Outcome:
    """Store what may be stored, in order, and return a result for each item; runs in the writer's thread.

    An item that breaks a rule fails alone, before anything is written. If the database refuses the batch as such, each
    item gets a transaction of its own, so that one that can't be stored does not take the others with it.
    """
    try:
        outcome = _write(items)
    except (OperationalError, InterfaceError) as error:
        # Locked, full or gone: trying each item would fail as often. Browsers send again what was not accepted.
        parts.lost("database", error)
        connection.close()
        return _all_failed(items, StorageFailed)
    except DatabaseError:
        return _one_by_one(items, StorageFailed)
    except Exception:
        logger.exception("a batch failed")
        return _one_by_one(items, Internal)
    parts.back("database")
    return outcome


def _one_by_one(items: Sequence[Item], error: Callable[[], Talk2meError]) -> Outcome:
    if len(items) == 1:
        return _all_failed(items, error)
    outcome = Outcome()
    for item in items:
        alone = write_batch([item])
        outcome.results += alone.results
        outcome.events += alone.events
        outcome.crowded |= alone.crowded
    return outcome


def _all_failed(items: Sequence[Item], error: Callable[[], Talk2meError]) -> Outcome:
    return Outcome(results=[error() for _ in items])


def _write(items: Sequence[Item]) -> Outcome:
    outcome = Outcome()
    with transaction.atomic():
        mailboxes = _lock(items)
        for is_commit, run in groupby(items, key=lambda item: isinstance(item, CommitItem)):
            if is_commit:
                for item in run:
                    assert isinstance(item, CommitItem)  # noqa: S101 - for the type checker
                    commit_epoch(item, mailboxes, outcome)
            else:
                _accept([item for item in run if isinstance(item, PlainItem)], mailboxes, outcome)
        changed = {event.mailbox for event in outcome.events}
        if changed:
            statements.update_mailboxes([mailboxes[id_] for id_ in changed])
        # Who was dropped by a commit claims nothing any more.
        statements.mark_passed({event.mailbox for event in outcome.events if isinstance(event, SubscribersSet)})
    return outcome


def _accept(items: Sequence[PlainItem], mailboxes: dict[bytes, MailboxRow], outcome: Outcome) -> None:
    live = statements.live_subscriptions({(item.mailbox, item.device) for item in items})
    stored = statements.stored_envelopes({(item.mailbox, item.id) for item in items})
    rows = accept_envelopes(items, Present(mailboxes, live, stored), outcome)
    if rows:
        statements.insert_envelopes(rows)
        outcome.events += news(rows, mailboxes)


def _lock(items: Sequence[Item]) -> dict[bytes, MailboxRow]:
    """Lock every mailbox that the batch may touch, those of welcomes too, in one go and in one order."""
    wanted = {item.mailbox for item in items}
    welcomed = {welcome.device for item in items if isinstance(item, CommitItem) for welcome in item.welcomes}
    wanted.update(device_mailboxes(welcomed).values())
    return statements.lock_mailboxes(wanted)
