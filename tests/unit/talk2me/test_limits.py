"""Rate limits: what counts as one address, and what is kept of it."""

import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from talk2me import limits
from talk2me.errors import RateLimited


@pytest.fixture(autouse=True)
def _forget():
    limits.forget_all()
    yield
    limits.forget_all()


def test_after_so_many_one_waits(settings):
    settings.RATE_LIMITS = {"api": "3/minute"}
    for _ in range(3):
        limits.hit("api", b"one")
    with pytest.raises(RateLimited) as refused:
        limits.hit("api", b"one")
    assert 1 <= refused.value.retry_after <= 60
    limits.hit("api", b"other")


@pytest.mark.parametrize(
    "url", ["redis://127.0.0.1:9/0", "redis+cluster://127.0.0.1:9", "redis+sentinel://127.0.0.1:9/us"]
)
def test_without_its_server_each_process_counts_for_itself(settings, caplog, url):
    settings.REDIS_URL = url
    settings.RATE_LIMITS = {"api": "3/minute"}
    for _ in range(3):
        limits.hit("api", b"one")
    with pytest.raises(RateLimited):
        limits.hit("api", b"one")
    # It was asked once, and not for each.
    assert len(caplog.records) == 1


def test_a_server_that_hangs_is_waited_for_once(settings, valkey):
    settings.REDIS_URL = valkey.url
    settings.RATE_LIMITS = {"api": "30/minute"}
    limits.hit("api", b"one")
    valkey.pause()
    try:
        for _ in range(30):
            limits.hit("api", b"one")
        with pytest.raises(RateLimited):
            limits.hit("api", b"one")
    finally:
        valkey.resume()


def test_processes_count_together_while_the_server_is_there(settings, valkey):
    settings.REDIS_URL = valkey.url
    settings.RATE_LIMITS = {"api": "3/minute"}
    for _ in range(3):
        limits.hit("api", b"together")
    # What this process has counted by itself is forgotten; what the server has counted is not.
    settings.REDIS_URL = ""
    limits.forget_all()
    settings.REDIS_URL = valkey.url
    with pytest.raises(RateLimited):
        limits.hit("api", b"together")


def test_a_hit_may_cost_more_than_one(settings):
    settings.RATE_LIMITS = {"frames": "64/minute"}
    limits.hit("frames", b"one", cost=64)
    with pytest.raises(RateLimited):
        limits.hit("frames", b"one")


def test_limits_are_counted_apart(settings):
    settings.RATE_LIMITS = {"api": "1/minute", "lookup": "1/minute"}
    limits.hit("api", b"one")
    limits.hit("lookup", b"one")


def test_an_empty_text_switches_a_limit_off(settings):
    settings.RATE_LIMITS = {"api": ""}
    for _ in range(1000):
        limits.hit("api", b"one")


@given(st.ip_addresses())
def test_a_key_does_not_show_the_address(address):
    key = limits.address_key(str(address))
    assert len(key) == 16
    assert address.packed not in key


def test_addresses_of_one_ipv6_network_count_as_one():
    one, same, other = (limits.address_key(text) for text in ("2001:db8::1", "2001:db8::ffff:1", "2001:db8:0:1::1"))
    assert one == same != other


def test_an_ipv4_address_is_the_same_in_ipv6_clothes():
    mapped = ipaddress.ip_address("::ffff:192.0.2.1")
    assert limits.address_key(str(mapped)) == limits.address_key("192.0.2.1")


@pytest.mark.parametrize(
    ("proxies", "header", "counted"),
    [
        (0, "192.0.2.9", "192.0.2.1"),
        (1, "", "192.0.2.1"),
        (1, "192.0.2.9", "192.0.2.9"),
        (1, "192.0.2.7, 192.0.2.9", "192.0.2.9"),
        (2, "192.0.2.7, 192.0.2.9", "192.0.2.7"),
        (2, "192.0.2.5, 192.0.2.7, 192.0.2.9", "192.0.2.7"),
        (2, "192.0.2.9", "192.0.2.1"),
        (1, "192.0.2.9,,", "192.0.2.9"),
    ],
)
def test_only_what_our_own_proxies_wrote_is_believed(settings, proxies, header, counted):
    settings.TRUSTED_PROXIES = proxies
    assert limits.address_key("192.0.2.1", header) == limits.address_key(counted)


@pytest.mark.parametrize(
    ("written", "address"),
    [("192.0.2.1:4711", "192.0.2.1"), ("[2001:db8::1]:4711", "2001:db8::1"), ("[2001:db8::1]", "2001:db8::1")],
)
def test_a_port_that_a_proxy_writes_gives_nobody_another_key(settings, written, address):
    settings.TRUSTED_PROXIES = 1
    assert limits.address_key("127.0.0.1", written) == limits.address_key(address)


@pytest.mark.parametrize(
    ("address", "is_ours"),
    [("127.0.0.1", True), ("::1", True), ("::ffff:127.0.0.1", True), ("192.0.2.1", False), ("::2", False), ("", False)],
)
def test_this_machine_is_known_by_any_of_its_loopback_addresses(address, is_ours):
    assert limits.is_this_machine(address) is is_ours


def test_another_secret_gives_another_key(settings):
    before = limits.address_key("192.0.2.1")
    settings.SECRET_KEY = "another secret of enough characters"
    assert limits.address_key("192.0.2.1") != before


def test_what_is_no_address_is_counted_too():
    assert limits.address_key("") != limits.address_key("unix socket")
