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


# 30 November 2026, on two cores that other work kept busy (a load of 4 to 15; another run, at 11 to 15, gave up to a
# third more). `worker_heard`, `socket_second`, `chain` and `leaf_bytes` are of benchmarks/figures.md and
# docs/decisions/wakeups_through_the_layer.md.
MEASURED = Costs(
    worker_batch=620, worker_envelope=69, worker_device=4.9,
    database_batch=474, database_envelope=50, database_device=3.5,
    batch_seconds=0.011, worker_heard=8,
    socket_bytes=16_900, socket_second=8, worker_bytes=119e6,
    sign_in=19_400, chain=12_300, megabyte=9_000,
    row_bytes=492, log_bytes=1_995, leaf_bytes=500,
)  # fmt: skip
