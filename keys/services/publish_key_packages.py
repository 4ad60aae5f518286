"""Leaving key packages for others to claim."""

import hashlib
from datetime import timedelta

from django.db import transaction
from django.db.models import Count

from keys import clock
from keys.key_package_format import read_key_package
from keys.models import Device, KeyPackage, SpentKeyPackage
from talk2me.errors import DeviceRevoked, KeyPackageInvalid, KeyPackageUsed, QuotaReached

MOST_FOR_EACH_SUITE = 100
# Ours live 90 days; other implementations make them for a year, and then serve for our 90 days of it.
LONGEST_SECONDS = 366 * 24 * 3600
LONGEST_KEPT = timedelta(days=90)
CLOCK_SKEW_SECONDS = 24 * 3600


def publish_key_packages(device_id: bytes, suite: int, bodies: list[bytes], last_resort: bytes | None = None) -> None:
    """Store the device's key packages of one suite, each an MLSMessage; `last_resort` takes the former one's place.

    Raises KeyPackageInvalid, KeyPackageUsed (one was published before), QuotaReached; then none is stored.
    """
    device = Device.objects.select_related("account").filter(uid=device_id).first()
    if device is None or not device.active:
        raise DeviceRevoked
    if suite not in device.suites:
        raise KeyPackageInvalid
    found = [_checked(device, suite, body, last_resort=False) for body in bodies]
    if last_resort is not None:
        found.append(_checked(device, suite, last_resort, last_resort=True))
    hashes = [key_package.hash for key_package in found]
    with transaction.atomic():
        # One publisher at a time for each device, so the quota is exact.
        Device.objects.select_for_update().get(pk=device.pk)
        if len(set(hashes)) != len(hashes) or _known(hashes):
            raise KeyPackageUsed
        stored = KeyPackage.objects.filter(device=device, suite=suite)
        if stored.filter(last_resort=False).count() + len(bodies) > MOST_FOR_EACH_SUITE:
            raise QuotaReached
        if last_resort is not None:
            _retire(stored.filter(last_resort=True).first())
        KeyPackage.objects.bulk_create(found)


def remaining_key_packages(device_id: bytes) -> dict[int, int]:
    """Return how many single-use key packages of the device are left for each of its suites."""
    device = Device.objects.get(uid=device_id)
    left = device.key_packages.filter(last_resort=False, expires__gt=clock.now()).order_by().values_list("suite")
    counts: dict[int, int] = dict(left.annotate(Count("id")))
    return {suite: counts.get(suite, 0) for suite in device.suites}


def suites_with_last_resort(device_id: bytes) -> dict[int, bool]:
    """Return for each suite of the device whether its last-resort key package is there."""
    device = Device.objects.get(uid=device_id)
    there = set(device.key_packages.filter(last_resort=True, expires__gt=clock.now()).values_list("suite", flat=True))
    return {suite: suite in there for suite in device.suites}


def _checked(device: Device, suite: int, body: bytes, *, last_resort: bool) -> KeyPackage:
    facts = read_key_package(body)
    now = int(clock.now().timestamp())
    if (
        (facts.suite, facts.last_resort) != (suite, last_resort)
        or facts.identity != device.account.uid + device.uid
        or facts.signature_key != device.signature_key
        or not facts.not_before - CLOCK_SKEW_SECONDS <= now < facts.not_after
        or facts.not_after - facts.not_before > LONGEST_SECONDS
    ):
        raise KeyPackageInvalid
    ends = clock.this_minute() + min(LONGEST_KEPT, timedelta(seconds=facts.not_after - now))
    return KeyPackage(
        device=device,
        suite=suite,
        body=body,
        hash=hashlib.sha256(body).digest(),
        last_resort=last_resort,
        expires=ends,
        created=clock.today(),
    )


def _known(hashes: list[bytes]) -> bool:
    return (
        KeyPackage.objects.filter(hash__in=hashes).exists() or SpentKeyPackage.objects.filter(hash__in=hashes).exists()
    )


def _retire(former: KeyPackage | None) -> None:
    if former is not None:
        SpentKeyPackage.objects.create(hash=former.hash, expires=former.expires)
        former.delete()
