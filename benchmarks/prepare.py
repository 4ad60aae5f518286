"""Make a fresh database of ours with people who talk in pairs: `python -m benchmarks.prepare PEOPLE [READERS]`.

With more than two READERS some others read each conversation too.

Prints JSON: the token of each device, and the mailbox of each pair, as hex.
"""

import json
import os
import secrets
import sys

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "talk2me.settings")

import django

django.setup()

from django.core.management import call_command  # noqa: E402 - needs loaded apps
from django.db import transaction  # noqa: E402

from benchmarks.wires.wire import conversations  # noqa: E402
from messaging.clock import this_minute  # noqa: E402
from messaging.models import Mailbox, MailboxKind, Membership, Subscription  # noqa: E402
from tests.factories import make_account, make_token  # noqa: E402

call_command("migrate", verbosity=0)
people, reading = int(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 2
# Each account as its browser makes it, in one transaction: two thousand waits for the disk less.
with transaction.atomic():
    devices = [make_account(f"person{number}").device for number in range(people)]
    tokens = [make_token(device).hex() for device in devices]
pairs = {pair: secrets.token_bytes(16) for pair in conversations(people)}
Mailbox.objects.bulk_create(
    Mailbox(id=id_, kind=MailboxKind.CONVERSATION, minute=this_minute()) for id_ in pairs.values()
)
# The two themselves, then those who follow the first.
readers = [
    (id_, devices[number])
    for pair, id_ in pairs.items()
    for number in list(dict.fromkeys([*pair, *((pair[0] + at) % people for at in range(people))]))[:reading]
]
Membership.objects.bulk_create(Membership(mailbox_id=id_, account=device.account_id) for id_, device in readers)
Subscription.objects.bulk_create(
    Subscription(mailbox_id=id_, device=device.device_id, account=device.account_id, first=1, acknowledged=0)
    for id_, device in readers
)
json.dump({"tokens": tokens, "mailboxes": [[*pair, id_.hex()] for pair, id_ in pairs.items()]}, sys.stdout)
