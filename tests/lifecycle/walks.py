"""One passing walk for every transition and act: from where, by whom, with which answers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from grievances import actions
from grievances.actions import Caller, Deed
from grievances.models import Case, Event
from grievances.vocabulary import State
from tests import corners, given
from tests.cast import Cast
from tests.given import START, at

DAY = START.date()
Answers = dict[str, Any]


@dataclass(frozen=True)
class Walk:
    """`make` sets the scene; `who` of the cast (or "system") takes `step` and it ends in `after`.

    `answers` are those that are known beforehand, `found` those that depend on the case.
    """

    step: str
    make: Callable[[Cast], Case]
    who: str
    after: str
    answers: Answers = field(default_factory=dict)
    found: Callable[[Cast, Case], Answers] = lambda cast, case: {}
    now: datetime = START

    def take(self, cast: Cast, case: Case, **changed: Any) -> Event:
        """Take the step; `who`, `seen` and `once` may be changed like any answer."""
        who = changed.pop("who", self.who)
        press = {name: changed.pop(name) for name in ("seen", "once") if name in changed}
        answers = {**self.answers, **self.found(cast, case), **changed}
        caller = actions.CLOCKWORK if who == "system" else cast.caller(who)
        return self.take_as(caller, case, Deed(answers=answers, **press))

    def take_as(self, caller: Caller, case: Case, deed: Deed) -> Event:
        """Take the step as this very caller."""
        return actions.perform(self.step, case_id=case.pk, caller=caller, now=self.now, deed=deed)


def person(answer: str, name: str) -> Callable[[Cast, Case], Answers]:
    """The answer that is one of the cast."""
    return lambda cast, case: {answer: cast[name]}


def _earlier(cast: Cast, case: Case) -> Answers:
    earlier = Case.unguarded.exclude(pk=case.pk).get()
    return {"into": earlier.reference}


def _first(rows: str, answer: str) -> Callable[[Cast, Case], Answers]:
    return lambda cast, case: {answer: getattr(case, rows).first().pk}


def _asked_approval(cast: Cast) -> Case:
    case = given.acknowledged(cast)
    deed = Deed(answers={"step": "redirect", "text": "Why."})
    caller = cast.caller("triage1")
    actions.perform("ask_approval", case_id=case.pk, caller=caller, now=START, deed=deed)
    return given.fresh(case)


def _vacant(cast: Cast) -> Case:
    case = given.in_investigation(cast)
    given.done(cast, case, "handler1", "recuse", START)
    return given.fresh(case)


def _offered_later(cast: Cast) -> Case:
    case = _vacant(cast)
    who = cast["handler2"]
    given.done(cast, case, "triage1", "offer_later", START, role="handler", candidate=who)
    return given.fresh(case)


def _objected(cast: Cast) -> Case:
    case = corners.offered(cast)
    offer = case.offers.get().pk
    given.done(cast, case, "complainant1", "object_to_person", START, offer=offer)
    return given.fresh(case)


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
        corners.ready_to_send,
        "complainant1",
        State.SUBMITTED,
        SEND,
        lambda cast, case: {"readers": [cast["triage1"]]},
    ),
    "T02": Walk("acknowledge", given.raised, "triage1", State.TRIAGE, {"declare": True}),
    "T03": Walk(
        "reroute",
        given.raised,
        "lead1",
        State.SUBMITTED,
        {"reason": "CONFLICT"},
        person("person", "triage1"),
    ),
    "T04": Walk("agree_formal", corners.ready_for_route, "triage1", State.ALLOCATION),
    "T05": Walk(
        "agree_informal",
        lambda cast: given.acknowledged(cast, way="informal"),
        "triage1",
        State.INFORMAL,
    ),
    "T06": Walk(
        "begin_mediation",
        corners.consented,
        "triage1",
        State.MEDIATION,
        found=person("mediator", "mediator1"),
    ),
    "T07": Walk(
        "redirect",
        corners.redirecting,
        "triage1",
        State.CLOSED,
        {"redirect": "SAFEGUARDING", "accepted_elsewhere": True},
    ),
    "T08": Walk(
        "merge",
        lambda cast: corners.twice_raised(cast)[1],
        "triage1",
        State.CLOSED,
        found=_earlier,
    ),
    "T09": Walk("close_insufficient", corners.unanswered, "triage1", State.CLOSED, now=at(40)),
    "T10": Walk(
        "confirm_resolved", given.informal, "complainant1", State.CLOSED, {"confirm": True}
    ),
    "T11": Walk("switch_to_formal", given.informal, "complainant1", State.ALLOCATION),
    "T12": Walk(
        "mediate_instead",
        corners.informal_consented,
        "triage1",
        State.MEDIATION,
        found=person("mediator", "mediator1"),
    ),
    "T13": Walk("settle", corners.settling, "mediator1", State.CLOSED, {"terms": "We agreed."}),
    "T14": Walk("end_mediation", corners.mediating, "mediator1", State.ALLOCATION),
    "T15": Walk(
        "offer",
        given.in_allocation,
        "triage1",
        State.ALLOCATION,
        {"role": "handler"},
        person("candidate", "handler1"),
    ),
    "T16": Walk("decline", corners.offered, "handler1", State.ALLOCATION),
    "T17": Walk(
        "begin_investigation", given.accepted, "handler1", State.INVESTIGATION, {"declare": True}
    ),
    "T18": Walk(
        "record_meeting",
        given.in_investigation,
        "handler1",
        State.INVESTIGATION,
        {"held_on": DAY, "companion_asked": True},
    ),
    "T19": Walk("submit_report", corners.heard, "handler1", State.DECISION, REPORT),
    "T20": Walk(
        "return_for_enquiries",
        given.in_decision,
        "decider1",
        State.INVESTIGATION,
        {"enquiries": "Who else was there?"},
    ),
    "T21": Walk("decide", given.in_decision, "decider1", State.OUTCOME, DECISION),
    "T22": Walk(
        "appeal",
        given.decided,
        "complainant1",
        State.APPEAL_ALLOCATION,
        {"grounds": "Unfair."},
    ),
    "T23": Walk("accept_outcome", given.decided, "complainant1", State.CLOSED),
    "T24": Walk(
        "begin_appeal", corners.appeal_accepted, "appeal1", State.APPEAL, {"declare": True}
    ),
    "T25": Walk(
        "decide_appeal",
        given.in_appeal,
        "appeal1",
        State.CLOSED,
        {"reasons": "Why.", "companion_asked": True, "outcome": "appeal_upheld"},
    ),
    "T26": Walk("remit", given.in_appeal, "appeal1", State.ALLOCATION, {"reasons": "Why."}),
    "T27": Walk("hold", given.in_investigation, "handler1", State.ON_HOLD, HOLD),
    "T28": Walk("resume", given.held, "handler1", State.INVESTIGATION),
    "T29": Walk("renew_hold", given.held, "lead1", State.ON_HOLD, RENEWAL),
    "T30": Walk(
        "ask_to_withdraw",
        given.in_investigation,
        "complainant1",
        State.WITHDRAWAL_PENDING,
        {"pressure": "no"},
    ),
    "T31": Walk("stay", given.withdrawing, "complainant1", State.TRIAGE),
    "T32": Walk("close_withdrawn", given.withdrawing, "triage1", State.CLOSED, now=at(10)),
    "T33": Walk(
        "reopen", corners.reopening, "lead1", State.TRIAGE, {"reason": "RETALIATION"}, now=at(40)
    ),
    "T34": Walk(
        "change_handler",
        given.in_investigation,
        "lead1",
        State.ALLOCATION,
        {"reason": "ABSENCE"},
    ),
    "T35": Walk(
        "extend",
        given.acknowledged,
        "lead1",
        State.TRIAGE,
        {"clock": "TRIAGE", "days": 2, "explanation": "We need longer."},
    ),
    "T36": Walk("archive", corners.aftercare_done, "system", State.ARCHIVED, now=at(400)),
    "T37": Walk("erase", corners.erasable, "dpo1", State.ARCHIVED, now=at(600)),
    "T38": Walk("delete_draft", corners.drafted, "complainant1", State.DRAFT),
}

ACTS: dict[str, Walk] = {
    "N01": Walk("message", given.acknowledged, "triage1", State.TRIAGE, {"text": "Hello."}),
    "N02": Walk("ask_informal", given.acknowledged, "complainant1", State.TRIAGE),
    "N03": Walk("share_name", given.accepted, "complainant1", State.ALLOCATION, {"share": "yes"}),
    "N04": Walk(
        "exclude",
        given.acknowledged,
        "complainant1",
        State.TRIAGE,
        {"people": "staff2"},
        lambda cast, case: {"matched": [cast["staff2"]]},
    ),
    "N05": Walk(
        "object_to_person",
        corners.offered,
        "complainant1",
        State.ALLOCATION,
        found=_first("offers", "offer"),
    ),
    "N06": Walk(
        "answer_objection",
        _objected,
        "lead1",
        State.ALLOCATION,
        {"answer": "yes"},
        _first("offers", "offer"),
    ),
    "N07": Walk("extend_informal", given.informal, "complainant1", State.INFORMAL, {"days": 5}),
    "N08": Walk("say_stalled", given.acknowledged, "complainant1", State.TRIAGE),
    "N09": Walk("answer_check_in", given.closed, "complainant1", State.CLOSED, {"worse": "no"}),
    "N10": Walk(
        "ask_to_reopen", given.closed, "complainant1", State.CLOSED, {"reason": "RETALIATION"}
    ),
    "N20": Walk("check_safety", given.acknowledged, "triage1", State.TRIAGE, {"flags": ["THREAT"]}),
    "N21": Walk("ask_exclusions", given.acknowledged, "triage1", State.TRIAGE),
    "N22": Walk("ask_question", given.acknowledged, "triage1", State.TRIAGE, {"text": "When?"}),
    "N23": Walk(
        "name_respondent",
        given.acknowledged,
        "triage1",
        State.TRIAGE,
        found=person("person", "staff1"),
    ),
    "N24": Walk("ask_consent", given.acknowledged, "triage1", State.TRIAGE, {"what": "mediation"}),
    "N25": Walk(
        "ask_approval",
        given.acknowledged,
        "triage1",
        State.TRIAGE,
        {"step": "redirect", "text": "Why."},
    ),
    "N26": Walk(
        "answer_approval",
        _asked_approval,
        "lead1",
        State.TRIAGE,
        {"answer": "yes", "text": "Yes."},
        _first("approvals", "approval"),
    ),
    "N27": Walk(
        "check_voluntary",
        given.withdrawing,
        "triage1",
        State.WITHDRAWAL_PENDING,
        {"reached": "yes", "pressure": "no"},
    ),
    "N30": Walk("accept", corners.offered, "handler1", State.ALLOCATION, {"declare": True}),
    "N31": Walk("decline_later", corners.appeal_offered, "appeal1", State.APPEAL_ALLOCATION),
    "N32": Walk(
        "offer_later",
        given.appealed,
        "triage1",
        State.APPEAL_ALLOCATION,
        {"role": "appeal"},
        person("candidate", "appeal1"),
    ),
    "N33": Walk("recuse", given.in_investigation, "handler1", State.INVESTIGATION),
    "N40": Walk(
        "send_update", given.in_investigation, "handler1", State.INVESTIGATION, {"text": "U"}
    ),
    "N41": Walk(
        "record_respondent",
        given.in_investigation,
        "handler1",
        State.INVESTIGATION,
        {"asked_on": DAY},
    ),
    "N42": Walk("add_allegation", given.acknowledged, "triage1", State.TRIAGE, {"text": "And."}),
    "N44": Walk(
        "write_mediation_note", corners.mediating, "mediator1", State.MEDIATION, {"text": "N."}
    ),
    "N45": Walk(
        "finish_action",
        given.decided,
        "decider1",
        State.OUTCOME,
        found=_first("actions", "action"),
    ),
}
"""N43 takes a file, and is tested with the evidence."""

WALKS = {**TRANSITIONS, **ACTS}
REPLACEMENT = Walk("accept", _offered_later, "handler2", State.INVESTIGATION, {"declare": True})
"""A vacant part is filled again without leaving the investigation."""
