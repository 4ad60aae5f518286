"""The server's part of message franking: a tag with which a recipient can later prove what was stored, and for whom.

The commitment binds the content, which we never see; the tag binds commitment, place, account and minute
(docs/wire_format.md 3).
"""

import hmac
from dataclasses import dataclass

from django.conf import settings

LABEL = b"talk2me/1 franking tag\x00"
COMMITMENT_LABEL = b"talk2me/1 franking\x00"
NO_COMMITMENT = bytes(32)


@dataclass(frozen=True)
class Shown:
    """What a recipient shows: the content's exact bytes, the opening beside them, who is said to have sent it where.

    `commitment` and `franking` lay with the envelope; `minute` is unix seconds.
    """

    content: bytes
    opening: bytes
    mailbox: bytes
    sequence: int
    account: bytes
    minute: int
    commitment: bytes
    franking: bytes


def franking_tag(commitment: bytes, mailbox: bytes, sequence: int, account: bytes, minute: int) -> bytes:
    """Return 32 bytes: HMAC-SHA-256 under FRANKING_KEY over what is known of an accepted envelope."""
    data = LABEL + commitment + mailbox + sequence.to_bytes(8, "big") + account + minute.to_bytes(8, "big")
    return hmac.digest(settings.FRANKING_KEY.encode(), data, "sha256")


def proves(shown: Shown) -> bool:
    """Tell whether it was sent like that: it is what was committed to, and the tag is ours."""
    committed = hmac.digest(shown.opening, COMMITMENT_LABEL + shown.mailbox + shown.content, "sha256")
    tag = franking_tag(shown.commitment, shown.mailbox, shown.sequence, shown.account, shown.minute)
    return hmac.compare_digest(committed, shown.commitment) and hmac.compare_digest(tag, shown.franking)
