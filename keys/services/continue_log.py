"""A log that was put back with an older database goes on with what a newer export of it has."""

from collections.abc import Iterator
from pathlib import Path

from django.db import transaction

from keys import log_key
from keys.key_log import leaf as leaves
from keys.key_log import tree
from keys.key_log.audit import Difference
from keys.key_log.checkpoint import Checkpoint
from keys.log_sources import open_source
from keys.log_storage.tables import TABLES, in_pieces, read_leaves
from keys.log_storage.writer import LogWriter
from keys.models import Account

AT_ONCE = 500


def continue_log(export: Path) -> int:
    """Add the leaves of a file of `export_log` that the stored log does not have; return how many. In a transaction.

    Browsers then see a log that goes on. Raises Difference when the export is shorter or of another history, or when an
    account that is stored has an event there that is not stored: its place could never be taken again.
    Raises KeyLogInvalid for an export that this server's key has not signed, OSError.
    """
    if not transaction.get_connection().in_atomic_block:
        raise transaction.TransactionManagementError
    log = LogWriter(TABLES)
    _require_same_beginning(export, log.size)
    changed = {leaves.account_index(uid, seq + 1) for uid, seq in Account.objects.values_list("uid", "seq").iterator()}
    with open_source(str(export), log_key.signer().verifier) as source:
        before = log.size
        for bodies in in_pieces(_behind(source.leaves, before), AT_ONCE):
            found = [leaves.decode(body) for body in bodies]
            if any(leaf.index in changed for leaf in found):
                raise Difference("the export", "an account of the backup has changed since: take a new KEYLOG_KEY")
            log.take_over(found)
    return log.size - before


def _behind(found: Iterator[bytes], size: int) -> Iterator[bytes]:
    for position, body in enumerate(found):
        if position >= size:
            yield body


def _require_same_beginning(export: Path, size: int) -> None:
    with open_source(str(export), log_key.signer().verifier) as source:
        frontier: list[bytes] = []
        read = 0
        for bodies in in_pieces(source.leaves, AT_ONCE):
            stored = read_leaves(TABLES, range(read, min(read + len(bodies), size)))
            for position, body in enumerate(bodies, read):
                if position < size and stored.get(position) != body:
                    raise Difference(position, "it is another one than in the backup")
            _, frontier = tree.append(read, frontier, bodies)
            read += len(bodies)
        found = Checkpoint(source.checkpoint.origin, read, tree.fold(frontier))
        if found != source.checkpoint:
            raise Difference("the export", "its leaves are not what it was signed for")
    if read < size:
        raise Difference("the export", f"it is older than the backup: {read} leaves, not {size}")
