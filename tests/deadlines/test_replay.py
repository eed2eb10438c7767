"""Stored dates against the events they follow from, and what a holiday announced later does."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import given as examples
from hypothesis import strategies as st

from grievances import tasks
from grievances.audit.models import Event
from grievances.cases.actions.clocks import put_off_archiving
from grievances.cases.models.case import Case
from grievances.cases.models.deadlines import Deadline
from grievances.deadlines import recompute
from grievances.deadlines.recompute import differences, import_holidays
from grievances.policy import profiles
from grievances.vocabulary import State
from notifications.models import Notice
from tests.factories import cases
from tests.factories.cases import START, done, fresh
from tests.factories.people import Staff
from workflow.models import Holiday

WHY = "A witness is away."
ACTS = st.lists(
    st.tuples(st.sampled_from(["hold", "resume", "extend"]), st.integers(0, 4)),
    max_size=8,
)


@pytest.fixture(autouse=True)
def _calendars_of_this_test() -> Iterator[None]:
    """A calendar is kept by how many days it has: a holiday of another test must not be in it."""
    profiles._calendar.cache_clear()
    yield
    profiles._calendar.cache_clear()


def unsound(case: Case) -> list[str]:
    """Every stored clock of a case that is not what its events say."""
    events = list(Event.objects.filter(chain=case.reference).order_by("seq"))
    rows = Deadline.objects.filter(case=case).select_related("case")
    return [f"{row.name}: {found}" for row in rows if (found := differences(row, events))]


def due(case: Case, name: str) -> date:
    return Deadline.objects.get(case=case, name=name).current_due


def act(staff: Staff, case: Case, what: str, now: datetime) -> None:
    """One act of the handler, where the present state of the case allows it."""
    case = fresh(case)
    if what == "hold" and case.state == State.INVESTIGATION:
        end = case.calendar.add(now.date(), 8)
        done(staff, case, "handler1", what, now, explanation=WHY, reason="C_LEAVE", review_on=end)
    elif what == "resume" and case.state == State.ON_HOLD:
        done(staff, case, "handler1", what, now)
    elif what == "extend" and case.state == State.INVESTIGATION:
        done(staff, case, "lead1", what, now, explanation=WHY, clock="INVESTIGATION", days=3)


@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@examples(acts=ACTS)
def test_a_stored_date_is_what_the_events_say_whatever_is_done(
    staff: Staff, acts: list[tuple[str, int]]
) -> None:
    with transaction.atomic():
        case, now = cases.in_investigation(staff), START + timedelta(days=3)
        for what, wait in acts:
            now += timedelta(days=wait, minutes=5)
            act(staff, case, what, now)
            assert unsound(case) == []
        transaction.set_rollback(True)


def test_a_date_that_was_changed_behind_the_back_of_the_events_is_found(staff: Staff) -> None:
    case = cases.in_investigation(staff)
    later = due(case, "INVESTIGATION") + timedelta(days=7)
    Deadline.objects.filter(case=case, name="INVESTIGATION").update(current_due=later)
    assert unsound(case) == ["INVESTIGATION: ['current_due']"]


def test_a_holiday_announced_later_moves_open_dates_later_and_says_so(staff: Staff) -> None:
    case = cases.in_investigation(staff)
    before, acknowledged = due(case, "INVESTIGATION"), due(case, "ACK")
    day = case.calendar.add(START.date(), 12)
    added, moved = import_holidays([("ENG_WLS", day, "A royal occasion")], now=START)
    after = due(case, "INVESTIGATION")
    assert added == 1
    assert moved >= 1
    assert after == fresh(case).calendar.add(before, 1) > before
    assert due(case, "ACK") == acknowledged
    assert unsound(fresh(case)) == []
    told = Event.objects.get(kind="clock.moved", data__clock="INVESTIGATION")
    assert (told.data["from"], told.data["to"]) == (str(before), str(after))
    assert Notice.objects.filter(key__startswith=f"{case.reference}:{told.seq}:").exists()


def test_the_same_holiday_again_moves_nothing(staff: Staff) -> None:
    case = cases.in_investigation(staff)
    rows = [("ENG_WLS", case.calendar.add(START.date(), 12), "A royal occasion")]
    import_holidays(rows, now=START)
    assert import_holidays(rows, now=START) == (0, 0)


def test_a_holiday_of_another_nation_moves_nothing(staff: Staff) -> None:
    case = cases.in_investigation(staff)
    day = case.calendar.add(START.date(), 12)
    assert import_holidays([("SCT", day, "A local day")], now=START) == (1, 0)


def test_a_clock_that_was_met_keeps_its_date_and_is_sound(staff: Staff) -> None:
    case = cases.in_investigation(staff)
    before = due(case, "TRIAGE")
    import_holidays([("ENG_WLS", date(2026, 11, 25), "A royal occasion")], now=cases.at(10))
    assert due(case, "TRIAGE") == before
    assert unsound(fresh(case)) == []


def test_a_clock_met_on_the_day_of_the_announcement_counts_it_only_if_it_was_open(
    staff: Staff,
) -> None:
    open_then = cases.in_allocation(staff, who="complainant2", about="")
    met_before = cases.in_investigation(staff)
    day = {(case.division, date(2026, 11, 24), "Closed") for case in (open_then, met_before)}
    assert import_holidays(day, now=START)[1] >= 1
    for name, role in (("handler2", "handler"), ("decider2", "decider")):
        done(staff, open_then, "triage1", "offer", START, role=role, candidate=staff[name])
        done(staff, open_then, name, "accept", START, declare=True)
    done(staff, open_then, "handler2", "begin_investigation", START, declare=True)
    assert due(open_then, "ALLOCATION") > due(met_before, "ALLOCATION")
    assert unsound(fresh(open_then)) == unsound(fresh(met_before)) == []


def test_a_day_of_closing_counts_as_a_holiday_and_lengthens_no_calendar(staff: Staff) -> None:
    case = cases.in_investigation(staff)
    before, end = due(case, "INVESTIGATION"), fresh(case).calendar.last_day
    rows = [("ENG_WLS", case.calendar.add(START.date(), 12), "Closed")]
    rows.append(("ENG_WLS", date(end.year + 2, 5, 5), "Closed"))
    added, moved = import_holidays(rows, now=START, kind=Holiday.Kind.CLOSURE)
    assert (added, fresh(case).calendar.last_day) == (2, end)
    assert moved >= 1
    assert due(case, "INVESTIGATION") == fresh(case).calendar.add(before, 1)
    assert unsound(fresh(case)) == []


def test_an_announcement_cut_short_is_counted_to_its_end_later(
    staff: Staff, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = cases.in_investigation(staff)
    before = due(case, "INVESTIGATION")

    def die(*args: object) -> int:
        raise KeyboardInterrupt

    with monkeypatch.context() as cut:
        cut.setattr(recompute, "_recompute", die)
        with pytest.raises(KeyboardInterrupt):
            import_holidays([("ENG_WLS", date(2026, 12, 8), "A royal occasion")], now=START)
    assert due(case, "INVESTIGATION") == before
    tasks.look_at_calendars()
    assert due(case, "INVESTIGATION") == fresh(case).calendar.add(before, 1)
    assert recompute.count_new_days(START) == 0


def test_recomputing_gives_a_case_under_legal_hold_no_date_of_archiving(staff: Staff) -> None:
    case = cases.closed(staff)
    Case.unguarded.filter(pk=case.pk).update(legal_hold=True)
    put_off_archiving(fresh(case))
    import_holidays([("ENG_WLS", date(2026, 12, 8), "A royal occasion")], now=START)
    assert Deadline.objects.get(case=case, name="ARCHIVE").next_rung_at is None
