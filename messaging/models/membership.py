"""The membership: an account belongs to a mailbox, whichever devices it has."""

from django.db import models

from messaging.models.mailbox import Mailbox
from talk2me.fields import BytesField


class Membership(models.Model):
    """Outlives devices, so that an account's new device may fetch the group info and join by itself."""

    mailbox = models.ForeignKey(Mailbox, on_delete=models.CASCADE, db_index=False)
    account = BytesField(max_length=16)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["mailbox", "account"], name="messaging_membership_account")]
        indexes = [models.Index(fields=["account", "mailbox"], name="messaging_membership_list")]

    def __str__(self) -> str:
        return f"{bytes.hex(self.account)} in {bytes.hex(self.mailbox_id)}"
