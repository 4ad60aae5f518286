"""The server's part of message franking: a tag with which a recipient can later prove what was stored, and for whom.

The commitment binds the content, which we never see; the tag binds commitment, place, account and minute
(docs/wire_format.md 3).
"""

import hmac

from django.conf import settings

LABEL = b"talk2me/1 franking tag\x00"
NO_COMMITMENT = bytes(32)


def franking_tag(commitment: bytes, mailbox: bytes, sequence: int, account: bytes, minute: int) -> bytes:
    """Return 32 bytes: HMAC-SHA-256 under FRANKING_KEY over what is known of an accepted envelope."""
    data = LABEL + commitment + mailbox + sequence.to_bytes(8, "big") + account + minute.to_bytes(8, "big")
    return hmac.digest(settings.FRANKING_KEY.encode(), data, "sha256")
