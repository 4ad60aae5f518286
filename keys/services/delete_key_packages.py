"""Forgetting which key packages are left to be claimed."""

from keys.models import KeyPackage


def delete_key_packages() -> None:
    """Delete all single-use ones: an older database has some that were claimed since. Browsers bring new ones."""
    KeyPackage.objects.filter(last_resort=False).delete()
