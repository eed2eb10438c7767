"""One passing walk for every transition and act: from where, by whom, with which answers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from grievances.audit.models import Event
from grievances.cases.actions.actor import SYSTEM_ACTOR, Caller
from grievances.cases.actions.perform import StepInput, perform
from grievances.cases.models.case import Case
from grievances.vocabulary import State
from tests.factories import cases, edge_cases
from tests.factories.cases import START, at
from tests.factories.people import Staff

DAY = START.date()
Answers = dict[str, Any]


@dataclass(frozen=True)
class Walk:
    """`make` sets the scene; `who` of the staff (or "system") takes `step` and it ends in `after`.

    `answers` are those that are known beforehand, `found` those that depend on the case.
    """

    step: str
    make: Callable[[Staff], Case]
    who: str
    after: str
    answers: Answers = field(default_factory=dict)
    found: Callable[[Staff, Case], Answers] = lambda staff, case: {}
    now: datetime = START

    def take(self, staff: Staff, case: Case, **changed: Any) -> Event:
        """Take the step; `who`, `seen` and `once` may be changed like any answer."""
        who = changed.pop("who", self.who)
        press = {name: changed.pop(name) for name in ("seen", "once") if name in changed}
        answers = {**self.answers, **self.found(staff, case), **changed}
        caller = SYSTEM_ACTOR if who == "system" else staff.caller(who)
        return self.take_as(caller, case, StepInput(answers=answers, **press))

    def take_as(self, caller: Caller, case: Case, step_input: StepInput) -> Event:
        """Take the step as this very caller."""
        return perform(
            self.step, case_id=case.pk, caller=caller, now=self.now, step_input=step_input
        )


def person(answer: str, name: str) -> Callable[[Staff, Case], Answers]:
    """The answer that is one of the staff."""
    return lambda staff, case: {answer: staff[name]}


def _earlier(staff: Staff, case: Case) -> Answers:
    earlier = Case.unguarded.exclude(pk=case.pk).get()
    return {"into": earlier.reference}


REPORT = {"covered": ["1"], "evidence_complete": True, "report": "What I found out."}
DECISION: Answers = {
    "findings": {"1": "UPHELD"},
    "reasons": "Why.",
    "letter": "Our decision and why.",
    "appeal_rights": True,
    "action": "Training",
    "action_owner": "HR",
    "action_due": date(2027, 1, 4),
}
HOLD = {"reason": "C_LEAVE", "explanation": "You are away.", "review_on": DAY + timedelta(days=9)}
RENEWAL = {**HOLD, "complainant_view": "Agrees."}
SEND = {"has_account": True, "contact": "PORTAL"}

TRANSITIONS: dict[str, Walk] = {
    "T01": Walk(
        "submit",
        edge_cases.ready_to_send,
        "complainant1",
        State.SUBMITTED,
        SEND,
        lambda staff, case: {"readers": [staff["triage1"]]},
    ),
    "T02": Walk("acknowledge", cases.raised, "triage1", State.TRIAGE, {"declare": True}),
    "T03": Walk(
        "reroute",
        cases.raised,
        "lead1",
        State.SUBMITTED,
        {"reason": "CONFLICT"},
        person("person", "triage1"),
    ),
    "T04": Walk("agree_formal", edge_cases.ready_for_route, "triage1", State.ALLOCATION),
    "T05": Walk(
        "agree_informal",
        lambda staff: cases.acknowledged(staff, way="informal"),
        "triage1",
        State.INFORMAL,
    ),
    "T06": Walk(
        "begin_mediation",
        edge_cases.consented,
        "triage1",
        State.MEDIATION,
        found=person("mediator", "mediator1"),
    ),
    "T07": Walk(
        "redirect",
        edge_cases.redirecting,
        "triage1",
        State.CLOSED,
        {"redirect": "SAFEGUARDING", "accepted_elsewhere": True},
    ),
    "T08": Walk(
        "merge",
        lambda staff: edge_cases.twice_raised(staff)[1],
        "triage1",
        State.CLOSED,
        found=_earlier,
    ),
    "T09": Walk("close_insufficient", edge_cases.unanswered, "triage1", State.CLOSED, now=at(38)),
    "T10": Walk(
        "confirm_resolved", cases.informal, "complainant1", State.CLOSED, {"confirm": True}
    ),
    "T11": Walk("switch_to_formal", cases.informal, "complainant1", State.ALLOCATION),
    "T12": Walk(
        "mediate_instead",
        edge_cases.informal_consented,
        "triage1",
        State.MEDIATION,
        found=person("mediator", "mediator1"),
    ),
    "T13": Walk("settle", edge_cases.settling, "mediator1", State.CLOSED, {"terms": "We agreed."}),
    "T14": Walk("end_mediation", edge_cases.mediating, "mediator1", State.ALLOCATION),
    "T15": Walk(
        "offer",
        cases.in_allocation,
        "triage1",
        State.ALLOCATION,
        {"role": "handler"},
        person("candidate", "handler1"),
    ),
    "T16": Walk("decline", edge_cases.offered, "handler1", State.ALLOCATION),
    "T17": Walk(
        "begin_investigation", cases.accepted, "handler1", State.INVESTIGATION, {"declare": True}
    ),
    "T18": Walk(
        "record_meeting",
        cases.in_investigation,
        "handler1",
        State.INVESTIGATION,
        {"held_on": DAY, "companion_asked": True},
    ),
    "T19": Walk("submit_report", edge_cases.heard, "handler1", State.DECISION, REPORT),
    "T20": Walk(
        "return_for_enquiries",
        cases.in_decision,
        "decider1",
        State.INVESTIGATION,
        {"enquiries": "Who else was there?"},
    ),
    "T21": Walk("decide", cases.in_decision, "decider1", State.OUTCOME, DECISION),
    "T22": Walk(
        "appeal",
        cases.decided,
        "complainant1",
        State.APPEAL_ALLOCATION,
        {"grounds": "Unfair."},
    ),
    "T23": Walk("accept_outcome", cases.decided, "complainant1", State.CLOSED),
    "T24": Walk(
        "begin_appeal", edge_cases.appeal_accepted, "appeal1", State.APPEAL, {"declare": True}
    ),
    "T25": Walk(
        "decide_appeal",
        cases.appeal_heard,
        "appeal1",
        State.CLOSED,
        {
            "reasons": "Why.",
            "outcome": "appeal_upheld",
            "findings": {"1": "PARTLY"},
        },
    ),
    "T26": Walk("remit", cases.appeal_heard, "appeal1", State.ALLOCATION, {"reasons": "Why."}),
    "T27": Walk("hold", cases.in_investigation, "handler1", State.ON_HOLD, HOLD),
    "T28": Walk("resume", cases.held, "handler1", State.INVESTIGATION),
    "T29": Walk("renew_hold", cases.held, "lead1", State.ON_HOLD, RENEWAL),
    "T30": Walk(
        "ask_to_withdraw",
        cases.in_investigation,
        "complainant1",
        State.WITHDRAWAL_PENDING,
        {"pressure": "no"},
    ),
    "T31": Walk("stay", cases.withdrawing, "complainant1", State.TRIAGE),
    "T32": Walk("close_withdrawn", cases.withdrawing, "triage1", State.CLOSED, now=at(10)),
    "T33": Walk(
        "reopen", edge_cases.reopening, "lead1", State.TRIAGE, {"reason": "RETALIATION"}, now=at(40)
    ),
    "T34": Walk(
        "change_handler",
        cases.in_investigation,
        "lead1",
        State.ALLOCATION,
        {"reason": "ABSENCE"},
    ),
    "T35": Walk(
        "extend",
        cases.acknowledged,
        "lead1",
        State.TRIAGE,
        {"clock": "TRIAGE", "days": 2, "explanation": "We need longer."},
    ),
    "T36": Walk("archive", edge_cases.aftercare_done, "system", State.ARCHIVED, now=at(400)),
    "T37": Walk("erase", edge_cases.erasable, "dpo1", State.ARCHIVED, now=at(600)),
    "T38": Walk("delete_draft", edge_cases.drafted, "complainant1", State.DRAFT),
}
