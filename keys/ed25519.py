"""Ed25519: what is a key at all of those that others chose, whether a signature holds, and signing with our own."""

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

FIELD = 2**255 - 19
# y of the points whose order divides 8, in canonical form: with such a "key" anyone can sign anything.
LOW_ORDER_Y = frozenset(
    {
        0,
        1,
        FIELD - 1,
        int.from_bytes(bytes.fromhex("26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05"), "little"),
        int.from_bytes(bytes.fromhex("c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a"), "little"),
    }
)


def is_acceptable(key: bytes) -> bool:
    """Say whether `key` is 32 bytes in canonical encoding and not of low order.

    A key off the curve passes here and then verifies nothing.
    """
    if len(key) != 32:
        return False
    y = int.from_bytes(key, "little") & (2**255 - 1)
    return y < FIELD and y not in LOW_ORDER_Y


def verify(key: bytes, signature: bytes, signed: bytes) -> bool:
    """Say whether `signature` (64 bytes) over `signed` was made with the private half of `key`.

    Its first half is a point as a key is, and held to the same rules: the browser's verifier does so too, and whatever
    passes here must pass there.
    """
    if not is_acceptable(key) or not is_acceptable(signature[:32]):
        return False
    try:
        Ed25519PublicKey.from_public_bytes(key).verify(signature, signed)
    except (InvalidSignature, ValueError):
        return False
    return True


def public_key(seed: bytes) -> bytes:
    """Return the public key, 32 bytes, of a private one of 32 bytes."""
    return Ed25519PrivateKey.from_private_bytes(seed).public_key().public_bytes_raw()


def sign(seed: bytes, signed: bytes) -> bytes:
    """Return the signature, 64 bytes, over `signed`."""
    return Ed25519PrivateKey.from_private_bytes(seed).sign(signed)
