"""The figures of starts as a table."""

from typing import Any

from benchmarks.archive.tables import long_tasks
from benchmarks.start.budgets import BUDGETS

Figures = dict[str, Any]


def tell(found: Figures) -> None:
    """Print all of them, and each budget."""
    print()
    for name, words in [*_visits(found["first visit"]), *_starts(found), *_use(found["in use"])]:
        print(f"  {name:28}{words}")
    print("\nbudgets")
    for budget in BUDGETS:
        print(f"  {'kept' if budget.is_kept(found) else 'BROKEN':8}{budget.as_text(found)}")


def _visits(visits: Figures) -> list[tuple[str, str]]:
    lines = []
    for language, of in visits.items():
        more, worker = of["more"], of["worker"]
        lines += [
            (f"first visit, {language}", _loaded(of["landing"])),
            ("  until a first note", f"{_loaded(more)} more, and {more['socket_kb']} kB over the socket"),
            ("  by the service worker", f"{_loaded(worker)} more"),
        ]
    return lines


def _loaded(of: Figures) -> str:
    return f"{of['kb']} kB in {of['requests']} requests"


def _starts(found: Figures) -> list[tuple[str, str]]:
    cold, warm = found["cold start"], found["warm start"]
    landing, message = cold["landing_ms"], warm["message_ms"]
    plain = f"an empty page {cold['empty_ms']} ({landing / cold['empty_ms']:.1f} times)"
    fetched = f"as many bytes {cold['fetch_ms']} ({landing / cold['fetch_ms']:.1f} times)"
    beside = f"an empty page {warm['empty_ms']} ({message / warm['empty_ms']:.1f} times)"
    return [
        ("cold start, ms", f"landing page {landing}; {plain}, {fetched}"),
        ("warm start, ms", f"list {warm['list_ms']}, newest messages {message}; {beside}"),
        ("  work of the main thread", f"{_work(warm, 'list')} to the list, {_work(warm, 'message')} to the messages"),
    ]


def _work(warm: Figures, name: str) -> str:
    return f"{warm[f'{name}_tasks_processor_ms']} of processor time (it took {warm[f'{name}_tasks_ms']})"


def _use(of: Figures) -> list[tuple[str, str]]:
    memory = of["memory"]
    return [
        ("typing 200 letters", long_tasks(of["typing"])),
        ("scrolling", long_tasks(of["scrolling"])),
        ("after a warm start, MB", f"heap {memory['heap_end_mb']}, the whole process {memory['process_peak_mb']}"),
    ]
