"""Charts as SVG that a strict content security policy allows, drawn from protected objects only.

Builders import this module; the web process shows the stored text. Each chart has a message for
its title and a description for people who do not see it; the page adds the table of figures. The
text is 20 px at 700 px wide, so it can still be read at half that width.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from textwrap import wrap

import altair as alt
import vl_convert

from grievances.reports.disclosure.protected import (
    SYMBOL,
    ProtectedShare,
    ProtectedSurvival,
    Shown,
)
from grievances.reports.drawing import clean_svg

FONT = "Atkinson Hyperlegible Next, arial, sans-serif"
TEXT_SIZE = 20
WIDTH = 600
INK = "#0b0c0c"
GREY = "#3d3d3d"
GRID = "#dee0e2"
BLUE = "#12436D"
PINK = "#801650"
CURVE_HEIGHT = 320
TARGET_DAY = 60
BAND_TAIL = 5
LINE_ROOM = 30
LABEL_LETTERS = 56
BAR_ROOM = 28
GAP = 18
# The bars end at 100; the room beyond holds the figures.
SHARE_DOMAIN = 142

Datum = dict[str, float | str]


@dataclass(frozen=True)
class Baseline:
    """A line to beat: a whole percent and what it is, such as "felt safe in 2021"."""

    percent: int
    label: str


@dataclass(frozen=True)
class ShareRow:
    """One bar: its words, its protected share, and the line to beat where there is one."""

    label: str
    share: ProtectedShare
    baseline: Baseline | None = None


def survival_chart(
    survival: ProtectedSurvival, name: str, title: str, target_day: int = TARGET_DAY
) -> str | None:
    """Draw the share still open at the fixed working days, with its 95% band and the target.

    `name` makes the ids unique on a page. None where no point may be shown. The line ends at the
    first hidden day, so that it never guesses.
    """
    points = _list_points(survival)
    if len(points) == 1:
        return None
    layers = alt.layer(*_curve_layers(points), *_target_layers(target_day))
    chart = layers.properties(width=WIDTH, height=CURVE_HEIGHT)
    return _render(chart, name, title, describe_survival(survival, target_day))


def share_chart(rows: Sequence[ShareRow], name: str, title: str) -> str:
    """Draw bars from 0 to 100% with Wilson intervals and, where given, lines to beat.

    A hidden share keeps its place with a star and no bar. ValueError when there is no row.
    """
    if not rows:
        raise ValueError("a chart needs at least one row")
    marks = _Marks()
    height = 0
    for row in rows:
        height = _place_row(marks, row, height)
    chart = alt.layer(*_share_layers(marks, height)).properties(width=WIDTH, height=height)
    return _render(chart, name, title, " ".join(describe_share(row) for row in rows))


def describe_survival(survival: ProtectedSurvival, target_day: int) -> str:
    """Say in words what the curve shows, for people who do not see it."""
    parts = [
        f"After {point.day} working days {point.percent}% were still open."
        for point in survival.points
        if isinstance(point.percent, Shown)
    ]
    about = f"About {survival.cases} concerns, open ones counted."
    return " ".join([about, *parts, f"The target is {target_day} working days."])


def describe_share(row: ShareRow) -> str:
    """Say in words what one bar shows."""
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


def _list_points(survival: ProtectedSurvival) -> list[Datum]:
    """Everything is open on day 0; then each day up to the first hidden one."""
    points: list[Datum] = [{"day": 0, "open": 100, "lower": 100, "upper": 100, "words": ""}]
    for point in survival.points:
        figures = point.percent, point.lower, point.upper
        shown = [figure.value for figure in figures if isinstance(figure, Shown)]
        if len(shown) < len(figures):
            break
        open_, lower, upper = shown
        words = f"{open_}%"
        points.append(
            {"day": point.day, "open": open_, "lower": lower, "upper": upper, "words": words}
        )
    return points


def _curve_layers(points: list[Datum]) -> list[alt.Chart]:
    base = alt.Chart(alt.InlineData(values=points))
    day = alt.X("day:Q", title="Working days since the concern was received").axis(
        values=[0, 20, 40, 60, 90, 120], grid=False
    )
    day = day.scale(domain=[0, 128], nice=False)
    share = alt.Y("open:Q").axis(values=[0, 25, 50, 75, 100], labelExpr="datum.value + '%'")
    share = share.scale(domain=[0, 108], nice=False).title("Still open, with 95% interval")
    words = base.encode(day, share, text="words:N").transform_filter("datum.day > 0")
    # The last interval needs some width to be seen; the line itself stops at the last day.
    tail = {**points[-1], "day": int(points[-1]["day"]) + BAND_TAIL}
    band = alt.Chart(alt.InlineData(values=[*points, tail]))
    return [
        band.mark_area(interpolate="step-after", color=BLUE, opacity=0.16).encode(
            day, y=alt.Y("lower:Q"), y2="upper:Q"
        ),
        base.mark_line(interpolate="step-after", color=BLUE, strokeWidth=4).encode(day, share),
        words.mark_point(shape="circle", filled=True, color=BLUE, size=110, opacity=1),
        words.mark_text(align="left", dx=8, dy=-14, color=INK, fontWeight="bold"),
    ]


def _target_layers(day: int) -> list[alt.Chart]:
    words = f"{day}-day target"
    base = alt.Chart(alt.InlineData(values=[{"day": day, "words": words, "top": 104}]))
    return [
        base.mark_rule(color=PINK, strokeWidth=3, strokeDash=[8, 5]).encode(x="day:Q"),
        base.mark_text(align="left", dx=10, color=PINK, fontWeight="bold").encode(
            x="day:Q", y=alt.Y("top:Q"), text="words:N"
        ),
    ]


@dataclass
class _Marks:
    """What a share chart is made of: x in percent, y in pixels from the top."""

    labels: list[Datum] = field(default_factory=list)
    values: list[Datum] = field(default_factory=list)
    bars: list[Datum] = field(default_factory=list)
    intervals: list[Datum] = field(default_factory=list)
    ends: list[Datum] = field(default_factory=list)
    baselines: list[Datum] = field(default_factory=list)


def _place_row(marks: _Marks, row: ShareRow, top: int) -> int:
    """Place one row from the top down: words, bar with interval, line to beat. Gives its end."""
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
        marks.bars.append({"x": 0, "x2": percent, "y": top, "y2": bottom})
        marks.intervals.append({"x": lower, "x2": upper, "y": middle})
        marks.ends += [{"x": x, "y": middle - 7, "y2": middle + 7} for x in (lower, upper)]
    if row.baseline:
        marks.baselines.append(_place_baseline(row.baseline, top, bottom))
        bottom += LINE_ROOM
    return bottom + GAP


def _place_baseline(baseline: Baseline, top: int, bottom: int) -> Datum:
    """Place a line to beat across its bar, with its words below."""
    return {
        "x": baseline.percent,
        "y": top - 4,
        "y2": bottom + LINE_ROOM // 3,
        "foot": bottom + LINE_ROOM * 2 // 3,
        "words": f"{baseline.percent}% {baseline.label}",
    }


def _share_layers(marks: _Marks, height: int) -> list[alt.Chart]:
    percent = (
        alt.X("x:Q", title=None)
        .scale(domain=[0, SHARE_DOMAIN], nice=False)
        .axis(values=[0, 25, 50, 75, 100], labelExpr="datum.value + '%'", domain=False)
    )
    down = alt.Y("y:Q", axis=None).scale(domain=[0, height], range=[0, height], nice=False)
    foot = alt.Y("foot:Q", axis=None)

    def draw(data: list[Datum], y: alt.Y = down, **channels: str) -> alt.Chart:
        return alt.Chart(alt.InlineData(values=data)).encode(percent, y, **channels)

    return [
        draw(marks.bars, x2="x2:Q", y2="y2:Q").mark_rect(color=BLUE),
        # White under black keeps the interval visible both on the bar and beside it.
        draw(marks.intervals, x2="x2:Q").mark_rule(color="#ffffff", strokeWidth=8),
        draw(marks.ends, y2="y2:Q").mark_rule(color="#ffffff", strokeWidth=8),
        draw(marks.intervals, x2="x2:Q").mark_rule(color=INK, strokeWidth=3),
        draw(marks.ends, y2="y2:Q").mark_rule(color=INK, strokeWidth=3),
        draw(marks.baselines, y2="y2:Q").mark_rule(color="#ffffff", strokeWidth=9),
        draw(marks.baselines, y2="y2:Q").mark_rule(color=PINK, strokeWidth=4, strokeDash=[6, 4]),
        draw(marks.baselines, foot, text="words:N").mark_text(
            color=PINK,
            align=alt.expr("datum.x > 50 ? 'right' : 'left'"),
            dx=alt.expr("datum.x > 50 ? -10 : 10"),
        ),
        draw(marks.labels, text="words:N").mark_text(color=INK, align="left"),
        draw(marks.values, text="words:N").mark_text(
            color=INK, align="left", dx=14, fontWeight="bold"
        ),
    ]


def _render(chart: alt.LayerChart | alt.FacetChart, name: str, title: str, description: str) -> str:
    styled = (
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
    svg = vl_convert.vegalite_to_svg(styled.to_json(), vl_version=alt.SCHEMA_VERSION[1:4])
    return clean_svg(svg, name, title, description)
