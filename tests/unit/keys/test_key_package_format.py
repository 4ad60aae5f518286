"""Reading key packages (RFC 9420, section 10): ours, another implementation's, and damaged ones."""

import os
import time

import mls_rs_uniffi as mls_rs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from keys.key_package_format import LAST_RESORT, read_key_package
from talk2me.errors import KeyPackageInvalid
from tests import factories

DEVICE = factories.FakeDevice(os.urandom(16))
PACKAGE = factories.make_key_package(DEVICE)


def test_a_key_package_of_another_implementation_is_understood():
    pair = mls_rs.generate_signature_keypair(mls_rs.CipherSuite.CURVE25519_AES128)
    client = mls_rs.Client(bytes(range(32)), pair, mls_rs.client_config_default())
    facts = read_key_package(client.generate_key_package_message().to_bytes())
    assert (facts.suite, facts.identity, facts.signature_key) == (1, bytes(range(32)), pair.public_key.bytes)
    assert facts.not_before <= time.time() < facts.not_after
    assert not facts.last_resort


@pytest.mark.parametrize("last_resort", [False, True])
def test_a_key_package_says_whether_it_is_the_last_resort(last_resort):
    facts = read_key_package(factories.make_key_package(DEVICE, 83, last_resort=last_resort))
    assert (facts.suite, facts.last_resort) == (83, last_resort)
    assert facts.identity == DEVICE.account_id + DEVICE.device_id
    assert LAST_RESORT == 10


@given(st.integers(0, 8 * len(PACKAGE) - 1))
@settings(max_examples=300, deadline=None)
def test_a_key_package_with_any_bit_flipped_is_refused(bit):
    changed = bytearray(PACKAGE)
    changed[bit // 8] ^= 1 << bit % 8
    with pytest.raises(KeyPackageInvalid):
        read_key_package(bytes(changed))


@given(st.integers(0, len(PACKAGE) - 1))
@settings(max_examples=100, deadline=None)
def test_a_key_package_cut_short_is_refused(length):
    with pytest.raises(KeyPackageInvalid):
        read_key_package(PACKAGE[:length])


@pytest.mark.parametrize("wrong", [PACKAGE + b"\0", PACKAGE[4:], b"\0\1\0\3" + PACKAGE[4:], PACKAGE + bytes(20_000)])
def test_what_is_not_one_key_package_is_refused(wrong):
    with pytest.raises(KeyPackageInvalid):
        read_key_package(wrong)


@given(st.binary(max_size=300))
@settings(max_examples=200, deadline=None)
def test_any_bytes_are_refused_and_nothing_else_happens(wrong):
    for data in (wrong, PACKAGE[:8] + wrong):
        with pytest.raises(KeyPackageInvalid):
            read_key_package(data)
