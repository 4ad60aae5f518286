"""Forgetting what time has ended."""

from datetime import timedelta

from keys import clock
from keys.models import AccessToken, ClaimGrant, Invitation, KeyPackage, RegistrationCode, SpentKeyPackage

# As long, an ended token is still answered with `token_expired`.
TOKENS_KEPT = timedelta(days=1)


def delete_expired() -> dict[str, int]:
    """Delete tokens, key packages, invitations and codes that have expired; return how many rows of each model."""
    now = clock.now()
    deleted: dict[str, int] = {}
    for rows in (
        AccessToken.objects.filter(expires__lt=now - TOKENS_KEPT),
        KeyPackage.objects.filter(expires__lt=now),
        SpentKeyPackage.objects.filter(expires__lt=now),
        Invitation.objects.filter(expires__lt=now),
        ClaimGrant.objects.filter(expires__lt=now),
        RegistrationCode.objects.filter(expires__lt=now),
    ):
        _, by_model = rows.delete()
        deleted |= by_model
    return deleted
