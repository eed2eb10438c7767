"""The states off the main road, and the small things that open a way to them."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from grievances.cases.actions.actor import SYSTEM_ACTOR, Caller
from grievances.cases.actions.perform import StepInput, perform
from grievances.cases.models.case import Case
from grievances.cases.models.parties import party_pseudonym
from grievances.deadlines.loading import load_profile
from grievances.deadlines.sweep import run_clocks
from grievances.intake import drafts, submission
from grievances.participants import consents
from grievances.policy.profiles import POLICIES
from grievances.vocabulary import Standing, State
from tests.factories import cases
from tests.factories.cases import ACCOUNT, START, acknowledged, at, done, fresh, informal
from tests.factories.people import Cast
from tests.participants import hearing


def drafted(cast: Cast, now: datetime = START) -> Case:
    """A concern that nobody but its writer has seen."""
    return drafts.open_draft(cast["complainant1"], cast.caller("complainant1"), now=now)


def ready_to_send(cast: Cast) -> Case:
    """A draft whose choices are made; only the sending is left."""
    case = drafted(cast)
    Case.unguarded.filter(pk=case.pk).update(identity="CONFIDENTIAL", name_shared=True)
    return fresh(case)


def ready_for_route(cast: Cast) -> Case:
    """In triage, with everything asked that must be asked."""
    case = acknowledged(cast)
    done(cast, case, "triage1", "check_safety", START, flags=[])
    done(cast, case, "triage1", "ask_exclusions", START)
    return fresh(case)


def agree(cast: Cast, case: Case, what: str) -> None:
    """Both people say yes to what they are asked, each for themselves; the complainant first."""
    for standing in (Standing.COMPLAINANT, Standing.RESPONDENT):
        for question in case.consents.filter(what=what, standing=standing, agreed__isnull=True):
            name = next(
                name
                for name, person in cast.people.items()
                if party_pseudonym(standing, person.pk) == question.handle
            )
            consents.answer_question(cast.caller(name), question.token, "yes", now=START)


def consented(cast: Cast) -> Case:
    """In triage, with two people who agree to mediation."""
    case = acknowledged(cast)
    done(cast, case, "triage1", "ask_consent", START, what="mediation")
    agree(cast, case, "mediation")
    return fresh(case)


def informal_consented(cast: Cast) -> Case:
    """Informal, with two people who agree to mediation."""
    case = informal(cast)
    done(cast, case, "triage1", "ask_consent", START, what="mediation")
    agree(cast, case, "mediation")
    return fresh(case)


def mediating(cast: Cast) -> Case:
    """In mediation, the mediator welcome at once."""
    case = announced_mediator(cast)
    row = case.pending_readers.get()
    done(cast, case, "complainant1", "answer_reader", START, reader=row.pk, answer="fine")
    return fresh(case)


def announced_mediator(cast: Cast) -> Case:
    """In mediation, and the complainant has just been told who will mediate."""
    case = consented(cast)
    done(cast, case, "triage1", "begin_mediation", START, mediator=cast["mediator1"])
    return fresh(case)


def settling(cast: Cast) -> Case:
    """In mediation, with two people who confirm the agreement."""
    case = mediating(cast)
    done(cast, case, "mediator1", "ask_consent", START, what="settlement")
    agree(cast, case, "settlement")
    return fresh(case)


def offered(cast: Cast) -> Case:
    """In allocation, with the handler's part offered and not yet answered."""
    case = cases.in_allocation(cast)
    done(cast, case, "triage1", "offer", START, role="handler", candidate=cast["handler1"])
    return fresh(case)


def heard(cast: Cast) -> Case:
    """In investigation, with both people heard."""
    case = cases.in_investigation(cast)
    day = START.date()
    done(cast, case, "handler1", "record_meeting", START, held_on=day, companion_asked=True)
    done(cast, case, "handler1", "record_respondent", START, asked_on=day)
    return fresh(case)


def appeal_offered(cast: Cast) -> Case:
    """The appeal manager's part is offered and not yet answered."""
    case = cases.appealed(cast)
    who = cast["appeal1"]
    done(cast, case, "triage1", "offer_later", START, role="appeal", candidate=who)
    return fresh(case)


def appeal_accepted(cast: Cast) -> Case:
    """An appeal manager has accepted and not yet begun."""
    case = appeal_offered(cast)
    done(cast, case, "appeal1", "accept", START, declare=True)
    return fresh(case)


def approve(cast: Cast, case: Case, who: str, step: str, now: datetime = START) -> Case:
    """Somebody asks the casework lead for approval of a step, and gets it."""
    asked = StepInput(answers={"step": step, "text": "Because."})
    perform("ask_approval", case_id=case.pk, caller=cast.caller(who), now=now, step_input=asked)
    row = case.approvals.get(step=step, answered_at__isnull=True)
    answers = {"approval": row.pk, "answer": "yes", "text": "Agreed."}
    done(cast, case, "lead1", "answer_approval", now, **answers)
    return fresh(case)


def emergency_asked(cast: Cast, now: datetime = START) -> Case:
    """Under investigation, and the data-protection officer asks to open it in an emergency."""
    case = cases.in_investigation(cast)
    done(cast, case, "dpo1", "ask_break_glass", now, why="DANGER", text="A threat was made.")
    return fresh(case)


def emergency_open(cast: Cast, now: datetime = START) -> Case:
    """Opened to the data-protection officer by two, for a day from now."""
    case = emergency_asked(cast, now)
    done(cast, case, "lead1", "agree_break_glass", now, read=True)
    return fresh(case)


def redirecting(cast: Cast) -> Case:
    """In triage, with the lead's approval to pass the concern on."""
    return approve(cast, acknowledged(cast), "triage1", "redirect")


def twice_raised(cast: Cast) -> tuple[Case, Case]:
    """(the earlier, the later) of two concerns of one person, both in triage."""
    return acknowledged(cast), acknowledged(cast)


def to_be_joined(cast: Cast) -> Case:
    """A second concern, in triage, of somebody whose first one is under investigation."""
    cases.in_investigation(cast)
    return acknowledged(cast)


def anonymous(cast: Cast, now: datetime = START) -> tuple[Case, Caller]:
    """An anonymous concern just sent, and its sender come back with the case key."""
    answers = {**ACCOUNT, "region": "NORTH"}
    readers = [person.pk for person in submission.preview_anonymous(answers, now=now)]
    sent = submission.submit_anonymous(answers, expected=readers, now=now)
    case, caller = submission.find_by_case_key(sent.case_key)
    return fresh(case), caller


def unanswered(cast: Cast) -> Case:
    """An anonymous concern in triage whose sender left two questions unanswered for weeks."""
    case, _ = anonymous(cast)
    done(cast, case, "triage1", "acknowledge", START, declare=True)
    for day in (1, 2):
        done(cast, case, "triage1", "ask_question", at(day), text="When was it?")
    return approve(cast, case, "triage1", "close_insufficient", at(30))


def reopening(cast: Cast) -> Case:
    """Closed, and the complainant asks for it to be reopened."""
    case = cases.closed(cast)
    done(cast, case, "complainant1", "ask_to_reopen", at(30), reason="RETALIATION")
    return fresh(case)


def aftercare_done(cast: Cast) -> Case:
    """Closed for more than a year, all check-ins asked, and not yet archived."""
    case = cases.closed(cast)
    run_clocks(at(300))
    return fresh(case)


def archived(cast: Cast) -> Case:
    """Archived by the clock, a year after closing."""
    case = cases.closed(cast)
    run_clocks(at(300))
    run_clocks(at(400))
    return fresh(case)


def erasable(cast: Cast) -> Case:
    """Archived for so long that it may be erased, and the lead agrees."""
    case = archived(cast)
    case.deadlines.filter(name="RETENTION").update(current_due=at(500).date())
    return agree_keeping(cast, case, "erase", "TIME_OVER", at(600))


def ask_keeping(cast: Cast, case: Case, step: str, reason: str, now: datetime) -> Case:
    """The data-protection officer asks for a second yes."""
    step_input = StepInput(answers={"step": step, "reason": reason})
    caller = cast.caller("dpo1")
    perform("ask_keeping", case_id=case.pk, caller=caller, now=now, step_input=step_input)
    return fresh(case)


def agree_keeping(cast: Cast, case: Case, step: str, reason: str, now: datetime) -> Case:
    """The data-protection officer asks, and the casework lead says yes."""
    ask_keeping(cast, case, step, reason, now)
    row = case.approvals.get(step=step, answered_at__isnull=True)
    done(cast, case, "lead1", "answer_keeping", now, approval=row.pk, answer="yes")
    return fresh(case)


def holdable(cast: Cast) -> Case:
    """Closed, and two people agree that a legal hold is needed."""
    return agree_keeping(cast, cases.closed(cast), "set_legal_hold", "TRIBUNAL", START)


def held_by_law(cast: Cast) -> Case:
    """Under a legal hold, and two people agree that it is no longer needed."""
    case = holdable(cast)
    done(cast, case, "dpo1", "set_legal_hold", START)
    return agree_keeping(cast, fresh(case), "lift_legal_hold", "NOT_NEEDED", START)


def newer_policy(now: datetime, version: int = 4, **amounts: int) -> None:
    """A next version of the organisation's policy in force, with clocks of these lengths."""
    body = json.loads((POLICIES / "uk_default.json").read_text()) | {"version": version}
    for name, amount in amounts.items():
        body["clocks"][name]["amount"] = amount
    load_profile(body, now=now)


def clockwork(step: str, case: Case, now: datetime, **answers: Any) -> None:
    """The system takes a step."""
    step_input = StepInput(answers=answers)
    perform(step, case_id=case.pk, caller=SYSTEM_ACTOR, now=now, step_input=step_input)


ALL = {
    **cases.STATES,
    State.DRAFT: drafted,
    State.MEDIATION: mediating,
    State.ARCHIVED: archived,
    "ANONYMOUS": lambda cast: anonymous(cast)[0],
    "OFFERED": offered,
    "APPEAL_OFFERED": appeal_offered,
    "EMERGENCY": emergency_open,
    "HEARD": hearing.heard,
}
"""One case in every state, and four that stand in between."""
