"""Running a program as somebody else when we are root, because PostgreSQL refuses to be root."""

import ctypes
import os
import pwd
import shutil
import stat
from collections.abc import Callable
from functools import cache
from pathlib import Path

NAMES = ("postgres", "nobody")
PR_SET_KEEPCAPS, PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, PR_CAPBSET_READ = 8, 47, 2, 23
CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH = 1, 2
CAPABILITIES_VERSION_3 = 0x20080522


class _Header(ctypes.Structure):
    _fields_ = [("version", ctypes.c_uint32), ("pid", ctypes.c_int)]


class _Set(ctypes.Structure):
    _fields_ = [("effective", ctypes.c_uint32), ("permitted", ctypes.c_uint32), ("inheritable", ctypes.c_uint32)]


@cache
def other_user() -> pwd.struct_passwd | None:
    """Return the user that PostgreSQL runs as: None (ourselves) unless we are root."""
    if os.geteuid() != 0:
        return None
    for name in NAMES:
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise RuntimeError(f"started as root, and there is no user {' or '.join(NAMES)} to run PostgreSQL as")


def give(folder: Path) -> None:
    """Let the other user own a folder."""
    user = other_user()
    if user is not None:
        shutil.chown(folder, user.pw_uid, user.pw_gid)


def becoming(*needed: Path) -> Callable[[], None] | None:
    """Return what a child runs to become the other user; None where nothing is to be done.

    A checkout or a data folder below a folder that root keeps closed (/root, a private temporary folder) cannot be
    reached by anybody else: then, and only then, the child keeps the one capability of passing closed folders.
    """
    user = other_user()
    if user is None:
        return None
    libc = ctypes.CDLL(None, use_errno=True)
    capability = None if all(map(_is_open, needed)) else _passing(libc)

    def become() -> None:
        if capability is not None:
            libc.prctl(PR_SET_KEEPCAPS, 1, 0, 0, 0)
        os.setgroups([])
        os.setgid(user.pw_gid)
        os.setuid(user.pw_uid)
        if capability is not None:
            _keep(libc, capability)

    return become


def _is_open(path: Path) -> bool:
    """Tell whether everybody may pass the folders above `path`."""
    return all(folder.stat().st_mode & stat.S_IXOTH for folder in path.resolve().parents)


def _passing(libc: ctypes.CDLL) -> int | None:
    """Return the smallest capability that passes closed folders and that this machine still lets root have."""
    for capability in (CAP_DAC_READ_SEARCH, CAP_DAC_OVERRIDE):
        if libc.prctl(PR_CAPBSET_READ, capability, 0, 0, 0) == 1:
            return capability
    return None


def _keep(libc: ctypes.CDLL, capability: int) -> None:
    bit = 1 << capability
    sets = (_Set * 2)(_Set(bit, bit, bit), _Set(0, 0, 0))
    libc.capset(ctypes.byref(_Header(CAPABILITIES_VERSION_3, 0)), sets)
    libc.prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, capability, 0, 0)
