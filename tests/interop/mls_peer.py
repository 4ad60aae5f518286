"""An independent MLS implementation (mls-rs, suite 1) as one device of an account of ours.

It takes part in direct conversations only: it can't list our extension in its leaf
(docs/decisions/mls_group_context.md). It frames its own commits as PublicMessage, which our browsers refuse, so where
browsers take part they make the commits.
"""

from __future__ import annotations

from dataclasses import dataclass
from secrets import token_bytes
from typing import Any, Literal

import mls_rs_uniffi as mls_rs
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

SUITE = 1


@dataclass(frozen=True)
class Received:
    """What one envelope body held. `sender` is mls-rs's opaque identity: it compares, and names whom to remove."""

    kind: Literal["application", "commit", "proposal"]
    sender: Any
    plain: bytes = b""
    removed: bool = False


@dataclass(frozen=True)
class Change:
    """A commit of this device, in force for itself only after `accept`."""

    commit: bytes
    welcome: bytes | None


class MlsPeer:
    """One device. All bytes are MLSMessages (RFC 9420 section 6), as in docs/protocol.md 10."""

    def __init__(self, account: bytes, device: bytes | None = None) -> None:
        self.account = account
        self.device = device or token_bytes(16)
        self._keypair = mls_rs.generate_signature_keypair(mls_rs.CipherSuite.CURVE25519_AES128)
        self._client = mls_rs.Client(self.identity, self._keypair, mls_rs.client_config_default())
        self._group: Any = None

    @property
    def identity(self) -> bytes:
        """The credential: `account || device`, 32 bytes."""
        return self.account + self.device

    @property
    def signature_key(self) -> bytes:
        """The public key (Ed25519, 32 bytes) that stands in the device's event in the account chain."""
        return bytes(self._keypair.public_key.bytes)

    @property
    def signing_identity(self) -> Any:
        """What another peer of this kind needs to remove this one."""
        return self._client.signing_identity()

    def sign(self, text: bytes) -> bytes:
        """Signs with the signature key, as the account event that adds this device demands (`mls`)."""
        return Ed25519PrivateKey.from_private_bytes(bytes(self._keypair.secret_key.bytes)[:32]).sign(text)

    def create_key_package(self) -> bytes:
        """A fresh key package, for a year: its maker's default, and not to be changed."""
        return bytes(self._client.generate_key_package_message().to_bytes())

    def create_group(self, mailbox: bytes) -> None:
        """Starts a group whose id is the mailbox's, with this device alone in it."""
        self._group = self._client.create_group(mailbox)

    def join(self, welcome: bytes) -> None:
        """Joins by a welcome made for any of this device's key packages. Raises `mls_rs_uniffi.Error`."""
        self._group = self._client.join_group(None, mls_rs.Message.from_bytes(welcome)).group

    def encrypt(self, plain: bytes) -> bytes:
        """The body of an application envelope."""
        return bytes(self._group.encrypt_application_message(plain).to_bytes())

    def process(self, body: bytes) -> Received:
        """Takes in the body of someone else's envelope. Raises `mls_rs_uniffi.Error` for what can't be read."""
        got = self._group.process_incoming_message(mls_rs.Message.from_bytes(body))
        if got.is_application_message():
            return Received("application", got.sender, plain=bytes(got.data))
        if got.is_commit():
            return Received("commit", got.committer, removed=got.effect.is_removed())
        return Received("proposal", got.sender)

    def add(self, key_packages: list[bytes]) -> Change:
        """Adds whom these key packages belong to."""
        return self._change(self._group.add_members([mls_rs.Message.from_bytes(one) for one in key_packages]))

    def remove(self, identities: list[Any]) -> Change:
        """Removes whom these belong to: `sender` of something received, or another peer's `signing_identity`."""
        return self._change(self._group.remove_members(identities))

    def update(self) -> Change:
        """An empty commit, and one that carries the proposals received in this epoch."""
        return self._change(self._group.commit())

    def accept(self, change: Change) -> None:
        """Takes the state after an own commit, which the server has accepted."""
        self._group.process_incoming_message(mls_rs.Message.from_bytes(change.commit))

    def export_secret(self, label: str, context: bytes, length: int) -> bytes:
        """RFC 9420 section 8.5."""
        return bytes(self._group.export_secret(label.encode(), context, length))

    @staticmethod
    def _change(output: Any) -> Change:
        welcome = output.welcome_message
        return Change(bytes(output.commit_message.to_bytes()), bytes(welcome.to_bytes()) if welcome else None)
