"""`manage.py serve` and the server that it starts live and die together."""

import sys
from pathlib import Path

import pytest

from cluster.ports import is_free
from tests.cluster.processes import until
from tests.e2e.running_server import RunningServer


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a child that its parent died")
def test_a_killed_serve_leaves_no_server_on_the_port(tmp_path: Path) -> None:
    with RunningServer(tmp_path / "data") as server:
        assert not is_free(server.port)
        server.kill()
        until(lambda: is_free(server.port), 60)
