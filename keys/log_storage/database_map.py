"""The map in the database: a store of keys.key_log.prefix_map for a few keys at a time."""

from collections.abc import Collection

from keys.key_log.prefix_map import DEEPEST, Children, Entry, keys_under, prefix_of
from keys.log_storage.tables import MOST_PARAMETERS, Tables, in_pieces

# Paths of random keys are hardly ever longer than the logarithm of how many there are, and this.
FURTHER = 4


class DatabaseMap:
    """The paths of the `keys`, read at once; what is set or added is kept here until `save`.

    There are `size` entries at most: only how much is asked for in one statement depends on it. `known` entries are not
    asked for: who knows more than the database does gets a wrong root.
    """

    def __init__(self, tables: Tables, keys: Collection[bytes], size: int, known: Collection[Entry] = ()) -> None:
        self._tables = tables
        self._known = {entry.key: entry for entry in known}
        self._nodes: dict[bytes, Children] = {}
        self._set: dict[bytes, Children] = {}
        self._added: dict[bytes, Entry] = {}
        for some in in_pieces(keys, MOST_PARAMETERS):
            self._load(some, size.bit_length() + FURTHER)

    def children(self, prefix: bytes) -> Children | None:
        """Return the children of an inner node on the path of one of the keys."""
        return self._set.get(prefix) or self._nodes.get(prefix)

    def set_children(self, prefix: bytes, children: Children) -> None:
        """Keep an inner node."""
        self._set[prefix] = children

    def only_entry(self, prefix: bytes) -> Entry | None:
        """Return the entry whose key begins with `prefix`."""
        low, high = keys_under(prefix)
        for key, entry in self._known.items():
            if low <= key <= high:
                return entry
        rows = self._tables.map_entry.objects.filter(key__gte=low, key__lte=high).order_by("key")
        found = rows.values_list("key", "position").first()
        return found and Entry(*found)

    def add_entry(self, entry: Entry) -> None:
        """Keep an entry."""
        self._known[entry.key] = self._added[entry.key] = entry

    def save(self) -> None:
        """Write what was set and added. An index that is there already is an IntegrityError: nothing is replaced."""
        node, entry = self._tables.map_node, self._tables.map_entry
        entry.objects.bulk_create(entry(key=one.key, position=one.position) for one in self._added.values())
        node.objects.bulk_create(
            (node(prefix=prefix, left=left, right=right) for prefix, (left, right) in self._set.items()),
            update_conflicts=True,
            unique_fields=["prefix"],
            update_fields=["left", "right"],
            batch_size=1000,
        )

    def _load(self, keys: list[bytes], likely: int) -> None:
        """Read down, for as many keys as have a node that deep, as many levels as fit in a statement."""
        going, depth = keys, 0
        while going and depth < DEEPEST:
            levels = min(likely, DEEPEST - depth, max(1, MOST_PARAMETERS // len(going)))
            wanted = {prefix_of(key, depth + level) for key in going for level in range(levels)}
            rows = self._tables.map_node.objects.filter(prefix__in=list(wanted))
            self._nodes |= {
                prefix: (left, right) for prefix, left, right in rows.values_list("prefix", "left", "right")
            }
            depth += levels
            going = [key for key in going if prefix_of(key, depth - 1) in self._nodes]
