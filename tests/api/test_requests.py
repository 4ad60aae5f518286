"""What holds for every endpoint: who may ask from where, how a body must look, how an error is told."""

import json
import os
import re

import pytest
from django.db import OperationalError
from django.urls import get_resolver

from keys import urls
from keys.chain_event import write_signatures
from talk2me import limits
from tests import factories
from tests.api.keys_client import Api, b64, error, service_module

pytestmark = pytest.mark.django_db
UID = b64(bytes(range(16)))
SIGNED_IN = [
    ("get", f"accounts/{UID}/chain", None),
    ("post", "accounts/lookup", {"username": "x"}),
    ("post", "sign_out", {}),
    ("post", "key_packages", {"suite": 1, "key_packages": []}),
    ("get", "key_packages", None),
    ("post", "key_packages/claim", {"account": UID, "suite": 1}),
    ("post", "invitations", {"token_hash": b64(bytes(32)), "expires_in": 60}),
    ("get", "vault", None),
    ("put", "vault", {"version": 1, "vault": "AA"}),
    ("get", "settings", None),
    ("put", "settings", {"open_to_strangers": True}),
    ("get", "key_log/directory", None),
    ("get", "devices", None),
    ("post", "registration_codes", {}),
    ("delete", "reset_permit", None),
    ("post", "link_boxes", {"box": UID}),
    ("delete", f"link_boxes/{UID}", None),
    ("post", "passkeys/options", {}),
    ("get", "passkeys", None),
    ("delete", f"passkeys/{UID}", None),
]
# With a token of its own, which none of these tests has.
RECOVERING = [("post", f"accounts/{UID}/chain", {})]
FOR_EVERYONE = [
    ("post", "accounts", {"event": "AA", "signatures": {}}),
    ("post", "accounts/work", {"account": UID}),
    ("post", f"accounts/{UID}/events", {"event": "AA", "signatures": {}}),
    ("post", "sign_in/challenge", {"account": UID, "device": UID}),
    ("post", "sign_in", {"account": UID, "device": UID, "nonce": "AA", "signature": "A" * 86}),
    ("post", "recovery/challenge", {"username": "x"}),
    ("post", "recovery/sign_in", {"account": UID, "key": "A" * 43, "nonce": "AA", "signature": "A" * 86}),
    ("post", "reset/start", {"username": "x", "code": "x"}),
    ("put", f"link_boxes/{UID}", {"number": 1, "body": "AA"}),
    ("get", f"link_boxes/{UID}?number=1", None),
    ("post", f"link_boxes/{UID}/chain", {}),
    ("post", "passkeys/challenge", {}),
    ("post", "passkeys/sign_in", {"credential": {}}),
    ("get", "key_log/news", None),
    ("get", "key_log/checkpoint", None),
    ("get", "key_log/leaves?from=0&to=1", None),
    ("get", "key_log/consistency?from=0&to=1", None),
    ("get", "key_log/inclusion?position=0&size=1", None),
    ("post", "key_log/witness/add-checkpoint", None),
]
EVERY = SIGNED_IN + RECOVERING + FOR_EVERYONE
WITH_BODY = [one for one in SIGNED_IN + FOR_EVERYONE if one[2] is not None]


def test_every_path_is_asked_here():
    asked = {path.partition("?")[0] for _, path, _ in EVERY}
    assert asked == {re.sub("<uid:.*?>", UID, str(pattern.pattern)) for pattern in urls.urlpatterns}
    assert get_resolver().resolve("/api/vault")


@pytest.mark.parametrize(("method", "path", "body"), SIGNED_IN + RECOVERING)
def test_without_token_one_is_not_answered(as_nobody, method, path, body):
    assert error(as_nobody.call(method, path, body)) == (401, "unauthenticated")


@pytest.mark.parametrize(("method", "path", "body"), EVERY)
def test_a_page_of_another_origin_is_refused(as_alice, method, path, body):
    for origin in ("https://evil.example", "null", "http://127.0.0.1:8001"):
        assert error(as_alice.call(method, path, body, Origin=origin)) == (403, "foreign_origin")
    assert as_alice.call(method, path, body, Origin="http://127.0.0.1:8000").status_code != 403


@pytest.mark.parametrize(("method", "path", "body"), EVERY)
def test_no_answer_is_kept_by_anyone_and_none_sets_a_cookie(as_alice, method, path, body):
    for answer in (as_alice.call(method, path, body), as_alice.call("delete", path)):
        assert answer.headers["Cache-Control"] == "no-store"
        assert not answer.cookies


@pytest.mark.parametrize(("method", "path", "body"), EVERY)
def test_another_method_is_refused(as_alice, method, path, body):
    assert error(as_alice.call("patch", path, {})) == (400, "bad_request")


@pytest.mark.parametrize(("method", "path", "body"), WITH_BODY)
@pytest.mark.parametrize("content_type", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", ""])
def test_only_json_is_read(as_alice, method, path, body, content_type):
    # The types that a form of a foreign page could send.
    headers = {"Authorization": f"Bearer {as_alice.token}"}
    send = getattr(as_alice.client, method)
    answer = send(f"/api/{path}", json.dumps(body), content_type=content_type, headers=headers)
    assert error(answer) == (400, "bad_request")


def raw(api, method, path, data, **extra):
    headers = {"Authorization": f"Bearer {api.token}"}
    send = getattr(api.client, method)
    return send(f"/api/{path}", data, content_type="application/json", headers=headers, **extra)


@pytest.mark.parametrize(("method", "path", "body"), WITH_BODY)
def test_a_body_is_the_object_described_and_nothing_else(as_alice, method, path, body):
    text = json.dumps(body)
    wrong = [b"", b"[]", b"null", b"{", b"\xff", text.encode("utf-16"), b"{}x", json.dumps(body | {"more": 1})]
    wrong += [json.dumps({one: body[one] for one in body if one != name}) for name in body]
    wrong += [json.dumps(body | {name: None}) for name in body]
    wrong += [text[:-1] + f', "{name}": {json.dumps(body[name])}}}' for name in body]
    for data in wrong:
        assert error(raw(as_alice, method, path, data)) == (400, "bad_request"), data


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("key_packages", {"suite": True, "key_packages": []}),
        ("key_packages", {"suite": "1", "key_packages": []}),
        ("key_packages", {"suite": 65536, "key_packages": []}),
        ("key_packages", {"suite": -1, "key_packages": []}),
        ("key_packages", {"suite": 1, "key_packages": ["a+b="]}),
        ("key_packages", {"suite": 1, "key_packages": [1]}),
        ("key_packages", {"suite": 1, "key_packages": [""]}),
        ("key_packages/claim", {"account": "A" * 21 + "B", "suite": 1}),
        ("key_packages/claim", {"account": "A" * 24, "suite": 1}),
        ("sign_in/challenge", {"account": UID, "device": UID[:-1]}),
        ("sign_in", {"account": UID, "device": UID, "nonce": "A" * 129, "signature": "A" * 86}),
        ("accounts/lookup", {"username": ""}),
        ("accounts/lookup", {"username": "x" * 65}),
        ("accounts/lookup", {"username": ["x"]}),
    ],
)
def test_a_field_outside_its_limits_is_refused(as_alice, path, body):
    assert error(as_alice.post(path, body)) == (400, "bad_request")


def test_half_a_surrogate_pair_is_no_text(as_alice):
    assert error(raw(as_alice, "post", "accounts/lookup", b'{"username": "\\ud83d"}')) == (400, "bad_request")


class Unread:
    """A body that fails the test when somebody reads it."""

    def read(self, *_sizes):
        raise AssertionError

    readline = read


@pytest.mark.parametrize(
    ("method", "path", "most"),
    [("post", "accounts", 64), ("post", "sign_in", 64), ("post", "key_packages", 256), ("put", "vault", 1536)],
)
def test_a_body_over_its_limit_is_refused_unread(as_alice, method, path, most):
    extra = {"CONTENT_LENGTH": str(most * 1024 + 1), "wsgi.input": Unread()}
    assert error(raw(as_alice, method, path, b"{}", **extra)) == (413, "too_large")
    assert error(raw(as_alice, method, path, b"{}", CONTENT_LENGTH="-5")) == (400, "bad_request")
    # Just within the limit it is read, and then not understood.
    assert error(raw(as_alice, method, path, b" " * (most * 1024))) == (400, "bad_request")


def test_nothing_that_was_sent_is_repeated(as_alice):
    word = "cormorant"
    answers = [
        as_alice.post("accounts/lookup", {"username": word}),
        as_alice.post("accounts/lookup", {"username": word, word: word}),
        as_alice.post("key_packages", {"suite": word, "key_packages": [word]}),
        as_alice.get(f"accounts/{word}/chain"),
        as_alice.get(word),
    ]
    assert all(answer.status_code >= 400 and word not in answer.content.decode() for answer in answers)


def test_a_database_that_is_busy_is_said_to_be_so(as_alice, monkeypatch):
    def fail(*_given, **_named):
        raise OperationalError

    monkeypatch.setattr(service_module("store_vault").Vault.objects, "filter", fail)
    answer = as_alice.put("vault", {"version": 1, "vault": "AA"})
    assert error(answer) == (503, "storage_failed")
    assert answer.headers["Retry-After"] == "1"


def test_one_address_and_one_device_ask_only_so_often(client, as_alice, as_bob, settings):
    limits.forget_all()
    settings.RATE_LIMITS = settings.RATE_LIMITS | {"api": "4/hour"}
    answers = [as_alice.get("settings", **{"X-Forwarded-For": "192.0.2.1"}) for _ in range(5)]
    assert [answer.status_code for answer in answers] == [200] * 4 + [429]
    assert error(answers[-1]) == (429, "rate_limited")
    settings.TRUSTED_PROXIES = 1
    # From anywhere else, it is still the same device; another device is not.
    assert as_alice.get("settings", **{"X-Forwarded-For": "192.0.2.77"}).status_code == 429
    assert as_bob.get("settings", **{"X-Forwarded-For": "192.0.2.78"}).status_code == 200
    limits.forget_all()


@pytest.mark.parametrize(
    ("name", "path", "body"),
    [
        ("accounts", "accounts", {"event": "AA", "signatures": {}}),
        ("events", f"accounts/{UID}/events", {"event": "AA", "signatures": {}}),
        ("sign_in", f"accounts/{UID}/chain", {}),
        ("sign_in", "sign_in/challenge", {"account": UID, "device": UID}),
        ("sign_in", "recovery/challenge", {"username": "nobody"}),
        ("recovery", "recovery/sign_in", {"account": UID, "key": "A" * 43, "nonce": "AA", "signature": "A" * 86}),
        ("recovery", "reset/start", {"username": "nobody", "code": "x"}),
        ("lookup", "accounts/lookup", {"username": "nobody"}),
        ("claim", "key_packages/claim", {"account": UID, "suite": 1}),
    ],
)
def test_what_is_dear_has_a_limit_of_its_own(as_alice, settings, name, path, body):
    limits.forget_all()
    settings.RATE_LIMITS = settings.RATE_LIMITS | {name: "1/hour"}
    assert as_alice.post(path, body).status_code != 429
    assert error(as_alice.post(path, body)) == (429, "rate_limited")
    limits.forget_all()


def test_no_address_is_written_anywhere(client, alice, settings, caplog):
    address = "198.51.100.77"
    settings.RATE_LIMITS = settings.RATE_LIMITS | {"api": "2/hour"}
    settings.TRUSTED_PROXIES = 1
    with caplog.at_level("DEBUG"):
        for _ in range(4):
            client.get("/api/vault", headers={"X-Forwarded-For": address}, REMOTE_ADDR=address)
    assert not any(address in record.getMessage() for record in caplog.records if record.name != "django.db.backends")
    stored = limits._storage("")  # noqa: SLF001 - looks into what a thief of memory would find
    assert address not in repr(vars(stored))
    limits.forget_all()


def test_an_event_of_the_largest_size_fits_into_a_request(as_nobody):
    account, _, _ = factories.new_account()
    event = factories.as_event(account.fields("create", account.create_body(account.device)))
    event += b" " * (16 * 1024 - len(event))
    signatures = factories.sign_event(event, account, account.device)
    body = {"event": b64(event), "signatures": write_signatures(signatures)}
    assert as_nobody.post("accounts", body).status_code == 201
    assert error(as_nobody.post("accounts", {"event": b64(os.urandom(20_000)), "signatures": {}}))[0] == 400


def test_two_devices_of_an_account_each_have_their_token(client, alice):
    phone = factories.add_device(alice)
    first, second = Api(client, alice.device), Api(client, phone)
    first.post("sign_out", {})
    assert second.get("settings").status_code == 200
