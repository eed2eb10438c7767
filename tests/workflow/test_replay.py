"""A stored clock is its history, folded (architecture 6)."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.workflow.vectors import LONDON, Row, calendar, extend, noon, resume, started, sweep, wd
from workflow import deadlines
from workflow.calendar import Calendar, Unit
from workflow.deadlines import Clock, Moment, MomentKind


def test_a_new_holiday_moves_an_open_clock_later_and_never_earlier() -> None:
    clock = wd(10)
    row = started(clock, date(2026, 11, 2))
    history = [Moment(MomentKind.STARTED, date(2026, 11, 2))]
    now = noon(date(2026, 11, 3))
    known = calendar()
    longer = Calendar("X", known.holidays | {date(2026, 11, 5)}, known.last_day)
    deadlines.recompute(row, history, now, longer, clock, LONDON)
    assert (row.original_due, row.current_due) == (date(2026, 11, 16), date(2026, 11, 17))
    deadlines.recompute(row, history, now, known, clock, LONDON)
    assert row.current_due == date(2026, 11, 17)
    deadlines.meet(row, date(2026, 11, 4))
    longest = Calendar("Y", longer.holidays | {date(2026, 11, 6)}, known.last_day)
    deadlines.recompute(row, history, now, longest, clock, LONDON)
    assert row.current_due == date(2026, 11, 17)


@pytest.mark.parametrize("kind", [MomentKind.PAUSED, MomentKind.EXTENDED, MomentKind.MET])
def test_nothing_that_happens_later_changes_a_completed_clock(kind: MomentKind) -> None:
    begun = Moment(MomentKind.STARTED, date(2026, 11, 2))
    met = [begun, Moment(MomentKind.MET, date(2026, 11, 4))]
    later = [Moment(kind, date(2026, 12, 1), days=5), Moment(MomentKind.RESUMED, date(2026, 12, 9))]
    stood = deadlines.replay(met, wd(10), calendar())
    assert deadlines.replay([*met, *later], wd(10), calendar()) == stood


def test_a_history_begins_with_its_start() -> None:
    with pytest.raises(ValueError, match="begins"):
        deadlines.replay([], wd(3), calendar())
    begun = Moment(MomentKind.STARTED, date(2026, 11, 2))
    with pytest.raises(ValueError, match="once"):
        deadlines.replay([begun, begun], wd(3), calendar())


ACTS = st.lists(
    st.tuples(
        st.sampled_from(["pause", "resume", "extend", "meet", "sweep"]),
        st.integers(0, 15),
        st.integers(1, 10),
    ),
    max_size=12,
)


@given(
    anchor_on=st.dates(date(2020, 1, 1), date(2026, 12, 31)),
    late=st.integers(0, 5),
    amount=st.integers(1, 40),
    unit=st.sampled_from([Unit.WD, Unit.CD]),
    roll=st.booleans(),
    acts=ACTS,
)
def test_a_row_equals_the_replay_of_its_history(
    anchor_on: date,
    late: int,
    amount: int,
    unit: Unit,
    roll: bool,
    acts: list[tuple[str, int, int]],
) -> None:
    clock = Clock("INVESTIGATION", "ACCEPTED", amount, unit, roll=roll)
    day = anchor_on + timedelta(days=late)
    row = started(clock, anchor_on, today=day)
    history = [Moment(MomentKind.STARTED, day, anchor_on=anchor_on)]
    for act, wait, days in acts:
        day += timedelta(days=wait)
        history.extend(perform(row, act, day, days))
    at = deadlines.replay(history, clock, calendar())
    stored = deadlines.clock_state_of(row)
    assert replace(stored, breached=at.breached) == at
    # The sweep finds that an open clock is late; nothing in its history says so.
    assert at.breached <= stored.breached <= (at.breached or at.is_late(day))
    assert (row.next_rung_at is None) >= (row.paused_on is not None or row.completed_on is not None)


def perform(row: Row, act: str, day: date, days: int) -> list[Moment]:
    match act:
        case "pause":
            deadlines.pause(row, day)
            return [Moment(MomentKind.PAUSED, day)]
        case "resume":
            resume(row, day)
            return [Moment(MomentKind.RESUMED, day)]
        case "extend" if row.completed_on is None:
            extend(row, days, day)
            return [Moment(MomentKind.EXTENDED, day, days)]
        case "meet":
            deadlines.meet(row, day)
            return [Moment(MomentKind.MET, day)]
        case "sweep":
            sweep(row, noon(day))
    return []
