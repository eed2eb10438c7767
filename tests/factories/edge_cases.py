"""The states that are seldom, and the small things that lead to them."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from grievances.cases.actions.actor import SYSTEM_ACTOR, Caller
from grievances.cases.actions.perform import StepInput, perform
from grievances.cases.models.case import Case
from grievances.cases.models.parties import ending_pseudonym, party_pseudonym
from grievances.choices import RaisedFor
from grievances.deadlines.sweep import run_clocks
from grievances.intake import drafts, submission
from grievances.intake.submission import Sent
from grievances.participants import consents
from grievances.people.models import LineManagement, User
from grievances.policy.profiles import POLICIES
from grievances.policy_changes.loading import load_profile
from grievances.vocabulary import Identity, Standing, State
from tests.factories import cases
from tests.factories.cases import ACCOUNT, START, acknowledged, at, done, fresh, informal
from tests.factories.people import SINCE, Staff
from tests.participants import hearing


def drafted(staff: Staff, now: datetime = START) -> Case:
    """A concern that no one but its writer has seen."""
    return drafts.open_draft(staff["complainant1"], staff.caller("complainant1"), now=now)


def ready_to_send(staff: Staff) -> Case:
    """A draft whose choices are made; only the sending is left."""
    case = drafted(staff)
    Case.unguarded.filter(pk=case.pk).update(identity="CONFIDENTIAL", name_shared=True)
    return fresh(case)


def ready_for_route(staff: Staff) -> Case:
    """In triage, with everything asked that must be asked."""
    case = acknowledged(staff)
    done(staff, case, "triage1", "check_safety", START, flags=[])
    done(staff, case, "triage1", "ask_exclusions", START)
    return fresh(case)


def unconfirmed(staff: Staff) -> Case:
    """In triage, told by another person, and not confirmed by the one it happened to."""
    case = acknowledged(staff)
    Case.unguarded.filter(pk=case.pk).update(raised_for=RaisedFor.ASKED)
    return fresh(case)


KEY_ENDING = "7w3z"
FIRST_HALF, SECOND_HALF = "1111-2222", "3333-4444"


def told_by_key(staff: Staff) -> Case:
    """In triage, told by another person, with a case key for the one it happened to."""
    case = unconfirmed(staff)
    ending = ending_pseudonym(case.pk, KEY_ENDING)
    case.parties.filter(standing=Standing.COMPLAINANT).update(key_ending=ending)
    Case.unguarded.filter(pk=case.pk).update(identity=Identity.ANONYMOUS)
    return fresh(case)


def key_asked_for(staff: Staff) -> Case:
    """In triage; the triage officer asked for a new case key for the person."""
    case = told_by_key(staff)
    done(staff, case, "triage1", "ask_new_key", START, confirm=True, text="We met.")
    return fresh(case)


def key_agreed_to(staff: Staff) -> Case:
    """In triage; the casework lead agreed to a new case key, and gave the first half."""
    case = key_asked_for(staff)
    done(staff, case, "lead1", "agree_new_key", START, confirm=True, half=FIRST_HALF)
    return fresh(case)


def agree(staff: Staff, case: Case, what: str) -> None:
    """Both people say yes to what they are asked, each for themselves; the complainant first."""
    for standing in (Standing.COMPLAINANT, Standing.RESPONDENT):
        for question in case.consents.filter(what=what, standing=standing, agreed__isnull=True):
            name = next(
                name
                for name, person in staff.people.items()
                if party_pseudonym(case.pk, standing, person.pk) == question.handle
            )
            consents.answer_question(staff.caller(name), question.token, "yes", now=START)


def consented(staff: Staff) -> Case:
    """In triage, with two people who agree to mediation."""
    case = acknowledged(staff)
    done(staff, case, "triage1", "ask_consent", START, what="mediation")
    agree(staff, case, "mediation")
    return fresh(case)


def informal_consented(staff: Staff) -> Case:
    """Informal, with two people who agree to mediation."""
    case = informal(staff)
    done(staff, case, "triage1", "ask_consent", START, what="mediation")
    agree(staff, case, "mediation")
    return fresh(case)


def mediating(staff: Staff) -> Case:
    """In mediation, the mediator welcome at once."""
    case = announced_mediator(staff)
    row = case.pending_readers.get()
    done(staff, case, "complainant1", "answer_reader", START, reader=row.pk, answer="fine")
    return fresh(case)


def announced_mediator(staff: Staff) -> Case:
    """In mediation, and the complainant has just been told who will mediate."""
    case = consented(staff)
    done(staff, case, "triage1", "begin_mediation", START, mediator=staff["mediator1"])
    return fresh(case)


def settling(staff: Staff) -> Case:
    """In mediation, with two people who confirm the agreement."""
    case = mediating(staff)
    done(staff, case, "mediator1", "ask_consent", START, what="settlement")
    agree(staff, case, "settlement")
    return fresh(case)


def offered(staff: Staff) -> Case:
    """In allocation, with the handler's part offered and not yet answered."""
    case = cases.in_allocation(staff)
    done(staff, case, "triage1", "offer", START, role="handler", candidate=staff["handler1"])
    return fresh(case)


def heard(staff: Staff) -> Case:
    """In investigation, with both people heard."""
    case = cases.in_investigation(staff)
    day = START.date()
    done(staff, case, "handler1", "record_meeting", START, held_on=day, companion_asked=True)
    done(staff, case, "handler1", "record_respondent", START, asked_on=day)
    return fresh(case)


def appeal_offered(staff: Staff) -> Case:
    """The appeal manager's part is offered and not yet answered."""
    case = cases.appealed(staff)
    who = staff["appeal1"]
    done(staff, case, "triage1", "offer_later", START, role="appeal", candidate=who)
    return fresh(case)


def appeal_accepted(staff: Staff) -> Case:
    """An appeal manager has accepted and not yet begun."""
    case = appeal_offered(staff)
    done(staff, case, "appeal1", "accept", START, declare=True)
    return fresh(case)


def approve(staff: Staff, case: Case, who: str, step: str, now: datetime = START) -> Case:
    """Someone asks the casework lead for approval of a step, and gets it."""
    asked = StepInput(answers={"step": step, "text": "Because."})
    perform("ask_approval", case_id=case.pk, caller=staff.caller(who), now=now, step_input=asked)
    row = case.approvals.get(step=step, answered_at__isnull=True)
    answers = {"approval": row.pk, "answer": "yes", "text": "Agreed."}
    done(staff, case, "lead1", "answer_approval", now, **answers)
    return fresh(case)


def emergency_asked(staff: Staff, now: datetime = START) -> Case:
    """Under investigation, and the data-protection officer asks to open it in an emergency."""
    case = cases.in_investigation(staff)
    done(staff, case, "dpo1", "ask_break_glass", now, why="DANGER", text="A threat was made.")
    return fresh(case)


def emergency_open(staff: Staff, now: datetime = START) -> Case:
    """Opened to the data-protection officer by two, for a day from now."""
    case = emergency_asked(staff, now)
    done(staff, case, "lead1", "agree_break_glass", now, read=True)
    return fresh(case)


def redirecting(staff: Staff) -> Case:
    """In triage, with the lead's approval to pass the concern on."""
    return approve(staff, acknowledged(staff), "triage1", "redirect")


def twice_raised(staff: Staff) -> tuple[Case, Case]:
    """(the earlier, the later) of two concerns of one person, both in triage."""
    return acknowledged(staff), acknowledged(staff)


def to_be_joined(staff: Staff) -> Case:
    """A second concern, in triage, of someone whose first one is under investigation."""
    cases.in_investigation(staff)
    return acknowledged(staff)


def anonymous(staff: Staff, now: datetime = START) -> tuple[Case, Caller]:
    """An anonymous concern just sent, and its sender come back with the case key."""
    answers = {**ACCOUNT, "region": "NORTH"}
    readers = [person.pk for person in submission.preview_anonymous(answers, now=now)]
    sent = submission.submit_anonymous(answers, expected=readers, now=now)
    case, caller = submission.find_by_case_key(sent.case_key)
    return fresh(case), caller


def unanswered(staff: Staff) -> Case:
    """An anonymous concern in triage whose sender left two questions unanswered for weeks."""
    case, _ = anonymous(staff)
    done(staff, case, "triage1", "acknowledge", START, declare=True)
    for day in (1, 2):
        done(staff, case, "triage1", "ask_question", at(day), text="When was it?")
    return approve(staff, case, "triage1", "close_insufficient", at(30))


def reopening(staff: Staff) -> Case:
    """Closed, and the complainant asks for it to be reopened."""
    case = cases.closed(staff)
    done(staff, case, "complainant1", "ask_to_reopen", at(30), reason="RETALIATION")
    return fresh(case)


def aftercare_done(staff: Staff) -> Case:
    """Closed for more than a year, all check-ins asked, and not yet archived."""
    case = cases.closed(staff)
    run_clocks(at(300))
    return fresh(case)


def archived(staff: Staff) -> Case:
    """Archived by the clock, a year after closing."""
    case = cases.closed(staff)
    run_clocks(at(300))
    run_clocks(at(400))
    return fresh(case)


def erasable(staff: Staff) -> Case:
    """Archived for so long that it may be erased, and the lead agrees."""
    case = archived(staff)
    case.deadlines.filter(name="RETENTION").update(current_due=at(500).date())
    return agree_keeping(staff, case, "erase", "TIME_OVER", at(600))


def ask_keeping(staff: Staff, case: Case, step: str, reason: str, now: datetime) -> Case:
    """The data-protection officer asks for a second yes."""
    step_input = StepInput(answers={"step": step, "reason": reason})
    caller = staff.caller("dpo1")
    perform("ask_keeping", case_id=case.pk, caller=caller, now=now, step_input=step_input)
    return fresh(case)


def agree_keeping(staff: Staff, case: Case, step: str, reason: str, now: datetime) -> Case:
    """The data-protection officer asks, and the casework lead says yes."""
    ask_keeping(staff, case, step, reason, now)
    row = case.approvals.get(step=step, answered_at__isnull=True)
    done(staff, case, "lead1", "answer_keeping", now, approval=row.pk, answer="yes")
    return fresh(case)


def holdable(staff: Staff) -> Case:
    """Closed, and two people agree that a legal hold is needed."""
    return agree_keeping(staff, cases.closed(staff), "set_legal_hold", "TRIBUNAL", START)


def held_by_law(staff: Staff) -> Case:
    """Under a legal hold, and two people agree that it is no longer needed."""
    case = holdable(staff)
    done(staff, case, "dpo1", "set_legal_hold", START)
    return agree_keeping(staff, fresh(case), "lift_legal_hold", "NOT_NEEDED", START)


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
    "ANONYMOUS": lambda staff: anonymous(staff)[0],
    "OFFERED": offered,
    "APPEAL_OFFERED": appeal_offered,
    "EMERGENCY": emergency_open,
    "HEARD": hearing.heard,
}
"""One case in every state, and four in between."""


def sent_with_a_close_name(staff: Staff, typed: str = "Priya Mennon") -> Sent:
    """An anonymous concern; staff1, Priya Menon, and their manager are kept out."""
    User.objects.filter(pk=staff["staff1"].pk).update(name="Priya Menon")
    LineManagement.objects.create(person=staff["staff1"], manager=staff["triage2"], from_date=SINCE)
    answers = {**ACCOUNT, "about": typed, "region": "NORTH"}
    readers = submission.preview_anonymous(answers, now=START)
    sent = submission.submit_anonymous(
        answers, expected=[person.pk for person in readers], now=START
    )
    done(staff, sent.case, "triage1", "acknowledge", START, declare=True)
    return sent


def with_a_close_name(staff: Staff, typed: str = "Priya Mennon") -> Case:
    """The case of such a concern."""
    return fresh(sent_with_a_close_name(staff, typed).case)


def undecided_on_sharing(staff: Staff) -> Case:
    """In triage, and the complainant has not said whether their name may be shared."""
    return acknowledged(staff, share="later")
