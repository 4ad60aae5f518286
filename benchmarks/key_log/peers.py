"""Other people's logs of the same leaves: a tree alone, with neither a map nor accounts. Both flush every append."""

import os
import time
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from pymerkle import SqliteTree
from tlog_scales.signing import PlainEd25519Signer
from tlog_scales.writer import TilesWriter

NAME = "peer.example/log"


class Pymerkle:
    """pymerkle's tree in an SQLite file of its own. The roots of subtrees that it has computed it keeps in memory."""

    def __init__(self, folder: Path, leaves: list[bytes]) -> None:
        self.tree = SqliteTree(str(folder / "pymerkle.sqlite3"))
        self.tree.append_entries(leaves)
        self.tree.get_root()

    def append(self, leaves: list[bytes]) -> None:
        """Add leaves in one transaction, and compute the new root."""
        self.tree.append_entries(leaves)
        self.tree.get_root()

    def prove(self, position: int, since: int) -> None:
        """Make what an answer has two of each of: that a leaf is in, and that the tree of `since` leaves is."""
        self.tree.prove_inclusion(position + 1)
        self.tree.prove_consistency(since)


class TlogScales:
    """tlog-scales' tiles in files, and a signed checkpoint with every append."""

    def __init__(self, folder: Path, leaves: list[bytes]) -> None:
        self.writer = TilesWriter.create(folder / "tiles", NAME)
        self.signers = [PlainEd25519Signer(NAME, Ed25519PrivateKey.generate())]
        self.append(leaves)

    def append(self, leaves: list[bytes]) -> None:
        """Add leaves, and sign the new root."""
        for leaf in leaves:
            self.writer.add_leaf(leaf)
        self.writer.commit(self.signers)

    def prove(self, position: int, since: int) -> None:
        """Make the two proofs."""
        self.writer.reader.get_inclusion_proof(position, self.writer.size)
        self.writer.reader.get_consistency_proof(since, self.writer.size)


def seconds_of_flush(folder: Path, count: int) -> list[float]:
    """Return what writing 4 KiB to the disk and waiting for it takes: no transaction is faster."""
    found = []
    with (folder / "flushed").open("wb", buffering=0) as file:
        for _ in range(count):
            file.write(os.urandom(4096))
            started = time.perf_counter()
            os.fsync(file.fileno())
            found.append(time.perf_counter() - started)
    return found
