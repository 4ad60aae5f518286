"""Text forms of bytes, and how the vector files write bytes into JSON: as {"hex": "..."}."""

import base64
from typing import Any

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def base64url(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def crockford(data: bytes, characters: int) -> str:
    """Return the leading bits of `data` as `characters` of Crockford's base32, zero bits behind them."""
    bits = int.from_bytes(data, "big") << (5 * characters) >> (8 * len(data))
    return "".join(ALPHABET[bits >> (5 * at) & 31] for at in reversed(range(characters)))


def from_json(value: Any) -> Any:
    if isinstance(value, list):
        return [from_json(held) for held in value]
    if isinstance(value, dict):
        if value.keys() == {"hex"}:
            return bytes.fromhex(value["hex"])
        return {name: from_json(held) for name, held in value.items()}
    return value


def to_json(value: Any) -> Any:
    if isinstance(value, bytes):
        return {"hex": value.hex()}
    if isinstance(value, list):
        return [to_json(held) for held in value]
    if isinstance(value, dict):
        return {name: to_json(held) for name, held in value.items()}
    return value
