"""Find an attachment for who knows its id."""

from messaging.models import Attachment
from messaging.services.store_attachment import has_expired
from talk2me.errors import NotFound


def find_attachment(id_: bytes, *, unfinished_of: bytes | None = None) -> Attachment:
    """Return a complete attachment, or one that the account `unfinished_of` is still sending.

    Raises NotFound, alike for what never was, has expired or is not there yet.
    """
    found = Attachment.objects.filter(id=id_).first()
    if found is None or has_expired(found) or not (found.complete or found.account == unfinished_of):
        raise NotFound
    return found
