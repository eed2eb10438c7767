"""The day of what happened, as people type it into the pages of raising."""

from __future__ import annotations

import pytest

from grievances.web.intake.forms import QUESTIONS
from tests.factories.cases import START

pytestmark = pytest.mark.django_db


def in_boxes(day: str, month: str, year: str) -> dict[str, str]:
    return {"last_day_day": day, "last_day_month": month, "last_day_year": year}


@pytest.mark.parametrize(
    "typed",
    [
        ("5th", "October", "2026"),
        ("5 October 2026", "", ""),
        ("", "", "5/10/2026"),
        ("05", "Oct.", "2026"),
    ],
)
def test_a_date_is_understood_in_words_and_in_one_box(typed: tuple[str, str, str]) -> None:
    when = QUESTIONS["when"](in_boxes(*typed), today=START.date())
    assert when.is_valid(), when.errors
    assert when.answers()["last_day"] == "2026-10-05"


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        (("Monday", "", ""), "The date must have a day, a month and a year"),
        (("5", "October", ""), "The date must have a day, a month and a year"),
        (("1_0", "10", "2026"), "Enter a real date"),
        (("5", "10", "0026"), "Enter a real date"),
        (("5", "10", "1066"), "Enter a real date"),
        (("5", "10", "2062"), "cannot be in the future"),
        (("5 October 1026", "", ""), "The date must have a day, a month and a year"),
    ],
)
def test_what_is_no_date_gets_a_sentence(typed: tuple[str, str, str], sentence: str) -> None:
    when = QUESTIONS["when"](in_boxes(*typed), today=START.date())
    assert sentence in str(when.errors["last_day"])
