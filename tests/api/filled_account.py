"""Something of an account's in every table that can hold something of one."""

import os

from keys import clock, services
from keys.models import Account, Device, Passkey, Registration
from messaging.clock import this_minute
from messaging.models import Attachment, Envelope, EnvelopeKind, GroupInfo, Mailbox, MailboxKind, Membership, Report
from messaging.services.open_device_mailboxes import subscribe
from messaging.services.push_subscriptions import subscribe_push
from messaging.services.set_quotas import set_quotas
from operators.services.record_action import record_action
from tests import factories


def fill(alice, bob):
    """Something of Alice's in every table that can hold something of hers."""
    owner, row = alice.account_id, Account.objects.get(uid=alice.account_id)
    services.store_vault(owner, alice.device.device_id, 1, b"vault" * 20)
    factories.make_recovery_token(alice)
    factories.make_token(alice.device)
    device = Device.objects.get(uid=alice.device.device_id)
    later = clock.in_seconds(3600)
    device.key_packages.create(suite=1, body=b"package" * 30, hash=os.urandom(32), expires=later, created=clock.today())
    row.invitations.create(token_hash=os.urandom(32), expires=later).uses.create(mark=os.urandom(32))
    services.make_link_box(owner, box := os.urandom(16))
    services.put_link_part(box, 1, b"linked" * 10)
    Passkey.objects.create(
        uid=os.urandom(16), account=row, credential_id=b"credential of alice", public_key=b"public key of passkey",
        sign_count=0, recovery_key=factories.public(alice.recovery_key), created=clock.today(),
    )  # fmt: skip
    services.create_reset_permit(owner)
    services.create_registration_code(7, account=row)
    (choir,) = services.rows_of_codes([services.create_registration_code(7, label="the choir")])
    Registration.objects.create(account=row, code=choir, day=clock.today())
    subscribe_push(alice.device.device_id, "https://push.example.org/send/alice")
    set_quotas(owner, share=7 * 2**30)
    record_action("operator", "suspended", row)
    archive = mailbox(MailboxKind.ARCHIVE, alice, sizes=[100, 50])
    conversation = mailbox(MailboxKind.CONVERSATION, alice, bob, sizes=[1000])
    GroupInfo.objects.create(mailbox=conversation, sequence=1, slot=1, body=b"info")
    sent = Attachment(id=os.urandom(16), account=owner, size=5000, part=1000, offset=3000, expires=this_minute() + 600)
    sent.save()
    kept = Attachment.objects.create(id=os.urandom(16), account=owner, size=70, part=100, offset=70, keep=True)
    Report.objects.create(
        mark=os.urandom(32), reporter=owner, account=bob.account_id, minute=this_minute(), received=this_minute(),
        content=b"shown by alice", note="he is rude",
    )  # fmt: skip
    return {"archive": archive, "conversation": conversation, "sent": sent, "kept": kept, "box": box}


def mailbox(kind, *people, sizes):
    """A mailbox with an envelope of each size, read by the first device of everybody."""
    head = len(sizes)
    made = Mailbox.objects.create(
        id=os.urandom(16), kind=kind, head=head, slot=1, bytes=sum(sizes), minute=this_minute() - 600
    )
    for sequence, size in enumerate(sizes, 1):
        Envelope.objects.create(
            mailbox=made, sequence=sequence, id=os.urandom(16), kind=EnvelopeKind.APPLICATION, slot=1,
            body=os.urandom(size), hash=os.urandom(32), minute=this_minute() - 60 * (head - sequence),
            expires=None if kind == MailboxKind.ARCHIVE else this_minute() + 3600,
        )  # fmt: skip
    for person in people:
        Membership.objects.create(mailbox=made, account=person.account_id)
    subscribe(made.id, {person.device.device_id: person.account_id for person in people})
    return made
