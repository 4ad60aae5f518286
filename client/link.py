"""Questions and answers, one JSON object a line, to what runs the session (host/lines.js)."""

from __future__ import annotations

import json
from collections.abc import Callable
from itertools import count
from queue import Empty, SimpleQueue
from threading import Lock, Thread
from typing import IO, Any, Literal

from client.errors import Failed

Kind = Literal["command", "query", "host"]
OnAlert = Callable[[dict[str, Any]], None]

_MOST_EVENTS = 1_000


class Link:
    """Several threads may ask at once. `events` gets `(topic, detail)` as they come, and None at the end.

    `on_alert` is called in a thread of its own.
    """

    def __init__(self, reader: IO[str], writer: IO[str], close: Callable[[], None], on_alert: OnAlert) -> None:
        self._reader, self._writer, self._close, self._on_alert = reader, writer, close, on_alert
        self._numbers = count(1)
        self._waiting: dict[int, SimpleQueue[dict[str, Any] | None]] = {}
        self._lock = Lock()
        self._ended = False
        self.events: SimpleQueue[tuple[str, Any] | None] = SimpleQueue()
        self._thread = Thread(target=self._read, daemon=True)
        self._thread.start()

    def ask(self, kind: Kind, name: str, args: dict[str, Any], wait: float | None) -> Any:
        """Return the answer. Raises `Failed`; `timed_out` after `wait` seconds, `interrupted` when the other ends."""
        answers: SimpleQueue[dict[str, Any] | None] = SimpleQueue()
        with self._lock:
            number = next(self._numbers)
            if self._ended:
                raise Failed("interrupted")
            self._waiting[number] = answers
            try:
                self._writer.write(json.dumps({"id": number, kind: name, "args": args}) + "\n")
                self._writer.flush()
            except OSError:
                raise Failed("interrupted") from None
        try:
            answer = answers.get(timeout=wait)
        except Empty:
            raise Failed("timed_out") from None
        finally:
            del self._waiting[number]
        if answer is None:
            raise Failed("interrupted")
        if "error" in answer:
            raise Failed(str(answer["error"]))
        return answer.get("result")

    def close(self) -> None:
        """Ask nothing more."""
        self._close()

    def wait(self, limit: float) -> None:
        """Wait for the other side to end."""
        self._thread.join(limit)

    def _read(self) -> None:
        try:
            for line in self._reader:
                message = json.loads(line)
                # It was asked for nothing more, but others still ask there.
                if message.get("event") == "staying":
                    break
                self._take(message)
        except (OSError, ValueError):
            pass
        with self._lock:
            self._ended = True
        for answers in list(self._waiting.values()):
            answers.put(None)
        self.events.put(None)

    def _take(self, message: dict[str, Any]) -> None:
        if "event" not in message:
            if answers := self._waiting.get(message["id"]):
                answers.put(message)
        elif message["event"] == "alert":
            self._on_alert(message["detail"])
        else:
            # Nobody may be waiting for them, for days.
            if self.events.qsize() >= _MOST_EVENTS:
                self.events.get()
            self.events.put((message["event"], message["detail"]))
