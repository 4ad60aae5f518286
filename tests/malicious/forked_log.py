"""A key log of its own for some people: begun as a copy of the server's, and gone on with otherwise.

Signed with the server's own key, as a server that lies would. It runs inside the lying server's process.
"""

import json
from dataclasses import replace

from django.conf import settings

from keys import base64url, log_key
from keys.key_log import leaf as leaves
from keys.key_log import prefix_map, tree
from keys.key_log.map_in_memory import MapInMemory
from keys.key_log.serve import hashes
from keys.models import Account, AccountEvent, LogLeaf, LogState
from tests.key_log_in_memory import LogInMemory, Placed


class ForkedLog:
    """The log that is shown; `shown` and `instead` have, by account, events that are told besides or for its own."""

    def __init__(self) -> None:
        self.log = copy_of_database()
        self.shown: dict[str, list[dict]] = {}
        self.instead: dict[str, list[dict]] = {}

    def do(self, what: str, **details: object) -> None:
        """Go on with it, by one of the methods below."""
        getattr(self, what)(**details)

    def heartbeat(self) -> None:
        """A leaf about nothing."""
        self.log.heartbeat()

    def event(self, account: str, event: str, signatures: dict | None = None) -> None:
        """One more event of the account, told with its chain if it comes with signatures."""
        self.log.append_event(base64url.decode(account, 16), base64url.decode(event))
        if signatures is not None:
            self.shown.setdefault(account, []).append({"event": event, "signatures": signatures})

    def forget(self, account: str, version: int) -> None:
        """From the next leaf on the map has no such entry."""
        gone = leaves.account_index(base64url.decode(account, 16), version)
        kept = {key: position for key, position in self.log.map.positions.items() if key != gone}
        self.log.map, self.log.map_root = MapInMemory(), prefix_map.EMPTY
        for key, position in kept.items():
            self.log.map_root = prefix_map.insert(self.log.map, prefix_map.Entry(key, position))
        self.log.events[base64url.decode(account, 16)].pop()

    def frontier(self, size: int) -> str:
        """Where a browser goes on from that has seen a tree of this size, or none."""
        return hashes([self.log.nodes[number] for number in tree.frontier_parts(size or self.log.size)])

    def rewrite(self, account: str, events: list[dict]) -> None:
        """The same log, had it been another event with which the account began."""
        uid, event = base64url.decode(account, 16), base64url.decode(events[0]["event"])
        first = self.log.events[uid][0]
        told, self.log.leaves, self.log.nodes, self.log.frontier = self.log.leaves, [], [], []
        for position, body in enumerate(told):
            leaf = leaves.decode(body)
            if position == first.position:
                leaf = replace(leaf, commitment=leaves.commitment(first.opening, leaf.index, event))
            self.log.append(leaf)
        self.instead[account] = events

    def about_account(self, answer: dict, since: int) -> dict:
        """Return what is told in place of an honest chain."""
        account = base64url.decode(answer["account"], 16)
        events = [*self.instead.get(answer["account"], answer["events"]), *self.shown.get(answer["account"], [])]
        name = json.loads(base64url.decode(answer["events"][0]["event"]))["body"]["username"]
        return answer | {"events": events, "log": self.log.log(since, account, name)}

    def about_log(self, what: str, asked: dict[str, int]) -> bytes | dict | None:
        """Return the answer of `key_log/<what>`; None for one that may stay honest."""
        match what:
            case "news":
                return {"log": self.log.log(asked["since"])}
            case "directory":
                return self.log.directory(asked["since"]) | {"frontier": self.frontier(asked["since"])}
            case "leaves":
                return b"".join(self.log.leaves[asked["from"] : asked["to"]])
            case "consistency":
                return {"proof": hashes(self.log.consistency(asked["from"], asked["to"]))}
            case "inclusion":
                return {"proof": hashes(self.log.inclusion(asked["position"], asked["size"]))}
        return None


def copy_of_database() -> LogInMemory:
    """Return the server's log as it is now."""
    log = LogInMemory(settings.ORIGIN, log_key.signer())
    log.leaves, log.nodes, log.frontier = [], [], []
    state = LogState.objects.get()
    log.directory_key, log.genesis_opening = state.directory_key, state.opening
    for position, body in LogLeaf.objects.order_by("position").values_list("position", "body"):
        leaf = leaves.decode(body)
        if leaf.type in leaves.IN_MAP:
            log.map_root = prefix_map.insert(log.map, prefix_map.Entry(leaf.index, position))
        log.append(leaf)
        log.time = max(log.time, leaf.time)
    for event in AccountEvent.objects.select_related("account").order_by("seq"):
        log.events.setdefault(event.account.uid, []).append(Placed(event.seq, event.position, event.opening))
    for account in Account.objects.all():
        placed = Placed(account.name_version, account.name_position, account.name_opening)
        log.usernames[account.username] = [placed]
    return log
