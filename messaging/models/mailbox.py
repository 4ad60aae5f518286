"""The mailbox: an ordered, append-only sequence of envelopes."""

from django.db import models

from messaging.models.kinds import MailboxKind
from talk2me.fields import BytesField


class Mailbox(models.Model):
    """One mailbox. Its row is the lock under which sequences and slots are given out."""

    id = BytesField(primary_key=True, max_length=16)
    kind = models.PositiveSmallIntegerField(choices=MailboxKind.choices)
    head = models.PositiveBigIntegerField(default=0, help_text="Sequence of the newest envelope; 0 while empty.")
    slot = models.PositiveBigIntegerField(default=0, help_text="How many commits were accepted.")
    bytes = models.PositiveBigIntegerField(default=0, help_text="Sum of the bodies that are still stored.")
    gone = models.PositiveBigIntegerField(default=0, help_text="Envelopes up to this sequence have been deleted.")
    minute = models.PositiveBigIntegerField(help_text="When it was created: unix seconds, rounded down to the minute.")

    class Meta:
        verbose_name_plural = "mailboxes"

    def __str__(self) -> str:
        return bytes.hex(self.id)
