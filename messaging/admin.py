"""What operators see of mailboxes: counts, sizes and ages; never a body, and nothing to change."""

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest
from django.template.defaultfilters import filesizeformat

from messaging.models import Mailbox, Subscription

if TYPE_CHECKING:
    ModelAdmin = admin.ModelAdmin[Any]
else:
    # Django's own class takes no type arguments when it runs.
    ModelAdmin = admin.ModelAdmin


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
        """Count live subscriptions in the same statement."""
        live = Count("subscription", filter=Q(subscription__last=None))
        return Mailbox.objects.annotate(live=live).order_by(*self.ordering)

    @admin.display(description="mailbox")
    def name(self, mailbox: Mailbox) -> str:
        """Return the beginning of its id."""
        return mailbox.id.hex()[:8]

    @admin.display(description="not deleted")
    def waiting(self, mailbox: Mailbox) -> int:
        """Return how many envelopes are stored."""
        return mailbox.head - mailbox.gone

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

    @admin.display(description="mailbox")
    def box(self, subscription: Subscription) -> str:
        """Return the beginning of the mailbox's id."""
        return subscription.mailbox_id.hex()[:8]

    @admin.display(description="device")
    def reader(self, subscription: Subscription) -> str:
        """Return the beginning of the device's id."""
        return subscription.device.hex()[:8]

    @admin.display(description="not acknowledged")
    def behind(self, subscription: Subscription) -> int:
        """Return how many envelopes the device has not confirmed."""
        end = subscription.mailbox.head if subscription.last is None else subscription.last
        return max(0, end - subscription.acknowledged)
