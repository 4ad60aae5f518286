"""What each word of the `talk2me` command does."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Any

from client.errors import Failed
from client.messages import title_of, to_time
from client.show import visible

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Callable

    from client.client import Client
    from client.show import Output

    Action = Callable[[Client, Namespace, Output], None]


def sign_up(client: Client, words: Namespace, out: Output) -> None:
    """Make an account; called again after it was interrupted, it shows the recovery key that nobody has seen."""
    try:
        client.sign_up(words.name, words.code, words.device_name)
    except Failed as error:
        if error.code != "already_signed_up" or client.pending_recovery_key() is None:
            raise
    key = client.pending_recovery_key()
    profile = client.profile
    fields = {"username": profile["username"], "account": profile["account"], "recovery_key": key}
    out.result(fields, (
        f"{visible(profile['username'])} has an account now. This is its recovery key, shown this once. Keep it\n"
        f"somewhere else than on this machine: without it the account is lost with this folder.\n\n    {key}\n"
    ))  # fmt: skip
    client.recovery_key_is_kept()


def link(client: Client, words: Namespace, out: Output) -> None:
    """Become another device."""

    def show(number: str) -> None:
        out.result({"number": number}, f"Does the other device show {number}? Confirm it there.")

    client.link(words.code, show, words.device_name)
    whoami(client, words, out)


def whoami(client: Client, _words: Namespace, out: Output) -> None:
    """Show the account."""
    profile = client.profile
    fields = {name: profile[name] for name in ("username", "account", "device")}
    out.result(fields, visible(profile["username"]))


def invite(client: Client, _words: Namespace, out: Output) -> None:
    """Make an invitation link."""
    made = client.invitation()
    out.result({"link": made["link"], "expires": to_time(made["expires"])}, made["link"])


def meet(client: Client, words: Namespace, out: Output) -> None:
    """Begin to talk with whoever made a link."""
    entry = client.query("conversation", id=client.meet(words.link))
    fields = {"conversation": entry["id"], "username": entry["peer"]["username"], "verified": entry["peer"]["verified"]}
    out.result(fields, visible(entry["peer"]["username"]))


def list(client: Client, _words: Namespace, out: Output) -> None:  # noqa: A001 - the word of the command
    """Show the conversations."""
    for entry in client.query("conversations"):
        fields = {name: entry[name] for name in ("id", "kind", "state", "unread")} | {"title": title_of(entry)}
        marks = [entry["state"]] if entry["state"] != "active" else []
        if entry["kind"] == "direct":
            fields |= {name: entry["peer"][name] for name in ("verified", "identity_changed")}
            marks += [name.replace("_", " ") for name in ("verified", "identity_changed") if entry["peer"][name]]
        marks += [f"{entry['unread']} unread"] if entry["unread"] else []
        said = f"  ({', '.join(marks)})" if marks else ""
        out.result(fields, f"{entry['kind']:6} {visible(title_of(entry))}{said}")


def accept(client: Client, words: Namespace, out: Output) -> None:
    """Let somebody talk."""
    _answer(client, words, out, "accept_request")


def decline(client: Client, words: Namespace, out: Output) -> None:
    """Don't."""
    _answer(client, words, out, "decline_request")


def send(client: Client, words: Namespace, out: Output) -> None:
    """Send a text, or files, or both."""
    text = words.text
    if text is None:
        text = "" if words.file and sys.stdin.isatty() else sys.stdin.read().rstrip("\n")
    conversation = client.find(words.who, group=words.group, begin=True)
    done = client.send(conversation, text, words.file, until=words.until)
    out.result(done, done["status"])


def receive(client: Client, words: Namespace, out: Output) -> None:
    """Show what is new."""
    for message in client.receive(follow=words.follow, accept=words.accept):
        out.message(message)


def history(client: Client, words: Namespace, out: Output) -> None:
    """Show what is stored here."""
    for message in client.history(client.find(words.who, group=words.group), words.limit):
        out.message(message)


def save_file(client: Client, words: Namespace, out: Output) -> None:
    """Save a file of a message."""
    client.save_file(client.find(words.who, group=words.group), words.message, words.number, words.path)
    out.result({"path": str(words.path)}, str(words.path))


def verify(client: Client, words: Namespace, out: Output) -> None:
    """Show digits, or compare them."""
    if words.digits:
        client.verify(words.who, "".join(words.digits))
        out.result({"verified": True}, "verified")
        return
    found = client.safety_number(words.who)
    verified = found["verified"] is not None
    state = (
        "their key has CHANGED; this is the new one" if found["changed"] else "verified" if verified else "not verified"
    )
    fields = {"digits": found["digits"], "verified": verified, "changed": found["changed"]}
    out.result(fields, f"{found['digits']}\n({state})")


def export(client: Client, words: Namespace, out: Output) -> None:
    """Write a sealed file."""
    size = client.export(words.path)
    out.result(
        {"path": str(words.path), "bytes": size}, f"{words.path}: {size} bytes, to be opened with the recovery key"
    )


def call(client: Client, words: Namespace, out: Output) -> None:
    """Ask the session itself."""
    fields = _read_object(words.fields)
    try:
        answer = client.query(words.name, **fields)
    except Failed as error:
        if error.code != "bad_request":
            raise
        answer = client.command(words.name, **fields)
    out.result({"result": answer}, json.dumps(answer))


def _answer(client: Client, words: Namespace, out: Output, command: str) -> None:
    conversation = client.find(words.who, group=words.group)
    client.command(command, conversation=conversation)
    out.result({"conversation": conversation}, "done")


def _read_object(text: str) -> dict[str, Any]:
    try:
        fields = json.loads(text)
    except ValueError:
        raise Failed("bad_request") from None
    if not isinstance(fields, dict):
        raise Failed("bad_request")
    return fields


# They read what is stored here, and leave nothing that has to be finished.
BRIEF = {"whoami", "list", "history", "save_file", "export"}

ACTIONS: dict[str, Action] = {
    action.__name__: action
    for action in (
        sign_up, link, whoami, invite, meet, list, accept, decline, send, receive, history, save_file, verify, export,
        call,
    )
}  # fmt: skip
