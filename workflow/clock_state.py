"""Compute the state of one clock from its history, by pure functions.

Events are the truth; stored rows are a copy of this result (architecture.md 6). Row operations and
`replay` apply the same moments, so a row cannot drift from its history.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from workflow.calendar import Calendar
from workflow.clocks import Clock, extended_due, first_due, paused_days, paused_due


class MomentKind(StrEnum):
    """What can happen to a clock."""

    STARTED = "STARTED"
    PAUSED = "PAUSED"
    RESUMED = "RESUMED"
    EXTENDED = "EXTENDED"
    MET = "MET"


@dataclass(frozen=True)
class Moment:
    """One thing that happened to a clock on a local date.

    `days` belongs to an extension. `anchor_on` belongs to a start whose anchor is an earlier day.
    """

    kind: MomentKind
    on: date
    days: int = 0
    anchor_on: date | None = None


@dataclass(frozen=True)
class ClockState:
    """The state of a clock (domain.md 6.3). Dates are local.

    `paused_wd` and `extended_wd` count working days, or calendar days for clocks in calendar days
    or months. `breached` never turns false again (domain.md 5.5).
    """

    anchor_on: date
    started_on: date
    original_due: date
    current_due: date
    paused_on: date | None = None
    paused_wd: int = 0
    extended_wd: int = 0
    completed_on: date | None = None
    breached: bool = False

    def is_late(self, on: date) -> bool:
        """Return whether the due date has passed; a paused clock is judged at its pause."""
        return (self.paused_on or self.completed_on or on) > self.current_due


def begin(clock: Clock, anchor_on: date, started_on: date, calendar: Calendar) -> ClockState:
    """Return a clock that has just started, due an amount after its anchor."""
    due = first_due(clock, anchor_on, calendar)
    return ClockState(anchor_on, started_on, original_due=due, current_due=due)


def apply(at: ClockState, moment: Moment, clock: Clock, calendar: Calendar) -> ClockState:
    """Return the state of the clock after one more moment.

    A completed clock stays as it is, so that a hold over a whole case may be applied to all its
    clocks. So do a second pause (overlapping pauses are one), a resumption without a pause, and a
    pause of a statutory clock. Extending by less than a day is a ValueError, too.

    Raises:
        ValueError: The clock has started already.
    """
    if at.completed_on is not None:
        return at
    match moment.kind:
        case MomentKind.PAUSED if at.paused_on is None and not clock.statutory:
            return replace(_judged(at, moment.on, clock), paused_on=moment.on)
        case MomentKind.RESUMED if at.paused_on is not None:
            return _resumed(at, at.paused_on, moment.on, clock, calendar)
        case MomentKind.EXTENDED:
            return _extended(_judged(at, moment.on, clock), moment.days, clock, calendar)
        case MomentKind.MET:
            return replace(_judged(at, moment.on, clock), completed_on=moment.on)
        case MomentKind.STARTED:
            raise ValueError("A clock starts once.")
    return at


def replay(history: Iterable[Moment], clock: Clock, calendar: Calendar) -> ClockState:
    """Return the state after a history, oldest moment first.

    Raises:
        ValueError: The first moment is not the start.
    """
    moments = iter(history)
    first = next(moments, None)
    if first is None or first.kind is not MomentKind.STARTED:
        raise ValueError("The history of a clock begins with its start.")
    at = begin(clock, first.anchor_on or first.on, first.on, calendar)
    for moment in moments:
        at = apply(at, moment, clock, calendar)
    return at


def _judged(at: ClockState, on: date, clock: Clock) -> ClockState:
    return replace(at, breached=at.breached or (clock.is_promise and at.is_late(on)))


def _resumed(
    at: ClockState, paused_on: date, on: date, clock: Clock, calendar: Calendar
) -> ClockState:
    return replace(
        at,
        current_due=paused_due(at.current_due, paused_on, on, clock, calendar),
        paused_wd=at.paused_wd + paused_days(at.current_due, paused_on, on, clock, calendar),
        paused_on=None,
    )


def _extended(at: ClockState, days: int, clock: Clock, calendar: Calendar) -> ClockState:
    if days < 1:
        raise ValueError("An extension is at least one day.")
    return replace(
        at,
        current_due=extended_due(at.current_due, days, clock, calendar),
        extended_wd=at.extended_wd + days,
    )
