"""Ending what devices are signed in with: for operators, when somebody may have taken a token."""

from collections.abc import Iterable

from django.db import transaction

from keys import clock, signals
from keys.models import AccessToken


def end_sessions(device_ids: Iterable[bytes]) -> int:
    """Let every token of the devices count no longer, close their sockets, and return how many tokens that were.

    A device that has its keys signs in anew at once; who has only a token is out.
    """
    devices = list(device_ids)
    with transaction.atomic():
        good = AccessToken.objects.filter(device__uid__in=devices, expires__gt=clock.now())
        # The rows stay a while: they also remember the nonces.
        ended = good.update(expires=clock.this_minute())
        signals.sessions_ended.send(None, devices=devices)
    return ended
