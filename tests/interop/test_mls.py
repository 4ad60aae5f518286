"""Our MLS against an independent implementation (mls-rs), in direct conversations of suite 1 with several devices."""

from __future__ import annotations

from secrets import token_bytes
from typing import TYPE_CHECKING

import mls_rs_uniffi
import pytest
import rine_mls

from tests.interop.mls_history import History
from tests.interop.mls_peer import MlsPeer
from tests.interop.node_peer import NodePeer, NodeProcess, NodeRefusedError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

MAILBOX = bytes(range(16))
ALICE = b"a" * 16
BOB = b"b" * 16


@pytest.fixture
def node() -> Iterator[NodeProcess]:
    with NodeProcess() as process:
        yield process


def ours_with_theirs(node: NodeProcess, kind: str = "direct") -> tuple[NodePeer, MlsPeer]:
    """A conversation that a device of ours started with one of theirs."""
    ours, theirs = node.device(ALICE, token_bytes(16)), MlsPeer(BOB)
    ours.ask("create", mailbox=MAILBOX.hex(), kind=kind)
    _, welcome = ours.change("add", key_packages=[theirs.create_key_package().hex()])
    ours.ask("accept")
    assert welcome is not None
    theirs.join(welcome)
    return ours, theirs


def theirs_with_ours(node: NodeProcess) -> tuple[NodePeer, MlsPeer]:
    """A conversation that a device of theirs started with one of ours."""
    ours, theirs = node.device(ALICE, token_bytes(16)), MlsPeer(BOB)
    theirs.create_group(MAILBOX)
    change = theirs.add([ours.create_key_package()])
    theirs.accept(change)
    assert change.welcome is not None
    ours.ask("join", welcome=change.welcome.hex())
    return ours, theirs


def assert_talk(ours: NodePeer, theirs: MlsPeer) -> None:
    assert theirs.process(ours.encrypt(b"from ours")).plain == b"from ours"
    got = ours.process(theirs.encrypt(b"from theirs"))
    assert got == {"kind": "application", "sender": theirs.identity.hex(), "plain": b"from theirs".hex()}
    assert ours.export_secret("talk2me/1 test", "x", 32) == theirs.export_secret("talk2me/1 test", b"x", 32)


def test_they_join_what_we_create_and_both_talk(node: NodeProcess) -> None:
    assert_talk(*ours_with_theirs(node))


def test_we_join_what_they_create_and_both_talk(node: NodeProcess) -> None:
    assert_talk(*theirs_with_ours(node))


@pytest.mark.parametrize("start", [ours_with_theirs, theirs_with_ours])
def test_both_renew_their_keys(node: NodeProcess, start: object) -> None:
    ours, theirs = start(node)  # type: ignore[operator]
    commit, _ = ours.change("update")
    ours.ask("accept")
    assert theirs.process(commit).kind == "commit"
    assert_talk(ours, theirs)
    change = theirs.update()
    theirs.accept(change)
    ours.ask("process_public_commit", body=change.commit.hex())
    assert_talk(ours, theirs)


def test_we_remove_their_device_and_it_reads_no_more(node: NodeProcess) -> None:
    ours, theirs = ours_with_theirs(node)
    commit, _ = ours.change("remove", identities=[theirs.identity.hex()])
    ours.ask("accept")
    assert theirs.process(commit).removed
    with pytest.raises(mls_rs_uniffi.Error):
        theirs.process(ours.encrypt(b"without you"))


def test_they_remove_our_device_and_it_reads_no_more(node: NodeProcess) -> None:
    ours, theirs = ours_with_theirs(node)
    other = node.device(ALICE, token_bytes(16))
    commit, welcome = ours.change("add", key_packages=[other.create_key_package().hex()])
    ours.ask("accept")
    theirs.process(commit)
    other.ask("join", welcome=(welcome or b"").hex())
    change = theirs.remove([theirs.process(ours.encrypt(b"here I am")).sender])
    theirs.accept(change)
    assert other.ask("process_public_commit", body=change.commit.hex()) == {"removed": False}
    assert ours.ask("process_public_commit", body=change.commit.hex()) == {"removed": True}
    assert_talk(other, theirs)
    with pytest.raises(NodeRefusedError, match="not_decryptable"):
        ours.process(theirs.encrypt(b"without you"))


def test_they_accept_our_later_device_that_joins_by_itself(node: NodeProcess) -> None:
    ours, theirs = ours_with_theirs(node)
    made = ours.ask("update")
    ours.ask("accept")
    theirs.process(bytes.fromhex(made["commit"]))
    later = node.device(ALICE, token_bytes(16))
    commit, _ = later.change("join_externally", group_info=made["group_info"])
    later.ask("accept")
    assert theirs.process(commit).kind == "commit"
    assert ours.process(commit)["kind"] == "commit"
    assert_talk(later, theirs)
    assert_talk(ours, theirs)


def test_a_third_implementation_joins_by_itself_from_our_group_info(node: NodeProcess, tmp_path: Path) -> None:
    # Its credential is no account and device of ours: browsers refuse it, so its commit goes past our rules.
    ours, theirs = ours_with_theirs(node)
    made = ours.ask("update")
    ours.ask("accept")
    theirs.process(bytes.fromhex(made["commit"]))
    joiner = rine_mls.MlsClient(str(tmp_path), token_bytes(32), rine_mls.CIPHER_SUITE_CLASSICAL)
    group = joiner.join_by_external_commit(bytes.fromhex(made["group_info"]))
    commit = group.last_commit().commit
    with pytest.raises(NodeRefusedError, match=r"group_refused \(external_account\)"):
        ours.process(commit)
    ours.ask("process_public_commit", body=commit.hex())
    theirs.process(commit)
    assert theirs.process(ours.encrypt(b"all three")).plain == b"all three"
    tag, body = group.encrypt_application_message(b"hello")[:1], group.encrypt_application_message(b"hello")[1:]
    assert tag == bytes([rine_mls.APP_MESSAGE_TAG])
    assert bytes.fromhex(ours.process(body)["plain"]) == b"hello"
    assert group.decrypt_application_message(tag + ours.encrypt(b"welcome")).envelope == b"welcome"


def test_they_see_our_device_ask_to_leave_and_be_removed(node: NodeProcess) -> None:
    ours, theirs = ours_with_theirs(node)
    other = node.device(ALICE, token_bytes(16))
    commit, welcome = ours.change("add", key_packages=[other.create_key_package().hex()])
    ours.ask("accept")
    theirs.process(commit)
    other.ask("join", welcome=(welcome or b"").hex())
    wish = bytes.fromhex(other.ask("leave")["body"])
    assert theirs.process(wish).kind == "proposal"
    assert ours.process(wish)["kind"] == "proposal"
    commit, _ = ours.change("update")
    ours.ask("accept")
    theirs.process(commit)
    assert other.process(commit) == {"kind": "commit", "removed": True}
    assert len(ours.ask("describe")["members"]) == 2
    assert_talk(ours, theirs)


def test_a_device_without_our_extension_cannot_be_added_to_a_group(node: NodeProcess) -> None:
    with pytest.raises(NodeRefusedError, match=r"group_refused \(capabilities\)"):
        ours_with_theirs(node, kind="group")


def test_a_commit_that_is_not_private_is_refused(node: NodeProcess) -> None:
    ours, theirs = ours_with_theirs(node)
    with pytest.raises(NodeRefusedError, match=r"group_refused \(public_message\)"):
        ours.process(theirs.update().commit)
    said = ours.encrypt(b"still here")
    assert theirs.process(said).plain == b"still here"


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_random_histories_of_mixed_devices_end_alike(node: NodeProcess, seed: int) -> None:
    history = History(node, seed)
    for _ in range(50):
        history.step()
        history.assert_all_agree()
    assert history.commits > 15
