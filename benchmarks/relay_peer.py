"""A Flask-SocketIO relay on eventlet: `python -m benchmarks.relay_peer <port>`. Rooms in memory, nothing is stored."""

import sys
from typing import Any

import eventlet

eventlet.monkey_patch()

from flask import Flask  # noqa: E402 - eventlet comes first
from flask_socketio import SocketIO, emit, join_room  # noqa: E402

application = Flask(__name__)
server = SocketIO(application, async_mode="eventlet")


@server.on("join")
def join(person: str) -> bool:
    """Let a person be reached."""
    join_room(person)
    return True


@server.on("message")
def message(content: dict[str, Any]) -> bool:
    """Hand a message on; the answer tells its sender so."""
    emit("message", content, to=content["to"])
    return True


@server.on("read")
def read(content: dict[str, Any]) -> None:
    """Tell who wrote how far it was read."""
    emit("read", content, to=content["to"])


if __name__ == "__main__":
    # Eventlet serves 1,024 sockets at once where it is not told otherwise, and lets the others wait.
    server.run(application, host="127.0.0.1", port=int(sys.argv[1]), max_size=10_000)
