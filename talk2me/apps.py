"""The project as a Django app: holds the management commands that start things, and the system checks."""

from django.apps import AppConfig


class Talk2meConfig(AppConfig):
    name = "talk2me"

    def ready(self) -> None:
        """Register the system checks."""
        from talk2me import checks  # noqa: F401, PLC0415 - registers on import, needs loaded apps
