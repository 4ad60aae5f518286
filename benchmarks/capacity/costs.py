"""What one of each costs, as it was measured: `python -m benchmarks.capacity --measure` does so anew."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Costs:
    """Processor time in microseconds, sizes in bytes. One core of the machine of benchmarks/figures.md."""

    # Of the worker and of PostgreSQL: for a batch; for each envelope in it; for each device that gets and acknowledges.
    worker_batch: float
    worker_envelope: float
    worker_device: float
    database_batch: float
    database_envelope: float
    database_device: float
    # How long a batch is on its way, in seconds: what comes meanwhile goes into the next.
    batch_seconds: float
    # For each worker, and each envelope that another worker has told of.
    worker_heard: float
    # An open socket: memory, and the comparison with the database in each second.
    socket_bytes: float
    socket_second: float
    worker_bytes: float
    # Signing in over HTTP, a chain with its proofs from the key log, a megabyte of files up or down.
    sign_in: float
    chain: float
    megabyte: float
    # An envelope in the database besides its body, with indexes; what the write-ahead log gets for one of 1 KB.
    row_bytes: float
    log_bytes: float
    leaf_bytes: float


# 30 November 2026, on two cores that other work kept busy (a load of 11 to 15; a second run gave a third more for the
# worker and a fifth more for PostgreSQL). `socket_bytes`, `socket_second`, `worker_heard`, `chain` and `leaf_bytes` are
# of benchmarks/figures.md and docs/decisions/wakeups_through_the_layer.md.
MEASURED = Costs(
    worker_batch=790, worker_envelope=55, worker_device=7.0,
    database_batch=811, database_envelope=38, database_device=5.7,
    batch_seconds=0.009, worker_heard=8,
    socket_bytes=18_300, socket_second=8, worker_bytes=118e6,
    sign_in=25_800, chain=12_300, megabyte=10_500,
    row_bytes=491, log_bytes=1_966, leaf_bytes=500,
)  # fmt: skip
