"""How long concerns take, and whether promises are kept."""

from django.db.models import F, Q

from grievances.policy import profiles
from grievances.reports.contents import sources
from grievances.reports.contents.durations import Competing, Duration
from grievances.reports.contents.stages import FirstMeeting, StageTimes
from grievances.reports.layout.sections import Dimension, Piece, SharesBy
from grievances.reports.series import Series

RESOLUTION: tuple[Piece, ...] = (
    Duration(),
    Competing(),
    StageTimes(),
    FirstMeeting(),
)


def met(due: str) -> Q:
    """Return the condition that a clock was completed by the date that counts."""
    return Q(completed_on__isnull=False, completed_on__lte=F(due))


CLOCK_NAMES = Dimension("name", {name: profiles.CLOCKS[name] for name in sources.CLOCKS})
ON_TIME_NOTE = (
    "Of the dates that fell in the period, the share met in time. A promise that is late and still "
    "open counts as not kept; one on hold is left out until it runs again."
)
OVERALL = SharesBy(
    "on-time",
    "Promises kept by their date",
    ON_TIME_NOTE,
    lambda desk: sources.promises(desk, "current_due"),
    CLOCK_NAMES,
    met("current_due"),
    "All promises together",
)
TIMELINESS: tuple[Piece, ...] = (
    OVERALL,
    SharesBy(
        "first-date",
        "The same, against the date first given",
        "Dates move when a case is on hold or is extended. Here each promise is measured against "
        "the date it began with.",
        lambda desk: sources.promises(desk, "original_due"),
        CLOCK_NAMES,
        met("original_due"),
        "All promises together",
    ),
    Series(
        "on-time-by-month",
        "Promises kept, month by month",
        "Each point is the share as published for that month.",
        "timeliness",
        "on-time",
        "All promises together",
    ),
)
