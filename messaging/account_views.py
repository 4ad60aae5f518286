"""The endpoints about an account as a whole: what is known of it, and its end (docs/what_the_server_knows.md)."""

from msgspec import Struct

from keys import base64url, services
from keys.api import Answer, Call, as_bytes, by_method, endpoint
from keys.schemas import Nothing, Signature
from messaging.services.tell_stored import tell_stored
from talk2me import limits


class Deletion(Struct, forbid_unknown_fields=True, frozen=True):
    nonce: str
    identity: Signature
    device: Signature


@endpoint(Nothing, signed_in=True)
def _tell(call: Call[Nothing]) -> Answer:
    account = call.signed_in.account
    limits.hit("known", account)
    return services.tell_account(account) | tell_stored(account)


@endpoint(Nothing, signed_in=True)
def _start_deletion(call: Call[Nothing]) -> Answer:
    nonce, seconds = services.start_deletion(call.signed_in.account, call.signed_in.device)
    return {"nonce": base64url.encode(nonce), "expires_in": seconds}


@endpoint(Deletion, signed_in=True)
def _delete(call: Call[Deletion]) -> Answer:
    body, asking = call.body, call.signed_in
    limits.hit("known", asking.account)
    identity, device = as_bytes(body.identity, 64), as_bytes(body.device, 64)
    services.delete_own_account(asking.account, asking.device, as_bytes(body.nonce), identity, device)
    return {}


account = by_method(GET=_tell)
deletion_challenge = by_method(POST=_start_deletion)
deletion = by_method(POST=_delete)
