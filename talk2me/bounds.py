"""What one connection may make this process hold: the same for every ASGI server (tests/consumers/test_bounds.py)."""

# Above every limit of docs/wire_format.md 2, so that the endpoint itself refuses what is just too large.
LARGEST_BODY = 2 * 1024 * 1024
# A WebSocket message may have 1.5 MiB (docs/wire_format.md 3); a little more, so that the consumer can say so.
LARGEST_SOCKET_MESSAGE = 2 * 1024 * 1024

TOO_LARGE = b'{"error": "too_large"}'
REFUSAL = (
    b"HTTP/1.1 413 Request Entity Too Large\r\nContent-Type: application/json\r\nCache-Control: no-store\r\n"
    b"Connection: close\r\nContent-Length: %d\r\n\r\n%s" % (len(TOO_LARGE), TOO_LARGE)
)

# What a socket has received and the application has not yet taken; one message of the largest size may be more.
WAITING_BYTES = 256 * 1024
# What an event costs besides its bytes, so that many empty ones count too.
EVENT_BYTES = 256

# Who takes nothing of a long answer over HTTP for so long is cut off.
TAKE_SECONDS = 120.0
PING_SECONDS = 20
# Who does not answer a ping, or takes nothing of what waits for it, is cut off.
SILENCE_SECONDS = 30
