"""Bar charts as SVG that a strict content security policy allows.

They are drawn from protected objects only. Builders import this module; the web process shows the
stored text. Each chart has a message as its title, and a description for people who do not see it.
The page adds the table of figures. The text is 20 px at 560 px wide, so on a phone it is 12 px high
and the whole drawing is on the screen.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from functools import lru_cache
from textwrap import wrap

import altair as alt
import vl_convert

from grievances.reports.charts.svg_cleaning import clean_svg
from grievances.reports.disclosure.protected import SYMBOL, Figure, ProtectedShare, Shown

FONT = "Atkinson Hyperlegible Next, arial, sans-serif"
TEXT_SIZE = 20
WIDTH = 460
INK = "#0b0c0c"
GREY = "#3d3d3d"
GRID = "#dee0e2"
BLUE = "#12436D"
PALE = 0.4
"""The opacity of a bar whose share rounding may have moved far."""
PINK = "#801650"
LINE_ROOM = 30
LABEL_LETTERS = 46
BAR_ROOM = 28
GAP = 18
# The bars end at 100; the space beyond is for the figures.
SHARE_DOMAIN = 175

Datum = dict[str, float | str]


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
    marks = _Marks()
    height = 0
    for row in rows:
        height = _place_row(marks, row, height)
    words = " ".join(describe_share(row) for row in rows)
    return _draw_bars(marks, height, name, title, words, axis=True)


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
        return f"{self.number}{self.unit}" if isinstance(self.figure, Shown) else SYMBOL

    @property
    def number(self) -> str:
        """The figure without its unit."""
        if not isinstance(self.figure, Shown) or self.scale == 1:
            return str(self.figure)
        return f"{self.figure.value / self.scale:,.1f}"

    @property
    def ends(self) -> tuple[int, int] | None:
        """The limits as numbers; None where they are not shown."""
        lower, upper = self.limits or (None, None)
        if not isinstance(lower, Shown) or not isinstance(upper, Shown):
            return None
        return lower.value, upper.value


def bar_chart(rows: Sequence[BarRow], name: str, title: str, foot: str = "") -> str:
    """Return counts or rates as bars; the longest bar fills the width.

    A hidden figure has a star. `foot` is said once, below the bars: what they are in, or that they
    are all of something.

    Raises:
        ValueError: No figure is shown and above 0.
    """
    shown = [row.figure.value for row in rows if isinstance(row.figure, Shown)]
    longest = max([*shown, *(row.ends[1] for row in rows if row.ends)])
    if not max(shown):
        raise ValueError("a chart needs a figure above nothing")
    marks = _Marks()
    height = 0
    for row in rows:
        height = _place_bar(marks, row, height, longest)
    for line in wrap(foot, LABEL_LETTERS):
        marks.labels.append({"x": 0, "y": height + GAP // 2, "words": line})
        height += LINE_ROOM
    words = " ".join(f"{row.label}: {_spoken(row)}." for row in rows)
    return _draw_bars(marks, height, name, title, words, axis=False)


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


@dataclass
class _Marks:
    """The marks of a bar chart: x in percent, y in pixels from the top."""

    labels: list[Datum] = field(default_factory=list)
    values: list[Datum] = field(default_factory=list)
    bars: list[Datum] = field(default_factory=list)
    pale: list[Datum] = field(default_factory=list)
    intervals: list[Datum] = field(default_factory=list)
    ends: list[Datum] = field(default_factory=list)
    baselines: list[Datum] = field(default_factory=list)


def _place_row(marks: _Marks, row: ShareRow, top: int) -> int:
    """Return the bottom of a row after placing its words, bar and baseline.

    `top` and the result are in pixels. The bar has its interval.
    """
    for line in wrap(row.label, LABEL_LETTERS):
        marks.labels.append({"x": 0, "y": top + LINE_ROOM // 2, "words": line})
        top += LINE_ROOM
    bottom = top + BAR_ROOM
    middle = (top + bottom) / 2
    marks.values.append({"x": 100, "y": middle, "words": _share_words(row.share)})
    figures = row.share.percent, row.share.lower, row.share.upper
    shown = [figure.value for figure in figures if isinstance(figure, Shown)]
    if len(shown) == len(figures):
        percent, lower, upper = shown
        # Rounding may have moved a share of few people far, so its bar is pale.
        bars = marks.bars if row.share.rounding is None else marks.pale
        bars.append({"x": 0, "x2": percent, "y": top, "y2": bottom})
        marks.intervals.append({"x": lower, "x2": upper, "y": middle})
        marks.ends += [{"x": x, "y": middle - 7, "y2": middle + 7} for x in (lower, upper)]
    if row.baseline:
        marks.baselines.append(_place_baseline(row.baseline, top, bottom))
        bottom += LINE_ROOM
    return bottom + GAP


def _place_bar(marks: _Marks, row: BarRow, top: int, longest: int) -> int:
    """Return the bottom of a bar after placing it, with its figure at its end.

    `top` and the result are in pixels.
    """
    for line in wrap(row.label, LABEL_LETTERS):
        marks.labels.append({"x": 0, "y": top + LINE_ROOM // 2, "words": line})
        top += LINE_ROOM
    value = row.figure.value if isinstance(row.figure, Shown) else 0
    end = 100 * value / longest
    if value:
        marks.bars.append({"x": 0, "x2": end, "y": top, "y2": top + BAR_ROOM})
    middle = top + BAR_ROOM / 2
    if value and row.ends is not None:
        lower, upper = (100 * limit / longest for limit in row.ends)
        marks.intervals.append({"x": lower, "x2": upper, "y": middle})
        marks.ends += [{"x": x, "y": middle - 7, "y2": middle + 7} for x in (lower, upper)]
        end = max(end, upper)
    marks.values.append({"x": end, "y": middle, "words": row.number})
    return top + BAR_ROOM + GAP


def _place_baseline(baseline: Baseline, top: int, bottom: int) -> Datum:
    """Return a baseline across its bar, with its words below."""
    return {
        "x": baseline.percent,
        "y": top - 4,
        "y2": bottom + LINE_ROOM // 3,
        "foot": bottom + LINE_ROOM * 2 // 3,
        "words": f"{baseline.percent}% {baseline.label}",
    }


def _draw_bars(
    marks: _Marks, height: int, name: str, title: str, description: str, *, axis: bool
) -> str:
    """Return the marks in the drawing that all bar charts share.

    That drawing is computed once.
    """
    spec = {**_bar_spec(axis), "height": height, "datasets": asdict(marks)}
    return to_svg(spec, name, title, description)


def _paled(bars: alt.Chart) -> alt.Chart:
    pale: alt.Chart = bars.mark_rect(color=BLUE, fillOpacity=PALE, stroke=BLUE, strokeWidth=2)
    return pale


@lru_cache
def _bar_spec(axis: bool) -> dict[str, object]:
    """Return the drawing without its data.

    x is in percent of the width for 100, y in pixels from the top.
    """
    percent = _percent_channel(axis)
    down, foot = (alt.Y(f"{name}:Q", axis=None, scale=None) for name in ("y", "foot"))

    def draw(data: str, y: alt.Y = down, **channels: str) -> alt.Chart:
        return alt.Chart(alt.NamedData(name=data)).encode(percent, y, **channels)

    layers = [
        draw("bars", x2="x2:Q", y2="y2:Q").mark_rect(color=BLUE),
        _paled(draw("pale", x2="x2:Q", y2="y2:Q")),
        # White under black keeps the interval visible both on the bar and beside it.
        draw("intervals", x2="x2:Q").mark_rule(color="#ffffff", strokeWidth=8),
        draw("ends", y2="y2:Q").mark_rule(color="#ffffff", strokeWidth=8),
        draw("intervals", x2="x2:Q").mark_rule(color=INK, strokeWidth=3),
        draw("ends", y2="y2:Q").mark_rule(color=INK, strokeWidth=3),
        draw("baselines", y2="y2:Q").mark_rule(color="#ffffff", strokeWidth=9),
        draw("baselines", y2="y2:Q").mark_rule(color=PINK, strokeWidth=4, strokeDash=[6, 4]),
        draw("baselines", foot, text="words:N").mark_text(
            color=PINK,
            align=alt.expr("datum.x > 50 ? 'right' : 'left'"),
            dx=alt.expr("datum.x > 50 ? -10 : 10"),
        ),
        draw("labels", text="words:N").mark_text(color=INK, align="left"),
        draw("values", text="words:N").mark_text(color=INK, align="left", dx=14, fontWeight="bold"),
    ]
    return styled(alt.layer(*layers).properties(width=WIDTH))


def _percent_channel(axis: bool) -> alt.X:
    """Return the channel of x in percent, its axis drawn or left out."""
    percent = alt.X("x:Q", title=None).scale(domain=[0, SHARE_DOMAIN], nice=False)
    if not axis:
        return percent.axis(None)
    values = [0, 25, 50, 75, 100]
    return percent.axis(values=values, labelExpr="datum.value + '%'", domain=False)


def render(chart: alt.LayerChart | alt.FacetChart, name: str, title: str, description: str) -> str:
    """Return a chart as SVG, in the page's own style."""
    return to_svg(styled(chart), name, title, description)


def styled(chart: alt.LayerChart | alt.FacetChart) -> dict[str, object]:
    """Return a chart as Vega-Lite data, in the page's own style."""
    dressed = (
        chart.configure(font=FONT, padding=8, background="#ffffff")
        .configure_text(fontSize=TEXT_SIZE, font=FONT, baseline="middle")
        .configure_view(stroke=None)
        .configure_axis(
            labelFontSize=TEXT_SIZE,
            labelColor=GREY,
            gridColor=GRID,
            domainColor=GREY,
            tickColor=GREY,
            titleFontSize=TEXT_SIZE,
            titleFontWeight="normal",
            titleColor=GREY,
        )
    )
    # Checking a chart against its schema costs more than drawing it; tests check each kind.
    spec: dict[str, object] = dressed.to_dict(validate=False)
    return spec


def to_svg(spec: dict[str, object], name: str, title: str, description: str) -> str:
    """Return a Vega-Lite chart drawn as clean SVG."""
    svg = vl_convert.vegalite_to_svg(spec, vl_version=alt.SCHEMA_VERSION[1:4])
    return clean_svg(svg, name, title, description)
