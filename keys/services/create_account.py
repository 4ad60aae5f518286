"""Registering an account: its chain's first event, and whether it may."""

import hashlib
import time

from django.conf import settings
from django.db import IntegrityError, transaction

from keys import chain, clock, signals, usernames, work
from keys.chain_event import Signatures
from keys.chain_state import State
from keys.key_log.errors import KeyLogInvalid
from keys.models import Account, AccountEvent, RegistrationCode
from keys.services.registration_codes import note_registration, spend_registration_code
from keys.services.store_event import store_device, store_event
from keys.services.store_state import state_columns
from talk2me.errors import AccountTaken, InviteRequired, RegistrationClosed, UsernameTaken, WorkRequired


def create_account(
    event: bytes, signatures: Signatures, invite: str | None = None, solution: str | None = None
) -> tuple[bytes, bytes]:
    """Create the account that `event` describes and return its id and its first device's, 16 bytes each.

    `invite` is a registration code, `solution` that of a challenge (keys.work). The same event again changes nothing
    and gives the same answer. Raises RegistrationClosed, InviteRequired, WorkRequired, UsernameInvalid, UsernameTaken,
    AccountTaken, and what keys.chain.verify_event raises.
    """
    if settings.REGISTRATION == "closed":
        raise RegistrationClosed
    state = chain.verify_event(None, event, signatures, origin=settings.ORIGIN, now_ms=time.time_ns() // 1_000_000)
    usernames.check(state.username)
    device = state.devices[0]
    with transaction.atomic():
        if AccountEvent.objects.filter(account__uid=state.account, seq=1, hash=hashlib.sha256(event).digest()).exists():
            return state.account, device.device_id
        code = _spend(invite)
        account = _store_account(state)
        # Behind the name: who chose one that is taken hears of it before any work.
        if code is None:
            _check_work(state.account, solution)
        else:
            note_registration(account, code)
        store_device(account, device)
        signals.account_created.send(None, account=state.account, device=device.device_id)
        try:
            store_event(account, event, signatures, state, "create")
        except KeyLogInvalid as error:
            # An account of this id was deleted: the log has its first event for ever.
            raise AccountTaken from error
    return state.account, device.device_id


def _spend(invite: str | None) -> RegistrationCode | None:
    """Return the code by which the account comes; None without one where it need not have any."""
    if invite is None and settings.REGISTRATION == "open":
        return None
    try:
        return spend_registration_code(invite)
    except InviteRequired:
        if settings.REGISTRATION == "open":
            return None
        raise


def _check_work(account_id: bytes, solution: str | None) -> None:
    if settings.REGISTRATION_WORK and not (solution and work.is_solved(account_id, solution)):
        raise WorkRequired


def _store_account(state: State) -> Account:
    skeleton = usernames.skeleton(state.username)
    if Account.objects.filter(uid=state.account).exists():
        raise AccountTaken
    try:
        with transaction.atomic():
            return Account.objects.create(
                uid=state.account,
                username=state.username,
                skeleton=skeleton,
                created=clock.today(),
                **state_columns(state),
            )
    except IntegrityError as error:
        # Two at once: the table's own constraints decide.
        raise UsernameTaken from error
