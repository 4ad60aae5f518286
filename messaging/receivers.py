"""What happens when `keys` changes a device or an account: subscriptions in its transaction, sockets after it."""

from collections.abc import Sequence
from functools import partial
from typing import Any

from django.db import transaction

from keys import signals
from messaging.selectors import share_conversation
from messaging.services.delete_attachment import forget_kept_attachments
from messaging.services.end_subscriptions import end_conversations, end_devices
from messaging.services.erase_archive import erase_archives
from messaging.services.forget_account import forget_account
from messaging.services.open_device_mailboxes import open_device
from messaging.services.push_subscriptions import unsubscribe_push
from messaging.worker import close_sockets


def connect() -> None:
    """Listen to `keys`."""
    signals.account_created.connect(on_device_added, dispatch_uid="messaging")
    signals.device_added.connect(on_device_added, dispatch_uid="messaging")
    signals.device_removed.connect(on_device_removed, dispatch_uid="messaging")
    signals.account_reset.connect(on_account_reset, dispatch_uid="messaging")
    signals.account_suspended.connect(on_account_suspended, dispatch_uid="messaging")
    signals.account_deleted.connect(on_account_deleted, dispatch_uid="messaging")
    signals.sessions_ended.connect(on_sessions_ended, dispatch_uid="messaging")
    signals.claim_requested.connect(on_claim_requested, dispatch_uid="messaging")


def on_device_added(account: bytes, device: bytes, **_rest: Any) -> None:
    """Give the device its mailbox."""
    open_device(account, device)


def on_device_removed(device: bytes, **_rest: Any) -> None:
    """End what the device reads."""
    end_devices([device])
    unsubscribe_push([device])
    _close_sockets([device])


def on_account_reset(account: bytes, **_rest: Any) -> None:
    """Erase the archives of before: their keys have ended with the vault, and they would only take room."""
    erase_archives(account)
    forget_kept_attachments(account)


def on_account_suspended(account: bytes, **_rest: Any) -> None:
    """End the account's conversations; once reinstated, its devices join again by themselves."""
    devices = end_conversations(account)
    _close_sockets(devices)


def on_account_deleted(account: bytes, devices: Sequence[bytes], **_rest: Any) -> None:
    """Delete everything the account had."""
    forget_account(account, devices)
    _close_sockets(devices)


def on_sessions_ended(devices: Sequence[bytes], **_rest: Any) -> None:
    """Close their sockets; they come back with new tokens."""
    _close_sockets(devices, "token_expired")


def on_claim_requested(requester: bytes, target: bytes, **_rest: Any) -> bool:
    """Return whether the two share a conversation already."""
    return share_conversation(requester, target)


def _close_sockets(devices: Sequence[bytes], code: str = "device_revoked") -> None:
    transaction.on_commit(partial(close_sockets, list(devices), code))
