"""What can be done to frames on their way to a browser. A further way is one function of frames, rule and socket."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

Frame = dict[str, Any]
Rule = dict[str, Any]


@dataclass
class Socket:
    """A socket that is lied to."""

    send: Callable[[list[Frame]], Awaitable[None]]
    account: bytes = b""
    heads: dict[bytes, int] = field(default_factory=dict)  # of each conversation that it was told of
    first: dict[tuple[str, bytes], Frame] = field(default_factory=dict)  # frames, by type and mailbox
    tasks: set[asyncio.Task[None]] = field(default_factory=set)

    def later(self, seconds: float, frames: list[Frame]) -> None:
        """Send these, whatever is sent before them."""

        async def wait() -> None:
            await asyncio.sleep(seconds)
            await self.send(frames)

        task = asyncio.get_running_loop().create_task(wait())
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)


WAYS: dict[str, Callable[[list[Frame], Rule, Socket], list[Frame]]] = {}


def way(
    function: Callable[[list[Frame], Rule, Socket], list[Frame]],
) -> Callable[[list[Frame], Rule, Socket], list[Frame]]:
    """Let a lie name this function."""
    WAYS[function.__name__] = function
    return function


@way
def drop(_frames: list[Frame], _rule: Rule, _socket: Socket) -> list[Frame]:
    """Say nothing."""
    return []


@way
def twice(frames: list[Frame], _rule: Rule, _socket: Socket) -> list[Frame]:
    """Say it, and say it again."""
    return frames + frames


@way
def delay(frames: list[Frame], rule: Rule, socket: Socket) -> list[Frame]:
    """Say it after `seconds`; what comes behind it is said before."""
    socket.later(rule["seconds"], frames)
    return []


@way
def fields(frames: list[Frame], rule: Rule, _socket: Socket) -> list[Frame]:
    """Put `frame` over the fields of the frame, and `envelope` over those of its envelopes."""
    over = rule.get("envelope", {})
    changed = [frame | rule.get("frame", {}) for frame in frames]
    return [
        frame | {"envelopes": [one | over for one in frame["envelopes"]]} if "envelopes" in frame else frame
        for frame in changed
    ]


@way
def mailboxes(frames: list[Frame], rule: Rule, _socket: Socket) -> list[Frame]:
    """Add the numbers `more` to the fields of each entry of a list of conversations."""
    for frame in frames:
        for entry in frame["mailboxes"]:
            if entry["kind"] == "conversation":
                entry.update({name: entry[name] + number for name, number in rule["more"].items()})
    return frames


@way
def roll_back(frames: list[Frame], _rule: Rule, socket: Socket) -> list[Frame]:
    """Say what was said the first time: an older state of the mailbox, of the list or of the group."""
    return [socket.first[frame["type"], frame.get("mailbox", b"")] | {"ref": frame["ref"]} for frame in frames]


@way
def reverse(frames: list[Frame], _rule: Rule, _socket: Socket) -> list[Frame]:
    """Give the envelopes in the opposite order."""
    return [frame | {"envelopes": frame["envelopes"][::-1]} for frame in frames]


@way
def body(frames: list[Frame], rule: Rule, _socket: Socket) -> list[Frame]:
    """Give other bytes, `body` in hex, under the same numbers."""
    other = {"body": bytes.fromhex(rule["body"])}
    return [frame | {"envelopes": [envelope | other for envelope in frame["envelopes"]]} for frame in frames]


@way
def exchange(frames: list[Frame], _rule: Rule, _socket: Socket) -> list[Frame]:
    """Let the last two envelopes of a batch change places, each under the other's number."""
    for frame in frames:
        envelopes = frame["envelopes"]
        if len(envelopes) > 1:
            first, second = envelopes[-2:]
            numbers = first["sequence"], second["sequence"]
            envelopes[-2:] = [second | {"sequence": numbers[0]}, first | {"sequence": numbers[1]}]
    return frames


@way
def again(frames: list[Frame], _rule: Rule, _socket: Socket) -> list[Frame]:
    """Give the last envelope once more, as the next one, under an id that nobody has seen."""
    for frame in frames:
        if frame["envelopes"]:
            last = frame["envelopes"][-1]
            other = {"sequence": last["sequence"] + 1, "id": bytes(byte ^ 1 for byte in last["id"])}
            frame["envelopes"].append(last | other)
            frame["head"] = max(frame["head"], last["sequence"] + 1)
    return frames


@way
def move(frames: list[Frame], _rule: Rule, socket: Socket) -> list[Frame]:
    """Give the envelopes in another conversation of the same person, as the next ones there."""
    moved = []
    for frame in frames:
        other = next(mailbox for mailbox in socket.heads if mailbox != frame["mailbox"])
        head = socket.heads[other]
        envelopes = [one | {"sequence": head + at} for at, one in enumerate(frame["envelopes"], 1)]
        moved.append(frame | {"mailbox": other, "head": head + len(envelopes), "envelopes": envelopes})
    return moved
