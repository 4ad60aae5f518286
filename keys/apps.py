"""The `keys` app."""

from django.apps import AppConfig


class KeysConfig(AppConfig):
    name = "keys"

    def ready(self) -> None:
        """Listen to itself."""
        from keys import receivers  # noqa: PLC0415 - needs loaded apps

        receivers.connect()
