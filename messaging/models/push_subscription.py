"""The push subscription: where a device without a socket can be told that something waits."""

from django.db import models

from talk2me.fields import BytesField

# As long as addresses of push services get, with room.
ENDPOINT_CHARACTERS = 1024


class PushSubscription(models.Model):
    """One a device; it goes with the device. No key of the browser's is kept: pushes carry nothing to encrypt."""

    device = BytesField(primary_key=True, max_length=16)
    # Of one browser: who has it now has it alone.
    endpoint = models.CharField(max_length=ENDPOINT_CHARACTERS, unique=True)
    pushed = models.PositiveBigIntegerField(
        null=True, help_text="Unix seconds, on a minute: told then, and not been here since; null when it may be told."
    )

    def __str__(self) -> str:
        return f"push to {bytes.hex(self.device)}"
