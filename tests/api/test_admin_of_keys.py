"""What operators see and can do: everything public, nothing sealed, no way to touch a key."""

import re
import secrets
from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission, User

from keys import clock, services
from keys.models import Account, AccountEvent, Device, RegistrationCode, ResetPermit
from keys.selectors import reset_from
from operators.models import AuditEntry
from talk2me import limits
from talk2me.errors import DeviceRevoked, ResetRefused, SignInRefused
from tests import factories

pytestmark = pytest.mark.django_db
# Which of the two is the project's choice of error pages.
REFUSED = (400, 403)
CANARY = b"the cormorant sings at noon"


@pytest.fixture
def operator(client):
    user = User.objects.create_superuser("operator", password=secrets.token_hex())
    client.force_login(user)
    return user


@pytest.fixture
def account():
    made = factories.make_account("beatrix")
    factories.add_device(made)
    services.store_vault(made.account_id, made.device.device_id, 1, CANARY)
    package = factories.make_key_package(made.device, 1)
    services.publish_key_packages(made.device.device_id, 1, [package])
    services.create_registration_code(3)
    return made


def every_page(client):
    """Walks from the index over every link of the admin and gives address and text of each page."""
    waiting, seen = ["/admin/"], {}
    while waiting:
        address = waiting.pop()
        if address in seen:
            continue
        answer = client.get(address, follow=True)
        assert answer.status_code == 200, address
        seen[address] = answer.content.decode()
        links = re.findall(r'href="(/admin/[^"#]*|\?[^"#]*)"', seen[address])
        for link in links:
            if "?" in link and "?" in address:
                continue  # one filter at a time; their combinations are without end
            target = (address.split("?")[0] + link if link.startswith("?") else link).replace("&amp;", "&")
            if not re.search(r"logout|password|jsi18n|/auth/|[?&](o|_facets)=", target) and len(seen) < 200:
                waiting.append(target)
    return seen


def test_no_page_shows_a_body_or_offers_to_change_anything(client, operator, account):
    pages = every_page(client)
    assert any("/keys/account/" in address and address.endswith("/change/") for address in pages)
    for address, page in pages.items():
        assert CANARY.decode() not in page, address
        assert CANARY.hex() not in page, address
        assert "/add/" not in page.replace("/admin/auth/user/add/", "").replace("/admin/auth/group/add/", ""), address
        assert 'name="_save"' not in page, address


def test_the_walk_would_find_what_a_page_shows(client, operator, account):
    pages = every_page(client)
    assert any("beatrix" in page for page in pages.values())
    assert any("&quot;identity_key&quot;" in page for page in pages.values())


@pytest.mark.parametrize("path", ["account", "device", "accountevent", "registrationcode"])
def test_nothing_can_be_added_changed_or_deleted(client, operator, account, path):
    models = {"account": Account, "device": Device, "accountevent": AccountEvent, "registrationcode": RegistrationCode}
    row = models[path].objects.first()
    before = list(models[path].objects.values())
    assert client.get(f"/admin/keys/{path}/add/").status_code in REFUSED
    assert client.post(f"/admin/keys/{path}/{row.pk}/change/", {"username": "other"}).status_code in REFUSED
    assert client.post(f"/admin/keys/{path}/{row.pk}/delete/", {"post": "yes"}).status_code in REFUSED
    assert list(models[path].objects.values()) == before


@pytest.mark.parametrize("term", ["beat", "id"])
def test_an_account_is_found_by_name_and_by_the_beginning_of_its_id(client, operator, account, term):
    other = factories.make_account()
    found = client.get("/admin/keys/account/", {"q": account.account_id.hex()[:8] if term == "id" else term})
    page = found.content.decode()
    assert "beatrix" in page
    assert other.username not in page


@pytest.mark.parametrize("term", ["no such", "12", "zz" * 8, "0" * 40])
def test_a_search_that_finds_nothing_is_an_empty_list(client, operator, account, term):
    for path in ("account", "device"):
        assert "0 " in client.get(f"/admin/keys/{path}/", {"q": term}).content.decode()


def act(client, account, action, **more):
    row = Account.objects.get(uid=account.account_id)
    return client.post("/admin/keys/account/", {"action": action, "_selected_action": [row.pk], **more}, follow=True)


@pytest.mark.parametrize(
    "action",
    ["suspend_accounts", "reinstate_accounts", "delete_accounts", "permit_resets", "withdraw_reset_permits"],
)
def test_an_action_asks_before_it_does_anything(client, operator, account, action):
    page = act(client, account, action).content.decode()
    assert "beatrix" in page
    assert 'name="confirmed"' in page
    assert not re.search(r"<style|\sstyle=|\son[a-z]+=", page)
    assert not Account.objects.get(uid=account.account_id).suspended
    assert AuditEntry.objects.filter(kind="keys.account").count() == 0


def test_a_suspended_account_is_out_until_it_is_reinstated(client, operator, account):
    token = factories.make_token(account.device)
    act(client, account, "suspend_accounts", confirmed="yes")
    with pytest.raises(DeviceRevoked):
        services.authenticate_token(token)
    with pytest.raises(SignInRefused):
        factories.make_token(account.device)
    act(client, account, "reinstate_accounts", confirmed="yes")
    assert services.authenticate_token(token).account == account.account_id


def test_a_deleted_account_is_gone_and_its_name_free(client, operator, account):
    act(client, account, "delete_accounts", confirmed="yes")
    assert not Account.objects.exists()
    assert not Device.objects.exists()
    assert AuditEntry.objects.get(kind="keys.account").action == "deleted"
    assert factories.make_account("beatrix").account_id != account.account_id


def test_leave_to_start_over_is_a_code_that_is_shown_once(client, operator, account):
    answer = act(client, account, "permit_resets", confirmed="yes")
    page = answer.content.decode()
    (code,) = re.findall("<code>(.*?)</code>", page)
    assert "beatrix" in page
    assert not re.search(r"<style|\sstyle=|\son[a-z]+=", page)
    assert "no-store" in answer.headers["Cache-Control"]
    assert clock.today() + timedelta(days=7) == reset_from(account.account_id)
    ResetPermit.objects.update(from_day=clock.today())
    assert services.start_reset("beatrix", code)[0] == account.account_id
    for address, shown in every_page(client).items():
        assert code not in shown, address


def test_another_code_takes_the_place_of_the_first_and_begins_anew(client, operator, account):
    first = services.create_reset_permit(account.account_id)
    ResetPermit.objects.update(from_day=clock.today())
    act(client, account, "permit_resets", confirmed="yes")
    assert clock.today() + timedelta(days=7) == reset_from(account.account_id)
    ResetPermit.objects.update(from_day=clock.today())
    with pytest.raises(ResetRefused):
        services.start_reset("beatrix", first)


def test_leave_to_start_over_can_be_withdrawn(client, operator, account):
    services.create_reset_permit(account.account_id)
    act(client, account, "withdraw_reset_permits", confirmed="yes")
    assert reset_from(account.account_id) is None


def test_every_action_is_written_down_and_stays(client, operator, account, caplog):
    with caplog.at_level("INFO", "talk2me.audit"):
        act(client, account, "suspend_accounts", confirmed="yes")
        act(client, account, "delete_accounts", confirmed="yes")
    entries = AuditEntry.objects.filter(kind="keys.account").order_by("pk")
    assert [(entry.operator, entry.action) for entry in entries] == [("operator", "suspended"), ("operator", "deleted")]
    assert "beatrix" not in str(list(AuditEntry.objects.values()))
    assert [record.message for record in caplog.records] == [
        f"operator {operator.pk}: suspended, accounts: 1",
        f"operator {operator.pk}: deleted, accounts: 1",
    ]
    entry = entries[0]
    assert client.post(f"/admin/operators/auditentry/{entry.pk}/delete/", {"post": "yes"}).status_code in REFUSED
    assert client.post(f"/admin/operators/auditentry/{entry.pk}/change/", {}).status_code in REFUSED
    assert client.post(f"/admin/auth/user/{operator.pk}/delete/", {"post": "yes"}).status_code in REFUSED
    assert AuditEntry.objects.filter(pk=entry.pk).exists()


def test_an_operator_without_the_right_has_no_actions(client, account):
    user = User.objects.create_user("reader", password=secrets.token_hex(), is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__startswith="view_", content_type__app_label="keys"))
    client.force_login(user)
    assert "beatrix" in client.get("/admin/keys/account/").content.decode()
    act(client, account, "delete_accounts", confirmed="yes")
    act(client, account, "suspend_accounts", confirmed="yes")
    assert not Account.objects.get(uid=account.account_id).suspended


def test_a_stranger_sees_no_page(client, account):
    answer = client.get("/admin/keys/account/")
    assert answer.status_code == 302
    assert answer["Location"].startswith("/admin/login/")


def test_passwords_are_tried_only_so_often(client, operator, settings):
    client.logout()
    limits.forget_all()
    settings.RATE_LIMITS = settings.RATE_LIMITS | {"admin": "2/hour"}
    tries = [client.post("/admin/login/", {"username": "operator", "password": "guess"}) for _ in range(3)]
    assert [answer.status_code for answer in tries] == [200, 200, 429]
    assert int(tries[-1]["Retry-After"]) > 0
    assert client.get("/admin/login/").status_code == 200
    limits.forget_all()
