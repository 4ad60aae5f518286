"""What requests carry (docs/wire_format.md 2). Bytes are still text here: views decode what they need."""

from typing import Annotated, Any

from msgspec import Meta, Struct

# base64url makes four characters of three bytes.
Id = Annotated[str, Meta(min_length=22, max_length=22)]
Hash = Annotated[str, Meta(min_length=43, max_length=43)]
Signature = Annotated[str, Meta(min_length=86, max_length=86)]
Event = Annotated[str, Meta(min_length=1, max_length=22_000)]
Suite = Annotated[int, Meta(ge=1, le=0xFFFF)]
LogSize = Annotated[int, Meta(ge=0, le=2**53 - 1)]
LINK_PARTS = range(1, 6)
KeyPackageText = Annotated[str, Meta(min_length=1, max_length=22_000)]


class Nothing(Struct, forbid_unknown_fields=True, frozen=True):
    pass


class ChainToJoin(Struct, forbid_unknown_fields=True, frozen=True):
    since: LogSize = 0


class NewLinkBox(Struct, forbid_unknown_fields=True, frozen=True):
    box: Id


class NewLinkPart(Struct, forbid_unknown_fields=True, frozen=True):
    number: Annotated[int, Meta(ge=LINK_PARTS[0], le=LINK_PARTS[-1])]
    body: Annotated[str, Meta(min_length=1)]


class NewAccount(Struct, forbid_unknown_fields=True, frozen=True):
    event: Event
    signatures: dict[str, Any]
    invite: Annotated[str, Meta(max_length=64)] | None = None
    work: Annotated[str, Meta(max_length=4096)] | None = None


class WorkChallenge(Struct, forbid_unknown_fields=True, frozen=True):
    account: Id


class NewEvent(Struct, forbid_unknown_fields=True, frozen=True):
    event: Event
    signatures: dict[str, Any]
    reset_code: Annotated[str, Meta(max_length=64)] | None = None


class Lookup(Struct, forbid_unknown_fields=True, frozen=True):
    username: Annotated[str, Meta(min_length=1, max_length=64)]
    since: LogSize = 0


class Challenge(Struct, forbid_unknown_fields=True, frozen=True):
    account: Id
    device: Id


class SignIn(Struct, forbid_unknown_fields=True, frozen=True):
    account: Id
    device: Id
    nonce: Annotated[str, Meta(max_length=128)]
    signature: Signature


class RecoveryChallenge(Struct, forbid_unknown_fields=True, frozen=True):
    """One of the two."""

    username: Annotated[str, Meta(min_length=1, max_length=64)] | None = None
    account: Id | None = None


class RecoverySignIn(Struct, forbid_unknown_fields=True, frozen=True):
    account: Id
    key: Hash
    nonce: Annotated[str, Meta(max_length=128)]
    signature: Signature


class ResetStart(Struct, forbid_unknown_fields=True, frozen=True):
    username: Annotated[str, Meta(min_length=1, max_length=64)]
    code: Annotated[str, Meta(max_length=64)]


class KeyPackages(Struct, forbid_unknown_fields=True, frozen=True):
    suite: Suite
    key_packages: Annotated[list[KeyPackageText], Meta(max_length=100)]
    last_resort: KeyPackageText | None = None


class Claim(Struct, forbid_unknown_fields=True, frozen=True):
    account: Id
    suite: Suite
    invitation: Id | None = None


class NewInvitation(Struct, forbid_unknown_fields=True, frozen=True):
    token_hash: Hash
    expires_in: Annotated[int, Meta(ge=60, le=90 * 24 * 3600)]


class NewVault(Struct, forbid_unknown_fields=True, frozen=True):
    version: Annotated[int, Meta(ge=1)]
    # Decoded before its own limit is checked; the body's limit already holds.
    vault: Annotated[str, Meta(min_length=1)]


class Settings(Struct, forbid_unknown_fields=True, frozen=True):
    open_to_strangers: bool
