"""A device of an account, for programs."""

from __future__ import annotations

import mimetypes
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import partial
from queue import Empty
from typing import TYPE_CHECKING, Any, Literal, Self

from client.errors import Failed
from client.host import connect
from client.messages import title_of, to_plain
from client.state import State

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from client.link import Kind, Link, OnAlert

Messages = Iterator[dict[str, Any]]
Until = Literal["stored", "delivered", "read"]

_PAGE = 500
# As long as a code is good for, in seconds.
_LINK_WAIT = 360
_LOOK_AGAIN = 0.2
_WAIT_HERE = 30


class Client:
    """The session of a folder. Use it as a context: leaving it lets what was begun be finished.

    Every method raises `Failed`. `wait`: seconds for what a server answers; `brief`: only for what is stored here, so
    that nothing has to be finished; `on_alert` is told, in a thread of its own, what somebody should look at.
    """

    def __init__(
        self,
        state: State | None = None,
        *,
        wait: float = 60,
        brief: bool = False,
        on_alert: OnAlert = lambda _alert: None,
    ) -> None:
        self._state = state or State.chosen()
        self._wait = wait
        self._brief = brief
        self._on_alert = on_alert
        self._link: Link | None = None

    def __enter__(self) -> Self:
        self._link = connect(self._state, max(self._wait, _WAIT_HERE), brief=self._brief, on_alert=self._on_alert)
        return self

    def __exit__(self, *_: object) -> None:
        if self._link:
            self._link.close()

    # --- what the session itself has (docs/browser_layers.md) --------------------------------------------------------

    def command(self, name: str, /, **args: Any) -> Any:
        """Carry out a command of the session."""
        return self._open.ask("command", name, args, self._wait)

    def query(self, name: str, /, **args: Any) -> Any:
        """Ask the session something that is stored here."""
        return self._ask_here("query", name, args)

    # --- account -----------------------------------------------------------------------------------------------------

    @property
    def profile(self) -> dict[str, Any]:
        """The account and device. Raises `account_missing`."""
        profile: dict[str, Any] | None = self._host("profile")
        if profile is None:
            raise Failed("account_missing")
        return profile

    def sign_up(self, username: str, code: str | None = None, device_name: str = "") -> None:
        """Make an account; `code` is the operator's, where the server wants one."""
        self.command("sign_up", username=username, device_name=device_name, **({"invite": code} if code else {}))

    def pending_recovery_key(self) -> str | None:
        """Return the recovery key, as long as nobody has said that it is kept."""
        key: str | None = self.command("pending_recovery_key")
        return key

    def recovery_key_is_kept(self) -> None:
        """From now on the device has forgotten it."""
        key = self.pending_recovery_key()
        if key is not None:
            self.command("confirm_recovery_key", groups={str(at): group for at, group in enumerate(key.split("-"))})

    def link(self, code: str, on_number: Callable[[str], None], device_name: str = "") -> None:
        """Become another device of an account, one of whose devices shows a code.

        `on_number` gets the short number that the other device has to show as well, for a person to compare.
        """
        with ThreadPoolExecutor(1) as pool:
            ask = partial(
                self._open.ask, "command", "link_browser", {"code": code, "device_name": device_name}, _LINK_WAIT
            )
            linked = pool.submit(ask)
            while not linked.done():
                with suppress(Empty):
                    topic, detail = self._open.events.get(timeout=_LOOK_AGAIN) or ("", {})
                    if topic == "link" and detail["step"] == "compare":
                        on_number(detail["code"])
            linked.result()

    def export(self, path: Path) -> int:
        """Write account and history into one sealed file, for a browser and the recovery key. Return its size."""
        written: dict[str, int] = self._host("export_account", path=_new(path))
        return written["bytes"]

    # --- people ------------------------------------------------------------------------------------------------------

    def invitation(self) -> dict[str, Any]:
        """Make a link by which somebody can write here without asking, and knows whom they write to."""
        made: dict[str, Any] = self.command("make_invitation")
        return made

    def meet(self, link: str) -> str:
        """Begin to talk with whoever made an invitation link; they are verified by it. Return the conversation."""
        fragment = "#" + link.partition("#")[2]
        person = self.command("read_invitation", fragment=fragment)
        begun = self.command("start_conversation", account=person["account"], invitation_fragment=fragment)
        return str(begun["conversation"])

    def find(self, who: str, *, group: bool = False, begin: bool = False) -> str:
        """Return the conversation with somebody, or the group of this title.

        `begin`: with a person with whom there is none yet. Raises `not_found`, `ambiguous`.
        """
        named = self._named(who, group=group)
        if len(named) > 1:
            raise Failed("ambiguous")
        if named and (not begin or named[0]["state"] != "declined"):
            return str(named[0]["id"])
        if group or not begin:
            raise Failed("not_found")
        person = self.command("find_account", username=who)
        if person is None or person["own"]:
            raise Failed("not_found")
        return str(self.command("start_conversation", account=person["account"])["conversation"])

    def safety_number(self, who: str) -> dict[str, Any]:
        """Return `digits`, `verified` (when, or None) and `changed`: these are of another key than before."""
        found: dict[str, Any] = self.command("safety_number", account=self._account(who))
        return found

    def verify(self, who: str, digits: str) -> None:
        """Verify somebody who has read out these digits; a changed key is taken with it. Raises `digits_differ`."""
        account = self._account(who)
        self._compare(account, digits)
        if self.command("safety_number", account=account)["changed"]:
            self.command("accept_identity", account=account)
            self._compare(account, digits)
        self.command("verify_contact", account=account, method="digits")

    # --- messages ----------------------------------------------------------------------------------------------------

    def send(
        self, conversation: str, text: str = "", files: Sequence[Path] = (), *, until: Until = "stored"
    ) -> dict[str, Any]:
        """Send, and wait until the server has stored it, or a device of theirs has it. Return its `id` and `status`.

        The key log is looked at first, so that a key which has changed since is known. When `Failed` has `kept`, the
        message is stored here and leaves by itself once it can.
        """
        with suppress(Failed):
            self.command("check_key_log")
        entry = self.query("conversation", id=conversation)
        # A group goes on, unless it was somebody who had been verified: then it waits.
        if entry["kind"] == "direct" and entry["peer"]["identity_changed"]:
            raise Failed("identity_changed")
        if files:
            media = [mimetypes.guess_type(file.name)[0] or "application/octet-stream" for file in files]
            paths = [str(file.absolute()) for file in files]
            made = self._host("send_files", conversation=conversation, paths=paths, media=media, text=text)
        else:
            made = self._ask_here("command", "send_text", {"conversation": conversation, "text": text})
        try:
            reached = self._host("sent", conversation=conversation, id=made["id"], until=until)
        except Failed as error:
            kept = self._is_kept(conversation, made["id"])
            code = "stored_only" if error.code == "timed_out" and not kept else error.code
            raise Failed(code, kept=kept) from None
        return {"conversation": conversation, "id": made["id"], "status": reached["status"]}

    def receive(self, *, follow: bool = False, accept: bool = False) -> Messages:
        """Give what is new, the oldest first in each conversation; with `follow` also what comes later, for ever.

        A message counts as read once the next one is asked for: what the program dies over comes again. `accept`: who
        asks to talk may.
        """
        if follow:
            yield from self._unread(accept=accept)
            while self._changed():
                yield from self._unread(accept=accept)
        else:
            self._host("received")
            yield from self._unread(accept=accept)

    def history(self, conversation: str, limit: int | None = None) -> Messages:
        """Give the messages of a conversation that are stored here, the last `limit` of them, the oldest first."""
        entry = self.query("conversation", id=conversation)
        pages: list[list[dict[str, Any]]] = []
        left = limit
        before: dict[str, int] = {}
        while left is None or left > 0:
            most = _PAGE if left is None else min(_PAGE, left)
            page = self.query("messages", conversation=conversation, limit=most, **before)
            pages.append(page)
            if len(page) < most:
                break
            left = None if left is None else left - most
            before = {"before": page[0]["order"]}
        for page in reversed(pages):
            yield from (to_plain(entry, message) for message in page)

    def save_file(self, conversation: str, message: str, number: int, path: Path) -> None:
        """Write a file of a message, the first one being 0, to a path where there is none."""
        self._host("save_file", conversation=conversation, id=message, index=number, path=_new(path))

    # -----------------------------------------------------------------------------------------------------------------

    @property
    def _open(self) -> Link:
        if self._link is None:
            raise Failed("interrupted")
        return self._link

    def _host(self, name: str, /, **args: Any) -> Any:
        return self._open.ask("host", name, args, self._wait)

    def _ask_here(self, kind: Kind, name: str, args: dict[str, Any]) -> Any:
        """Ask for what no server has to answer: it takes no longer than a busy machine does."""
        return self._open.ask(kind, name, args, max(self._wait, _WAIT_HERE))

    def _named(self, who: str, *, group: bool) -> list[dict[str, Any]]:
        wanted = who if group else who.lower()
        kind = "group" if group else "direct"
        return [one for one in self.query("conversations") if one["kind"] == kind and title_of(one) == wanted]

    def _account(self, who: str) -> str:
        """Return the account of somebody who is known here, from a group perhaps."""
        for person in self.query("contacts"):
            if person["username"] == who.lower():
                return str(person["account"])
        raise Failed("not_found")

    def _compare(self, account: str, digits: str) -> None:
        told = "".join(digits.split())
        if told != "".join(self.command("safety_number", account=account)["digits"].split()):
            raise Failed("digits_differ")

    def _is_kept(self, conversation: str, message: str) -> bool:
        try:
            details = self.query("message_details", conversation=conversation, id=message)
        except Failed:
            return True
        return bool(details) and details["message"]["status"] == "waiting"

    def _unread(self, *, accept: bool) -> Messages:
        while found := self._host("unread"):
            for part in found:
                entry, messages = part["conversation"], part["messages"]
                if accept and entry["state"] == "request":
                    self.command("accept_request", conversation=entry["id"])
                for message in messages:
                    if not message["own"] or message["type"] == "notice":
                        yield to_plain(entry, message)
                    self.command("mark_read", conversation=entry["id"], order=message["order"])

    def _changed(self) -> bool:
        """Wait for something that may bring messages. Raises why this device is out."""
        while event := self._open.events.get():
            topic, detail = event
            if topic == "connection" and detail.get("stopped"):
                raise Failed(str(detail["stopped"]))
            if topic in {"messages", "conversations", "received"}:
                return True
        raise Failed("interrupted")


def _new(path: Path) -> str:
    if path.exists():
        raise Failed("file_exists")
    return str(path.absolute())
