"""Kinds of mailbox and of envelope: small numbers at rest, the names of docs/wire_format.md 3 on the wire."""

from django.db.models import IntegerChoices


class MailboxKind(IntegerChoices):
    """Who subscribes to a mailbox: one device, every device of every member, or the devices of one account."""

    DEVICE = 1, "device"
    CONVERSATION = 2, "conversation"
    ARCHIVE = 3, "archive"


class EnvelopeKind(IntegerChoices):
    """What an envelope is to those who read it. The first three are the numbers of docs/protocol.md 9."""

    APPLICATION = 1, "application"
    COMMIT = 2, "commit"
    PROPOSAL = 3, "proposal"
    WELCOME = 4, "welcome"
    NOTICE = 5, "notice"
    ARCHIVE = 6, "archive"
