"""What `messaging` has of an account, for its owner: what lies where, how much of it and until when; no body.

Times are unix milliseconds on a minute, ids base64url, sizes bytes.
"""

from collections import Counter
from collections.abc import Collection
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.db.models import Count, F, Q, Sum

from keys import base64url
from messaging.models import (
    Attachment,
    Envelope,
    GroupInfo,
    Mailbox,
    MailboxKind,
    Membership,
    PushSubscription,
    Report,
    Subscription,
)
from messaging.selectors import quotas_of, stored_share
from messaging.services.store_attachment import EACH_BYTES

Told = dict[str, Any]
# Of each kind so many are told one by one, the largest first, before them what is kept; the sums are of all.
MOST_TOLD = 1000


def tell_stored(account: bytes) -> Told:
    """Return what the tables of `messaging` have of the account.

    Reports about it are left out: who is reported is not told so.
    """
    return {
        "mailboxes": _mailboxes(account),
        "attachments": _attachments(account),
        "pushes": _pushes(account),
        "reports": _reports(account),
        "quotas": _quotas(account),
    }


def _mailboxes(account: bytes) -> Told:
    """Return the account's own mailboxes and those that it shares with others, whether it still reads them or not."""
    members = Membership.objects.filter(account=account).values_list("mailbox_id", flat=True)
    reading = Subscription.objects.filter(account=account)
    known = {*members, *reading.values_list("mailbox_id", flat=True)}
    rows = list(Mailbox.objects.filter(id__in=known).order_by("-bytes", "id"))
    stored = _stored(known)
    told = rows[:MOST_TOLD]
    ids = [row.id for row in told]
    places = _places(ids)
    live = Counter(reading.filter(last=None, mailbox_id__in=ids).values_list("mailbox_id", flat=True))
    infos = set(GroupInfo.objects.filter(mailbox_id__in=ids).values_list("mailbox_id", flat=True))
    return {
        "count": len(rows),
        "envelopes": sum(stored.values()),
        "bytes": sum(row.bytes for row in rows),
        "rows": [
            {
                "mailbox": base64url.encode(row.id),
                "kind": MailboxKind(row.kind).label,
                "created": row.minute * 1000,
                "envelopes": stored[row.id],
                "bytes": row.bytes,
                "devices": live[row.id],
                "group_info": row.id in infos,
                **places.get(row.id, {"oldest": None, "expires": None}),
            }
            for row in told
        ],
    }


def _stored(mailboxes: Collection[bytes]) -> Counter[bytes]:
    """Return how many envelopes each has; one that was put back has numbers that no envelope ever had."""
    rows = Envelope.objects.filter(mailbox_id__in=mailboxes).values_list("mailbox_id")
    return Counter(dict(rows.annotate(Count("sequence"))))


def _places(mailboxes: Collection[bytes]) -> dict[bytes, Told]:
    """Return when the oldest envelope of each mailbox came, and when its newest one goes at the latest."""
    ends = Q(sequence=F("mailbox__gone") + 1) | Q(sequence=F("mailbox__head"))
    rows = Envelope.objects.filter(ends, mailbox_id__in=list(mailboxes)).order_by("mailbox_id", "sequence")
    places: dict[bytes, Told] = {}
    for mailbox, minute, expires in rows.values_list("mailbox_id", "minute", "expires"):
        # Of one that has expired nothing says when it came.
        place = places.setdefault(mailbox, {"oldest": minute * 1000 or None})
        place["expires"] = None if expires is None else expires * 1000
    return places


def _attachments(account: bytes) -> Told:
    rows = Attachment.objects.filter(account=account)
    told = rows.order_by("-keep", "-size", "id")[:MOST_TOLD]
    return {
        "count": rows.count(),
        "bytes": rows.aggregate(sum=Sum("offset"))["sum"] or 0,
        "rows": [
            {
                "id": base64url.encode(row.id),
                "bytes": row.offset,
                "complete": row.complete,
                "keep": row.keep,
                "expires": None if row.expires is None else row.expires * 1000,
            }
            for row in told
        ],
    }


def _pushes(account: bytes) -> list[Told]:
    """Return whose push service can reach which device; the rest of the address is between the two."""
    devices = Subscription.objects.filter(account=account).values("device")
    rows = PushSubscription.objects.filter(device__in=devices).order_by("device")
    return [
        {"device": base64url.encode(device), "host": urlsplit(endpoint).hostname}
        for device, endpoint in rows.values_list("device", "endpoint")
    ]


def _reports(account: bytes) -> list[Told]:
    """Return the reports that the account has made."""
    rows = Report.objects.filter(reporter=account).order_by("pk")
    return [
        {"received": row.received * 1000, "bytes": len(row.content), "note": row.note, "handled": row.handled}
        for row in rows
    ]


def _quotas(account: bytes) -> Told:
    quotas = quotas_of(account)
    archives = Mailbox.objects.filter(kind=MailboxKind.ARCHIVE, membership__account=account)
    sent = Attachment.objects.filter(account=account)
    used = {
        "share": (stored_share(account), quotas.share),
        "archive": (archives.aggregate(sum=Sum("bytes"))["sum"] or 0, settings.ARCHIVE_QUOTA_BYTES),
        "attachments": (
            (sent.aggregate(sum=Sum("size"))["sum"] or 0) + sent.count() * EACH_BYTES,
            quotas.attachments,
        ),
    }
    return {name: {"used": amount, "most": most} for name, (amount, most) in used.items()}
