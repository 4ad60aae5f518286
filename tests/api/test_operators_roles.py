"""Every page of the admin as each role: who sees and does what, and no body anywhere."""
# ruff: noqa: SLF001 - what a site has is asked for so.

import base64
import re
from html import unescape

import msgspec
import pytest
from django.contrib import admin
from django.contrib.admin.utils import quote
from django.contrib.auth.models import Group, User

from keys import services
from keys.models import AccessToken, Account, Device, LinkPart, Vault
from messaging.models import Envelope, GroupInfo, Report
from operators import count_day
from operators.admin_base import ModelAdmin
from operators.models import AuditEntry
from operators.roles import PERMISSIONS, ROLES, bring_roles_up_to_date, give_role, role_of
from operators.services.second_factor import begin_factor
from talk2me.errors import TokenExpired
from talk2me.security_headers import for_admin
from tests import factories
from tests.api.filled_account import fill
from tests.api.operators_help import PASSWORD, make_operator

pytestmark = pytest.mark.django_db
REFUSED = (400, 403)
FORBIDDEN = re.compile(r"<style|\sstyle=|\son[a-z]+=|<script(?![^>]*\bsrc=)(?![^>]*application/json)")
CANARY = b"the cormorant sings at noon"
REPORTED = "and the heron at dusk"
# What each role may see; the last ones are our own pages.
LISTS = {
    "keys/account": "viewer", "keys/device": "viewer", "keys/accountevent": "viewer",
    "keys/registrationcode": "viewer", "keys/registration": "viewer",
    "messaging/mailbox": "viewer", "messaging/subscription": "viewer",
    "messaging/attachment": "viewer", "operators/auditentry": "viewer", "messaging/report": "moderator",
    "auth/user": "owner",
}  # fmt: skip
OWN_PAGES = ("limits/", "second_factor/", "password_change/")


@pytest.fixture
def filled():
    alice, bob = factories.make_account("beatrix"), factories.make_account()
    fill(alice, bob)
    Vault.objects.update(body=CANARY)
    LinkPart.objects.update(body=CANARY)
    GroupInfo.objects.update(body=CANARY)
    Envelope.objects.update(body=CANARY, commitment=CANARY, franking=CANARY)
    content = msgspec.msgpack.encode({"v": 1, "type": "text", "body": {"text": REPORTED}})
    Report.objects.update(content=content, note=REPORTED)
    count_day.count_day()
    return alice


@pytest.fixture(params=ROLES)
def role(request, client):
    user = make_operator(request.param)
    begin_factor(user)
    client.force_login(user)
    return request.param


def at_least(role, needed):
    return ROLES.index(role) >= ROLES.index(needed)


def addresses():
    """Every page that the site has for every table, whether a link leads there or not, and our own."""
    for model in admin.site._registry:
        base = f"{model._meta.app_label}/{model._meta.model_name}"
        yield base, ""
        yield base, "add/"
        for row in model._base_manager.all()[:2]:
            for page in ("change/", "history/", "delete/"):
                yield base, f"{quote(str(row.pk))}/{page}"
    yield "auth/user", f"{User.objects.first().pk}/password/"
    yield "keys/registrationcode", "make/"
    yield from (("", page) for page in OWN_PAGES)


def links_in(page, address):
    """Other pages of the admin, and one filter or page of the same list at a time."""
    for link in re.findall(r'href="(/admin/[^"#]*|\?[^"#]*)"', page):
        if not ("?" in link and "?" in address) and not re.search(r"logout|[?&](o|_facets)=", link):
            yield unescape(address.split("?")[0] + link if link.startswith("?") else link)


def walk(client):
    """Address, status and text of every page: those that exist, and those that links lead to."""
    waiting, seen = ["/admin/", *(f"/admin/{base}/{page}".replace("//", "/") for base, page in addresses())], {}
    while waiting and len(seen) < 300:
        address = waiting.pop()
        if address in seen:
            continue
        answer = client.get(address, follow=True)
        seen[address] = answer.status_code, answer.content.decode()
        if answer.status_code == 200:
            waiting += links_in(seen[address][1], address)
    return seen


def forms_of(canary):
    return {canary.decode(), canary.hex(), base64.b64encode(canary).decode(), repr(canary)}


def test_no_page_has_a_body_or_what_the_policy_forbids(client, filled, role):
    pages = walk(client)
    assert len(pages) > 60
    assert {status for status, _ in pages.values()} <= {200, *REFUSED, 404}
    for address, (status, page) in pages.items():
        assert not any(form in page for form in forms_of(CANARY)), address
        if REPORTED in page:
            assert at_least(role, "moderator"), address
            assert "/messaging/report/" in address, address
        if status == 200:
            assert not FORBIDDEN.search(page), address


def test_the_walk_would_find_what_a_page_shows(client, filled):
    client.force_login(make_operator("owner"))
    pages = walk(client)
    assert any("beatrix" in page for _, page in pages.values())
    assert any(REPORTED in page for _, page in pages.values())


def test_who_sees_which_list(client, filled, role):
    assert {f"{model._meta.app_label}/{model._meta.model_name}" for model in admin.site._registry} == set(LISTS)
    front = client.get("/admin/").content.decode()
    for base, needed in LISTS.items():
        status = client.get(f"/admin/{base}/").status_code
        assert (status == 200) == at_least(role, needed), base
        assert (f'"/admin/{base}/"' in front) == at_least(role, needed), base
    for page in OWN_PAGES:
        assert client.get(f"/admin/{page}").status_code == 200


def test_an_address_asks_for_nothing_that_its_page_has_no_filter_for(client, filled):
    client.force_login(make_operator("owner"))
    hand_made = (
        "messaging/attachment/?id__startswith=x", "messaging/attachment/?size__gte=1", "messaging/mailbox/?id__gte=x",
        "keys/account/?uid=x", "keys/device/?account__identity_key__startswith=x", "keys/registration/?code__hash=x",
        "operators/auditentry/?id__gt=1", "auth/user/?password__startswith=x",
    )  # fmt: skip
    for address in hand_made:
        assert client.get(f"/admin/{address}").status_code == 400, address
    of_filters = (
        "messaging/attachment/?keep__exact=0", "messaging/mailbox/?kind__exact=1", "keys/account/?suspended__exact=0",
        "keys/account/?created__gte=2026-01-01", "keys/account/?created__year=2026", "keys/accountevent/?type=create",
        "keys/registrationcode/?used__isempty=1", "operators/auditentry/?kind=keys.account&row=1&operator=-",
    )  # fmt: skip
    for address in of_filters:
        assert client.get(f"/admin/{address}").status_code == 200, address


def test_nobody_adds_changes_or_deletes_rows_by_djangos_own_pages_but_owners_operators(client, filled, role):
    for model, page in admin.site._registry.items():
        base = f"/admin/{model._meta.app_label}/{model._meta.model_name}/"
        own = model is User and role == "owner"
        assert (client.get(f"{base}add/").status_code == 200) == own, base
        row = model._base_manager.first()
        before = model._base_manager.filter(pk=row.pk).values().get()
        if model is not User:
            changed = client.post(f"{base}{quote(str(row.pk))}/change/", {"username": "x", "label": "x"})
            # An id of bytes is that of no page.
            assert changed.status_code in (*REFUSED, 302), base
        may_delete = model is Report and at_least(role, "moderator")
        assert (client.get(f"{base}{quote(str(row.pk))}/delete/").status_code == 200) == may_delete, base
        assert model._base_manager.filter(pk=row.pk).values().get() == before
        assert isinstance(page, ModelAdmin), base


# In an order in which each still finds its row.
ACTIONS = [
    ("keys/account", "suspend_accounts", "moderator"),
    ("keys/account", "reinstate_accounts", "moderator"),
    ("keys/account", "keep_from_strangers", "moderator"),
    ("keys/account", "let_to_strangers", "moderator"),
    ("keys/account", "permit_resets", "owner"),
    ("keys/account", "withdraw_reset_permits", "owner"),
    ("keys/device", "end_sessions", "moderator"),
    ("keys/registrationcode", "revoke_codes", "moderator"),
    ("messaging/report", "mark_handled", "moderator"),
    ("messaging/report", "suspend_reported", "moderator"),
    ("messaging/report", "delete_selected", "moderator"),
    ("auth/user", "remove_factors", "owner"),
    ("keys/account", "delete_accounts", "owner"),
]


def test_the_table_has_every_action():
    for model, page in admin.site._registry.items():
        base = f"{model._meta.app_label}/{model._meta.model_name}"
        names = {getattr(action, "__name__", action) for action in page.actions or ()}
        if base == "messaging/report":
            names.add("delete_selected")
        assert names == {name for list_, name, _ in ACTIONS if list_ == base}, base


def test_who_does_what_and_all_of_it_is_recorded(client, filled, role):
    begin_factor(make_operator("viewer", name="forgetful"))
    for base, action, needed in ACTIONS:
        model = next(model for model in admin.site._registry if model._meta.label_lower == base.replace("/", "."))
        # The last operator: nobody removes a second factor of their own.
        row = model._base_manager.order_by("-pk" if action == "remove_factors" else "pk").first()
        before = AuditEntry.objects.count()
        fields = {"action": action, "_selected_action": [row.pk], "confirmed": "yes", "post": "yes"}
        client.post(f"/admin/{base}/", fields)
        new = list(AuditEntry.objects.order_by("pk").values_list("operator", "kind", "row"))[before:]
        if at_least(role, needed):
            assert (role, base.replace("/", "."), str(row.pk)) in new, action
            assert {operator for operator, _, _ in new} == {role}, action
        else:
            assert new == [], action
            assert model._base_manager.filter(pk=row.pk).exists()
    for secret in (CANARY.decode(), REPORTED, "beatrix"):
        assert secret not in str(list(AuditEntry.objects.values()))


def test_ended_sessions_are_ended_and_the_device_may_come_back(client, filled):
    token = factories.make_token(filled.device)
    client.force_login(make_operator("moderator"))
    device = Device.objects.get(uid=filled.device.device_id)
    client.post("/admin/keys/device/", {"action": "end_sessions", "_selected_action": [device.pk]})
    with pytest.raises(TokenExpired):
        services.authenticate_token(token)
    assert AccessToken.objects.filter(device=device).exists()
    assert services.authenticate_token(factories.make_token(filled.device))
    told = services.tell_account(filled.account_id)["operators"]
    assert [one["what"] for one in told] == ["suspended", "sessions of a device ended"]


def test_a_row_tells_what_was_done_to_it(client, filled):
    client.force_login(make_operator("moderator"))
    row = Account.objects.get(username="beatrix")
    client.post(
        "/admin/keys/account/", {"action": "suspend_accounts", "_selected_action": [row.pk], "confirmed": "yes"}
    )
    page = client.get(f"/admin/keys/account/{row.pk}/history/", follow=True).content.decode()
    assert re.search(r'class="field-action[^"]*">suspended<', page)
    assert "beatrix" in page


# --- who operates ----------------------------------------------------------------------------------------------------
def test_an_owner_makes_operators_gives_roles_and_switches_them_off(client):
    owner = make_operator("owner")
    client.force_login(owner)
    fields = {"username": "helper", "role": "viewer", "password1": PASSWORD, "password2": PASSWORD}
    assert client.post("/admin/auth/user/add/", fields).status_code == 302
    helper = User.objects.get(username="helper")
    assert (role_of(helper), helper.is_staff, helper.is_superuser) == ("viewer", True, False)
    page = f"/admin/auth/user/{helper.pk}/change/"
    assert client.get(page).status_code == 200
    client.post(page, {"role": "moderator", "is_active": "on"})
    assert role_of(User.objects.get(pk=helper.pk)) == "moderator"
    client.post(page, {"role": "moderator"})
    assert not User.objects.get(pk=helper.pk).is_active
    new = {"password1": "quite another password", "password2": "quite another password"}
    client.post(f"/admin/auth/user/{helper.pk}/password/", new)
    assert User.objects.get(pk=helper.pk).check_password("quite another password")
    entries = AuditEntry.objects.filter(kind="auth.user", row=str(helper.pk)).order_by("pk")
    assert [entry.action for entry in entries] == [
        "given the role viewer", "added", "given the role moderator", "switched off", "password changed",
    ]  # fmt: skip
    assert not User.objects.exclude(pk=owner.pk).filter(is_superuser=True).exists()


def test_a_form_can_give_no_other_rights(client):
    client.force_login(make_operator("owner"))
    helper = make_operator("viewer")
    fields = {"role": "viewer", "is_active": "on", "is_superuser": "on", "username": "other", "groups": [1, 2, 3]}
    client.post(f"/admin/auth/user/{helper.pk}/change/", fields)
    helper = User.objects.get(pk=helper.pk)
    assert (helper.username, helper.is_superuser, role_of(helper)) == ("viewer", False, "viewer")


@pytest.mark.parametrize("fields", [{"role": "viewer", "is_active": "on"}, {"role": "owner"}])
def test_the_last_owner_stays_one(client, fields):
    owner = make_operator("owner")
    client.force_login(owner)
    page = client.post(f"/admin/auth/user/{owner.pk}/change/", fields)
    assert "Nobody else is an owner" in page.content.decode()
    assert (role_of(User.objects.get()), User.objects.get().is_active) == ("owner", True)
    make_operator("owner", "another")
    assert client.post(f"/admin/auth/user/{owner.pk}/change/", fields).status_code == 302


def test_a_superuser_of_before_is_an_owner():
    assert role_of(User.objects.create_superuser("root", "", PASSWORD)) == "owner"


def test_a_role_is_its_permissions_also_after_a_release_that_changes_them():
    user = make_operator("moderator")
    assert user.get_all_permissions() >= {"keys.change_account", "messaging.view_report"}
    Group.objects.get(name="moderator").permissions.clear()
    bring_roles_up_to_date()
    user = User.objects.get(pk=user.pk)
    assert user.get_all_permissions() == set(PERMISSIONS["moderator"])
    give_role(user, "viewer")
    assert User.objects.get(pk=user.pk).get_all_permissions() == set(PERMISSIONS["viewer"])


def test_pages_of_ours_obey_the_policy(client):
    client.force_login(make_operator("viewer"))
    for address in ("/admin/", "/admin/limits/", "/admin/second_factor/", "/admin/login/"):
        policy = client.get(address)["Content-Security-Policy"]
        assert policy == for_admin()["Content-Security-Policy"]
        assert "unsafe" not in policy


def test_every_limit_is_shown_with_its_value_and_words(client, settings):
    client.force_login(make_operator("viewer"))
    page = client.get("/admin/limits/").content.decode()
    for name, notation in settings.RATE_LIMITS.items():
        row = re.search(rf'row">([^<]*)<br><code>RATE_{name.upper()}</code></th><td class="number">(.*?)</td>', page)
        assert row, name
        assert row[2] == (notation or "no limit")
        assert row[1], name
