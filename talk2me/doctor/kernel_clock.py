"""Whether something keeps this machine's clock right, as the kernel knows it."""

import ctypes
import sys

# Of adjtimex(2): its answer when nothing has set the clock right for hours. Asking (`modes` 0) takes no rights.
TIME_ERROR = 5
# More than the structure has on any system.
STRUCTURE_BYTES = 512


def is_kept() -> bool:
    """Say no only where the kernel says so; elsewhere than on Linux nobody is asked."""
    if not sys.platform.startswith("linux"):
        return True
    try:
        return bool(ctypes.CDLL(None).adjtimex(ctypes.create_string_buffer(STRUCTURE_BYTES)) != TIME_ERROR)
    except (OSError, AttributeError):
        return True
