"""A socket's life: hello, renewal, and every way in which it ends."""

import asyncio
import os
from datetime import UTC, datetime, timedelta

import msgspec
import pytest
from asgiref.sync import sync_to_async

from keys.models import AccessToken
from messaging import consumers, sign_in
from messaging.worker import this_worker
from talk2me.errors import TokenExpired
from tests.consumers.socket_client import Client, open_conversation
from tests.factories import add_device, make_token, remove_device


async def opened(**options) -> Client:
    return await Client(**options).open()


async def token_of(device) -> bytes:
    return await sync_to_async(make_token)(device)


async def expire_tokens() -> None:
    await AccessToken.objects.aupdate(expires=datetime.now(UTC) - timedelta(seconds=1))


async def test_hello_says_who_and_for_how_long(connect, alice):
    client = await opened()
    answer = await client.hello(await token_of(alice.device))
    assert (answer["account"], answer["device"]) == (alice.account_id, alice.device.device_id)
    assert len(answer["device_mailbox"]) == 16
    assert 0 < answer["expires_in"] <= 3660
    assert answer["time"] % 60 == 0
    assert (await client.ask("ping"))["type"] == "pong"
    await client.close()


async def test_the_device_mailbox_is_the_same_every_time(connect, alice):
    first = (await connect(alice.device)).home
    assert (await connect(alice.device)).home == first


async def test_a_frame_before_hello_is_refused_and_hello_still_works(alice):
    client = await opened()
    assert (await client.ask("ping"))["code"] == "hello_required"
    assert (await client.hello(await token_of(alice.device)))["type"] == "hello.ok"
    await client.close()


async def test_a_socket_that_never_says_hello_is_closed(monkeypatch):
    monkeypatch.setattr(consumers, "HELLO_SECONDS", 0.05)
    client = await opened()
    assert await client.close_code() == (4408, "hello_required")


async def test_an_unknown_token_closes_the_socket():
    client = await opened()
    assert (await client.hello(os.urandom(32)))["code"] == "unauthenticated"
    assert await client.close_code() == (4401, "unauthenticated")


async def test_an_expired_token_closes_the_socket(alice):
    client, token = await opened(), await token_of(alice.device)
    await expire_tokens()
    assert (await client.hello(token))["code"] == "token_expired"
    assert await client.close_code() == (4401, "token_expired")


async def test_the_session_ends_with_its_token(connect, alice, monkeypatch):
    monkeypatch.setattr(sign_in, "RECHECK_SECONDS", 0.05)
    client = await connect(alice.device)
    await expire_tokens()
    assert await client.close_code() == (4401, "token_expired")


async def test_hello_again_renews_the_session(connect, alice, monkeypatch):
    client = await connect(alice.device)
    await expire_tokens()
    monkeypatch.setattr(sign_in, "RECHECK_SECONDS", 0.05)
    assert (await client.hello(await token_of(alice.device)))["type"] == "hello.ok"
    await asyncio.sleep(0.2)
    assert (await client.ask("ping"))["type"] == "pong"


async def test_a_check_of_the_former_token_ends_no_renewed_session(connect, alice, monkeypatch):
    client = await connect(alice.device)
    session = this_worker().registry.by_device[alice.device.device_id]
    watch = sign_in.SignIn(session, this_worker())
    watch._token = b"former"  # noqa: SLF001 - a check that is under way

    async def replaced_meanwhile(_work, _token):
        watch._token = b"newer"  # noqa: SLF001
        raise TokenExpired

    monkeypatch.setattr(sign_in, "run_read", replaced_meanwhile)
    await watch._recheck()  # noqa: SLF001
    watch.stop()
    assert (await client.ask("ping"))["type"] == "pong"


async def test_hello_again_as_someone_else_closes_the_socket(connect, alice, bob):
    client = await connect(alice.device)
    assert (await client.hello(await token_of(bob.device)))["code"] == "unauthenticated"
    assert await client.close_code() == (4401, "unauthenticated")


async def test_the_token_of_a_removed_device_closes_the_socket(alice):
    await sync_to_async(add_device)(alice)
    token = await token_of(alice.devices[1])
    await sync_to_async(remove_device)(alice, alice.devices[1])
    client = await opened()
    assert (await client.hello(token))["code"] == "device_revoked"
    assert await client.close_code() == (4403, "device_revoked")


async def test_a_newer_socket_of_the_device_closes_the_older_one(connect, alice):
    older = await connect(alice.device)
    newer = await connect(alice.device)
    assert await older.close_code() == (4409, "replaced")
    await older.close()
    assert (await newer.ask("ping"))["type"] == "pong"


async def test_what_arrives_after_the_older_socket_has_gone_reaches_the_newer_one(connect, alice, bob):
    sender, older = await connect(alice.device), await connect(bob.device)
    mailbox = await open_conversation(sender, [alice.device, bob.device])
    newer = await connect(bob.device)
    await older.close()
    await sender.envelope(mailbox, slot=1)
    assert (await newer.push("envelope.new"))["head"] == 2


@pytest.mark.parametrize("origin", [b"https://elsewhere.example", b"null", b"http://127.0.0.1:80000"])
async def test_a_page_of_another_origin_is_closed(origin):
    client = await opened(headers=[(b"origin", origin)])
    assert await client.close_code() == (4403, "foreign_origin")


async def test_our_own_page_is_let_in(alice, settings):
    client = await opened(headers=[(b"origin", settings.ORIGIN.encode())])
    assert (await client.hello(await token_of(alice.device)))["type"] == "hello.ok"
    await client.close()


async def test_a_text_frame_closes_the_socket(connect, alice):
    client = await connect(alice.device)
    await client.wire.send_to(text_data="[]")
    assert (await client.next_frame())["code"] == "bad_frame"
    assert await client.close_code() == (4400, "bad_frame")


@pytest.mark.parametrize("message", [b"\xc1", b"{}", bytes(100), msgspec.msgpack.encode({"type": "ping", "ref": 1})])
async def test_garbage_closes_the_socket(connect, alice, message):
    client = await connect(alice.device)
    await client.send_bytes(message)
    assert (await client.next_frame())["code"] == "bad_frame"
    assert await client.close_code() == (4400, "bad_frame")


async def test_an_oversize_message_closes_the_socket(connect, alice):
    client = await connect(alice.device)
    await client.send_bytes(bytes(1536 * 1024 + 1))
    assert (await client.next_frame())["code"] == "too_large"
    assert await client.close_code() == (4400, "bad_frame")


async def test_an_unknown_frame_is_refused_and_the_socket_goes_on(connect, alice):
    client = await connect(alice.device)
    assert (await client.ask("mailbox.burn", mailbox=bytes(16)))["code"] == "unknown_frame"
    assert (await client.ask("ping"))["type"] == "pong"


async def test_what_came_before_a_bad_frame_is_not_lost(connect, alice):
    client = await connect(alice.device)
    mailbox = await open_conversation(client, [alice.device])
    await client.send({"type": "subscription.end", "ref": 1, "mailbox": mailbox}, {"type": "ping"})
    assert (await client.answer(1))["type"] == "ok"
    assert await client.close_code() == (4400, "bad_frame")


async def test_too_many_frames_close_the_socket(connect, alice, settings):
    settings.RATE_LIMITS = settings.RATE_LIMITS | {"frames": "50/hour"}
    client = await connect(alice.device)
    for _ in range(2):
        await client.send(*[{"type": "ping", "ref": 1}] * 40)
    code, ended = await client.close_code()
    assert (code, ended) == (4429, "rate_limited")


async def test_frames_of_closed_sockets_count_too(connect, alice, settings):
    settings.RATE_LIMITS = settings.RATE_LIMITS | {"frames": "50/hour"}
    for _ in range(4):
        client = await connect(alice.device)
        await client.send(*[{"type": "ping", "ref": 1}] * 9)
        await client.close()
    last = await connect(alice.device)
    await last.send(*[{"type": "ping", "ref": 1}] * 20)
    assert (await last.close_code())[0] == 4429


async def test_who_comes_back_again_and_again_is_sent_away(connect, alice, settings):
    settings.RATE_LIMITS = settings.RATE_LIMITS | {"frames": "5/hour"}
    token = await token_of(alice.device)
    for _ in range(5):
        client = await opened()
        assert (await client.hello(token))["type"] == "hello.ok"
        await client.close()
    last = await opened()
    refused = await last.hello(token)
    assert (refused["code"], refused["retry_after"] > 0) == ("rate_limited", True)
    assert await last.close_code() == (4429, "rate_limited")


async def test_a_removed_device_loses_its_socket(connect, alice):
    device = await sync_to_async(add_device)(alice)
    client, other = await connect(device), await connect(alice.device)
    await sync_to_async(remove_device)(alice, device)
    assert await client.close_code() == (4403, "device_revoked")
    assert (await other.ask("ping"))["type"] == "pong"


async def test_a_removed_device_loses_its_socket_even_when_the_wake_up_was_lost(connect, alice, monkeypatch):
    monkeypatch.setattr(sign_in, "RECHECK_SECONDS", 0.05)
    monkeypatch.setattr("messaging.receivers.close_sockets", lambda _devices, _code: None)
    device = await sync_to_async(add_device)(alice)
    client = await connect(device)
    await sync_to_async(remove_device)(alice, device)
    assert await client.close_code() == (4403, "device_revoked")


async def test_nobody_is_remembered_when_all_sockets_have_closed(alice):
    client = await opened()
    await client.hello(await token_of(alice.device))
    await open_conversation(client, [alice.device])
    await client.close()
    registry = this_worker().registry
    assert (registry.by_device, registry.by_mailbox, registry.loading) == ({}, {}, {})


async def test_an_error_of_ours_is_told_without_details(connect, alice, monkeypatch):
    def broken(*_args):
        raise ValueError("secret details")

    client = await connect(alice.device)
    monkeypatch.setattr("messaging.handlers.list_mailboxes", broken)
    answer = await client.ask("mailbox.list", after=None)
    assert answer == {"type": "error", "ref": answer["ref"], "code": "internal"}
    assert (await client.ask("ping"))["type"] == "pong"
