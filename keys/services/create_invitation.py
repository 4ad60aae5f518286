"""Invitations: someone with the link may claim once, although the owner takes no strangers."""

from django.db import transaction

from keys import clock
from keys.models import Account, Invitation
from talk2me.errors import QuotaReached

MOST_FOR_EACH_ACCOUNT = 100


def create_invitation(account_id: bytes, token_hash: bytes, seconds: int) -> None:
    """Keep the SHA-256 of an invitation token for `seconds`. The same one again starts anew. Raises QuotaReached."""
    with transaction.atomic():
        account = Account.objects.select_for_update().get(uid=account_id)
        live = account.invitations.filter(expires__gt=clock.now()).exclude(token_hash=token_hash)
        if live.count() >= MOST_FOR_EACH_ACCOUNT:
            raise QuotaReached
        Invitation.objects.update_or_create(
            account=account, token_hash=token_hash, defaults={"expires": clock.in_seconds(seconds)}
        )
