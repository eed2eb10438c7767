"""The survey of all staff: opened by HR, answered once by any account, tied to no one."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from django.test import Client

from grievances.audit.models import Event
from grievances.cases.actions.actor import NotAllowed
from grievances.surveys import release, staff_survey
from grievances.surveys.models import Response
from grievances.surveys.staff_survey_models import PulseMark, PulsePeriod, Waiting
from grievances.web.shared import clock
from tests.concurrency import Crowd
from tests.factories.cases import START, at
from tests.factories.people import PEOPLE, Staff
from tests.intake.raising import everything_stored, page_of
from tests.signing_in import sign_in
from workflow.steps import Refused

TODAY = START.date()


@pytest.fixture
def opened(staff: Staff, monkeypatch: pytest.MonkeyPatch) -> PulsePeriod:
    hand(monkeypatch, START)
    return staff_survey.open_period(staff.caller("analyst1"), now=START)


def hand(monkeypatch: pytest.MonkeyPatch, now: datetime) -> None:
    monkeypatch.setattr(clock, "now", lambda: now)
    monkeypatch.setattr(clock, "today", lambda: now.date())


def test_hr_opens_it_on_a_page_and_no_one_else_has_that_page(
    staff: Staff, monkeypatch: pytest.MonkeyPatch
) -> None:
    hand(monkeypatch, START)
    for who in ("lead1", "executive1", "handler1", "admin1"):
        assert sign_in(Client(), staff, who).post("/pulse/open/").status_code == 404
        with pytest.raises(NotAllowed):
            staff_survey.open_period(staff.caller(who), now=START)
    client = sign_in(Client(), staff, "analyst1")
    assert client.post("/pulse/open/").status_code == 302
    period = PulsePeriod.objects.get()
    assert (period.opens_on, period.closes_on) == (TODAY, TODAY + timedelta(days=30))
    assert period.invited == len(PEOPLE)
    assert Event.objects.filter(kind="service.pulse_opened").count() == 1
    assert "21 December 2026" in page_of(client.get("/pulse/open/"))


def test_the_next_one_is_opened_after_ninety_days_and_not_before(
    staff: Staff, opened: PulsePeriod
) -> None:
    with pytest.raises(Refused, match="TOO_SOON"):
        staff_survey.open_period(staff.caller("analyst1"), now=at(89))
    assert staff_survey.open_period(staff.caller("analyst1"), now=at(90))


def test_everyone_answers_once_and_keeps_their_first_answer(
    staff: Staff, opened: PulsePeriod
) -> None:
    client = sign_in(Client(), staff, "staff1")
    page = page_of(client.get("/pulse/"))
    assert "I would feel safe raising a concern about race discrimination" in page
    assert "21 December 2026" in page
    assert client.post("/pulse/", {"q1": "disagree"}).status_code == 302
    again = client.post("/pulse/", {"q1": "agree"})
    assert again.status_code == 409
    assert "answered this survey already" in page_of(again)
    assert "You have answered this time" in page_of(client.get("/pulse/"))
    assert Waiting.objects.count() == 1


@pytest.mark.parametrize("day", [-1, 31])
def test_before_and_after_its_days_there_is_nothing_to_answer(
    staff: Staff, opened: PulsePeriod, monkeypatch: pytest.MonkeyPatch, day: int
) -> None:
    hand(monkeypatch, at(day))
    client = sign_in(Client(), staff, "staff1")
    assert "no staff survey at the moment" in page_of(client.get("/pulse/"))
    assert client.post("/pulse/", {"q1": "agree"}).status_code == 409
    assert not Waiting.objects.exists()


def test_a_copy_of_everything_ties_no_answer_to_an_account(
    staff: Staff, opened: PulsePeriod
) -> None:
    client = sign_in(Client(), staff, "staff1")
    client.get("/pulse/")  # the list of a person's sessions knows this one from here on
    before = everything_stored()
    client.post("/pulse/", {"q1": "strongly_disagree"})
    new = set(everything_stored().splitlines()) - set(before.splitlines())
    told = " ".join(line for line in new if line.startswith("grievances."))
    assert "strongly_disagree" not in told
    assert "staff1" not in told
    assert f'"{staff["staff1"].pk}"' not in told


def test_what_is_released_says_region_and_quarter_and_the_marks_go(
    staff: Staff, opened: PulsePeriod
) -> None:
    names = [name for name in PEOPLE if staff[name].unit][:12]
    for name in names:
        staff_survey.answer(staff[name], {"q1": "agree", "q11": "words nobody asked for"}, TODAY)
    assert PulseMark.objects.count() == 12
    assert release.release(date(2027, 1, 31)) == 12
    assert not PulseMark.objects.exists()
    row = Response.objects.all()[0]
    assert (row.form, row.quarter, row.route, row.closure, row.identity) == (
        "P", "2026-Q4", "", "", "",
    )  # fmt: skip
    assert set(Response.objects.values_list("region", flat=True)) <= {"NORTH", "SOUTH", "LONDON"}
    assert row.answers == {"q1": "agree"}


@pytest.mark.django_db(transaction=True)
def test_of_two_presses_at_once_one_is_stored(staff: Staff, tmp_path: Path) -> None:
    staff_survey.open_period(staff.caller("analyst1"), now=START)
    crowd = Crowd(tmp_path)

    def press() -> None:
        staff_survey.answer(staff["staff1"], {"q1": "agree"}, TODAY)

    outcomes = crowd.press(press, press)
    assert sorted(type(each).__name__ for each in outcomes) == ["NoneType", "Refused"]
    assert crowd.seen(Waiting.objects.count) == 1
