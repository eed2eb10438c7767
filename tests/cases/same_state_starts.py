"""Cases from which an act that keeps the state can be performed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from grievances.cases.actions.perform import StepInput, perform
from grievances.cases.models.case import Case
from tests.cases.scenarios import Answers
from tests.factories import cases, edge_cases
from tests.factories.cases import START
from tests.factories.people import Staff
from tests.participants import hearing


def first(rows: str, answer: str) -> Callable[[Staff, Case], Answers]:
    return lambda staff, case: {answer: getattr(case, rows).first().pk}


def asked_approval(staff: Staff) -> Case:
    case = cases.acknowledged(staff)
    step_input = StepInput(answers={"step": "redirect", "text": "Why."})
    caller = staff.caller("triage1")
    perform("ask_approval", case_id=case.pk, caller=caller, now=START, step_input=step_input)
    return cases.fresh(case)


def vacant(staff: Staff) -> Case:
    case = cases.in_investigation(staff)
    cases.done(staff, case, "handler1", "recuse", START)
    return cases.fresh(case)


def offered_later(staff: Staff) -> Case:
    case = vacant(staff)
    who = staff["handler2"]
    cases.done(staff, case, "triage1", "offer_later", START, role="handler", candidate=who)
    return cases.fresh(case)


def objected(staff: Staff) -> Case:
    case = edge_cases.offered(staff)
    offer = case.offers.get().pk
    cases.done(staff, case, "complainant1", "object_to_person", START, offer=offer)
    return cases.fresh(case)


def someone_new(staff: Staff) -> Case:
    case = cases.acknowledged(staff)
    cases.done(staff, case, "triage1", "recuse", START)
    return cases.fresh(case)


def with_something_late(staff: Staff) -> Case:
    case = cases.acknowledged(staff)
    case.deadlines.filter(name="TRIAGE").update(current_due=date(2026, 11, 20))
    return case


def with_a_newer_policy(staff: Staff) -> Case:
    case = cases.acknowledged(staff)
    edge_cases.newer_policy(START, ACK=9, TRIAGE=9)
    return case


def invited(staff: Staff) -> Case:
    case = cases.acknowledged(staff)
    hearing.invite(staff, case)
    return cases.fresh(case)


def interpreter(answer: str = "") -> Callable[[Staff], Case]:
    def make(staff: Staff) -> Case:
        case = cases.in_investigation(staff)
        cases.done(staff, case, "handler1", "propose_interpreter", START, **INTERPRETER)
        if answer:
            cases.done(staff, case, "complainant1", "answer_interpreter", START, answer=answer)
        return cases.fresh(case)

    return make


INTERPRETER = {"text": "A. Person, BSL", "meeting_on": hearing.DUE, "independent": True}
