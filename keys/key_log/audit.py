"""Computing a whole log again from its leaves: what anyone can check who has no account."""

from dataclasses import dataclass, field

from keys.key_log import leaf as leaves
from keys.key_log import prefix_map, tree
from keys.key_log.errors import KeyLogInvalid
from keys.key_log.leaf import Leaf
from keys.key_log.map_in_memory import MapInMemory

# A browser says that the log is frozen when its last leaf is older.
LONGEST_SILENCE_MS = 26 * 3600 * 1000


@dataclass(frozen=True)
class Silence:
    """The log said nothing from `start` to `end`, unix milliseconds; the leaf at `position` ended it."""

    position: int
    start: int
    end: int


class Difference(Exception):
    """Where the log is not what its leaves say: `where` is a position or a name, `what` a short sentence."""

    def __init__(self, where: int | str, what: str) -> None:
        super().__init__(f"{f'leaf {where}' if isinstance(where, int) else where}: {what}")


@dataclass
class Audit:
    """The log as far as it was read. Needs some 600 bytes of memory for each leaf, for the map."""

    size: int = 0
    frontier: list[bytes] = field(default_factory=list)
    map: MapInMemory = field(default_factory=MapInMemory)
    map_root: bytes = prefix_map.EMPTY
    last: Leaf | None = None
    silences: list[Silence] = field(default_factory=list)

    @property
    def root(self) -> bytes:
        """The root of the tree of the leaves so far."""
        return tree.fold(self.frontier)

    def add(self, data: bytes) -> tuple[Leaf, list[bytes]]:
        """Check the next leaf; return it with the tree nodes that it completes. Raises Difference."""
        try:
            leaf = leaves.decode(data)
        except KeyLogInvalid as error:
            raise Difference(self.size, "it is no leaf") from error
        if (leaf.type == leaves.GENESIS) != (self.size == 0):
            raise Difference(self.size, "the genesis has to be the first leaf, and no other")
        if leaf.type in leaves.IN_MAP:
            self._enter(leaf.index)
        if leaf.map_root != self.map_root:
            raise Difference(self.size, "its map root is not what the leaves up to it give")
        self._note_time(leaf)
        nodes, self.frontier = tree.append(self.size, self.frontier, [data])
        self.last = leaf
        self.size += 1
        return leaf, nodes

    def _enter(self, index: bytes) -> None:
        try:
            self.map_root = prefix_map.insert(self.map, prefix_map.Entry(index, self.size))
        except KeyLogInvalid as error:
            raise Difference(self.size, f"its index has a leaf already, at {self.map.positions[index]}") from error

    def _note_time(self, leaf: Leaf) -> None:
        if self.last is not None and leaf.time - self.last.time > LONGEST_SILENCE_MS:
            self.silences.append(Silence(self.size, self.last.time, leaf.time))
