"""Referrals with two letters, the time of a decision, and the meeting of an appeal."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client

from grievances.cases.actions.delivery import is_bad_time
from grievances.cases.models.records import Kind
from grievances.policy import profiles
from grievances.vocabulary import Division
from grievances.web.shared import clock
from tests.cases.room_scenarios import REFERRAL, referred
from tests.factories import cases
from tests.factories.cases import START, at, done
from tests.factories.people import Staff
from tests.letters.test_letters import CHOICES, tags_of
from tests.page_time import pages_at
from tests.signing_in import sign_in
from workflow.steps import Refused

pytestmark = pytest.mark.django_db
_page_time = pages_at(at(3))


def text_of(answer: Any) -> str:
    return re.sub(r"\s+", " ", answer.content.decode())


def test_a_referral_has_a_letter_for_each_side_and_a_trace_of_what_came_of_it(
    staff: Staff,
) -> None:
    case = referred(staff)
    path = f"/cases/{case.reference}/"
    own = sign_in(Client(), staff, "complainant1")
    page = text_of(own.get(path))
    assert "PLANTED-SECRET-TO-PERSON" in page
    assert "PLANTED-SECRET-TO-BODY" not in page
    assert tags_of(own.get(f"{path}referral/1/").content)[0] == "/Document"
    assert own.get(f"{path}referral/1/?to=body").status_code == 404
    assert own.get(f"{path}referral/2/").status_code == 404
    decider = sign_in(Client(), staff, "decider1")
    assert decider.get(f"{path}referral/1/?to=body")["Content-Type"] == "application/pdf"
    assert "Letter to the other body 1 (PDF)" in text_of(decider.get(path))
    other = sign_in(Client(), staff, "respondent1")
    assert other.get(f"{path}referral/1/").status_code == 404
    form = {"referral": str(case.referrals.get().pk), "result": "ENDED", "text": "They agreed."}
    assert decider.post(f"{path}record_referral/", form).status_code == 302
    assert "They have finished They agreed." in text_of(own.get(path))
    assert decider.post(f"{path}record_referral/", form).status_code in {409, 422}


def test_a_letter_that_may_silence_is_quoted_before_it_is_referred(staff: Staff) -> None:
    case = cases.decided(staff)
    form = {**REFERRAL, "asked": "on", "letter": "You must keep this confidential."}
    answer = sign_in(Client(), staff, "decider1").post(f"/cases/{case.reference}/refer/", form)
    assert answer.status_code == 422
    assert "You must keep this confidential." in text_of(answer)


def test_no_decision_reaches_its_reader_when_no_one_is_there_unless_they_want_it(
    staff: Staff, monkeypatch: pytest.MonkeyPatch
) -> None:
    days = profiles.calendar(Division.ENG_WLS)
    moments = {
        datetime(2026, 11, 27, 11, 59, tzinfo=UTC): False,
        datetime(2026, 11, 27, 12, 0, tzinfo=UTC): True,  # a Friday at noon
        datetime(2026, 12, 24, 9, 0, tzinfo=UTC): True,  # the last working day before Christmas
        datetime(2026, 12, 23, 16, 0, tzinfo=UTC): False,
        datetime(2027, 5, 28, 11, 30, tzinfo=UTC): True,  # summer time: half past twelve
        datetime(2026, 11, 24, 16, 0, tzinfo=UTC): False,
    }
    assert {moment: is_bad_time(moment, days) for moment in moments} == moments
    case = cases.in_decision(staff)
    friday = datetime(2026, 11, 27, 15, 0, tzinfo=UTC)
    monkeypatch.setattr(clock, "now", lambda: friday)
    monkeypatch.setattr(clock, "today", lambda: friday.date())
    client, path = sign_in(Client(), staff, "decider1"), f"/cases/{case.reference}/decide/"
    refused = client.post(path, CHOICES)
    assert refused.status_code == 422
    assert "there must be someone to turn to" in text_of(refused)
    assert client.post(path, {**CHOICES, "wish": "on"}).status_code == 302


def test_the_appeal_meeting_has_a_companion_and_notes_of_both(staff: Staff) -> None:
    case = cases.in_appeal(staff)
    path = f"/cases/{case.reference}/"
    client = sign_in(Client(), staff, "appeal1")
    assert "Record the appeal meeting" in text_of(client.get(path))
    form = {"held_on_day": "23", "held_on_month": "11", "held_on_year": "2026"}
    form |= {"companion_asked": "on", "came": "Kim of the union", "notes": "They explained."}
    assert client.post(f"{path}record_appeal_meeting/", form).status_code == 302
    assert not case.deadlines.filter(name="APPEAL_MEETING", completed_on=None).exists()
    own = sign_in(Client(), staff, "complainant1")
    assert "Companion: Kim of the union" in text_of(own.get(path))
    assert own.post(f"{path}agree_notes/", {"answer": "yes"}).status_code == 302
    assert case.meetings.get(held_on=at(2).date()).agreed is True


def test_after_a_remit_new_people_only_and_the_room_of_the_first_is_closed(staff: Staff) -> None:
    case = cases.appeal_heard(staff)
    done(staff, case, "appeal1", "remit", START, reasons="Afresh.")
    for who, role in (("handler1", "handler"), ("decider1", "decider"), ("appeal1", "handler")):
        with pytest.raises(Refused) as refused:
            done(staff, case, "triage1", "offer", START, role=role, candidate=staff[who])
        assert refused.value.code in {"ROLE_CLASH", "NOT_CERTIFIED"}, who
    assert cases.fresh(case).reported_on is None
    done(staff, case, "triage1", "offer", START, role="handler", candidate=staff["handler2"])
    done(staff, case, "handler2", "accept", START, declare=True)
    for who in ("handler1", "decider1", "appeal1"):
        answer = sign_in(Client(), staff, who).get(f"/cases/{case.reference}/investigation/")
        assert answer.status_code == 404, who


def test_those_who_work_on_it_are_cared_for(staff: Staff) -> None:
    case = cases.closed(staff)
    path = f"/cases/{case.reference}/"
    client = sign_in(Client(), staff, "handler1")
    page = text_of(client.get(path))
    warning = page.index("What follows describes racism")
    assert warning < page.index("PLANTED-SECRET-ACCOUNT")
    assert 'href="/support/"' in page[warning:]
    assert client.post(f"{path}ask_debrief/", {}).status_code == 302
    assert client.post(f"{path}write_handover/", {"text": "All is done."}).status_code == 302
    assert case.records.filter(kind=Kind.HANDOVER).count() == 1
    own = text_of(sign_in(Client(), staff, "complainant1").get(path))
    assert "What follows describes racism" not in own
    assert "All is done." not in own
