"""WebAuthn (Level 3) as far as passkeys need it: what an authenticator is asked for, and whether its answer holds.

Only for this server's ORIGIN, only with a verified person, and without attestation: whose make an authenticator is, is
nobody's business here. An answer that does not hold, for whatever reason, is PasskeyRefused.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from webauthn import (
    generate_authentication_options,
    generate_registration_options,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.helpers import parse_attestation_object, parse_client_data_json
from webauthn.helpers.cose import COSEAlgorithmIdentifier as Algorithm
from webauthn.helpers.options_to_json_dict import options_to_json_dict
from webauthn.helpers.structs import (
    AttestationFormat,
    AuthenticationCredential,
    AuthenticatorAssertionResponse,
    AuthenticatorAttestationResponse,
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    RegistrationCredential,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from keys import base64url
from talk2me.errors import PasskeyRefused

NAME = "talk2me"
ALGORITHMS = [Algorithm.EDDSA, Algorithm.ECDSA_SHA_256, Algorithm.RSASSA_PKCS1_v1_5_SHA_256]
VERIFIED = UserVerificationRequirement.REQUIRED


@dataclass(frozen=True)
class Made:
    """What `navigator.credentials.create` gave."""

    credential_id: bytes
    client_data: bytes
    attestation: bytes


@dataclass(frozen=True)
class Used:
    """What `navigator.credentials.get` gave; `user` is the account that the authenticator keeps with the credential."""

    credential_id: bytes
    client_data: bytes
    authenticator_data: bytes
    signature: bytes
    user: bytes


@dataclass(frozen=True)
class NewKey:
    """A credential that has proved itself: its public key as COSE, and how often it says it was used."""

    public_key: bytes
    sign_count: int


def options_to_make(
    account: bytes, username: str, challenge: bytes, seconds: int, others: Iterable[bytes]
) -> dict[str, Any]:
    """Return the options for `create` as JSON; an authenticator that has one of `others` makes no second one."""
    options = generate_registration_options(
        rp_id=_host(),
        rp_name=NAME,
        user_id=account,
        user_name=username,
        challenge=challenge,
        timeout=seconds * 1000,
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED, user_verification=VERIFIED
        ),
        exclude_credentials=[PublicKeyCredentialDescriptor(id=other) for other in others],
        supported_pub_key_algs=ALGORITHMS,
    )
    return options_to_json_dict(options)


def options_to_use(challenge: bytes, seconds: int) -> dict[str, Any]:
    """Return the options for `get` as JSON; which passkey, and so whose, is the authenticator's to say."""
    return options_to_json_dict(
        generate_authentication_options(
            rp_id=_host(), challenge=challenge, timeout=seconds * 1000, user_verification=VERIFIED
        )
    )


def read_challenge(client_data: bytes) -> bytes:
    """Return the challenge that a browser says it passed on. Raises PasskeyRefused, for a page in a frame as well."""
    try:
        read = parse_client_data_json(client_data)
    except Exception as error:  # what others wrote fails in any way it likes
        raise PasskeyRefused from error
    if read.cross_origin:
        raise PasskeyRefused
    return read.challenge


def verify_made(made: Made, challenge: bytes) -> NewKey:
    """Return the key of a new credential. Raises PasskeyRefused."""
    credential = RegistrationCredential(
        id=base64url.encode(made.credential_id),
        raw_id=made.credential_id,
        response=AuthenticatorAttestationResponse(
            client_data_json=made.client_data, attestation_object=made.attestation
        ),
    )
    try:
        _check_no_certificate(made.attestation)
        found = verify_registration_response(
            credential=credential,
            expected_challenge=challenge,
            expected_rp_id=_host(),
            expected_origin=settings.ORIGIN,
            require_user_verification=True,
            supported_pub_key_algs=ALGORITHMS,
        )
    except Exception as error:  # what others wrote fails in any way it likes
        raise PasskeyRefused from error
    if found.credential_id != made.credential_id:
        raise PasskeyRefused
    return NewKey(found.credential_public_key, found.sign_count)


def verify_used(used: Used, challenge: bytes, known: NewKey) -> int:
    """Return the new sign count. Raises PasskeyRefused, also when the count has not grown (unless both are 0)."""
    credential = AuthenticationCredential(
        id=base64url.encode(used.credential_id),
        raw_id=used.credential_id,
        response=AuthenticatorAssertionResponse(
            client_data_json=used.client_data,
            authenticator_data=used.authenticator_data,
            signature=used.signature,
            user_handle=used.user,
        ),
    )
    try:
        found = verify_authentication_response(
            credential=credential,
            expected_challenge=challenge,
            expected_rp_id=_host(),
            expected_origin=settings.ORIGIN,
            credential_public_key=known.public_key,
            credential_current_sign_count=known.sign_count,
            require_user_verification=True,
        )
    except Exception as error:  # what others wrote fails in any way it likes
        raise PasskeyRefused from error
    return found.new_sign_count


def _check_no_certificate(attestation: bytes) -> None:
    """Refuse an attestation that we did not ask for before a certificate is read; the key's own word tells nothing."""
    read = parse_attestation_object(attestation)
    if read.fmt not in (AttestationFormat.NONE, AttestationFormat.PACKED) or read.att_stmt.x5c:
        raise PasskeyRefused


def _host() -> str:
    return urlsplit(settings.ORIGIN).hostname or ""
