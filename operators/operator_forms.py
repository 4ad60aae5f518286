"""The forms by which owners say who operates, and as what."""

from typing import Any

from django import forms
from django.contrib.auth.forms import UserChangeForm, UserCreationForm
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError

from operators.roles import MEANINGS, ROLES, is_last_owner, role_of

CHOICES = [(role, f"{role}: {MEANINGS[role]}") for role in ROLES]


class NewOperatorForm(UserCreationForm):  # type: ignore[type-arg]
    role = forms.ChoiceField(choices=CHOICES, widget=forms.RadioSelect, initial="viewer")

    class Meta:
        model = User
        fields = ("username",)


class ChangeOperatorForm(UserChangeForm):  # type: ignore[type-arg]
    role = forms.ChoiceField(choices=CHOICES, widget=forms.RadioSelect)
    is_active = forms.BooleanField(
        label="Can sign in", required=False, help_text="Without it all sessions of the operator end."
    )

    class Meta:
        model = User
        fields = ("is_active",)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["role"].initial = role_of(self.instance)

    def clean(self) -> dict[str, Any]:
        """Keep somebody who can say who operates."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        # The row as it was: the form has not changed the database yet.
        stays = cleaned.get("role") == "owner" and cleaned.get("is_active")
        if not stays and is_last_owner(User.objects.get(pk=self.instance.pk)):
            raise ValidationError("Nobody else is an owner who can sign in: make somebody one first.")
        return cleaned
