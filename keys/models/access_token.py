"""What a signed-in device shows instead of signing each request."""

from django.db import models

from keys.models.device import Device
from talk2me.fields import BytesField


class AccessToken(models.Model):
    """The SHA-256 of a bearer token, never the token. Kept a day past its end, to answer `token_expired`."""

    hash = BytesField(unique=True, max_length=32, editable=False)
    device = models.ForeignKey(Device, on_delete=models.CASCADE, related_name="tokens", editable=False)
    # Unique, so the nonce of a challenge gives one token and no second one.
    nonce_hash = BytesField(unique=True, max_length=32, editable=False)
    expires = models.DateTimeField(db_index=True, editable=False)

    def __str__(self) -> str:
        return f"{self.device} {self.expires:%Y-%m-%d}"
