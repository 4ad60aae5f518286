"""A whole key log in memory, honest until told otherwise: for vectors, and for servers that lie.

`copy.deepcopy` makes a fork of it. All that is random comes from `seed`, so that vectors stay what they are.
"""

import hashlib
from dataclasses import dataclass, field

from keys.key_log import leaf as leaves
from keys.key_log import prefix_map, serve, tree
from keys.key_log.checkpoint import sign_checkpoint
from keys.key_log.leaf import Leaf
from keys.key_log.map_in_memory import MapInMemory
from keys.key_log.note import Signer


@dataclass(frozen=True)
class Placed:
    """What the log would remember of an event or a username."""

    version: int
    position: int
    opening: bytes


@dataclass
class LogInMemory:
    """`origin` is the web origin; `signer` signs its checkpoints."""

    origin: str
    signer: Signer
    seed: bytes = b"log in memory"
    time: int = 1_760_000_040_000
    leaves: list[bytes] = field(default_factory=list)
    nodes: list[bytes] = field(default_factory=list)
    frontier: list[bytes] = field(default_factory=list)
    map: MapInMemory = field(default_factory=MapInMemory)
    map_root: bytes = prefix_map.EMPTY
    # By account id, its events' places in order; by username, those of the accounts that were called so.
    events: dict[bytes, list[Placed]] = field(default_factory=dict)
    usernames: dict[str, list[Placed]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.directory_key = self._random("directory key")
        self.genesis_opening = self._random("genesis")
        index = leaves.genesis_index(self.origin)
        content = leaves.commitment(self.genesis_opening, index, self.directory_key)
        self.append(Leaf(leaves.GENESIS, self.time, index, content, self.map_root))

    @property
    def size(self) -> int:
        return len(self.leaves)

    @property
    def root(self) -> bytes:
        return tree.fold(self.frontier)

    def append(self, leaf: Leaf) -> int:
        """Adds a leaf as it is, right or wrong, and returns its position."""
        added, self.frontier = tree.append(self.size, self.frontier, [leaf.encode()])
        self.leaves.append(leaf.encode())
        self.nodes += added
        return self.size - 1

    def append_event(self, account: bytes, event: bytes, version: int | None = None) -> Placed:
        """The account's next event, or one of another version."""
        placed = self.events.setdefault(account, [])
        version = version or len(placed) + 1
        placed.append(self._enter(leaves.ACCOUNT, leaves.account_index(account, version), version, event))
        return placed[-1]

    def append_username(self, username: str, account: bytes) -> Placed:
        """The account that is now called so."""
        placed = self.usernames.setdefault(username, [])
        version = len(placed) + 1
        index = leaves.username_index(self.directory_key, username, version)
        placed.append(self._enter(leaves.USERNAME, index, version, account))
        return placed[-1]

    def heartbeat(self) -> int:
        return self.append(leaves.heartbeat(self.time, self.map_root))

    def checkpoint(self) -> str:
        return sign_checkpoint(self.size, self.root, self.signer)

    def log(self, since: int = 0, account: bytes | None = None, username: str | None = None) -> dict:
        """The `log` of an answer, with `account` and `first` for an account id and `username` for a name."""
        entries = {}
        if account is not None:
            placed = self.events[account]
            entries["account"] = self._shown(placed[-1], lambda version: leaves.account_index(account, version))
            if len(placed) > 1:
                entries["first"] = self._shown(
                    placed[0], lambda version: leaves.account_index(account, version), newest=False
                )
        if username is not None:
            entries["username"] = self._shown(
                self.usernames[username][-1],
                lambda version: leaves.username_index(self.directory_key, username, version),
            )
        tail = serve.Tail(self.size, since, self.leaves[-1])
        return serve.log_object(self.checkpoint(), tail, dict(enumerate(self.nodes)), entries)

    def directory(self, since: int = 0) -> dict:
        """The answer of `key_log/directory`."""
        nodes = dict(enumerate(self.nodes))
        secrets = {"opening": self.genesis_opening, "directory_key": self.directory_key}
        return {
            "log": self.log(since),
            "genesis": serve.genesis_object(self.leaves[0], self.size, nodes, **secrets),
            "frontier": serve.hashes(self.frontier),
        }

    def consistency(self, first: int, second: int) -> list[bytes]:
        return tree.resolve(tree.consistency_plan(first, second), self.nodes)

    def inclusion(self, position: int, size: int) -> list[bytes]:
        return tree.resolve(tree.inclusion_plan(position, size), self.nodes)

    def _enter(self, kind: int, index: bytes, version: int, content: bytes) -> Placed:
        placed = Placed(version, self.size, self._random(f"opening {self.size}"))
        self.map_root = prefix_map.insert(self.map, prefix_map.Entry(index, self.size))
        commitment = leaves.commitment(placed.opening, index, content)
        self.append(Leaf(kind, leaves.to_the_minute(self.time), index, commitment, self.map_root))
        return placed

    def _shown(self, placed, index_of, *, newest=True):
        absent = prefix_map.prove(self.map, index_of(placed.version + 1)) if newest else None
        present = prefix_map.prove(self.map, index_of(placed.version))
        leaf = self.leaves[placed.position]
        return serve.Shown(placed.version, placed.position, leaf, placed.opening, present, absent)

    def _random(self, name: str) -> bytes:
        return hashlib.sha256(self.seed + name.encode()).digest()
