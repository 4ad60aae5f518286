"""Leave to start an account over without any of its keys, given by the operator."""

from django.db import models

from keys.models.account import Account
from talk2me.fields import BytesField


class ResetPermit(models.Model):
    """The SHA-256 of a code that the operator handed over. Good from a day on until a device of the account objects."""

    account = models.OneToOneField(Account, on_delete=models.CASCADE, related_name="reset_permit", editable=False)
    code_hash = BytesField(max_length=32, editable=False)
    from_day = models.DateField(editable=False)
    created = models.DateField(editable=False)

    def __str__(self) -> str:
        return f"{self.account} {self.from_day}"
