"""A software authenticator: makes and uses passkeys as a browser with a platform authenticator does."""

import hashlib
import json
import os
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import cbor2
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from keys import base64url
from tests.factories import public

b64 = base64url.encode
ORIGIN = "http://127.0.0.1:8000"
PRESENT, VERIFIED, ATTESTED = 0x01, 0x04, 0x40


def make_key(algorithm: int) -> Any:
    """A private key for a COSE algorithm: -8, -7 or -257."""
    if algorithm == -8:
        return Ed25519PrivateKey.generate()
    if algorithm == -7:
        return ec.generate_private_key(ec.SECP256R1())
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def cose_key(key: Any) -> bytes:
    """The public half as a COSE key (RFC 9053)."""
    if isinstance(key, Ed25519PrivateKey):
        return cbor2.dumps({1: 1, 3: -8, -1: 6, -2: public(key)})
    if isinstance(key, rsa.RSAPrivateKey):
        return cbor2.dumps({1: 3, 3: -257, -1: key.public_key().public_numbers().n.to_bytes(256), -2: b"\1\0\1"})
    point = key.public_key().public_numbers()
    return cbor2.dumps({1: 2, 3: -7, -1: 1, -2: point.x.to_bytes(32), -3: point.y.to_bytes(32)})


def sign(key: Any, signed: bytes) -> bytes:
    """A signature as WebAuthn has it."""
    if isinstance(key, Ed25519PrivateKey):
        return key.sign(signed)
    if isinstance(key, rsa.RSAPrivateKey):
        return key.sign(signed, padding.PKCS1v15(), hashes.SHA256())
    return key.sign(signed, ec.ECDSA(hashes.SHA256()))


@dataclass
class Authenticator:
    """One passkey. `origin`, `host` and `flags` are what a lying page, or a careless device, would make of them."""

    algorithm: int = -8
    origin: str = ORIGIN
    host: str = "127.0.0.1"
    flags: int = PRESENT | VERIFIED
    count: int = 0
    cross_origin: bool = False
    credential_id: bytes = field(default_factory=lambda: os.urandom(32))
    user: str = ""

    def __post_init__(self) -> None:
        self.key = make_key(self.algorithm)

    def make(self, options: dict, fmt: str = "none", certificates: tuple[bytes, ...] = (), **response: Any) -> dict:
        """The credential that is posted after `navigator.credentials.create`."""
        self.user = options["user"]["id"]
        attested = bytes(16) + len(self.credential_id).to_bytes(2, "big") + self.credential_id + cose_key(self.key)
        data = self._data(self.flags | ATTESTED) + attested
        client_data = self._client_data("webauthn.create", options["challenge"])
        statement = {}
        if fmt == "packed":
            digest = hashlib.sha256(client_data).digest()
            statement = {"alg": self.algorithm, "sig": sign(self.key, data + digest)}
            statement |= {"x5c": list(certificates)} if certificates else {}
        attestation = cbor2.dumps({"fmt": fmt, "attStmt": statement, "authData": data})
        return self._credential({"clientDataJSON": b64(client_data), "attestationObject": b64(attestation)} | response)

    def certificate(self) -> bytes:
        """One for the key, as a maker of authenticators would give it."""
        name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "maker")])
        builder = x509.CertificateBuilder(name, name, self.key.public_key(), x509.random_serial_number())
        now = datetime.now(UTC)
        builder = builder.not_valid_before(now).not_valid_after(now + timedelta(days=1))
        return builder.sign(self.key, None).public_bytes(serialization.Encoding.DER)

    def use(self, options: dict, **response: Any) -> dict:
        """The credential that is posted after `navigator.credentials.get`."""
        data = self._data(self.flags)
        client_data = self._client_data("webauthn.get", options["challenge"])
        signature = sign(self.key, data + hashlib.sha256(client_data).digest())
        fields = {
            "clientDataJSON": b64(client_data),
            "authenticatorData": b64(data),
            "signature": b64(signature),
            "userHandle": self.user,
        }
        return self._credential(fields | response)

    def _data(self, flags: int) -> bytes:
        return hashlib.sha256(self.host.encode()).digest() + bytes([flags]) + self.count.to_bytes(4, "big")

    def _client_data(self, kind: str, challenge: str) -> bytes:
        fields = {"type": kind, "challenge": challenge, "origin": self.origin, "crossOrigin": self.cross_origin}
        return json.dumps(fields).encode()

    def _credential(self, response: dict) -> dict:
        return {
            "id": b64(self.credential_id),
            "rawId": b64(self.credential_id),
            "type": "public-key",
            "response": response,
        }
