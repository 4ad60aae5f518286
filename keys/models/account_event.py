"""One event of an account chain, as the browser signed it."""

from django.db import models

from keys.models.account import Account
from talk2me.fields import BytesField


class AccountEvent(models.Model):
    """The exact bytes of an event and the signatures beside it. Public to every signed-in device; never changed."""

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="events", editable=False)
    seq = models.PositiveIntegerField(editable=False)
    type = models.CharField(max_length=24, editable=False)
    event = BytesField(max_length=16 * 1024, editable=False)
    signatures = models.JSONField(editable=False)
    hash = BytesField(max_length=32, editable=False)
    received = models.DateTimeField(editable=False, help_text="to the minute")
    position = models.PositiveBigIntegerField(unique=True, editable=False, help_text="of its leaf in the key log")
    # What shows that the leaf is about this event. It goes when the event goes; then nobody can tell any more.
    opening = BytesField(max_length=32, editable=False)

    class Meta:
        ordering = ["account", "seq"]
        constraints = [models.UniqueConstraint(fields=["account", "seq"], name="one_event_at_each_seq")]

    def __str__(self) -> str:
        return f"{self.account} {self.seq} {self.type}"
