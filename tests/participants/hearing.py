"""A hearing in small steps: putting, answering, inviting, coming along."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from grievances.cases.models.case import Case
from grievances.cases.models.companions import Companion
from grievances.cases.models.statements import Hearing
from grievances.participants import companions, statements
from grievances.participants.companions import Guest, guest_by_key, guest_of
from tests.factories import cases
from tests.factories.cases import START, at, done
from tests.factories.people import Cast

DUE = at(7).date()
QUESTION = "In the meeting of 2 November somebody's accent was imitated. PLANTED-SECRET-PUT"
ANSWER = "I was there and remember it in another way. PLANTED-SECRET-ANSWER"
OBSERVED = "I heard laughter. PLANTED-SECRET-WITNESS"
SHARES = ["ACCOUNT", "MESSAGES", "LETTERS", "STATEMENTS", "DATES"]


def put(cast: Cast, case: Case, now: datetime = START, **changed: Any) -> Hearing:
    """The handler puts it to the respondent."""
    answers = {"person": cast["respondent1"], "text": QUESTION, "due_on": DUE, "checked": True}
    done(cast, case, "handler1", "put_to_respondent", now, **{**answers, **changed})
    return Hearing.objects.filter(case=case, standing="RESPONDENT").latest("number")


def ask(cast: Cast, case: Case, who: str = "staff1", now: datetime = START) -> Hearing:
    """The handler asks a witness."""
    answers = {"person": cast[who], "text": "What did you hear?", "due_on": DUE, "checked": True}
    done(cast, case, "handler1", "ask_witness", now, **answers)
    return Hearing.objects.filter(case=case, standing="WITNESS").latest("number")


def answer(
    cast: Cast, hearing: Hearing, who: str, text: str = ANSWER, now: datetime = START
) -> None:
    statements.answer(cast.caller(who), hearing.token, text, once="", now=now)


def heard(cast: Cast) -> Case:
    """In investigation; the respondent and a witness have answered."""
    case = cases.in_investigation(cast)
    answer(cast, put(cast, case), "respondent1")
    answer(cast, ask(cast, case), "staff1", OBSERVED)
    return cases.fresh(case)


def decided_after(cast: Cast) -> Case:
    """Decided, with both people heard on their own pages."""
    return decide(cast, heard(cast))


def decide(cast: Cast, case: Case) -> Case:
    """From the investigation to the decision."""
    day = START.date()
    done(cast, case, "handler1", "record_meeting", START, held_on=day, companion_asked=True)
    report = {"covered": ["1"], "evidence_complete": True, "report": "What I found out."}
    done(cast, case, "handler1", "submit_report", START, **report)
    done(
        cast,
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
    cast: Cast,
    case: Case,
    shares: list[str] | None = None,
    now: datetime = START,
    **more: Any,
) -> tuple[Companion, str]:
    """(companionship, secret of the link) of an invitation by the complainant."""
    secret = companions.new_link_secret()
    answers = {"person": "Kim of the union", "shares": shares or SHARES, "secret": secret, **more}
    done(cast, case, "complainant1", "invite_companion", now, **answers)
    return case.companions.latest("number"), secret


def keyed(secret: str, now: datetime = START) -> tuple[Guest, str]:
    """(guest, own key) of somebody without an account who takes up an invitation."""
    key = companions.new_own_key()
    guest = guest_by_key(key)
    companions.accept(secret, guest, "UNION", now=now)
    return guest, key


def account(cast: Cast, name: str) -> Guest:
    """Somebody of the cast as a companion."""
    guest = guest_of(cast.caller(name))
    assert guest is not None
    return guest
