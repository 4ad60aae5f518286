"""What the pages of operators here have in common."""

from typing import TYPE_CHECKING, Any

from django.contrib import admin

if TYPE_CHECKING:
    ModelAdmin = admin.ModelAdmin[Any]
else:
    # Django's own class takes no type arguments when it runs.
    ModelAdmin = admin.ModelAdmin
