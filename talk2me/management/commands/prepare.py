"""`manage.py prepare`: once before the workers of a release start."""

from typing import Any

from django.core.management.base import BaseCommand

from talk2me.prepare import prepare


class Command(BaseCommand):
    help = "Migrate the database and put the static files in place (DATA_DIR/static)."

    def handle(self, *_args: Any, **_options: Any) -> None:
        """Do both."""
        prepare()
