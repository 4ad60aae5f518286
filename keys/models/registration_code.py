"""Leave to register here, given by an operator, by somebody with an account, or by the gate (docs/operations.md)."""

import secrets

from django.db import models

from keys import clock
from keys.models.account import Account
from talk2me.fields import BytesField


def random_id() -> int:
    """Return a number that says nothing of when it was drawn."""
    return secrets.randbits(62)


class GateMark(models.Model):
    """A person at the identity provider, as a keyed hash, and how many accounts it has made. Which ones is not kept."""

    # In no order: accounts are numbered one after the other, and whoever comes through the gate makes one at once.
    id = models.BigIntegerField(primary_key=True, default=random_id, editable=False)
    mark = BytesField(unique=True, max_length=32, editable=False)
    accounts = models.PositiveIntegerField(default=0, editable=False)

    def __str__(self) -> str:
        return self.mark.hex()[:8]


class RegistrationCode(models.Model):
    """The SHA-256 of a code that makes so many accounts, until it expires, is used up or is revoked.

    Defaults are the database's: workers of the release before write rows without these columns.
    """

    hash = BytesField(unique=True, max_length=32, editable=False)
    created = models.DateField(editable=False)
    expires = models.DateTimeField(editable=False)
    # The day from which on it makes no account: used up, or revoked.
    used = models.DateField(null=True, editable=False)
    revoked = models.BooleanField(default=False, db_default=False, editable=False)
    label = models.CharField(max_length=80, default="", db_default="", editable=False)
    most = models.PositiveIntegerField(default=1, db_default=1, editable=False)
    uses = models.PositiveIntegerField(default=0, db_default=0, editable=False)
    # Who invites; nobody where an operator or the gate has given it.
    account = models.ForeignKey(
        Account, on_delete=models.CASCADE, null=True, related_name="registration_codes", editable=False
    )
    # Until it is used; then the row goes.
    gate_mark = models.ForeignKey(GateMark, on_delete=models.CASCADE, null=True, related_name="codes", editable=False)

    class Meta:
        ordering = ["-created", "id"]

    def __str__(self) -> str:
        return self.label or self.hash.hex()[:8]

    @property
    def state(self) -> str:
        """`open`, or why it makes no account any more."""
        if self.revoked:
            return "revoked"
        if self.used is not None:
            return "used"
        return "expired" if self.expires <= clock.now() else "open"


class Registration(models.Model):
    """By whose code an account came: who invited whom. Gone with either."""

    account = models.OneToOneField(Account, on_delete=models.CASCADE, related_name="registration", editable=False)
    code = models.ForeignKey(RegistrationCode, on_delete=models.CASCADE, related_name="registrations", editable=False)
    day = models.DateField(editable=False)

    class Meta:
        ordering = ["-day", "id"]

    def __str__(self) -> str:
        return f"{self.account} by {self.code}"
