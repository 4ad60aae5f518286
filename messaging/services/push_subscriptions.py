"""Which devices can be told by push, and which of them are to be told now."""

from collections.abc import Collection, Mapping

from django.db import transaction
from django.db.models import Q, QuerySet

from keys import selectors as keys
from keys import services as key_services
from messaging.clock import this_minute
from messaging.models import PushSubscription, Subscription
from messaging.push_endpoint import read_endpoint
from talk2me.errors import Unauthenticated

# Who was told and did not come is told again after this.
AGAIN_SECONDS = 10 * 60


def subscribe_push(device: bytes, endpoint: str) -> None:
    """Tell the device there from now on.

    Raises BadRequest for an address that no push service has, Unauthenticated when the device is gone.
    """
    read_endpoint(endpoint)
    with transaction.atomic():
        account = keys.accounts_of_devices([device]).get(device)
        if account is None:
            raise Unauthenticated
        # Held, so that it does not go meanwhile.
        key_services.hold_devices(account)
        if device not in keys.accounts_of_devices([device]):
            raise Unauthenticated
        # A browser that has become another device is told as that one alone.
        PushSubscription.objects.filter(endpoint=endpoint).exclude(device=device).delete()
        PushSubscription.objects.update_or_create(device=device, defaults={"endpoint": endpoint, "pushed": None})


def unsubscribe_push(devices: Collection[bytes]) -> None:
    """Tell these devices no longer; again changes nothing."""
    PushSubscription.objects.filter(device__in=list(devices)).delete()


def forget_endpoint(device: bytes, endpoint: str) -> None:
    """Drop a subscription that its push service knows no longer, unless the device has a new one meanwhile."""
    PushSubscription.objects.filter(device=device, endpoint=endpoint).delete()


def anybody_subscribed() -> bool:
    """Return whether any device is told by push at all."""
    return PushSubscription.objects.exists()


def devices_behind(mailboxes: Mapping[bytes, int]) -> list[tuple[bytes, bytes, bytes]]:
    """Return who may be told and has not acknowledged a sequence of its mailboxes: mailbox, account and device."""
    waiting = Q()
    for mailbox, sequence in mailboxes.items():
        waiting |= Q(mailbox_id=mailbox, acknowledged__lt=sequence)
    behind = Subscription.objects.filter(waiting, last=None, device__in=_may_be_told().values("device"))
    return list(behind.values_list("mailbox_id", "account", "device"))


def take_devices(devices: Collection[bytes]) -> list[tuple[bytes, str]]:
    """Note that these devices are told now; return those that nobody else tells, with where."""
    with transaction.atomic():
        rows = _may_be_told().filter(device__in=list(devices)).select_for_update().order_by("device")
        taken = list(rows.values_list("device", "endpoint"))
        PushSubscription.objects.filter(device__in=[device for device, _ in taken]).update(pushed=this_minute())
    return taken


def devices_told(devices: Collection[bytes]) -> list[bytes]:
    """Return which of the devices were told and have not been here since."""
    told = PushSubscription.objects.filter(device__in=list(devices)).exclude(pushed=None)
    return list(told.values_list("device", flat=True))


def devices_came(devices: Collection[bytes]) -> None:
    """Let devices that were told, and came, be told again."""
    PushSubscription.objects.filter(device__in=list(devices)).update(pushed=None)


def _may_be_told() -> QuerySet[PushSubscription]:
    return PushSubscription.objects.filter(Q(pushed=None) | Q(pushed__lte=this_minute() - AGAIN_SECONDS))
