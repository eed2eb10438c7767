"""Walks of the steps inside an investigation, and the same with one thing wrong."""

from __future__ import annotations

from datetime import date
from typing import Any

from grievances.cases.models.case import Case
from grievances.cases.models.records import Kind
from grievances.casework import reading
from grievances.casework.reader_grants import admit_readers
from grievances.vocabulary import Role, State
from tests.cases.scenarios import Answers, Walk, person
from tests.cases.tampering import Spoiled, away, rows, unfit
from tests.factories import cases
from tests.factories.cases import START, at
from tests.factories.people import Staff
from tests.participants import hearing

MEETS_ON = date(2026, 11, 30)
"""A Monday, six working days after the start (a Saturday)."""

INVITE: dict[str, Any] = {
    "person": "complainant",
    "meets_on": MEETS_ON,
    "place": "10:00, room 4, with a note-taker.",
    "adjustments": "I asked. None are needed.",
    "companion_told": True,
}
EXHIBIT: dict[str, Any] = {
    "what": "A message of 2 November. PLANTED-SECRET-EXHIBIT",
    "provenance": "The person who raised it gave me their telephone.",
    "happened_on": date(2026, 11, 2),
    "seen_by": "BOTH",
}
EXAMINED: dict[str, Any] = {
    "part": "1",
    "facts": "The accent was imitated in the meeting. PLANTED-SECRET-FACTS",
    "evidence": "Evidence 1",
    "comparators": "No one else's way of speaking was imitated.",
    "pattern": "It happened in two meetings before.",
    "effect": "They stopped speaking in meetings.",
    "context": "The person who did it leads the team.",
    "intersection": "Sex as well: only women were imitated.",
    "explanation": "It was banter.",
    "tested": "I asked who laughed. Those imitated did not, and one left the room.",
    "reasons": "It was unwanted, and its effect was to humiliate.",
}


def invited(staff: Staff) -> Case:
    """In investigation; the complainant is invited to a meeting."""
    case = cases.in_investigation(staff)
    cases.done(staff, case, "handler1", "invite_to_meeting", START, **INVITE)
    return cases.fresh(case)


def _arranged(staff: Staff, case: Case) -> None:
    invitation = {name: value for name, value in INVITE.items() if name != "person"}
    cases.done(staff, case, "appeal1", "invite_to_appeal_meeting", START, **invitation)


def witness_invited(staff: Staff) -> Case:
    """In investigation; a witness has answered and is invited to a meeting."""
    case = hearing.heard(staff)
    number = str(case.hearings.get(standing="WITNESS").number)
    cases.done(staff, case, "handler1", "invite_to_meeting", START, **{**INVITE, "person": number})
    return cases.fresh(case)


def noted(staff: Staff) -> Case:
    """The meeting with the complainant is recorded, with notes."""
    case = invited(staff)
    notes = (Kind.MEETING, "They told me. PLANTED-SECRET-NOTES")
    answers = {"held_on": MEETS_ON, "companion_asked": True, "notes": notes[1]}
    cases.done(staff, case, "handler1", "record_meeting", at(10), notes, **answers)
    return cases.fresh(case)


def with_evidence(staff: Staff) -> Case:
    case = cases.in_investigation(staff)
    cases.done(staff, case, "handler1", "list_evidence", START, **EXHIBIT)
    return cases.fresh(case)


def let_in(staff: Staff) -> Case:
    """In investigation; a co-investigator and a legal adviser are asked to sign."""
    case = cases.in_investigation(staff)
    for name, part in (("handler2", "co_handler"), ("staff2", "adviser")):
        cases.done(staff, case, "handler1", "appoint_part", START, person=staff[name], part=part)
    admit_readers(at(2))
    reading.open_case(staff.caller("handler1"), case.reference, now=at(2))
    return cases.fresh(case)


def helped(staff: Staff) -> Case:
    """In investigation; a co-investigator and a legal adviser have begun."""
    case = let_in(staff)
    for name in ("handler2", "staff2"):
        cases.done(staff, case, name, "begin_to_help", at(2), declare=True)
    return cases.fresh(case)


def two_cases(staff: Staff) -> Case:
    """In investigation; someone else has raised another concern."""
    cases.raised(staff, "complainant2")
    return cases.in_investigation(staff)


def _other(staff: Staff, case: Case) -> Answers:
    return {"into": Case.unguarded.exclude(pk=case.pk).order_by("pk")[0].reference}


REFERRAL: dict[str, Any] = {
    "body": "REGULATOR",
    "name": "The equality body",
    "asked": True,
    "letter": "We have told the equality body. PLANTED-SECRET-TO-PERSON",
    "to_body": "We write to you about. PLANTED-SECRET-TO-BODY",
}


def referred(staff: Staff) -> Case:
    case = cases.decided(staff)
    cases.done(staff, case, "decider1", "refer", START, **REFERRAL)
    return cases.fresh(case)


def _referral(staff: Staff, case: Case) -> Answers:
    return {"referral": str(case.referrals.get().pk)}


def _meeting(staff: Staff, case: Case) -> Answers:
    return {"meeting": str(case.meetings.get().pk)}


ROOM = {
    "N100": Walk(
        "plan_investigation", cases.in_investigation, "handler1", State.INVESTIGATION,
        {"scope": "What happened in the meeting.", "order": "Meet, ask, compare."},
    ),
    "N101": Walk(
        "list_person", cases.in_investigation, "handler1", State.INVESTIGATION,
        {"name": "Staff One", "questions": "What did you hear?"},
    ),
    "N102": Walk(
        "invite_to_meeting", cases.in_investigation, "handler1", State.INVESTIGATION, INVITE
    ),
    "N103": Walk(
        "move_meeting", invited, "complainant1", State.INVESTIGATION,
        {"reason": "COMPANION", "meets_on": date(2026, 12, 7)}, _meeting,
    ),
    "N104": Walk(
        "record_interview", witness_invited, "handler1", State.INVESTIGATION,
        {"held_on": MEETS_ON, "notes": "They heard laughter."}, _meeting, now=at(10),
    ),
    "N105": Walk(
        "agree_notes", noted, "complainant1", State.INVESTIGATION, {"answer": "yes"}, now=at(11)
    ),
    "N106": Walk(
        "list_evidence", cases.in_investigation, "handler1", State.INVESTIGATION, EXHIBIT
    ),
    "N107": Walk(
        "examine_part", cases.in_investigation, "handler1", State.INVESTIGATION, EXAMINED
    ),
    "N108": Walk(
        "write_working_note", cases.in_investigation, "handler1", State.INVESTIGATION,
        {"text": "Ask about the rota."},
    ),
    "N109": Walk(
        "show_evidence", with_evidence, "handler1", State.INVESTIGATION,
        {"evidence": "1", "person": "complainant", "text": "The message [[of A. Person]]."},
    ),
    "N96": Walk(
        "open_pattern", cases.in_investigation, "lead1", State.INVESTIGATION,
        {"text": "To see whether this is one of several."},
    ),
    "N97": Walk(
        "link_cases", two_cases, "lead1", State.INVESTIGATION, {"kind": "SAME_MATTER"}, _other
    ),
    "N132": Walk(
        "invite_to_appeal_meeting", cases.in_appeal, "appeal1", State.APPEAL,
        {name: value for name, value in INVITE.items() if name != "person"},
    ),
    "N98": Walk(
        "record_appeal_meeting", cases.in_appeal, "appeal1", State.APPEAL,
        {"held_on": START.date(), "companion_asked": True},
    ),
    "N110": Walk(
        "write_handover", cases.in_investigation, "handler1", State.INVESTIGATION,
        {"text": "Two people are still to be heard."},
    ),
    "N111": Walk("ask_debrief", cases.closed, "handler1", State.CLOSED),
    "N112": Walk("refer", cases.decided, "decider1", State.OUTCOME, REFERRAL),
    "N113": Walk(
        "record_referral", referred, "decider1", State.OUTCOME, {"result": "TAKEN_UP"}, _referral
    ),
    "N120": Walk(
        "appoint_part", cases.in_investigation, "handler1", State.INVESTIGATION,
        {"part": "co_handler"}, person("person", "handler2"),
    ),
    "N127": Walk(
        "begin_to_help", let_in, "handler2", State.INVESTIGATION, {"declare": True}, now=at(3)
    ),
    "N121": Walk(
        "end_part", helped, "lead1", State.INVESTIGATION, {},
        lambda staff, case: {"helper": f"adviser:{staff['staff2'].pk}"}, now=at(3),
    ),
    "N122": Walk(
        "take_notes", helped, "handler2", State.INVESTIGATION,
        {"meeting": "The first", "text": "They said that it was a joke.", "declare": True},
        now=at(3),
    ),
    "N123": Walk(
        "ask_advice", helped, "handler1", State.INVESTIGATION, {"text": "May I ask that?"},
        now=at(3),
    ),
    "N124": Walk(
        "give_advice", helped, "staff2", State.INVESTIGATION,
        {"text": "You may.", "declare": True}, now=at(3),
    ),
}  # fmt: skip
"""The steps inside an investigation, and those about earlier concerns."""

ROOM_SPOILED = [
    *unfit("N120", "handler2", Role.LEAD),
    *unfit("N127", "handler2", Role.LEAD)[:3],
    Spoiled("N120", "ANSWER_MISSING", {"part": "decider"}),
    Spoiled("N120", "ANSWER_MISSING", {"person": None}),
    Spoiled("N121", "ANSWER_MISSING", {"helper": ""}),
    *(
        Spoiled(walk, "DECLARATION_MISSING", {"declare": False})
        for walk in ("N122", "N124", "N127")
    ),
    Spoiled("N122", "ANSWER_MISSING", {"meeting": ""}),
    Spoiled("N122", "ANSWER_MISSING", {"text": ""}),
    Spoiled("N123", "ANSWER_MISSING", {"text": ""}),
    Spoiled("N124", "ANSWER_MISSING", {"text": ""}),
    Spoiled("N100", "ANSWER_MISSING", {"scope": ""}),
    Spoiled("N101", "ANSWER_MISSING", {"questions": ""}),
    Spoiled("N102", "ANSWER_MISSING", {"person": ""}),
    Spoiled("N102", "TOO_LITTLE_NOTICE", {"meets_on": date(2026, 11, 24)}),
    Spoiled("N102", "TOO_LITTLE_NOTICE", {"meets_on": date(2026, 11, 20)}),
    *(
        each
        for walk, who in (("N102", "handler1"), ("N132", "appeal1"))
        for each in (
            Spoiled(walk, "NOT_A_WORKING_DAY", {"meets_on": date(2026, 12, 5)}),
            Spoiled(walk, "AWAY_THEN", spoil=away(who)),
            Spoiled(walk, "COMPANION_NOT_ASKED", {"companion_told": False}),
            Spoiled(walk, "ADJUSTMENTS_NOT_ASKED", {"adjustments": ""}),
        )
    ),
    Spoiled("N132", "TOO_LITTLE_NOTICE", {"meets_on": date(2026, 11, 24)}),
    Spoiled("N132", "MEETING_ARRANGED", spoil=_arranged),
    Spoiled("N103", "ANSWER_MISSING", {"reason": "DIARY"}),
    Spoiled("N103", "NOT_A_LATER_DAY", {"meets_on": MEETS_ON}),
    Spoiled("N103", "NOT_A_LATER_DAY", {"meets_on": date(2026, 12, 5)}),
    Spoiled("N103", "NOT_A_LATER_DAY", spoil=rows("meetings", held_on=MEETS_ON)),
    Spoiled("N103", "TOO_FAR_AHEAD", {"meets_on": date(2026, 12, 8)}),
    Spoiled("N103", "TOO_FAR_AHEAD", {"meets_on": date(2026, 12, 8), "agreed": True}),
    Spoiled("N104", "ANSWER_MISSING", {"notes": ""}),
    Spoiled("N104", "MEETING_NOT_RECORDED", {"held_on": date(2027, 1, 4)}),
    Spoiled("N105", "NO_NOTES", spoil=rows("meetings", agreed=True)),
    Spoiled("N105", "ANSWER_MISSING", {"answer": "perhaps"}),
    Spoiled("N105", "CORRECTION_MISSING", {"answer": "no"}),
    Spoiled("N106", "ANSWER_MISSING", {"seen_by": "EVERYONE"}),
    Spoiled("N106", "PROVENANCE_MISSING", {"provenance": ""}),
    Spoiled("N107", "ANSWER_MISSING", {"part": "9"}),
    Spoiled("N107", "QUESTION_OPEN", {"comparators": ""}),
    Spoiled("N107", "EXCUSE_UNEXAMINED", {"tested": "Yes."}),
    Spoiled("N107", "EXCUSE_UNEXAMINED", {
        "explanation": "", "tested": "", "reasons": "He didn’t mean it, so I do not uphold it."
    }),
    Spoiled("N107", "REASONS_MISSING", {"reasons": ""}),
    Spoiled("N108", "ANSWER_MISSING", {"text": ""}),
    Spoiled("N109", "ANSWER_MISSING", {"text": ""}),
    Spoiled("N98", "MEETING_NOT_RECORDED", {"held_on": None}),
    Spoiled("N98", "MEETING_CONTRADICTORY", {"declined": True}),
    Spoiled("N98", "MEETING_AHEAD", {"held_on": date(2027, 1, 4)}),
    Spoiled("N98", "COMPANION_NOT_ASKED", {"companion_asked": False}),
    Spoiled("N110", "ANSWER_MISSING", {"text": ""}),
    Spoiled("N112", "ANSWER_MISSING", {"body": "NEWSPAPER"}),
    Spoiled("N112", "BODY_NOT_NAMED", {"name": ""}),
    Spoiled("N112", "VIEW_NOT_ASKED", {"asked": False}),
    Spoiled("N112", "LETTER_MISSING", {"letter": ""}),
    Spoiled("N112", "LETTER_TO_BODY_MISSING", {"to_body": ""}),
    Spoiled("N113", "NOTHING_REFERRED", spoil=rows("referrals", result="ENDED")),
    Spoiled("N113", "ANSWER_MISSING", {"referral": ""}),
    Spoiled("N113", "RESULT_MISSING", {"result": "PERHAPS"}),
    Spoiled("N96", "REASON_MISSING", {"text": ""}),
    Spoiled("N97", "ANSWER_MISSING", {"kind": ""}),
    Spoiled("N97", "NO_SUCH_CASE", {"into": ""}),
]  # fmt: skip
"""Each guard of these steps, made to fail."""
