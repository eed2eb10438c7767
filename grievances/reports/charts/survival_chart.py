"""The chart of how long concerns stay open.

A falling line is the share still open; a rising line beside it is the share withdrawn. Builders
only: it loads the chart library.
"""

import altair as alt

from grievances.reports.charts.svg_charts import BLUE, GREY, INK, PINK, WIDTH, Datum, render
from grievances.reports.disclosure.protected import ProtectedSurvival, Shown

CURVE_HEIGHT = 320
TARGET_DAY = 60
RIVAL_NAME_DAY = 18


def survival_chart(
    survival: ProtectedSurvival, name: str, title: str, target_day: int | None = TARGET_DAY
) -> str | None:
    """Return the chart of the share still open at the fixed working days.

    It has the 95% band, and the target where there is one. `name` makes the ids unique on a page.
    Returns None where no point may be shown. The line is straight from one shown day to the next,
    as the median is reckoned, and ends at the last one.
    """
    points = _list_points(survival)
    if len(points) == 1:
        return None
    rival = _rival_layers(survival)
    target = [] if target_day is None else _target_layers(target_day)
    layers = alt.layer(*_curve_layers(points), *rival, *target)
    chart = layers.properties(width=WIDTH, height=CURVE_HEIGHT)
    return render(chart, name, title, describe_survival(survival, target_day))


def describe_survival(survival: ProtectedSurvival, target_day: int | None) -> str:
    """Return a description of the curve for people who do not see it."""
    parts = [
        f"After {point.day} working days {point.percent}% were still open."
        for point in survival.points
        if isinstance(point.percent, Shown)
    ]
    parts += [
        f"By day {point.day} {point.percent}% had been withdrawn."
        for point in survival.withdrawn
        if isinstance(point.percent, Shown)
    ]
    about = f"About {survival.cases} concerns, open ones counted."
    target = [] if target_day is None else [f"The target is {target_day} working days."]
    return " ".join([about, *parts, *target])


def _list_points(survival: ProtectedSurvival) -> list[Datum]:
    """Return the points of the curve at the days that are shown.

    On day 0 all concerns are open.
    """
    points: list[Datum] = [{"day": 0, "open": 100, "lower": 100, "upper": 100, "words": ""}]
    for point in survival.points:
        figures = point.percent, point.lower, point.upper
        shown = [figure.value for figure in figures if isinstance(figure, Shown)]
        if len(shown) < len(figures):
            continue
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
    band = alt.Chart(alt.InlineData(values=points))
    return [
        band.mark_area(color=BLUE, opacity=0.16).encode(day, y=alt.Y("lower:Q"), y2="upper:Q"),
        base.mark_line(color=BLUE, strokeWidth=4).encode(day, share),
        words.mark_point(shape="circle", filled=True, color=BLUE, size=110, opacity=1),
        words.mark_text(align="left", dx=8, dy=-14, color=INK, fontWeight="bold"),
    ]


def _rival_layers(survival: ProtectedSurvival) -> list[alt.Chart]:
    """Return the layers of the share withdrawn at the days that are shown.

    The line is dashed, so that it does not depend on colour alone.
    """
    points: list[Datum] = [{"day": 0, "open": 0, "words": ""}]
    for point in survival.withdrawn:
        if not isinstance(point.percent, Shown):
            continue
        points.append({"day": point.day, "open": point.percent.value, "words": f"{point.percent}%"})
    if len(points) == 1:
        return []
    # The line has one word, above its start, where the falling line is far away.
    last = points[-1]
    named = {**last, "day": RIVAL_NAME_DAY, "words": f"Withdrawn: {last['words']}"}
    place = alt.X("day:Q"), alt.Y("open:Q")
    line, end, name = (
        alt.Chart(alt.InlineData(values=values)).encode(*place)
        for values in (points, [last], [named])
    )
    return [
        line.mark_line(color=GREY, strokeWidth=3, strokeDash=[3, 4]),
        end.mark_point(shape="square", filled=True, color=GREY, size=90, opacity=1),
        name.mark_text(align="left", dy=-18, color=GREY).encode(text="words:N"),
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
