"""Signing up where an invitation is needed: by way of an identity provider, and by a link of somebody who is here."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.e2e.running_server import RunningServer
from tests.oidc_provider import CLIENT_ID, CLIENT_SECRET, Provider, running_provider

CODE = re.compile(r"^[\w-]{22}$")


@pytest.fixture
def provider() -> Iterator[Provider]:
    with running_provider() as running:
        yield running


@pytest.fixture
def server(tmp_path: Path, provider: Provider) -> Iterator[RunningServer]:
    """A server at a name, so that the provider is another site's as it is in life."""
    running = RunningServer(
        tmp_path / "data", REGISTRATION="invite", REGISTRATION_INVITES="1", OIDC_ISSUER=provider.issuer,
        OIDC_NAME="Riverside School", OIDC_CLIENT_ID=CLIENT_ID, OIDC_CLIENT_SECRET=CLIENT_SECRET,
    )  # fmt: skip
    running.origin = running.environment["ORIGIN"] = f"http://localhost:{running.port}"
    with running:
        yield running


def test_who_is_confirmed_elsewhere_signs_up_and_invites_who_then_talks(
    server: RunningServer, provider: Provider, new_person: callable
) -> None:
    alice = new_person("alice")
    asked: list[str] = []
    alice.page.on("request", lambda request: asked.append(request.url))
    alice.open()
    alice.see("create-account").click()
    gate = alice.see("gate")
    expect(gate).to_have_text("Sign in with Riverside School")
    gate.click()
    expect(alice.see("invite-code")).to_have_value(CODE)
    code = alice.see("invite-code").input_value()
    expect(gate).to_be_hidden()
    alice.choose_name()
    expect(alice.page.locator("[data-test=toast][data-code=already_signed_up]")).to_have_count(0)
    # Nothing of the provider's is left with the browser, and no address that was asked for had the code.
    assert alice.context.cookies() == []
    assert code not in "".join(asked)
    assert "#" not in alice.page.url or alice.page.url.endswith("#/")

    again = new_person("again")
    again.page.goto("/api/gate/start")
    expect(again.see("sign-up-error")).to_have_text("You have made as many accounts here as you may.")

    alice.see("new-conversation").click()
    alice.see("make-newcomer-link").click()
    expect(alice.see("invitation-link")).to_have_value(re.compile("#i="))
    link = alice.see("invitation-link").input_value()
    bob = new_person("bob")
    bob.page.goto(link)
    bob.see("create-account").click()
    expect(bob.see("invite-code")).to_have_value(link.rpartition(".")[2])
    bob.choose_name()
    bob.see("open-invitation-confirm").click()
    bob.see("composer-input").wait_for()
    assert [person for person in (alice, bob) if any(line.startswith("error") for line in person.said)] == []
