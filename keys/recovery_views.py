"""The endpoints of who has no device of an account: by a recovery key, or by leave to start over."""

from keys import base64url, schemas, services
from keys.api import Answer, Call, as_bytes, by_method, endpoint
from talk2me.errors import BadRequest


@endpoint(schemas.RecoveryChallenge, signed_in=False, limit="sign_in")
def _start_recovery(call: Call[schemas.RecoveryChallenge]) -> Answer:
    username, account = call.body.username, call.body.account
    if username is not None and account is None:
        found = services.start_recovery_by_name(username)
    elif account is not None and username is None:
        found = services.start_recovery(as_bytes(account, 16))
    else:
        raise BadRequest
    return {
        "account": base64url.encode(found.account),
        "nonce": base64url.encode(found.nonce),
        "expires_in": found.seconds,
    }


@endpoint(schemas.RecoverySignIn, signed_in=False, limit="recovery")
def _recovery_sign_in(call: Call[schemas.RecoverySignIn]) -> Answer:
    token, seconds = services.recovery_sign_in(
        as_bytes(call.body.account, 16),
        as_bytes(call.body.key, 32),
        as_bytes(call.body.nonce),
        as_bytes(call.body.signature, 64),
    )
    return {"token": base64url.encode(token), "expires_in": seconds}


@endpoint(schemas.ResetStart, signed_in=False, limit="recovery")
def _start_reset(call: Call[schemas.ResetStart]) -> Answer:
    account, token, seconds = services.start_reset(call.body.username, call.body.code)
    return {"account": base64url.encode(account), "token": base64url.encode(token), "expires_in": seconds}


@endpoint(schemas.Nothing, signed_in=True)
def _object_reset(call: Call[schemas.Nothing]) -> Answer:
    services.withdraw_reset_permit(call.signed_in.account)
    return {}


challenge = by_method(POST=_start_recovery)
sign_in = by_method(POST=_recovery_sign_in)
start_reset = by_method(POST=_start_reset)
reset_permit = by_method(DELETE=_object_reset)
