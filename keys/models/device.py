"""One browser install of an account."""

from django.db import models

from keys.models.account import Account
from talk2me.fields import BytesField


class Device(models.Model):
    """A device that the account chain has added; it stays, as removed, so that its id and keys are never used again."""

    uid = BytesField(unique=True, max_length=16, editable=False)
    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="devices", editable=False)
    sign_in_key = BytesField(max_length=32, editable=False)
    signature_key = BytesField(max_length=32, editable=False)
    suites = models.JSONField(editable=False)
    added = models.PositiveIntegerField(editable=False, help_text="seq of the event that added it")
    removed = models.PositiveIntegerField(null=True, editable=False, help_text="seq of the event that removed it")
    created = models.DateField(editable=False)
    last_seen = models.DateField(null=True, editable=False, help_text="the day only")

    class Meta:
        ordering = ["account", "added"]
        indexes = [models.Index(fields=["account", "removed"], name="device_account_active")]

    def __str__(self) -> str:
        return self.uid.hex()[:8]

    @property
    def active(self) -> bool:
        """Whether the chain has not removed it."""
        return self.removed is None
