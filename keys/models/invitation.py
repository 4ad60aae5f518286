"""Leave to claim someone's key packages, given by a link."""

from django.db import models

from keys.models.account import Account
from talk2me.fields import BytesField


class Invitation(models.Model):
    """The SHA-256 of an invitation token."""

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="invitations", editable=False)
    token_hash = BytesField(max_length=32, editable=False)
    expires = models.DateTimeField(db_index=True, editable=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["account", "token_hash"], name="one_invitation_for_each_token")]

    def __str__(self) -> str:
        return f"{self.account} until {self.expires:%Y-%m-%d}"


class InvitationUse(models.Model):
    """One requester's use. The mark hashes the token too, so the table alone does not tell who it was."""

    invitation = models.ForeignKey(Invitation, on_delete=models.CASCADE, related_name="uses", editable=False)
    mark = BytesField(unique=True, max_length=32, editable=False)

    def __str__(self) -> str:
        return self.mark.hex()[:8]
