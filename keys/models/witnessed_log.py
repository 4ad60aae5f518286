"""What this server, as a witness, has last signed of each other log."""

from django.db import models

from talk2me.fields import BytesField


class WitnessedLog(models.Model):
    """One log, by the origin in its checkpoints. What is signed for it next has to continue this."""

    origin = models.CharField(primary_key=True, max_length=255, editable=False)
    size = models.PositiveBigIntegerField(editable=False)
    root = BytesField(max_length=32, editable=False)

    def __str__(self) -> str:
        return self.origin
