"""The `messaging` app."""

from django.apps import AppConfig


class MessagingConfig(AppConfig):
    name = "messaging"

    def ready(self) -> None:
        """Listen to `keys`."""
        from messaging import receivers  # noqa: PLC0415 - needs loaded apps

        receivers.connect()
