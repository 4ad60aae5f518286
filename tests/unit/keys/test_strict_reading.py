"""Text that others chose: base64url in one form only, JSON with one meaning only, keys that are keys."""

import base64
import json

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from keys import base64url, ed25519, strict_json


@given(st.binary(max_size=100))
def test_base64url_gives_back_what_it_was_given(data):
    text = base64url.encode(data)
    assert base64url.decode(text) == base64url.decode(text, len(data)) == data
    assert base64.urlsafe_b64decode(text + "==") == data


@given(st.text(max_size=20))
def test_no_two_texts_mean_the_same_bytes(text):
    try:
        assert base64url.encode(base64url.decode(text)) == text
    except ValueError:
        return


@pytest.mark.parametrize("text", ["A", "AB", "AA=", "AA==", "A A", "AA\n", "+A", "/A", "ÀA", "AAAAA"])
def test_other_base64_is_refused(text):
    with pytest.raises(ValueError):  # noqa: PT011 - the only thing that is promised
        base64url.decode(text)


def test_another_size_is_refused():
    with pytest.raises(ValueError):  # noqa: PT011
        base64url.decode("AAAA", 4)


plain = st.recursive(
    st.none() | st.booleans() | st.integers(0, 2**53 - 1) | st.text(st.characters(codec="utf-8")),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(st.characters(codec="utf-8")), inner),
    max_leaves=10,
)


@given(st.dictionaries(st.text(st.characters(codec="utf-8")), plain))
def test_an_object_is_read_as_it_was_written(value):
    assert strict_json.read_object(json.dumps(value).encode()) == value


@pytest.mark.parametrize(
    "text",
    [
        '{"a":1,"a":1}',
        '{"a":{"b":1,"b":2}}',
        '{"a":[{"b":1,"\\u0062":2}]}',
        '{"a":1.0}',
        '{"a":1e3}',
        '{"a":-1}',
        '{"a":-0}',
        '{"a":01}',
        '{"a":9007199254740992}',
        '{"a":' + "9" * 5000 + "}",
        '{"a":NaN}',
        '{"a":Infinity}',
        '{"a":"\\ud800"}',
        '{"\\udfff":1}',
        '{"a":1}x',
        '{"a":1,}',
        "{'a':1}",
        '{"a":"\n"}',
        "[]",
        "1",
        "",
        "[" * 20_000,
        '{"a":' * 5_000,
    ],
)
def test_json_with_two_meanings_is_refused(text):
    with pytest.raises(ValueError):  # noqa: PT011
        strict_json.read_object(text.encode())


def test_a_key_of_low_order_or_another_form_is_no_key():
    prime = 2**255 - 19
    eighth = bytes.fromhex("26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05")
    wrong = [y.to_bytes(32, "little") for y in (0, 1, prime - 1, prime, prime + 1, 2**255 - 1)]
    wrong += [eighth, bytes(31), bytes(33), b""]
    wrong += [key[:31] + bytes([key[31] | 0x80]) for key in wrong if len(key) == 32]
    assert not any(ed25519.is_acceptable(key) for key in wrong)
    # A signature that such a "key" would verify for any text: R is the neutral element, S is zero.
    assert not any(ed25519.verify(key, b"\1" + bytes(63), b"anything") for key in wrong)


def test_a_signature_holds_for_its_own_text_and_key():
    key, other = Ed25519PrivateKey.generate(), Ed25519PrivateKey.generate()
    signature = key.sign(b"text")
    public = key.public_key().public_bytes_raw()
    assert ed25519.is_acceptable(public)
    assert ed25519.verify(public, signature, b"text")
    assert not ed25519.verify(public, signature, b"text ")
    assert not ed25519.verify(other.public_key().public_bytes_raw(), signature, b"text")
    assert not ed25519.verify(public, signature[:63], b"text")
    # S and S + the group's order: one signature has one form (RFC 8032, section 5.1.7).
    order = 2**252 + 27742317777372353535851937790883648493
    malleable = signature[:32] + (int.from_bytes(signature[32:], "little") + order).to_bytes(32, "little")
    assert not ed25519.verify(public, malleable, b"text")
