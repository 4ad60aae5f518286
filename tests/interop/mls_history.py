"""A random history of one direct conversation between devices of ours and of mls-rs, for one seed."""

from __future__ import annotations

from random import Random
from secrets import token_bytes
from typing import TYPE_CHECKING, Any

from tests.interop.mls_peer import MlsPeer
from tests.interop.node_peer import NodePeer

if TYPE_CHECKING:
    from tests.interop.node_peer import NodeProcess

MOST_MEMBERS = 8
ACCOUNTS = (b"a" * 16, b"b" * 16)


class History:
    """Every step is one change or message, seen by all who are members then."""

    def __init__(self, node: NodeProcess, seed: int) -> None:
        self.random = Random(seed)  # noqa: S311
        self.node = node
        self.commits = 0
        self.group_info = ""
        first = self.new_device(ours=True)
        first.ask("create", mailbox=token_bytes(16).hex(), kind="direct")
        self.members: list[Any] = [first]
        # What each mls-rs device knows of the others, to name whom it removes.
        self.known: dict[tuple[bytes, bytes], Any] = {}

    def new_device(self, *, ours: bool) -> Any:
        account = self.random.choice(ACCOUNTS)
        return self.node.device(account, token_bytes(16)) if ours else MlsPeer(account)

    def step(self) -> None:
        wish = self.random.choice(
            ["add", "add", "remove", "update", "update", "message", "message", "external", "reload"]
        )
        actor = self.random.choice(self.members)
        if wish == "add" and len(self.members) < MOST_MEMBERS:
            self.add(actor)
        elif wish == "remove" and len(self.members) > 2:
            self.remove(actor, self.random.choice([one for one in self.members if one is not actor]))
        elif wish == "update":
            self.commit(actor, "update")
        elif wish == "message":
            self.say(actor, token_bytes(self.random.randrange(2000)))
        elif wish == "external" and self.group_info and len(self.members) < MOST_MEMBERS:
            self.join_externally()
        elif wish == "reload" and isinstance(actor, NodePeer):
            actor.ask("reload")

    def add(self, actor: Any) -> None:
        room = MOST_MEMBERS - len(self.members)
        joiners = [
            self.new_device(ours=self.random.random() < 0.5) for _ in range(self.random.randint(1, min(2, room)))
        ]
        packages = [joiner.create_key_package() for joiner in joiners]
        welcome = self.commit(actor, "add", key_packages=packages)
        for joiner in joiners:
            if isinstance(joiner, MlsPeer):
                joiner.join(welcome)
            else:
                joiner.ask("join", welcome=welcome.hex())
            self.members.append(joiner)
        self.introduce()

    def remove(self, actor: Any, target: Any) -> None:
        identities = [self.known[actor.identity, target.identity] if isinstance(actor, MlsPeer) else target.identity]
        self.commit(actor, "remove", identities=identities, removed=target)
        self.members.remove(target)

    def join_externally(self) -> None:
        accounts = {member.account for member in self.members}
        joiner = self.node.device(self.random.choice(sorted(accounts)), token_bytes(16))
        made = joiner.ask("join_externally", group_info=self.group_info)
        joiner.ask("accept")
        for member in self.members:
            member.process(bytes.fromhex(made["commit"]))
        self.group_info = made["group_info"]
        self.members.append(joiner)
        self.commits += 1
        self.introduce()

    def commit(self, actor: Any, what: str, removed: Any = None, **fields: Any) -> bytes:
        """The actor commits, all others process. Returns the welcome, empty where there is none."""
        if isinstance(actor, MlsPeer):
            change = getattr(actor, what)(*fields.values())
            body, welcome = change.commit, change.welcome or b""
            actor.accept(change)
            self.group_info = ""
        else:
            made = actor.ask(what, **{name: [one.hex() for one in listed] for name, listed in fields.items()})
            body, welcome = bytes.fromhex(made["commit"]), bytes.fromhex(made["welcome"] or "")
            actor.ask("accept")
            self.group_info = made["group_info"]
        for member in self.members:
            if member is not actor:
                self.take_in(member, actor, body, is_removed=member is removed)
        self.commits += 1
        return welcome

    def take_in(self, member: Any, actor: Any, body: bytes, *, is_removed: bool) -> None:
        if isinstance(member, MlsPeer):
            assert member.process(body).removed == is_removed
        elif isinstance(actor, MlsPeer):
            assert member.ask("process_public_commit", body=body.hex())["removed"] == is_removed
        else:
            assert member.process(body)["removed"] == is_removed

    def introduce(self) -> None:
        """Everyone says something, from which mls-rs learns by what to name them."""
        for member in self.members:
            self.say(member, member.identity)

    def say(self, actor: Any, plain: bytes) -> None:
        body = actor.encrypt(plain)
        for member in self.members:
            if member is actor:
                continue
            got = member.process(body)
            if isinstance(member, MlsPeer):
                assert got.plain == plain
                self.known[member.identity, actor.identity] = got.sender
            else:
                assert (got["plain"], got["sender"]) == (plain.hex(), actor.identity.hex())

    def assert_all_agree(self) -> None:
        secrets = {
            member.export_secret("test", b"", 32)
            if isinstance(member, MlsPeer)
            else member.export_secret("test", "", 32)
            for member in self.members
        }
        assert len(secrets) == 1
        listed = {member.identity.hex() for member in self.members}
        for member in self.members:
            if isinstance(member, NodePeer):
                assert {one["identity"] for one in member.ask("describe")["members"]} == listed
