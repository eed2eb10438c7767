"""A hearing in small steps: putting, answering, inviting, coming along."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from grievances.cases.models.case import Case
from grievances.cases.models.companions import Companion
from grievances.cases.models.statements import Hearing
from grievances.participants import companions, invitations, statements
from grievances.participants.companions import Guest, guest_by_key, guest_of
from tests.factories import cases
from tests.factories.cases import START, at, done
from tests.factories.people import Staff

DUE = at(7).date()
QUESTION = "In the meeting of 2 November somebody's accent was imitated. PLANTED-SECRET-PUT"
ANSWER = "I was there and remember it in another way. PLANTED-SECRET-ANSWER"
OBSERVED = "I heard laughter. PLANTED-SECRET-WITNESS"
SHARES = ["ACCOUNT", "MESSAGES", "LETTERS", "STATEMENTS", "DATES"]


def put(staff: Staff, case: Case, now: datetime = START, **changed: Any) -> Hearing:
    """The handler puts it to the respondent."""
    answers = {"person": staff["respondent1"], "text": QUESTION, "due_on": DUE, "checked": True}
    done(staff, case, "handler1", "put_to_respondent", now, **{**answers, **changed})
    return Hearing.objects.filter(case=case, standing="RESPONDENT").latest("number")


def ask(staff: Staff, case: Case, who: str = "staff1", now: datetime = START) -> Hearing:
    """The handler asks a witness."""
    answers = {"person": staff[who], "text": "What did you hear?", "due_on": DUE, "checked": True}
    done(staff, case, "handler1", "ask_witness", now, **answers)
    return Hearing.objects.filter(case=case, standing="WITNESS").latest("number")


def answer(
    staff: Staff, hearing: Hearing, who: str, text: str = ANSWER, now: datetime = START
) -> None:
    statements.answer(staff.caller(who), hearing.token, text, once="", now=now)


def heard(staff: Staff) -> Case:
    """In investigation; the respondent and a witness have answered."""
    case = cases.in_investigation(staff)
    answer(staff, put(staff, case), "respondent1")
    answer(staff, ask(staff, case), "staff1", OBSERVED)
    return cases.fresh(case)


def decided_after(staff: Staff) -> Case:
    """Decided, with both people heard on their own pages."""
    return decide(staff, heard(staff))


def decide(staff: Staff, case: Case) -> Case:
    """From the investigation to the decision."""
    day = START.date()
    done(staff, case, "handler1", "record_meeting", START, held_on=day, companion_asked=True)
    report = {"covered": ["1"], "evidence_complete": True, "report": "What I found out."}
    done(staff, case, "handler1", "submit_report", START, **report)
    done(
        staff,
        case,
        "decider1",
        "decide",
        START,
        findings={"1": "NOT_UPHELD"},
        reasons="Why.",
        letter="Our decision and why.",
        appeal_rights=True,
    )
    return cases.fresh(case)


def invite(
    staff: Staff,
    case: Case,
    shares: list[str] | None = None,
    now: datetime = START,
    **more: Any,
) -> tuple[Companion, str]:
    """(companionship, secret of the link) of an invitation by the complainant."""
    secret = companions.new_link_secret()
    answers = {"person": "Kim of the union", "shares": shares or SHARES, "secret": secret, **more}
    done(staff, case, "complainant1", "invite_companion", now, **answers)
    return case.companions.latest("number"), secret


def keyed(secret: str, now: datetime = START) -> tuple[Guest, str]:
    """(guest, own key) of someone without an account who takes up an invitation."""
    key = companions.new_own_key()
    guest = guest_by_key(key)
    invitations.accept(secret, guest, "UNION", now=now)
    return guest, key


def account(staff: Staff, name: str) -> Guest:
    """Someone of the staff as a companion."""
    guest = guest_of(staff.caller(name))
    assert guest is not None
    return guest
