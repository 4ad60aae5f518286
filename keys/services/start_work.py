"""What a browser has to solve before it may sign up where that is open."""

from typing import Any

from django.conf import settings

from keys import work
from talk2me.errors import NotFound


def start_work(account_id: bytes) -> dict[str, Any]:
    """Return a challenge for the account that is about to be made. Raises NotFound where none is needed."""
    if settings.REGISTRATION != "open" or not settings.REGISTRATION_WORK:
        raise NotFound
    return work.make_challenge(account_id)
