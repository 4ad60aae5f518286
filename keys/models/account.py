"""One person's identity on this server."""

from django.db import models

from talk2me.fields import BytesField, NullableBytesField


class Account(models.Model):
    """The state of an account chain after its last event, and what the owner and operators have set."""

    uid = BytesField(unique=True, max_length=16, editable=False)
    username = models.CharField(max_length=32, unique=True, editable=False)
    # What the name looks like (UTS 39): two names that look alike cannot both exist.
    skeleton = models.CharField(max_length=1024, unique=True, editable=False)
    identity_key = BytesField(max_length=32, editable=False)
    # Up to eight keys of 32 bytes, one after the other.
    recovery_keys = BytesField(max_length=256, editable=False)
    # Recovery keys that a device has announced: as above, with unix ms and seq of the event that did so.
    announced_keys = NullableBytesField(max_length=256, editable=False)
    announced_time = models.PositiveBigIntegerField(null=True, editable=False)
    announced_seq = models.PositiveIntegerField(null=True, editable=False)
    # The last start over: the event, and "recovery" or "operator".
    reset_seq = models.PositiveIntegerField(null=True, editable=False)
    reset_by = models.CharField(max_length=8, null=True, editable=False)  # noqa: DJ001 - nothing is not the empty text
    # Identity keys that ended so, one after the other.
    former_identities = BytesField(default=b"", editable=False)
    seq = models.PositiveIntegerField(editable=False)
    head = BytesField(max_length=32, editable=False)
    open_to_strangers = models.BooleanField(default=True, editable=False)
    suspended = models.BooleanField(default=False, editable=False)
    # By an operator. The default is the database's: workers of the release before write rows without it.
    kept_from_strangers = models.BooleanField(default=False, db_default=False, editable=False)
    created = models.DateField(editable=False)
    # How many accounts were called so, this one included, and the leaf that says it is this one's name (docs/key_log.md
    # 1). Nothing only while the account is being made: the log is written last.
    name_version = models.PositiveIntegerField(null=True, editable=False)
    name_position = models.PositiveBigIntegerField(null=True, unique=True, editable=False)
    name_opening = NullableBytesField(max_length=32, editable=False)

    class Meta:
        ordering = ["username"]

    def __str__(self) -> str:
        return self.username
