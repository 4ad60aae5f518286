"""Purpose labels and what is signed (docs/protocol.md)."""


def label(name: str) -> bytes:
    """Return the prefix that keeps one purpose's bytes from being another's."""
    return f"talk2me/1 {name}".encode() + b"\0"


def signed_event(origin: str, event: bytes) -> bytes:
    """Return what the signatures beside an account event cover."""
    return label("account event") + origin.encode() + b"\0" + event


def signed_challenge(origin: str, account: bytes, device: bytes, nonce: bytes) -> bytes:
    """Return what a device signs to sign in."""
    return label("sign in") + origin.encode() + b"\0" + account + device + nonce


def signed_recovery(origin: str, account: bytes, key: bytes, nonce: bytes) -> bytes:
    """Return what a recovery key signs to prove itself; `key` is its public half."""
    return label("recover") + origin.encode() + b"\0" + account + key + nonce


def signed_deletion(origin: str, account: bytes, device: bytes, nonce: bytes) -> bytes:
    """Return what a device, and the identity key, sign to delete their account."""
    return label("delete account") + origin.encode() + b"\0" + account + device + nonce
