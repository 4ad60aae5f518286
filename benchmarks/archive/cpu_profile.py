"""Where the page's main thread spends its time, from a profile of the browser's own tools."""

from collections import Counter
from typing import Any

SHOWN = 40


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


def _name(frame: dict[str, Any]) -> str:
    name, file = frame["functionName"] or "(anonymous)", frame["url"].rpartition("/")[2]
    return f"{name} {file}:{frame['lineNumber'] + 1}" if file else name
