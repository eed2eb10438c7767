"""What the tribunal page says of the two days of conciliation where something may be amiss."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from django.test import Client

from grievances.cases.models.case import Case
from tests.factories import cases
from tests.factories.people import Staff
from tests.policy.test_tribunal_page import asked, travel
from tests.signing_in import sign_in

MAY_HAVE_TIME = "Some ways of counting give you a day or more, and you may still have time."


@pytest.fixture(autouse=True)
def _in_april(monkeypatch: pytest.MonkeyPatch) -> None:
    travel(monkeypatch, datetime(2027, 4, 1, 12, tzinfo=UTC))


def read(staff: Staff, act: str, first: date, last: date) -> str:
    case: Case = cases.raised(staff, last_day=act)
    return asked(sign_in(Client(), staff, "complainant1"), case, first, last)


@pytest.mark.parametrize(
    ("act", "first", "last"),
    [
        ("2026-08-31", date(2026, 11, 30), date(2026, 12, 31)),
        ("2026-10-31", date(2027, 4, 30), date(2027, 4, 30)),
    ],
)
def test_a_day_that_one_way_of_counting_allows_is_not_called_too_late(
    staff: Staff, act: str, first: date, last: date
) -> None:
    text = read(staff, act, first, last)
    assert MAY_HAVE_TIME in text
    assert "Ask Acas now." in text
    assert "gave no more time" not in text


def test_a_day_later_it_is_too_late_by_every_way_of_counting(staff: Staff) -> None:
    text = read(staff, "2026-08-31", date(2026, 12, 1), date(2026, 12, 31))
    assert "conciliation gave no more time" in text
    assert MAY_HAVE_TIME not in text


@pytest.mark.parametrize(
    ("first", "last", "said", "is_said"),
    [
        (date(2026, 12, 1), date(2027, 1, 12), "has not come yet", False),
        (date(2026, 12, 1), date(2028, 1, 12), "12 January 2028 has not come yet.", True),
        (date(2026, 12, 1), date(2027, 2, 23), "more than 12 weeks", False),
        (date(2026, 12, 1), date(2027, 2, 24), "more than 12 weeks", True),
        (date(2026, 10, 1), date(2026, 11, 19), "came before this happened", True),
        (date(2026, 10, 1), date(2026, 11, 20), "came before this happened", False),
    ],
)
def test_what_may_be_a_slip_is_said_and_the_days_are_shown_all_the_same(
    staff: Staff, first: date, last: date, said: str, is_said: bool
) -> None:
    text = read(staff, "2026-11-20", first, last)
    assert "make a claim by" in text.lower()
    assert (said in text) is is_said
    assert "give the days of the first one" in text
