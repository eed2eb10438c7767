"""Bar charts as SVG that a strict content security policy allows.

They are drawn from protected objects only. Builders import this module; the web process shows the
stored text. Each chart has a message as its title, and a description for people who do not see it.
The page adds the table of figures. A figure is beside the words of its bar, so that a phone shows
it without scrolling.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from textwrap import wrap

from grievances.reports.charts.svg import (
    BLUE,
    BOLD_LETTER,
    EDGE,
    GREY,
    GRID,
    INK,
    LETTER,
    PINK,
    WHITE,
    WIDTH,
    Drawing,
)
from grievances.reports.disclosure.protected import SYMBOL, Figure, ProtectedShare, Shown

LINE_ROOM, BAR_ROOM, GAP, FOOT = 28, 26, 18, 34
TICK = 7
LONGEST = WIDTH - 3 * EDGE
"""The length of a bar of 100%, in units of the drawing."""
LEAST_LETTERS = 18
"""The letters of a label beside a figure; a longer figure has a line of its own."""


@dataclass(frozen=True)
class Baseline:
    """A baseline: a whole percent and its label, such as "felt safe in 2021"."""

    percent: int
    label: str


@dataclass(frozen=True)
class ShareRow:
    """One bar: its words, its protected share, and its baseline, if any."""

    label: str
    share: ProtectedShare
    baseline: Baseline | None = None


def share_chart(rows: Sequence[ShareRow], name: str, title: str) -> str:
    """Return bars from 0 to 100% with Wilson intervals and baselines.

    A hidden share keeps its place with a star and no bar.

    Raises:
        ValueError: There is no row.
    """
    if not rows:
        raise ValueError("a chart needs at least one row")
    bars = [_bar_of(row) for row in rows]
    words = " ".join(describe_share(row) for row in rows)
    return _draw(bars, name, title, words, axis=True)


@dataclass(frozen=True)
class BarRow:
    """One bar: its words and its protected figure, in units of 1 / `scale`.

    `limits` are those of its 95% interval, where it has one.
    """

    label: str
    figure: Figure
    scale: int = 1
    unit: str = ""
    limits: tuple[Figure, Figure] | None = None

    @property
    def words(self) -> str:
        """The figure as a person reads it; the symbol for a hidden one."""
        if not isinstance(self.figure, Shown):
            return SYMBOL
        value = f"{self.figure.value / self.scale:.1f}" if self.scale > 1 else str(self.figure)
        return f"{value}{self.unit}"

    @property
    def ends(self) -> tuple[int, int] | None:
        """The limits as numbers; None where they are not shown."""
        lower, upper = self.limits or (None, None)
        if not isinstance(lower, Shown) or not isinstance(upper, Shown):
            return None
        return lower.value, upper.value


def bar_chart(rows: Sequence[BarRow], name: str, title: str) -> str:
    """Return counts or rates as bars; the longest bar fills the width.

    A hidden figure has a star.

    Raises:
        ValueError: No figure is shown and above 0.
    """
    shown = [row.figure.value for row in rows if isinstance(row.figure, Shown)]
    longest = max([*shown, *(row.ends[1] for row in rows if row.ends)])
    if not max(shown):
        raise ValueError("a chart needs a figure above nothing")
    bars = [_scaled(row, longest) for row in rows]
    words = " ".join(f"{row.label}: {_spoken(row)}." for row in rows)
    return _draw(bars, name, title, words, axis=False)


def _spoken(row: BarRow) -> str:
    if row.words == SYMBOL:
        return "* (not shown)"
    if row.ends is None:
        return row.words
    lower, upper = (f"{end / row.scale:.1f}" for end in row.ends)
    return f"{row.words}, 95% interval {lower} to {upper}"


def describe_share(row: ShareRow) -> str:
    """Return the words for what one bar shows."""
    figures = _share_words(row.share)
    words = f"{row.label}: {'* (not shown)' if figures == SYMBOL else figures}"
    limits = row.share.lower, row.share.upper
    if isinstance(limits[0], Shown):
        words += f", 95% interval {limits[0]}% to {limits[1]}%"
    if row.baseline:
        words += f"; to beat: {row.baseline.percent}% {row.baseline.label}"
    return f"{words}."


def _share_words(share: ProtectedShare) -> str:
    if not share.has_data:
        return "no data"
    if not isinstance(share.percent, Shown):
        return SYMBOL
    return f"{share.percent}% of about {share.whole}"


@dataclass(frozen=True)
class _Bar:
    """A bar: its words and figure; its length, limits and baseline in percent."""

    label: str
    figure: str
    length: float = 0.0
    limits: tuple[float, float] | None = None
    baseline: Baseline | None = None
    pale: bool = False

    @property
    def is_drawn(self) -> bool:
        """Whether there is anything to draw beside the words."""
        return self.limits is not None or self.length > 0 or self.baseline is not None


def _bar_of(row: ShareRow) -> _Bar:
    """Return the bar of a share; of one that is not shown there are only the words."""
    share = row.share
    figures = share.percent, share.lower, share.upper
    shown = [figure.value for figure in figures if isinstance(figure, Shown)]
    if len(shown) < len(figures):
        return _Bar(row.label, _share_words(share), baseline=row.baseline)
    percent, lower, upper = shown
    # Rounding may have moved a share of few people far, so its bar is pale.
    pale = share.rounding is not None
    return _Bar(row.label, _share_words(share), percent, (lower, upper), row.baseline, pale)


def _scaled(row: BarRow, longest: int) -> _Bar:
    """Return the bar of a figure, of which the longest fills the width."""
    value = row.figure.value if isinstance(row.figure, Shown) else 0
    limits = None
    if value and row.ends is not None:
        lower, upper = (100 * end / longest for end in row.ends)
        limits = lower, upper
    return _Bar(row.label, row.words, 100 * value / longest, limits)


def _draw(bars: Sequence[_Bar], name: str, title: str, description: str, *, axis: bool) -> str:
    """Return the bars below each other, with an axis of percents where there is one."""
    front, bottom = Drawing(), float(EDGE)
    for bar in bars:
        bottom = _place(front, bar, bottom)
    drawing = Drawing()
    if axis:
        _draw_axis(drawing, bottom)
        bottom += FOOT
    drawing.marks += front.marks
    return drawing.finish(bottom, name, title, description)


def _across(percent: float) -> float:
    return EDGE + LONGEST * percent / 100


def _draw_axis(drawing: Drawing, bottom: float) -> None:
    for percent in (0, 25, 50, 75, 100):
        x = _across(percent)
        drawing.line([(x, 0), (x, bottom)], GRID, 1)
        anchor = {0: "start", 100: "end"}.get(percent, "middle")
        drawing.text((x, bottom + FOOT / 2), f"{percent}%", GREY, anchor)


def _place(drawing: Drawing, bar: _Bar, top: float) -> float:
    """Return the bottom of a bar that is placed with its words and its figure."""
    room = LONGEST - BOLD_LETTER * (len(bar.figure) + 1)
    beside = room >= LEAST_LETTERS * LETTER
    lines = wrap(bar.label, int((room if beside else LONGEST) / LETTER))
    for number, line in enumerate(lines):
        drawing.text((EDGE, top + LINE_ROOM * (number + 0.5)), line)
    if beside:
        drawing.text((_across(100), top + LINE_ROOM / 2), bar.figure, INK, "end", bold=True)
    else:
        lines.append(bar.figure)
        drawing.text((EDGE, top + LINE_ROOM * (len(lines) - 0.5)), bar.figure, bold=True)
    top += LINE_ROOM * len(lines)
    if bar.is_drawn:
        top = _place_marks(drawing, bar, top)
    return top + GAP


def _place_marks(drawing: Drawing, bar: _Bar, top: float) -> float:
    """Return the bottom after placing the bar itself, its interval and its baseline."""
    bottom, middle = top + BAR_ROOM, top + BAR_ROOM / 2
    if bar.length:
        size = LONGEST * bar.length / 100, BAR_ROOM
        drawing.rectangle((EDGE, top), size, BLUE, pale=bar.pale)
    if bar.limits is not None:
        lower, upper = map(_across, bar.limits)
        # White under black keeps the interval visible both on the bar and beside it.
        for stroke, width in ((WHITE, 8), (INK, 3)):
            drawing.line([(lower, middle), (upper, middle)], stroke, width)
            for x in (lower, upper):
                drawing.line([(x, middle - TICK), (x, middle + TICK)], stroke, width)
    if bar.baseline is not None:
        return _place_baseline(drawing, bar.baseline, top, bottom)
    return bottom


def _place_baseline(drawing: Drawing, baseline: Baseline, top: float, bottom: float) -> float:
    """Return the bottom after placing a baseline across its bar, with its words below."""
    x = _across(baseline.percent)
    ends = [(x, top - 4), (x, bottom + 6)]
    drawing.line(ends, WHITE, 9)
    drawing.line(ends, PINK, 4, "6 4")
    words = f"{baseline.percent}% {baseline.label}"
    fits = x + LETTER * len(words) <= WIDTH - EDGE
    place, anchor = (x, "start") if fits else (WIDTH - EDGE, "end")
    drawing.text((place, bottom + LINE_ROOM * 0.7), words, PINK, anchor)
    return bottom + LINE_ROOM
