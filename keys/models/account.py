"""One person's identity on this server."""

from django.db import models

from talk2me.fields import BytesField


class Account(models.Model):
    """The state of an account chain after its last event, and what the owner and operators have set."""

    uid = BytesField(unique=True, max_length=16, editable=False)
    username = models.CharField(max_length=32, unique=True, editable=False)
    # What the name looks like (UTS 39): two names that look alike cannot both exist.
    skeleton = models.CharField(max_length=1024, unique=True, editable=False)
    identity_key = BytesField(max_length=32, editable=False)
    # Up to eight keys of 32 bytes, one after the other.
    recovery_keys = BytesField(max_length=256, editable=False)
    seq = models.PositiveIntegerField(editable=False)
    head = BytesField(max_length=32, editable=False)
    open_to_strangers = models.BooleanField(default=True, editable=False)
    suspended = models.BooleanField(default=False, editable=False)
    created = models.DateField(editable=False)

    class Meta:
        ordering = ["username"]

    def __str__(self) -> str:
        return self.username
