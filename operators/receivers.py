"""Sign-ins of operators, good and bad, for the audit list; and which second factor a session has shown."""

from datetime import timedelta
from typing import Any

from django.contrib.auth import signals
from django.contrib.auth.models import User
from django.http import HttpRequest
from django.utils import timezone

from operators.models import AuditEntry
from operators.services.record_action import record_action

# In the session: the number of the second factor that was shown.
SHOWN = "second_factor"
UNKNOWN = "sign-in refused: unknown name"


def connect() -> None:
    """Listen to Django's sign-ins."""
    signals.user_logged_in.connect(on_signed_in, dispatch_uid="operators")
    signals.user_logged_out.connect(on_signed_out, dispatch_uid="operators")
    signals.user_login_failed.connect(on_refused, dispatch_uid="operators")


def on_signed_in(request: HttpRequest, user: User, **_rest: Any) -> None:
    """Remember which second factor the form has checked (operators/sign_in_form.py), and record."""
    factor = getattr(user, "shown_factor", None)
    if factor is not None:
        request.session[SHOWN] = factor
    record_action(user.get_username(), "signed in" if factor is None else "signed in with second factor")


def on_signed_out(user: User | None, **_rest: Any) -> None:
    """Record it, if it was anybody."""
    if user is not None:
        record_action(user.get_username(), "signed out")


def on_refused(credentials: dict[str, Any], **_rest: Any) -> None:
    """Record whose password was wrong. A name that nobody has is not kept: people type passwords into that field."""
    name = str(credentials.get("username") or "")
    if User.objects.filter(username=name).exists():
        record_action(name, "sign-in refused")
    elif not AuditEntry.objects.filter(action=UNKNOWN, moment__gt=timezone.now() - timedelta(minutes=1)).exists():
        # One for a minute: whoever tries names by the thousand shall not fill a list that nobody can shorten.
        record_action("", UNKNOWN)
