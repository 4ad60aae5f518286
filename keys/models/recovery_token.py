"""What a browser holds that has proved itself for an account and is no device of it yet."""

from django.db import models

from keys.models.account import Account
from talk2me.fields import BytesField


class RecoveryToken(models.Model):
    """The SHA-256 of a recovery token, never the token. It opens the chain and the vault of its account for reading."""

    hash = BytesField(unique=True, max_length=32, editable=False)
    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="recovery_tokens", editable=False)
    # Unique, so the nonce of a challenge gives one token and no second one.
    nonce_hash = BytesField(unique=True, max_length=32, editable=False)
    expires = models.DateTimeField(db_index=True, editable=False)

    def __str__(self) -> str:
        return f"{self.account} {self.expires:%Y-%m-%d}"
