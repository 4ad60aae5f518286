"""The account's own secrets, sealed in its browser."""

from django.db import models

from keys.models.account import Account
from talk2me.fields import BytesField


class Vault(models.Model):
    """The newest vault of an account; the server can't open it, only refuse a version that is not the next one."""

    account = models.OneToOneField(Account, on_delete=models.CASCADE, related_name="vault", editable=False)
    version = models.PositiveBigIntegerField(editable=False)
    body = BytesField(max_length=1024 * 1024, editable=False)
    updated = models.DateTimeField(editable=False, help_text="to the minute")

    def __str__(self) -> str:
        return f"{self.account} {self.version}"
