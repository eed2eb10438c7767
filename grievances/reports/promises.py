"""Were the promises kept: clocks met of those due (domain.md 9, due cohort). Builders only."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from grievances import policy
from grievances.reports.catalogue import Period
from grievances.reports.disclosure import INTERNAL, ProtectedShare
from grievances.reports.document import Item, Section
from grievances.reports.facts import COUNTED_CLOCKS, PromiseFact
from grievances.reports.statistics import ClockFact, due_cohort
from grievances.reports.tallies import Mark, shares

ByPeriod = Mapping[str, ProtectedShare]


def kept_by_clock(
    promises: Iterable[PromiseFact],
    year: Period,
    quarters: Sequence[Period],
    until: date,
    *,
    original: bool,
) -> dict[str, ByPeriod]:
    """The share kept of those due by the local date `until`, by clock and period.

    `original` measures against the date first given instead of the one that now stands.
    """
    marks: dict[str, list[Mark]] = {name: [] for name in COUNTED_CLOCKS}
    for fact in promises:
        mark = _promise_mark(fact, quarters, until, original)
        if mark is not None:
            marks[fact.name].append(mark)
    return {name: shares(marks[name], year, quarters, INTERNAL) for name in COUNTED_CLOCKS}


def _promise_mark(
    fact: PromiseFact, quarters: Sequence[Period], until: date, original: bool
) -> Mark | None:
    """The clock in the quarter it was due in, and whether it was met (domain.md 9, due cohort)."""
    due = fact.original_due if original else fact.current_due
    quarter = next((quarter for quarter in quarters if quarter.holds(due)), None)
    if quarter is None or due > until:
        return None
    last = min(quarter.last, until)
    done = fact.completed_on if fact.completed_on and fact.completed_on <= last else None
    paused = fact.paused_on is not None and fact.paused_on <= last
    clock = ClockFact(fact.current_due, fact.original_due, done, paused)
    cohort = due_cohort([clock], quarter.first, last)
    kept = cohort.original if original else cohort.current
    return Mark(quarter.name, bool(kept.met), fact.who) if kept.due else None


def on_time(period: Period, kept: Mapping[str, ByPeriod]) -> Section:
    """The promises against the dates as they stand."""
    return Section(
        "on-time",
        "Promises kept by their date",
        "Of the dates that fell in the period, the share met in time. A promise that is late and "
        "still open counts as not kept; one on hold is left out until it runs again.",
        _promise_items(kept, period),
    )


def first_given(period: Period, kept: Mapping[str, ByPeriod]) -> Section:
    """The promises against the dates they began with."""
    return Section(
        "first-date",
        "The same, against the date first given",
        "Dates move when a case is on hold or is extended. Here each promise is measured against "
        "the date it began with.",
        _promise_items(kept, period),
    )


def _promise_items(by_clock: Mapping[str, ByPeriod], period: Period) -> tuple[Item, ...]:
    return tuple(Item(policy.CLOCKS[name], by_clock[name][period.name]) for name in COUNTED_CLOCKS)
