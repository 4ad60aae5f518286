"""Where the page's main thread spends its time, from a profile of the browser's own tools."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

SHOWN = 40
# Of a task that holds up the page: the functions on the stack that took most of it.
SHOWN_OF_TASK = 14


def costliest(profile: dict[str, Any]) -> None:
    """Print the functions that took most by themselves, with their share of the time in which anything ran."""
    names = {node["id"]: _name(node["callFrame"]) for node in profile["nodes"]}
    spent: Counter[str] = Counter()
    for node, microseconds in zip(profile["samples"], profile["timeDeltas"], strict=True):
        spent[names[node]] += microseconds
    idle = spent.pop("(idle)", 0)
    busy = sum(spent.values())
    print(f"  {busy / 1e6:.1f} s busy, {idle / 1e6:.1f} s idle")
    for name, microseconds in spent.most_common(SHOWN):
        print(f"  {microseconds / busy:6.1%} {microseconds / 1e6:8.2f} s  {name}")


def told_of_tasks(profile: dict[str, Any], tasks: list[dict[str, float]], *, began: float) -> None:
    """
    Print what was on the stack in each of `tasks` (`at`, `took`: milliseconds of the page), with its share of it.

    `began` is the page's time when the profile began, to a few milliseconds.
    """
    nodes = {node["id"]: node for node in profile["nodes"]}
    parents = {child: node["id"] for node in profile["nodes"] for child in node.get("children", [])}
    for task in tasks:
        start, end = ((time - began) * 1000 + profile["startTime"] for time in (task["at"], task["at"] + task["took"]))
        spent: Counter[str] = Counter()
        now = profile["startTime"]
        for sample, microseconds in zip(profile["samples"], profile["timeDeltas"], strict=True):
            now += microseconds
            if start <= now <= end:
                for name in {_name(nodes[node]["callFrame"]) for node in _stack(sample, parents)}:
                    spent[name] += microseconds
        print(f"  a task of {task['took']:.0f} ms, {task['at'] - began:.0f} ms after the profile began")
        for name, microseconds in spent.most_common(SHOWN_OF_TASK):
            print(f"  {microseconds / task['took'] / 1000:8.0%} {name}")


def _stack(node: int, parents: dict[int, int]) -> Iterator[int]:
    yield node
    while node in parents:
        node = parents[node]
        yield node


def _name(frame: dict[str, Any]) -> str:
    name, file = frame["functionName"] or "(anonymous)", frame["url"].rpartition("/")[2]
    return f"{name} {file}:{frame['lineNumber'] + 1}" if file else name
