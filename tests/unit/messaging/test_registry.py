"""The sockets of a worker, and what they are told."""

from messaging.registry import Registry, Told
from messaging.send_window import WINDOW_BYTES, SendWindow
from messaging.session import Session
from messaging.wakeup_format import News
from tests.unit.messaging.test_send_window import MAILBOX, FakeWire


async def test_what_was_pushed_of_a_conversation_that_has_ended_slows_nobody_down():
    registry, session = Registry(), Session(SendWindow(FakeWire()))
    registry.subscribe(session, MAILBOX, Told(0, 1))
    registry.deliver(News(MAILBOX, 1, 1, 0, 1, bytes(WINDOW_BYTES + 1)))
    assert session.window.lagging
    # From here on it may acknowledge nothing of it.
    registry.end(session, MAILBOX, 1)
    assert not session.window.lagging
