"""The report of abuse: one message that a recipient has shown to the operators, with the proof of who sent it."""

from django.db import models

from talk2me.fields import BytesField


class Report(models.Model):
    """All that the server learns is this one content; of its place only a mark, to know the same report again."""

    mark = BytesField(unique=True, max_length=32, editable=False)
    reporter = BytesField(max_length=16, editable=False, help_text="The account that reports.")
    account = BytesField(max_length=16, editable=False, help_text="The account that sent it; this is proven.")
    minute = models.PositiveBigIntegerField(help_text="When it was accepted: unix seconds, on a minute; proven too.")
    received = models.PositiveBigIntegerField(help_text="When it was reported: unix seconds, on a minute.")
    content = BytesField(editable=False, help_text="The content as MLS carried it, MessagePack (docs/protocol.md 8).")
    note = models.CharField(max_length=1000, blank=True, help_text="What the reporter says; nothing proves it.")
    handled = models.BooleanField(default=False)

    def __str__(self) -> str:
        return f"report {self.pk}"
