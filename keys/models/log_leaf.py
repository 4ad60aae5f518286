"""The key log's leaves, in order."""

from django.db import models

from talk2me.fields import BytesField


class LogLeaf(models.Model):
    """One leaf (docs/key_log.md 1). Public; never changed, never deleted."""

    position = models.PositiveBigIntegerField(primary_key=True, editable=False)
    body = BytesField(max_length=106, editable=False)

    def __str__(self) -> str:
        return str(self.position)
