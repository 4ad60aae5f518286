"""Fill the database of the environment: `python -m tests.faults.prepare ACCOUNTS CONVERSATIONS READERS`.

Conversations overlap, so that each device reads several. Prints JSON that `people.Place.read` takes.
"""

import json
import os
import secrets
import sys

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "talk2me.settings")

import django

django.setup()

from django.core.management import call_command  # noqa: E402 - needs loaded apps

from messaging.clock import this_minute  # noqa: E402
from messaging.models import Mailbox, MailboxKind, Membership, Subscription  # noqa: E402
from tests.factories import FakeDevice, make_account, make_token  # noqa: E402


def as_row(name: str, device: FakeDevice) -> list[str]:
    """Return the fields of a `people.Person`, bytes as hex."""
    parts = (device.account_id, device.device_id, make_token(device), device.sign_in_key.private_bytes_raw())
    return [name, *(part.hex() for part in parts)]


accounts, conversations, readers = map(int, sys.argv[1:])
call_command("migrate", verbosity=0)
devices = [make_account(f"person{number}").device for number in range(accounts)]
who = {
    secrets.token_bytes(16): [(number * readers // 2 + at) % accounts for at in range(readers)]
    for number in range(conversations)
}
Mailbox.objects.bulk_create(Mailbox(id=id_, kind=MailboxKind.CONVERSATION, minute=this_minute()) for id_ in who)
pairs = [(id_, devices[at]) for id_, members in who.items() for at in members]
Membership.objects.bulk_create(Membership(mailbox_id=id_, account=one.account_id) for id_, one in pairs)
Subscription.objects.bulk_create(
    Subscription(mailbox_id=id_, device=one.device_id, account=one.account_id, first=1, acknowledged=0)
    for id_, one in pairs
)
people = [as_row(f"person{number}", device) for number, device in enumerate(devices)]
print(json.dumps({"people": people, "conversations": {id_.hex(): members for id_, members in who.items()}}))  # noqa: T201
