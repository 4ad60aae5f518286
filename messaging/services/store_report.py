"""Take in a report of abuse that proves what it says."""

import hashlib

from django.db.models import Q

from messaging.clock import this_minute
from messaging.franking import Shown, proves
from messaging.models import Membership, Report, Subscription
from talk2me import metrics
from talk2me.errors import ReportRefused

NOTE_CHARACTERS = 1000


def store_report(reporter: bytes, shown: Shown, note: str) -> None:
    """Store a report, if what is shown is proven. The same again changes nothing.

    Raises ReportRefused, alike whether it proves nothing or the reporter has never read it.
    """
    is_proven = proves(shown)
    if not _could_read(reporter, shown) or not is_proven:
        raise ReportRefused
    mark = hashlib.sha256(reporter + shown.mailbox + shown.sequence.to_bytes(8, "big")).digest()
    told = {"account": shown.account, "minute": shown.minute, "content": shown.content}
    said = {"reporter": reporter, "received": this_minute(), "note": note}
    _, is_new = Report.objects.get_or_create(mark=mark, defaults=told | said)
    if is_new:
        metrics.reports.inc()


def _could_read(account: bytes, shown: Shown) -> bool:
    """Whether the account belongs to the mailbox, or read it then: who harasses somebody can put them out of it."""
    if Membership.objects.filter(mailbox_id=shown.mailbox, account=account).exists():
        return True
    reached = Q(last=None) | Q(last__gte=shown.sequence)
    read = Subscription.objects.filter(mailbox_id=shown.mailbox, account=account, first__lte=shown.sequence)
    return read.filter(reached).exists()
