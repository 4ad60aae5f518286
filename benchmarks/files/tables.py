"""The figures of files as a table."""

from typing import Any

from benchmarks.files.summary import WAYS

COLUMNS = ("sealed", "plain", "sealed / plain", "protocol alone", "AES alone", "ms/MB: sealed", "plain")


def tell(found: dict[str, Any]) -> None:
    """Print all of them; `found` by megabytes."""
    print(f"\n{'MB/s':24}" + "".join(f"{name:>16}" for name in COLUMNS))
    for megabytes, of in found.items():
        for way in WAYS:
            print(f"  {f'{way}, {megabytes} MB':22}" + "".join(f"{cell:>16}" for cell in _cells(of[way])))


def _cells(of: dict[str, float]) -> list[str]:
    rates = [f"{of[name]:,.1f}" for name in ("sealed_mb_s", "plain_mb_s", "protocol_mb_s", "aes_mb_s")]
    used = [f"{of[name]:.1f}" for name in ("sealed_processor_ms", "plain_processor_ms")]
    return [*rates[:2], f"{of['share']:.0%}", *rates[2:], *used]
