"""The words of every kind of notice."""

import re
from datetime import date
from pathlib import Path

import pytest
from django.template import TemplateDoesNotExist
from pytest_django import Settings

from notifications.models import Notice
from notifications.rendering import line, render

KINDS = [
    "allocation",
    "answer_needed",
    "asked_again",
    "certificate",
    "check_in",
    "due_today",
    "emergency",
    "erasure_asked",
    "erasure_due",
    "escalated",
    "first_passphrase",
    "heard",
    "key_needed",
    "missed",
    "new_reader",
    "numbers_blocked",
    "offer",
    "owed_update",
    "receipt",
    "recovery",
    "reminder",
    "reports_ready",
    "request",
    "sign_in_changed",
    "survey",
    "training_ended",
    "update",
]
# A mail seen over someone's shoulder must not say what it is about (domain.md 5.9).
REVEALING = r"rac(e|ial|ism|ist)|discriminat|harass|complain|case\b|respondent|finding|Fair Hearing"


def notice(kind: str, **context: object) -> Notice:
    return Notice(
        kind=kind, channel="email", reference="RC-ABC234", link="/inbox/?a=1&b=2", context=context
    )


@pytest.mark.parametrize("kind", KINDS)
def test_mail_says_where_to_go_and_not_what_it_is_about(kind: str, settings: Settings) -> None:
    settings.SITE_URL = "https://concerns.example"
    for context in ({}, {"days": 5, "due": "2026-12-01", "days_late": 2}):
        words = render(notice(kind, **context))
        assert words.subject
        assert "\n" not in words.subject
        assert "https://concerns.example/inbox/?a=1&b=2\n" in words.body
        assert "This mailbox is not read." in words.body
        assert not re.search(REVEALING, words.subject + words.body, re.IGNORECASE)
        assert "RC-ABC234" not in words.subject + words.body


@pytest.mark.parametrize("kind", KINDS)
def test_inbox_line_names_the_reference_in_one_line(kind: str) -> None:
    text = line(notice(kind))
    assert text.startswith("RC-ABC234: ")
    assert text.endswith(".")
    assert "\n" not in text


@pytest.mark.parametrize("due", ["2026-12-01", date(2026, 12, 1)])
def test_dates_are_spelled_out_whether_stored_or_not(due: object) -> None:
    text = line(notice("reminder", days=5, due=due))
    assert text == "RC-ABC234: Something is due in 5 working days, by 1 December 2026."


def test_one_day_is_in_the_singular() -> None:
    assert "in 1 working day, by" in line(notice("reminder", days=1, due="2026-12-01"))


def test_kind_without_templates_is_an_error() -> None:
    with pytest.raises(TemplateDoesNotExist):
        render(notice("nosuchkind"))


def test_every_kind_with_templates_is_listed_here() -> None:
    folder = Path(__file__).resolve().parents[2] / "templates" / "notices"
    assert sorted(path.name for path in folder.iterdir() if path.is_dir()) == KINDS


def test_an_update_says_in_the_inbox_what_was_done_and_in_a_letter_nothing() -> None:
    update = notice("update", step="record_meeting")
    assert line(update) == "RC-ABC234: A meeting was recorded."
    assert line(notice("update", step="something_new")) == "RC-ABC234: There is an update for you."
    assert render(update) == render(notice("update"))
