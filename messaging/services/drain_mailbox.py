"""Read a range of a mailbox."""

from dataclasses import dataclass

from django.db.models.functions import Length

from messaging.frames import DRAIN_BYTES, Envelope
from messaging.models import Envelope as StoredEnvelope
from messaging.models import Mailbox, Subscription
from messaging.services.accept_envelopes import handed_out
from messaging.statements import ENVELOPE_COLUMNS, EnvelopeRow
from talk2me.errors import MailboxUnknown


@dataclass(frozen=True)
class Range:
    """Envelopes in order; `head` and `slot` of the mailbox, of an ended subscription its `last` and 0."""

    head: int
    slot: int
    envelopes: list[Envelope]


def drain_mailbox(device: bytes, mailbox: bytes, after: int, limit: int) -> Range:
    """Return up to `limit` envelopes behind `after` that the device may read, about 1 MiB at most, at least one if any.

    What has expired comes without body; what everyone has acknowledged does not come. Raises MailboxUnknown.
    """
    subscription = Subscription.objects.filter(mailbox_id=mailbox, device=device).first()
    if subscription is None:
        raise MailboxUnknown
    waiting = StoredEnvelope.objects.filter(mailbox_id=mailbox, sequence__gt=max(after, subscription.first - 1))
    if subscription.last is not None:
        waiting = waiting.filter(sequence__lte=subscription.last)
    end = _end_of_batch(list(waiting.order_by("sequence").values_list("sequence", Length("body"))[:limit]))
    rows = waiting.filter(sequence__lte=end).order_by("sequence").values_list(*ENVELOPE_COLUMNS) if end else []
    envelopes = [handed_out(EnvelopeRow(*row)) for row in rows]
    # Read after the envelopes, so that it is never behind them.
    head, slot = Mailbox.objects.values_list("head", "slot").get(id=mailbox)
    if subscription.last is not None:
        head, slot = subscription.last, 0
    return Range(head, slot, envelopes)


def _end_of_batch(sizes: list[tuple[int, int | None]]) -> int:
    """Return the sequence with which the batch ends, 0 when nothing waits."""
    end = total = 0
    for sequence, size in sizes:
        total += size or 0
        if end and total > DRAIN_BYTES:
            break
        end = sequence
    return end
