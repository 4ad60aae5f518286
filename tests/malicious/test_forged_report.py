"""Somebody reports what nobody has said: what their screen says, and that whoever runs the server gets nothing."""

import json

from playwright.sync_api import Route, expect

from keys import base64url
from tests.e2e.operator import open_admin
from tests.e2e.person import Person
from tests.malicious.conftest import ForkingServer

REFUSED = "The server could not check this report, so it was not passed on."


def forge(route: Route) -> None:
    """Put other words into what is reported, as a changed client would, with the very proof of the true ones."""
    body = json.loads(route.request.post_data or "")
    content = base64url.decode(body["content"])
    forged = content.replace(b"see you at ten", b"fear me at ten")
    assert forged != content
    route.continue_(post_data=json.dumps({**body, "content": base64url.encode(forged)}))


def test_a_forged_report_is_refused_in_words_and_reaches_nobody(
    two: tuple[Person, Person], new_profile: callable, server: ForkingServer
) -> None:
    alice, bob = two
    alice.send("see you at ten")
    bob.sees("see you at ten")
    bob.page.route("**/reports", forge)
    bob.message("see you at ten").focus()
    bob.page.keyboard.press("Enter")
    bob.see("message-menu").locator("[data-action=report]").click()
    expect(bob.see("report-shown")).to_have_text("see you at ten")
    bob.see("report-block").check()
    bob.see("report-confirm").click()
    expect(bob.see("report-error")).to_contain_text(REFUSED)
    # Nothing else of what was asked for has happened: it can be looked at again.
    expect(bob.see("report-dialog")).to_be_visible()
    expect(bob.see("blocked-bar").locator("visible=true")).to_have_count(0)
    admin = open_admin(new_profile(), server)
    admin.goto("/admin/messaging/report/")
    expect(admin.locator("#result_list tbody tr")).to_have_count(0)

    # As it was said it is taken.
    bob.page.unroute("**/reports")
    bob.see("report-confirm").click()
    expect(bob.see("report-dialog")).to_have_count(0)
    admin.reload()
    expect(admin.locator("#result_list tbody tr")).to_have_count(1)
    expect(admin.locator("#result_list tbody tr")).to_contain_text("see you at ten")
