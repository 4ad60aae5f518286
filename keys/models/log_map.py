"""The map from an index to the position of its leaf, as it is after the last leaf."""

from django.db import models

from talk2me.fields import BytesField


class LogMapNode(models.Model):
    """An inner node (keys.key_log.prefix_map): where two or more entries begin with `prefix`."""

    prefix = BytesField(primary_key=True, max_length=34, editable=False)
    left = BytesField(max_length=32, editable=False)
    right = BytesField(max_length=32, editable=False)

    def __str__(self) -> str:
        return self.prefix.hex()


class LogMapEntry(models.Model):
    """One entry. That `key` is the primary key keeps an index from being entered twice."""

    key = BytesField(primary_key=True, max_length=32, editable=False)
    position = models.PositiveBigIntegerField(editable=False)

    def __str__(self) -> str:
        return self.key.hex()[:8]
