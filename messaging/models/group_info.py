"""The newest group info of a conversation, for devices that join by external commit (RFC 9420, 12.4.3.2)."""

from django.db import models

from messaging.models.mailbox import Mailbox
from talk2me.fields import BytesField


class GroupInfo(models.Model):
    """Beside the mailbox, not in it: up to 1 MiB that must not be written again with every envelope."""

    mailbox = models.OneToOneField(Mailbox, on_delete=models.CASCADE, primary_key=True)
    sequence = models.PositiveBigIntegerField(help_text="The commit after which it stands.")
    slot = models.PositiveBigIntegerField()
    body = BytesField()

    def __str__(self) -> str:
        return f"group info of {bytes.hex(self.mailbox_id)}"
