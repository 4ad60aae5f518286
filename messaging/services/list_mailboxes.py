"""What a device is, or was, subscribed to."""

from messaging.frames import PAGE_MAILBOXES, MailboxEntry
from messaging.models import MailboxKind, Subscription


def list_mailboxes(device: bytes, after: bytes | None) -> tuple[list[MailboxEntry], bool]:
    """Return a page of the device's subscriptions behind mailbox `after`, and whether there are more."""
    rows = Subscription.objects.filter(device=device)
    if after is not None:
        rows = rows.filter(mailbox_id__gt=after)
    columns = (
        "mailbox_id", "mailbox__kind", "mailbox__head", "first", "last", "acknowledged", "mailbox__slot",
        "mailbox__bytes",
    )  # fmt: skip
    page = list(rows.order_by("mailbox_id").values_list(*columns)[: PAGE_MAILBOXES + 1])
    entries = [
        MailboxEntry(
            mailbox=mailbox,
            kind=MailboxKind(kind).label,
            head=head if last is None else last,
            first=first,
            last=last,
            acknowledged=acknowledged,
            slot=slot if last is None else 0,
            bytes=size if last is None else 0,
        )
        for mailbox, kind, head, first, last, acknowledged, slot, size in page[:PAGE_MAILBOXES]
    ]
    return entries, len(page) > PAGE_MAILBOXES
