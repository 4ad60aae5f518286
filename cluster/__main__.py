"""`python -m cluster`, which is `make cluster`: the whole topology on this machine until Ctrl-C."""

import logging
import os
import signal
import sys
import threading
from pathlib import Path

from cluster.cluster import Cluster
from cluster.ports import is_free
from cluster.programs import ProgramMissing
from cluster.supervisor import Part, Supervisor, TooManyRestarts
from cluster.wait import NotReady

LOOK_EVERY_SECONDS = 0.5


def main() -> None:
    """Start, watch, stop."""
    logging.basicConfig(format="%(asctime)s %(levelname)s %(message)s", level=logging.INFO)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "talk2me.settings")
    from django.conf import settings  # noqa: PLC0415 - needs the line above

    if not is_free(settings.CLUSTER_PORT):
        sys.exit(f"talk2me: port {settings.CLUSTER_PORT} is not free: stop what uses it, or set CLUSTER_PORT")
    stopping = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        # nohup has said that a closed terminal does not matter.
        if number != signal.SIGHUP or signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, lambda *_: stopping.set())
    folder = Path(settings.DATA_DIR) / "cluster"
    server = os.environ.get("ASGI_SERVER", "uvicorn")
    cluster = Cluster(folder, settings.WORKERS, server, tls=True, port=settings.CLUSTER_PORT)
    try:
        cluster.start()
        print(_welcome(cluster, settings.VERSION), flush=True)  # noqa: T201 - to the person who started it
        supervisor = Supervisor(_parts(cluster))
        while not stopping.wait(LOOK_EVERY_SECONDS):
            supervisor.look()
    except (NotReady, ProgramMissing, TooManyRestarts) as error:
        sys.exit(f"talk2me: {error}\nlogs are in {folder}")
    finally:
        cluster.stop()


def _welcome(cluster: Cluster, version: str) -> str:
    return (
        f"talk2me {version} is at {cluster.origin} with {len(cluster.workers)} workers  (Ctrl-C stops all of it)\n"
        "The browser will warn, because this machine made the certificate by itself: go on, or let the browser trust\n"
        f"{cluster.caddy.certificate}"
    )


def _parts(cluster: Cluster) -> dict[str, Part]:
    """Return what is watched, those first on which the others depend."""
    workers = {f"worker {worker.port}": worker for worker in cluster.workers}
    return {"PostgreSQL": cluster.postgresql, "Valkey": cluster.valkey, **workers, "jobs": cluster.jobs,
            "Caddy": cluster.caddy}  # fmt: skip


if __name__ == "__main__":
    main()
