"""What witnesses have signed of this server's log."""

from django.db import models


class CosignedCheckpoint(models.Model):
    """A checkpoint with their lines: the newest one, and older ones that more of them have signed."""

    size = models.PositiveBigIntegerField(primary_key=True, editable=False)
    note = models.TextField(editable=False, help_text="signed by the log and by witnesses")

    def __str__(self) -> str:
        return str(self.size)
