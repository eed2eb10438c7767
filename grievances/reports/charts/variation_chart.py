"""The chart of variation: whether a month differs from the usual variation.

Builders only. The mean and the limits are those of the protected series. A signal is a diamond, so
that it does not depend on colour, and the words below say what it means.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import groupby
from math import floor, log10

from grievances.reports.charts.svg import (
    BLUE,
    BOLD_LETTER,
    EDGE,
    GREY,
    GRID,
    INK,
    LETTER,
    WIDTH,
    Drawing,
    Point,
)
from grievances.reports.disclosure.measures import PERCENT, ProtectedSeries
from grievances.reports.disclosure.protected import Shown

TOP, PLOT, FOOT = 24, 270, 36
"""Units above the plot, of its height, and below it."""
MOST_LABELS = 4
MOST_STEPS = 5
Month = tuple[int, int]
"""The place of a month in the series, and its figure."""


def series_chart(series: ProtectedSeries, name: str, title: str) -> str | None:
    """Return the chart with points in order, mean, limits and signals.

    Returns None for fewer than two points.
    """
    points = [(n, f.value) for n, f in enumerate(series.figures) if isinstance(f, Shown)]
    if len(points) < 2:
        return None
    plot = Plot.of(series, points)
    plot.draw_axes()
    plot.draw_levels()
    plot.draw_points(points)
    return plot.drawing.finish(TOP + PLOT + FOOT, name, title, describe_series(series))


@dataclass
class Plot:
    """A series as it is drawn: `step` and `top` are those of the axis of its figures."""

    series: ProtectedSeries
    step: float
    top: float
    drawing: Drawing = field(default_factory=Drawing)

    @classmethod
    def of(cls, series: ProtectedSeries, points: Sequence[Month]) -> "Plot":
        """Return the plot of these points, with room above the highest."""
        highest = max([*(float(value) for _, value in points), (series.upper or 0) / 10])
        most = 1.1 * highest or 1.0
        return cls(series, step_of(most), most)

    @property
    def left(self) -> float:
        """Units to the left of the plot: room for the figures of its axis."""
        longest = f"{self.top:.0f}{self.series.unit}"
        return EDGE + LETTER * (len(longest) + 1)

    def at(self, place: float, value: float) -> Point:
        """Return where a figure of a month is."""
        across = (WIDTH - EDGE - self.left) * (place + 0.5) / len(self.series.periods)
        return self.left + across, TOP + PLOT * (1 - value / self.top)

    def draw_axes(self) -> None:
        """Draw the lines of the figures, and the names of some months."""
        number = len(self.series.periods)
        for count in range(floor(self.top / self.step) + 1):
            value = count * self.step
            if value > MOST_PERCENT and self.series.unit == PERCENT:
                break
            (left, y), (right, _) = self.at(-0.5, value), self.at(number - 0.5, value)
            self.drawing.line([(left, y), (right, y)], GRID, 1)
            self.drawing.text((left - EDGE, y), f"{value:g}{self.series.unit}", GREY, "end")
        for place in range(0, number, max(1, -(-number // MOST_LABELS))):
            x, foot = self.at(place, 0)
            words = self.series.periods[place]
            half = LETTER * len(words) / 2
            x = min(max(x, half), WIDTH - half)
            self.drawing.text((x, foot + FOOT / 2 + 4), words, GREY, "middle")

    def draw_levels(self) -> None:
        """Draw the mean and the limits, from the month from which they are computed."""
        last = len(self.series.periods) - 0.5
        for value, is_limit in levels(self.series):
            ends = [self.at(place, value) for place in (begin_of(self.series) - 0.5, last)]
            self.drawing.line(ends, GREY, 2, "7 5" if is_limit else "")

    def draw_points(self, points: Sequence[Month]) -> None:
        """Draw the line and its points; a signal has its figure beside it.

        The line breaks at a month that is not shown, because it must not guess the value there.
        """
        for _, run in groupby(enumerate(points), key=lambda each: each[1][0] - each[0]):
            self.drawing.line([self.at(*month) for _, month in run], BLUE, 3)
        signals = [month for month in points if month[0] in self.series.flagged]
        for month in points:
            if month in signals:
                self.drawing.diamond(self.at(*month))
            else:
                self.drawing.dot(self.at(*month))
        month_room = self.at(1, 0)[0] - self.at(0, 0)[0]
        for place, value in apart(signals, MOST_DIGITS * BOLD_LETTER / month_room):
            x, y = self.at(place, value)
            words = str(value)
            x = min(max(x, LETTER * len(words)), WIDTH - LETTER * len(words))
            self.drawing.text((x, max(y - 22, 10)), words, INK, "middle", bold=True)


MOST_PERCENT = 100
MOST_DIGITS = 3
"""The digits of a figure beside a signal, for which there is room."""


def step_of(most: float) -> float:
    """Return the step of an axis from 0 to this: 1, 2 or 5 times a power of ten."""
    size = 10.0 ** floor(log10(most / MOST_STEPS))
    steps = (size, 2 * size, 5 * size, 10 * size)
    return max(1.0, next(step for step in steps if most / step <= MOST_STEPS))


def levels(series: ProtectedSeries) -> list[tuple[float, bool]]:
    """Return the mean and the limits that are known, and whether each is a limit."""
    found = ((series.mean, False), (series.upper, True), (series.lower, True))
    return [(tenths / 10, is_limit) for tenths, is_limit in found if tenths is not None]


def begin_of(series: ProtectedSeries) -> int:
    """Return the place of the month from which mean and limits are computed."""
    began = series.rebased.split(":")[0]
    return series.periods.index(began) if began in series.periods else 0


def apart(signals: Sequence[Month], months: float) -> list[Month]:
    """Return the signals that have their figure beside them.

    They are so many months apart or more. Nearer ones would write over each other.
    """
    found: list[Month] = []
    for month in signals:
        if not found or month[0] - found[-1][0] >= months:
            found.append(month)
    return found


def describe_series(series: ProtectedSeries) -> str:
    """Return the words for what the chart shows."""
    shown = [
        f"{period}: {figure}{series.unit}{' (signal)' if place in series.flagged else ''}."
        for place, (period, figure) in enumerate(zip(series.periods, series.figures, strict=True))
        if isinstance(figure, Shown)
    ]
    return " ".join([*shown, _levels_in_words(series)])


def _levels_in_words(series: ProtectedSeries) -> str:
    if series.mean is None:
        return ""
    if series.upper is None or series.lower is None:
        return f"Mean {series.mean / 10:.1f}{series.unit}; too few points for limits."
    return (
        f"Mean {series.mean / 10:.1f}{series.unit}, usual range {series.lower / 10:.1f} to "
        f"{series.upper / 10:.1f}{series.unit}."
    )
