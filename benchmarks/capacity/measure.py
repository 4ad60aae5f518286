"""Measuring what one of each costs, on PostgreSQL with one uvicorn worker: a few minutes."""

import os
import urllib.request
from dataclasses import dataclass, replace

import psycopg

from benchmarks.capacity.costs import MEASURED, Costs
from benchmarks.capacity.model import database_envelope, worker_envelope
from benchmarks.client.plan import Figures, Idle
from benchmarks.measure import measure
from benchmarks.processes import processor_seconds, resident_bytes
from benchmarks.servers.ours import ours
from benchmarks.servers.running import Running
from benchmarks.servers.stores import Stores
from benchmarks.wires.wire import BODY
from keys import base64url
from tests.factories import FakeDevice
from tests.interop.api_peer import ApiPeer

SECONDS = 6.0
FEW, MANY = 2, 8
PART = 1024 * 1024
PARTS = 30
SIGN_INS = 100
# Sockets, envelopes a second, and for how long: about the envelopes of 1,000, 10,000 and 100,000 accounts.
LOADS = ((100, 12.0, 15.0), (500, 120.0, 10.0), (1000, 1200.0, 8.0))


@dataclass(frozen=True)
class Load:
    """What a load cost: for each envelope, and of the database's disk."""

    server: float
    database: float
    row_bytes: float
    log_bytes: float
    per_second: float
    done_p50: float


def measure_costs(stores: Stores) -> Costs:
    """Return the costs, those that nothing here measures as they were."""
    few, many = (load(stores, sockets=50, readers=readers) for readers in (FEW, MANY))
    alone = load(stores, sockets=50, readers=FEW, mode="rate", rate=50)
    devices = MANY - FEW
    worker_device, database_device = (many.server - few.server) / devices, (many.database - few.database) / devices
    # In full batches what a batch costs is shared by many; at 50 a second each is alone in its own.
    full = {"worker": few.server - FEW * worker_device, "database": few.database - FEW * database_device}
    with ours(stores, people=20) as running:
        sign_in, megabyte = _requests(running)
        worker_bytes = resident_bytes(running.processes["server"])
    with ours(stores, people=500) as running:
        idle = measure(running, Idle, wire="ours", sockets=500, mode="idle")
    return replace(
        MEASURED,
        worker_batch=max(0.0, alone.server - few.server),
        worker_envelope=full["worker"],
        worker_device=worker_device,
        database_batch=max(0.0, alone.database - few.database),
        database_envelope=full["database"],
        database_device=database_device,
        batch_seconds=alone.done_p50 / 1000,
        socket_bytes=idle.bytes_per_socket,
        worker_bytes=worker_bytes,
        sign_in=sign_in,
        megabyte=megabyte,
        row_bytes=few.row_bytes,
        log_bytes=few.log_bytes,
    )


def load(stores: Stores, *, sockets: int, readers: int, **plan: float | str) -> Load:
    """Put one worker under load; return what an envelope of 1 KB cost."""
    with ours(stores, people=sockets, readers=readers) as running:
        begun = _stored(running)
        wanted: dict[str, float | str] = {"seconds": SECONDS, "warm_up": 2.0} | plan
        figures = measure(running, Figures, wire="ours", sockets=sockets, **wanted)
        rows, table, log = (now - before for now, before in zip(_stored(running), begun, strict=True))
    used = figures.processor_us
    return Load(used["server"], used["database"], table / rows - BODY, log / rows, figures.per_second, figures.done_p50)


def compare(stores: Stores, costs: Costs) -> list[str]:
    """Return the lines of a table: what the model says of three loads, and what they cost."""
    lines = [
        "| load | worker, us of each: model, measured | PostgreSQL: model, measured | memory, MB: model, measured |",
        "|---|---|---|---|",
    ]
    for sockets, rate, seconds in LOADS:
        with ours(stores, people=sockets) as running:
            wanted = {"seconds": seconds, "warm_up": 3.0, "mode": "rate", "rate": rate}
            figures = measure(running, Figures, wire="ours", sockets=sockets, **wanted)
            memory = resident_bytes(running.processes["server"])
        worker = worker_envelope(rate, FEW, costs) + sockets * costs.socket_second / rate
        database = database_envelope(rate, FEW, costs)
        expected = costs.worker_bytes + sockets * costs.socket_bytes
        used = figures.processor_us
        lines.append(
            f"| {sockets:,} sockets, {rate:,.0f} a second (others {figures.others:.0%}) "
            f"| {worker:,.0f}, {used['server']:,.0f} | {database:,.0f}, {used['database']:,.0f} "
            f"| {expected / 1e6:,.0f}, {memory / 1e6:,.0f} |"
        )
    return lines


def _stored(running: Running) -> tuple[int, int, int]:
    """Return how many envelopes there are, the bytes of their table with all indexes, and of the write-ahead log."""
    with psycopg.connect(running.database_url) as connection:
        found: tuple[int, int, int] = connection.execute(
            "SELECT (SELECT count(*) FROM messaging_envelope), pg_total_relation_size('messaging_envelope'),"
            " pg_wal_lsn_diff(pg_current_wal_insert_lsn(), '0/0')::bigint"
        ).fetchone()  # type: ignore[assignment]  # always one row
    return found


def _requests(running: Running) -> tuple[float, float]:
    """Return what signing in with a socket costs, and a MB of files, up and down in equal parts."""
    origin, processes = (
        f"http://127.0.0.1:{running.ports[0]}",
        running.processes["server"] + running.processes["database"],
    )
    peer = ApiPeer(origin, "measured", FakeDevice(os.urandom(16)))
    peer.sign_up()
    begun = processor_seconds(processes)
    for _ in range(SIGN_INS):
        peer.sign_in()
        peer.socket.close()
    sign_in = (processor_seconds(processes) - begun) / SIGN_INS
    id_ = base64url.encode(os.urandom(16))
    headers = {"Authorization": f"Bearer {peer.token}", "Content-Type": "application/octet-stream"}
    part = peer.call("POST", "attachments", {"id": id_, "size": PARTS * PART})["part"]
    begun = processor_seconds(processes)
    for offset in range(0, PARTS * PART, part):
        _send(f"{origin}/api/attachments/{id_}?offset={offset}", "PUT", os.urandom(part), headers)
    _send(f"{origin}/api/attachments/{id_}", "GET", None, headers)
    return sign_in * 1e6, (processor_seconds(processes) - begun) / (2 * PARTS) * 1e6


def _send(url: str, method: str, body: bytes | None, headers: dict[str, str]) -> None:
    request = urllib.request.Request(url, body, headers, method=method)  # noqa: S310 - http, our own
    with urllib.request.urlopen(request, timeout=60) as answer:  # noqa: S310
        answer.read()
