"""Paths under `/api/` that belong to the Delivery Service (docs/wire_format.md 2)."""

from django.urls import URLPattern, path

from keys import urls  # noqa: F401 - it registers the converter of ids
from messaging import account_views, attachment_views, push_views, report_views

urlpatterns: list[URLPattern] = [
    path("account", account_views.account),
    path("account/deletion/challenge", account_views.deletion_challenge),
    path("account/deletion", account_views.deletion),
    path("attachments", attachment_views.attachments),
    path("attachments/<uid:attachment>", attachment_views.attachment),
    path("attachments/<uid:attachment>/state", attachment_views.state),
    path("reports", report_views.reports),
    path("push", push_views.push),
    path("push/key", push_views.key),
]
