"""The chart of how long concerns stay open.

A falling line is the share still open; a rising line beside it is the share withdrawn. Builders
only.
"""

from grievances.reports.charts.svg import (
    BLUE,
    BOLD_LETTER,
    EDGE,
    GREY,
    GRID,
    INK,
    PINK,
    WIDTH,
    Drawing,
    Point,
)
from grievances.reports.disclosure.protected import ProtectedSurvival, Shown

TOP, PLOT, LEFT = 64, 290, 66
"""Units above the curve, of its height, and left of it."""
FOOT = 62
LAST_DAY, DAYS, SHARES = 130, (0, 20, 40, 60, 90, 120), (0, 25, 50, 75, 100)
TARGET_DAY = 60
RIVAL_NAME_DAY = 4


def survival_chart(
    survival: ProtectedSurvival, name: str, title: str, target_day: int | None = TARGET_DAY
) -> str | None:
    """Return the chart of the share still open at the fixed working days.

    It has the 95% band, and the target where there is one. `name` makes the ids unique on a page.
    Returns None where no point may be shown. The line is straight from one shown day to the next,
    as the median is reckoned, and ends at the last one.
    """
    points = _shown(survival)
    if not points:
        return None
    drawing = Drawing()
    _draw_axes(drawing)
    _draw_curve(drawing, points)
    _draw_rival(drawing, survival)
    if target_day is not None:
        _draw_target(drawing, target_day)
    words = describe_survival(survival, target_day)
    return drawing.finish(TOP + PLOT + FOOT, name, title, words)


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


def _at(day: float, percent: float) -> Point:
    """Return the place of a share on a day."""
    across = (WIDTH - LEFT - EDGE) * day / LAST_DAY
    return LEFT + across, TOP + PLOT * (1 - percent / 100)


def _draw_axes(drawing: Drawing) -> None:
    drawing.text((EDGE, TOP / 4), "Still open, with 95% interval", GREY)
    for percent in SHARES:
        (left, y), (right, _) = _at(0, percent), _at(LAST_DAY, percent)
        drawing.line([(left, y), (right, y)], GRID, 1)
        drawing.text((left - EDGE, y), f"{percent}%", GREY, "end")
    foot = TOP + PLOT
    for day in DAYS:
        x, _ = _at(day, 0)
        drawing.line([(x, foot), (x, foot + 6)], GREY, 1)
        drawing.text((x, foot + 20), str(day), GREY, "middle")
    drawing.line([_at(0, 0), _at(LAST_DAY, 0)], GREY, 1)
    words = "Working days since the concern was received"
    drawing.text((WIDTH - EDGE, foot + 46), words, GREY, "end")


def _shown(survival: ProtectedSurvival) -> list[tuple[int, int, int, int]]:
    """Return (day, open, lower, upper) of the days that are shown, in percent."""
    return [
        (point.day, point.percent.value, point.lower.value, point.upper.value)
        for point in survival.points
        if isinstance(point.percent, Shown)
        and isinstance(point.lower, Shown)
        and isinstance(point.upper, Shown)
    ]


def _draw_curve(drawing: Drawing, points: list[tuple[int, int, int, int]]) -> None:
    """Draw the curve of the days that are shown, with its band; on day 0 all are open."""
    whole = [(0, 100, 100, 100), *points]
    upper = [_at(day, high) for day, _, _, high in whole]
    lower = [_at(day, low) for day, _, low, _ in whole]
    drawing.area([*upper, *reversed(lower)])
    drawing.line([_at(day, open_) for day, open_, _, _ in whole], BLUE, 4)
    for day, open_, _, _ in points:
        x, y = _at(day, open_)
        drawing.dot((x, y))
        words = f"{open_}%"
        fits = WIDTH - x - EDGE >= BOLD_LETTER * len(words)
        place, anchor = (x + EDGE, "start") if fits else (WIDTH - EDGE, "end")
        drawing.text((place, y - 16), words, INK, anchor, bold=True)


def _draw_rival(drawing: Drawing, survival: ProtectedSurvival) -> None:
    """Draw the share withdrawn at the days that are shown.

    The line is dashed, so that it does not depend on colour alone.
    """
    points = [(p.day, p.percent.value) for p in survival.withdrawn if isinstance(p.percent, Shown)]
    if not points:
        return
    line = [_at(day, percent) for day, percent in ((0, 0), *points)]
    drawing.line(line, GREY, 3, "3 4")
    x, y = line[-1]
    drawing.rectangle((x - 5, y - 5), (10, 10), GREY)
    # The line has one word, above its start, left of the target.
    percent = points[-1][1]
    across, up = _at(RIVAL_NAME_DAY, percent)
    drawing.text((across, up - 18), f"Withdrawn: {percent}%", GREY)


def _draw_target(drawing: Drawing, day: int) -> None:
    x, foot = _at(day, 0)
    drawing.line([(x, TOP - 20), (x, foot)], PINK, 3, "8 5")
    drawing.text((x + 10, TOP - 16), f"{day}-day target", PINK, bold=True)
