"""What else there is to know of the key log."""

from django.db import models

from talk2me.fields import BytesField

THE_ROW = 1


class LogState(models.Model):
    """One row: how many leaves there are, and what the first one commits to. The signing key is not in the database."""

    size = models.PositiveBigIntegerField(editable=False)
    directory_key = BytesField(max_length=32, editable=False, help_text="told to every signed-in device")
    opening = BytesField(max_length=32, editable=False, help_text="of the genesis")

    def __str__(self) -> str:
        return str(self.size)
