"""Paths under `/api/` (docs/wire_format.md 2)."""

from django.urls import URLPattern, path, register_converter

from keys import base64url, key_log_views, link_views, passkey_views, recovery_views, views


class IdConverter:
    """An id in a path: 16 bytes as base64url."""

    regex = "[A-Za-z0-9_-]{22}"

    def to_python(self, text: str) -> bytes:
        """Return the bytes; ValueError, which is no such path, for what is not canonical."""
        return base64url.decode(text, 16)

    def to_url(self, value: bytes) -> str:
        """Return the text."""
        return base64url.encode(value)


register_converter(IdConverter, "uid")

urlpatterns: list[URLPattern] = [
    path("accounts", views.accounts),
    path("accounts/work", views.work),
    path("accounts/lookup", views.lookup),
    path("accounts/<uid:account>/events", views.events),
    path("accounts/<uid:account>/chain", views.chain),
    path("sign_in/challenge", views.challenge),
    path("sign_in", views.sign_in),
    path("sign_out", views.sign_out),
    path("recovery/challenge", recovery_views.challenge),
    path("recovery/sign_in", recovery_views.sign_in),
    path("reset/start", recovery_views.start_reset),
    path("reset_permit", recovery_views.reset_permit),
    path("devices", views.devices),
    path("key_packages", views.key_packages),
    path("key_packages/claim", views.claim),
    path("invitations", views.invitations),
    path("registration_codes", views.registration_codes),
    path("vault", views.vault),
    path("settings", views.settings),
    path("link_boxes", link_views.link_boxes),
    path("link_boxes/<uid:box>", link_views.link_box),
    path("link_boxes/<uid:box>/chain", link_views.chain),
    path("passkeys", passkey_views.passkeys),
    path("passkeys/options", passkey_views.options),
    path("passkeys/challenge", passkey_views.challenge),
    path("passkeys/sign_in", passkey_views.sign_in),
    path("passkeys/<uid:passkey>", passkey_views.passkey),
    path("key_log/directory", key_log_views.directory),
    path("key_log/news", key_log_views.news),
    path("key_log/checkpoint", key_log_views.checkpoint),
    path("key_log/leaves", key_log_views.leaves),
    path("key_log/consistency", key_log_views.consistency),
    path("key_log/inclusion", key_log_views.inclusion),
    path("key_log/witness/add-checkpoint", key_log_views.add_checkpoint),
]
