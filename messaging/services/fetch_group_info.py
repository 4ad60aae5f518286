"""The newest group info of a conversation, for a device that joins by itself."""

from messaging.frames import GroupInfo as GroupInfoFrame
from messaging.models import GroupInfo, Membership, Subscription
from messaging.services.commit_epoch import is_member
from talk2me.errors import MailboxUnknown, NotFound


def fetch_group_info(account: bytes, mailbox: bytes, ref: int) -> GroupInfoFrame:
    """Return the frame. Raises MailboxUnknown for anyone but a member, NotFound before the first commit."""
    if not is_member(mailbox, account):
        raise MailboxUnknown
    info = GroupInfo.objects.filter(mailbox_id=mailbox).first()
    if info is None:
        raise NotFound
    members = Membership.objects.filter(mailbox_id=mailbox).values_list("account", flat=True)
    subscribers = Subscription.objects.filter(mailbox_id=mailbox, last=None).values_list("device", flat=True)
    return GroupInfoFrame(ref, mailbox, info.slot, info.sequence, info.body, list(members), list(subscribers))
