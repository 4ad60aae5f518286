"""Messages as programs get them: one flat dictionary each."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

# What a conversation says by itself and nobody has to know again: the rest of a notice's fields.
_ABOUT = ("seconds", "role", "count", "by")


def to_plain(entry: dict[str, Any], message: dict[str, Any]) -> dict[str, Any]:
    """Return a message of the session's (docs/browser_layers.md, `messages`) as docs/command_line.md describes it.

    `entry`: its conversation.
    """
    plain = {
        "conversation": entry["id"],
        "kind": entry["kind"],
        "title": title_of(entry),
        "request": entry["state"] == "request",
        "id": message["id"],
        "type": message["type"],
        "from": message["author"]["username"],
        "account": message["author"]["account"],
        "own": message["own"],
        "time": to_time(message["time"]),
        "text": message.get("text", ""),
        "status": message["status"],
    }
    if entry["kind"] == "direct":
        plain["verified"] = entry["peer"]["verified"]
    if "code" in message:
        plain["code"] = message["code"]
    if about := message.get("about"):
        plain["about"] = [person["username"] for person in about]
    if "reply" in message:
        plain["reply"] = message["reply"]["id"]
    if "expires" in message:
        plain["expires"] = to_time(message["expires"])
    for name in ("deleted", "edited", "shared_by", *_ABOUT):
        if name in message:
            plain[name] = message[name]
    if files := message.get("files"):
        plain["files"] = [
            {name: file[name] for name in ("name", "media", "size", "state") if name in file} for file in files
        ]
    return plain


def title_of(entry: dict[str, Any]) -> str:
    """Return what a conversation is called: the other one's name, or a group's title."""
    return str((entry.get("title") or "") if entry["kind"] == "group" else entry["peer"]["username"])


def to_time(milliseconds: float) -> str:
    """Return a time as RFC 3339 has it, in UTC."""
    moment = datetime.fromtimestamp(milliseconds / 1000, UTC)
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")
