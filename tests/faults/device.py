"""One browser, as the server sees it: connects to some worker, reads, sends, and comes back when it was cut off."""

import asyncio
import json
import random
import urllib.request
from collections import Counter
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import partial

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from keys import base64url, labels
from tests.faults.inbox import Inbox
from tests.faults.ledger import Ledger
from tests.faults.link import Frame, Link, LinkLost, Refused
from tests.faults.outbox import Outbox
from tests.faults.people import Person, Place

# As a browser's, but shorter, so that a test ends soon.
LEAST_BACKOFF, MOST_BACKOFF = 0.1, 2.0
PATIENCE = 30.0
PING_SECONDS = 5.0

Work = Callable[[], Awaitable[None]]


@dataclass
class Habits:
    """`hop_seconds`: how long a device stays with one worker, on average; None for as long as it may."""

    hop_seconds: float | None = None
    patience: float = PATIENCE


class Device:
    """`run` is its life. What it read and what it has to send outlive every connection."""

    def __init__(self, person: Person, place: Place, ports: list[int], ledger: Ledger, habits: Habits) -> None:
        self.name = person.name
        self.person = person
        self.habits = habits
        self.online = False
        self.closed_with: Counter[str] = Counter()
        self.connections = 0
        self.inbox = Inbox(self.name, place.mailboxes_of(person), ledger)
        self.outbox = Outbox(self.name, ledger, lambda mailbox: self.inbox.cursors[mailbox].slot, place.people_of)
        self.port = 0
        self._place = place
        self._ledger = ledger
        self._ports = ports
        self.token = person.token
        self._fresh_token = False
        self._attempt = 0
        self._tasks: set[asyncio.Task[None]] = set()
        self._link: Link | None = None

    async def run(self) -> None:
        """Stay connected for ever; end it by cancelling."""
        while True:
            with suppress(LinkLost):
                await self._connection()
            self.online = False
            step = min(MOST_BACKOFF, LEAST_BACKOFF * 2**self._attempt)
            self._attempt += 1
            await asyncio.sleep(random.uniform(step / 2, step))  # noqa: S311 - nothing secret

    def hop(self) -> None:
        """Leave the present worker for another."""
        if self._link is not None:
            self._link.drop()

    async def _connection(self) -> None:
        if self._fresh_token:
            await self._sign_in()
        # Rather another worker than the one that just failed.
        others = [port for port in self._ports if port != self.port] or self._ports
        self.port = random.choice(others)  # noqa: S311
        link = await Link.open(self.port, self._place.origin, self._pushed, self.habits.patience)
        self._link = link
        self.connections += 1
        reading = asyncio.create_task(link.run())
        try:
            await self._use(link, reading)
        finally:
            for task in list(self._tasks):
                task.cancel()
            link.drop()
            reading.cancel()
            await asyncio.gather(reading, *self._tasks, return_exceptions=True)
            self.closed_with[link.ended_by or "cut off"] += 1

    async def _use(self, link: Link, reading: asyncio.Task[None]) -> None:
        try:
            await link.ask("hello", version=1, token=self.token)
        except Refused as error:
            self._fresh_token = error.code in ("token_expired", "unauthenticated")
            raise LinkLost from error
        self.online, self._attempt = True, 0
        self.outbox.wake()
        self._start(partial(self._until_done, partial(self.inbox.catch_up, link)))
        for work in (self.outbox.run, self.inbox.acknowledge, self._ping):
            self._start(partial(work, link))
        stay = self.habits.hop_seconds and random.expovariate(1 / self.habits.hop_seconds)
        await asyncio.wait([reading], timeout=stay)
        if link.ended_by in ("token_expired", "unauthenticated"):
            self._fresh_token = True

    async def _sign_in(self) -> None:
        try:
            self.token = await asyncio.to_thread(sign_in, self._place.origin, random.choice(self._ports), self.person)  # noqa: S311
        except OSError as error:
            raise LinkLost from error
        self._fresh_token = False

    def _pushed(self, frame: Frame) -> None:
        link = self._link
        if link is not None and frame["type"] == "envelope.new" and frame["mailbox"] in self.inbox.cursors:
            self._start(partial(self._until_done, partial(self.inbox.receive, link, frame["mailbox"], frame)))

    async def _until_done(self, work: Work) -> None:
        """As a browser: what failed is tried again for as long as the connection is up."""
        while True:
            try:
                return await work()
            except Refused:
                await asyncio.sleep(0.5)

    async def _ping(self, link: Link) -> None:
        while True:
            await asyncio.sleep(PING_SECONDS)
            await link.ask("ping")

    def _start(self, work: Work) -> None:
        task = asyncio.ensure_future(self._quietly(work))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _quietly(self, work: Work) -> None:
        try:
            await work()
        except LinkLost:
            # `_use` ends by itself.
            pass
        except Exception as error:
            self._ledger.wrong.append(f"{self.name} stumbled: {error!r}")
            raise


def sign_in(origin: str, port: int, person: Person) -> bytes:
    """Get a token over HTTP from one worker. Raises OSError."""
    ids = {"account": base64url.encode(person.account), "device": base64url.encode(person.device)}
    nonce = _post(port, "sign_in/challenge", ids)["nonce"]
    challenge = labels.signed_challenge(origin, person.account, person.device, base64url.decode(nonce))
    signature = Ed25519PrivateKey.from_private_bytes(person.sign_in_key).sign(challenge)
    proof = ids | {"nonce": nonce, "signature": base64url.encode(signature)}
    return base64url.decode(_post(port, "sign_in", proof)["token"])


def _post(port: int, path: str, body: dict[str, str]) -> dict[str, str]:
    headers = {"Content-Type": "application/json"}
    request = urllib.request.Request(f"http://127.0.0.1:{port}/api/{path}", json.dumps(body).encode(), headers)
    with urllib.request.urlopen(request, timeout=10) as answer:
        return json.loads(answer.read())
