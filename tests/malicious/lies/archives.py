"""What can be done to the archive of an account on its way to a browser. A hint without envelopes is left alone."""

from collections.abc import Callable

from tests.malicious.lies.frames import Frame, Rule, Socket, way

# These change archives; what else is done to frames leaves them alone, whenever a browser reads its own.
WAYS = frozenset({"leave_out", "archive_body", "inject"})


def of_archive(frame: Frame) -> bool:
    """Whether the frame brings entries of an archive."""
    return any(envelope["kind"] == "archive" for envelope in frame.get("envelopes", []))


def _change(frames: list[Frame], change: Callable[[list[Frame]], list[Frame]]) -> list[Frame]:
    return [frame | {"envelopes": change(frame["envelopes"])} if of_archive(frame) else frame for frame in frames]


@way
def leave_out(frames: list[Frame], rule: Rule, _socket: Socket) -> list[Frame]:
    """Leave out the entries with these `sequences`, numbers and all."""
    return _change(frames, lambda all_of_it: [one for one in all_of_it if one["sequence"] not in rule["sequences"]])


@way
def archive_body(frames: list[Frame], rule: Rule, _socket: Socket) -> list[Frame]:
    """Give other bytes, `body` in hex, in the place of every entry."""
    return _change(frames, lambda all_of_it: [one | {"body": bytes.fromhex(rule["body"])} for one in all_of_it])


@way
def inject(frames: list[Frame], rule: Rule, _socket: Socket) -> list[Frame]:
    """Put `entries` (id and body in hex) before the first entry; all others move on."""
    entries = rule["entries"]

    def put_before(envelopes: list[Frame]) -> list[Frame]:
        moved = [one | {"sequence": one["sequence"] + len(entries)} for one in envelopes]
        if envelopes[0]["sequence"] != 1:
            return moved
        added = [
            envelopes[0] | {"sequence": at, "id": bytes.fromhex(entry["id"]), "body": bytes.fromhex(entry["body"])}
            for at, entry in enumerate(entries, 1)
        ]
        return added + moved

    told = _change(frames, put_before)
    for frame in told:
        if of_archive(frame):
            frame["head"] += len(entries)
        for listed in frame.get("mailboxes", []):
            if listed["kind"] == "archive":
                listed["head"] += len(entries)
    return told
