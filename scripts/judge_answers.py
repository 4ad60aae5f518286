"""Whether one answer of a host is what a release says: bytes, type, headers, and what the page would load. Pure."""

from __future__ import annotations

import base64
import hashlib
import json
import zlib
from dataclasses import dataclass, field
from html.parser import HTMLParser
from http import HTTPStatus
from typing import Any
from urllib.parse import urljoin

try:
    import brotli
except ImportError:
    brotli = None

# Releases before 1.2 can't stop at a size, and a few bytes can unpack to more than there is memory.
KNOWS_BROTLI = brotli is not None and hasattr(brotli.Decompressor, "can_accept_more_data")
LARGEST = 32 * 1024 * 1024
# Headers that change nothing of what a page is or may do. Any other that the manifest does not name is told.
HARMLESS = {
    "accept-ranges", "age", "alt-svc", "cache-control", "connection", "content-encoding", "content-length",
    "content-type", "date", "etag", "keep-alive", "last-modified", "server", "strict-transport-security",
    "transfer-encoding", "vary", "via",
}  # fmt: skip


@dataclass
class Answer:
    """One answer: `headers` with small names and every value they came with; `body` unpacked."""

    status: int
    headers: dict[str, list[str]]
    body: bytes
    problems: list[str] = field(default_factory=list)


def unpack(packed: bytes, encoding: str) -> bytes:
    """Return the bytes that a browser would see. Raises ValueError or zlib.error."""
    if encoding in ("", "identity"):
        return packed
    if encoding == "gzip":
        unpacker = zlib.decompressobj(31)
        body = unpacker.decompress(packed, LARGEST)
        if not unpacker.eof or unpacker.unused_data:
            raise ValueError
        return body
    if encoding == "br" and KNOWS_BROTLI:
        return _unpack_brotli(packed)
    raise ValueError


def _unpack_brotli(packed: bytes) -> bytes:
    unpacker = brotli.Decompressor()
    try:
        body = bytes(unpacker.process(packed, output_buffer_limit=LARGEST))
    except brotli.error as error:
        raise ValueError from error
    if not unpacker.is_finished():
        raise ValueError
    return body


def judge(entry: dict[str, Any], sets: dict[str, dict[str, str]], answer: Answer) -> list[str]:
    """Return a sentence for each way in which the answer is not the released one."""
    if answer.status != HTTPStatus.OK:
        where = ", ".join(answer.headers.get("location", []))
        return [f"answered with {answer.status}" + (f", to go to {where}" if where else "")]
    found = list(answer.problems)
    digest = hashlib.sha256(answer.body).hexdigest()
    if digest != entry["sha256"]:
        found.append(f"other bytes: {len(answer.body)} with SHA-256 {digest}, released {entry['size']}")
    return found + judge_type(entry["type"], answer) + judge_headers(entry["headers"], sets, answer)


def judge_type(kind: str, answer: Answer) -> list[str]:
    """Tell a type, or a charset, that makes something else of the same bytes."""
    sent = answer.headers.get("content-type", [])
    name, _, more = sent[0].partition(";") if len(sent) == 1 else ("", "", "")
    if name.strip().lower() == kind and more.replace('"', "").strip().lower() in ("", "charset=utf-8"):
        return []
    return [f"of the type {' and '.join(sent) or 'none'}, released {kind}"]


def judge_headers(name: str, sets: dict[str, dict[str, str]], answer: Answer) -> list[str]:
    """Tell headers that lack, differ, come twice or are none of the release."""
    expected = {header.lower(): value for header, value in sets[name].items()}
    # Policies beside a module change nothing, as long as they are those of the page.
    policies = {header.lower(): value for header, value in sets["picture"].items()}
    found = []
    for header, value in expected.items():
        sent = answer.headers.get(header, [])
        if sent != [value]:
            found.append(f"{header}: {' and '.join(sent) or 'missing'}, released {value}")
    for header, sent in answer.headers.items():
        if header not in expected and header not in HARMLESS and sent != [policies.get(header)]:
            found.append(f"{header}: {' and '.join(sent)}, a header that the release does not send")
    return found


class Page(HTMLParser):
    """What a page would have a browser load: addresses, the import map, and inline scripts besides."""

    def __init__(self, html: bytes) -> None:
        super().__init__()
        self.named: list[str] = []
        self.map = ""
        self.inline = 0
        self._in_map = False
        self.feed(html.decode("utf-8", "replace"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note what the element loads."""
        values = {name: value or "" for name, value in attrs}
        if tag in ("script", "link", "iframe", "object", "embed", "base", "img", "video", "audio", "source"):
            self.named += [values[name] for name in ("src", "href", "data") if name in values]
        self._in_map = tag == "script" and values.get("type") == "importmap"
        self.inline += tag == "script" and "src" not in values and not self._in_map
        self.inline += sum(name.startswith("on") for name in values)

    def handle_data(self, data: str) -> None:
        """Keep the import map's text."""
        if self._in_map:
            self.map += data

    def handle_endtag(self, tag: str) -> None:
        """Know where the text of a script ends."""
        self._in_map = self._in_map and tag != "script"


def judge_page(origin: str, answer: Answer, paths: dict[str, Any], bodies: dict[str, bytes]) -> list[str]:
    """Tell what the page loads beside the release, and hashes in its import map that are none of what was served."""
    page = Page(answer.body)
    found = [f"{page.inline} inline scripts, released 0"] if page.inline else []
    try:
        listed = json.loads(page.map or "{}")
        pinned = dict(listed.get("integrity", {}))
        addresses = {*page.named, *pinned, *map(str, listed.get("imports", {}).values())}
    except (ValueError, TypeError, AttributeError):
        return [*found, "an import map that can't be read"]
    for address in sorted(addresses):
        whole = urljoin(origin + "/", address)
        path = whole.removeprefix(origin)
        if path == whole or path not in paths:
            found.append(f"names {address}, which is not in the release")
        elif address in pinned and path in bodies and pinned[address] != sri("sha384", bodies[path]):
            found.append(f"its import map has another hash for {address} than what was served")
    if f"'{sri('sha256', page.map.encode())}'" not in " ".join(answer.headers.get("content-security-policy", [])):
        found.append("its import map is not the one that its policy allows")
    return found


def sri(algorithm: str, data: bytes) -> str:
    """Return a hash as pages write it."""
    return f"{algorithm}-{base64.b64encode(hashlib.new(algorithm, data).digest()).decode()}"
