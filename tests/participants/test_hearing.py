"""The respondent and witnesses are heard, and see nothing but what was put to them."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from grievances.audit.models import Event, pseudonymiser_of
from grievances.cases.actions.actor import Caller, NotAllowed
from grievances.cases.models.case import Case
from grievances.cases.models.case_keys import Keyring, open_words, wraps_in
from grievances.cases.models.parties import party_actor, party_inbox
from grievances.cases.models.records import Kind
from grievances.cases.models.statements import take_up_hearings
from grievances.cases.models.stored_keys.held import held_on
from grievances.casework import reading
from grievances.encryption.key_pairs import make_key_pair
from grievances.encryption.primitives import DecryptionFailed
from grievances.encryption.server_keys import person_pseudonym
from grievances.participants import statements
from grievances.people.models import User
from notifications.models import Notice
from tests.factories import cases, edge_cases
from tests.factories.cases import START, at, done
from tests.factories.people import PASSWORD, Staff
from tests.participants import hearing
from workflow.models import AlreadyRecorded
from workflow.steps import Refused


def texts(staff: Staff, case: Case, who: str, kind: Kind) -> list[str]:
    opened = reading.open_case(staff.caller(who), case.reference, now=START)
    return [words.text for words in opened.words if words.kind == kind]


def test_the_respondent_reads_what_was_put_to_them_and_answers_more_than_once(staff: Staff) -> None:
    case = cases.in_investigation(staff)
    asked = hearing.put(staff, case)
    caller = staff.caller("respondent1")
    opened = statements.open_hearing(caller, asked.token, now=START)
    assert [words.text for words in opened.words] == [hearing.QUESTION]
    assert opened.is_open
    assert cases.fresh(case).respondent_asked_on is None
    hearing.answer(staff, asked, "respondent1", "First.", now=at(1))
    hearing.answer(staff, asked, "respondent1", "And one thing more.", now=at(1, 12))
    opened = statements.open_hearing(caller, asked.token, now=at(2))
    assert [words.text for words in opened.words][1:] == ["First.", "And one thing more."]
    assert cases.fresh(case).respondent_asked_on == START.date()
    for who in ("handler1", "decider1"):
        assert texts(staff, case, who, Kind.STATEMENT) == ["First.", "And one thing more."]


def test_no_report_is_sent_while_the_respondent_still_has_time(staff: Staff) -> None:
    case = cases.in_investigation(staff)
    hearing.put(staff, case)
    done(staff, case, "handler1", "record_respondent", START, asked_on=START.date())
    day = START.date()
    done(staff, case, "handler1", "record_meeting", START, held_on=day, companion_asked=True)
    report = {"covered": ["1"], "evidence_complete": True, "report": "What I found out."}
    with pytest.raises(Refused) as refusal:
        done(staff, case, "handler1", "submit_report", at(7), **report)
    assert refusal.value.code == "ANSWER_AWAITED"
    done(staff, case, "handler1", "submit_report", at(8), **report)


LACKING: list[tuple[dict[str, Any], str]] = [
    ({"due_on": date(2026, 11, 24)}, "TOO_LITTLE_TIME"),
    ({"due_on": None}, "TOO_LITTLE_TIME"),
    ({"checked": False}, "NAME_NOT_CHECKED"),
    ({"text": ""}, "ANSWER_MISSING"),
]


def test_putting_it_needs_a_named_person_words_time_and_a_second_look(staff: Staff) -> None:
    case = cases.in_investigation(staff)
    for changed, code in [*LACKING, ({"person": staff["staff2"]}, "NOT_NAMED")]:
        with pytest.raises(Refused) as refusal:
            hearing.put(staff, case, **changed)
        assert refusal.value.code == code
    assert not case.hearings.exists()
    hearing.put(staff, case, due_on=date(2026, 11, 25))


def test_the_person_is_told_in_their_inbox_and_answers_once_a_press_even_in_a_pause(
    staff: Staff,
) -> None:
    case = cases.in_investigation(staff)
    asked = hearing.put(staff, case)
    notice = Notice.objects.get(handle=party_inbox(case.pk, staff["respondent1"].pk))
    assert (notice.kind, notice.channel) == ("heard", "inbox")
    assert notice.link == f"/replies/{asked.token}/"
    assert case.reference not in f"{notice.link} {notice.reference}"
    answers = {"reason": "C_LEAVE", "explanation": "Away.", "review_on": at(9).date()}
    done(staff, case, "handler1", "hold", START, **answers)
    caller = staff.caller("respondent1")
    statements.answer(caller, asked.token, "Once.", once="press", now=START)
    with pytest.raises(AlreadyRecorded):
        statements.answer(caller, asked.token, "Once.", once="press", now=START)
    assert case.records.filter(kind=Kind.STATEMENT).count() == 1
    assert case.hearings.get().answered_at == START


def test_each_looks_only_at_their_own_page(staff: Staff) -> None:
    case = hearing.heard(staff)
    to_respondent, to_witness = case.hearings.order_by("number")
    outsiders = set(staff.people) - {"respondent1"}
    for name in outsiders:
        with pytest.raises(NotAllowed):
            statements.open_hearing(staff.caller(name), to_respondent.token, now=START)
    for name in set(staff.people) - {"staff1"}:
        with pytest.raises(NotAllowed):
            statements.open_hearing(staff.caller(name), to_witness.token, now=START)
        with pytest.raises(NotAllowed):
            hearing.answer(staff, to_witness, name)
    with pytest.raises(NotAllowed):
        statements.open_hearing(Caller(None), to_respondent.token, now=START)


def test_no_one_holds_a_key_to_what_they_may_not_read(staff: Staff) -> None:
    case = hearing.heard(staff)
    to_respondent, to_witness = case.hearings.order_by("number")
    for name, own in (("respondent1", to_respondent), ("staff1", to_witness)):
        ring = Keyring.of(case, staff.holders[name])
        opens = {row.compartment for row in case.records.all() if row.compartment in ring}
        assert opens == {own.compartment}
        keys = {row.compartment for row in held_on(case) if row.compartment in ring}
        assert keys == {own.compartment}
    conversations = {row.compartment for row in case.hearings.all()}
    for name in ("triage1", "lead1", "complainant1", "dpo1"):
        ring = Keyring.of(case, staff.holders[name])
        take_up_hearings(case, ring)
        assert not any(each in ring for each in {*conversations, "reply"}), name
        if name != "dpo1":
            assert texts(staff, case, name, Kind.STATEMENT) == []


def test_the_complainant_reads_the_statements_with_the_decision_and_no_witness_name(
    staff: Staff,
) -> None:
    case = hearing.decided_after(staff)
    found = texts(staff, case, "complainant1", Kind.STATEMENT)
    assert set(found) == {hearing.ANSWER, hearing.OBSERVED}
    assert texts(staff, case, "complainant1", Kind.PERSON) == []
    assert len(texts(staff, case, "handler1", Kind.PERSON)) == 2
    for asked, who in zip(case.hearings.order_by("number"), ("respondent1", "staff1"), strict=True):
        assert not statements.open_hearing(staff.caller(who), asked.token, now=START).is_open
        with pytest.raises(Refused) as refusal:
            hearing.answer(staff, asked, who)
        assert refusal.value.code == "HEARING_OVER"


def test_an_anonymous_complainant_reads_them_too(staff: Staff) -> None:
    case, caller = edge_cases.anonymous(staff)
    done(staff, case, "triage1", "acknowledge", START, declare=True)
    done(staff, case, "triage1", "check_safety", START, flags=[])
    done(staff, case, "triage1", "ask_exclusions", START)
    done(staff, case, "triage1", "agree_formal", START)
    for name, role in (("handler1", "handler"), ("decider1", "decider")):
        done(staff, case, "triage1", "offer", START, role=role, candidate=staff[name])
        done(staff, case, name, "accept", START, declare=True)
    done(staff, case, "handler1", "begin_investigation", START, declare=True)
    hearing.answer(staff, hearing.put(staff, case), "respondent1")
    done(
        staff, case, "handler1", "submit_report", START,
        covered=["1"], evidence_complete=True, report="R.",
    )  # fmt: skip
    done(
        staff, case, "decider1", "decide", START,
        findings={"1": "NOT_UPHELD"}, reasons="W.", letter="L.", appeal_rights=True,
    )  # fmt: skip
    opened = reading.open_case(caller, case.reference, now=START)
    assert hearing.ANSWER in [words.text for words in opened.words]


def test_a_new_handler_reads_what_was_said_before_as_soon_as_someone_hands_on_the_key(
    staff: Staff,
) -> None:
    case = hearing.heard(staff)
    done(staff, case, "handler1", "recuse", START)
    answers = {"role": "handler", "candidate": staff["handler2"]}
    done(staff, case, "triage1", "offer_later", START, **answers)
    done(staff, case, "handler2", "accept", START, declare=True)
    assert texts(staff, case, "handler2", Kind.STATEMENT) == []
    reading.open_case(staff.caller("decider1"), case.reference, now=at(1))
    assert len(texts(staff, case, "handler2", Kind.STATEMENT)) == 2
    again = {"person": staff["respondent1"], "text": "More.", "due_on": at(9).date()}
    done(staff, case, "handler2", "put_to_respondent", at(1), **again, checked=True)
    asked = case.hearings.get(standing="RESPONDENT")
    opened = statements.open_hearing(staff.caller("respondent1"), asked.token, now=at(1))
    assert [words.text for words in opened.words][-1] == "More."


def test_the_key_of_before_does_not_lock_out_the_officers_of_a_fresh_investigation(
    staff: Staff,
) -> None:
    case = hearing.decided_after(staff)
    done(staff, case, "complainant1", "appeal", START, grounds="Unfair.")
    done(staff, case, "triage1", "offer_later", START, role="appeal", candidate=staff["appeal1"])
    done(staff, case, "appeal1", "accept", START, declare=True)
    done(staff, case, "appeal1", "begin_appeal", START, declare=True)
    declined = {"declined": True, "companion_asked": True}
    done(staff, case, "appeal1", "record_appeal_meeting", START, **declined)
    done(staff, case, "appeal1", "remit", START, reasons="Afresh.")
    for name, role in (("handler2", "handler"), ("decider2", "decider")):
        done(staff, case, "triage1", "offer", START, role=role, candidate=staff[name])
        done(staff, case, name, "accept", START, declare=True)
    done(staff, case, "handler2", "begin_investigation", START, declare=True)
    again = {"person": staff["respondent1"], "text": "Once more.", "due_on": hearing.DUE}
    done(staff, case, "handler2", "put_to_respondent", START, **again, checked=True)
    asked = case.hearings.get(standing="RESPONDENT")
    hearing.answer(staff, asked, "respondent1", "As I said.")
    for name in ("handler2", "decider2"):
        assert "As I said." in texts(staff, case, name, Kind.STATEMENT)
        assert hearing.ANSWER in texts(staff, case, name, Kind.STATEMENT)


def test_every_opening_and_answer_is_an_event_under_a_handle_of_its_own(staff: Staff) -> None:
    case = hearing.heard(staff)
    asked = case.hearings.get(standing="RESPONDENT")
    for _ in range(2):
        statements.open_hearing(staff.caller("respondent1"), asked.token, now=START)
    own = Event.objects.filter(subject=case.reference, role="respondent")
    assert [event.kind for event in own.order_by("seq")] == [
        "respondent.answered",
        "respondent.opened",
    ]
    person = staff["respondent1"]
    pseudonymise = pseudonymiser_of(case.reference)
    assert {event.actor for event in own} == {pseudonymise(party_actor(person.pk))}
    assert party_actor(person.pk) != person_pseudonym(person.pk)
    assert "PLANTED" not in str(list(Event.objects.values_list("data", "key")))
    _, events = reading.ledger(staff.caller("complainant1"), case.reference, now=START)
    assert {"case.put_to_respondent", "respondent.answered"} <= {event.kind for event in events}
    assert texts(staff, case, "complainant1", Kind.PUT) == []


def test_someone_with_a_new_key_reads_again_when_it_is_put_again(staff: Staff) -> None:
    case = cases.in_investigation(staff)
    asked = hearing.put(staff, case)
    staff["respondent1"].key_pair.delete()
    person = staff.people["respondent1"] = User.objects.get(username="respondent1")
    staff.holders["respondent1"] = make_key_pair(person, PASSWORD)
    opened = statements.open_hearing(staff.caller("respondent1"), asked.token, now=START)
    assert (opened.locked, opened.words) == (True, ())
    hearing.put(staff, case, text="As I wrote before.")
    opened = statements.open_hearing(staff.caller("respondent1"), asked.token, now=START)
    assert {words.text for words in opened.words} == {hearing.QUESTION, "As I wrote before."}


def test_the_respondent_is_told_their_outcome_a_working_day_after_the_complainant(
    staff: Staff,
) -> None:
    case = hearing.decided_after(staff)
    answers = {"person": staff["respondent1"], "text": "Not upheld.", "checked": True}
    with pytest.raises(Refused) as refusal:
        done(staff, case, "decider1", "tell_respondent", START, **answers)
    assert refusal.value.code == "COMPLAINANT_FIRST"
    done(staff, case, "decider1", "tell_respondent", at(3), **answers)
    asked = case.hearings.get(standing="RESPONDENT")
    opened = statements.open_hearing(staff.caller("respondent1"), asked.token, now=at(3))
    assert opened.words[-1].text == "Not upheld."
    assert texts(staff, case, "complainant1", Kind.OUTCOME_NOTE) == []
    assert texts(staff, case, "triage1", Kind.OUTCOME_NOTE) == []


def test_who_left_opens_nothing_that_is_answered_afterwards_and_who_stays_reads_all(
    staff: Staff,
) -> None:
    case = cases.in_investigation(staff)
    asked, other = hearing.put(staff, case), hearing.ask(staff, case)
    hearing.answer(staff, asked, "respondent1", "BEFORE")
    kept = Keyring.of(case, staff.holders["handler1"])
    take_up_hearings(case, kept)
    assert asked.compartment in kept
    done(staff, case, "handler1", "recuse", START)
    hearing.answer(staff, asked, "respondent1", "AFTER", now=at(1))
    hearing.answer(staff, other, "staff1", hearing.OBSERVED, now=at(1, 12))
    for later in case.records.filter(kind=Kind.STATEMENT, at__gte=at(1)):
        with pytest.raises(DecryptionFailed):
            open_words(kept, later.compartment, bytes(later.sealed), later.place)
    take_up_hearings(case, kept)
    with pytest.raises(DecryptionFailed):
        open_words(kept, later.compartment, bytes(later.sealed), later.place)
    assert texts(staff, case, "decider1", Kind.STATEMENT) == ["BEFORE", "AFTER", hearing.OBSERVED]
    opened = statements.open_hearing(staff.caller("respondent1"), asked.token, now=at(1))
    assert [words.text for words in opened.words] == [hearing.QUESTION, "BEFORE", "AFTER"]
    answers = {"role": "handler", "candidate": staff["handler2"]}
    done(staff, case, "triage1", "offer_later", at(1), **answers)
    done(staff, case, "handler2", "accept", at(1), declare=True)
    done(staff, case, "lead1", "write_handover", at(1), text="Two were asked.")
    reading.open_case(staff.caller("decider1"), case.reference, now=at(1))
    assert texts(staff, case, "handler2", Kind.STATEMENT) == ["BEFORE", "AFTER", hearing.OBSERVED]
    again = {"person": staff["respondent1"], "text": "More.", "due_on": at(9).date()}
    done(staff, case, "handler2", "put_to_respondent", at(1), **again, checked=True)
    hearing.answer(staff, asked, "respondent1", "LAST", now=at(2))
    assert case.hearings.filter(standing="RESPONDENT").count() == 1
    assert "LAST" in texts(staff, case, "decider1", Kind.STATEMENT)
    day = at(2).date()
    done(staff, case, "handler2", "record_meeting", at(2), held_on=day, companion_asked=True)
    report = {"covered": ["1"], "evidence_complete": True, "report": "What I found out."}
    done(staff, case, "handler2", "submit_report", at(2), **report)
    letter = {"findings": {"1": "NOT_UPHELD"}, "reasons": "W.", "letter": "L."}
    done(staff, case, "decider1", "decide", at(2), **letter, appeal_rights=True)
    found = texts(staff, case, "complainant1", Kind.STATEMENT)
    assert found == ["BEFORE", "AFTER", hearing.OBSERVED, "LAST"]


def test_a_key_wrapped_before_there_were_several_still_opens(staff: Staff) -> None:
    case = hearing.heard(staff)
    row = case.hearings.get(standing="RESPONDENT")
    (alone,) = wraps_in(bytes(row.sealed_for_officers))
    row.sealed_for_officers = alone
    row.save()
    assert hearing.ANSWER in texts(staff, case, "decider1", Kind.STATEMENT)
    done(staff, case, "handler1", "recuse", START)
    row.refresh_from_db()
    assert len(wraps_in(bytes(row.sealed_for_officers))) == 2
    assert hearing.ANSWER in texts(staff, case, "decider1", Kind.STATEMENT)
