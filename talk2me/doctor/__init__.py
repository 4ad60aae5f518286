"""What is wrong with this server, and what helps (docs/operations.md, Doctor)."""

from collections.abc import Iterator

from talk2me.doctor.findings import LEVELS, Finding
from talk2me.doctor.on_this_machine import look_here
from talk2me.doctor.settings_and_keys import look_at_settings
from talk2me.doctor.through_the_proxy import look_through_proxy

__all__ = ["LEVELS", "Finding", "examine"]


def examine(url: str | None) -> Iterator[Finding]:
    """Give each finding; what is seen at `url`, as a browser sees it, only where there is one. Raises nothing."""
    yield from look_at_settings()
    yield from look_here()
    if url:
        yield from look_through_proxy(url.rstrip("/"))
