"""`python -m benchmarks.key_log.memory <what is in it> <folder> <requests>`: what a server of this log keeps in memory.

A server of its own on the database of the settings; people sign up over HTTP, and one of them reads chains with their
proofs. Prints megabytes as JSON: `started` after the first few of both, which load what is loaded once, and `after`.
"""

import http.client
import json
import secrets
import sys
import time
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import django

django.setup()

from django.conf import settings  # noqa: E402 - needs loaded apps

from benchmarks.processes import resident_bytes  # noqa: E402
from benchmarks.servers.running import inherited, started  # noqa: E402
from keys import base64url  # noqa: E402
from keys.chain_event import write_signatures  # noqa: E402
from tests.factories import FakeDevice, new_account, sign_challenge  # noqa: E402

WARM_UP = 50
SETTLE_SECONDS = 1.0


class Client:
    """One connection to the server, whose answers are JSON."""

    def __init__(self, port: int) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port)
        self._headers = {"Content-Type": "application/json"}

    def call(self, method: str, path: str, fields: dict[str, Any] | None = None) -> dict[str, Any]:
        """Return the answer; AssertionError for an error."""
        self._connection.request(method, f"/api/{path}", json.dumps(fields) if fields else None, self._headers)
        response = self._connection.getresponse()
        answer = json.loads(response.read())
        assert response.status < 300, (response.status, answer)
        return answer  # type: ignore[no-any-return]

    def sign_up(self) -> FakeDevice:
        """Register somebody."""
        account, event, signatures = new_account(f"member{secrets.token_hex(6)}")
        self.call("POST", "accounts", {"event": base64url.encode(event), "signatures": write_signatures(signatures)})
        return account.device

    def sign_in(self, device: FakeDevice) -> None:
        """Be this device from now on."""
        ids = {"account": base64url.encode(device.account_id), "device": base64url.encode(device.device_id)}
        nonce = self.call("POST", "sign_in/challenge", ids)["nonce"]
        signature = base64url.encode(sign_challenge(device, base64url.decode(nonce)))
        token = self.call("POST", "sign_in", ids | {"nonce": nonce, "signature": signature})["token"]
        self._headers["Authorization"] = f"Bearer {token}"


def measure(client: Client, server: int, accounts: list[str], leaves: int, requests: int) -> dict[str, float]:
    """Return megabytes before and after so many appends and as many answers."""
    client.sign_in(client.sign_up())
    _work(client, accounts, leaves, WARM_UP)
    before = _megabytes(server)
    _work(client, accounts, leaves, requests)
    return {"started": before, "after": _megabytes(server)}


def _work(client: Client, accounts: list[str], leaves: int, requests: int) -> None:
    for turn in range(requests):
        client.sign_up()
        client.call("GET", f"accounts/{accounts[turn % len(accounts)]}/chain?after=0&since={leaves * 9 // 10}")


def _megabytes(server: int) -> float:
    time.sleep(SETTLE_SECONDS)
    return round(resident_bytes([server]) / 1e6, 1)


def main(about: Path, folder: Path, requests: int) -> None:
    """Measure on this database."""
    told = json.loads(about.read_text())
    accounts = [base64url.encode(bytes.fromhex(uid)) for uid in told["shown"]]
    port = urlsplit(settings.ORIGIN).port or 0
    command = [sys.executable, "-m", "talk2me.server", "--host", "127.0.0.1", "--port", str(port)]
    with started(command, port, folder / "server.log", inherited()) as server:
        json.dump(measure(Client(port), server.pid, accounts, told["leaves"], requests), sys.stdout)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]))
