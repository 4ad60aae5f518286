"""Small plots as numbers, which templates put into the attributes of SVG elements: no script, and no inline style."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from django.template.defaultfilters import filesizeformat

# Units of the picture; the browser stretches it.
WIDTH, HEIGHT, GAP = 300.0, 80.0, 2.0


@dataclass(frozen=True)
class Bar:
    """One day: where its bar is, and what it says. `value` is a text; nothing was counted where it is `-`."""

    day: date
    value: str
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True)
class Plot:
    """Bars by day, with the newest and the largest value as texts."""

    title: str
    bars: list[Bar]
    newest: str
    most: str
    known: bool


@dataclass(frozen=True)
class Share:
    """A part of a whole: `x` and `width` of the bar in hundredths, `tone` from 1 on chooses the colour."""

    name: str
    value: int
    size: str
    x: float
    width: float
    tone: int


def plot(
    title: str, days: Sequence[date], values: Sequence[int | None], words: Callable[[int], str] = "{:,}".format
) -> Plot:
    """Return the bars of a value for each day; None where nothing was counted."""
    most = max([value for value in values if value is not None], default=0)
    step = WIDTH / max(1, len(days))
    bars = [
        _bar(day, "-" if value is None else words(value), number * step, step - GAP, (value or 0) / (most or 1))
        for number, (day, value) in enumerate(zip(days, values, strict=True))
    ]
    return Plot(title, bars, bars[-1].value if bars else "-", words(most), any(value is not None for value in values))


def shares(parts: Sequence[tuple[str, int]]) -> list[Share]:
    """Return each part with its place in one bar of width 100."""
    whole, x, found = sum(value for _, value in parts), 0.0, []
    for tone, (name, value) in enumerate(parts, 1):
        width = 100 * value / whole if whole else 0.0
        found.append(Share(name, value, _size(value), round(x, 2), round(width, 2), tone))
        x += width
    return found


def _bar(day: date, value: str, x: float, width: float, part: float) -> Bar:
    # Something is to be seen of the smallest number that is not nothing.
    height = max(1.5, HEIGHT * part) if part else 0.0
    return Bar(day, value, round(x, 2), round(HEIGHT - height, 2), round(width, 2), round(height, 2))


def _size(value: int) -> str:
    return filesizeformat(value).replace("\xa0", " ")
