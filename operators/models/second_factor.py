"""The app on an operator's phone that makes codes."""

from django.contrib.auth.models import User
from django.db import models

from talk2me.fields import BytesField


class SecondFactor(models.Model):
    """A TOTP secret (RFC 6238), sealed by a key that follows from SECRET_KEY: a copy of the database makes no codes."""

    user = models.OneToOneField(User, on_delete=models.CASCADE, related_name="second_factor", editable=False)
    sealed = BytesField(max_length=255, editable=False)
    # Nothing until its first code has been shown.
    since = models.DateField(null=True, editable=False)
    # The last step of time whose code was used: each is good once.
    last_step = models.BigIntegerField(default=0, editable=False)

    def __str__(self) -> str:
        return f"second factor of {self.user}"
