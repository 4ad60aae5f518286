"""What the whole server counted on a day."""

from django.db import models
from django.utils import timezone


class DailyCount(models.Model):
    """One total of one day (operators/counts.py has the names); nothing in it is of one account."""

    day = models.DateField(editable=False)
    name = models.CharField(max_length=32, editable=False)
    value = models.BigIntegerField(default=0, editable=False)
    counted = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["day", "name"], name="operators_dailycount_once")]

    def __str__(self) -> str:
        return f"{self.name} on {self.day}"
