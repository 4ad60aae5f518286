"""What the key log says to browsers, auditors and witnesses (docs/key_log.md 4)."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from keys.key_log import leaf as leaves
from keys.key_log import serve, tree
from keys.log_storage.reader import Snapshot, Wanted, head_size, snapshot, steadily
from keys.log_storage.tables import TABLES, read_nodes
from keys.models import Account, AccountEvent, LogLeaf, LogState
from talk2me.errors import BadRequest, NotFound

MOST_LEAVES = 2048


@dataclass(frozen=True)
class LoggedChain:
    """The events that were asked for with their signatures as JSON, in order, and the `log` that has them."""

    events: list[tuple[bytes, dict[str, Any]]]
    log: dict[str, Any]


def read_log(since: int) -> dict[str, Any]:
    """Return the `log` of an answer that is about no account."""
    return steadily(lambda: snapshot(since)).log_object()


def read_checkpoint() -> str:
    """Return the signed note of the log as it is."""
    return steadily(snapshot).note()


def read_chain(account_id: bytes, after: int, since: int) -> LoggedChain:
    """Return the events of the account behind `after`, with the proof that they are in the log. Raises NotFound."""
    events, found = steadily(lambda: _chain_and_snapshot(account_id, after, since))
    return LoggedChain(events, found.log_object())


def read_directory(since: int) -> dict[str, Any]:
    """Return what a browser needs to begin with this log: how it began, and from where to continue its tree.

    The frontier is that of the tree of `since` leaves, which the browser has seen signed, or of the present one.
    """
    found = steadily(lambda: snapshot(since, positions=[0]))
    secrets = {"opening": found.state.opening, "directory_key": found.state.directory_key}
    genesis = serve.genesis_object(found.leaves[0], found.tail.size, found.nodes, **secrets)
    frontier = found.frontier
    if 0 < since < found.tail.size:
        numbers = tree.frontier_parts(since)
        nodes = read_nodes(TABLES, set(numbers))
        frontier = [nodes[number] for number in numbers]
    return {"log": found.log_object(), "genesis": genesis, "frontier": serve.hashes(frontier)}


def read_leaves(first: int, end: int) -> bytes:
    """Return the leaves from `first` up to, not including, `end`, joined; none beyond the head. Raises BadRequest."""
    if not first <= end <= first + MOST_LEAVES or first > head_size():
        raise BadRequest
    rows = LogLeaf.objects.filter(position__gte=first, position__lt=end).order_by("position")
    return b"".join(rows.values_list("body", flat=True))


def read_consistency(first: int, second: int) -> str:
    """Return the proof between two sizes, none of it for size 0. Raises BadRequest."""
    if not first <= second <= head_size():
        raise BadRequest
    return _proof(tree.consistency_plan(first, second))


def read_inclusion(position: int, size: int) -> str:
    """Return the proof that a leaf is in the tree of `size`. Raises BadRequest."""
    if not position < size <= head_size():
        raise BadRequest
    return _proof(tree.inclusion_plan(position, size))


def _proof(plan: tree.Plan) -> str:
    return serve.hashes(tree.read(plan, lambda numbers: read_nodes(TABLES, set(numbers))))


def _chain_and_snapshot(
    account_id: bytes, after: int, since: int
) -> tuple[list[tuple[bytes, dict[str, Any]]], Snapshot]:
    account = Account.objects.filter(uid=account_id).first()
    # In one statement, so that the last row is the last event that this moment knows.
    rows = AccountEvent.objects.filter(Q(seq__gt=after) | Q(seq=1) | Q(seq__gte=account.seq if account else 1))
    events = list(rows.filter(account=account).order_by("seq")) if account else []
    if account is None or not events:
        raise NotFound
    found = snapshot(since, _wanted(account, events))
    return [(event.event, event.signatures) for event in events if event.seq > after], found


def _wanted(account: Account, events: list[AccountEvent]) -> dict[str, Wanted]:
    """Return the entries to prove; the log's size is read after the events, so it has them all."""
    uid, first, last = account.uid, events[0], events[-1]

    def index_of_event(seq: int) -> bytes:
        return leaves.account_index(uid, seq)

    def index_of_name(version: int) -> bytes:
        return leaves.username_index(directory_key, account.username, version)

    wanted = {"account": Wanted(last.seq, last.position, last.opening, index_of_event)}
    if last.seq > 1:
        wanted["first"] = Wanted(first.seq, first.position, first.opening, index_of_event, newest=False)
    if account.name_version and account.name_position is not None and account.name_opening is not None:
        directory_key = LogState.objects.get().directory_key
        wanted["username"] = Wanted(account.name_version, account.name_position, account.name_opening, index_of_name)
    return wanted
