"""A code on paper, for when the phone is gone."""

from django.db import models

from operators.models.second_factor import SecondFactor
from talk2me.fields import BytesField


class RecoveryCode(models.Model):
    """A keyed hash of the code, never the code; the row goes when it is used."""

    factor = models.ForeignKey(SecondFactor, on_delete=models.CASCADE, related_name="recovery_codes", editable=False)
    hash = BytesField(max_length=32, unique=True, editable=False)

    def __str__(self) -> str:
        return f"recovery code of {self.factor.user}"
