"""Codes that let people in: an operator's, those by which people invite others, the gate's."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Case, F, Q, QuerySet, Value, When

from keys import base64url, clock, labels
from keys.models import Account, GateMark, Registration, RegistrationCode
from talk2me.errors import InviteRequired, InvitesUsedUp, NotFound

# How long a person's invitation, and a code of the gate's, counts.
INVITE_DAYS = 7
GATE_DAYS = 1


def _hash(code: str) -> bytes:
    return hashlib.sha256(labels.label("registration code") + code.strip().encode()).digest()


def create_registration_code(
    days: int,
    *,
    most: int = 1,
    label: str = "",
    account: Account | None = None,
    gate_mark: GateMark | None = None,
) -> str:
    """Return a new code that makes `most` accounts within `days`; only its hash is kept."""
    code = base64url.encode(secrets.token_bytes(16))
    RegistrationCode.objects.create(
        hash=_hash(code),
        created=clock.today(),
        expires=clock.this_minute() + timedelta(days=days),
        most=most,
        label=label,
        account=account,
        gate_mark=gate_mark,
    )
    return code


def rows_of_codes(codes: list[str]) -> QuerySet[RegistrationCode]:
    """Return the rows of codes that were just made."""
    return RegistrationCode.objects.filter(hash__in=[_hash(code) for code in codes])


def registration_link(code: str) -> str:
    """Return the link that opens the page at signing up, with the code. What is behind # is sent to no server."""
    return f"{settings.ORIGIN}/#r={code}"


@dataclass(frozen=True)
class Invite:
    """A code that somebody with an account may give away, until when, and how many more of them there can be."""

    code: str
    expires: datetime
    left: int


def invite(account_id: bytes) -> Invite:
    """Make a code for one account, in the name of who invites. Raises InvitesUsedUp, NotFound where nobody may."""
    if not settings.REGISTRATION_INVITES or settings.REGISTRATION == "closed":
        raise NotFound
    with transaction.atomic():
        account = Account.objects.select_for_update().get(uid=account_id)
        left = invites_left(account) - 1
        if left < 0:
            raise InvitesUsedUp
        code = create_registration_code(INVITE_DAYS, account=account)
    return Invite(code, clock.this_minute() + timedelta(days=INVITE_DAYS), left)


def invites_left(account: Account) -> int:
    """Return how many more people the account may invite: those that nobody used count no more once they expired."""
    made = account.registration_codes.filter(Q(expires__gt=clock.now()) | Q(uses__gt=0)).count()
    most: int = settings.REGISTRATION_INVITES
    return max(0, most - made)


def valid_codes() -> QuerySet[RegistrationCode]:
    """Return the codes that still make an account. Who is suspended invites nobody."""
    mine = Q(account=None) | Q(account__suspended=False)
    return RegistrationCode.objects.filter(mine, used=None, revoked=False, uses__lt=F("most"), expires__gt=clock.now())


def spend_registration_code(code: str | None) -> RegistrationCode:
    """Use `code` once, in the transaction that makes the account, and return it for `note_registration`.

    Raises InviteRequired without one that is valid.
    """
    found = valid_codes().filter(hash=_hash(code or "")).first()
    if found is None:
        raise InviteRequired
    # Asked for again while it changes: two at once don't use it up twice.
    last = When(uses__gte=F("most") - 1, then=Value(clock.today()))
    rows = RegistrationCode.objects.filter(pk=found.pk, used=None, revoked=False, uses__lt=F("most"))
    if not rows.update(uses=F("uses") + 1, used=Case(last, default=None)):
        raise InviteRequired
    if found.gate_mark is not None:
        person = GateMark.objects.filter(pk=found.gate_mark.pk, accounts__lt=settings.OIDC_ACCOUNTS)
        if not person.update(accounts=F("accounts") + 1):
            raise InviteRequired
    return found


def note_registration(account: Account, code: RegistrationCode) -> None:
    """Keep by whose code the account came. Of one of the gate's nothing is kept: it would say whose account this is."""
    if code.gate_mark is not None:
        code.delete()
    else:
        Registration.objects.create(account=account, code=code, day=clock.today())


def revoke_registration_codes(codes: QuerySet[RegistrationCode]) -> int:
    """End those of `codes` that still count; return how many. Accounts that they have made stay."""
    # Workers of the release before look at `used` alone.
    done: int = codes.filter(used=None).update(revoked=True, used=clock.today())
    return done
