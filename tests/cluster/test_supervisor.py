"""What died is started again, but not for ever."""

import pytest

from cluster import supervisor
from cluster.supervisor import RESTARTS, Supervisor, TooManyRestarts
from cluster.wait import NotReady


class Part:
    """Runs or not, and counts how often it was started."""

    def __init__(self, *, lasting: bool = True, ready: bool = True) -> None:
        self.running, self.lasting, self.ready, self.starts = False, lasting, ready, 0

    def start(self) -> None:
        self.starts += 1
        self.running = self.lasting
        if not self.ready:
            raise NotReady("never")


def test_what_runs_is_left_alone_and_what_died_is_started():
    one, other = Part(), Part()
    one.running = True
    watching = Supervisor({"one": one, "other": other})
    watching.look()
    watching.look()
    assert (one.starts, other.starts) == (0, 1)


@pytest.mark.parametrize("ready", [True, False])
def test_a_part_that_dies_again_and_again_is_given_up(ready):
    part = Part(lasting=False, ready=ready)
    watching = Supervisor({"part": part})
    for _ in range(RESTARTS):
        watching.look()
    with pytest.raises(TooManyRestarts, match="part died"):
        watching.look()
    assert part.starts == RESTARTS


def test_deaths_that_lie_far_apart_do_not_add_up(monkeypatch):
    now = 0.0
    monkeypatch.setattr(supervisor.time, "monotonic", lambda: now)
    part = Part(lasting=False)
    watching = Supervisor({"part": part})
    for _ in range(3 * RESTARTS):
        watching.look()
        now += supervisor.WITHIN_SECONDS / 2
    assert part.starts == 3 * RESTARTS
