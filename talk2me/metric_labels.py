"""The closed sets from which labels of metrics and words of logs come."""

from typing import Literal

# Why a wake-up did not arrive: our queue was full, the channel layer failed, or it could not be read.
DroppedWhy = Literal["queue_full", "layer_failed", "unreadable"]
StatusClass = Literal["1xx", "2xx", "3xx", "4xx", "5xx"]
# What a process leans on. `stopping` is no part, but a reason for not being ready.
Part = Literal["database", "channel_layer"]
Job = Literal[
    "expire_envelopes", "delete_expired_keys", "delete_expired_attachments", "count_day", "beat_key_log",
    "cosign_key_log",
]  # fmt: skip
# What became of a push.
PushOutcome = Literal["sent", "gone", "failed"]
Outcome = Literal["ok", "failed"]
