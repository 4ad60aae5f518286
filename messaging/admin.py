"""What operators see of mailboxes and attachments: counts, sizes and ages; never a body, and nothing to change."""

from datetime import UTC, datetime
from typing import Any

from django.contrib import admin
from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest
from django.template.defaultfilters import filesizeformat

from messaging import report_admin  # noqa: F401 - it registers itself
from messaging.models import Attachment, Envelope, Mailbox, Subscription
from operators.admin_base import ModelAdmin


def count_stored(*conditions: Q, **more: Any) -> Subquery:
    """Return an expression: how many envelopes there are. One that was put back has numbers that none ever had."""
    rows = Envelope.objects.filter(*conditions, **more).order_by().values("mailbox_id")
    return Subquery(rows.annotate(count=Count("sequence")).values("count"))


class ReadOnlyList(ModelAdmin):
    """A list and nothing else: no page for one row, no form, no action."""

    list_display_links = None
    actions = None
    list_per_page = 50

    def has_add_permission(self, _request: HttpRequest) -> bool:
        """Nobody adds."""
        return False

    def has_change_permission(self, _request: HttpRequest, _obj: Any = None) -> bool:
        """Nobody changes."""
        return False

    def has_delete_permission(self, _request: HttpRequest, _obj: Any = None) -> bool:
        """Nobody deletes; expiry does."""
        return False


@admin.register(Mailbox)
class MailboxAdmin(ReadOnlyList):
    """One line a mailbox."""

    list_display = ("name", "kind", "head", "waiting", "size", "slot", "subscribers", "created")
    list_filter = ("kind",)
    ordering = ("-bytes",)
    show_full_result_count = False

    def get_queryset(self, _request: HttpRequest) -> QuerySet[Any]:
        """Count live subscriptions and envelopes in the same statement."""
        live = Count("subscription", filter=Q(subscription__last=None))
        stored = count_stored(mailbox=OuterRef("id"))
        return Mailbox.objects.annotate(live=live, stored=stored).order_by(*self.ordering)

    @admin.display(description="mailbox")
    def name(self, mailbox: Mailbox) -> str:
        """Return the beginning of its id."""
        return mailbox.id.hex()[:8]

    @admin.display(description="not deleted")
    def waiting(self, mailbox: Any) -> int:
        """Return how many envelopes are stored."""
        return int(mailbox.stored or 0)

    @admin.display(ordering="bytes")
    def size(self, mailbox: Mailbox) -> str:
        """Return the size of the stored bodies."""
        return filesizeformat(mailbox.bytes)

    @admin.display(description="live subscriptions")
    def subscribers(self, mailbox: Any) -> int:
        """Return how many devices read it."""
        return int(mailbox.live)

    @admin.display(ordering="minute")
    def created(self, mailbox: Mailbox) -> datetime:
        """Return when it was made."""
        return datetime.fromtimestamp(mailbox.minute, UTC)


@admin.register(Subscription)
class SubscriptionAdmin(ReadOnlyList):
    """One line a subscription, with how far behind its device is."""

    list_display = ("box", "reader", "first", "acknowledged", "behind", "last")
    list_select_related = ("mailbox",)
    ordering = ("-id",)
    show_full_result_count = False

    def get_queryset(self, _request: HttpRequest) -> QuerySet[Any]:
        """Count envelopes in the same statement."""
        rest = Q(sequence__gt=OuterRef("acknowledged"))
        ends = Q(sequence__lte=Coalesce(OuterRef("last"), OuterRef("mailbox__head")))
        behind = count_stored(rest, ends, mailbox=OuterRef("mailbox_id"))
        return Subscription.objects.annotate(stored=behind).order_by(*self.ordering)

    @admin.display(description="mailbox")
    def box(self, subscription: Subscription) -> str:
        """Return the beginning of the mailbox's id."""
        return subscription.mailbox_id.hex()[:8]

    @admin.display(description="device")
    def reader(self, subscription: Subscription) -> str:
        """Return the beginning of the device's id."""
        return subscription.device.hex()[:8]

    @admin.display(description="not acknowledged")
    def behind(self, subscription: Any) -> int:
        """Return how many stored envelopes the device has not confirmed."""
        return int(subscription.stored or 0)


@admin.register(Attachment)
class AttachmentAdmin(ReadOnlyList):
    """One line an attachment, the largest first."""

    list_display = ("name", "sender", "whole", "stored", "keep", "gone_at")
    list_filter = ("keep",)
    ordering = ("-size",)
    show_full_result_count = False

    @admin.display(description="attachment")
    def name(self, attachment: Attachment) -> str:
        """Return the beginning of its id: with all of it one could read it."""
        return attachment.id.hex()[:8]

    @admin.display(description="account")
    def sender(self, attachment: Attachment) -> str:
        """Return the beginning of the account's id, as the page of accounts has it."""
        return attachment.account.hex()[:12]

    @admin.display(description="size", ordering="size")
    def whole(self, attachment: Attachment) -> str:
        """Return the size that it has when it is complete."""
        return filesizeformat(attachment.size)

    @admin.display(description="stored", ordering="offset")
    def stored(self, attachment: Attachment) -> str:
        """Return how much of it is there."""
        return filesizeformat(attachment.offset)

    @admin.display(description="expires", ordering="expires")
    def gone_at(self, attachment: Attachment) -> datetime | None:
        """Return when it goes; None for a kept one."""
        return None if attachment.expires is None else datetime.fromtimestamp(attachment.expires, UTC)
