"""Forgetting what time has ended."""

from datetime import timedelta

from keys import clock
from keys.models import (
    AccessToken,
    ClaimGrant,
    GateMark,
    Invitation,
    KeyPackage,
    LinkBox,
    RecoveryToken,
    RegistrationCode,
    SpentKeyPackage,
)

# As long, an ended token is still answered with `token_expired`, and its nonce is known to be used.
TOKENS_KEPT = timedelta(days=1)


def delete_expired() -> dict[str, int]:
    """Delete tokens, key packages, invitations, codes, boxes that have expired; return how many rows of each."""
    now = clock.now()
    deleted: dict[str, int] = {}
    for rows in (
        AccessToken.objects.filter(expires__lt=now - TOKENS_KEPT),
        RecoveryToken.objects.filter(expires__lt=now - TOKENS_KEPT),
        LinkBox.objects.filter(expires__lt=now),
        KeyPackage.objects.filter(expires__lt=now),
        SpentKeyPackage.objects.filter(expires__lt=now),
        Invitation.objects.filter(expires__lt=now),
        ClaimGrant.objects.filter(expires__lt=now),
        # As long as an account is there that it has made, it says who invited whom.
        RegistrationCode.objects.filter(expires__lt=now, registrations=None),
        GateMark.objects.filter(accounts=0, codes=None),
    ):
        _, by_model = rows.delete()
        deleted |= by_model
    return deleted
