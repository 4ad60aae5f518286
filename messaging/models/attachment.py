"""The attachment: a file that its sender has sealed, kept in parts beside the database."""

from django.db import models

from talk2me.fields import BytesField


class Attachment(models.Model):
    """One file; its parts are objects of the storage (messaging/part_storage.py). Whoever knows the id may read it."""

    id = BytesField(primary_key=True, max_length=16)
    account = BytesField(max_length=16, help_text="Whose quota it counts to, and who may delete it.")
    size = models.PositiveBigIntegerField(help_text="Bytes it will have when it is complete.")
    part = models.PositiveIntegerField(help_text="Bytes of each of its parts but the last.")
    offset = models.PositiveBigIntegerField(default=0, help_text="So many bytes are stored.")
    keep = models.BooleanField(default=False, help_text="Whether it stays until it is deleted, once it is complete.")
    expires = models.PositiveBigIntegerField(null=True, help_text="Unix seconds, on a minute; null when never.")

    class Meta:
        indexes = [
            models.Index(fields=["account"], name="messaging_attachment_account"),
            models.Index(
                fields=["expires"], name="messaging_attachment_expires", condition=models.Q(expires__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return bytes.hex(self.id)

    @property
    def complete(self) -> bool:
        """Whether all of it is stored."""
        return self.offset == self.size

    @property
    def parts(self) -> int:
        """How many parts it has when it is complete."""
        return -(-self.size // self.part)


class AttachmentRemains(models.Model):
    """What is left of a deleted attachment: objects that are still to be deleted.

    Written in the transaction that deletes the attachment, deleted after the objects: so a crash between loses track of
    none. Nobody can take the id meanwhile.
    """

    id = BytesField(primary_key=True, max_length=16)
    parts = models.PositiveIntegerField()

    class Meta:
        verbose_name_plural = "attachment remains"

    def __str__(self) -> str:
        return bytes.hex(self.id)
