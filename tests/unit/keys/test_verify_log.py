"""`manage.py verify_log` finds whatever is not as it was written, and says where."""

import os
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db.models import F

from keys import services
from keys.key_log import leaf as leaves
from keys.log_storage.tables import TABLES
from keys.log_storage.writer import Entering, LogWriter
from keys.models import Account, AccountEvent, LogLeaf, LogMapEntry, LogMapNode, LogNode, LogState
from tests import factories

pytestmark = pytest.mark.django_db


def verify():
    out = StringIO()
    call_command("verify_log", stdout=out)
    return out.getvalue()


@pytest.fixture
def people():
    """Genesis, alice's event and name, bob's, alice's second event: six leaves."""
    alice, bob = factories.make_account("alice"), factories.make_account("bob")
    factories.add_device(alice)
    assert verify().startswith("6 leaves; the root is ")
    return alice, bob


def test_an_empty_log_is_as_it_should_be():
    assert verify().startswith("0 leaves")


def test_what_was_deleted_is_not_missed(people):
    services.delete_account(people[0].account_id)
    factories.make_account("alice")
    assert verify().startswith("8 leaves")


def flip(rows, field):
    """Change a byte of the one row."""
    row = rows.get()
    value = getattr(row, field)
    rows.update(**{field: value[:-1] + bytes([value[-1] ^ 1])})


def at(position):
    return LogLeaf.objects.filter(position=position)


DAMAGE = {
    "an event": (
        lambda: flip(AccountEvent.objects.filter(position=1), "event"),
        "leaf 1: it does not commit to event 1",
    ),
    "an opening": (lambda: flip(AccountEvent.objects.filter(position=3), "opening"), "leaf 3: it does not commit"),
    "the opening of a name": (
        lambda: flip(Account.objects.filter(username="bob"), "name_opening"),
        "leaf 4: it does not commit to the name",
    ),
    "the name of an account": (
        lambda: Account.objects.filter(username="bob").update(username="bobby"),
        "leaf 4: it is not about the name",
    ),
    "the owner of an event": (
        lambda: AccountEvent.objects.filter(position=5).update(seq=3),
        "leaf 5: it is not about event 3",
    ),
    "the place of an event": (
        lambda: AccountEvent.objects.filter(position=5).update(position=6),
        "its leaf, at 6, is missing",
    ),
    "two events of one place": (
        lambda: Account.objects.filter(username="bob").update(name_position=3),
        "leaf 3: it is not about the name of",
    ),
    "the directory key": (lambda: flip(LogState.objects, "directory_key"), "leaf 0: it does not commit to the genesis"),
    "the opening of the genesis": (
        lambda: flip(LogState.objects, "opening"),
        "leaf 0: it does not commit to the genesis",
    ),
    "the size": (lambda: LogState.objects.update(size=7), "state: there are 6 leaves, it says 7"),
    "a leaf's version": (lambda: at(2).update(body=b"\2" + at(2).get().body[1:]), "leaf 2: it is no leaf"),
    "a leaf's time": (
        lambda: at(2).update(body=(body := at(2).get().body)[:9] + bytes([body[9] ^ 1]) + body[10:]),
        "leaf 2: the tree node",
    ),
    "a leaf's map root": (lambda: flip(at(4), "body"), "leaf 4: its map root"),
    "a leaf's type": (lambda: at(2).update(body=b"\1\xff" + at(2).get().body[2:]), "leaf 2: it is no leaf"),
    "a second genesis": (lambda: at(2).update(body=b"\1\0" + at(2).get().body[2:]), "leaf 2: the genesis has to be"),
    "a missing leaf": (lambda: at(2).delete(), "leaf 2: it is missing"),
    "a missing last leaf": (lambda: at(5).delete(), "its leaf, at 5, is missing"),
    "a tree node": (lambda: flip(LogNode.objects.filter(number=2), "hash"), "leaf 1: the tree node 2"),
    "a missing tree node": (lambda: LogNode.objects.filter(number=2).delete(), "leaf 1: the tree node 2"),
    "a tree node too many": (
        lambda: LogNode.objects.create(number=10, hash=bytes(32)),
        "tree node 10: no leaf gives it",
    ),
    "a map node": (lambda: flip(LogMapNode.objects.filter(prefix=b"\0\0"), "left"), "map node 0000: the leaves do not"),
    "a missing map node": (lambda: LogMapNode.objects.filter(prefix=b"\0\0").delete(), "map node: there are"),
    "a map node too many": (
        lambda: LogMapNode.objects.create(prefix=b"\1\0", left=bytes(32), right=bytes(32)),
        "map node 0100: the leaves do not",
    ),
    "where an entry leads": (
        lambda: LogMapEntry.objects.filter(position=3).update(position=F("position") + 9),
        "the leaves do not give it",
    ),
    "a missing entry": (
        lambda: LogMapEntry.objects.filter(position=3).delete(),
        "map entry: there are 4, the leaves give 5",
    ),
    "an entry too many": (
        lambda: LogMapEntry.objects.create(key=os.urandom(32), position=1),
        "the leaves do not give it",
    ),
    "a name that was never entered": (
        lambda: Account.objects.filter(username="bob").update(name_position=None),
        "it was never entered",
    ),
}


@pytest.mark.parametrize("what", DAMAGE)
def test_each_kind_of_damage_is_found(people, what):
    damage, said = DAMAGE[what]
    damage()
    with pytest.raises(CommandError) as found:
        verify()
    assert said in str(found.value)


def test_an_index_that_was_entered_twice_is_found(people):
    index = LogMapEntry.objects.get(position=3).key
    LogMapEntry.objects.filter(position=3).delete()
    LogMapNode.objects.all().delete()
    LogWriter(TABLES).enter([Entering(leaves.ACCOUNT, index, b"another event")])
    with pytest.raises(CommandError, match="leaf 6: its index has a leaf already, at 3"):
        verify()
