"""What the Delivery Service remembers (ARCHITECTURE 3.1)."""

from messaging.models.envelope import Envelope
from messaging.models.group_info import GroupInfo
from messaging.models.kinds import EnvelopeKind, MailboxKind
from messaging.models.mailbox import Mailbox
from messaging.models.membership import Membership
from messaging.models.passed import Passed
from messaging.models.subscription import Subscription

__all__ = ["Envelope", "EnvelopeKind", "GroupInfo", "Mailbox", "MailboxKind", "Membership", "Passed", "Subscription"]
