"""How much of everything so many accounts need, from what one costs and how people use it. Pure."""

from dataclasses import dataclass
from math import ceil

from benchmarks.capacity.costs import Costs
from benchmarks.capacity.usage import Usage

DAY = 24 * 3600
# Of a core, so that a rush, or a worker that ends, is no outage.
BUSY = 0.6
MICRO = 1e-6


@dataclass(frozen=True)
class Needs:
    """In the busiest second, but for what is stored after `Usage.days`. Cores are busy ones; bytes, and bytes a second.

    `heard` is the share of a core that each worker spends on what others tell it, whether it is for its sockets or not.
    """

    sockets: float
    envelopes: float
    workers: int
    worker_cores: float
    heard: float
    database_cores: float
    memory: float
    log: float
    redis: float
    outside: float
    rows: float
    waiting: float
    archives: float
    files: float
    key_log: float
    sign_ups: float


def batch_size(rate: float, costs: Costs) -> float:
    """Return how many envelopes go into one batch at so many a second on one worker."""
    return max(1.0, rate * costs.batch_seconds)


def worker_envelope(rate: float, devices: float, costs: Costs) -> float:
    """Return the microseconds of a worker's processor for one envelope that so many open devices get."""
    return costs.worker_batch / batch_size(rate, costs) + costs.worker_envelope + devices * costs.worker_device


def database_envelope(rate: float, devices: float, costs: Costs) -> float:
    """Return the microseconds of PostgreSQL's processors for one envelope."""
    return costs.database_batch / batch_size(rate, costs) + costs.database_envelope + devices * costs.database_device


def needs(accounts: float, costs: Costs, usage: Usage) -> Needs:
    """Return what so many accounts need. There are as many workers as are at most BUSY."""
    workers = 1
    while True:
        found = _with(workers, accounts, costs, usage)
        # Where each is busy with hearing alone no number is enough.
        if found.heard >= BUSY:
            return found
        own = found.worker_cores - workers * found.heard
        wanted = ceil(own / (BUSY - found.heard))
        if wanted <= workers:
            return found
        workers = wanted


def _with(workers: int, accounts: float, costs: Costs, usage: Usage) -> Needs:
    messages = accounts * usage.messages
    archived = messages * usage.readers * usage.archiving
    daily = messages + archived
    peak, sockets = daily / DAY * usage.peak, accounts * usage.devices * usage.online
    # A message reaches the open devices of all its accounts, an entry of an archive those of one.
    copies = messages * usage.readers + archived
    open_devices = copies * usage.devices * usage.online / daily
    rate = peak / workers
    worker = peak * worker_envelope(rate, open_devices, costs) * MICRO
    heard = peak * costs.worker_heard * MICRO if workers > 1 else 0.0
    requests = accounts * usage.devices * usage.online * (costs.sign_in / 3600)
    requests += accounts * usage.devices * usage.chains * costs.chain / DAY * usage.peak / 2
    files = accounts * usage.files * usage.file_bytes
    moved = files * (1 + usage.file_readers) / DAY * usage.peak
    requests += moved / 1e6 * costs.megabyte
    cores = worker + workers * heard + (requests + sockets * costs.socket_second) * MICRO
    rows = messages * usage.waiting_days + archived * usage.days
    body = usage.body_bytes + costs.row_bytes
    entry = usage.archived_bytes + costs.row_bytes
    sign_ups = accounts * usage.new_accounts / DAY * usage.peak
    bodies = (messages * usage.body_bytes * usage.readers + archived * usage.archived_bytes) * usage.devices
    return Needs(
        sockets=sockets,
        envelopes=peak,
        workers=workers,
        worker_cores=cores,
        heard=heard,
        database_cores=peak * database_envelope(rate, open_devices, costs) * MICRO,
        memory=workers * costs.worker_bytes + sockets * costs.socket_bytes,
        log=peak * costs.log_bytes,
        redis=peak * (usage.body_bytes + 300) * (workers + 1) if workers > 1 else 0.0,
        outside=bodies / DAY * usage.peak + moved,
        rows=rows,
        waiting=messages * usage.waiting_days * body,
        archives=archived * usage.days * entry,
        files=files * usage.file_days,
        key_log=accounts * usage.events * costs.leaf_bytes,
        sign_ups=sign_ups,
    )
