"""Public material with which others add a device to a group (RFC 9420, section 10)."""

from django.db import models
from django.db.models import Q

from keys.models.device import Device
from talk2me.fields import BytesField


class KeyPackage(models.Model):
    """One that can be claimed. Single-use ones are deleted by the claim; the last-resort one of a suite stays."""

    device = models.ForeignKey(Device, on_delete=models.CASCADE, related_name="key_packages", editable=False)
    suite = models.PositiveIntegerField(editable=False)
    body = BytesField(editable=False)
    hash = BytesField(unique=True, max_length=32, editable=False)
    last_resort = models.BooleanField(default=False, editable=False)
    expires = models.DateTimeField(editable=False)
    created = models.DateField(editable=False)

    class Meta:
        ordering = ["id"]
        indexes = [models.Index(fields=["device", "suite", "last_resort"], name="key_package_to_claim")]
        constraints = [
            models.UniqueConstraint(
                fields=["device", "suite"], condition=Q(last_resort=True), name="one_last_resort_for_each_suite"
            )
        ]

    def __str__(self) -> str:
        return f"{self.device} {self.suite}"


class SpentKeyPackage(models.Model):
    """The hash of one that was claimed or replaced, kept until it would have expired: it can't be published again."""

    hash = BytesField(unique=True, max_length=32, editable=False)
    expires = models.DateTimeField(db_index=True, editable=False)

    def __str__(self) -> str:
        return self.hash.hex()[:8]
