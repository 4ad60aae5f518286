"""Delete attachments: first the row, in one transaction with what remains to be done, later the objects."""

import time
from collections.abc import Sequence

from django.db import transaction
from django.db.models import QuerySet

from messaging.models import Attachment, AttachmentRemains
from messaging.part_storage import delete_parts
from talk2me.errors import StorageFailed

# Of one transaction.
BATCH = 100
# Of one turn of the job, so that other jobs have theirs.
MOST_CLEARED = 1000


def delete_attachment(account: bytes, id_: bytes) -> None:
    """Delete an attachment of the account, if it is there; nobody finds it from then on."""
    with transaction.atomic():
        _bury(Attachment.objects.filter(id=id_, account=account))


def forget_attachments(account: bytes) -> list[bytes]:
    """Delete all that a deleted account has, inside a transaction of `keys` that holds it; return the ids."""
    with transaction.atomic():
        return _bury(Attachment.objects.filter(account=account))


def forget_kept_attachments(account: bytes) -> None:
    """Delete what an account that starts over had kept for itself: the keys have gone with its vault."""
    with transaction.atomic():
        _bury(Attachment.objects.filter(account=account, keep=True))


def delete_expired_attachments() -> int:
    """Delete what has expired, then the objects of what was deleted. Return how many attachments' objects are gone.

    Raises StorageFailed, at the end, when some could not be deleted: the next turn tries again.
    """
    while _bury_some_expired():
        pass
    return _clear(AttachmentRemains.objects.order_by("id")[:MOST_CLEARED])


def clear_remains(attachments: Sequence[bytes], until: float) -> None:
    """Delete the objects of these attachments, until then by the monotonic clock; the job does the rest.

    Raises StorageFailed when some could not be deleted.
    """
    for at in range(0, len(attachments), BATCH):
        if time.monotonic() >= until:
            return
        _clear(AttachmentRemains.objects.filter(id__in=attachments[at : at + BATCH]))


def _clear(found: QuerySet[AttachmentRemains]) -> int:
    cleared, failed = 0, 0
    for remains in found:
        try:
            delete_parts(remains.id, remains.parts)
        except StorageFailed:
            failed += 1
        else:
            remains.delete()
            cleared += 1
    if failed:
        raise StorageFailed
    return cleared


def _bury_some_expired() -> list[bytes]:
    due = Attachment.objects.filter(expires__lte=int(time.time())).order_by("expires").values_list("id", flat=True)
    ids = list(due[:BATCH])
    with transaction.atomic():
        return _bury(Attachment.objects.filter(id__in=ids, expires__lte=int(time.time()))) if ids else []


def _bury(attachments: QuerySet[Attachment]) -> list[bytes]:
    """Delete rows, waiting for parts that are just being stored; return their ids."""
    found = list(attachments.select_for_update().order_by("id"))
    AttachmentRemains.objects.bulk_create(AttachmentRemains(id=one.id, parts=one.parts) for one in found)
    ids = [one.id for one in found]
    Attachment.objects.filter(id__in=ids).delete()
    return ids
