"""Stored clocks against their history (domain.md 5.5, 6.3, 6.4, 6.8)."""

from datetime import UTC, date, datetime, time

import pytest

from tests.workflow.vectors import (
    LONDON,
    extend,
    fire,
    noon,
    on,
    reference,
    resume,
    started,
    sweep,
    wd,
)
from workflow import deadlines
from workflow.calendar import Unit, at_local
from workflow.deadlines import MOMENT, WINDOW, Clock, Reminder


def test_a_started_clock_waits_for_its_first_reminder() -> None:
    row = started(wd(30), date(2026, 12, 2))
    assert (row.original_due, row.current_due) == (date(2027, 1, 18), date(2027, 1, 18))
    assert row.next_rung == "minus5"
    assert row.next_rung_at == datetime(2027, 1, 11, 9, tzinfo=UTC)


def test_e2e1_the_hold_moves_the_investigation_and_the_whole() -> None:
    e2e = reference()["e2e"]["E2E1"]
    paused_on, resumed_on = (on(day) for day in e2e["hold"])
    investigation = started(wd(30), on(e2e["accepted"]))
    overall = started(wd(60), on(e2e["submitted"]))
    assert investigation.current_due == on(e2e["investigation_due"])
    assert overall.current_due == on(e2e["overall_due"])
    for row in (investigation, overall):
        deadlines.pause(row, paused_on)
        assert (row.next_rung, row.next_rung_at) == ("", None)
        resume(row, resumed_on)
        assert row.paused_wd == e2e["excluded_wd"]
    assert investigation.current_due == on(e2e["investigation_due_after"])
    assert overall.current_due == on(e2e["overall_due_after"])
    reminders = [on(day) for day in e2e["investigation_reminders"]]
    assert investigation.next_rung_at == at_local(reminders[0], time(9), LONDON)
    assert sweep(investigation, noon(reminders[0])) == "minus5"
    assert investigation.next_rung_at == at_local(reminders[1], time(9), LONDON)


def test_e2e2_no_one_acknowledges_and_the_levels_rise_until_someone_does() -> None:
    row = started(wd(3), date(2026, 11, 21))
    assert sweep(row, noon(date(2026, 11, 24))) == "minus1"
    assert sweep(row, noon(date(2026, 11, 25))) == "on_day"
    assert not row.breached
    for day, level in ((date(2026, 11, 26), 1), (date(2026, 12, 2), 2)):
        assert sweep(row, noon(day)) == f"L{level}"
        assert (row.breached, row.level) == (True, level)
    deadlines.meet(row, date(2026, 12, 3))
    assert (row.level, row.breached, row.next_rung_at) == (0, True, None)
    assert row.completed_on == date(2026, 12, 3)
    triage = started(wd(5), date(2026, 11, 21), today=date(2026, 12, 3))
    assert triage.current_due == date(2026, 11, 27)


def test_after_an_outage_only_the_most_urgent_rung_fires_and_once() -> None:
    row = started(wd(3), date(2026, 11, 21))
    now = noon(date(2026, 12, 4))
    assert sweep(row, now) == "L2"
    assert sweep(row, now) == ""
    assert row.next_rung == "L3"


def test_a_clock_started_too_late_for_its_reminders_still_escalates() -> None:
    row = started(wd(5), date(2026, 11, 21), today=date(2026, 12, 3))
    assert row.next_rung == "L1"
    assert sweep(row, noon(date(2026, 12, 3))) == "L1"


def test_a_reminder_whose_time_has_passed_when_the_due_date_moves_is_not_sent() -> None:
    row = started(wd(30), date(2026, 11, 2))
    deadlines.pause(row, date(2026, 12, 10))
    resume(row, date(2026, 12, 14))
    # Two working days were left, so the five-day reminder is in the past.
    assert row.current_due == date(2026, 12, 16)
    assert (row.last_rung, row.next_rung) == ("minus5", "minus1")


def test_a_reminder_is_sent_again_for_a_new_due_date_only() -> None:
    row = started(wd(10), date(2026, 11, 2))
    assert sweep(row, noon(date(2026, 11, 9))) == "minus5"
    deadlines.pause(row, date(2026, 11, 10))
    resume(row, date(2026, 11, 10))
    assert row.next_rung == "minus1"
    extend(row, 10, date(2026, 11, 10))
    assert row.next_rung == "minus5"


def test_an_extension_keeps_the_first_promise() -> None:
    row = started(wd(10), date(2026, 11, 2))
    extend(row, 5, date(2026, 11, 10))
    assert (row.original_due, row.current_due) == (date(2026, 11, 16), date(2026, 11, 23))
    assert row.extended_wd == 5
    assert not row.breached


def test_extensions_add_up() -> None:
    row = started(wd(10), date(2026, 11, 2))
    extend(row, 5, date(2026, 11, 10))
    extend(row, 2, date(2026, 11, 11))
    assert (row.current_due, row.extended_wd) == (date(2026, 11, 25), 7)


def test_a_level_once_reached_is_not_lowered_by_a_later_due_date() -> None:
    row = started(wd(3), date(2026, 11, 21))
    assert sweep(row, noon(date(2026, 12, 2))) == "L2"
    extend(row, 10, date(2026, 12, 2))
    assert sweep(row, noon(date(2026, 12, 10))) == "L1"
    assert row.level == 2


def test_an_extension_after_the_due_date_does_not_unmake_the_breach() -> None:
    row = started(wd(10), date(2026, 11, 2))
    extend(row, 5, date(2026, 11, 18))
    assert row.breached
    deadlines.meet(row, date(2026, 11, 19))
    assert row.breached


def test_an_extension_of_no_days_or_of_a_completed_clock_is_refused() -> None:
    row = started(wd(10), date(2026, 11, 2))
    with pytest.raises(ValueError, match="at least one day"):
        extend(row, 0, date(2026, 11, 3))
    deadlines.meet(row, date(2026, 11, 3))
    with pytest.raises(ValueError, match="completed"):
        extend(row, 1, date(2026, 11, 3))


def test_a_hold_after_breach_freezes_the_level() -> None:
    row = started(wd(3), date(2026, 11, 21))
    sweep(row, noon(date(2026, 11, 26)))
    deadlines.pause(row, date(2026, 11, 27))
    assert sweep(row, noon(date(2026, 12, 10))) == ""
    assert (row.level, row.breached) == (1, True)
    resume(row, date(2026, 11, 30))
    assert row.current_due == date(2026, 11, 25)
    assert row.next_rung == "L2"


def test_a_clock_met_during_a_pause_is_late_only_if_it_was_late_before() -> None:
    row = started(wd(10), date(2026, 11, 2))
    deadlines.pause(row, date(2026, 11, 10))
    deadlines.meet(row, date(2026, 12, 1))
    assert not row.breached


def test_a_second_pause_changes_nothing() -> None:
    row = started(wd(10), date(2026, 11, 2))
    deadlines.pause(row, date(2026, 11, 5))
    deadlines.pause(row, date(2026, 11, 9))
    assert row.paused_on == date(2026, 11, 5)


def test_a_statutory_clock_runs_through_a_hold() -> None:
    row = started(Clock("ACK", "RECEIVED", 7, Unit.CD, statutory=True), date(2026, 11, 2))
    before = row.next_rung_at
    deadlines.pause(row, date(2026, 11, 3))
    assert (row.paused_on, row.next_rung_at) == (None, before)
    resume(row, date(2026, 11, 5))
    assert row.current_due == date(2026, 11, 9)


def test_a_window_lapses_at_local_midnight_without_a_breach() -> None:
    row = started(Clock("APPEAL_WINDOW", "OUTCOME", 10, Unit.WD, schedule=WINDOW), date(2026, 6, 1))
    assert row.current_due == date(2026, 6, 15)
    assert row.next_rung_at == datetime(2026, 6, 15, 23, tzinfo=UTC)
    assert sweep(row, datetime(2026, 6, 15, 22, 59, tzinfo=UTC)) == ""
    assert sweep(row, datetime(2026, 6, 15, 23, tzinfo=UTC)) == "lapse"
    assert not row.breached
    assert row.next_rung_at is None


def test_a_moment_that_has_passed_still_comes() -> None:
    row = started(
        Clock("HOLD_REVIEW", "HELD", 2, Unit.CD, schedule=MOMENT),
        date(2026, 6, 1),
        today=date(2026, 6, 8),
    )
    assert sweep(row, noon(date(2026, 6, 8))) == "due"


def test_a_rung_the_clock_does_not_have_is_refused() -> None:
    row = started(wd(10), date(2026, 11, 2))
    with pytest.raises(ValueError, match="no rung"):
        fire(row, Reminder("L9", 1), noon(date(2026, 11, 3)))
