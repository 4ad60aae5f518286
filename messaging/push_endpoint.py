"""Where pushes may go: to https servers of the public internet, and nowhere inside the operator's own network."""

import ipaddress
import re
import socket
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.conf import settings

from messaging.models.push_subscription import ENDPOINT_CHARACTERS
from talk2me.errors import BadRequest

HTTPS = 443
# What browsers hand out, and nothing that could end a line of HTTP.
PRINTABLE = re.compile(r"[!-~]+")
# As long as names of DNS may be, and each of their labels.
HOST_CHARACTERS = 253
HOST = re.compile(r"[a-z0-9_-]{1,63}(\.[a-z0-9_-]{1,63})+")
# All that is given out of IPv6 for the internet itself.
GIVEN_OUT = ipaddress.IPv6Network("2000::/3")

Address = ipaddress.IPv4Address | ipaddress.IPv6Address


@dataclass(frozen=True)
class Endpoint:
    """`origin` is what a token for it names; `tested` is an endpoint of the tests, on this machine."""

    origin: str
    host: str
    port: int
    path: str
    tested: bool


def read_endpoint(url: str) -> Endpoint:
    """Return the parts of an address that a browser has named. Raises BadRequest for one that is no push service's."""
    if len(url) > ENDPOINT_CHARACTERS or not PRINTABLE.fullmatch(url):
        raise BadRequest
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise BadRequest from error
    origin, host = f"{parts.scheme}://{parts.netloc}", parts.hostname or ""
    path = parts.path + (f"?{parts.query}" if parts.query else "")
    tested = origin in settings.PUSH_TEST_ENDPOINTS
    if not tested and (parts.scheme != "https" or port not in (None, HTTPS) or not _is_name(host)):
        raise BadRequest
    if not path.startswith("/") or "@" in parts.netloc or parts.fragment:
        raise BadRequest
    return Endpoint(origin if tested else f"https://{host}", host, port or HTTPS, path, tested)


def find_address(endpoint: Endpoint) -> str:
    """Return the address to connect to.

    Raises OSError when there is none, or any of them is not on the internet; ValueError for what is no name at all.
    """
    found = socket.getaddrinfo(endpoint.host, endpoint.port, type=socket.SOCK_STREAM)
    addresses = [str(entry[4][0]) for entry in found]
    if not addresses or not (endpoint.tested or all(map(is_public, addresses))):
        raise OSError("no public address")
    return addresses[0]


def _is_name(host: str) -> bool:
    return len(host) <= HOST_CHARACTERS and HOST.fullmatch(host) is not None


def is_public(text: str) -> bool:
    """Tell whether an address is on the internet; one of IPv4 in IPv6 clothes is what it is."""
    try:
        address: Address = ipaddress.ip_address(text)
    except ValueError:
        return False
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped is not None:
            address = address.ipv4_mapped
        elif address not in GIVEN_OUT or address.sixtofour is not None or address.teredo is not None:
            return False
    return address.is_global and not address.is_multicast
