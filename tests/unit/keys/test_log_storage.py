"""The log in the database: it is the log in memory, and what is read of it while others write fits together."""

import os

import pytest
from django.db import IntegrityError, transaction

from keys.key_log import answer as answers
from keys.key_log import leaf as leaves
from keys.key_log import prefix_map
from keys.key_log.map_in_memory import MapInMemory
from keys.log_key import signer
from keys.log_storage import database_map, reader
from keys.log_storage.database_map import DatabaseMap
from keys.log_storage.tables import TABLES, in_pieces
from keys.log_storage.writer import Entering, LogWriter
from keys.models import LogState
from keys.services import append_log_leaves, read_chain
from tests import factories
from tests.api.keys_client import service_module

pytestmark = pytest.mark.django_db


def entering(index):
    return Entering(leaves.ACCOUNT, index, b"content")


@pytest.mark.parametrize("most_parameters", [900, 7])
def test_the_map_in_the_database_is_the_map_in_memory(monkeypatch, most_parameters):
    # Keys that share much, little and nothing; added one at a time and many at once.
    monkeypatch.setattr(database_map, "MOST_PARAMETERS", most_parameters)
    keys = [bytes(31) + bytes([n]) for n in range(9)] + [os.urandom(32) for _ in range(40)] + [b"\xff" * 32]
    store, root, log = MapInMemory(), prefix_map.EMPTY, LogWriter(TABLES)
    for piece in [*in_pieces(keys[:5], 1), *in_pieces(keys[5:], 9)]:
        log.enter([entering(key) for key in piece])
        for key in piece:
            root = prefix_map.insert(store, prefix_map.Entry(key, len(store.positions) + 1))
        stored = DatabaseMap(TABLES, [*keys, *(os.urandom(32) for _ in range(20))], log.size)
        assert {prefix_map.prove(stored, key).root for key in keys} == {root}
        assert [prefix_map.prove(stored, key) for key in keys] == [prefix_map.prove(store, key) for key in keys]
    assert dict(TABLES.map_entry.objects.values_list("key", "position")) == store.positions
    assert TABLES.map_node.objects.count() == len(store.nodes)


def test_an_index_can_not_be_entered_twice():
    log, index = LogWriter(TABLES), os.urandom(32)
    log.enter([entering(index), entering(os.urandom(32))])
    for twice in ([index], [os.urandom(32), index]):
        with pytest.raises((IntegrityError, ValueError)), transaction.atomic():
            log.enter([entering(one) for one in twice])


def test_nothing_is_added_outside_a_transaction(django_db_blocker, monkeypatch):
    monkeypatch.setattr(transaction.get_connection(), "in_atomic_block", False)
    with pytest.raises(transaction.TransactionManagementError):
        append_log_leaves(None, 1, b"", with_name=False)


def test_who_reads_while_others_write_reads_again(monkeypatch):
    alice = factories.make_account()
    module, tried = service_module("read_key_log"), []
    real = module.snapshot

    def grows_meanwhile(since, wanted):
        # The events are read; before their proof is, there is one more.
        if len(tried) < 2:
            tried.append(1)
            factories.add_device(alice)
        return real(since, wanted)

    monkeypatch.setattr(module, "snapshot", grows_meanwhile)
    found = read_chain(alice.account_id, 0, 0)
    assert len(tried) == 2
    assert len(found.events) == found.log["account"]["version"] == 3


def test_a_map_that_grows_between_two_statements_is_read_again(monkeypatch):
    alice = factories.make_account()
    grown = []

    class Growing(DatabaseMap):
        def __init__(self, *words, **named):
            if len(grown) < 2:
                grown.append(factories.make_account())
            super().__init__(*words, **named)

    monkeypatch.setattr(reader, "DatabaseMap", Growing)
    found = read_chain(alice.account_id, 0, 0)
    seen = answers.verify_log(found.log, None, signer().verifier)
    event = found.events[0][0]
    answers.verify_account(found.log, seen, answers.Chain(alice.account_id, event, event, 1))
    assert (len(grown), seen.checkpoint.size) == (2, 7)


def test_at_last_it_is_read_while_nobody_can_write(monkeypatch):
    locked = []
    monkeypatch.setattr(reader, "lock", lambda: locked.append(1))

    def read():
        if not locked:
            raise reader.Moved
        return "found"

    assert reader.steadily(read) == "found"
    assert locked == [1]


def test_a_log_whose_map_is_damaged_is_not_signed():
    alice = factories.make_account()
    TABLES.map_entry.objects.update(position=5)
    TABLES.map_node.objects.update(left=bytes(32))
    with pytest.raises(reader.Moved):
        read_chain(alice.account_id, 0, 0)
    assert LogState.objects.get().size == 3
