"""Accept a commit: compare and raise the slot, and apply all that rides with it (ARCHITECTURE 3.2).

The server can't judge a commit, so it judges none: garbage takes a slot like any other, and the group goes on. Whom it
puts out may come back by a commit of their own, so that no member alone ends a group (docs/decisions/coming_back.md).
"""

import hashlib

from msgspec import structs

from keys import selectors as keys
from messaging import statements
from messaging.batch import CommitItem, Outcome, SubscribersSet
from messaging.clock import this_minute
from messaging.frames import Welcome
from messaging.models import Envelope, EnvelopeKind, GroupInfo, Mailbox, MailboxKind, Membership, Subscription
from messaging.selectors import accounts_known_to, sharing_conversation
from messaging.services.accept_envelopes import accepted, append, expiry, news, same_or_conflict
from messaging.services.open_device_mailboxes import device_mailboxes, subscribe
from messaging.statements import EnvelopeRow, MailboxRow
from talk2me import limits
from talk2me.errors import ClaimRefused, MailboxUnknown, SlotConflict, SubscribersInvalid, Talk2meError


def commit_epoch(item: CommitItem, mailboxes: dict[bytes, MailboxRow], outcome: Outcome) -> None:
    """Store one commit inside the transaction; `mailboxes` are locked. Appends result and events to `outcome`."""
    try:
        _commit(item, mailboxes, outcome)
    except Talk2meError as error:
        outcome.results.append(error)


def _commit(item: CommitItem, mailboxes: dict[bytes, MailboxRow], outcome: Outcome) -> None:
    mailbox = mailboxes.get(item.mailbox)
    if mailbox is None or mailbox.kind != MailboxKind.CONVERSATION:
        raise MailboxUnknown
    live = set(Subscription.objects.filter(mailbox_id=item.mailbox, last=None).values_list("device", flat=True))
    belongs = is_member(item.mailbox, item.account)
    came_from = None if item.device in live else _put_out(item, mailbox.slot, belongs=belongs)
    if item.device not in live and not belongs and came_from is None:
        raise MailboxUnknown
    digest = hashlib.sha256(item.body).digest()
    before = statements.stored_envelopes([(item.mailbox, item.id)]).get((item.mailbox, item.id))
    if before is not None:
        row = same_or_conflict(before, EnvelopeKind.COMMIT, digest)
        outcome.results.append(accepted(row, duplicate=True))
        return
    # Who was put out can't read on, so it names the slot of the commit that did it, whatever came after.
    present = mailbox.slot if came_from is None else came_from
    if item.slot != present:
        raise SlotConflict(slot=present)
    item = _without_deleted(item)
    named = _accounts_of_subscribers(item)
    # A suspended account's devices stay in the group and join again by themselves when it is reinstated.
    accounts = keys.accounts_of_devices(item.subscribers)
    if item.device not in accounts:
        raise SubscribersInvalid
    _require_consent(item, live, named)
    if came_from is not None and not belongs:
        limits.hit("add_pair", item.account + item.mailbox)
    rows = _rows(item, digest, mailbox, mailboxes)
    # From here on nothing is refused: what was counted so far and what is written stay together.
    commit = rows[0]
    statements.insert_envelopes(rows)
    _set_subscribers(item, commit.sequence, live, accounts, resumes=came_from is not None)
    _set_returns(item, spent=came_from is not None and not belongs)
    _set_members(item)
    GroupInfo.objects.update_or_create(
        mailbox_id=item.mailbox,
        defaults={"sequence": commit.sequence, "slot": commit.slot, "body": item.group_info},
    )
    outcome.results.append(accepted(commit, duplicate=False))
    outcome.events += news([commit], mailboxes)
    outcome.events.append(SubscribersSet(item.mailbox, list(accounts), commit.sequence))
    outcome.events += news(rows[1:], mailboxes)


def is_member(mailbox: bytes, account: bytes) -> bool:
    """Return whether the account belongs to the mailbox, so that any of its devices may join by itself."""
    return Membership.objects.filter(mailbox_id=mailbox, account=account).exists()


def _put_out(item: CommitItem, present: int, *, belongs: bool) -> int | None:
    """Return the slot that a device names to go on where a commit has put it out; None if it can't go on there.

    A device whose account belongs to the mailbox may also begin anew, by an external commit in the `present` slot.
    """
    ended = Subscription.objects.filter(mailbox_id=item.mailbox, device=item.device).exclude(last=None)
    found = ended.values_list("last", "returns").first()
    last, returns = found or (None, False)
    if last is None or not (returns or belongs):
        return None
    commits = Envelope.objects.filter(mailbox_id=item.mailbox, sequence=last, kind=EnvelopeKind.COMMIT)
    slot: int | None = commits.values_list("slot", flat=True).first()
    if belongs and item.slot == present:
        return slot if slot == present else None
    if slot is None and (belongs or _are_most_out(item.mailbox)):
        # That commit is gone: what a device names is all that it could read.
        return item.slot
    return slot


def _are_most_out(mailbox: bytes) -> bool:
    """Whether as many may come back as belong to the mailbox: else it was a removal that the others have read."""
    members = Membership.objects.filter(mailbox_id=mailbox).values_list("account", flat=True)
    ended = Subscription.objects.filter(mailbox_id=mailbox, returns=True).exclude(last=None)
    out = ended.exclude(account__in=members).values("account").distinct()
    return out.count() >= members.count()


def _without_deleted(item: CommitItem) -> CommitItem:
    """Leave out accounts and devices that are no longer there.

    Nobody takes a deleted account's leaves out of a group on the server's word: they are listed until somebody does.
    """
    devices = keys.existing_devices(item.subscribers)
    accounts = keys.usernames_of(item.members)
    return structs.replace(
        item,
        subscribers=[device for device in item.subscribers if device in devices],
        members=[account for account in item.members if account in accounts],
    )


def _accounts_of_subscribers(item: CommitItem) -> dict[bytes, bytes]:
    """Return the account of each subscriber. Raises SubscribersInvalid unless the set keeps the rules of the frame."""
    subscribers = set(item.subscribers)
    welcomed = {welcome.device for welcome in item.welcomes}
    accounts = keys.accounts_of_devices(item.subscribers, suspended=True)
    if (
        len(subscribers) != len(item.subscribers)
        or item.device not in subscribers
        or not welcomed <= subscribers
        or len(welcomed) != len(item.welcomes)
        or accounts.keys() != subscribers
        or not set(accounts.values()) <= set(item.members)
    ):
        raise SubscribersInvalid
    return accounts


def _require_consent(item: CommitItem, live: set[bytes], named: dict[bytes, bytes]) -> None:
    """Hold who is added to the rules of a claim, and count. Raises ClaimRefused, RateLimited.

    Nobody gets into a conversation who would not have given a key package for it: neither to be written to, nor to
    count as somebody who shares one.
    """
    new = set(item.members) - {item.account} - accounts_known_to(item.mailbox)
    strangers = new - sharing_conversation(item.account, new) if new else new
    if strangers and strangers != keys.who_may_be_added(item.account, strangers):
        raise ClaimRefused
    welcomed = {welcome.device for welcome in item.welcomes}
    coming = named.keys() - live
    # Whom a commit has put out, and none lets in anew, is put back: who does that often is no burden to them.
    dropped = Subscription.objects.filter(mailbox_id=item.mailbox, device__in=coming - welcomed, returns=True)
    put_back = {*dropped.exclude(last=None).values_list("device", flat=True)}
    added = new | {named[device] for device in (coming - put_back) | welcomed}
    added.discard(item.account)
    for account in added:
        limits.hit("add_pair", item.account + account)
    if added:
        limits.hit("add", item.account, cost=len(added))


def _rows(
    item: CommitItem, digest: bytes, mailbox: MailboxRow, mailboxes: dict[bytes, MailboxRow]
) -> list[EnvelopeRow]:
    """Return the commit's row, then those of its welcomes. Raises without having counted anything."""
    counts = {id_: (row.head, row.slot, row.bytes) for id_, row in mailboxes.items()}
    try:
        mailbox.slot += 1
        subscribers = b"".join(item.subscribers)
        commit = EnvelopeRow(
            item.mailbox, 0, item.id, EnvelopeKind.COMMIT, mailbox.slot, item.body, digest, subscribers, this_minute(),
            None, None, expiry(),
        )  # fmt: skip
        return [append(mailbox, commit, item.account), *_welcome_rows(item, mailboxes)]
    except Talk2meError:
        for id_, (head, slot, size) in counts.items():
            row = mailboxes[id_]
            row.head, row.slot, row.bytes = head, slot, size
        raise


def _welcome_rows(item: CommitItem, mailboxes: dict[bytes, MailboxRow]) -> list[EnvelopeRow]:
    homes = device_mailboxes({welcome.device for welcome in item.welcomes})
    if len(homes) != len(item.welcomes):
        raise SubscribersInvalid
    places = [(homes[welcome.device], welcome) for welcome in item.welcomes]
    stored = statements.stored_envelopes([(home, welcome.id) for home, welcome in places]) if places else {}
    rows = []
    for home, welcome in places:
        digest = hashlib.sha256(welcome.body).digest()
        before = stored.get((home, welcome.id))
        if before is None:
            rows.append(append(mailboxes[home], _welcome_row(home, welcome, digest), item.account))
        else:
            same_or_conflict(before, EnvelopeKind.WELCOME, digest)
    return rows


def _welcome_row(home: bytes, welcome: Welcome, digest: bytes) -> EnvelopeRow:
    return EnvelopeRow(
        home, 0, welcome.id, EnvelopeKind.WELCOME, 0, welcome.body, digest, None, this_minute(), None, None, expiry()
    )


def _set_subscribers(
    item: CommitItem, sequence: int, live: set[bytes], accounts: dict[bytes, bytes], *, resumes: bool
) -> None:
    """End the subscriptions that the commit dropped, with the commit; begin new ones after it.

    `resumes`: the device that commits was put out itself, and goes on where it was.
    """
    dropped = live - accounts.keys()
    Subscription.objects.filter(mailbox_id=item.mailbox, device__in=dropped, last=None).update(last=sequence)
    new = {device: account for device, account in accounts.items() if device not in live}
    if item.device in new and not resumes:
        # Who joins by its own commit reads from that commit on.
        subscribe(item.mailbox, {item.device: new.pop(item.device)}, first=sequence)
    # Who is put back without a welcome was in the group all the time: a commit that the group refused put it out. It
    # goes on where it was, and the commit that puts it back is one that it has to read.
    welcomed = {welcome.device for welcome in item.welcomes}
    put_back = Subscription.objects.filter(mailbox_id=item.mailbox, device__in=new.keys() - welcomed).exclude(last=None)
    returned = [bytes(device) for device in put_back.values_list("device", flat=True)]
    for device in returned:
        del new[device]
    if returned:
        gone = Mailbox.objects.filter(id=item.mailbox).values_list("gone", flat=True)[0]
        # What is deleted of the time between is told as a gap.
        put_back.filter(acknowledged__lt=gone, first__lte=gone).update(first=gone + 1)
        put_back.update(last=None)
    if new:
        subscribe(item.mailbox, new, first=sequence + 1)


def _set_returns(item: CommitItem, *, spent: bool) -> None:
    """Let everybody whom another account's commit names come back once more; who has just done so has done it once."""
    subscriptions = Subscription.objects.filter(mailbox_id=item.mailbox)
    named = subscriptions.filter(device__in=item.subscribers, returns=False)
    named.exclude(account=item.account).update(returns=True)
    if spent:
        subscriptions.filter(account=item.account).update(returns=False)


def _set_members(item: CommitItem) -> None:
    members = set(item.members)
    present = set(Membership.objects.filter(mailbox_id=item.mailbox).values_list("account", flat=True))
    if present - members:
        Membership.objects.filter(mailbox_id=item.mailbox, account__in=present - members).delete()
    Membership.objects.bulk_create(
        [Membership(mailbox_id=item.mailbox, account=account) for account in members - present]
    )
