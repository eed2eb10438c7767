"""Pausing and the ladder, without rows (domain.md 6.3, 6.4; vectors V17-V25)."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from tests.workflow.vectors import calendar, name, on, vectors, wd
from workflow.calendar import Unit
from workflow.clocks import (
    MOMENT,
    PROMISE,
    WINDOW,
    Clock,
    first_due,
    paused_due,
    promise_schedule,
    reminder_dates,
    working_days_left,
)

CLOCK = wd(30)


@pytest.mark.parametrize("vector", vectors("pause_resume"), ids=name)
def test_the_pause_moves_the_due_date_as_the_vector_says(vector: Any) -> None:
    asked = vector["input"]
    due = on(asked["due"])
    for paused_on, resumed_on in asked["pauses"]:
        due = paused_due(due, on(paused_on), on(resumed_on), CLOCK, calendar(asked["calendar"]))
    assert due == on(vector["expected"])


@pytest.mark.parametrize("vector", vectors("reminders"), ids=name)
def test_the_ladder_has_the_dates_of_the_vector(vector: Any) -> None:
    asked = vector["input"]
    found = reminder_dates(CLOCK, on(asked["start"]), on(asked["due"]), calendar(asked["calendar"]))
    assert found == {
        reminder: on(day) if day is not None else None
        for reminder, day in vector["expected"].items()
    }


@given(
    started=st.dates(date(2015, 1, 1), date(2026, 12, 31)),
    amount=st.integers(1, 60),
    cuts=st.lists(st.integers(0, 90), min_size=3, max_size=3).map(sorted),
)
def test_splitting_a_pause_anywhere_gives_the_same_due_date(
    started: date, amount: int, cuts: list[int]
) -> None:
    clock = wd(amount)
    due = first_due(clock, started, calendar())
    paused_on, split_on, resumed_on = (started + timedelta(days=cut) for cut in cuts)
    assume(calendar().between(paused_on, due) >= 1)
    whole = paused_due(due, paused_on, resumed_on, clock, calendar())
    first = paused_due(due, paused_on, split_on, clock, calendar())
    assert paused_due(first, split_on, resumed_on, clock, calendar()) == whole


@given(
    due=st.dates(date(2016, 1, 1), date(2026, 12, 31)),
    paused=st.integers(-60, 60),
    length=st.integers(0, 60),
    unit=st.sampled_from(list(Unit)),
)
def test_a_pause_never_brings_a_due_date_forward(
    due: date, paused: int, length: int, unit: Unit
) -> None:
    paused_on = due + timedelta(days=paused)
    clock = Clock("ACK", "RECEIVED", 3, unit)
    resumed_on = paused_on + timedelta(days=length)
    assert paused_due(due, paused_on, resumed_on, clock, calendar()) >= due


@pytest.mark.parametrize("unit", [Unit.CD, Unit.MONTH])
def test_other_units_move_by_the_days_of_the_pause(unit: Unit) -> None:
    clock = Clock("ACK", "RECEIVED", 3, unit)
    moved = paused_due(date(2026, 12, 14), date(2026, 12, 1), date(2026, 12, 11), clock, calendar())
    assert moved == date(2026, 12, 24)


def test_a_statutory_clock_never_pauses() -> None:
    due = date(2026, 12, 14)
    clock = Clock("ACK", "RECEIVED", 7, Unit.CD, statutory=True)
    assert paused_due(due, date(2026, 12, 1), date(2026, 12, 11), clock, calendar()) == due


def test_resuming_before_pausing_is_refused() -> None:
    with pytest.raises(ValueError, match="before"):
        paused_due(date(2026, 12, 14), date(2026, 12, 2), date(2026, 12, 1), CLOCK, calendar())


def test_working_days_left_turn_negative_once_late() -> None:
    due = date(2026, 12, 14)
    assert working_days_left(due, date(2026, 12, 7), calendar()) == 5
    assert working_days_left(due, due, calendar()) == 0
    assert working_days_left(due, date(2026, 12, 16), calendar()) == -2


def test_a_window_lapses_on_the_calendar_day_after_it() -> None:
    clock = Clock("APPEAL_WINDOW", "OUTCOME", 10, Unit.WD, schedule=WINDOW)
    due = date(2026, 12, 18)
    assert reminder_dates(clock, date(2026, 12, 4), due, calendar()) == {
        "lapse": date(2026, 12, 19)
    }


def test_a_moment_comes_on_its_own_day_even_when_that_is_the_start() -> None:
    clock = Clock("CHECKIN", "CLOSED", 0, Unit.CD, schedule=MOMENT)
    day = date(2026, 12, 18)
    assert reminder_dates(clock, day, day, calendar()) == {"due": day}


@pytest.mark.parametrize("schedule", [PROMISE, WINDOW, MOMENT])
def test_a_clock_comes_back_from_its_stored_form(schedule: Any) -> None:
    clock = Clock("ACK", "RECEIVED", 3, Unit.WD, roll=True, statutory=True, schedule=schedule)
    assert Clock.from_json(clock.to_json()) == clock


def test_a_reminder_dated_on_the_start_is_not_sent() -> None:
    dates = reminder_dates(wd(1), date(2026, 12, 7), date(2026, 12, 8), calendar())
    assert dates["minus1"] is None
    assert dates["on_day"] == date(2026, 12, 8)


def test_a_profile_may_set_other_distances() -> None:
    names = [
        (reminder.name, reminder.offset, reminder.level)
        for reminder in promise_schedule((0, -2), (3,))
    ]
    assert names == [("minus2", -2, 0), ("on_day", 0, 0), ("L1", 3, 1)]


def test_only_a_promise_can_be_broken() -> None:
    assert CLOCK.is_promise
    assert not wd(10, schedule=WINDOW).is_promise
    assert not wd(10, schedule=MOMENT).is_promise
