"""How much one device may send, and how many sockets one address may have."""

import asyncio

import pytest

from messaging import device_rates
from messaging.device_rates import DeviceRates
from messaging.worker import this_worker
from talk2me.errors import RateLimited
from tests.consumers.socket_client import Client, open_conversation
from tests.factories import add_device, make_token


async def test_a_device_that_sends_too_fast_is_told_when_and_goes_on(connect, alice, settings):
    client = await connect(alice.device)
    mailbox = await open_conversation(client, [alice.device])
    settings.RATE_LIMITS = settings.RATE_LIMITS | {"envelopes": "3/minute"}
    answers = [await client.envelope(mailbox, slot=1) for _ in range(4)]
    codes = [answer.get("code", "accepted") for answer in answers]
    # The commit that made the conversation was counted too.
    assert codes in (["accepted"] * 2 + ["rate_limited"] * 2, ["accepted"] * 3 + ["rate_limited"])
    assert answers[-1]["retry_after"] > 0
    assert (await client.ask("ping"))["type"] == "pong"


async def test_bytes_are_counted_as_well(connect, alice, settings):
    client = await connect(alice.device)
    mailbox = await open_conversation(client, [alice.device])
    settings.RATE_LIMITS = settings.RATE_LIMITS | {"bytes": "100/minute"}
    assert (await client.envelope(mailbox, bytes(90 * 1024), slot=1))["type"] == "envelope.accepted"
    assert (await client.envelope(mailbox, bytes(90 * 1024), slot=1))["code"] == "rate_limited"
    assert (await client.envelope(mailbox, slot=1))["type"] == "envelope.accepted"


def test_a_limit_is_free_again_in_time(settings, monkeypatch):
    settings.RATE_LIMITS = settings.RATE_LIMITS | {"frames": "60/minute"}
    now = [1000.0]
    monkeypatch.setattr(device_rates.time, "monotonic", lambda: now[0])
    rates = DeviceRates().of(b"device", ())
    rates.count_frames(60)
    with pytest.raises(RateLimited) as refused:
        rates.count_frames(10)
    assert refused.value.retry_after == 10
    now[0] += 10
    rates.count_frames(10)
    with pytest.raises(RateLimited):
        rates.count_frames(1)
    now[0] += 60
    assert rates.all_free


def test_what_devices_have_used_is_kept_only_while_it_counts(settings, monkeypatch):
    settings.RATE_LIMITS = settings.RATE_LIMITS | {"frames": "60/minute"}
    now = [1000.0]
    monkeypatch.setattr(device_rates.time, "monotonic", lambda: now[0])
    kept = DeviceRates()
    present = {b"present": None}
    here = kept.of(b"present", present)
    for number in range(device_rates.KEPT):
        kept.of(b"%d" % number, present).count_frames(60)
    now[0] += 120
    busy = kept.of(b"busy", present)
    busy.count_frames(60)
    for number in range(3 * device_rates.KEPT):
        kept.of(b"later %d" % number, present)
    assert len(kept._by_device) <= 2 * device_rates.KEPT + 3  # noqa: SLF001 - the memory it takes
    assert kept.of(b"busy", present) is busy
    assert kept.of(b"present", present) is here


def from_address(address: str) -> list[tuple[bytes, bytes]]:
    return [(b"x-forwarded-for", address.encode())]


@pytest.fixture
def proxied(settings):
    settings.TRUSTED_PROXIES = 1
    settings.SOCKETS_PER_ADDRESS = 8
    return settings


async def test_an_address_has_only_so_many_sockets(proxied, alice):
    sockets = []
    for _ in range(8):
        sockets.append(await Client(headers=from_address("192.0.2.1")).open())
        token = await asyncio.to_thread(make_token, await asyncio.to_thread(add_device, alice))
        assert (await sockets[-1].hello(token))["type"] == "hello.ok"
    one_more = await Client(headers=from_address("192.0.2.1")).open()
    assert await one_more.close_code() == (4429, "rate_limited")
    other = await Client(headers=from_address("192.0.2.2")).open()
    assert (await other.ask("ping"))["code"] == "hello_required"
    await sockets.pop().close()
    again = await Client(headers=from_address("192.0.2.1")).open()
    assert (await again.ask("ping"))["code"] == "hello_required"
    for client in (*sockets, other, again):
        await client.close()
    await this_worker().stop()


async def test_a_quarter_of_them_may_be_unknown(proxied):
    unknown = [await Client(headers=from_address("192.0.2.1")).open() for _ in range(2)]
    assert (await unknown[-1].ask("ping"))["code"] == "hello_required"
    third = await Client(headers=from_address("192.0.2.1")).open()
    assert await third.close_code() == (4429, "rate_limited")
    for client in unknown:
        await client.close()
    await third.close()
    assert not this_worker().sockets.present()
    await this_worker().stop()


@pytest.mark.parametrize("address", ["127.0.0.1", "::1"])
async def test_this_machine_is_not_counted(proxied, address):
    clients = [await Client(headers=from_address(address)).open() for _ in range(12)]
    for client in clients:
        assert (await client.ask("ping"))["code"] == "hello_required"
        await client.close()
    await this_worker().stop()
