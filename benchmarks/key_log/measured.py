"""`python -m benchmarks.key_log.measured <what is in it> <folder> <turns>`: the log in the database of the settings.

One process, one connection, no sockets: what endpoints call. Everything in turns, so that whatever else the machine
does falls on all alike. Prints the figures as JSON: medians, in milliseconds until it was done (`_ms`) and of this
process's processor time (`_cpu_ms`; with SQLite that is all there is). Leaves in the folder `answers.json`, which
verify.js takes.
"""

import json
import random
import secrets
import statistics
import sys
import time
from collections.abc import Callable
from itertools import count
from pathlib import Path
from typing import Any
from unittest.mock import patch

import django

django.setup()

from django.conf import settings  # noqa: E402 - needs loaded apps
from django.http import JsonResponse  # noqa: E402

from benchmarks.key_log import peers  # noqa: E402
from keys import base64url, log_key, services, views  # noqa: E402
from keys.key_log import tree  # noqa: E402
from keys.log_storage.reader import head_size  # noqa: E402
from keys.log_storage.tables import TABLES, read_nodes  # noqa: E402
from keys.log_storage.writer import Entered  # noqa: E402
from keys.models import AccountEvent, LogLeaf, LogState  # noqa: E402
from tests.factories import new_account  # noqa: E402

LEAVES = 2048
LEAF_BYTES = 106
Times = dict[str, list[float]]
Figures = dict[str, float]


def append(peer: peers.Pymerkle, other: peers.TlogScales, turns: int) -> Figures:
    """Make accounts, with their leaves and without, and give the peers as many leaves."""
    places = count(2**40)

    def no_leaves(*_arguments: object, **_options: object) -> Entered:
        return Entered(next(places), secrets.token_bytes(32))

    times: Times = {}
    for _ in range(turns):
        with_log, without, leaves = new_account(), new_account(), [secrets.token_bytes(LEAF_BYTES) for _ in range(2)]
        _timed(times, "ours", lambda made=with_log: services.create_account(*made[1:]))
        with patch("keys.services.store_event.append_log_leaves", no_leaves):
            _timed(times, "without_log", lambda made=without: services.create_account(*made[1:]))
        _timed(times, "pymerkle", lambda leaves=leaves: peer.append(leaves))
        _timed(times, "tlog_scales", lambda leaves=leaves: other.append(leaves))
    return _medians(times) | {"ours_per_second": round(1000 * turns / sum(times["ours_ms"]), 1)}


def answer(peer: peers.Pymerkle, other: peers.TlogScales, shown: list[bytes], turns: int) -> Figures:
    """Make whole answers about an account with proofs, the chain alone, and the peers' proofs of the same places."""
    size, times, lengths = head_size(), Times(), []
    for turn in range(turns):
        account, since = shown[turn % len(shown)], random.randrange(size // 2, size)
        position = AccountEvent.objects.filter(account__uid=account).latest("seq").position
        _timed(times, "ours", lambda account=account, since=since: lengths.append(len(as_answered(account, since))))
        _timed(times, "chain_alone", lambda account=account: _chain_alone(account))
        _timed(times, "pymerkle", lambda position=position, since=since: peer.prove(position, since))
        _timed(times, "tlog_scales", lambda position=position, since=since: other.prove(position, since))
        _timed(times, "leaves_2048", lambda: services.read_leaves(max(0, size - LEAVES), size))
    return _medians(times) | {"bytes": round(statistics.mean(lengths))}


def as_answered(account: bytes, since: int) -> bytes:
    """Return the body of `GET accounts/<account>/chain`."""
    return JsonResponse(views.chain_answer(account, 0, since)).content  # what the endpoint does, signed in


def told_to_browsers(shown: list[bytes]) -> dict[str, Any]:
    """Return what verify.js needs: answers of one moment, and what a browser held before, LEAVES leaves ago."""
    size = head_size()
    since = max(1, size - LEAVES)
    parts = tree.frontier_parts(since)
    nodes = read_nodes(TABLES, parts)
    frontier = [nodes[number] for number in parts]
    return {
        "origin": settings.ORIGIN,
        "vkey": log_key.vkey(),
        "directory_key": base64url.encode(LogState.objects.get().directory_key),
        "held": {
            "size": since,
            "root": base64url.encode(tree.fold(frontier)),
            "frontier": base64url.encode(b"".join(frontier)),
        },
        "answers": [as_answered(account, since).decode() for account in shown],
        "leaves": base64url.encode(services.read_leaves(since, size)),
    }


def _chain_alone(account: bytes) -> bytes:
    events = AccountEvent.objects.filter(account__uid=account).order_by("seq")
    told = [{"event": base64url.encode(event.event), "signatures": event.signatures} for event in events]
    return JsonResponse({"account": base64url.encode(account), "events": told}).content


def _timed(times: Times, name: str, work: Callable[[], object]) -> None:
    started, worked = time.perf_counter(), time.process_time()
    work()
    times.setdefault(f"{name}_cpu_ms", []).append((time.process_time() - worked) * 1000)
    times.setdefault(f"{name}_ms", []).append((time.perf_counter() - started) * 1000)


def _medians(times: Times) -> Figures:
    return {name: round(statistics.median(took), 3) for name, took in times.items()}


def main(about: Path, folder: Path, turns: int) -> None:
    """Measure on this database."""
    shown = [bytes.fromhex(uid) for uid in json.loads(about.read_text())["shown"]]
    bodies = list(LogLeaf.objects.order_by("position").values_list("body", flat=True))
    peer, other = peers.Pymerkle(folder, bodies), peers.TlogScales(folder, bodies)
    del bodies
    answered = answer(peer, other, shown, turns)
    (folder / "answers.json").write_text(json.dumps(told_to_browsers(shown)))
    appended = append(peer, other, turns)
    flush = statistics.median(peers.seconds_of_flush(folder, turns)) * 1000
    json.dump({"append": appended | {"flush_ms": round(flush, 3)}, "answer": answered}, sys.stdout)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]))
