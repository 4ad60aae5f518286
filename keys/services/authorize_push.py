"""What `messaging` needs to send pushes, which it may not sign itself."""

from keys import push_key


def push_key_of_server() -> bytes | None:
    """Return the public key that browsers subscribe with, 65 bytes; None on a server that pushes nothing."""
    return push_key.public_key()


def authorize_push(audience: str) -> str:
    """Return the Authorization header for a push service, `audience` being its origin (RFC 8292)."""
    return push_key.authorization(audience)
