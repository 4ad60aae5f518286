"""What requests about passkeys carry (docs/wire_format.md 2), with WebAuthn's names. Bytes are still text here.

A credential has these fields and no others. Above all no `clientExtensionResults`: there a browser's own `toJSON()`
puts what the PRF gives.
"""

from typing import Annotated, Generic, Literal, TypeVar

from msgspec import Meta, Struct, field

from keys.schemas import Hash

# At most 1,023 bytes.
CredentialId = Annotated[str, Meta(min_length=1, max_length=1364)]
Short = Annotated[str, Meta(min_length=1, max_length=4096)]
Long = Annotated[str, Meta(min_length=1, max_length=16_384)]

Response = TypeVar("Response")


class MadeResponse(Struct, forbid_unknown_fields=True, frozen=True):
    client_data: Short = field(name="clientDataJSON")
    attestation: Long = field(name="attestationObject")


class UsedResponse(Struct, forbid_unknown_fields=True, frozen=True):
    client_data: Short = field(name="clientDataJSON")
    authenticator_data: Short = field(name="authenticatorData")
    signature: Short
    # Discoverable credentials always say whose they are.
    user: Annotated[str, Meta(min_length=22, max_length=22)] = field(name="userHandle")


class Credential(Struct, Generic[Response], forbid_unknown_fields=True, frozen=True):
    id: CredentialId
    raw_id: CredentialId = field(name="rawId")
    type: Literal["public-key"]
    response: Response
    attachment: Literal["platform", "cross-platform"] | None = field(name="authenticatorAttachment", default=None)


class NewPasskey(Struct, forbid_unknown_fields=True, frozen=True):
    credential: Credential[MadeResponse]
    recovery_key: Hash


class PasskeySignIn(Struct, forbid_unknown_fields=True, frozen=True):
    credential: Credential[UsedResponse]
