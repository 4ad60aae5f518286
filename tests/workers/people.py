"""Accounts and sockets on workers that are processes of their own: everything over HTTP and WebSockets."""

import asyncio
import json
import urllib.request
from dataclasses import asdict
from typing import Any

import msgspec
from websockets.asyncio.client import ClientConnection
from websockets.asyncio.client import connect as open_socket
from websockets.exceptions import ConnectionClosed

from cluster.worker import Worker
from keys import base64url
from keys.chain_event import Signatures
from tests.consumers.socket_client import Client, Closed
from tests.factories import FakeAccount, FakeDevice, as_event, new_account, sign_challenge, sign_event

SECONDS = 60


class NetworkClient(Client):
    """A socket over the network; all else as in `socket_client`."""

    wire: ClientConnection

    def __init__(self, wire: ClientConnection) -> None:
        self.wire = wire
        self.incoming, self.pushed = [], []
        self.device = self.home = b""

    async def close(self) -> None:
        await self.wire.close()

    async def send_bytes(self, message: bytes) -> None:
        await self.wire.send(message)

    async def next_frame(self) -> dict[str, Any]:
        while not self.incoming:
            try:
                async with asyncio.timeout(SECONDS):
                    self.incoming = msgspec.msgpack.decode(await self.wire.recv())
            except ConnectionClosed as error:
                raise Closed(error.rcvd.code if error.rcvd else 1006) from error
        return self.incoming.pop(0)


async def sign_up(worker: Worker) -> FakeAccount:
    """Register an account through a worker."""
    account, event, signatures = new_account()
    await post(worker, "accounts", event_body(event, signatures))
    account.stored(event)
    return account


async def connect(worker: Worker, device: FakeDevice) -> NetworkClient:
    """Open a signed-in socket on a worker."""
    ids = {"account": base64url.encode(device.account_id), "device": base64url.encode(device.device_id)}
    nonce = (await post(worker, "sign_in/challenge", ids))["nonce"]
    signature = sign_challenge(device, base64url.decode(nonce))
    signed = await post(worker, "sign_in", {**ids, "nonce": nonce, "signature": base64url.encode(signature)})
    client = NetworkClient(await open_socket(f"{worker.origin.replace('http', 'ws')}/ws", max_size=None))
    answer = await client.hello(base64url.decode(signed["token"]))
    assert answer["type"] == "hello.ok", answer
    return client


async def add_device(worker: Worker, account: FakeAccount) -> FakeDevice:
    """Add a device through a worker, by the first one."""
    device = FakeDevice(account.account_id)
    event = as_event(account.fields("device_add", {"device": device.as_body()}))
    signatures = sign_event(event, account, device, authority=account.device.sign_in_key)
    await post(worker, f"accounts/{base64url.encode(account.account_id)}/events", event_body(event, signatures))
    account.stored(event)
    return device


async def remove_device(worker: Worker, account: FakeAccount, device: FakeDevice) -> None:
    """Remove a device through a worker, by the recovery key."""
    event = as_event(account.fields("device_remove", {"device_id": base64url.encode(device.device_id)}))
    signatures = sign_event(event, account, authority=account.recovery_key)
    await post(worker, f"accounts/{base64url.encode(account.account_id)}/events", event_body(event, signatures))
    account.stored(event)


async def post(worker: Worker, path: str, body: dict[str, Any]) -> dict[str, Any]:
    """Call the JSON interface of a worker."""
    data, headers = json.dumps(body).encode(), {"Content-Type": "application/json"}
    request = urllib.request.Request(f"{worker.origin}/api/{path}", data, headers)
    return await asyncio.to_thread(_answer, request)


def event_body(event: bytes, signatures: Signatures) -> dict[str, Any]:
    """An account event as requests carry it."""
    return {"event": base64url.encode(event), "signatures": _as_text(asdict(signatures))}


def _as_text(found: dict[str, Any]) -> dict[str, Any]:
    texts = {name: _as_text(value) if isinstance(value, dict) else value for name, value in found.items() if value}
    return {name: base64url.encode(value) if isinstance(value, bytes) else value for name, value in texts.items()}


def _answer(request: urllib.request.Request) -> dict[str, Any]:
    with urllib.request.urlopen(request, timeout=SECONDS) as answer:
        return json.load(answer)
