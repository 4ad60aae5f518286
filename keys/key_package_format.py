"""Reading and verifying a key package (RFC 9420, section 10), as far as a directory should.

Pure. A browser checks everything again before it uses one; this keeps out what is no key package of the device that
publishes it.
"""

from dataclasses import dataclass

from keys import ed25519
from talk2me.errors import KeyPackageInvalid

MLS_10 = 1
WIRE_FORMAT_KEY_PACKAGE = 5
CREDENTIAL_BASIC = 1
SOURCE_KEY_PACKAGE = 1
LAST_RESORT = 0x000A
MAX_BYTES = 16 * 1024


@dataclass(frozen=True)
class KeyPackageFacts:
    """What a verified key package says: `identity` is account || device, times are unix seconds."""

    suite: int
    identity: bytes
    signature_key: bytes
    not_before: int
    not_after: int
    last_resort: bool


class _Reader:
    """The presentation language of RFC 9420 section 2; ValueError when the bytes end or a length is not minimal."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.at = 0

    def take(self, size: int) -> bytes:
        if self.at + size > len(self.data):
            raise ValueError
        self.at += size
        return self.data[self.at - size : self.at]

    def number(self, size: int) -> int:
        return int.from_bytes(self.take(size), "big")

    def vector(self) -> bytes:
        first = self.number(1)
        size = 1 << (first >> 6)
        if size > 4:
            raise ValueError
        length = int.from_bytes(bytes([first & 0x3F]) + self.take(size - 1), "big")
        if size > 1 and length < 1 << (8 * size // 2 - 2):
            raise ValueError
        return self.take(length)

    def expect(self, size: int, value: int) -> None:
        if self.number(size) != value:
            raise ValueError


def _vector(data: bytes) -> bytes:
    size = 1 if len(data) < 1 << 6 else 2 if len(data) < 1 << 14 else 4
    return (len(data) | {1: 0, 2: 1, 4: 2}[size] << (8 * size - 2)).to_bytes(size, "big") + data


def sign_content(name: str, content: bytes) -> bytes:
    """Return what SignWithLabel covers (RFC 9420, section 5.1.2)."""
    return _vector(b"MLS 1.0 " + name.encode()) + _vector(content)


def read_key_package(message: bytes) -> KeyPackageFacts:
    """Return what `message`, an MLSMessage around a key package, says; its two signatures hold.

    Raises KeyPackageInvalid.
    """
    try:
        return _read(message)
    except ValueError as error:
        raise KeyPackageInvalid from error


def _read(message: bytes) -> KeyPackageFacts:
    if len(message) > MAX_BYTES:
        raise ValueError
    reader = _Reader(message)
    reader.expect(2, MLS_10)
    reader.expect(2, WIRE_FORMAT_KEY_PACKAGE)
    start = reader.at
    reader.expect(2, MLS_10)
    suite = reader.number(2)
    if not reader.vector():
        raise ValueError
    leaf_start = reader.at
    identity, signature_key, not_before, not_after = _read_leaf(reader)
    leaf, leaf_signature = message[leaf_start : reader.at], reader.vector()
    last_resort = LAST_RESORT in _extension_types(reader.vector())
    package, signature = message[start : reader.at], reader.vector()
    if reader.at != len(message):
        raise ValueError
    for name, content, made in (("LeafNodeTBS", leaf, leaf_signature), ("KeyPackageTBS", package, signature)):
        if not ed25519.verify(signature_key, made, sign_content(name, content)):
            raise ValueError
    return KeyPackageFacts(suite, identity, signature_key, not_before, not_after, last_resort)


def _read_leaf(reader: _Reader) -> tuple[bytes, bytes, int, int]:
    """Return identity, signature key, not before and not after of the leaf; stop before its signature."""
    if not reader.vector():
        raise ValueError
    signature_key = reader.vector()
    reader.expect(2, CREDENTIAL_BASIC)
    identity = reader.vector()
    # Capabilities: versions, suites, extensions, proposals, credentials. Browsers compare them with the group.
    for _ in range(5):
        reader.vector()
    reader.expect(1, SOURCE_KEY_PACKAGE)
    not_before, not_after = reader.number(8), reader.number(8)
    _extension_types(reader.vector())
    return identity, signature_key, not_before, not_after


def _extension_types(extensions: bytes) -> set[int]:
    reader = _Reader(extensions)
    found: set[int] = set()
    while reader.at < len(extensions):
        kind = reader.number(2)
        reader.vector()
        if kind in found:
            raise ValueError
        found.add(kind)
    return found
