"""Real servers that witness one another, each by its own periodic jobs."""

import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from keys.key_log import note
from keys.key_log.checkpoint import log_signer, open_checkpoint
from keys.key_log.cosignature import log_cosigner, newest_cosignature, time_of
from tests.e2e.running_server import RunningServer


class Site:
    """A server with keys of its own; who witnesses it is said before it starts."""

    def __init__(self, data: Path, name: str) -> None:
        secret = f"tests of witnesses only, of the server {name}"
        self.server = RunningServer(data / name / "data", KEYLOG_KEY=secret, JOB_SECONDS="1")
        self.log = log_signer(self.server.origin, secret).verifier
        self.witness = log_cosigner(self.server.origin, secret).witness

    def set_witnesses(self, *sites: "Site") -> None:
        """Let these witness this one's log, and this one theirs."""
        entries = [f"{site.witness.vkey}={site.server.origin}/api/key_log/witness" for site in sites]
        self.server.environment["KEYLOG_WITNESSES"] = " ".join(entries)
        self.server.environment["KEYLOG_WITNESSED_LOGS"] = ",".join(site.log.vkey for site in sites)

    @property
    def shown(self) -> str:
        """The cosigned checkpoint that it shows."""
        with urllib.request.urlopen(f"{self.server.origin}/api/key_log/checkpoint?cosigned=1", timeout=60) as answer:
            return answer.read().decode()

    @property
    def size(self) -> int:
        """How large the log was that its witnesses have signed."""
        return open_checkpoint(self.shown, self.log).size

    def signed_by(self, site: "Site") -> int:
        """Return when the other has signed what is shown of this one's log, unix seconds; 0 when it has not."""
        try:
            line = newest_cosignature(note.read_note(self.shown), site.witness)
        except urllib.error.HTTPError as error:
            assert error.code == 404  # noqa: PT017 - nobody has signed yet
            return 0
        return time_of(line) if line else 0


@pytest.fixture
def sites(tmp_path: Path) -> Iterator[list[Site]]:
    """Three servers, each of which the two others witness."""
    found = [Site(tmp_path, name) for name in ("one", "two", "three")]
    for site in found:
        site.set_witnesses(*[other for other in found if other is not site])
    with ExitStack() as stack:
        for site in found:
            stack.enter_context(site.server)
        yield found


def until(condition: Callable[[], object]) -> None:
    deadline = time.monotonic() + 120
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.2)


def test_each_is_witnessed_by_the_others_and_they_go_on_while_one_is_away(sites: list[Site]) -> None:
    pairs = [(site, other) for site in sites for other in sites if other is not site]
    until(lambda: all(site.signed_by(other) for site, other in pairs))
    assert all(abs(site.signed_by(other) - time.time()) < 300 for site, other in pairs)
    one, two, three = sites
    three.server.stop()
    before, told = one.size, len(one.server.log.read_text())
    one.server.manage("shell", "-c", "from tests import factories; factories.make_account()")
    until(lambda: "a witness does not sign the key log" in one.server.log.read_text()[told:])
    # The second one has signed what is new, but more have signed what is still shown.
    assert f"{three.witness.name} has not signed: unreachable" in one.server.manage("cosign_key_log")
    assert one.size == before
    assert one.signed_by(three)
    three.server.start()
    until(lambda: one.size == before + 2)
    assert one.signed_by(two)
    assert one.signed_by(three)
    until(lambda: "a witness signs the key log again" in one.server.log.read_text()[told:])
