"""Whoever runs the server, in the admin."""

from playwright.sync_api import BrowserContext, Page

from tests.e2e.running_server import RunningServer

PASSWORD = "a long enough password"


def open_admin(context: BrowserContext, server: RunningServer) -> Page:
    """Make an operator, and return the admin's first page with it signed in."""
    server.manage("createsuperuser", "--noinput", "--username", "operator", "--email", "o@example.org",
                  DJANGO_SUPERUSER_PASSWORD=PASSWORD)  # fmt: skip
    page = context.new_page()
    page.goto("/admin/")
    page.fill("input[name=username]", "operator")
    page.fill("input[name=password]", PASSWORD)
    page.click("input[type=submit]")
    page.locator("#user-tools").wait_for()
    return page
