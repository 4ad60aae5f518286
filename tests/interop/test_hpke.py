"""HPKE with X-Wing: what either implementation sealed, the other opens (also tests/js/crypto/hpke.test.js)."""

import json
from hashlib import shake_256
from pathlib import Path
from typing import Any

import pytest
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hpke
from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from tests.interop.encodings import from_json

CASES = [from_json(case) for case in json.loads((Path(__file__).parents[1] / "vectors/hpke.json").read_text())]
NAMES = [case["name"] for case in CASES]
SUITE = hpke.Suite(hpke.KEM.MLKEM768_X25519, hpke.KDF.HKDF_SHA256, hpke.AEAD.AES_256_GCM)


def halves(seed: bytes) -> tuple[MLKEM768PrivateKey, X25519PrivateKey]:
    """X-Wing's expandDecapsulationKey."""
    expanded = shake_256(seed).digest(96)
    return MLKEM768PrivateKey.from_seed_bytes(expanded[:64]), X25519PrivateKey.from_private_bytes(expanded[64:])


def open_sealed(case: dict[str, Any], associated_data: bytes) -> bytes:
    # The public function of this release takes no associated data.
    decrypt = hpke.rust_openssl.hpke._decrypt_with_aad  # type: ignore[attr-defined]  # noqa: SLF001
    key = hpke.MLKEM768X25519PrivateKey(*halves(case["private_key"]))
    return bytes(decrypt(SUITE, case["enc"] + case["sealed"], key, case["info"], associated_data))


@pytest.mark.parametrize("case", CASES, ids=NAMES)
def test_a_second_implementation_opens_what_was_sealed(case: dict[str, Any]) -> None:
    assert open_sealed(case, case["associated_data"]) == case["plain"]
    with pytest.raises(InvalidTag):
        open_sealed(case, case["associated_data"] + b"\x00")


@pytest.mark.parametrize("case", CASES, ids=NAMES)
def test_a_seed_gives_the_same_public_key(case: dict[str, Any]) -> None:
    kem, group = halves(case["private_key"])
    assert kem.public_key().public_bytes_raw() + group.public_key().public_bytes_raw() == case["public_key"]
