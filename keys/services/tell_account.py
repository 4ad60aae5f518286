"""What `keys` has of an account, for its owner, as JSON has it: rows, sizes, days and ends; no body, no hash.

Days are `YYYY-MM-DD`, times unix milliseconds on a minute, ids base64url, sizes bytes.
"""

from datetime import date, datetime
from typing import Any

from django.db.models import Count, Min, Q, QuerySet, Sum
from django.db.models.functions import Coalesce, Length

from keys import base64url
from keys.models import AccessToken, Account, AccountEvent, Device, RecoveryToken, Registration, ResetPermit, Vault
from keys.selectors import split_keys
from operators.services.entries_about import entries_about
from talk2me.errors import NotFound

Told = dict[str, Any]


def tell_account(account_id: bytes) -> Told:
    """Return what the tables of `keys`, and the operators' list of what they did, have of the account. Raises NotFound.

    Read row after row, without a lock: what changes meanwhile may be told as it was or as it is.
    """
    account = Account.objects.filter(uid=account_id).first()
    if account is None:
        raise NotFound
    return {
        "account": _account(account),
        "chain": _chain(account),
        "devices": [_device(row) for row in _devices(account)],
        "sign_ins": _tokens(AccessToken.objects.filter(device__account=account)),
        "recoveries": _tokens(RecoveryToken.objects.filter(account=account)),
        "vault": _vault(account),
        "passkeys": [_passkey(row) for row in account.passkeys.order_by("pk")],
        "invitations": _invitations(account),
        "registration": _registration(account),
        "invited": _invited(account),
        "link_boxes": _link_boxes(account),
        "reset_permit": _reset_permit(account),
        "operators": _operators(account),
    }


def _account(account: Account) -> Told:
    # The skeleton follows from the name, and of the name's place in the key log there is nothing to see.
    return {
        "account": base64url.encode(account.uid),
        "username": account.username,
        "created": _day(account.created),
        "identity_key": base64url.encode(account.identity_key),
        "former_identities": len(split_keys(account.former_identities)),
        "recovery_keys": len(split_keys(account.recovery_keys)),
        "announced_keys": len(split_keys(account.announced_keys or b"")),
        "open_to_strangers": account.open_to_strangers,
        "suspended": account.suspended,
        "kept_from_strangers": account.kept_from_strangers,
    }


def _chain(account: Account) -> Told:
    events = AccountEvent.objects.filter(account=account)
    found = events.aggregate(count=Count("pk"), bytes=Coalesce(Sum(Length("event")), 0), first=Min("received"))
    # Each has a leaf in the key log, and the name has one more.
    leaves = found["count"] + (account.name_position is not None)
    return {"events": found["count"], "bytes": found["bytes"], "first": _milliseconds(found["first"]), "leaves": leaves}


def _devices(account: Account) -> QuerySet[Device]:
    return account.devices.order_by("added").annotate(
        single_use=Count("key_packages", filter=Q(key_packages__last_resort=False)),
        last_resort=Count("key_packages", filter=Q(key_packages__last_resort=True)),
        size=Coalesce(Sum(Length("key_packages__body")), 0),
        soonest=Min("key_packages__expires"),
    )


def _device(device: Any) -> Told:
    packages = {"single_use": device.single_use, "last_resort": device.last_resort, "bytes": device.size}
    return {
        "device": base64url.encode(device.uid),
        "created": _day(device.created),
        "last_seen": _day(device.last_seen),
        "removed": not device.active,
        "key_packages": packages | {"expires": _milliseconds(device.soonest)},
    }


def _tokens(tokens: Any) -> list[Told]:
    ends = tokens.order_by("expires").values_list("expires", flat=True)
    return [{"expires": _milliseconds(end)} for end in ends]


def _vault(account: Account) -> Told | None:
    found = Vault.objects.filter(account=account).values_list("version", Length("body"), "updated").first()
    return found and {"version": found[0], "bytes": found[1], "updated": _milliseconds(found[2])}


def _passkey(passkey: Any) -> Told:
    days = {"created": _day(passkey.created), "last_used": _day(passkey.last_used)}
    return {"passkey": base64url.encode(passkey.uid), **days}


def _invitations(account: Account) -> list[Told]:
    rows = account.invitations.annotate(used=Count("uses")).order_by("expires")
    return [{"expires": _milliseconds(expires), "used": used} for expires, used in rows.values_list("expires", "used")]


def _registration(account: Account) -> Told | None:
    """Return by whose code the account came: a person's name, or an operator's label."""
    found = Registration.objects.filter(account=account).select_related("code__account").first()
    if found is None:
        return None
    by = found.code.account and found.code.account.username
    return {"day": _day(found.day), "by": by, "label": found.code.label}


def _invited(account: Account) -> list[Told]:
    """Return each code that the account has made, and who came by it."""
    codes = account.registration_codes.order_by("expires").prefetch_related("registrations__account")
    return [
        {
            "expires": _milliseconds(code.expires),
            "state": code.state,
            "accounts": [came.account.username for came in code.registrations.all()],
        }
        for code in codes
    ]


def _link_boxes(account: Account) -> list[Told]:
    rows = account.link_boxes.annotate(size=Coalesce(Sum(Length("parts__body")), 0)).order_by("expires")
    return [{"expires": _milliseconds(expires), "bytes": size} for expires, size in rows.values_list("expires", "size")]


def _reset_permit(account: Account) -> Told | None:
    days = ResetPermit.objects.filter(account=account).values_list("created", "from_day").first()
    return days and {"created": _day(days[0]), "from_day": _day(days[1])}


def _operators(account: Account) -> list[Told]:
    """Return what was done to the account, not by whom."""
    rows = entries_about(account).order_by("pk").values_list("moment", "action")
    return [{"time": _milliseconds(time), "what": what} for time, what in rows]


def _day(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def _milliseconds(moment: datetime | None) -> int | None:
    return None if moment is None else int(moment.timestamp()) * 1000
