"""Processes that a test has left behind."""

from pathlib import Path


def processes_of(folder: Path) -> list[str]:
    """Return the command lines of processes that work in the folder, or were given it in words or environment."""
    processes = [entry for entry in Path("/proc").iterdir() if entry.name.isdigit() and _belongs(entry, str(folder))]
    return [(process / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace") for process in processes]


def _belongs(process: Path, folder: str) -> bool:
    try:
        told = (process / "cmdline").read_bytes() + (process / "environ").read_bytes()
        return folder.encode() in told or str((process / "cwd").readlink()).startswith(folder)
    except OSError:
        # It has ended meanwhile, or is somebody else's.
        return False
