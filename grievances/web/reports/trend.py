"""A figure over time as a small drawing: a line through the periods that show it.

Plain Python, for the web process. A period that shows no number leaves a gap, so a hidden figure
is never read off the line.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from grievances.reports.layout.document import Item
from grievances.reports.layout.tidy import ALL, PERCENT, measures_of

WIDTH, HEIGHT, EDGE = 240, 64, 6
"""The size of a drawing, and the room around the line, in units of its view box."""


@dataclass(frozen=True)
class Trend:
    """A drawing: its words, its lines as SVG points, and its dots as (x, y)."""

    words: str
    lines: tuple[str, ...]
    dots: tuple[tuple[float, float], ...]


def trend_of(words: str, items: Sequence[Item | None], measure: str) -> Trend | None:
    """Return the drawing of a figure in periods of one length, oldest first.

    A share is drawn from 0 to 100 percent, any other number from 0 to its largest. It is None where
    fewer than two periods show a number.
    """
    values = [_value(item, measure) for item in items]
    known = [value for value, _ in values if value is not None]
    if len(known) < 2:
        return None
    top = 100.0 if any(percent for _, percent in values) else max(known) or 1.0
    step = (WIDTH - 2 * EDGE) / (len(values) - 1)
    places = [
        None if value is None else (EDGE + n * step, _height(value / top))
        for n, (value, _) in enumerate(values)
    ]
    dots = tuple(place for place in places if place is not None)
    runs = (list(run) for there, run in groupby(places, key=bool) if there)
    lines = (" ".join(f"{x:.1f},{y:.1f}" for x, y in filter(None, run)) for run in runs)
    return Trend(words, tuple(lines), tuple((round(x, 1), round(y, 1)) for x, y in dots))


def _height(share: float) -> float:
    return HEIGHT - EDGE - share * (HEIGHT - 2 * EDGE)


def _value(item: Item | None, measure: str) -> tuple[float | None, bool]:
    """Return the number of a figure, and whether it is a percent."""
    rows = measures_of(item) if item is not None else ()
    for row in rows:
        if row.measure == measure and row.category == row.subcategory == ALL:
            return None if row.value is None else float(row.value), row.unit == PERCENT
    return None, False
