"""What using an invitation leaves behind: leave to add its maker to a conversation."""

from django.db import models

from talk2me.fields import BytesField


class ClaimGrant(models.Model):
    """A hash of requester and target: who has claimed by an invitation may add what it claimed, for some days."""

    mark = BytesField(unique=True, max_length=32, editable=False)
    expires = models.DateTimeField(db_index=True, editable=False)

    def __str__(self) -> str:
        return self.mark.hex()[:8]
