"""The second factor of an operator: setting it up, checking a code, recovery codes."""

import base64
import os
import time

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac

from operators import totp
from operators.models import RecoveryCode, SecondFactor
from operators.services.record_action import record_action

RECOVERY_CODES = 8


def factor_of(user: User) -> SecondFactor | None:
    """Return the second factor that the operator has to show, None without one."""
    return SecondFactor.objects.filter(user=user).exclude(since=None).first()


def begin_factor(user: User) -> bytes:
    """Return a new secret, which counts once `confirm_factor` has seen a code of it; one begun before is forgotten."""
    secret = totp.make_secret()
    SecondFactor.objects.update_or_create(user=user, since=None, defaults={"sealed": totp.seal(secret), "last_step": 0})
    return secret


def begun_secret(user: User) -> bytes | None:
    """Return the secret that waits for its first code."""
    factor = SecondFactor.objects.filter(user=user, since=None).first()
    return None if factor is None else totp.unseal(factor.sealed)


def confirm_factor(user: User, code: str) -> SecondFactor | None:
    """Let the secret count that was begun, if `code` is of it; else return None."""
    with transaction.atomic():
        factor = SecondFactor.objects.select_for_update().filter(user=user, since=None).first()
        if factor is None or not _use_step(factor, _only_signs(code)):
            return None
        factor.refresh_from_db()
        factor.since = timezone.now().date()
        factor.save(update_fields=["since"])
        record_action(user.get_username(), "second factor set up", user)
    return factor


def check_code(factor: SecondFactor, code: str) -> bool:
    """Say whether `code` is one of the app, or a recovery code; either is good once."""
    signs = _only_signs(code)
    if signs.isdecimal():
        return _use_step(factor, signs)
    used, _ = RecoveryCode.objects.filter(factor=factor, hash=_hash(signs)).delete()
    return bool(used)


def make_recovery_codes(factor: SecondFactor) -> list[str]:
    """Return new recovery codes, which are shown once; those of before no longer count."""
    codes = [base64.b32encode(os.urandom(10)).decode().lower() for _ in range(RECOVERY_CODES)]
    with transaction.atomic():
        factor.recovery_codes.all().delete()
        RecoveryCode.objects.bulk_create([RecoveryCode(factor=factor, hash=_hash(code)) for code in codes])
        record_action(factor.user.get_username(), "recovery codes made", factor.user)
    return ["-".join(code[at : at + 4] for at in range(0, 16, 4)) for code in codes]


def remove_factor(user: User, by: str) -> bool:
    """Take the second factor away; return whether there was one. `by` is the operator who does it."""
    with transaction.atomic():
        removed, _ = SecondFactor.objects.filter(user=user).delete()
        if removed:
            record_action(by, "second factor removed", user)
    return bool(removed)


def _use_step(factor: SecondFactor, code: str) -> bool:
    secret = totp.unseal(factor.sealed)
    step = None if secret is None else totp.step_of(secret, code, time.time())
    if step is None:
        return False
    # In one statement, so that of two who show the same code at once only one is let in.
    return bool(SecondFactor.objects.filter(pk=factor.pk, last_step__lt=step).update(last_step=step))


def _only_signs(code: str) -> str:
    return "".join(sign for sign in code.lower() if sign.isascii() and sign.isalnum())


def _hash(code: str) -> bytes:
    return salted_hmac("talk2me.operators.recovery_code", code, algorithm="sha256").digest()
