"""What the Delivery Service remembers (ARCHITECTURE 3.1)."""

from messaging.models.account_quota import AccountQuota
from messaging.models.attachment import Attachment, AttachmentRemains
from messaging.models.envelope import Envelope
from messaging.models.group_info import GroupInfo
from messaging.models.kinds import EnvelopeKind, MailboxKind
from messaging.models.mailbox import Mailbox
from messaging.models.membership import Membership
from messaging.models.passed import Passed
from messaging.models.push_subscription import PushSubscription
from messaging.models.report import Report
from messaging.models.subscription import Subscription

__all__ = [
    "AccountQuota",
    "Attachment",
    "AttachmentRemains",
    "Envelope",
    "EnvelopeKind",
    "GroupInfo",
    "Mailbox",
    "MailboxKind",
    "Membership",
    "Passed",
    "PushSubscription",
    "Report",
    "Subscription",
]
