"""Who is at the other end of a socket, and for how long."""

import asyncio
import time
from collections.abc import Callable

from keys.services import SignedIn, authenticate_token
from messaging.clock import this_minute
from messaging.frames import Hello, HelloOk, encode
from messaging.services.open_device_mailboxes import device_mailboxes, open_device
from messaging.session import Session
from messaging.threads import run_read, run_write
from messaging.worker import Worker
from talk2me.errors import Talk2meError, Unauthenticated

# How long a device that was removed may go on when the wake-up about it was lost.
RECHECK_SECONDS = 60.0


class SignIn:
    """Handles `hello`, and ends the session when its token ends or its device is removed."""

    def __init__(self, session: Session, worker: Worker) -> None:
        self._session = session
        self._worker = worker
        self._timer: asyncio.TimerHandle | None = None
        self._check: asyncio.Task[None] | None = None
        self._token = b""
        self._expires = 0.0

    def expect_within(self, seconds: float) -> None:
        """Close the socket unless a good `hello` comes in time."""
        self._call_later(seconds, self._too_late)

    async def hello(self, frame: Hello) -> None:
        """Sign the socket in, or renew its token. Raises Unauthenticated, TokenExpired or DeviceRevoked."""
        signed_in = await run_read(authenticate_token, frame.token)
        home = await self._home(signed_in)
        session = self._session
        if session.ended:
            # Gone meanwhile: it must neither close a newer socket of the device nor be watched.
            return
        if session.device and session.device != signed_in.device:
            raise Unauthenticated
        self._token, self._expires = frame.token, signed_in.expires.timestamp()
        answer = encode(
            HelloOk(
                ref=frame.ref,
                account=signed_in.account,
                device=signed_in.device,
                device_mailbox=home,
                expires_in=max(0, int(self._expires - time.time())),
                time=this_minute(),
            )
        )
        self._watch()
        if session.device:
            session.window.put(answer)
        else:
            rates = self._worker.rates.of(signed_in.device, self._worker.registry.by_device)
            # Counts also who comes back again and again.
            rates.count_frames(1)
            session.sign_in(signed_in.account, signed_in.device, rates)
            self._worker.sockets.known(session)
            await self._worker.enter(session, answer)

    def stop(self) -> None:
        """Watch no longer."""
        if self._timer is not None:
            self._timer.cancel()
        if self._check is not None:
            self._check.cancel()

    async def _home(self, signed_in: SignedIn) -> bytes:
        found = await run_read(device_mailboxes, [signed_in.device])
        if signed_in.device in found:
            return found[signed_in.device]
        return await run_write(open_device, signed_in.account, signed_in.device)

    def _too_late(self) -> None:
        self._session.end("hello_required")

    def _watch(self) -> None:
        """Look at the token again when it ends, and now and then before."""
        self._call_later(min(RECHECK_SECONDS, max(0.0, self._expires - time.time())), self._start_check)

    def _start_check(self) -> None:
        self._check = asyncio.ensure_future(self._recheck())

    async def _recheck(self) -> None:
        token = self._token
        try:
            await run_read(authenticate_token, token)
        except Talk2meError as error:
            # One that a `hello` has replaced meanwhile says nothing any more.
            if token == self._token and error.code in ("unauthenticated", "token_expired", "device_revoked"):
                self._session.end(error.code)
                return
        self._watch()

    def _call_later(self, seconds: float, action: Callable[[], None]) -> None:
        if self._timer is not None:
            self._timer.cancel()
        self._timer = asyncio.get_running_loop().call_later(seconds, action)
