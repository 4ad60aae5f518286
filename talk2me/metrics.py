"""What this process counts of itself for Prometheus (docs/operations.md says what each means, and what to watch).

Each process counts its own and is scraped by itself (docs/decisions/metrics_by_process.md). No label ever holds an id,
a name or an address: its values come from closed sets, and each exists from the start, at 0. Whoever handles many
envelopes at once counts them in an int and calls `.inc(n)` once.
"""

from typing import get_args

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    ProcessCollector,
    disable_created_metrics,
    generate_latest,
)

from talk2me.errors import all_codes
from talk2me.metric_labels import DroppedWhy, Job, Outcome, Part, PushOutcome, StatusClass

# A second series beside each counter, with its birth: nothing that anybody here asks for.
disable_created_metrics()  # type: ignore[no-untyped-call]
registry = CollectorRegistry()
# Memory, processor time and open files of this process.
ProcessCollector(registry=registry)

_FAST_SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)
_SLOW_SECONDS = (0.01, 0.1, 0.5, 1, 5, 15, 60, 300)


def _counter(name: str, says: str, labels: tuple[str, ...] = ()) -> Counter:
    return Counter(f"talk2me_{name}", says, labels, registry=registry)


def _gauge(name: str, says: str, labels: tuple[str, ...] = ()) -> Gauge:
    return Gauge(f"talk2me_{name}", says, labels, registry=registry)


def _histogram(name: str, says: str, buckets: tuple[float, ...], labels: tuple[str, ...] = ()) -> Histogram:
    return Histogram(f"talk2me_{name}", says, labels, registry=registry, buckets=buckets)


# --- envelopes -------------------------------------------------------------------------------------------------------
accepted = _counter("envelopes_accepted", "Envelopes stored here, each once")
duplicates = _counter("envelopes_duplicate", "Envelopes sent again that were stored before")
delivered = _counter("envelopes_delivered", "Envelopes pushed to sockets of this process, one for each socket")
drains = _counter("drains", "Ranges read for browsers that asked")
drained = _counter("envelopes_drained", "Envelopes handed out in these ranges")
acknowledgements = _counter("acknowledgements", "Cursors that moved forward in the database")

# --- the writer ------------------------------------------------------------------------------------------------------
batch_size = _histogram("batch_envelopes", "Items that one transaction stored", (1, 2, 4, 8, 16, 32, 64, 128, 256, 512))
batch_seconds = _histogram("batch_seconds", "From the start of a batch until it is durable or refused", _FAST_SECONDS)
batches_failed = _counter("batches_failed", "Batches of which nothing could be stored")
queue_depth = _gauge("queue_envelopes", "Items that wait for the writer")

# --- sockets ---------------------------------------------------------------------------------------------------------
sockets = _gauge("sockets", "Open sockets")
slow_readers = _counter("slow_readers", "Sockets cut off, or told to drain, because they read too slowly")

# --- wake-ups --------------------------------------------------------------------------------------------------------
wakeups_sent = _counter("wakeups_sent", "Wake-ups given to the channel layer")
wakeups_heard = _counter("wakeups_heard", "Wake-ups of other processes")
wakeups_dropped = _counter("wakeups_dropped", "Wake-ups that never left or could not be read", ("why",))
wakeup_lag = _histogram(
    "wakeup_lag_seconds", "From a wake-up's publication to its arrival, by two clocks", _FAST_SECONDS
)
gap_drains = _counter("gap_drains", "Mailboxes found ahead of what wake-ups told: something was lost, and made good")

pushes = _counter("pushes", "Devices told by push that something waits", ("push",))

# --- attachments ------------------------------------------------------------------------------------------------------
attachments_stored = _counter("attachments_stored", "Attachments of which the last part was stored here")
attachment_bytes_stored = _counter("attachment_bytes_stored", "Bytes of attachments stored here")
attachment_bytes_read = _counter("attachment_bytes_read", "Bytes of attachments handed out here")

# --- reports ---------------------------------------------------------------------------------------------------------
reports = _counter("reports", "Reports of abuse that were proven and stored here")

# --- answers ---------------------------------------------------------------------------------------------------------
errors = _counter("errors", "Errors told to browsers", ("code",))
requests = _counter("http_requests", "HTTP requests answered", ("status",))

# --- what this process leans on, and what it does by itself ----------------------------------------------------------
reachable = _gauge("reachable", "Whether a part that this process needs was there when last used", ("part",))
job_runs = _counter("job_runs", "Turns of the periodic jobs", ("job", "outcome"))
job_seconds = _histogram("job_seconds", "How long a turn took", _SLOW_SECONDS, ("job",))
job_success = _gauge("job_success_timestamp_seconds", "When a turn last ended well, in unix time", ("job",))
witnesses_silent = _gauge("witnesses_silent", "Witnesses that did not sign the key log when last asked")

for _code in all_codes():
    errors.labels(_code)
for _why in get_args(DroppedWhy):
    wakeups_dropped.labels(_why)
for _push in get_args(PushOutcome):
    pushes.labels(_push)
for _status in get_args(StatusClass):
    requests.labels(_status)
for _part in get_args(Part):
    reachable.labels(_part).set(1)
for _job in get_args(Job):
    job_seconds.labels(_job)
    job_success.labels(_job)
    for _outcome in get_args(Outcome):
        job_runs.labels(_job, _outcome)


def exposition() -> bytes:
    """Return everything in Prometheus' text format."""
    return generate_latest(registry)
