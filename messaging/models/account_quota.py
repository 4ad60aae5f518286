"""Quotas of one account, in place of those of the settings."""

from django.db import models

from talk2me.fields import BytesField


class AccountQuota(models.Model):
    """Only of accounts to which an operator has given their own; null where those of the settings count."""

    account = BytesField(primary_key=True, max_length=16)
    share = models.PositiveBigIntegerField(null=True, help_text="In place of ACCOUNT_QUOTA_BYTES.")
    attachments = models.PositiveBigIntegerField(null=True, help_text="In place of ATTACHMENT_QUOTA_BYTES.")

    def __str__(self) -> str:
        return f"quotas of {bytes.hex(self.account)}"
