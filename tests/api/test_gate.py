"""Signing up by way of an identity provider: who may, and nothing of who it was."""

import http.client
import time
from urllib.parse import parse_qs, urlsplit

import jwt
import pytest
from django.test import Client

from keys import clock, oidc, services
from keys.models import GateMark, Registration, RegistrationCode
from talk2me import limits
from tests import factories
from tests.api.keys_client import error
from tests.api.test_accounts import register
from tests.oidc_provider import CLIENT_ID, CLIENT_SECRET, new_key, running_provider

pytestmark = pytest.mark.django_db
HERE = "http://127.0.0.1:8000/"


@pytest.fixture(scope="module")
def server():
    with running_provider() as provider:
        yield provider


@pytest.fixture(autouse=True)
def gate(server, settings):
    server.begin_anew()
    settings.REGISTRATION = "invite"
    settings.OIDC_ISSUER, settings.OIDC_NAME = server.issuer, "The school"
    settings.OIDC_CLIENT_ID, settings.OIDC_CLIENT_SECRET = CLIENT_ID, CLIENT_SECRET
    oidc.forget_provider()
    limits.forget_all()
    yield server
    oidc.forget_provider()
    limits.forget_all()


def go_there(browser):
    """Begin: where the provider leads back to, once the person has signed in there."""
    answer = browser.get("/api/gate/start")
    assert answer.status_code == 302
    parts = urlsplit(answer["Location"])
    connection = http.client.HTTPConnection(parts.netloc)
    connection.request("GET", f"{parts.path}?{parts.query}")
    back = connection.getresponse().headers["Location"]
    connection.close()
    assert back.startswith(f"{HERE}api/gate/callback?")
    return back.removeprefix(HERE[:-1])


def come_back(browser, back):
    """What the page opens with."""
    answer = browser.get(back)
    assert (answer.status_code, answer["Cache-Control"]) == (302, "no-store")
    page, _, fragment = answer["Location"].partition("#")
    assert page == HERE
    return fragment


def pass_gate(browser=None):
    browser = browser or Client()
    return come_back(browser, go_there(browser))


def sign_up(api, fragment):
    assert fragment.startswith("r=")
    return register(api, factories.new_account(), invite=fragment[2:]).status_code


def test_who_has_signed_in_there_makes_one_account_here(as_nobody, gate):
    fragment = pass_gate()
    assert sign_up(as_nobody, fragment) == 201
    assert sign_up(as_nobody, fragment) == 403
    # Nothing says which account it is, nor who made it.
    assert not RegistrationCode.objects.exists()
    assert not Registration.objects.exists()
    assert [list(row) for row in GateMark.objects.values_list("accounts")] == [[1]]
    assert b"person" not in bytes(GateMark.objects.get().mark)
    assert pass_gate() == "e=gate_used_up"
    gate.person = "person 2"
    assert sign_up(as_nobody, pass_gate()) == 201


def test_one_person_makes_as_many_as_the_setting_says(as_nobody, gate, settings):
    settings.OIDC_ACCOUNTS = 2
    first, second = pass_gate(), pass_gate()
    # The newest code counts, or somebody could gather them.
    assert [sign_up(as_nobody, code) for code in (first, second)] == [403, 201]
    assert sign_up(as_nobody, pass_gate()) == 201
    assert pass_gate() == "e=gate_used_up"


def test_marks_are_in_no_order_that_accounts_are_in_too(gate):
    for number in range(8):
        gate.person = f"person {number}"
        pass_gate()
    ids = list(GateMark.objects.order_by("pk").values_list("pk", flat=True))
    assert len(set(ids)) == 8
    assert max(ids) > 2**40


def test_a_mark_without_an_account_is_forgotten_with_its_code():
    pass_gate()
    RegistrationCode.objects.update(expires=clock.now())
    services.delete_expired()
    services.delete_expired()
    assert not GateMark.objects.exists()


def test_the_cookie_goes_to_the_gate_alone_and_names_nobody(settings):
    browser = Client()
    answer = browser.get("/api/gate/start")
    cookie = answer.cookies["talk2me_gate"]
    assert (cookie["path"], cookie["samesite"], cookie["max-age"]) == ("/api/gate/", "Lax", 600)
    assert cookie["httponly"]
    settings.SECURE_COOKIES = True
    assert Client().get("/api/gate/start").cookies["talk2me_gate"]["secure"]
    query = parse_qs(urlsplit(answer["Location"]).query)
    # The verifier stays with the browser; the provider gets its hash.
    assert query["code_challenge_method"] == ["S256"]
    assert query["realm"] == ["1"]
    assert "code_verifier" not in query


def refused(back, browser):
    return come_back(browser, back) == "e=gate_refused"


def test_what_another_browser_began_is_refused():
    mine, theirs = Client(), Client()
    back = go_there(theirs)
    go_there(mine)
    assert refused(back, mine)
    assert refused(back, Client())
    assert come_back(theirs, back).startswith("r=")


def test_what_comes_back_wrong_twice_or_late_is_refused(monkeypatch):
    browser = Client()
    back = go_there(browser)
    for wrong in (
        "?error=access_denied",
        "?code=x",
        back + "x",
        back.replace("code=", "cod="),
        back.replace("code=", "code=x"),
    ):
        assert refused(wrong if wrong.startswith("/") else f"/api/gate/callback{wrong}", browser)
    assert refused(back.replace("iss=", "iss=x"), browser)
    back = go_there(browser)
    cookie = browser.cookies["talk2me_gate"].value
    assert come_back(browser, back).startswith("r=")
    assert browser.cookies["talk2me_gate"].value == ""
    browser.cookies["talk2me_gate"] = cookie
    assert refused(back, browser)
    back = go_there(browser)
    real = time.time
    monkeypatch.setattr(time, "time", lambda: real() + 601)
    assert refused(back, browser)


LIES = {
    "another nonce": {"nonce": "x"},
    "no nonce": {"nonce": None},
    "for somebody else": {"aud": "another client"},
    "for several, none named": {"aud": [CLIENT_ID, "another client"]},
    "for several, another named": {"aud": [CLIENT_ID, "another client"], "azp": "another client"},
    "of another issuer": {"iss": "https://other.example"},
    "too old": {"exp": 1_700_000_000, "iat": 1_600_000_000},
    "without an end": {"exp": None},
    "not yet": {"nbf": 4_000_000_000},
    "of nobody": {"sub": None},
    "of an empty name": {"sub": ""},
    "of a number": {"sub": 7},
}


@pytest.mark.parametrize("lie", LIES)
def test_a_token_that_does_not_fit_is_refused(gate, lie):
    gate.claims = LIES[lie]
    assert pass_gate() == "e=gate_refused"
    assert not GateMark.objects.exists()


def test_a_token_that_names_us_among_others_counts(gate):
    gate.claims = {"aud": [CLIENT_ID, "another client"], "azp": CLIENT_ID}
    assert pass_gate().startswith("r=")


@pytest.mark.parametrize("way", ["none", "shared secret", "another key", "no token", "cut"])
def test_a_token_that_the_provider_has_not_signed_is_refused(gate, way):
    other, _ = new_key("first")
    honest = gate.sign
    gate.sign = {
        "none": lambda claims: jwt.encode(claims, None, "none", headers={"kid": "first"}),
        "shared secret": lambda claims: jwt.encode(claims, CLIENT_SECRET * 3, "HS256", headers={"kid": "first"}),
        "another key": lambda claims: jwt.encode(claims, other, "RS256", headers={"kid": "first"}),
        "no token": lambda _claims: "token",
        "cut": lambda claims: honest(claims)[:-8],
    }[way]
    assert pass_gate() == "e=gate_refused"


def test_a_new_key_of_the_provider_is_fetched_once_it_is_used(gate, monkeypatch):
    assert pass_gate().startswith("r=")
    asked = gate.asked.count("/keys")
    gate.key, public = new_key("second")
    gate.public.append(public)
    # Not at once: strangers could make us ask again and again.
    assert pass_gate() == "e=gate_refused"
    assert gate.asked.count("/keys") == asked
    monkeypatch.setattr(oidc, "LOOK_AGAIN_SECONDS", -1)
    assert pass_gate().startswith("r=")
    assert gate.asked.count("/keys") == asked + 1


def test_a_provider_that_wants_the_secret_in_the_body_gets_it_there(gate):
    gate.said = {"token_endpoint_auth_methods_supported": ["client_secret_post"]}
    assert pass_gate().startswith("r=")


BROKEN = {
    "another issuer": {"said": {"issuer": "https://other.example"}},
    "a plain address": {"said": {"token_endpoint": "http://other.example/token"}},
    "no address": {"said": {"jwks_uri": None}},
    "no keys": {"public": []},
    "an error": {"answers": {"/realm/.well-known/openid-configuration": (500, {})}},
    "no JSON": {"answers": {"/realm/.well-known/openid-configuration": (200, b"<html>")}},
    "no object": {"answers": {"/keys": (200, [])}},
    "too much": {"answers": {"/keys": (200, b" " * 300_000)}},
}


@pytest.mark.parametrize("way", BROKEN)
def test_a_provider_that_gives_no_good_answer_is_said_to_be_out_of_reach(gate, way):
    for name, value in BROKEN[way].items():
        setattr(gate, name, value)
    assert Client().get("/api/gate/start")["Location"] == f"{HERE}#e=gate_unreachable"


def test_one_that_is_away_is_not_asked_again_for_each_person(gate, monkeypatch):
    gate.answers = {"/realm/.well-known/openid-configuration": (500, {})}
    for _ in range(3):
        assert Client().get("/api/gate/start")["Location"] == f"{HERE}#e=gate_unreachable"
    assert len(gate.asked) == 1
    gate.answers = {}
    monkeypatch.setattr(oidc, "AWAY_SECONDS", -1)
    assert Client().get("/api/gate/start")["Location"].startswith(gate.origin)


@pytest.mark.parametrize("answer", [(500, {}), (200, {}), (200, {"id_token": 7}), (302, {})])
def test_so_is_one_that_gives_no_token(gate, answer):
    gate.answers = {"/token": answer}
    assert pass_gate() == "e=gate_unreachable"


def test_nobody_is_led_there_where_there_is_no_gate(client, settings):
    for changed in ({"OIDC_ISSUER": ""}, {"REGISTRATION": "closed"}, {"REGISTRATION": "open"}):
        for name, value in changed.items():
            setattr(settings, name, value)
        assert client.get("/api/gate/start")["Location"] == f"{HERE}#e=not_found"
        assert client.get("/api/server").json()["gate"] is None


def test_the_page_is_told_what_the_provider_is_called(client, settings):
    assert client.get("/api/server").json()["gate"] == "The school"
    settings.OIDC_NAME = ""
    assert client.get("/api/server").json()["gate"] == urlsplit(settings.OIDC_ISSUER).netloc


def test_how_often_one_address_tries_is_limited(client, settings):
    settings.RATE_LIMITS = settings.RATE_LIMITS | {"sign_in": "1/hour"}
    client.get("/api/gate/start")
    assert client.get("/api/gate/start")["Location"] == f"{HERE}#e=rate_limited"


def test_the_gate_gives_codes_and_never_lets_in_by_itself(as_nobody):
    pass_gate()
    assert error(register(as_nobody, factories.new_account())) == (403, "invite_required")
