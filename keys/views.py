"""The endpoints under `/api/` (docs/wire_format.md 2): each reads its request, calls a service, answers."""

from typing import Any

from keys import base64url, chain_event, schemas, selectors, services
from keys.api import Answer, Call, as_bytes, as_number, by_method, endpoint
from talk2me.errors import NotFound


def chain_answer(account: bytes, after: int, since: int) -> dict[str, Any]:
    """Return the fields of an answer that tells a chain with its proofs. Raises NotFound."""
    found = services.read_chain(account, after, since)
    events = [{"event": base64url.encode(event), "signatures": signatures} for event, signatures in found.events]
    return {"account": base64url.encode(account), "events": events, "log": found.log}


@endpoint(schemas.NewAccount, signed_in=False, limit="accounts")
def _create_account(call: Call[schemas.NewAccount]) -> Answer:
    signatures = chain_event.read_signatures(call.body.signatures)
    account, device = services.create_account(as_bytes(call.body.event), signatures, call.body.invite, call.body.work)
    return 201, {"account": base64url.encode(account), "device": base64url.encode(device)}


@endpoint(schemas.WorkChallenge, signed_in=False)
def _make_work(call: Call[schemas.WorkChallenge]) -> Answer:
    return {"challenge": services.start_work(as_bytes(call.body.account, 16))}


@endpoint(schemas.Nothing, signed_in=True)
def _invite(call: Call[schemas.Nothing]) -> Answer:
    made = services.invite(call.signed_in.account)
    return 201, {"code": made.code, "expires": int(made.expires.timestamp()) * 1000, "left": made.left}


@endpoint(schemas.NewEvent, signed_in=False, limit="events")
def _append_event(call: Call[schemas.NewEvent], account: bytes) -> Answer:
    signatures = chain_event.read_signatures(call.body.signatures)
    event, reset_code = as_bytes(call.body.event), call.body.reset_code
    return 201, {"seq": services.append_account_event(account, event, signatures, reset_code=reset_code)}


@endpoint(schemas.Nothing, signed_in=True)
def _read_chain(call: Call[schemas.Nothing], account: bytes) -> Answer:
    return chain_answer(account, as_number(call.request, "after", 0), as_number(call.request, "since", 0))


@endpoint(schemas.ChainToJoin, signed_in=False, recovering=True, limit="sign_in")
def _read_chain_to_join(call: Call[schemas.ChainToJoin], account: bytes) -> Answer:
    """Tell the chain to a browser that is about to become a device of it: nobody else's."""
    if call.account != account:
        raise NotFound
    return chain_answer(account, 0, call.body.since)


@endpoint(schemas.Lookup, signed_in=True)
def _lookup(call: Call[schemas.Lookup]) -> Answer:
    account = services.lookup_account(call.signed_in.account, call.body.username)
    return chain_answer(account, 0, call.body.since)


@endpoint(schemas.Challenge, signed_in=False, limit="sign_in")
def _start_sign_in(call: Call[schemas.Challenge]) -> Answer:
    nonce, seconds = services.start_sign_in(as_bytes(call.body.account, 16), as_bytes(call.body.device, 16))
    return {"nonce": base64url.encode(nonce), "expires_in": seconds}


@endpoint(schemas.SignIn, signed_in=False, limit="sign_in")
def _sign_in(call: Call[schemas.SignIn]) -> Answer:
    token, seconds = services.sign_in(
        as_bytes(call.body.account, 16),
        as_bytes(call.body.device, 16),
        as_bytes(call.body.nonce),
        as_bytes(call.body.signature, 64),
    )
    return {"token": base64url.encode(token), "expires_in": seconds}


@endpoint(schemas.Nothing, signed_in=True)
def _sign_out(call: Call[schemas.Nothing]) -> Answer:
    services.sign_out(call.token)
    return {}


def _remaining(device: bytes) -> dict[str, int]:
    return {str(suite): count for suite, count in services.remaining_key_packages(device).items()}


@endpoint(schemas.KeyPackages, signed_in=True, body_bytes=256 * 1024)
def _publish_key_packages(call: Call[schemas.KeyPackages]) -> Answer:
    device, body = call.signed_in.device, call.body
    last_resort = None if body.last_resort is None else as_bytes(body.last_resort)
    services.publish_key_packages(device, body.suite, [as_bytes(text) for text in body.key_packages], last_resort)
    return {"remaining": _remaining(device)}


@endpoint(schemas.Nothing, signed_in=True)
def _count_key_packages(call: Call[schemas.Nothing]) -> Answer:
    device = call.signed_in.device
    last_resort = {str(suite): there for suite, there in services.suites_with_last_resort(device).items()}
    return {"remaining": _remaining(device), "last_resort": last_resort}


@endpoint(schemas.Claim, signed_in=True)
def _claim_key_packages(call: Call[schemas.Claim]) -> Answer:
    invitation = None if call.body.invitation is None else as_bytes(call.body.invitation, 16)
    who = call.signed_in
    claimed = services.claim_key_packages(
        who.account, who.device, as_bytes(call.body.account, 16), call.body.suite, invitation
    )
    devices = [
        {
            "device": base64url.encode(one.device),
            "key_package": base64url.encode(one.body),
            "last_resort": one.last_resort,
        }
        for one in claimed
    ]
    return {"devices": devices}


@endpoint(schemas.NewInvitation, signed_in=True)
def _create_invitation(call: Call[schemas.NewInvitation]) -> Answer:
    services.create_invitation(call.signed_in.account, as_bytes(call.body.token_hash, 32), call.body.expires_in)
    return 201, {}


@endpoint(schemas.Nothing, signed_in=True, recovering=True)
def _read_vault(call: Call[schemas.Nothing]) -> Answer:
    found = selectors.stored_vault(call.account)
    if found is None:
        raise NotFound
    return {"version": found[0], "vault": base64url.encode(found[1])}


@endpoint(schemas.NewVault, signed_in=True, body_bytes=3 * 512 * 1024)
def _store_vault(call: Call[schemas.NewVault]) -> Answer:
    services.store_vault(call.signed_in.account, call.signed_in.device, call.body.version, as_bytes(call.body.vault))
    return {"version": call.body.version}


@endpoint(schemas.Nothing, signed_in=True)
def _list_devices(call: Call[schemas.Nothing]) -> Answer:
    account = call.signed_in.account
    devices = [
        {
            "device": base64url.encode(one.device),
            "created": one.created.isoformat(),
            "last_seen": None if one.last_seen is None else one.last_seen.isoformat(),
        }
        for one in selectors.devices_of(account)
    ]
    reset_from = selectors.reset_from(account)
    return {"devices": devices, "reset_from": None if reset_from is None else reset_from.isoformat()}


@endpoint(schemas.Nothing, signed_in=True)
def _read_settings(call: Call[schemas.Nothing]) -> Answer:
    return {"open_to_strangers": selectors.open_to_strangers(call.signed_in.account)}


@endpoint(schemas.Settings, signed_in=True)
def _store_settings(call: Call[schemas.Settings]) -> Answer:
    services.set_open_to_strangers(call.signed_in.account, value=call.body.open_to_strangers)
    return {"open_to_strangers": call.body.open_to_strangers}


accounts = by_method(POST=_create_account)
work = by_method(POST=_make_work)
registration_codes = by_method(POST=_invite)
events = by_method(POST=_append_event)
chain = by_method(GET=_read_chain, POST=_read_chain_to_join)
lookup = by_method(POST=_lookup)
challenge = by_method(POST=_start_sign_in)
sign_in = by_method(POST=_sign_in)
sign_out = by_method(POST=_sign_out)
key_packages = by_method(GET=_count_key_packages, POST=_publish_key_packages)
claim = by_method(POST=_claim_key_packages)
invitations = by_method(POST=_create_invitation)
vault = by_method(GET=_read_vault, PUT=_store_vault)
devices = by_method(GET=_list_devices)
settings = by_method(GET=_read_settings, PUT=_store_settings)
