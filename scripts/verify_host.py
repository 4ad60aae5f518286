"""Compares what a host serves with a release's manifest, file by file. `make verify-host URL=https://chat.example`.

This file and judge_answers.py stand by themselves: they need Python's standard library, and look into brotli answers
where that package is installed. Nothing that is fetched is run. Ends with 0 if everything is as released, else with 1.

What it can't see: what the host gives to others, or gave before, or gives to a browser that it tells from this script.
So run it from several places, at times that nobody knows.
"""

from __future__ import annotations

import argparse
import hashlib
import http.client
import json
import random
import ssl
import sys
import zlib
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from judge_answers import KNOWS_BROTLI, LARGEST, Answer, judge, judge_page, unpack

ROOT = Path(__file__).resolve().parent.parent
FORMAT = "talk2me/manifest/1"
SECONDS = 60
AT_A_TIME = 4
COMPRESSED = "gzip, br" if KNOWS_BROTLI else "gzip"
# A host that gives some people something else may go by what it knows of them.
VISITORS = {
    "a desktop Chrome": {
        "User-Agent": "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
        "Chrome/141.0.0.0 Safari/537.36",
        "Accept-Language": "en-US,en;q=0.9",
        "Accept-Encoding": COMPRESSED,
    },
    "an iPhone's Safari": {
        "User-Agent": "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
        "Version/18.5 Mobile/15E148 Safari/604.1",
        "Accept-Language": "ru-RU,ru;q=0.9",
        "Accept-Encoding": "gzip",
    },
    "a Firefox with a cookie": {
        "User-Agent": "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0",
        "Accept-Language": "fa,ar;q=0.8",
        "Accept-Encoding": COMPRESSED,
        "Cookie": "session=returning",
    },
    "a program": {"User-Agent": "curl/8.14.1", "Accept": "*/*", "Accept-Encoding": "identity"},
}
WORKER = "/service_worker.js"
# What browsers say that they want it for, in which mode, and what they would take.
WANTED_AS = {
    "text/html": ("document", "navigate", "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"),
    "text/javascript": ("script", "cors", "*/*"),
    "text/css": ("style", "no-cors", "text/css,*/*;q=0.1"),
    "image/svg+xml": ("image", "no-cors", "image/avif,image/webp,image/svg+xml,image/*,*/*;q=0.8"),
}


def say(line: str) -> None:
    """Print a line; what a host has put in it can't move the cursor."""
    sys.stdout.write("".join(one if one.isprintable() else "?" for one in line) + "\n")


class Host:
    """Where the page is said to be."""

    def __init__(self, url: str, ca: str | None) -> None:
        try:
            parts = urlsplit(url)
            known = (
                parts.scheme in ("http", "https") and parts.hostname and parts.port != 0 and not parts.path.strip("/")
            )
        except ValueError:
            known = False
        if not known:
            raise SystemExit("verify-host: URL must look like https://chat.example, without a path")
        self.origin = f"{parts.scheme}://{parts.netloc}"
        self._parts, self._context = parts, ssl.create_default_context(cafile=ca)

    def connect(self) -> http.client.HTTPConnection:
        """Return a connection that opens when it is used."""
        host, port = self._parts.hostname or "", self._parts.port
        if self._parts.scheme == "https":
            return http.client.HTTPSConnection(host, port, timeout=SECONDS, context=self._context)
        return http.client.HTTPConnection(host, port, timeout=SECONDS)


def ask(connection: http.client.HTTPConnection, path: str, headers: dict[str, str]) -> Answer:
    """Return the answer to a GET; no redirection is followed. Raises OSError or HTTPException when there is none."""
    connection.request("GET", path, headers=headers)
    response = connection.getresponse()
    found: dict[str, list[str]] = {}
    for name, value in response.getheaders():
        found.setdefault(name.lower(), []).append(value.strip())
    packed = response.read(LARGEST + 1)
    answer = Answer(response.status, found, b"")
    # Python stops at a line that is no header, where a browser reads on: what follows would stay unseen.
    if response.msg.defects or response.msg.get_payload():
        answer.problems.append("headers that can't be read")
    if len(packed) > LARGEST:
        answer.problems.append(f"more than {LARGEST} bytes")
        connection.close()
        return answer
    try:
        answer.body = unpack(packed, ", ".join(found.get("content-encoding", [])))
    except (ValueError, zlib.error):
        answer.problems.append("an encoding that was not asked for, or that can't be unpacked")
    return answer


def visit(host: Host, manifest: dict[str, Any], headers: dict[str, str]) -> dict[str, list[str]]:
    """Fetch everything as one visitor would; return what is wrong, by path."""
    paths = manifest["paths"]
    order = random.sample(sorted(paths), len(paths))
    shares = [order[number::AT_A_TIME] for number in range(AT_A_TIME)]
    with ThreadPoolExecutor(AT_A_TIME) as pool:
        parts = pool.map(lambda share: fetch(host, paths, share, headers), shares)
        answers: dict[str, Answer | str] = {path: answer for part in parts for path, answer in part.items()}
    found = {}
    for path, answer in answers.items():
        wrong = [answer] if isinstance(answer, str) else judge(paths[path], manifest["headers"], answer)
        if wrong:
            found[path] = wrong
    page = answers["/"]
    if isinstance(page, Answer) and page.status == http.HTTPStatus.OK:
        bodies = {path: answer.body for path, answer in answers.items() if isinstance(answer, Answer)}
        wrong = judge_page(host.origin, page, paths, bodies)
        if wrong:
            found.setdefault("/", []).extend(wrong)
    return found


def as_browsers_ask(path: str, kind: str) -> dict[str, str]:
    """Return the headers by which a host can tell what a browser wants this for."""
    if path == WORKER:
        purpose, mode, takes = "serviceworker", "same-origin", "*/*"
    else:
        purpose, mode, takes = WANTED_AS.get(kind, ("empty", "cors", "*/*"))
    headers = {
        "Accept": takes,
        "Sec-Fetch-Dest": purpose,
        "Sec-Fetch-Mode": mode,
        "Sec-Fetch-Site": "none" if mode == "navigate" else "same-origin",
    }
    if mode == "navigate":
        return headers | {"Sec-Fetch-User": "?1", "Upgrade-Insecure-Requests": "1"}
    return headers | ({"Service-Worker": "script"} if path == WORKER else {})


def fetch(host: Host, paths: dict[str, Any], part: list[str], headers: dict[str, str]) -> dict[str, Answer | str]:
    """Ask for some paths over one connection; a text where there was no answer, not even a second time."""
    connection = host.connect()
    found: dict[str, Answer | str] = {}
    for path in part:
        wanted = as_browsers_ask(path, paths[path]["type"]) if "Accept-Language" in headers else {}
        for last in (False, True):
            try:
                found[path] = ask(connection, path, headers | wanted)
                break
            except (OSError, http.client.HTTPException) as error:
                connection.close()
                if last:
                    found[path] = f"no answer: {type(error).__name__}"
    connection.close()
    return found


def judge_word(host: Host, digest: str) -> list[str]:
    """Tell if the host says of itself, as the page's About shows, that it serves another manifest."""
    try:
        said = json.loads(ask(host.connect(), "/api/server", {}).body)
        version, named = str(said["version"]), said["manifest"]
    except (OSError, http.client.HTTPException, ValueError, TypeError, KeyError):
        return ["does not say what it runs"]
    say(f"It says that it runs {version[:40]}.")
    return [] if named == digest else [f"says that it serves the manifest {named!r:.80}"]


def read_manifest(source: str, key: str | None) -> tuple[dict[str, Any], str]:
    """Return a manifest and its hash; `source` is a file, a folder that has manifest.json, or - for standard input."""
    file = Path(source) / "manifest.json" if Path(source).is_dir() else Path(source)
    try:
        data = sys.stdin.buffer.read() if source == "-" else file.read_bytes()
        manifest = json.loads(data)
        known = manifest["format"] == FORMAT and "/" in manifest["paths"]
    except (OSError, ValueError, TypeError, KeyError):
        known = False
    if not known:
        raise SystemExit("verify-host: that is no manifest of talk2me")
    digest = hashlib.sha256(data).hexdigest()
    if key:
        check_signature(file.with_name(file.name + ".note"), manifest["version"], digest, key)
    return manifest, digest


def check_signature(note: Path, version: str, digest: str, key: str) -> None:
    """End where the manifest is not signed with this verifier key. Needs the project's packages."""
    sys.path.insert(0, str(ROOT))
    from keys.key_log.note import read_vkey  # noqa: PLC0415 - only who asks for it needs it
    from talk2me.release_note import is_signed  # noqa: PLC0415

    try:
        signed = is_signed(note.read_text(), version, digest, read_vkey(key))
    except (OSError, ValueError):
        signed = False
    if not signed:
        raise SystemExit("verify-host: the manifest is not signed with this key")


def main() -> int:
    """Say what differs, and how much that is worth."""
    parser = argparse.ArgumentParser(description="Compare what a host serves with a release.")
    parser.add_argument("url", help="such as https://chat.example")
    parser.add_argument("--manifest", required=True, help="a file, a folder with manifest.json, or - for stdin")
    parser.add_argument("--key", help="the verifier key that manifest.json.note has to be signed with")
    parser.add_argument("--ca", help="a file with certificates to trust, for a host with one of its own")
    options = parser.parse_args()
    manifest, digest = read_manifest(options.manifest, options.key)
    host = Host(options.url, options.ca)
    say(f"{host.origin} beside talk2me {manifest['version']}. Fingerprint of its files:")
    say(" ".join(digest[start : start + 8] for start in range(0, 64, 8)))
    if not KNOWS_BROTLI:
        say("Without the package brotli, what is served in that encoding is not looked at.")
    if host.origin.startswith("http:"):
        say("Without TLS anybody on the way could give other people something else.")
    wrong = judge_word(host, digest)
    for sentence in wrong:
        say(f"  {sentence}")
    for name, headers in VISITORS.items():
        found = visit(host, manifest, headers)
        say(f"As {name}: {len(manifest['paths']) - len(found)} of {len(manifest['paths'])} as released.")
        for path in sorted(found):
            wrong += found[path]
            for sentence in found[path]:
                say(f"  {path}: {sentence}")
    if wrong:
        say("This is NOT the released page.")
        return 1
    say("All as released: for this machine, now. It says nothing of what others are given (docs/code_integrity.md).")
    return 0


if __name__ == "__main__":
    sys.exit(main())
