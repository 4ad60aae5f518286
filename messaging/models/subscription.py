"""The subscription: one device's right to a mailbox, and its cursor in it."""

from django.db import models

from messaging.models.mailbox import Mailbox
from talk2me.fields import BytesField


class Subscription(models.Model):
    """A device may read `first` to `last`; `last` is null while the subscription lives."""

    mailbox = models.ForeignKey(Mailbox, on_delete=models.CASCADE, db_index=False)
    device = BytesField(max_length=16)
    account = BytesField(max_length=16)
    first = models.PositiveBigIntegerField()
    last = models.PositiveBigIntegerField(null=True)
    acknowledged = models.PositiveBigIntegerField(help_text="Everything up to this sequence is safe on the device.")
    # Defaults of the database too: workers of an older release, which run on during an update, name neither.
    claims = models.BooleanField(
        default=True,
        db_default=True,
        help_text="Whether envelopes are kept for it; not for one that idled in a full mailbox.",
    )
    returns = models.BooleanField(
        default=True,
        db_default=True,
        help_text="Whether it may come back by its own commit after another's commit has ended it.",
    )

    class Meta:
        constraints = [models.UniqueConstraint(fields=["mailbox", "device"], name="messaging_subscription_device")]
        indexes = [
            models.Index(fields=["device", "mailbox"], name="messaging_subscription_list"),
            models.Index(fields=["account"], name="messaging_subscription_account"),
        ]

    def __str__(self) -> str:
        return f"{bytes.hex(self.device)} in {bytes.hex(self.mailbox_id)}"
