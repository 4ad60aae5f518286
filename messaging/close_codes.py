"""Why a socket closes: the code of its `session.ended`, and the number of the WebSocket's close."""

CLOSE_CODES = {
    "bad_frame": 4400,
    "unauthenticated": 4401,
    "token_expired": 4401,
    "device_revoked": 4403,
    "foreign_origin": 4403,
    "hello_required": 4408,
    "replaced": 4409,
    "rate_limited": 4429,
    "going_away": 4503,
}
