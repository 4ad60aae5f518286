"""How operators sign in: name, password, and a code for those who have a second factor."""

from typing import Any

from django import forms
from django.contrib.admin.forms import AdminAuthenticationForm
from django.core.exceptions import ValidationError

from operators.services.record_action import record_action
from operators.services.second_factor import check_code, factor_of

REFUSED = "Name, password and code don't go together. All of them distinguish capital from small letters."


class SignInForm(AdminAuthenticationForm):
    """All at once, with one answer: nobody learns which of the three was wrong."""

    code = forms.CharField(
        label="Code of your app, or a recovery code",
        required=False,
        max_length=40,
        strip=True,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "spellcheck": "false", "autocapitalize": "off"}),
        help_text="Only if you have set up a second factor.",
    )
    error_messages = {**AdminAuthenticationForm.error_messages, "invalid_login": REFUSED}

    def clean(self) -> dict[str, Any]:
        """Check the password first, then the code; the receiver of the sign-in is told which factor was shown."""
        cleaned = super().clean() or {}
        user = self.get_user()
        factor = None if user is None else factor_of(user)
        if user is None or factor is None:
            return cleaned
        if not check_code(factor, cleaned.get("code") or ""):
            record_action(user.get_username(), "sign-in refused: second factor")
            self.user_cache = None
            raise ValidationError(REFUSED, code="invalid_login")
        user.shown_factor = factor.pk  # type: ignore[attr-defined]
        return cleaned
