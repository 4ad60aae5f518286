"""Taking key packages of someone's devices, to add these to a group."""

import hashlib
from dataclasses import dataclass

from django.db import IntegrityError, transaction

from keys import clock, labels, signals
from keys.models import Account, ClaimGrant, Device, Invitation, InvitationUse, KeyPackage, SpentKeyPackage
from keys.selectors import grant_mark, is_kept_from_strangers
from talk2me import limits
from talk2me.errors import ClaimRefused, NoKeyPackage, NotFound

# The commit that adds what was claimed may wait for its browser to be online again.
GRANT_SECONDS = 7 * 24 * 3600


@dataclass(frozen=True)
class ClaimedKeyPackage:
    """`device` is its id, `body` an MLSMessage; `last_resort` ones are given to others too."""

    device: bytes
    body: bytes
    last_resort: bool


def claim_key_packages(
    requester: bytes, requester_device: bytes, target: bytes, suite: int, invitation: bytes | None = None
) -> list[ClaimedKeyPackage]:
    """Return one key package for each active device of the account `target` that supports `suite`.

    The requester's own device is left out. All in one transaction: when one device has none left, none is used up.
    Raises NotFound, ClaimRefused, NoKeyPackage (also when no device supports the suite), RateLimited.
    """
    limits.hit("claim", requester)
    if requester != target:
        # One person's key packages are not another's to use up.
        limits.hit("claim_pair", requester + target)
    with transaction.atomic():
        account = Account.objects.filter(uid=target, suspended=False).first()
        if account is None:
            raise NotFound
        if not _may_claim(requester, account, invitation):
            raise ClaimRefused
        devices = [
            device
            for device in account.devices.filter(removed=None).exclude(uid=requester_device)
            if suite in device.suites
        ]
        if not devices and requester != target:
            raise NoKeyPackage
        return [_take(device, suite) for device in devices]


def _may_claim(requester: bytes, target: Account, invitation: bytes | None) -> bool:
    if requester == target.uid or (target.open_to_strangers and not is_kept_from_strangers(requester)):
        return True
    answers = signals.claim_requested.send(None, requester=requester, target=target.uid)
    if any(bool(answer) for _receiver, answer in answers):
        return True
    return invitation is not None and _use_invitation(requester, target, invitation)


def _use_invitation(requester: bytes, target: Account, token: bytes) -> bool:
    hashed = hashlib.sha256(token).digest()
    invitation = Invitation.objects.filter(account=target, token_hash=hashed, expires__gt=clock.now()).first()
    if invitation is None:
        return False
    mark = hashlib.sha256(labels.label("invitation use") + token + requester).digest()
    try:
        with transaction.atomic():
            InvitationUse.objects.create(invitation=invitation, mark=mark)
    except IntegrityError:
        return False
    ClaimGrant.objects.update_or_create(
        mark=grant_mark(requester, target.uid), defaults={"expires": clock.in_seconds(GRANT_SECONDS)}
    )
    return True


def _take(device: Device, suite: int) -> ClaimedKeyPackage:
    good = device.key_packages.filter(suite=suite, expires__gt=clock.now())
    # Two claims at once never see the same row: the second skips what the first has locked. SQLite has one writer.
    single = good.filter(last_resort=False).select_for_update(skip_locked=True).order_by("id").first()
    if single is not None:
        SpentKeyPackage.objects.create(hash=single.hash, expires=single.expires)
        KeyPackage.objects.filter(pk=single.pk).delete()
        return ClaimedKeyPackage(device.uid, single.body, last_resort=False)
    last = good.filter(last_resort=True).first()
    if last is None:
        raise NoKeyPackage
    return ClaimedKeyPackage(device.uid, last.body, last_resort=True)
