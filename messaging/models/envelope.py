"""The envelope: the server's record around opaque bytes."""

from django.db import models

from messaging.models.kinds import EnvelopeKind
from messaging.models.mailbox import Mailbox
from talk2me.fields import BytesField, NullableBytesField


class Envelope(models.Model):
    """One stored envelope; it has no sender. When it has expired only sequence, id, kind, slot and hash are left."""

    pk = models.CompositePrimaryKey("mailbox_id", "sequence")
    # Written under the mailbox's lock, so the database need not look the mailbox up again for each row.
    mailbox = models.ForeignKey(Mailbox, on_delete=models.CASCADE, db_constraint=False, db_index=False)
    sequence = models.PositiveBigIntegerField()
    id = BytesField(max_length=16)
    kind = models.PositiveSmallIntegerField(choices=EnvelopeKind.choices)
    slot = models.PositiveBigIntegerField(help_text="The mailbox's slot after this envelope.")
    body = NullableBytesField()
    hash = BytesField(max_length=32, help_text="SHA-256 of the body.")
    subscribers = NullableBytesField(help_text="Of a commit: the devices subscribed after it, 16 bytes each.")
    minute = models.PositiveBigIntegerField(help_text="When it was accepted: unix seconds, rounded down to the minute.")
    commitment = NullableBytesField(max_length=32)
    franking = NullableBytesField(max_length=32)
    expires = models.PositiveBigIntegerField(null=True, help_text="Unix seconds, on a minute; null when never.")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["mailbox", "id"], name="messaging_envelope_id")]
        indexes = [
            models.Index(
                fields=["expires"], name="messaging_envelope_expires", condition=models.Q(expires__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.sequence} in {bytes.hex(self.mailbox_id)}"
