"""One small function for each frame that needs a signed-in device: calls one service, answers.

Those in QUICK wait for nothing: a socket handles them as they come, without a task.
"""

from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any

from messaging.batch import Accepted, CommitItem, Item, PlainItem, Result
from messaging.frames import (
    CommitSend,
    EnvelopeAccepted,
    EnvelopeAcknowledge,
    EnvelopeBatch,
    EnvelopeDrain,
    EnvelopeSend,
    GroupInfoFetch,
    MailboxCreate,
    MailboxErase,
    MailboxList,
    MailboxPage,
    Ok,
    Ping,
    Pong,
    Request,
    SignalSend,
    SubscriptionEnd,
    encode,
)
from messaging.models import EnvelopeKind, MailboxKind
from messaging.services.create_mailbox import create_mailbox
from messaging.services.drain_mailbox import Bounds
from messaging.services.end_subscriptions import end_subscription
from messaging.services.erase_archive import erase_archive
from messaging.services.fetch_group_info import fetch_group_info
from messaging.services.list_mailboxes import list_mailboxes
from messaging.session import Session
from messaging.threads import run_read, run_write
from messaging.worker import Worker
from talk2me import metrics
from talk2me.errors import MailboxUnknown, Talk2meError

ENVELOPE_KINDS = {kind.label: kind.value for kind in EnvelopeKind}
MAILBOX_KINDS = {kind.label: kind for kind in MailboxKind}

Handler = Callable[[Session, Worker, Any], Awaitable[None]]
QuickHandler = Callable[[Session, Worker, Any], None]


def _reply(session: Session, ref: int, result: Result) -> None:
    """Answer a send, after its transaction."""
    if isinstance(result, Talk2meError):
        session.refuse(ref, result)
    else:
        session.window.put(_accepted(ref, result))
    session.answered()


def _accepted(ref: int, result: Accepted) -> bytes:
    return encode(
        EnvelopeAccepted(
            ref=ref,
            mailbox=result.mailbox,
            id=result.id,
            sequence=result.sequence,
            slot=result.slot,
            minute=result.minute,
            franking=result.franking,
            duplicate=result.duplicate,
            hash=result.hash,
        )
    )


def _submit(session: Session, worker: Worker, item: Item) -> None:
    size = item.size
    if session.rates is not None:
        session.rates.count_envelope(size)
    session.allowance.take(session.account, size)
    session.unanswered += 1
    worker.writer.put(item)


def send_envelope(session: Session, worker: Worker, frame: EnvelopeSend) -> None:
    """`envelope.send`: queue it; the answer comes when it is durable."""
    item = PlainItem(
        device=session.device,
        account=session.account,
        mailbox=frame.mailbox,
        id=frame.id,
        kind=ENVELOPE_KINDS[frame.kind],
        slot=frame.slot,
        body=frame.body,
        commitment=frame.commitment,
        expires_in=frame.expires_in,
        reply=partial(_reply, session, frame.ref),
    )
    worker.quotas.take(session.account, item.size)
    _submit(session, worker, item)


def send_commit(session: Session, worker: Worker, frame: CommitSend) -> None:
    """`commit.send`: as an envelope, with all that rides with it."""
    item = CommitItem(
        device=session.device,
        account=session.account,
        mailbox=frame.mailbox,
        id=frame.id,
        slot=frame.slot,
        body=frame.body,
        members=frame.members,
        subscribers=frame.subscribers,
        welcomes=frame.welcomes,
        group_info=frame.group_info,
        reply=partial(_reply, session, frame.ref),
    )
    _submit(session, worker, item)


async def list_page(session: Session, _worker: Worker, frame: MailboxList) -> None:
    """`mailbox.list`."""
    mailboxes, more = await run_read(list_mailboxes, session.device, frame.after)
    session.window.put(encode(MailboxPage(ref=frame.ref, mailboxes=mailboxes, more=more)))


async def create(session: Session, worker: Worker, frame: MailboxCreate) -> None:
    """`mailbox.create`."""
    kind = MAILBOX_KINDS[frame.kind]
    devices = await run_write(create_mailbox, session.account, session.device, frame.mailbox, kind)
    worker.subscribers_set(frame.mailbox, devices)
    session.window.put(encode(Ok(ref=frame.ref)))


async def erase(session: Session, worker: Worker, frame: MailboxErase) -> None:
    """`mailbox.erase`."""
    await run_write(erase_archive, session.account, frame.mailbox)
    # The device that asked gets the answer, the others `subscription.ended`.
    worker.registry.unsubscribe(session, frame.mailbox)
    worker.subscribers_set(frame.mailbox, [])
    session.window.put(encode(Ok(ref=frame.ref)))


async def drain(session: Session, worker: Worker, frame: EnvelopeDrain) -> None:
    """`envelope.drain`."""
    # Who reads backwards has not said that it knows what is new: that is still to be drained.
    forwards = frame.before is None
    if forwards:
        # Before reading: what is stored while the range is on its way must be told.
        session.window.reads(frame.mailbox)
    bounds = Bounds(frame.after, frame.limit, frame.before)
    found = await worker.store.drain(session.device, frame.mailbox, bounds)
    if forwards:
        session.window.has_read(frame.mailbox, found.envelopes[-1].sequence if found.envelopes else frame.after)
    metrics.drains.inc()
    metrics.drained.inc(len(found.envelopes))
    answer = EnvelopeBatch(
        ref=frame.ref, mailbox=frame.mailbox, head=found.head, slot=found.slot, envelopes=found.envelopes
    )
    session.window.put(encode(answer))


def acknowledge(session: Session, worker: Worker, frame: EnvelopeAcknowledge) -> None:
    """`envelope.acknowledge`: noted now, written soon."""
    if frame.mailbox not in session.mailboxes:
        raise MailboxUnknown
    session.window.acknowledged(frame.mailbox, frame.sequence)
    worker.acknowledgements.note(frame.mailbox, session.device, frame.sequence)
    session.window.put(encode(Ok(ref=frame.ref)))


async def fetch_info(session: Session, _worker: Worker, frame: GroupInfoFetch) -> None:
    """`group_info.fetch`."""
    answer = await run_read(fetch_group_info, session.account, frame.mailbox, frame.ref)
    session.window.put(encode(answer))


async def end(session: Session, worker: Worker, frame: SubscriptionEnd) -> None:
    """`subscription.end`."""
    await run_write(end_subscription, session.device, frame.mailbox)
    worker.registry.unsubscribe(session, frame.mailbox)
    session.window.put(encode(Ok(ref=frame.ref)))


def relay_signal(session: Session, worker: Worker, frame: SignalSend) -> None:
    """`signal.send`: to the sockets that are there now; never stored."""
    if frame.mailbox not in session.mailboxes:
        raise MailboxUnknown
    worker.signal(frame.mailbox, frame.body, session.device)
    session.window.put(encode(Ok(ref=frame.ref)))


def pong(session: Session, _worker: Worker, frame: Ping) -> None:
    """`ping`."""
    session.window.put(encode(Pong(ref=frame.ref)))


QUICK: dict[type[Request], QuickHandler] = {
    EnvelopeSend: send_envelope,
    CommitSend: send_commit,
    EnvelopeAcknowledge: acknowledge,
    SignalSend: relay_signal,
    Ping: pong,
}
# What these queue waits for the writer: they are only called while that has room.
FOR_THE_WRITER = (EnvelopeSend, CommitSend)
HANDLERS: dict[type[Request], Handler] = {
    MailboxList: list_page,
    MailboxCreate: create,
    MailboxErase: erase,
    GroupInfoFetch: fetch_info,
    EnvelopeDrain: drain,
    SubscriptionEnd: end,
}
