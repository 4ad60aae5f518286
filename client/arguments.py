"""The words of the `talk2me` command."""

from __future__ import annotations

import argparse
from pathlib import Path

_UNTIL = ("stored", "delivered", "read")


def parse(arguments: list[str]) -> argparse.Namespace:
    """Return the words; `action` is the name of a function in actions.py. Wrong ones end the program."""
    parser = _make_parser()
    words, rest = parser.parse_known_args(arguments)
    # argparse takes no text that stands behind options.
    if len(rest) == 1 and not rest[0].startswith("-") and getattr(words, "text", "") is None:
        words.text = rest.pop()
    if rest:
        parser.error(f"not known: {' '.join(rest)}")
    return words


def _make_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="talk2me", description="Send and receive from a shell. The guide: docs/command_line.md",
        epilog="Exit codes: 0 done, 1 refused, 2 wrong words, 3 not safe, 75 not now.",
    )  # fmt: skip
    common = _common()
    words = parser.add_subparsers(required=True, metavar="COMMAND")

    def add(name: str, summary: str) -> argparse.ArgumentParser:
        added = words.add_parser(name, help=summary, description=summary, parents=[common])
        added.set_defaults(action=name.replace("-", "_"))
        return added

    sign_up = add("sign-up", "make an account, and show its recovery key once")
    sign_up.add_argument("name")
    _to_join(sign_up)
    sign_up.add_argument("--code", help="the operator's, where the server wants one")
    link = add("link", "become another device of an account that you have in a browser")
    link.add_argument("code", help="shown there under Devices, Link")
    _to_join(link)
    add("whoami", "show the account")
    add("invite", "make a link by which somebody can write here, and knows whom they write to")
    add("meet", "talk with whoever made an invitation link").add_argument("link")
    add("list", "show the conversations")
    for name, summary in (("accept", "let somebody talk who asks to"), ("decline", "don't, without telling them")):
        _who(add(name, summary))
    send = add("send", "send a text (else standard input)")
    _who(send)
    send.add_argument("text", nargs="?")
    send.add_argument("--file", type=Path, action="append", default=[], help="with it; may be given several times")
    send.add_argument(
        "--until", choices=_UNTIL, default="stored", help="wait for that; stored (by the server) if not given"
    )
    receive = add("receive", "show what is new")
    receive.add_argument("--follow", action="store_true", help="and what comes later, until it is stopped")
    receive.add_argument("--accept", action="store_true", help="let everybody talk who asks to")
    history = add("history", "show messages that are stored here")
    _who(history)
    history.add_argument("--limit", type=int, help="the last so many")
    save = add("save-file", "save a file of a message")
    _who(save)
    save.add_argument("message", help="its id")
    save.add_argument("path", type=Path)
    save.add_argument("--number", type=int, default=0, help="of its files, the first one being 0")
    verify = add("verify", "show the digits to compare with somebody; with theirs, hold them for verified")
    verify.add_argument("who")
    verify.add_argument("digits", nargs="*", help="as they have read them out")
    add("export", "write account and history into a sealed file").add_argument("path", type=Path)
    call = add("call", "ask the session something that has no word here (docs/browser_layers.md)")
    call.add_argument("name")
    call.add_argument("fields", nargs="?", default="{}", help="a JSON object")
    return parser


def _common() -> argparse.ArgumentParser:
    common = argparse.ArgumentParser(add_help=False)
    common.add_argument("--state", help="the folder of the account (TALK2ME_STATE)")
    common.add_argument("--key-file", help="what opens it, where that is not in the folder (TALK2ME_KEY_FILE)")
    common.add_argument("--json", action="store_true", help="one JSON object a line")
    common.add_argument("--wait", type=float, default=60, metavar="SECONDS", help="how long one thing may take")
    return common


def _to_join(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--server", required=True, help="its address, such as https://chat.example")
    parser.add_argument("--device-name", default="", help="what your devices call this one")


def _who(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("who", help="a name, or with --group a title")
    parser.add_argument("--group", action="store_true")
