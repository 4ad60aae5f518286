"""An account with quotas of its own: they count in place of the settings, for it alone, until they are taken back."""

import os
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from messaging.models import AccountQuota, Mailbox, MailboxKind, Membership, Subscription
from messaging.selectors import has_full_share
from messaging.services.count_over_quotas import count_full_accounts
from messaging.services.store_attachment import begin_attachment
from messaging.services.tell_stored import tell_stored
from talk2me.errors import QuotaReached
from tests.factories import make_account

MIB = 1024**2
pytestmark = pytest.mark.django_db


@pytest.fixture
def people(settings) -> tuple[bytes, bytes]:
    """Alice and Bob, each with an archive of 5 MiB."""
    settings.ACCOUNT_QUOTA_BYTES, settings.ATTACHMENT_QUOTA_BYTES = 4 * MIB, 2 * MIB
    ids = make_account("alice").account_id, make_account("bob").account_id
    for id_ in ids:
        mailbox = Mailbox.objects.create(id=os.urandom(16), kind=MailboxKind.ARCHIVE, minute=0, bytes=5 * MIB)
        Membership.objects.create(mailbox=mailbox, account=id_)
        Subscription.objects.create(mailbox=mailbox, device=id_, account=id_, first=1, acknowledged=0)
    return ids


def run(*words: str) -> str:
    out = StringIO()
    call_command("quota", *words, stdout=out)
    return out.getvalue().strip()


def test_a_share_of_its_own_counts_for_that_account_alone(people: tuple[bytes, bytes]) -> None:
    alice, bob = people
    assert (has_full_share(alice), has_full_share(bob)) == (True, True)
    assert run("Alice", "--share", str(6 * MIB)) == "share: 6.0 MB; files: 2.0 MB"
    assert (has_full_share(alice), has_full_share(bob)) == (False, True)
    assert tell_stored(alice)["quotas"]["share"] == {"used": 5 * MIB, "most": 6 * MIB}
    # A lower quota for all is nothing to her.
    assert count_full_accounts(MIB) == 1
    assert run("alice", "--share", "0") == run("alice") == "share: 4.0 MB; files: 2.0 MB"
    assert has_full_share(alice)
    assert not AccountQuota.objects.exists()


def test_more_files_of_its_own(people: tuple[bytes, bytes]) -> None:
    alice, bob = people
    run("alice", "--files", str(8 * MIB))
    begin_attachment(alice, os.urandom(16), 3 * MIB, None, keep=False)
    with pytest.raises(QuotaReached):
        begin_attachment(bob, os.urandom(16), 3 * MIB, None, keep=False)
    assert tell_stored(alice)["quotas"]["attachments"]["most"] == 8 * MIB
    # The other one stays when one is taken back.
    run("alice", "--share", str(6 * MIB))
    assert run("alice", "--files", "0") == "share: 6.0 MB; files: 2.0 MB"


@pytest.mark.parametrize("words", [["nobody"], ["a b"], ["alice", "--share", "5"], ["alice", "--files", "-1"]])
def test_what_can_not_be_meant_is_refused(people: tuple[bytes, bytes], words: list[str]) -> None:
    with pytest.raises(CommandError):
        run(*words)
    assert not AccountQuota.objects.exists()
