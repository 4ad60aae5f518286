"""The map in memory, for who computes it again from the leaves: auditors and tests. Some 600 bytes an entry."""

from bisect import bisect_left, insort

from keys.key_log.prefix_map import Children, Entry, keys_under


class MapInMemory:
    """A store of keys.key_log.prefix_map."""

    def __init__(self) -> None:
        self.nodes: dict[bytes, Children] = {}
        self.positions: dict[bytes, int] = {}
        # By first byte: adding to one of many short sorted lists is quick.
        self._sorted: list[list[bytes]] = [[] for _ in range(256)]

    def children(self, prefix: bytes) -> Children | None:
        """Return the children of an inner node."""
        return self.nodes.get(prefix)

    def set_children(self, prefix: bytes, children: Children) -> None:
        """Keep an inner node."""
        self.nodes[prefix] = children

    def only_entry(self, prefix: bytes) -> Entry | None:
        """Return the entry whose key begins with `prefix`, the lowest if there are several."""
        low, high = keys_under(prefix)
        for keys in self._sorted[low[0] : high[0] + 1]:
            at = bisect_left(keys, low)
            if at < len(keys) and keys[at] <= high:
                return Entry(keys[at], self.positions[keys[at]])
        return None

    def add_entry(self, entry: Entry) -> None:
        """Keep an entry."""
        self.positions[entry.key] = entry.position
        insort(self._sorted[entry.key[0]], entry.key)
