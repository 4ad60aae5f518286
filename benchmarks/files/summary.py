"""From milliseconds of each round to rates, and to the share that a sealed transfer has of a plain one."""

import statistics
from collections.abc import Mapping, Sequence
from typing import Any

Taken = Mapping[str, Sequence[float]]
WAYS = {"upload": ("seal", "encrypt"), "download": ("open", "decrypt")}


def summarize(megabytes: float, times: Taken, processor: Taken) -> dict[str, Any]:
    """Return the medians of each way, in MB/s and in ms of processor time for each MB.

    `times` and `processor` are ms by `upload_sealed`, `upload_plain`, `seal` and so on. `share` is the rate of the
    sealed transfer by that of the plain one: 1 would be a seal that costs nothing.
    """
    used = {name: statistics.median(all_ms) / megabytes for name, all_ms in processor.items()}
    rates = {name: megabytes * 1000 / statistics.median(all_ms) for name, all_ms in times.items()}
    return {way: _of(way, rates, used, *ceilings) for way, ceilings in WAYS.items()}


def _of(
    way: str, rates: Mapping[str, float], used: Mapping[str, float], protocol: str, cipher: str
) -> dict[str, float]:
    sealed, plain = rates[f"{way}_sealed"], rates[f"{way}_plain"]
    return {
        "sealed_mb_s": round(sealed, 1),
        "plain_mb_s": round(plain, 1),
        "share": round(sealed / plain, 3),
        "protocol_mb_s": round(rates[protocol], 1),
        "aes_mb_s": round(rates[cipher], 1),
        "sealed_processor_ms": round(used[f"{way}_sealed"], 1),
        "plain_processor_ms": round(used[f"{way}_plain"], 1),
    }
