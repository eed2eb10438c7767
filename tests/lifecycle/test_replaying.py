"""Stored dates against the events they follow from, and what a holiday announced later does."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import given as examples
from hypothesis import strategies as st

from grievances.actions.replaying import differences, import_holidays
from grievances.models import Case, Deadline, Event
from grievances.vocabulary import State
from notifications.models import Notice
from tests import given
from tests.cast import Cast
from tests.given import START, done, fresh

WHY = "A witness is away."
ACTS = st.lists(
    st.tuples(st.sampled_from(["hold", "resume", "extend"]), st.integers(0, 4)),
    max_size=8,
)


def unsound(case: Case) -> list[str]:
    """Every stored clock of a case that is not what its events say."""
    events = list(Event.objects.filter(chain=case.reference).order_by("seq"))
    rows = Deadline.objects.filter(case=case).select_related("case")
    return [f"{row.name}: {found}" for row in rows if (found := differences(row, events))]


def due(case: Case, name: str) -> date:
    return Deadline.objects.get(case=case, name=name).current_due


def act(cast: Cast, case: Case, what: str, now: datetime) -> None:
    """One act of the handler, where the case as it stands allows it."""
    case = fresh(case)
    if what == "hold" and case.state == State.INVESTIGATION:
        end = case.calendar.add(now.date(), 8)
        done(cast, case, "handler1", what, now, explanation=WHY, reason="C_LEAVE", review_on=end)
    elif what == "resume" and case.state == State.ON_HOLD:
        done(cast, case, "handler1", what, now)
    elif what == "extend" and case.state == State.INVESTIGATION:
        done(cast, case, "lead1", what, now, explanation=WHY, clock="INVESTIGATION", days=3)


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@examples(acts=ACTS)
def test_a_stored_date_is_what_the_events_say_whatever_is_done(
    cast: Cast, acts: list[tuple[str, int]]
) -> None:
    with transaction.atomic():
        case, now = given.in_investigation(cast), START + timedelta(days=3)
        for what, wait in acts:
            now += timedelta(days=wait, minutes=5)
            act(cast, case, what, now)
            assert unsound(case) == []
        transaction.set_rollback(True)


def test_a_date_that_was_changed_behind_the_back_of_the_events_is_found(cast: Cast) -> None:
    case = given.in_investigation(cast)
    later = due(case, "INVESTIGATION") + timedelta(days=7)
    Deadline.objects.filter(case=case, name="INVESTIGATION").update(current_due=later)
    assert unsound(case) == ["INVESTIGATION: ['current_due']"]


def test_a_holiday_announced_later_moves_open_dates_later_and_says_so(cast: Cast) -> None:
    case = given.in_investigation(cast)
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


def test_the_same_holiday_again_moves_nothing(cast: Cast) -> None:
    case = given.in_investigation(cast)
    rows = [("ENG_WLS", case.calendar.add(START.date(), 12), "A royal occasion")]
    import_holidays(rows, now=START)
    assert import_holidays(rows, now=START) == (0, 0)


def test_a_holiday_of_another_nation_moves_nothing(cast: Cast) -> None:
    case = given.in_investigation(cast)
    day = case.calendar.add(START.date(), 12)
    assert import_holidays([("SCT", day, "A local day")], now=START) == (1, 0)
