"""Leave to register here, given by the operator (REGISTRATION=invite)."""

from django.db import models

from talk2me.fields import BytesField


class RegistrationCode(models.Model):
    """The SHA-256 of a code that makes one account. Which account it made is not kept."""

    hash = BytesField(unique=True, max_length=32, editable=False)
    created = models.DateField(editable=False)
    expires = models.DateTimeField(editable=False)
    used = models.DateField(null=True, editable=False)

    class Meta:
        ordering = ["-created", "id"]

    def __str__(self) -> str:
        return self.hash.hex()[:8]
