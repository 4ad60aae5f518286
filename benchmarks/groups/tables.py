"""The figures of groups as tables."""

from typing import Any

Figures = dict[str, Any]
SUITES = {"83": "X-Wing", "1": "classic"}
STEPS = {"make": "by whoever does it", "read": "by each who gets it", "join": "by who joins"}


def tell(found: Figures) -> None:
    """Print all of them; `found` by suite, tree, members and operation."""
    for suite, trees in found.items():
        for tree, sizes in trees.items():
            _tell_tree(f"{SUITES[suite]}, a {tree} tree", sizes)


def over(figures: Figures, ceiling: str) -> float:
    """Return how many times the `ceiling` a step takes."""
    return figures["ours_ms"] / figures[f"{ceiling}_ms"]  # type: ignore[no-any-return]


def _tell_tree(title: str, sizes: Figures) -> None:
    print(f"\n{title}: ms (times the library alone, times its cryptography alone)")
    print(f"  {'':32}" + "".join(f"{members + ' members':>24}" for members in sizes))
    operations: Figures = next(iter(sizes.values()))
    for operation in operations:
        for step, whose in STEPS.items():
            cells = [_cell(of[operation].get(step)) for of in sizes.values()]
            if any(cells):
                print(f"  {f'{operation}, {whose}':32}" + "".join(f"{cell or '-':>24}" for cell in cells))
    print("  bytes")
    for operation, of_first in operations.items():
        for name in of_first["bytes"]:
            counts = [of[operation]["bytes"][name] for of in sizes.values()]
            if any(counts):
                print(f"  {f'{operation}, {name}':32}" + "".join(f"{count:>24,}" for count in counts))


def _cell(step: Figures | None) -> str:
    if step is None:
        return ""
    return f"{step['ours_ms']:.2f} ({over(step, 'library'):.2f}, {over(step, 'cryptography'):.2f})"
