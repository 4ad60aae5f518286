"""Where pushes may go: nowhere in the operator's own network, whatever a name says or says later."""

import socket

import pytest

from messaging import push_endpoint
from messaging.push_endpoint import find_address, is_public, read_endpoint
from talk2me.errors import BadRequest

URL = "https://push.example.org/send"


@pytest.mark.parametrize("address", ["8.8.8.8", "2606:4700::1111", "::ffff:8.8.8.8"])
def test_the_internet_is_public(address):
    assert is_public(address)


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "10.0.0.1", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0", "224.0.0.1",  # noqa: S104
        "239.1.1.1", "240.0.0.1", "255.255.255.255", "192.0.2.1", "198.18.0.1", "::", "::1", "fe80::1", "fe80::1%eth0",
        "fc00::1", "ff02::1", "2001:db8::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::127.0.0.1", "64:ff9b::a00:1",
        "2002:a00:1::", "2001:0:1::1", "what",
    ],
)  # fmt: skip
def test_everything_else_is_not(address):
    assert not is_public(address)


def resolve_to(monkeypatch, *addresses):
    def answer(_host, port, **_options):
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in addresses]

    monkeypatch.setattr(push_endpoint.socket, "getaddrinfo", answer)


def test_a_name_gives_the_address_to_connect_to(monkeypatch):
    resolve_to(monkeypatch, "8.8.8.8", "8.8.4.4")
    assert find_address(read_endpoint(URL)) == "8.8.8.8"


@pytest.mark.parametrize("addresses", [[], ["127.0.0.1"], ["8.8.8.8", "10.0.0.1"]])
def test_a_name_with_any_address_inside_leads_nowhere(monkeypatch, addresses):
    resolve_to(monkeypatch, *addresses)
    with pytest.raises(OSError, match="no public address"):
        find_address(read_endpoint(URL))


def test_an_address_written_as_such_is_checked_alike():
    with pytest.raises(OSError, match="no public address"):
        find_address(read_endpoint("https://127.0.0.1/send"))


def test_only_the_tests_own_push_service_may_be_on_this_machine(settings):
    settings.PUSH_TEST_ENDPOINTS = ["http://127.0.0.1:4000"]
    assert find_address(read_endpoint("http://127.0.0.1:4000/send")) == "127.0.0.1"
    for url in ("http://127.0.0.1:4001/send", "https://127.0.0.1:4000/send", "http://127.0.0.1:4000@example.org/send"):
        with pytest.raises(BadRequest):
            read_endpoint(url)
