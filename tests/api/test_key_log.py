"""What the key log says: key_log/..., and the `log` in answers about accounts (docs/key_log.md 4)."""

import pytest
from django.db import transaction

from keys import base64url, log_key, services
from keys.key_log import answer as answers
from keys.key_log import leaf as leaves
from keys.key_log import note, tree
from keys.key_log.checkpoint import open_checkpoint
from keys.log_storage import writer
from keys.models import Account, AccountEvent, LogLeaf, LogState
from talk2me.errors import AccountTaken, UsernameTaken
from tests import factories
from tests.api.keys_client import b64, error, recovering

pytestmark = pytest.mark.django_db
decode = base64url.decode


@pytest.fixture
def key(as_nobody):
    """The verifier of this server's log, as a browser is told it."""
    return note.read_vkey(as_nobody.get("server").json()["key_log"])


@pytest.fixture
def directory_key(as_alice, key):
    """The directory key as a browser learns it."""
    found = as_alice.get("key_log/directory").json()
    seen = answers.verify_log(found["log"], None, key)
    answers.verify_frontier(found["frontier"], seen.checkpoint)
    return answers.verify_genesis(found["genesis"], seen, "http://127.0.0.1:8000")


def chain_path(account, **query):
    words = "&".join(f"{name}={value}" for name, value in query.items())
    return f"accounts/{b64(account.account_id)}/chain?{words}"


def events_of(account):
    return list(AccountEvent.objects.filter(account__uid=account.account_id).order_by("seq"))


def verify(found, account, key, directory_key, held=None):
    """Check an answer about an account as a browser does; give what is seen of the log."""
    events = events_of(account)
    seen = answers.verify_log(found["log"], held, key)
    chain = answers.Chain(account.account_id, events[0].event, events[-1].event, len(events))
    answers.verify_account(found["log"], seen, chain)
    answers.verify_username(found["log"], seen, directory_key, account.username, account.account_id)
    return seen


def head_of(seen):
    return answers.Head(seen.checkpoint.size, seen.checkpoint.root)


def test_the_server_tells_the_key_of_its_log(as_nobody):
    found = as_nobody.get("server").json()["key_log"]
    assert found == log_key.vkey()
    assert found.startswith("127.0.0.1:8000/keylog/1+")


def test_every_answer_about_an_account_proves_its_chain(as_bob, as_nobody, alice, key, directory_key):
    held = None
    for _ in range(3):
        since = held.size if held else 0
        asked = [
            as_bob.get(chain_path(alice, since=since)),
            as_nobody.post(chain_path(alice), {"since": since}, **recovering(alice)),
            as_bob.post("accounts/lookup", {"username": alice.username, "since": since}),
        ]
        for answer in asked:
            assert answer.status_code == 200
            seen = verify(answer.json(), alice, key, directory_key, held)
        held = head_of(seen)
        phone = factories.add_device(alice)
        factories.remove_device(alice, phone)


def test_a_chain_told_in_part_is_proven_all_the_same(as_bob, alice, key, directory_key):
    factories.add_device(alice)
    found = as_bob.get(chain_path(alice, after=1, since=1)).json()
    assert [one["event"] for one in found["events"]] == [b64(events_of(alice)[1].event)]
    verify(found, alice, key, directory_key, answers.Head(1, tree.leaf_hash(LogLeaf.objects.get(position=0).body)))
    nothing_new = as_bob.get(chain_path(alice, after=2)).json()
    assert nothing_new["events"] == []
    verify(nothing_new, alice, key, directory_key)


def test_a_chain_of_one_event_has_no_other_first_one(as_bob, alice):
    assert set(as_bob.get(chain_path(alice)).json()["log"]) == {
        "checkpoint", "consistency", "last", "account", "username",
    }  # fmt: skip


def test_a_name_that_is_given_again_gets_the_next_version(as_bob, key, directory_key):
    first = factories.make_account("beatrix")
    services.delete_account(first.account_id)
    for version in (2, 3):
        again = factories.make_account("beatrix")
        found = as_bob.post("accounts/lookup", {"username": "beatrix"}).json()
        assert found["log"]["username"]["version"] == version
        verify(found, again, key, directory_key)
        services.delete_account(again.account_id)


def test_a_name_may_be_given_more_often_than_is_asked_at_once(monkeypatch, as_bob):
    monkeypatch.setattr(writer, "VERSIONS_AT_ONCE", 2)
    for version in range(1, 6):
        account = factories.make_account("beatrix")
        assert Account.objects.get(uid=account.account_id).name_version == version
        services.delete_account(account.account_id)


def test_the_log_begins_with_its_genesis_when_it_is_first_asked(as_nobody, key):
    assert not LogState.objects.exists()
    seen = answers.verify_log(as_nobody.get("key_log/news").json()["log"], None, key)
    assert (seen.checkpoint.size, seen.last.type) == (1, leaves.GENESIS)
    assert as_nobody.get("key_log/news").json()["log"]["checkpoint"] == as_nobody.get("key_log/checkpoint").text
    assert LogState.objects.get().size == 1


def test_news_lead_from_what_was_seen_to_what_there_is(as_nobody, alice, key):
    seen = answers.verify_log(as_nobody.get("key_log/news").json()["log"], None, key)
    factories.add_device(alice)
    later = answers.verify_log(as_nobody.get(f"key_log/news?since={seen.checkpoint.size}").json()["log"], head_of(seen), key)  # fmt: skip # noqa: E501
    assert later.checkpoint.size == seen.checkpoint.size + 1
    for since in (0, later.checkpoint.size, later.checkpoint.size + 1, 2**53 - 1):
        assert as_nobody.get(f"key_log/news?since={since}").json()["log"]["consistency"] == ""


def test_the_leaves_are_those_of_the_checkpoint(as_nobody, alice, bob, key):
    answer = as_nobody.get("key_log/checkpoint")
    assert answer.headers["Content-Type"] == "text/plain; charset=utf-8"
    head = open_checkpoint(answer.content.decode(), key)
    found = as_nobody.get(f"key_log/leaves?from=0&to={head.size}")
    assert found.headers["Content-Type"] == "application/octet-stream"
    parts = [found.content[at : at + 106] for at in range(0, len(found.content), 106)]
    assert tree.fold(tree.append(0, [], parts)[1]) == head.root
    kinds = [leaves.decode(part).type for part in parts]
    assert kinds == [leaves.GENESIS, *[leaves.ACCOUNT, leaves.USERNAME] * 2]
    assert as_nobody.get("key_log/leaves?from=1&to=3").content == b"".join(parts[1:3])
    assert as_nobody.get(f"key_log/leaves?from=3&to={head.size + 50}").content == b"".join(parts[3:])
    assert as_nobody.get(f"key_log/leaves?from={head.size}&to={head.size}").content == b""


def test_proofs_are_given_for_any_size_there_was(as_nobody, alice, bob):
    bodies = list(LogLeaf.objects.order_by("position").values_list("body", flat=True))
    roots = [tree.fold(tree.append(0, [], bodies[:size])[1]) for size in range(len(bodies) + 1)]

    def proof(path):
        data = decode(as_nobody.get(f"key_log/{path}").json()["proof"])
        return [data[at : at + 32] for at in range(0, len(data), 32)]

    for size in range(1, len(bodies) + 1):
        for first in range(size + 1):
            found = proof(f"consistency?from={first}&to={size}")
            assert tree.verify_consistency(first, size, found, roots[first], roots[size])
        for position in range(size):
            found = proof(f"inclusion?position={position}&size={size}")
            assert tree.verify_inclusion(tree.leaf_hash(bodies[position]), position, size, found, roots[size])


@pytest.mark.parametrize(
    "path",
    [
        "leaves", "leaves?from=0", "leaves?to=1", "leaves?from=2&to=1", "leaves?from=0&to=2049", "leaves?from=6&to=7",
        "leaves?from=-1&to=1", "leaves?from=0&to=1.0", "leaves?from=0&to=9007199254740992", "leaves?from=&to=1",
        "consistency", "consistency?from=2&to=1", "consistency?from=1&to=6", "consistency?from=x&to=1",
        "inclusion", "inclusion?position=1&size=1", "inclusion?position=0&size=0", "inclusion?position=0&size=6",
        "news?since=-1", "news?since=x", "news?since=99999999999999999", "directory?since=-1",
    ],
)  # fmt: skip
def test_what_is_no_range_of_the_log_is_refused(as_alice, bob, path):
    assert LogState.objects.get().size == 5
    assert error(as_alice.get(f"key_log/{path}")) == (400, "bad_request")


@pytest.mark.parametrize("since", [-1, 1.5, "1", None, 2**53])
def test_a_size_that_is_none_is_refused(as_alice, as_nobody, alice, since):
    path = chain_path(alice)
    assert error(as_nobody.post(path, {"since": since}, **recovering(alice))) == (400, "bad_request")
    assert error(as_alice.post("accounts/lookup", {"username": alice.username, "since": since})) == (400, "bad_request")


def test_the_directory_key_is_not_told_to_everybody(as_nobody, alice):
    assert error(as_nobody.get("key_log/directory")) == (401, "unauthenticated")
    secret = LogState.objects.get().directory_key
    for path in ("key_log/news", "key_log/checkpoint", "key_log/leaves?from=0&to=3"):
        answer = as_nobody.get(path)
        assert secret not in answer.content
        assert b64(secret).encode() not in answer.content


def test_what_has_not_committed_is_not_signed(as_bob, alice):
    with transaction.atomic():
        factories.add_device(alice)
        for read in (services.read_checkpoint, lambda: services.read_chain(alice.account_id, 0, 0)):
            with pytest.raises(transaction.TransactionManagementError):
                read()


def test_after_a_deletion_nothing_opens_what_the_log_said(as_bob, alice, key):
    size = LogState.objects.get().size
    openings = [event.opening for event in events_of(alice)] + [Account.objects.get(uid=alice.account_id).name_opening]
    services.delete_account(alice.account_id)
    assert not AccountEvent.objects.filter(opening__in=openings).exists()
    assert not Account.objects.filter(name_opening__in=openings).exists()
    assert LogState.objects.get().size == LogLeaf.objects.count() == size
    answers.verify_log(as_bob.get("key_log/news").json()["log"], None, key)
    assert error(as_bob.get(chain_path(alice))) == (404, "not_found")


def test_the_id_of_an_account_that_was_deleted_is_taken_for_ever(alice):
    services.delete_account(alice.account_id)
    size = LogState.objects.get().size
    device = factories.FakeDevice(alice.account_id)
    again = factories.FakeAccount("another", account_id=alice.account_id, devices=[device])
    event = factories.as_event(again.fields("create", again.create_body(device)))
    with pytest.raises(AccountTaken):
        services.create_account(event, factories.sign_event(event, again, device))
    assert LogState.objects.get().size == size


def test_the_frontier_is_that_of_the_tree_that_the_browser_has_seen(as_bob, alice, bob):
    size = LogState.objects.get().size
    factories.add_device(alice)
    for since in (1, size - 1, size):
        told = base64url.decode(as_bob.get(f"key_log/directory?since={since}").json()["frontier"])
        leaf_bodies = list(LogLeaf.objects.order_by("position").values_list("body", flat=True)[:since])
        assert told == b"".join(tree.append(0, [], leaf_bodies)[1])


def test_a_name_that_1024_accounts_have_had_is_given_no_more(monkeypatch):
    monkeypatch.setattr(leaves, "MOST_VERSIONS", 2)
    for _ in range(2):
        services.delete_account(factories.make_account("beatrix").account_id)
    size = LogState.objects.get().size
    with pytest.raises(UsernameTaken):
        factories.make_account("beatrix")
    assert LogState.objects.get().size == size
