"""What can be wrong with what a log serves. The codes are those of static/js/errors.js."""

from typing import ClassVar


class KeyLogInvalid(ValueError):
    """Malformed, or not proven."""

    code: ClassVar[str] = "key_log_invalid"


class LogKeyChanged(KeyLogInvalid):
    """A checkpoint that the known key has not signed."""

    code = "log_key_changed"


class LogRolledBack(KeyLogInvalid):
    """A signed checkpoint smaller than one seen before."""

    code = "log_rolled_back"


class LogSplit(KeyLogInvalid):
    """A signed checkpoint that is not of one history with one seen before."""

    code = "log_split"
