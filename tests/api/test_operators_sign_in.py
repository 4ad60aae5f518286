"""How operators get in: password, second factor, recovery codes, throttling; and what the audit list has of it."""

import re

import pytest
from django.contrib.auth.models import User

from operators import totp
from operators.models import AuditEntry, RecoveryCode, SecondFactor
from operators.receivers import SHOWN
from operators.services import second_factor as factors
from talk2me import limits
from tests.api.operators_help import PASSWORD, is_in, make_operator, post_sign_in

pytestmark = pytest.mark.django_db
PAGE = "/admin/second_factor/"
NOW = 1_800_000_000.0


@pytest.fixture(autouse=True)
def clock(monkeypatch):
    """Time stands still, unless a test moves it."""
    now = [NOW]
    monkeypatch.setattr("operators.services.second_factor.time.time", lambda: now[0])
    limits.forget_all()
    yield now
    limits.forget_all()


@pytest.fixture
def viewer():
    return make_operator("viewer")


@pytest.fixture
def secret(viewer, clock):
    """The viewer has a second factor; its first code was used up."""
    made = factors.begin_factor(viewer)
    assert factors.confirm_factor(viewer, totp.code_at(made, NOW))
    clock[0] += 60
    return made


def actions():
    return list(AuditEntry.objects.order_by("pk").values_list("operator", "action"))


def test_a_password_is_enough_for_who_has_no_second_factor(client, viewer):
    assert post_sign_in(client, "viewer").status_code == 302
    assert is_in(client)
    client.post("/admin/logout/")
    assert not is_in(client)
    assert actions() == [("viewer", "signed in"), ("viewer", "signed out")]


def test_who_has_a_second_factor_gets_in_with_a_code_only(client, viewer, secret, clock):
    for code in ("", "000000", totp.code_at(secret, NOW - 3600)):
        assert post_sign_in(client, "viewer", code=code).status_code == 200
        assert not is_in(client)
    assert post_sign_in(client, "viewer", code=totp.code_at(secret, clock[0])).status_code == 302
    assert is_in(client)
    assert [action for _, action in actions()][-2:] == [
        "sign-in refused: second factor",
        "signed in with second factor",
    ]


def test_the_answer_is_the_same_whatever_was_wrong(client, viewer, secret, clock):
    right = totp.code_at(secret, clock[0])
    pages = [
        post_sign_in(client, "viewer", code="000000"),
        post_sign_in(client, "viewer", "guess", code=right),
        post_sign_in(client, "nobody", code=right),
    ]
    errors = [re.findall(r'class="errornote"[^>]*>(.*?)</p>', page.content.decode(), re.DOTALL) for page in pages]
    assert len({str(found) for found in errors}) == 1
    assert errors[0]


def test_a_code_is_good_once_and_not_for_long(client, viewer, secret, clock):
    code = totp.code_at(secret, clock[0])
    assert post_sign_in(client, "viewer", code=code).status_code == 302
    client.post("/admin/logout/")
    assert post_sign_in(client, "viewer", code=code).status_code == 200
    clock[0] += 90
    assert post_sign_in(client, "viewer", code=code).status_code == 200
    # The phone's clock may be late by a step.
    assert post_sign_in(client, "viewer", code=totp.code_at(secret, clock[0] - 30)).status_code == 302


def test_codes_are_those_of_the_rfc():
    # RFC 6238, appendix B, SHA-1: the last six of its eight digits.
    assert totp.code_at(b"12345678901234567890", 59) == "287082"
    assert totp.code_at(b"12345678901234567890", 1111111109) == "081804"


def test_setting_up_shows_a_secret_asks_for_a_code_and_gives_recovery_codes(client, viewer, clock):
    post_sign_in(client, "viewer")
    assert "not your password" in client.post(PAGE, {"step": "begin", "password": "guess"}).content.decode()
    assert not SecondFactor.objects.exists()
    page = client.post(PAGE, {"step": "begin", "password": PASSWORD}).content.decode()
    assert "otpauth://totp/" in page
    assert "show_qr.js" in page
    secret = factors.begun_secret(viewer)
    assert totp.as_text(secret) in page
    # Until its first code was shown it does not count.
    assert is_in(client)
    assert totp.as_text(secret) in client.post(PAGE, {"step": "confirm", "code": "000000"}).content.decode()
    page = client.post(PAGE, {"step": "confirm", "code": totp.code_at(secret, clock[0])}).content.decode()
    codes = re.findall("<code>(.*?)</code>", page)
    assert len(codes) == factors.RECOVERY_CODES
    assert is_in(client)
    assert not any(code in client.get(PAGE).content.decode() for code in codes)
    client.post("/admin/logout/")
    assert post_sign_in(client, "viewer", code=codes[0]).status_code == 302
    client.post("/admin/logout/")
    assert post_sign_in(client, "viewer", code=codes[0]).status_code == 200
    assert post_sign_in(client, "viewer", code=codes[1].upper().replace("-", " ")).status_code == 302


def test_another_session_that_was_there_before_has_to_show_the_code_too(client, viewer, clock):
    client.force_login(viewer)
    assert is_in(client)
    secret = factors.begin_factor(viewer)
    factors.confirm_factor(viewer, totp.code_at(secret, clock[0]))
    assert not is_in(client)
    assert client.get(PAGE).status_code == 302
    assert client.post(PAGE, {"step": "remove", "password": PASSWORD}).status_code == 302
    assert SecondFactor.objects.exists()


def test_a_server_that_needs_it_shows_nothing_else_until_it_is_set_up(client, viewer, settings, clock):
    settings.ADMIN_NEEDS_SECOND_FACTOR = True
    post_sign_in(client, "viewer")
    for address in ("/admin/", "/admin/keys/account/", "/admin/limits/", "/admin/password_change/"):
        assert client.get(address)["Location"] == PAGE
    page = client.get(PAGE).content.decode()
    assert "/admin/keys/" not in page
    client.post(PAGE, {"step": "begin", "password": PASSWORD})
    client.post(PAGE, {"step": "confirm", "code": totp.code_at(factors.begun_secret(viewer), clock[0])})
    assert is_in(client)
    # And nobody takes it away again by themselves.
    client.post(PAGE, {"step": "remove", "password": PASSWORD})
    assert factors.factor_of(viewer)
    client.post("/admin/logout/")
    assert not is_in(client)


def test_it_can_be_removed_and_codes_made_anew_with_the_password(client, viewer, secret, clock):
    client.force_login(viewer)
    session = client.session
    session[SHOWN] = factors.factor_of(viewer).pk
    session.save()
    old = factors.make_recovery_codes(factors.factor_of(viewer))
    page = client.post(PAGE, {"step": "codes", "password": PASSWORD}).content.decode()
    new = re.findall("<code>(.*?)</code>", page)
    assert not set(old) & set(new)
    assert not factors.check_code(factors.factor_of(viewer), old[0])
    client.post(PAGE, {"step": "remove", "password": "guess"})
    assert factors.factor_of(viewer)
    client.post(PAGE, {"step": "remove", "password": PASSWORD})
    assert not SecondFactor.objects.exists()
    assert not RecoveryCode.objects.exists()
    assert is_in(client)


def test_the_database_has_neither_secret_nor_recovery_code(viewer, secret, settings):
    codes = factors.make_recovery_codes(factors.factor_of(viewer))
    stored = str(list(SecondFactor.objects.values())) + str(list(RecoveryCode.objects.values()))
    assert not any(code.replace("-", "") in stored for code in codes)
    assert secret not in bytes(SecondFactor.objects.get().sealed)
    settings.SECRET_KEY = "another key, another key, another key"
    assert totp.unseal(SecondFactor.objects.get().sealed) is None


def test_an_owner_helps_who_has_lost_phone_and_codes(client, viewer, secret):
    client.force_login(make_operator("owner"))
    client.post("/admin/auth/user/", {"action": "remove_factors", "_selected_action": [viewer.pk]})
    assert factors.factor_of(viewer) is None
    assert ("owner", "second factor removed") in actions()


def test_nobody_removes_a_second_factor_of_their_own_without_the_password(client):
    owner = make_operator("owner")
    factors.begin_factor(owner)
    client.force_login(owner)
    client.post("/admin/auth/user/", {"action": "remove_factors", "_selected_action": [owner.pk]})
    assert SecondFactor.objects.exists()


def test_refused_names_are_kept_only_if_somebody_has_them(client, viewer):
    post_sign_in(client, "viewer", "guess")
    post_sign_in(client, "my secret password", "viewer")
    post_sign_in(client, "another within the minute", "viewer")
    assert actions() == [("viewer", "sign-in refused"), ("", "sign-in refused: unknown name")]


@pytest.mark.parametrize("limit", ["admin", "admin_name"])
def test_attempts_are_limited_by_address_and_by_name(client, viewer, settings, limit):
    settings.RATE_LIMITS = settings.RATE_LIMITS | {limit: "2/hour"}
    settings.TRUSTED_PROXIES = 1
    tries = []
    for number in range(3):
        address = "192.0.2.1" if limit == "admin" else f"192.0.2.{number}"
        name = "viewer" if limit == "admin_name" else f"name{number}"
        tries.append(post_sign_in(client, name, "guess", HTTP_X_FORWARDED_FOR=address))
    assert [answer.status_code for answer in tries] == [200, 200, 429]
    assert int(tries[-1]["Retry-After"]) > 0
    assert "Too many attempts" in tries[-1].content.decode()
    assert post_sign_in(client, "other", "guess", HTTP_X_FORWARDED_FOR="192.0.2.77").status_code == 200


def test_other_ways_to_write_a_name_are_no_other_names(client, viewer, settings):
    settings.RATE_LIMITS = settings.RATE_LIMITS | {"admin_name": "2/hour"}
    # The form takes each for the same operator.
    names = (" viewer", "viewer\u00a0", "\uff56iewer")
    assert [post_sign_in(client, name, "guess").status_code for name in names] == [200, 200, 429]
    assert actions() == [("viewer", "sign-in refused")] * 2


def test_the_second_factors_page_is_limited_too(client, viewer, settings):
    client.force_login(viewer)
    settings.RATE_LIMITS = settings.RATE_LIMITS | {"admin": "2/hour"}
    tries = [client.post(PAGE, {"step": "begin", "password": "guess"}).status_code for _ in range(3)]
    assert tries == [200, 200, 429]


def test_whoever_sits_at_an_open_session_does_not_try_passwords_for_ever(client, viewer, settings):
    client.force_login(viewer)
    settings.RATE_LIMITS = settings.RATE_LIMITS | {"admin_name": "2/hour"}
    new = {"new_password1": "another long passphrase", "new_password2": "another long passphrase"}
    tries = [
        client.post("/admin/password_change/", new | {"old_password": old}).status_code for old in ("a", "b", PASSWORD)
    ]
    assert tries == [200, 200, 429]
    assert is_in(client)


def test_a_changed_password_is_recorded_and_has_to_be_a_good_one(client, viewer):
    client.force_login(viewer)
    fields = {"old_password": PASSWORD, "new_password1": "short", "new_password2": "short"}
    assert client.post("/admin/password_change/", fields).status_code == 200
    fields |= {"new_password1": "another long passphrase", "new_password2": "another long passphrase"}
    assert client.post("/admin/password_change/", fields).status_code == 302
    assert actions()[-1] == ("viewer", "password changed")
    assert User.objects.get().check_password("another long passphrase")
