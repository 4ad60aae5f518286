"""Take in an attachment: first its size, then part after part."""

import time

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Count, Sum

from keys import selectors as keys
from keys import services as key_services
from messaging.clock import in_seconds
from messaging.models import Attachment, AttachmentRemains
from messaging.part_storage import put_part
from messaging.selectors import quotas_of
from talk2me import metrics
from talk2me.errors import BadRequest, IdConflict, NotFound, OffsetWrong, QuotaReached, TooLarge, Unauthenticated

DAY = 24 * 3600
# What each costs besides its bytes, so that many small ones count too.
EACH_BYTES = 16 * 1024


def begin_attachment(account: bytes, id_: bytes, size: int, expires_in: int | None, *, keep: bool) -> Attachment:
    """Return the attachment that parts may be put into; the same again changes nothing.

    Raises TooLarge, QuotaReached, and IdConflict when the id is another's, or was begun with other words.
    """
    if size > settings.ATTACHMENT_MAX_BYTES:
        raise TooLarge
    with transaction.atomic():
        # Held, so that two at once don't both find room, and that the account does not go meanwhile.
        key_services.hold_devices(account)
        if account not in keys.existing_accounts([account]):
            raise Unauthenticated
        found = Attachment.objects.filter(id=id_).first()
        if found is None:
            found = _create(account, id_, size, expires_in, keep=keep)
        if (found.account, found.size, found.keep) != (account, size, keep) or has_expired(found):
            raise IdConflict
        return found


def store_part(account: bytes, id_: bytes, offset: int, body: bytes) -> Attachment:
    """Store the part that begins at `offset` and return the attachment, with where the next one begins.

    Raises NotFound, also for another's; OffsetWrong, which tells where the next one begins; TooLarge and BadRequest for
    a part of another size; StorageFailed.
    """
    with transaction.atomic():
        # Locked while the object is written: of two at once one waits, and finds its offset taken.
        found = Attachment.objects.select_for_update().filter(id=id_, account=account).first()
        if found is None or has_expired(found):
            raise NotFound
        if offset != found.offset or found.complete:
            raise OffsetWrong(offset=found.offset)
        expected = min(found.part, found.size - offset)
        if len(body) != expected:
            raise TooLarge if len(body) > expected else BadRequest
        put_part(id_, offset // found.part, body)
        found.offset += expected
        if found.complete and found.keep:
            found.expires = None
        found.save(update_fields=["offset", "expires"])
    metrics.attachment_bytes_stored.inc(expected)
    if found.complete:
        metrics.attachments_stored.inc()
    return found


def has_expired(attachment: Attachment) -> bool:
    """Whether its time has passed: it may still be there, and nobody is told."""
    return attachment.expires is not None and attachment.expires <= time.time()


def _create(account: bytes, id_: bytes, size: int, expires_in: int | None, *, keep: bool) -> Attachment:
    used = Attachment.objects.filter(account=account).aggregate(bytes=Sum("size"), count=Count("id"))
    if (used["bytes"] or 0) + size + (used["count"] + 1) * EACH_BYTES > quotas_of(account).attachments:
        raise QuotaReached
    longest = int(settings.ATTACHMENT_DAYS) * DAY
    expires = in_seconds(longest if expires_in is None else min(expires_in, longest))
    try:
        with transaction.atomic():
            created = Attachment.objects.create(
                id=id_, account=account, size=size, part=settings.ATTACHMENT_PART_BYTES, keep=keep, expires=expires
            )
    except IntegrityError as error:
        raise IdConflict from error
    # Asked after the row is there: a deletion that came before is seen now, one that comes later waits for us.
    if AttachmentRemains.objects.filter(id=id_).exists():
        raise IdConflict
    return created
