"""Passkeys in a real browser, with the authenticator that Chromium has for tests, against a real server."""

import json
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from keys import base64url, chain_event, labels
from tests import factories
from tests.e2e.page_modules import put_modules
from tests.e2e.running_server import RunningServer

b64 = base64url.encode

CALLS = """
async ([token, recovery_key]) => {
  const { make_passkey, use_passkey } = await load("transport/authenticator.js");
  const { make_api } = await load("transport/api.js");
  const { from_base64url, to_base64url } = await load("codec/base64url.js");
  const api = make_api({ origin: location.origin, get_token: async () => from_base64url(token) });
  const prf_salt = new Uint8Array(32).fill(7);
  const made = await make_passkey({ options: await api.passkey_options(), prf_salt });
  await api.add_passkey({ credential: made.credential, recovery_key: from_base64url(recovery_key) });
  const second = await make_passkey({ options: await api.passkey_options(), prf_salt }).catch((error) => error.code);
  const used = await use_passkey({ options: await api.passkey_challenge(), prf_salt });
  const granted = await api.passkey_sign_in({ credential: used.credential });
  const text = (bytes) => bytes && to_base64url(bytes);
  return { prf: [text(made.prf), text(used.prf)], account: granted.account, token: text(granted.token), second };
}
"""


@pytest.fixture
def named_server(tmp_path: Path) -> Iterator[RunningServer]:
    """A server whose address is a name: passkeys belong to one."""
    server = RunningServer(tmp_path / "data")
    server.origin = server.environment["ORIGIN"] = f"http://localhost:{server.port}"
    with server:
        yield server


@pytest.fixture
def visitor(chromium: Browser, named_server: RunningServer) -> Iterator[Page]:
    """A page of the server."""
    context = chromium.new_context()
    page = context.new_page()
    page.goto(f"{named_server.origin}/")
    put_modules(page, "transport/authenticator.js", "transport/api.js", "codec/base64url.js")
    yield page
    context.close()


def add_authenticator(page: Page, *, has_prf: bool) -> None:
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    options = {"protocol": "ctap2", "ctap2Version": "ctap2_1", "transport": "internal", "hasResidentKey": True,
               "hasUserVerification": True, "isUserVerified": True, "hasPrf": has_prf}  # fmt: skip
    session.send("WebAuthn.addVirtualAuthenticator", {"options": options})


def post(server: RunningServer, path: str, body: dict) -> dict:
    request = urllib.request.Request(
        f"{server.origin}/api/{path}", json.dumps(body).encode(), {"Content-Type": "application/json"}
    )
    with urllib.request.urlopen(request, timeout=60) as answer:
        return json.loads(answer.read())


def signed_up(server: RunningServer) -> tuple[factories.FakeAccount, str]:
    """An account with the token of its device."""
    account, event, _ = factories.new_account()
    device = account.device
    signatures = factories.sign_event(event, account, device, origin=server.origin)
    post(server, "accounts", {"event": b64(event), "signatures": chain_event.write_signatures(signatures)})
    ids = {"account": b64(account.account_id), "device": b64(device.device_id)}
    nonce = base64url.decode(post(server, "sign_in/challenge", ids)["nonce"])
    signed = labels.signed_challenge(server.origin, account.account_id, device.device_id, nonce)
    answer = post(server, "sign_in", ids | {"nonce": b64(nonce), "signature": b64(device.sign_in_key.sign(signed))})
    return account, answer["token"]


@pytest.mark.parametrize("has_prf", [True, False])
def test_a_passkey_is_made_and_signs_in_and_the_server_never_gets_what_its_prf_gives(
    named_server: RunningServer, visitor: Page, has_prf: bool
) -> None:
    account, token = signed_up(named_server)
    add_authenticator(visitor, has_prf=has_prf)
    posted: list[str] = []
    visitor.on("request", lambda request: posted.append(request.post_data or ""))
    found = visitor.evaluate(CALLS, [token, b64(factories.public(account.recovery_key))])
    assert found["account"] == b64(account.account_id)
    assert len(base64url.decode(found["token"], 32)) == 32
    assert found["second"] == "passkey_exists"
    made, used = found["prf"]
    assert made == used
    assert (made is not None) == has_prf
    assert any("attestationObject" in body for body in posted)
    assert not any(made and made in body for body in posted)
