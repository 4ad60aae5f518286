"""The endpoints of passkeys (docs/devices.md 3). What a credential's extensions gave has no place in any of them."""

from typing import Any

from keys import base64url, passkey_schemas, schemas, services
from keys.api import Answer, Call, as_bytes, by_method, endpoint
from keys.models import Passkey
from keys.passkey_proof import Made, Used
from keys.passkey_schemas import Credential
from talk2me.errors import BadRequest


@endpoint(schemas.Nothing, signed_in=True)
def _start_passkey(call: Call[schemas.Nothing]) -> Answer:
    return {"options": services.start_passkey(call.signed_in.account)}


@endpoint(passkey_schemas.NewPasskey, signed_in=True)
def _add_passkey(call: Call[passkey_schemas.NewPasskey]) -> Answer:
    credential = call.body.credential
    response = credential.response
    made = Made(_credential_id(credential), as_bytes(response.client_data), as_bytes(response.attestation))
    uid = services.add_passkey(call.signed_in.account, made, as_bytes(call.body.recovery_key, 32))
    return 201, {"passkey": base64url.encode(uid)}


def _row(passkey: Passkey) -> dict[str, str | None]:
    return {
        "passkey": base64url.encode(passkey.uid),
        "recovery_key": base64url.encode(passkey.recovery_key),
        "created": passkey.created.isoformat(),
        "last_used": None if passkey.last_used is None else passkey.last_used.isoformat(),
    }


@endpoint(schemas.Nothing, signed_in=True)
def _list_passkeys(call: Call[schemas.Nothing]) -> Answer:
    return {"passkeys": [_row(passkey) for passkey in services.list_passkeys(call.signed_in.account)]}


@endpoint(schemas.Nothing, signed_in=True)
def _delete_passkey(call: Call[schemas.Nothing], passkey: bytes) -> Answer:
    services.delete_passkey(call.signed_in.account, passkey)
    return {}


@endpoint(schemas.Nothing, signed_in=False, limit="sign_in")
def _start_sign_in(_call: Call[schemas.Nothing]) -> Answer:
    return {"options": services.start_passkey_sign_in()}


@endpoint(passkey_schemas.PasskeySignIn, signed_in=False, limit="sign_in")
def _sign_in(call: Call[passkey_schemas.PasskeySignIn]) -> Answer:
    credential = call.body.credential
    response = credential.response
    used = Used(
        _credential_id(credential),
        as_bytes(response.client_data),
        as_bytes(response.authenticator_data),
        as_bytes(response.signature),
        as_bytes(response.user, 16),
    )
    passkey, token, seconds = services.passkey_sign_in(used)
    return {
        "account": base64url.encode(passkey.account.uid),
        "recovery_key": base64url.encode(passkey.recovery_key),
        "token": base64url.encode(token),
        "expires_in": seconds,
    }


def _credential_id(credential: Credential[Any]) -> bytes:
    if credential.id != credential.raw_id:
        raise BadRequest
    return as_bytes(credential.raw_id)


options = by_method(POST=_start_passkey)
passkeys = by_method(GET=_list_passkeys, POST=_add_passkey)
passkey = by_method(DELETE=_delete_passkey)
challenge = by_method(POST=_start_sign_in)
sign_in = by_method(POST=_sign_in)
