"""What must not reach a log: network addresses, and ids of people, devices and mailboxes, in whatever form."""

import ipaddress
import re

_IPV4 = re.compile(r"(?<![\d.])\d{1,3}(?:\.\d{1,3}){3}(?::\d+)?(?![\d])")
# Whatever might be an IPv6 address; it is parsed, to tell it from times and the like.
_MAYBE_IPV6 = re.compile(r"(?<!\w)\[?(?:[0-9a-fA-F.]*:){2,}[0-9a-fA-F.:]*(?:%\w+)?(?:\](?::\d+)?)?")
# Python's way to write bytes, which is how ids look in calls and keys; cut short, it ends with the line.
_BYTES = re.compile(r"""\bb(?:'(?:\\.|[^'\\\n])*(?:'|$)|"(?:\\.|[^"\\\n])*(?:"|$))""", re.MULTILINE)
# The values that PostgreSQL repeats when it refuses a row.
_VALUES = re.compile(r"(?<=\)=)\(.*?\)(?= (?:already|is |conflicts))|(?<=row contains )\(.*\)|(?<=\$\d = )'.*'")
# 16 bytes are 22 characters of base64url, 32 of hex. No word of ours is as long as that.
_LONG = re.compile(r"[\w-]{20,}", re.ASCII)
_PORT = re.compile(r"(?:\]:\d+|\])$")


def redact(text: str) -> str:
    """Return `text` with `-` in place of addresses, ids, tokens and bytes."""
    for values in (_BYTES, _VALUES):
        text = values.sub("-", text)
    return _LONG.sub("-", _IPV4.sub("-", _MAYBE_IPV6.sub(_hide, text)))


def _hide(found: "re.Match[str]") -> str:
    text = found.group()
    address = _PORT.sub("", text.removeprefix("["))
    # What follows an address in a sentence is no part of it.
    return "-" if any(_is_ipv6(address[: len(address) - cut]) for cut in range(3)) else text


def _is_ipv6(text: str) -> bool:
    try:
        ipaddress.IPv6Address(text)
    except ValueError:
        return False
    return True
