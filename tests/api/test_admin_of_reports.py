"""What operators see of reports and can do; what people wrote into them does nothing there."""

import os

import msgspec
import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission

from keys import selectors
from messaging.clock import this_minute
from messaging.models import Report
from operators.models import AuditEntry
from talk2me.security_headers import for_admin
from tests import factories

LIST = "/admin/messaging/report/"
SCRIPT = "<script>alert(1)</script>\u202e"


def make_report(account, content=None):
    body = {"v": 1, "type": "text", "body": {"text": SCRIPT, "files": [{"name": "<b>x</b>.pdf", "key": b"secret"}]}}
    return Report.objects.create(
        mark=os.urandom(32), reporter=os.urandom(16), account=account, minute=this_minute(), received=this_minute(),
        content=msgspec.msgpack.encode(body) if content is None else content, note="<i>help</i>",
    )  # fmt: skip


@pytest.fixture
def bad(db):
    return factories.make_account("mallory")


@pytest.fixture
def operator(client, db):
    client.force_login(get_user_model().objects.create_superuser("operator", "", "password"))
    return client


@pytest.fixture
def helper(client, db):
    """An operator who may see reports and nothing else."""
    user = get_user_model().objects.create_user("helper", "", "password", is_staff=True)
    user.user_permissions.add(Permission.objects.get(codename="view_report"))
    client.force_login(user)
    return client


def act(client, action, *reports, **more):
    return client.post(LIST, {"action": action, "_selected_action": [one.pk for one in reports], **more})


def about(kind):
    return AuditEntry.objects.filter(kind=kind)


@pytest.mark.parametrize("whole", [False, True])
def test_the_pages_show_who_and_what_and_obey_the_policy(operator, bad, whole):
    report = make_report(bad.account_id)
    answer = operator.get(f"{LIST}{report.pk}/change/" if whole else LIST)
    text = answer.content.decode()
    assert answer.status_code == 200
    assert answer["Content-Security-Policy"] == for_admin()["Content-Security-Policy"]
    assert "mallory" in text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in text
    assert SCRIPT not in text
    assert "style=" not in text
    assert "secret" not in text
    if whole:
        assert "&lt;b&gt;x&lt;/b&gt;.pdf" in text
        assert "&lt;i&gt;help&lt;/i&gt;" in text
        assert bad.account_id.hex() in text


@pytest.mark.parametrize(
    "content",
    [
        b"", b"\xc1", b"\x93\x01\x02\x03", b"\x91" * 100_000, msgspec.msgpack.encode({"type": 1, "body": {}}),
        msgspec.msgpack.encode({"type": "text", "body": {"text": 5, "files": 7}}),
        msgspec.msgpack.encode({"type": "text", "body": {"files": [1, {"name": 2}]}}),
        b"\x82\xa4type\xa1\xff\xa4body\x80", os.urandom(500),
    ],
    ids=lambda content: repr(content[:12]),
)  # fmt: skip
def test_a_content_that_makes_no_sense_is_shown_as_such(operator, bad, content):
    report = make_report(bad.account_id, content)
    assert operator.get(LIST).status_code == operator.get(f"{LIST}{report.pk}/change/").status_code == 200


def test_the_report_of_an_account_that_is_gone_is_shown_by_its_id(operator):
    account = os.urandom(16)
    report = make_report(account)
    assert account.hex() in operator.get(f"{LIST}{report.pk}/change/").content.decode()
    assert act(operator, "suspend_reported", report, confirmed="yes").status_code == 302


def test_nothing_of_a_report_can_be_changed_and_none_be_made(operator, bad):
    report = make_report(bad.account_id)
    assert operator.get(f"{LIST}add/").status_code in (400, 403)
    operator.post(f"{LIST}{report.pk}/change/", {"note": "other", "handled": "on"})
    report.refresh_from_db()
    assert (report.note, report.handled) == ("<i>help</i>", False)


def test_marking_as_handled_is_written_down(operator, bad):
    reports = [make_report(bad.account_id) for _ in range(2)]
    assert act(operator, "mark_handled", *reports).status_code == 302
    assert Report.objects.filter(handled=True).count() == 2
    assert [entry.action for entry in about("messaging.report")] == ["handled", "handled"]


def test_suspending_asks_once_more_and_then_shuts_the_account_out(operator, bad):
    reports = [make_report(bad.account_id) for _ in range(2)]
    asked = act(operator, "suspend_reported", *reports)
    assert "mallory" in asked.content.decode()
    assert asked["Content-Security-Policy"] == for_admin()["Content-Security-Policy"]
    assert selectors.existing_accounts([bad.account_id])
    assert act(operator, "suspend_reported", *reports, confirmed="yes").status_code == 302
    assert not selectors.existing_accounts([bad.account_id])
    assert {entry.action for entry in about("messaging.report")} == {"reported account suspended"}
    assert [entry.action for entry in about("keys.account")] == ["suspended after a report"]


def test_reports_can_be_deleted(operator, bad):
    report = make_report(bad.account_id)
    act(operator, "delete_selected", report, post="yes")
    assert not Report.objects.exists()
    assert [entry.action for entry in about("messaging.report")] == ["deleted"]
    assert SCRIPT not in str(list(AuditEntry.objects.values()))


@pytest.mark.parametrize("action", ["mark_handled", "suspend_reported", "delete_selected"])
def test_who_may_only_see_reports_can_do_nothing(helper, bad, action):
    report = make_report(bad.account_id)
    assert "mallory" in helper.get(LIST).content.decode()
    act(helper, action, report, confirmed="yes", post="yes")
    assert not Report.objects.get().handled
    assert selectors.existing_accounts([bad.account_id])


def test_strangers_see_nothing(client, bad):
    report = make_report(bad.account_id)
    assert client.get(LIST).status_code == client.get(f"{LIST}{report.pk}/change/").status_code == 302
