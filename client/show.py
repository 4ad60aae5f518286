"""What the command writes: for people, with nothing in it that a terminal obeys; or JSON, one object a line."""

from __future__ import annotations

import json
import sys
import unicodedata
from typing import Any


def visible(text: str, *, lines: bool = False) -> str:
    """Return what others have written without characters that steer a terminal or turn text around."""
    return "".join("\ufffd" if _steers(one) and not (lines and one == "\n") else one for one in text)


def _steers(character: str) -> bool:
    # Cc: escape sequences; Cf: marks of direction, among others; Zl and Zp break lines.
    return unicodedata.category(character) in {"Cc", "Cf", "Cs", "Zl", "Zp"} and character not in {
        "\t",
        "\u200d",
        "\u200c",
    }


class Output:
    """Writes to stdout, and at once: whoever reads it through a pipe waits for it."""

    def __init__(self, *, as_json: bool) -> None:
        self.as_json = as_json

    def result(self, fields: dict[str, Any], words: str) -> None:
        """Write an answer: the fields as JSON, which is ASCII, or the words."""
        sys.stdout.write((json.dumps(fields) if self.as_json else words) + "\n")
        sys.stdout.flush()

    def message(self, message: dict[str, Any]) -> None:
        """Write a message."""
        self.result(message, _line(message))

    def alert(self, alert: dict[str, Any]) -> None:
        """Tell what somebody should look at; on stderr, so that it is not taken for an answer."""
        about = visible(str(alert.get("username", "")))
        words = f"talk2me: ATTENTION: {alert['code']}{f' ({about})' if about else ''}"
        text = json.dumps({"alert": alert}) if self.as_json else words
        sys.stderr.write(text + "\n")
        sys.stderr.flush()

    def failure(self, code: str, words: str, *, kept: bool) -> None:
        """Tell what went wrong."""
        text = json.dumps({"error": code, "kept": kept}) if self.as_json else f"talk2me: {words}"
        sys.stderr.write(text + "\n")


def _line(message: dict[str, Any]) -> str:
    where = message["title"] if message["kind"] == "group" else ""
    who = message["from"] or "-"
    head = f"{message['time']} {visible(f'{who} in {where}' if where else who)}"
    return f"{head}: {_said(message)}"


def _said(message: dict[str, Any]) -> str:
    if message["type"] == "notice":
        about = ", ".join(message.get("about", []))
        return f"({visible(message['code'])}{f': {visible(about)}' if about else ''})"
    if message.get("deleted"):
        return "(deleted)"
    if message["type"] not in {"text", "shared"}:
        return f"({visible(message['type'])})"
    files = "".join(f" [{number}: {visible(file['name'])}]" for number, file in enumerate(message.get("files", [])))
    # A line that somebody else has written must not look like another message.
    return visible(message["text"], lines=True).replace("\n", "\n    ") + files
