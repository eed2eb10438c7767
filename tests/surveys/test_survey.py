"""The survey: once, voluntary, and never led back to anyone (domain.md 8)."""

from __future__ import annotations

import json
from datetime import date, timedelta

import pytest
from django.core import serializers
from django.test import Client

from grievances.surveys import questions, release, responses
from grievances.surveys.invitations import invite
from grievances.surveys.models import Form, Invitation, Response
from grievances.surveys.staff_survey_models import Waiting
from grievances.web.shared import clock
from tests.factories import cases
from tests.factories.people import Staff
from workflow.steps import Refused

TODAY = cases.START.date()
PLANTED = "PLANTED-SECRET-SURVEY my manager still laughs"


@pytest.fixture
def link(staff: Staff, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setattr(clock, "now", lambda: cases.START)
    monkeypatch.setattr(clock, "today", lambda: TODAY)
    return invite(cases.decided(staff), Form.AFTER_OUTCOME, TODAY)


AFTER_ALL = date(2027, 1, 31)
"""The first day on which nothing asked in the last quarter of 2026 can be answered any more."""


def released() -> Response:
    """The only answer there is, as the statistics see it once its batch is out."""
    assert release.release(AFTER_ALL, least=1) == 1
    return Response.objects.get()


def token_of(link: str) -> str:
    return link.removeprefix("/survey/").strip("/")


def test_the_eleven_questions_are_in_the_survey_word_for_word() -> None:
    first, later = questions.questions_of("A"), questions.questions_of("B")
    assert [question.number for question in first] == list(range(1, 12))
    assert [question.number for question in later] == [1, 2, 7, 8, 9]
    assert first[0].text == "I felt safe raising my concern"
    assert first[1].text == "My concern was dealt with adequately"


def test_the_page_opens_without_sign_in_and_asks_every_question(link: str) -> None:
    page = Client().get(link).content.decode()
    for question in questions.questions_of("A"):
        assert question.text in page
    assert "Do not name people" in page


def test_an_answer_is_stored_once_and_the_second_press_gets_a_kind_page(link: str) -> None:
    client = Client()
    answers = {"q1": "disagree", "q9": "not_sure", "q10": "prefer_not", "q11": PLANTED}
    assert client.post(link, answers).status_code == 200
    second = client.post(link, answers)
    assert second.status_code == 410
    assert "not open" in second.content.decode()
    response = released()
    assert response.answers["q1"] == "disagree"
    assert responses.comment_of(response) == PLANTED


def test_an_empty_answer_is_an_answer_too(link: str) -> None:
    assert Client().post(link, {}).status_code == 200
    assert released().answers == {}


def test_what_is_stored_names_no_token_no_case_no_person_and_no_moment(
    staff: Staff, link: str
) -> None:
    Client().post(link, {"q1": "agree", "q11": PLANTED})
    waiting = serializers.serialize("json", Waiting.objects.all())
    stored = serializers.serialize("json", [released()])
    (row,) = json.loads(stored)
    assert set(row["fields"]) == {
        "form", "quarter", "region", "route", "closure", "identity", "pace", "answers",
    }  # fmt: skip
    assert len(row["pk"]) == 36, "the key is random and tells no order"
    for secret in (token_of(link), "PLANTED", "RC-", "complainant1", str(TODAY)):
        assert secret not in stored
        assert secret not in waiting
    assert "NORTH" not in waiting, "what waits is sealed whole"


@pytest.mark.parametrize(("days", "pace"), [(0, "early"), (13, "early"), (14, "late")])
def test_of_the_time_only_before_or_after_the_reminder_is_kept(
    link: str, days: int, pace: str
) -> None:
    responses.answer(token_of(link), {"q1": "agree"}, TODAY + timedelta(days=days))
    assert released().pace == pace


def test_a_handler_is_one_of_few_and_leaves_not_even_that(link: str) -> None:
    Invitation.objects.update(form="H")
    responses.answer(token_of(link), {"q1": "agree"}, TODAY)
    assert released().pace == ""


def test_made_up_choices_and_questions_are_left_out(link: str) -> None:
    responses.answer(token_of(link), {"q1": "robots", "q99": "agree", "q2": "agree"}, TODAY)
    assert released().answers == {"q2": "agree"}


@pytest.mark.parametrize("days", [-1, 31])
def test_a_survey_is_open_from_its_first_to_its_last_day(link: str, days: int) -> None:
    with pytest.raises(Refused, match="SURVEY_CLOSED"):
        responses.answer(token_of(link), {"q1": "agree"}, TODAY + timedelta(days=days))
    assert not Waiting.objects.exists()
    responses.answer(token_of(link), {"q1": "agree"}, TODAY + timedelta(days=30))
    assert Waiting.objects.count() == 1


def test_of_two_submits_at_once_one_is_stored(link: str, monkeypatch: pytest.MonkeyPatch) -> None:
    stale = responses.find(token_of(link), TODAY)
    responses.answer(token_of(link), {"q1": "agree"}, TODAY)
    monkeypatch.setattr(responses, "find", lambda token, today: stale)
    with pytest.raises(Refused, match="SURVEY_CLOSED"):
        responses.answer(token_of(link), {"q1": "disagree"}, TODAY)
    assert released().answers == {"q1": "agree"}


def test_an_unknown_address_gets_the_same_page_as_a_used_one(link: str) -> None:
    Client().post(link, {})
    used, unknown = Client().get(link), Client().get("/survey/no-such-token/")
    assert used.content == unknown.content
    assert used.status_code == unknown.status_code == 410
    assert not Invitation.objects.filter(used=False).exists()
