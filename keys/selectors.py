"""Reading accounts and devices. `messaging` may call everything here that takes and gives ids (16 bytes)."""

import hashlib
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from keys import clock, labels, usernames
from keys.chain_state import Announced, DeviceState, Reset, State
from keys.models import Account, ClaimGrant, Device, ResetPermit, Vault
from talk2me.errors import UsernameInvalid


@dataclass(frozen=True)
class DeviceFacts:
    """`active`: not removed, and the account not suspended."""

    account: bytes
    device: bytes
    suites: tuple[int, ...]
    active: bool


@dataclass(frozen=True)
class DeviceDays:
    """When a device was added and when it last signed in, to the day."""

    device: bytes
    created: date
    last_seen: date | None


def active_devices(account_ids: Iterable[bytes]) -> dict[bytes, list[bytes]]:
    """Return the active devices of each of the accounts, in the order they were added.

    Unknown and suspended accounts have none and are left out.
    """
    rows = (
        Device.objects.filter(account__uid__in=list(account_ids), account__suspended=False, removed=None)
        .order_by("added")
        .values_list("account__uid", "uid")
    )
    found: dict[bytes, list[bytes]] = {}
    for account, device in rows:
        found.setdefault(account, []).append(device)
    return found


def accounts_of_devices(device_ids: Iterable[bytes], *, suspended: bool = False) -> dict[bytes, bytes]:
    """Return the account of each active device among `device_ids`; others are left out.

    With `suspended`, devices that only their account's suspension keeps from being active are told too.
    """
    rows = Device.objects.filter(uid__in=list(device_ids), removed=None)
    if not suspended:
        rows = rows.filter(account__suspended=False)
    return dict(rows.values_list("uid", "account__uid"))


def existing_devices(device_ids: Iterable[bytes]) -> set[bytes]:
    """Return which of the devices exist, removed ones and those of suspended accounts too."""
    return set(Device.objects.filter(uid__in=list(device_ids)).values_list("uid", flat=True))


def who_may_be_added(requester: bytes, account_ids: Collection[bytes]) -> set[bytes]:
    """Return which of the accounts take a conversation from `requester`, whom they share none with.

    Those open to strangers, unless operators keep it from them, and those whose invitation it has used lately.
    """
    found = Account.objects.filter(uid__in=list(account_ids), suspended=False)
    open_ones = set(found.filter(open_to_strangers=True).values_list("uid", flat=True))
    if open_ones and is_kept_from_strangers(requester):
        open_ones = set()
    marks = {grant_mark(requester, account): account for account in account_ids if account not in open_ones}
    granted = ClaimGrant.objects.filter(mark__in=list(marks), expires__gt=clock.now()).values_list("mark", flat=True)
    return open_ones | {marks[mark] for mark in granted}


def is_kept_from_strangers(account_id: bytes) -> bool:
    """Return whether operators keep the account from those that it does not know."""
    return Account.objects.filter(uid=account_id, kept_from_strangers=True).exists()


def grant_mark(requester: bytes, target: bytes) -> bytes:
    """Return the mark under which it is kept that `requester` has used an invitation of `target`."""
    return hashlib.sha256(labels.label("claim grant") + requester + target).digest()


def existing_accounts(account_ids: Iterable[bytes]) -> set[bytes]:
    """Return which of the accounts exist and are not suspended."""
    return set(Account.objects.filter(uid__in=list(account_ids), suspended=False).values_list("uid", flat=True))


def usernames_of(account_ids: Collection[bytes]) -> dict[bytes, str]:
    """Return the username of each of the accounts, suspended ones too; unknown ones are left out."""
    return dict(Account.objects.filter(uid__in=list(account_ids)).values_list("uid", "username"))


def account_named(username: str) -> bytes | None:
    """Return the id of the account of that name, a suspended one too, whatever its case or width."""
    try:
        canonical = usernames.canonical(username)
    except UsernameInvalid:
        return None
    return Account.objects.filter(username=canonical).values_list("uid", flat=True).first()


def device_facts(device_id: bytes) -> DeviceFacts | None:
    """Return what is known of a device, removed ones too; None for an unknown one."""
    device = Device.objects.select_related("account").filter(uid=device_id).first()
    if device is None:
        return None
    active = device.active and not device.account.suspended
    return DeviceFacts(device.account.uid, device.uid, tuple(device.suites), active)


def devices_of(account_id: bytes) -> list[DeviceDays]:
    """Return every device that the account has or had, in the order they were added."""
    rows = Device.objects.filter(account__uid=account_id).order_by("added")
    return [DeviceDays(*row) for row in rows.values_list("uid", "created", "last_seen")]


def reset_from(account_id: bytes) -> date | None:
    """Return the day from which the operator's leave to start the account over counts; None without one."""
    return ResetPermit.objects.filter(account__uid=account_id).values_list("from_day", flat=True).first()


def stored_vault(account_id: bytes) -> tuple[int, bytes] | None:
    """Return the version and the bytes of the account's vault, or None."""
    return Vault.objects.filter(account__uid=account_id).values_list("version", "body").first()


def open_to_strangers(account_id: bytes) -> bool:
    """Return whether anyone may claim the account's key packages; False for an unknown one."""
    return Account.objects.filter(uid=account_id, open_to_strangers=True).exists()


def chain_state(account: Account) -> State:
    """Return the state of a stored chain, from the rows that mirror it."""
    devices = tuple(
        DeviceState(
            device.uid, device.signature_key, device.sign_in_key, tuple(device.suites), device.added, device.removed
        )
        for device in account.devices.order_by("added")
    )
    return State(
        account.uid,
        account.username,
        account.identity_key,
        split_keys(account.recovery_keys),
        devices,
        account.seq,
        account.head,
        announced=_announced(account),
        reset=_reset(account),
        former_identities=split_keys(account.former_identities),
    )


def split_keys(joined: bytes) -> tuple[bytes, ...]:
    """Return the keys of 32 bytes that a column holds one after the other."""
    return tuple(joined[at : at + 32] for at in range(0, len(joined), 32))


def _announced(account: Account) -> Announced | None:
    if account.announced_keys is None or account.announced_time is None or account.announced_seq is None:
        return None
    return Announced(split_keys(account.announced_keys), account.announced_time, account.announced_seq)


def _reset(account: Account) -> Reset | None:
    if account.reset_seq is None:
        return None
    return Reset(account.reset_seq, "recovery" if account.reset_by == "recovery" else "operator")
