"""Where two browsers of one person leave each other sealed parts, for some minutes (docs/devices.md 1)."""

from django.db import models

from keys.models.account import Account
from talk2me.fields import BytesField


class LinkBox(models.Model):
    """A box that a signed-in device made; `uid` follows from a secret that the server never sees."""

    uid = BytesField(unique=True, max_length=16, editable=False)
    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="link_boxes", editable=False)
    expires = models.DateTimeField(db_index=True, editable=False)

    def __str__(self) -> str:
        return f"{self.account} {self.expires:%Y-%m-%d}"


class LinkPart(models.Model):
    """One of its parts, 1 to 5, written once."""

    box = models.ForeignKey(LinkBox, on_delete=models.CASCADE, related_name="parts", editable=False)
    number = models.PositiveSmallIntegerField(editable=False)
    body = BytesField(max_length=16 * 1024, editable=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["box", "number"], name="one_part_at_each_number")]

    def __str__(self) -> str:
        return f"{self.box} {self.number}"
