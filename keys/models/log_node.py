"""The nodes of the tree over the leaves."""

from django.db import models

from talk2me.fields import BytesField


class LogNode(models.Model):
    """The root of one complete subtree, numbered as keys.key_log.tree does. Never changed, never deleted."""

    number = models.PositiveBigIntegerField(primary_key=True, editable=False)
    hash = BytesField(max_length=32, editable=False)

    def __str__(self) -> str:
        return str(self.number)
