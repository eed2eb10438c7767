"""Answers become visible in batches: no one learns from the order in which they come in."""

from __future__ import annotations

from datetime import date

import pytest
from django.test import Client

from grievances.deadlines.sweep import run_clocks
from grievances.retention import notice_erasure
from grievances.surveys import release, responses
from grievances.surveys.models import Invitation, Response
from grievances.surveys.staff_survey_models import Waiting
from grievances.web.shared import clock
from notifications.models import Notice
from tests.factories import cases
from tests.factories.cases import at
from tests.factories.people import Staff
from tests.intake.raising import the_case
from tests.participants import hearing

LAST_OF_ANSWERING = date(2027, 1, 30)
"""30 days after the last day of the quarter."""
AFTER = date(2027, 1, 31)


def wait(count: int, form: str = "A", quarter: str = "2026-Q4") -> None:
    for number in range(count):
        facts = {"region": "NORTH", "route": "FORMAL", "closure": "", "identity": "OPEN"}
        responses.put_aside(form, quarter, facts, {"q1": "agree", "q11": f"Thought {number}"})


@pytest.mark.django_db
def test_nothing_is_released_while_anything_of_the_quarter_can_still_be_answered() -> None:
    wait(12)
    assert release.release(LAST_OF_ANSWERING) == 0
    assert not Response.objects.exists()
    assert release.release(AFTER) == 12
    assert not Waiting.objects.exists()


@pytest.mark.django_db
def test_too_few_wait_for_the_next_quarter_and_go_out_together() -> None:
    wait(9)
    assert release.release(AFTER) == 0
    wait(1, quarter="2027-Q1")
    assert release.release(AFTER) == 0, "the new quarter is still being answered"
    assert release.release(date(2027, 5, 1)) == 10


@pytest.mark.django_db
def test_a_batch_is_counted_form_by_form() -> None:
    wait(10)
    wait(9, form="H")
    assert release.release(AFTER) == 10
    assert set(Response.objects.values_list("form", flat=True)) == {"A"}


@pytest.mark.django_db
def test_the_order_of_release_is_not_the_order_of_arrival() -> None:
    wait(40)
    arrived = [f"Thought {n}" for n in range(40)]
    ids = set(Waiting.objects.values_list("pk", flat=True))
    release.release(AFTER)
    rows = list(Response.objects.raw("SELECT * FROM grievances_response"))
    assert [responses.comment_of(row) for row in rows] != arrived
    assert sorted(responses.comment_of(row) for row in rows) == sorted(arrived)
    assert not ids & {row.pk for row in rows}, "nothing of a waiting answer is left in a key"


def test_with_the_release_nothing_leads_from_a_letter_to_its_invitation(
    staff: Staff, monkeypatch: pytest.MonkeyPatch
) -> None:
    link = closed_with_links(staff)["A"]
    monkeypatch.setattr(clock, "today", lambda: date(2026, 12, 10))
    Client().post(link, {"q1": "agree"})
    release.release(AFTER)
    assert set(Invitation.objects.values_list("token_hash", flat=True)) == {None}


def test_answers_are_deleted_after_two_years_and_not_before(staff: Staff) -> None:
    closed_with_links(staff)
    wait(10)
    release.release(AFTER)
    wait(3)
    assert release.delete_old(date(2028, 12, 31)) == 0
    assert release.delete_old(date(2029, 1, 1)) == 13
    assert not Response.objects.exists()
    assert not Waiting.objects.exists()
    assert not Invitation.objects.exists()


def closed_with_links(staff: Staff) -> dict[str, str]:
    """A decided case in which the respondent was heard, the survey's day reached; form -> link."""
    hearing.decided_after(staff)
    run_clocks(at(20))
    rows = Invitation.objects.values_list("token_hash", "form")
    letters = Notice.objects.filter(kind="survey", channel="inbox").values_list("link", flat=True)
    hashes = {responses.hash_of(link.removeprefix("/survey/").strip("/")): link for link in letters}
    return {form: hashes[str(token)] for token, form in rows}


def test_the_person_heard_and_the_handler_are_asked_too(
    staff: Staff, monkeypatch: pytest.MonkeyPatch
) -> None:
    links = closed_with_links(staff)
    assert set(links) == {"A", "R", "H"}
    monkeypatch.setattr(clock, "today", lambda: at(21).date())
    asked = {
        "R": ["treated fairly", "what the concern about me was", "chance to answer", "informed"],
        "H": ["trained enough", "enough time", "support I needed"],
    }
    for form, texts in asked.items():
        page = Client().get(links[form]).content.decode()
        assert all(text in page for text in texts)
        assert page.count("<fieldset") == len(texts)
        answer = Client().post(links[form], {"q1": "disagree"})
        assert "because you raised a concern" not in answer.content.decode()
    assert Waiting.objects.count() == 2


def test_an_answer_of_a_handler_carries_no_more_than_region_and_quarter(staff: Staff) -> None:
    closed_with_links(staff)
    for form, facts in (("H", ("", "", "")), ("R", ("FORMAL", "", ""))):
        invitation = Invitation.objects.get(form=form)
        assert (invitation.route, invitation.closure, invitation.identity) == facts
        assert invitation.region


def test_a_respondent_who_was_never_heard_is_asked_nothing(staff: Staff) -> None:
    cases.decided(staff)
    run_clocks(at(20))
    assert set(Invitation.objects.values_list("form", flat=True)) == {"A", "H"}


def test_everyone_is_reminded_once(staff: Staff) -> None:
    closed_with_links(staff)
    for day in (34, 40, 200, 230):
        run_clocks(at(day))
    again = Notice.objects.filter(kind="asked_again", channel="inbox")
    beside = again.filter(key__startswith="survey:")
    assert beside.count() == 2, "one for the person heard, one for the handler"
    assert set(beside.values_list("reference", "link")) == {("", "/inbox/")}


def test_erasing_a_case_takes_along_that_someone_was_asked(staff: Staff) -> None:
    closed_with_links(staff)
    case = the_case()
    assert Notice.objects.filter(key__startswith="survey:").exists()
    notice_erasure.erase_notices(case)
    assert not Notice.objects.filter(key__startswith="survey:").exists()
    assert not Notice.objects.filter(kind="survey").exists()
