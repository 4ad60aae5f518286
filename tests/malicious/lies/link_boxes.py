"""What a server can do to the link box between two browsers, also with the link secret that somebody photographed."""

import hashlib
import json
import os
from collections.abc import Callable

import msgspec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from keys import base64url
from tests.interop.encodings import ALPHABET
from tests.interop.formats import hkdf, label, padded, xwing_public_key
from tests.malicious.lies.answers import Answer, Request, Rule, way

DEVICE_KEYS = ("device_id", "signature_key", "sign_in_key")


def secret_of(code: str) -> bytes:
    """The link secret that a code shows: 128 bits in 26 characters, two characters are a checksum."""
    bits = 0
    for character in code.replace("-", "")[:26]:
        bits = bits << 5 | ALPHABET.index(character)
    return (bits >> 2).to_bytes(16, "big")


class Between:
    """Somebody who has the link secret and keys of their own for each side."""

    def __init__(self, secret: bytes, origin: str) -> None:
        self.box = hkdf(secret, b"", "link box id", 16)
        self.key = AESGCM(hkdf(secret, b"", "link box key"))
        self.origin = origin.encode()
        self.opening = {"v": 1, "key": xwing_public_key(os.urandom(32)), "nonce": os.urandom(32)}
        self.offer: dict[str, object] = {}

    def shown(self, number: int, there: bytes) -> bytes:
        """Return what a side gets in place of the part that is there."""
        if number == 1:
            opening = self.opening["key"] + self.opening["nonce"]
            return self._seal(1, {"v": 1, "commitment": hashlib.sha256(label("link commitment") + opening).digest()})
        if number == 2:
            return self._seal(2, self._offer(there))
        return self._seal(3, self.opening) if number == 3 else there

    def _offer(self, there: bytes) -> dict[str, object]:
        if not self.offer:
            padded_part = self.key.decrypt(there[:12], there[12:], self._data(2))
            end = 4 + int.from_bytes(padded_part[:4], "big")
            part = msgspec.msgpack.decode(padded_part[4:end])
            own = {
                name: os.urandom(len(part["device"][name])) for name in ("device_id", "signature_key", "sign_in_key")
            }
            key = {"key": xwing_public_key(os.urandom(32)), "nonce": os.urandom(32)}
            self.offer = part | key | {"device": part["device"] | own}
        return self.offer

    def _seal(self, number: int, part: dict[str, object]) -> bytes:
        nonce = os.urandom(12)
        return nonce + self.key.encrypt(nonce, padded(part), self._data(number))

    def _data(self, number: int) -> bytes:
        return label("link part") + self.origin + b"\0" + self.box + bytes([number])


between: dict[str, Between] = {}


@way
async def relay_link(request: Request, rule: Rule) -> Answer:
    """Stand between the two browsers of a link, with the `secret` (hex) of its code, at this `origin`."""
    if rule["secret"] not in between:
        between[rule["secret"]] = Between(bytes.fromhex(rule["secret"]), rule["origin"])
    return await _show(request, between[rule["secret"]].shown)


@way
async def alter_part(request: Request, rule: Rule) -> Answer:
    """Flip a bit of the part `number`, without the secret."""

    def altered(number: int, there: bytes) -> bytes:
        return there[:-1] + bytes([there[-1] ^ 1]) if number == rule["number"] else there

    return await _show(request, altered)


async def _show(request: Request, shown: Callable[[int, bytes], bytes]) -> Answer:
    honest = await request.honest()
    number = request.query.removeprefix("number=")
    there = json.loads(honest.body).get("body") if honest.status == 200 and number else None
    if not there:
        return honest
    return Answer.of({"body": base64url.encode(shown(int(number), base64url.decode(there)))})
