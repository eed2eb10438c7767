"""The chart of variation: whether a month differs from the usual variation.

Builders only. The mean and the limits are those of the protected series. A signal is a diamond, so
that it does not depend on colour, and the words below say what it means.
"""

import altair as alt

from grievances.reports.charts.svg_charts import BLUE, GREY, INK, PINK, WIDTH, Datum, render
from grievances.reports.disclosure.measures import ProtectedSeries
from grievances.reports.disclosure.protected import Shown

HEIGHT = 300
MOST_LABELS = 4
BELOW_NOUGHT = 14
"""Pixels between the first month and the nought of the other axis."""


def series_chart(series: ProtectedSeries, name: str, title: str) -> str | None:
    """Return the chart with points in order, mean, limits and signals.

    Returns None for fewer than two points.
    """
    points = _points(series)
    if len(points) < 2:
        return None
    layers = [*_level_layers(series, points), *_point_layers(series, points)]
    chart = alt.layer(*layers).properties(width=WIDTH, height=HEIGHT)
    return render(chart, name, title, describe_series(series))


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


def _points(series: ProtectedSeries) -> list[Datum]:
    return [
        {
            "place": place,
            "value": figure.value,
            "period": period,
            "words": f"{figure}",
            # The line breaks at a hidden point, because it must not guess the value there.
            "run": sum(1 for before in series.figures[:place] if not isinstance(before, Shown)),
        }
        for place, (period, figure) in enumerate(zip(series.periods, series.figures, strict=True))
        if isinstance(figure, Shown)
    ]


def _apart(signals: list[Datum]) -> list[Datum]:
    """Return the signals that have their figure beside them.

    Two neighbours are never both labelled, because their words would overlap.
    """
    found: list[Datum] = []
    for point in signals:
        if not found or float(point["place"]) - float(found[-1]["place"]) > 1:
            found.append(point)
    return found


def _axes(series: ProtectedSeries, points: list[Datum]) -> tuple[alt.X, alt.Y]:
    number = len(series.periods)
    step = max(1, -(-number // MOST_LABELS))
    names = "[" + ",".join(f"'{name}'" for name in series.periods) + "]"
    across = (
        alt.X("place:Q", title=None)
        .scale(domain=[-0.5, number - 0.2], nice=False)
        .axis(
            values=list(range(0, number, step)),
            labelExpr=f"{names}[datum.value]",
            labelPadding=BELOW_NOUGHT,
            grid=False,
        )
    )
    tops = [float(point["value"]) for point in points] + [(series.upper or 0) / 10]
    up = alt.Y("value:Q", title=None).scale(domain=[0, max(tops) * 1.15 or 1], nice=False)
    return across, up.axis(tickCount=5, labelExpr=f"datum.value + '{series.unit}'")


def _level_layers(series: ProtectedSeries, points: list[Datum]) -> list[alt.Chart]:
    """Return the layers of the mean and the limits.

    They start at the month from which they are computed.
    """
    across, up = _axes(series, points)
    began = series.rebased.split(":")[0]
    place = series.periods.index(began) if began in series.periods else 0
    ends = {"place": place - 0.5, "end": len(series.periods) - 0.2}
    levels: list[Datum] = []
    if series.mean is not None:
        levels.append({"value": series.mean / 10, "words": "mean", **ends})
    for limit in (series.upper, series.lower):
        if limit is not None:
            levels.append({"value": limit / 10, "words": "limit", **ends})
    base = alt.Chart(alt.InlineData(values=levels)).encode(across, up, x2="end:Q")
    mean = base.transform_filter("datum.words == 'mean'")
    limits = base.transform_filter("datum.words == 'limit'")
    return [
        mean.mark_rule(color=GREY, strokeWidth=2),
        limits.mark_rule(color=GREY, strokeWidth=2, strokeDash=[7, 5]),
    ]


def _point_layers(series: ProtectedSeries, points: list[Datum]) -> list[alt.Chart]:
    across, up = _axes(series, points)
    usual = [p for p in points if p["place"] not in series.flagged]
    signals = [p for p in points if p["place"] in series.flagged]
    line = alt.Chart(alt.InlineData(values=points)).encode(across, up)
    labelled = _apart(signals)
    return [
        line.mark_line(color=BLUE, strokeWidth=3).encode(detail="run:N"),
        alt.Chart(alt.InlineData(values=usual))
        .mark_point(shape="circle", filled=True, color=BLUE, size=90, opacity=1)
        .encode(across, up),
        alt.Chart(alt.InlineData(values=signals))
        .mark_point(shape="diamond", filled=True, color=PINK, size=260, opacity=1)
        .encode(across, up),
        alt.Chart(alt.InlineData(values=labelled))
        .mark_text(dy=-20, color=INK, fontWeight="bold")
        .encode(across, up, text="words:N"),
    ]
