"""Working days and local dates (domain.md 6.1, 6.2; vectors V01-V16, V42-V48)."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.workflow.vectors import LONDON, calendar, name, on, vectors
from workflow.calendar import (
    Calendar,
    CalendarEnds,
    Unit,
    add_amount,
    add_months,
    at_local,
    local_date,
)

DAYS = st.dates(date(2015, 1, 1), date(2028, 12, 31))
CODES = st.sampled_from(["ENG_WLS", "SCT", "NIR"])


@pytest.mark.parametrize("vector", vectors("add_working_days"), ids=name)
def test_the_vector_of_working_days_comes_out(vector: Any) -> None:
    asked = vector["input"]
    found = calendar(asked["calendar"]).add(on(asked["start"]), asked["n"])
    assert found == on(vector["expected"])


@pytest.mark.parametrize("vector", vectors("check_ins"), ids=name)
def test_check_ins_roll_forward_from_closed_days(vector: Any) -> None:
    asked = vector["input"]
    found = [
        add_amount(on(asked["closed"]), n, Unit.MONTH, calendar(asked["calendar"]), roll=True)
        for n in asked["months"]
    ]
    assert found == [on(day) for day in vector["expected"]]


def test_v43_a_subject_access_answer_is_due_after_a_month_rolled_forward() -> None:
    (vector,) = vectors("dsar_due")
    due = add_amount(on(vector["input"]["received"]), 1, Unit.MONTH, calendar(), roll=True)
    assert due == on(vector["expected"])


def test_v44_a_data_protection_complaint_is_acknowledged_in_thirty_days() -> None:
    (vector,) = vectors("dp_complaint_ack")
    due = add_amount(on(vector["input"]["received"]), 30, Unit.CD, calendar(), roll=True)
    assert due == on(vector["expected"])


@pytest.mark.parametrize("vector", vectors("eu_profile"), ids=name)
def test_the_european_clocks_do_not_roll(vector: Any) -> None:
    asked = vector["input"]
    ack_due = add_amount(on(asked["received"]), 7, Unit.CD, calendar())
    anchor = on(asked["acknowledged"]) if asked["acknowledged"] else ack_due
    assert ack_due == on(vector["expected"]["ack_due"])
    assert add_amount(anchor, 3, Unit.MONTH, calendar()) == on(vector["expected"]["feedback_due"])


def test_v47_the_day_of_receipt_is_the_local_one() -> None:
    (vector,) = vectors("local_received_date")
    instant = datetime.fromisoformat(vector["input"]["utc"])
    assert local_date(instant, LONDON) == on(vector["expected"])


def test_v48_the_appeal_window_counts_working_days() -> None:
    (vector,) = vectors("appeal_window")
    asked = vector["input"]
    found = calendar(asked["calendar"]).add(on(asked["outcome_delivered"]), asked["n"])
    assert found == on(vector["expected"])


def test_a_naive_instant_has_no_local_date() -> None:
    with pytest.raises(ValueError, match="offset"):
        local_date(datetime(2026, 1, 1), LONDON)


@pytest.mark.parametrize(("day", "hour"), [(date(2026, 7, 1), 8), (date(2026, 12, 1), 9)])
def test_nine_in_the_morning_follows_summer_time(day: date, hour: int) -> None:
    assert at_local(day, time(9), LONDON) == datetime(day.year, day.month, 1, hour, tzinfo=UTC)


def test_a_date_beyond_the_calendar_is_refused_not_guessed() -> None:
    short = Calendar("X", frozenset(), date(2026, 12, 31))
    with pytest.raises(CalendarEnds, match="2026-12-31"):
        short.add(date(2026, 12, 30), 2)
    for ask in (short.is_working, short.roll):
        with pytest.raises(CalendarEnds):
            ask(date(2027, 1, 1))
    with pytest.raises(CalendarEnds):
        short.between(date(2026, 12, 1), date(2027, 1, 1))
    assert short.add(date(2026, 12, 30), 1) == date(2026, 12, 31)


def test_nought_days_is_the_day_itself_or_the_next_working_one() -> None:
    assert calendar().add(date(2026, 12, 24), 0) == date(2026, 12, 24)
    assert calendar().add(date(2026, 12, 25), 0) == date(2026, 12, 29)


def test_counting_back_is_strictly_before() -> None:
    assert calendar().add(date(2026, 12, 29), -1) == date(2026, 12, 24)
    assert calendar().add(date(2026, 12, 26), -1) == date(2026, 12, 24)


def test_no_working_day_is_between_a_day_and_an_earlier_one() -> None:
    assert calendar().between(date(2026, 12, 29), date(2026, 12, 1)) == 0


@given(day=DAYS, n=st.integers(-400, 400), code=CODES)
def test_adding_agrees_with_walking_day_by_day(day: date, n: int, code: str) -> None:
    found = calendar(code)
    walked, left = day, abs(n)
    stride = timedelta(days=1 if n > 0 else -1)
    while left:
        walked += stride
        left -= found.is_working(walked)
    assert found.add(day, n) == (walked if n else found.roll(day))


@given(start=DAYS, end=DAYS, code=CODES)
@settings(max_examples=50)
def test_between_counts_each_working_day_once(start: date, end: date, code: str) -> None:
    found = calendar(code)
    span = range(1, max((end - start).days, 0) + 1)
    assert found.between(start, end) == sum(
        found.is_working(start + timedelta(days=n)) for n in span
    )


def test_months_clamp_to_the_last_day() -> None:
    assert add_months(date(2026, 1, 31), 1) == date(2026, 2, 28)
    assert add_months(date(2028, 1, 31), 1) == date(2028, 2, 29)
    assert add_months(date(2026, 11, 30), 3) == date(2027, 2, 28)
    assert add_months(date(2026, 3, 31), -1) == date(2026, 2, 28)
    assert add_months(date(2026, 1, 15), -1) == date(2025, 12, 15)


def test_a_local_date_is_that_of_the_given_zone() -> None:
    instant = datetime(2026, 6, 30, 23, 30, tzinfo=UTC)
    assert local_date(instant, ZoneInfo("America/New_York")) == date(2026, 6, 30)
