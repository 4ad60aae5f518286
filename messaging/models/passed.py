"""The mark of a mailbox in which cursors have moved, so that something may have become nobody's."""

from django.db import models

from messaging.models.mailbox import Mailbox


class Passed(models.Model):
    """Written with the cursors, taken when the mailbox is cleared: so nobody has to search all mailboxes.

    In the order of `id`, so that one with much to clear goes to the end again after each piece.
    """

    mailbox = models.OneToOneField(Mailbox, on_delete=models.CASCADE, db_constraint=False)

    class Meta:
        verbose_name_plural = "passed"

    def __str__(self) -> str:
        return bytes.hex(self.mailbox_id)
