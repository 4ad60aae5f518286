"""A recovery key that an authenticator holds."""

from django.db import models

from keys.models.account import Account
from talk2me.fields import BytesField


class Passkey(models.Model):
    """A WebAuthn credential, and which recovery key of the chain follows from its PRF; never what the PRF gives."""

    # Ours: the credential's own id stays between this row and the authenticator.
    uid = BytesField(unique=True, max_length=16, editable=False)
    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="passkeys", editable=False)
    credential_id = BytesField(unique=True, max_length=1023, editable=False)
    public_key = BytesField(max_length=1024, editable=False, help_text="a COSE key")
    sign_count = models.PositiveBigIntegerField(editable=False)
    recovery_key = BytesField(max_length=32, editable=False)
    created = models.DateField(editable=False)
    last_used = models.DateField(null=True, editable=False, help_text="the day only")

    class Meta:
        ordering = ["account", "id"]
        constraints = [
            # So an account has as many at most as its chain has recovery keys: eight.
            models.UniqueConstraint(fields=["account", "recovery_key"], name="one_passkey_for_each_recovery_key")
        ]

    def __str__(self) -> str:
        return self.uid.hex()[:8]
