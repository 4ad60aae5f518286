"""What the tutorial's server remembers: who may write to whom, and what was written."""

from django.db import models


class Member(models.Model):
    """A person in a room, and how far they have read."""

    room = models.CharField(max_length=32)
    person = models.CharField(max_length=32)
    acknowledged = models.PositiveBigIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["room", "person"], name="one_member")]

    def __str__(self) -> str:
        return f"{self.person} in {self.room}"


class Message(models.Model):
    """One message in a room."""

    room = models.CharField(max_length=32, db_index=True)
    body = models.TextField()
    created = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return f"{self.pk} in {self.room}"
