"""The room of an investigation, from the plan to the report."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import Any

import pytest
from django.test import Client

from grievances.audit.models import Event
from grievances.cases.guards.examination import excuses_in
from grievances.cases.guards.meetings import moved_by_right
from grievances.cases.models.case import Case
from grievances.cases.models.records import Kind
from grievances.cases.models.statements import Hearing
from grievances.investigation.chronology import chronology
from grievances.investigation.examination import masked
from grievances.investigation.report import compose, gaps
from grievances.investigation.room import Room, open_room
from grievances.policy import profiles
from grievances.vocabulary import Division
from grievances.web.shared import clock
from tests.cases.room_scenarios import EXAMINED, EXHIBIT, INVITE, MEETS_ON, noted
from tests.factories import cases
from tests.factories.cases import START, at, done, fresh
from tests.factories.people import Staff
from tests.intake.raising import everything_stored, is_hidden
from tests.page_time import pages_at
from tests.participants import hearing
from tests.signing_in import sign_in
from workflow.steps import Refused

pytestmark = pytest.mark.django_db
NOTE = "Ask about the rota once more. PLANTED-SECRET-WORKING"
_page_time = pages_at(at(11))


def room(staff: Staff, case: Case, who: str = "handler1") -> Room:
    return open_room(staff.caller(who), case.reference, now=at(12))


def text_of(answer: Any) -> str:
    return re.sub(r"\s+", " ", answer.content.decode())


def path_of(case: Case, more: str = "") -> str:
    return f"/cases/{case.reference}/investigation/{more}"


def worked(staff: Staff) -> Case:
    """Everything is there but the examination of the part."""
    case = noted(staff)

    def do(who: str, step: str, now: datetime = START, **answers: Any) -> None:
        done(staff, case, who, step, now, **answers)

    do("handler1", "plan_investigation", scope="The meeting.", order="Meet, ask, compare.")
    do("handler1", "list_person", name=staff["staff1"].name, questions="What did you hear?")
    put, asked = hearing.put(staff, case), hearing.ask(staff, case)
    hearing.answer(staff, put, "respondent1", "It was only banter.")
    hearing.answer(staff, asked, "staff1", "I heard laughter.")
    do("handler1", "list_evidence", **EXHIBIT)
    hidden = {**EXHIBIT, "what": "A rota. PLANTED-SECRET-ROTA", "seen_by": "OFFICERS"}
    do("handler1", "list_evidence", **hidden)
    do("complainant1", "agree_notes", at(11), answer="no", text="I also said that I was afraid.")
    return fresh(case)


def test_what_is_missing_is_listed_until_it_is_there(staff: Staff) -> None:
    case = worked(staff)
    assert gaps(room(staff, case)) == [
        "Part 1 was not examined, and has no reasons.",
        "It was a joke: said, and not examined in any part.",
    ]
    done(staff, case, "handler1", "examine_part", at(12), **{**EXAMINED, "evidence": ""})
    assert gaps(room(staff, case)) == ["Part 1 names no evidence."]
    done(staff, case, "handler1", "examine_part", at(13), **EXAMINED)
    assert gaps(room(staff, case)) == []


def test_the_report_is_composed_from_what_is_there(staff: Staff) -> None:
    case = worked(staff)
    done(staff, case, "handler1", "examine_part", at(12), **EXAMINED)
    report = compose(room(staff, case))
    for said in ("The meeting.", EXHIBIT["what"], EXAMINED["comparators"], EXAMINED["reasons"]):
        assert said in report
    assert "2 November 2026" in report
    assert "they corrected the notes" in report
    assert staff["staff1"].name not in report, "the complainant reads it: no witness is named"
    assert "PLANTED-SECRET-ROTA" not in report
    assert "Evidence 2: open only to" in report


def test_each_person_sees_what_they_may_and_no_copy_shows_a_word(staff: Staff) -> None:
    case = worked(staff)
    done(staff, case, "handler1", "write_working_note", at(12), text=NOTE)
    assert [each.text for each in room(staff, case).of(Kind.WORKING_NOTE)] == [NOTE]
    client = Client()
    for who in ("decider1", "triage1", "lead1", "complainant1", "respondent1", "staff1", "dpo1"):
        sign_in(client, staff, who)
        assert client.get(path_of(case)).status_code == 404, who
        assert client.get(path_of(case, "report/")).status_code == 404, who
        own = client.get(f"/cases/{case.reference}/")
        assert "PLANTED-SECRET-EXHIBIT" not in text_of(own)
        assert "PLANTED-SECRET-WORKING" not in text_of(own)
    Case.unguarded.filter(pk=case.pk).update(reported_on=START.date())
    seen = room(staff, case, "decider1")
    assert seen.of(Kind.EXHIBIT)
    assert seen.of(Kind.WORKING_NOTE) == []
    done(staff, case, "handler1", "recuse", at(12))
    store = everything_stored()
    assert all(
        is_hidden(store, word) for word in ("PLANTED-SECRET-EXHIBIT", "PLANTED-SECRET-WORKING")
    )


def test_a_new_handler_does_not_get_the_working_notes(staff: Staff) -> None:
    case = worked(staff)
    done(staff, case, "handler1", "write_working_note", at(12), text=NOTE)
    done(staff, case, "handler1", "recuse", at(12))
    offer = {"role": "handler", "candidate": staff["handler2"]}
    done(staff, case, "triage1", "offer_later", at(12), **offer)
    done(staff, case, "handler2", "accept", at(12), declare=True)
    done(staff, case, "decider1", "message", at(12), text="Hello.")
    open_after = staff.caller("decider1")
    Case.unguarded.filter(pk=case.pk).update(reported_on=START.date())
    open_room(open_after, case.reference, now=at(12))
    seen = room(staff, case, "handler2")
    assert seen.of(Kind.EXHIBIT), "the decision maker handed the key on"
    assert seen.of(Kind.WORKING_NOTE) == []


def test_evidence_goes_only_to_whom_the_list_says_with_passages_masked(staff: Staff) -> None:
    case = worked(staff)
    text = {"text": "It says: [[A. Person]] laughed.", "evidence": "1"}
    done(staff, case, "handler1", "show_evidence", at(12), person="complainant", **text)
    own = sign_in(Client(), staff, "complainant1").get(f"/cases/{case.reference}/")
    assert "It says: [hidden] laughed." in text_of(own)
    for who in ("1", "2", "complainant"):
        with pytest.raises(Refused, match="does not say"):
            done(
                staff, case, "handler1", "show_evidence", at(12),
                person=who, text="The rota.", evidence="2",
            )  # fmt: skip
    put = Hearing.objects.get(case=case, standing="RESPONDENT")
    done(staff, case, "handler1", "show_evidence", at(12), person=str(put.number), **text)
    page = sign_in(Client(), staff, "respondent1").get(f"/replies/{put.token}/")
    assert "It says: [hidden] laughed." in text_of(page)
    assert "A. Person" not in text_of(page)


def test_a_masked_passage_is_nowhere_in_what_is_shown() -> None:
    for text, shown in {
        "Before [[A. Person]] after": "Before [hidden] after",
        "[[one]] and [[two]]": "[hidden] and [hidden]",
        "[[over\ntwo lines]] end": "[hidden] end",
        "a mask left [[open hides all that follows": "a mask left [hidden]",
        "[[a [[nested]] one]] end": "[hidden] end",
        "[plain] brackets ]]": "[plain] brackets ",
    }.items():
        assert masked(text) == shown


def test_another_day_is_a_right_for_five_working_days_after_the_first(policies: None) -> None:
    between = profiles.calendar(Division.ENG_WLS).between
    days = {
        date(2026, 11, 30): [(12, 1), (12, 7)],
        date(2026, 12, 24): [(12, 29), (1, 5)],  # Christmas, a Boxing day in lieu and New Year
        date(2026, 12, 4): [(12, 7), (12, 11)],
    }
    for first, ends in days.items():
        right = [
            day
            for number in range(40)
            if moved_by_right(first, day := date.fromordinal(first.toordinal() + number), between)
        ]
        assert [(day.month, day.day) for day in (right[0], right[-1])] == ends, first
        assert len(right) == 5


def test_turns_that_explain_conduct_away_are_found_and_plain_words_are_not() -> None:
    said = {
        "It was just a bit of banter.": ["joke"],
        "We were only joking around": ["joke"],
        "He didn’t mean anything by it": ["not meant"],
        "It was never intended to hurt": ["not meant"],
        "No offence was meant": ["not meant"],
        "She is too sensitive": ["taken too hard"],
        "They overreacted, it was taken out of proportion": ["taken too hard"],
        "He is not a racist, he has black friends": ["not a racist"],
        "That is just how he is": ["not a racist"],
    }
    assert {text: excuses_in(text) for text in said} == said
    plain = ("I mean to be there at nine.", "The offence was reported.", "It is a sensitive area.")
    assert [excuses_in(text) for text in plain] == [[], [], []]


def test_a_witness_moves_the_meeting_and_answers_the_notes_on_their_own_page(
    staff: Staff, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = hearing.heard(staff)
    asked = case.hearings.get(standing="WITNESS")
    invite = {**INVITE, "person": str(asked.number)}
    done(staff, case, "handler1", "invite_to_meeting", START, **invite)
    client, own = sign_in(Client(), staff, "staff1"), f"/replies/{asked.token}/"
    monkeypatch.setattr(clock, "now", lambda: at(2))
    monkeypatch.setattr(clock, "today", at(2).date)
    page = text_of(client.get(own))
    assert "You may bring a companion" in page
    assert "Your meeting on 30 November 2026" in page
    for day, status in ((8, 409), (7, 302)):
        move = {"move": "1", "day_day": str(day), "day_month": "12", "day_year": "2026"}
        assert client.post(f"{own}meeting/", move).status_code == status
    far = {"move": "1", "day_day": "6", "day_month": "10", "day_year": "2099"}
    assert "is too far away" in text_of(client.post(f"{own}meeting/", far))
    monkeypatch.setattr(clock, "now", lambda: at(17))
    monkeypatch.setattr(clock, "today", at(17).date)
    page = text_of(client.get(own))
    assert "Your meeting was to be on 7 December 2026" in page
    assert "Move the meeting" not in page
    meeting = case.meetings.get()
    assert (meeting.first_on, meeting.meets_on) == (MEETS_ON, date(2026, 12, 7))
    done(
        staff, case, "handler1", "record_interview", at(17),
        meeting=str(meeting.pk), held_on=date(2026, 12, 7), notes="They heard laughter.",
    )  # fmt: skip
    monkeypatch.setattr(clock, "now", lambda: at(18))
    monkeypatch.setattr(clock, "today", at(18).date)
    assert "Your meeting" not in text_of(client.get(own))
    assert "They heard laughter." in text_of(client.get(own))
    assert client.post(f"{own}meeting/", {"answer": "no"}).status_code == 409
    assert client.post(f"{own}meeting/", {}).status_code == 422
    answer = {"answer": "no", "text": "I said shouting, not laughter."}
    assert client.post(f"{own}meeting/", answer).status_code == 302
    meeting.refresh_from_db()
    assert meeting.agreed is False
    assert Event.objects.filter(kind="witness.answered_notes", subject=case.reference).exists()
    other = sign_in(Client(), staff, "respondent1")
    assert other.post(f"{own}meeting/", answer).status_code == 404
    shown = text_of(sign_in(Client(), staff, "handler1").get(f"/cases/{case.reference}/"))
    assert "I said shouting, not laughter." in shown


def test_only_the_handler_with_agreement_goes_past_the_five_days(staff: Staff) -> None:
    case = cases.in_investigation(staff)
    done(staff, case, "handler1", "invite_to_meeting", START, **INVITE)
    late = {
        "meeting": str(case.meetings.get().pk),
        "meets_on": date(2026, 12, 14),
        "reason": "UNWELL",
    }
    with pytest.raises(Refused) as refused:
        done(staff, case, "handler1", "move_meeting", START, **late)
    assert refused.value.code == "TOO_FAR_AHEAD"
    done(staff, case, "handler1", "move_meeting", START, **late, agreed=True)
    assert case.meetings.get().meets_on == late["meets_on"]


def test_what_happened_on_one_day_is_told_in_the_order_of_the_work(staff: Staff) -> None:
    case = cases.in_investigation(staff)
    hearing.answer(staff, hearing.put(staff, case), "respondent1")
    told = [
        each.what
        for each in chronology(open_room(staff.caller("handler1"), case.reference, now=at(1)))
    ]
    about = "the person it is about (conversation 1)"
    assert told == [
        "The concern was received",
        "The formal way was agreed",
        "The person it is about was asked to answer",
        f"A question was put to {about}",
        f"An answer came from {about}",
    ]


def test_the_pages_take_a_handler_from_the_plan_to_the_report(staff: Staff) -> None:
    case = worked(staff)
    client = sign_in(Client(), staff, "handler1")
    page = text_of(client.get(path_of(case)))
    for said in ("it was a joke", "PLANTED-SECRET-EXHIBIT", "Meeting 1", "Chronology"):
        assert said in page
    for step in re.findall(rf'href="(/cases/{case.reference}/[a-z_]+/)"', page):
        assert client.get(step).status_code == 200, step
    form = {**EXAMINED, "evidence": ["1"], "tested": ""}
    refused = client.post(f"/cases/{case.reference}/examine_part/", form)
    assert refused.status_code == 422
    assert "Say how you tested that" in text_of(refused)
    assert "PLANTED-SECRET-FACTS" in text_of(refused), "nothing typed is lost"
    saved = client.post(
        f"/cases/{case.reference}/examine_part/", {**form, "tested": EXAMINED["tested"]}
    )
    assert saved.headers["Location"] == path_of(case)
    report = client.get(f"/cases/{case.reference}/submit_report/")
    assert EXAMINED["reasons"] in report.content.decode().replace("&#x27;", "'")
    assert "Missing in the investigation" not in report.content.decode()
    assert "Nothing is missing." in text_of(client.get(path_of(case, "report/")))


def test_a_report_with_gaps_goes_only_with_a_reason_for_them(staff: Staff) -> None:
    case = worked(staff)
    client, path = sign_in(Client(), staff, "handler1"), f"/cases/{case.reference}/submit_report/"
    assert "Part 1 was not examined" in text_of(client.get(path))
    form = {"covered": ["1"], "evidence_complete": "on", "report": "My report."}
    refused = client.post(path, form)
    assert refused.status_code == 422
    assert "Say why the report can go" in text_of(refused)
    assert client.post(path, {**form, "gaps": "They did not answer."}).status_code == 302
    Case.unguarded.get(pk=case.pk)
    shown = text_of(sign_in(Client(), staff, "decider1").get(f"/cases/{case.reference}/"))
    assert "They did not answer." in shown
    assert "Part 1 was not examined" in shown
