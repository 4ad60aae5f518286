"""What operators see of `keys`: accounts, devices, counts, sizes, ages and public chains; no body, no secret."""
# ruff: noqa: D102 - a column says its name

import json
import logging
from datetime import date
from typing import Any

from django.contrib import admin, messages
from django.db import transaction
from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce, Length
from django.http import HttpRequest
from django.template.defaultfilters import filesizeformat
from django.utils.html import format_html

from keys import (
    registration_admin,  # noqa: F401 - it registers itself
    services,
)
from keys.admin_actions import ACTIONS, as_admin_action
from keys.admin_base import ReadOnlyAdmin, ReadOnlyInline, by_id_prefix, record, short
from keys.models import Account, AccountEvent, Device, KeyPackage, Vault
from keys.selectors import reset_from

log = logging.getLogger("talk2me.audit")


class _Ids:
    """Columns for 16-byte ids."""

    @admin.display(description="id")
    def short_id(self, row: Any) -> str:
        return short(row.uid)

    @admin.display(description="id")
    def whole_id(self, row: Any) -> str:
        return str(row.uid.hex())


class DeviceInline(_Ids, ReadOnlyInline):
    model = Device
    fields = readonly_fields = ("short_id", "suites", "added", "removed", "created", "last_seen")


class EventInline(ReadOnlyInline):
    model = AccountEvent
    fields = readonly_fields = ("seq", "type", "received")


@admin.register(Account)
class AccountAdmin(_Ids, ReadOnlyAdmin):
    list_display = (
        "username", "short_id", "active_devices", "seq", "key_packages", "vault_version", "vault_size", "suspended",
        "created",
    )  # fmt: skip
    list_filter = ("suspended", "kept_from_strangers", "open_to_strangers", "created")
    search_fields = ("username",)
    search_help_text = "A username, or an id (at least its first four hex digits)"
    date_hierarchy = "created"
    fields = readonly_fields = (
        "username", "whole_id", "identity_key_hex", "seq", "open_to_strangers", "suspended",
        "kept_from_strangers", "created",
        "active_devices", "key_packages", "passkeys", "vault_version", "vault_size",
        "starts_over_from",
    )  # fmt: skip
    inlines = (DeviceInline, EventInline)
    actions = [as_admin_action(action) for action in ACTIONS]

    def has_suspend_permission(self, request: HttpRequest) -> bool:
        """Say whether this operator may suspend and reinstate: Django's right to change accounts."""
        return request.user.has_perm("keys.change_account")

    def has_start_over_permission(self, request: HttpRequest) -> bool:
        """Say whether this operator may let accounts start over: Django's right to add permits."""
        return request.user.has_perm("keys.add_resetpermit")

    def has_delete_account_permission(self, request: HttpRequest) -> bool:
        """Say whether this operator may delete accounts: Django's right to delete them."""
        return request.user.has_perm("keys.delete_account")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Account]:
        """Count in the query; no body is loaded."""
        rows: QuerySet[Account] = super().get_queryset(request)
        vault = Vault.objects.filter(account=OuterRef("pk"))
        packages = KeyPackage.objects.filter(device__account=OuterRef("pk")).order_by().values("device__account")
        return rows.annotate(
            device_count=Count("devices", filter=Q(devices__removed=None)),
            package_count=Coalesce(Subquery(packages.annotate(found=Count("pk")).values("found")), 0),
            version_of_vault=Subquery(vault.values("version")),
            size_of_vault=Subquery(vault.annotate(size=Length("body")).values("size")),
        )

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Account], search_term: str
    ) -> tuple[QuerySet[Account], bool]:
        """Find by name, and by the beginning of an id."""
        found, distinct = super().get_search_results(request, queryset, search_term)
        return found | by_id_prefix(queryset, "uid", search_term), distinct

    @admin.display(description="active devices", ordering="device_count")
    def active_devices(self, account: Any) -> int:
        return int(account.device_count)

    @admin.display(ordering="package_count")
    def key_packages(self, account: Any) -> int:
        return int(account.package_count)

    def passkeys(self, account: Account) -> int:
        return account.passkeys.count()

    @admin.display(ordering="version_of_vault")
    def vault_version(self, account: Any) -> int | None:
        return account.version_of_vault  # type: ignore[no-any-return]

    @admin.display(ordering="size_of_vault")
    def vault_size(self, account: Any) -> str | None:
        return None if account.size_of_vault is None else filesizeformat(account.size_of_vault)

    @admin.display(description="may start over from")
    def starts_over_from(self, account: Account) -> date | None:
        return reset_from(account.uid)

    @admin.display(description="identity key")
    def identity_key_hex(self, account: Account) -> str:
        return account.identity_key.hex()


@admin.action(description="End the sessions of selected devices", permissions=["end_sessions"])
def end_sessions(model_admin: "DeviceAdmin", request: HttpRequest, devices: QuerySet[Device]) -> None:
    """Let tokens of devices count no longer, and close their sockets; a device that is not revoked signs in anew."""
    with transaction.atomic():
        record(request, devices, "sessions ended")
        # Their owners see what was done.
        record(request, Account.objects.filter(devices__in=devices).distinct(), "sessions of a device ended")
        ended = services.end_sessions(devices.values_list("uid", flat=True))
    log.info("operator %s: sessions ended: %d", request.user.pk, ended)
    model_admin.message_user(request, f"{ended} sessions are ended.", messages.SUCCESS)


@admin.register(Device)
class DeviceAdmin(_Ids, ReadOnlyAdmin):
    list_display = ("short_id", "account", "suites", "is_active", "single_use", "last_resort", "created", "last_seen")
    list_filter = (("removed", admin.EmptyFieldListFilter), "created", "last_seen")
    list_select_related = ("account",)
    search_fields = ("account__username",)
    search_help_text = "A username, or the id of a device (at least its first four hex digits)"
    date_hierarchy = "created"
    fields = readonly_fields = (
        "whole_id", "account", "suites", "is_active", "added", "removed", "sign_in_key_hex", "signature_key_hex",
        "single_use", "last_resort", "created", "last_seen",
    )  # fmt: skip

    actions = (end_sessions,)

    def has_end_sessions_permission(self, request: HttpRequest) -> bool:
        """Say whether this operator may end sessions: Django's right to change devices."""
        return request.user.has_perm("keys.change_device")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Device]:
        """Count key packages in the query."""
        rows: QuerySet[Device] = super().get_queryset(request)
        return rows.annotate(
            single_use_count=Count("key_packages", filter=Q(key_packages__last_resort=False)),
            last_resort_count=Count("key_packages", filter=Q(key_packages__last_resort=True)),
        )

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Device], search_term: str
    ) -> tuple[QuerySet[Device], bool]:
        """Find by the account's name, and by the beginning of the id."""
        found, distinct = super().get_search_results(request, queryset, search_term)
        return found | by_id_prefix(queryset, "uid", search_term), distinct

    @admin.display(description="active", boolean=True)
    def is_active(self, device: Device) -> bool:
        return device.active

    @admin.display(description="key packages", ordering="single_use_count")
    def single_use(self, device: Any) -> int:
        return int(device.single_use_count)

    @admin.display(description="last resort", ordering="last_resort_count")
    def last_resort(self, device: Any) -> int:
        return int(device.last_resort_count)

    @admin.display(description="sign-in key")
    def sign_in_key_hex(self, device: Device) -> str:
        return device.sign_in_key.hex()

    @admin.display(description="signature key")
    def signature_key_hex(self, device: Device) -> str:
        return device.signature_key.hex()


@admin.register(AccountEvent)
class AccountEventAdmin(ReadOnlyAdmin):
    list_display = ("account", "seq", "type", "received")
    list_filter = ("type", "received")
    list_select_related = ("account",)
    search_fields = ("account__username",)
    date_hierarchy = "received"
    fields = readonly_fields = ("account", "seq", "type", "received", "hash_hex", "event_text", "signatures_text")

    @admin.display(description="hash")
    def hash_hex(self, event: AccountEvent) -> str:
        return event.hash.hex()

    @admin.display(description="event")
    def event_text(self, event: AccountEvent) -> str:
        return format_html("<pre>{}</pre>", json.dumps(json.loads(event.event), indent=2, ensure_ascii=False))

    @admin.display(description="signatures")
    def signatures_text(self, event: AccountEvent) -> str:
        return format_html("<pre>{}</pre>", json.dumps(event.signatures, indent=2))
