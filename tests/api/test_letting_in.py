"""Codes with limits, who invited whom, and what a browser has to solve where sign-up is open."""

import base64
import json
import re
import secrets
from datetime import timedelta

import altcha
import pytest
from django.contrib.auth.models import Permission, User
from django.core.management import CommandError, call_command

from keys import clock, services, work
from keys.models import Account, GateMark, Registration, RegistrationCode
from tests import factories
from tests.api.keys_client import Api, b64, error
from tests.api.test_accounts import register

pytestmark = pytest.mark.django_db
REFUSED = (403, "invite_required")


@pytest.fixture
def invite_only(settings):
    settings.REGISTRATION = "invite"
    settings.REGISTRATION_INVITES = 2
    return settings


def come_by(api, code):
    """Sign up by a code: the answer, and the account."""
    made = factories.new_account()
    return register(api, made, invite=code), made[0]


def test_a_code_makes_as_many_accounts_as_it_says(as_nobody, invite_only):
    code = services.create_registration_code(1, most=2, label="the choir")
    people = [come_by(as_nobody, code) for _ in range(3)]
    assert [answer.status_code for answer, _ in people] == [201, 201, 403]
    row = RegistrationCode.objects.get()
    assert (row.uses, row.used, row.state) == (2, clock.today(), "used")
    assert {one.account.username for one in Registration.objects.all()} == {who.username for _, who in people[:2]}


def test_a_code_counts_no_more_once_it_is_revoked(as_nobody, invite_only):
    code = services.create_registration_code(1, most=5)
    _, first = come_by(as_nobody, code)
    assert services.revoke_registration_codes(RegistrationCode.objects.all()) == 1
    assert error(come_by(as_nobody, code)[0]) == REFUSED
    assert RegistrationCode.objects.get().state == "revoked"
    assert Account.objects.filter(username=first.username).exists()


def test_people_invite_people_and_both_are_told_so(client, as_nobody, as_alice, alice, invite_only):
    made = as_alice.post("registration_codes", {})
    assert (made.status_code, made.json()["left"]) == (201, 1)
    answer, bea = come_by(as_nobody, made.json()["code"])
    assert answer.status_code == 201
    known = Api(client, bea.device).get("account").json()
    assert known["registration"] == {"day": clock.today().isoformat(), "by": alice.username, "label": ""}
    assert known["invited"] == []
    assert [(one["state"], one["accounts"]) for one in as_alice.get("account").json()["invited"]] == [
        ("used", [bea.username])
    ]


def test_one_account_invites_so_many_and_what_nobody_used_comes_back(as_nobody, as_alice, invite_only):
    codes = [as_alice.post("registration_codes", {}).json()["code"] for _ in range(2)]
    assert error(as_alice.post("registration_codes", {})) == (409, "invites_used_up")
    come_by(as_nobody, codes[0])
    RegistrationCode.objects.update(expires=clock.now() - timedelta(days=1))
    assert as_alice.post("registration_codes", {}).status_code == 201
    assert error(as_alice.post("registration_codes", {})) == (409, "invites_used_up")


@pytest.mark.parametrize("changed", [{"REGISTRATION_INVITES": 0}, {"REGISTRATION": "closed"}])
def test_nobody_invites_where_that_is_off(as_alice, invite_only, changed):
    for name, value in changed.items():
        setattr(invite_only, name, value)
    assert error(as_alice.post("registration_codes", {})) == (404, "not_found")
    assert not RegistrationCode.objects.exists()


def test_who_is_suspended_invites_nobody(as_nobody, as_alice, alice, invite_only):
    code = as_alice.post("registration_codes", {}).json()["code"]
    services.suspend_account(alice.account_id)
    assert error(come_by(as_nobody, code)[0]) == REFUSED
    services.reinstate_account(alice.account_id)
    assert come_by(as_nobody, code)[0].status_code == 201


def test_who_invited_whom_goes_with_either(as_nobody, as_alice, alice, invite_only):
    come_by(as_nobody, as_alice.post("registration_codes", {}).json()["code"])
    _, bea = come_by(as_nobody, as_alice.post("registration_codes", {}).json()["code"])
    services.delete_account(bea.account_id)
    assert Registration.objects.count() == 1
    services.delete_account(alice.account_id)
    assert not Registration.objects.exists()
    assert not RegistrationCode.objects.exists()
    assert Account.objects.count() == 1


def test_an_expired_code_stays_while_somebody_is_there_who_came_by_it(as_nobody, invite_only):
    used, unused = (services.create_registration_code(1) for _ in range(2))
    _, bea = come_by(as_nobody, used)
    RegistrationCode.objects.update(expires=clock.now() - timedelta(days=1))
    services.delete_expired()
    assert [one.registrations.count() for one in RegistrationCode.objects.all()] == [1]
    services.delete_account(bea.account_id)
    services.delete_expired()
    assert not RegistrationCode.objects.exists()
    assert unused != used


def test_a_code_of_the_gate_leaves_a_count_and_nothing_else(as_nobody, invite_only):
    person = GateMark.objects.create(mark=bytes(32))
    codes = [services.create_registration_code(1, gate_mark=person) for _ in range(3)]
    invite_only.OIDC_ACCOUNTS = 2
    # However many codes there are at once.
    assert [come_by(as_nobody, code)[0].status_code for code in codes] == [201, 201, 403]
    assert GateMark.objects.get().accounts == 2
    assert RegistrationCode.objects.count() == 1
    assert not Registration.objects.exists()


# Commands and the admin


def run(capsys, *words):
    call_command(*words)
    return capsys.readouterr().out


def test_codes_are_listed_and_revoked_by_command(capsys, invite_only):
    link = run(capsys, "create_registration_code", "--uses", "3", "--label", "the choir", "--link").strip()
    code = link.removeprefix("http://127.0.0.1:8000/#r=")
    assert re.fullmatch("[A-Za-z0-9_-]{22}", code)
    number, state, uses, _end, by, label = run(capsys, "registration_codes").strip("\n").split("\t")
    assert (state, uses, by, label) == ("open", "0/3", "-", "the choir")
    assert run(capsys, "registration_codes", "--revoke", number) == "revoked: 1\n"
    assert run(capsys, "registration_codes").split("\t")[1] == "revoked"
    with pytest.raises(CommandError):
        call_command("registration_codes", "--revoke", "0")
    for wrong in (("--uses", "0"), ("--uses", "10001"), ("--label", "x" * 81)):
        with pytest.raises(CommandError):
            call_command("create_registration_code", *wrong)


def operator(client, *rights):
    user = User.objects.create_user("operator", password=secrets.token_hex(), is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__in=rights))
    client.force_login(user)


WANTED = {"label": "<b>the choir</b>", "uses": 3, "days": 7, "count": 2}
LIST = "/admin/keys/registrationcode/"


def test_an_operator_makes_codes_that_are_shown_once_and_revokes_them(client, as_nobody, invite_only):
    operator(client, "view_registrationcode", "add_registrationcode", "change_registrationcode", "view_registration")
    assert f"{LIST}make/" in client.get(LIST).content.decode()
    assert "has to be" not in client.get(f"{LIST}make/").content.decode()
    answer = client.post(f"{LIST}make/", WANTED)
    page = answer.content.decode()
    links = re.findall(r"<code>http://127.0.0.1:8000/#r=<wbr>([A-Za-z0-9_-]{22})</code>", page)
    assert len(set(links)) == 2
    assert "no-store" in answer.headers["Cache-Control"]
    assert come_by(as_nobody, links[0])[0].status_code == 201
    shown = client.get(LIST).content.decode()
    assert "&lt;b&gt;the choir" in shown
    assert "1 of 3" in shown
    assert not any(code in shown for code in links)
    rows = list(RegistrationCode.objects.values_list("pk", flat=True))
    client.post(LIST, {"action": "revoke_codes", "_selected_action": rows}, follow=True)
    assert {one.state for one in RegistrationCode.objects.all()} == {"revoked"}
    for path in ("/admin/keys/registration/", f"{LIST}make/"):
        page = client.get(path).content.decode()
        assert not re.search(r"<style|\sstyle=|\son[a-z]+=|<script(?![^>]*\bsrc=)", page), path


@pytest.mark.parametrize("wrong", [{"uses": 0}, {"days": 366}, {"count": 101}, {"label": "x" * 81}])
def test_numbers_that_make_no_sense_make_no_code(client, wrong):
    operator(client, "view_registrationcode", "add_registrationcode")
    assert client.post(f"{LIST}make/", WANTED | wrong).status_code == 200
    assert not RegistrationCode.objects.exists()


def test_an_operator_without_the_right_makes_and_revokes_nothing(client):
    operator(client, "view_registrationcode")
    services.create_registration_code(1)
    assert f"{LIST}make/" not in client.get(LIST).content.decode()
    assert client.post(f"{LIST}make/", WANTED).status_code in (400, 403)
    row = RegistrationCode.objects.get()
    client.post(LIST, {"action": "revoke_codes", "_selected_action": [row.pk]}, follow=True)
    assert RegistrationCode.objects.get().state == "open"


# Work


@pytest.fixture
def work_wanted(settings):
    settings.REGISTRATION_WORK = 3
    return settings


def challenge_for(api, account):
    return altcha.Challenge.from_dict(
        api.post("accounts/work", {"account": b64(account.account_id)}).json()["challenge"]
    )


def solved(challenge, **changed):
    """The payload, as a browser sends it."""
    payload = altcha.Payload(challenge, altcha.solve_challenge(challenge)).to_dict()
    payload["challenge"]["parameters"] |= changed
    return base64.b64encode(json.dumps(payload).encode()).decode()


def test_work_lets_in_one_account(as_nobody, work_wanted):
    made = factories.new_account()
    assert error(register(as_nobody, made)) == (403, "work_required")
    solution = solved(challenge_for(as_nobody, made[0]))
    assert error(register(as_nobody, factories.new_account(), work=solution)) == (403, "work_required")
    assert register(as_nobody, made, work=solution).status_code == 201
    # The same again is the same account, and needs nothing.
    assert register(as_nobody, made).status_code == 201
    services.delete_account(made[0].account_id)
    assert error(register(as_nobody, made, work=solution)) == (409, "account_taken")


def test_work_that_is_old_changed_or_not_done_does_not_count(as_nobody, work_wanted, monkeypatch):
    made = factories.new_account()
    challenge = challenge_for(as_nobody, made[0])
    undone = altcha.Payload(challenge, altcha.Solution(0, "00" * 32)).to_base64()
    other = challenge_for(as_nobody, factories.new_account()[0])
    stolen = solved(other, data={"account": b64(made[0].account_id)})
    easier = solved(challenge, keyPrefix="")
    own = altcha.create_challenge("PBKDF2/SHA-256", 1, counter=0, hmac_secret=b"ours")
    monkeypatch.setattr(work, "SECONDS", -1)
    old = solved(challenge_for(as_nobody, made[0]))
    for wrong in (undone, stolen, easier, solved(own), old, "", "e30=", "?", "x" * 4096):
        assert error(register(as_nobody, made, work=wrong)) == (403, "work_required")
    assert not Account.objects.exists()


def test_a_name_that_is_taken_is_told_before_any_work(as_nobody, alice, work_wanted):
    assert error(register(as_nobody, factories.new_account(alice.username))) == (409, "username_taken")


def test_who_was_invited_works_for_nobody(as_nobody, work_wanted):
    assert come_by(as_nobody, services.create_registration_code(1))[0].status_code == 201
    assert error(come_by(as_nobody, "no code at all")[0]) == (403, "work_required")


@pytest.mark.parametrize("changed", [{"REGISTRATION": "invite"}, {"REGISTRATION": "closed"}, {"REGISTRATION_WORK": 0}])
def test_there_is_no_work_where_none_is_needed(as_nobody, work_wanted, changed):
    for name, value in changed.items():
        setattr(work_wanted, name, value)
    assert error(as_nobody.post("accounts/work", {"account": b64(bytes(16))})) == (404, "not_found")
