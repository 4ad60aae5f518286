"""The operators as a Django app: who they are, what they did, and what they see first."""

from django.apps import AppConfig


class OperatorsConfig(AppConfig):
    name = "operators"

    def ready(self) -> None:
        """Listen to sign-ins."""
        from operators import receivers  # noqa: PLC0415 - needs loaded apps

        receivers.connect()
