"""The figures of the archive as tables."""

from typing import Any

Figures = dict[str, Any]


def tell(found: Figures) -> None:
    """Print all of them, and how memory grows with the archive."""
    for of in found.values():
        about = of["about"]
        print(f"\n{about['messages']:,} messages, {about['entries']:,} entries, {about['bytes'] / 1e6:.1f} MB")
        for name, words in _lines(of):
            print(f"  {name:28}{words}")
    if len(found) > 1:
        fewest, *_, most = (of["restore"] for of in found.values())
        for name in ("heap_peak_mb", "heap_end_mb", "process_peak_mb"):
            print(f"{name}, most messages / fewest: {most[name] / fewest[name]:.2f} times")


def _lines(of: Figures) -> list[tuple[str, str]]:
    restore, again, node = of["restore"], of["open"], of["node"]
    seconds, stored = restore["restore_seconds"], restore["stored"]
    waited = ", ".join(f"{name} {restore[f'{name}_ms'] / 1000:.2f}" for name in ("main", "list", "usable", "restored"))
    rate = f"{restore['messages_per_second']:,} messages/s, {restore['megabytes_per_second']} MB/s"
    beside = (f"{name} {took:.2f} s ({seconds / took:.1f} times)" for name, took in of["ceilings"].items())
    over = f"{long_tasks(restore)}; {restore['longest_task_before_ms']} before it"
    heap = f"{restore['heap_start_mb']} at first, {restore['heap_peak_mb']} at most, {restore['heap_end_mb']} at last"
    more = f"buffers {restore['buffers_peak_mb']}, the whole process {restore['process_peak_mb']} at most"
    return [
        ("s after the account is there", waited),
        ("restore", f"{seconds:.2f} s, {rate}; its second half {restore['second_half']:.0%} of the time"),
        ("beside it", ", ".join(beside)),
        ("tasks", f"{over}; timer late by {restore['longest_drift_ms']}"),
        ("heap, MB", f"{heap}; {more}"),
        ("stored in the browser", f"{stored['bytes'] / 1e6:.1f} MB, {stored['messages']:,} messages"),
        ("opened again, ms", f"list {again['list_ms']}, newest messages {again['usable_ms']}"),
        ("search, ms", _searches(of["history"])),
        ("scroll", _scrolled(of["history"]["scroll"])),
        ("in Node", f"{node['messages_per_second']:,.0f} messages/s, {node['cpu_seconds']:.1f} s of processor time"),
    ]


def long_tasks(of: Figures) -> str:
    """Return words for what `browser.of_tasks` found."""
    own = f"{of['own_long_tasks']} and {of['longest_own_ms']} without the engine's collection of garbage"
    return f"{of['long_tasks']} over 50 ms, the longest {of['longest_task_ms']} ({own})"


def _searches(history: Figures) -> str:
    first, *others = history["took"]
    told = ", ".join(f"\u201c{one['text']}\u201d {one['ms']:.0f}" for one in others)
    through_all = history["through_all"]["ms"]
    beside = f"all read and looked through {through_all:.0f} ({through_all / others[-1]['ms']:.0f} times)"
    index = f"index {history['index_bytes'] / 1e6:.1f} MB, ready after {history['index_seconds']} s"
    return f"first {first['ms']:.0f}, then {told}; {beside}; {index}"


def _scrolled(scroll: Figures) -> str:
    return f"{long_tasks(scroll)}; {scroll['rows']} rows in the page"
