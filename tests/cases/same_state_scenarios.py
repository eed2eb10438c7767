"""One passing walk for every act that keeps the state."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from grievances.cases.actions.perform import StepInput, perform
from grievances.cases.models.case import Case
from grievances.vocabulary import State
from tests.cases.room_scenarios import ROOM
from tests.cases.scenarios import DAY, TRANSITIONS, Answers, Walk, person
from tests.factories import cases, edge_cases
from tests.factories.cases import START
from tests.factories.people import Staff
from tests.participants import hearing


def _first(rows: str, answer: str) -> Callable[[Staff, Case], Answers]:
    return lambda staff, case: {answer: getattr(case, rows).first().pk}


def _asked_approval(staff: Staff) -> Case:
    case = cases.acknowledged(staff)
    step_input = StepInput(answers={"step": "redirect", "text": "Why."})
    caller = staff.caller("triage1")
    perform("ask_approval", case_id=case.pk, caller=caller, now=START, step_input=step_input)
    return cases.fresh(case)


def _vacant(staff: Staff) -> Case:
    case = cases.in_investigation(staff)
    cases.done(staff, case, "handler1", "recuse", START)
    return cases.fresh(case)


def _offered_later(staff: Staff) -> Case:
    case = _vacant(staff)
    who = staff["handler2"]
    cases.done(staff, case, "triage1", "offer_later", START, role="handler", candidate=who)
    return cases.fresh(case)


def _objected(staff: Staff) -> Case:
    case = edge_cases.offered(staff)
    offer = case.offers.get().pk
    cases.done(staff, case, "complainant1", "object_to_person", START, offer=offer)
    return cases.fresh(case)


def _somebody_new(staff: Staff) -> Case:
    case = cases.acknowledged(staff)
    cases.done(staff, case, "triage1", "recuse", START)
    return cases.fresh(case)


def _with_something_late(staff: Staff) -> Case:
    case = cases.acknowledged(staff)
    case.deadlines.filter(name="TRIAGE").update(current_due=date(2026, 11, 20))
    return case


def _with_a_newer_policy(staff: Staff) -> Case:
    case = cases.acknowledged(staff)
    edge_cases.newer_policy(START, ACK=9, TRIAGE=9)
    return case


def _invited(staff: Staff) -> Case:
    case = cases.acknowledged(staff)
    hearing.invite(staff, case)
    return cases.fresh(case)


def _interpreter(answer: str = "") -> Callable[[Staff], Case]:
    def make(staff: Staff) -> Case:
        case = cases.in_investigation(staff)
        cases.done(staff, case, "handler1", "propose_interpreter", START, **INTERPRETER)
        if answer:
            cases.done(staff, case, "complainant1", "answer_interpreter", START, answer=answer)
        return cases.fresh(case)

    return make


INTERPRETER = {"text": "A. Person, BSL", "meeting_on": hearing.DUE, "independent": True}
PUT = {"text": "What do you say?", "due_on": hearing.DUE, "checked": True}
HEARING: dict[str, Walk] = {
    "N80": Walk(
        "put_to_respondent",
        cases.in_investigation,
        "handler1",
        State.INVESTIGATION,
        PUT,
        person("person", "respondent1"),
    ),
    "N81": Walk(
        "ask_witness",
        cases.in_investigation,
        "handler1",
        State.INVESTIGATION,
        PUT,
        person("person", "staff1"),
    ),
    "N82": Walk(
        "tell_respondent",
        hearing.decided_after,
        "decider1",
        State.OUTCOME,
        {"text": "Not upheld.", "checked": True},
        person("person", "respondent1"),
        now=cases.at(3),
    ),
    "N85": Walk(
        "invite_companion",
        cases.acknowledged,
        "complainant1",
        State.TRIAGE,
        {"person": "Kim", "shares": ["ACCOUNT"], "secret": "0123456789abcdefghjkmnpq"},
    ),
    "N54": Walk(
        "announce_joining",
        edge_cases.to_be_joined,
        "triage1",
        State.TRIAGE,
        found=lambda staff, case: {"into": Case.unguarded.exclude(pk=case.pk).get().reference},
    ),
    "N87": Walk("share_files", _invited, "complainant1", State.TRIAGE),
    "N86": Walk("end_companion", _invited, "complainant1", State.TRIAGE),
    "N90": Walk(
        "propose_interpreter",
        cases.in_investigation,
        "handler1",
        State.INVESTIGATION,
        INTERPRETER,
    ),
    "N91": Walk(
        "answer_interpreter",
        _interpreter(),
        "complainant1",
        State.INVESTIGATION,
        {"answer": "yes"},
    ),
    "N92": Walk(
        "confirm_interpreter",
        _interpreter("yes"),
        "handler1",
        State.INVESTIGATION,
        {"signed": True},
    ),
}
"""The acts by which people are heard, accompanied and interpreted."""

ACTS: dict[str, Walk] = {
    "N01": Walk("message", cases.acknowledged, "triage1", State.TRIAGE, {"text": "Hello."}),
    "N02": Walk("ask_informal", cases.acknowledged, "complainant1", State.TRIAGE),
    "N95": Walk(
        "change_contact",
        cases.accepted,
        "complainant1",
        State.ALLOCATION,
        {"contact": "PHONE", "address": "07700 900982"},
    ),
    "N125": Walk(
        "say_away",
        cases.accepted,
        "complainant1",
        State.ALLOCATION,
        {"from_on": cases.at(9).date(), "until_on": cases.at(12).date()},
    ),
    "N114": Walk(
        "confirm_concern",
        edge_cases.unconfirmed,
        "complainant1",
        State.TRIAGE,
        {"confirm": True},
    ),
    "N115": Walk(
        "refuse_concern",
        edge_cases.unconfirmed,
        "complainant1",
        State.CLOSED,
        {"confirm": True},
    ),
    "N126": Walk(
        "hear_person",
        edge_cases.told_by_key,
        "triage1",
        State.TRIAGE,
        {"confirm": True, "ending": edge_cases.KEY_ENDING},
    ),
    "N03": Walk("share_name", cases.accepted, "complainant1", State.ALLOCATION, {"share": "yes"}),
    "N04": Walk(
        "exclude",
        cases.acknowledged,
        "complainant1",
        State.TRIAGE,
        {"people": "staff2"},
        lambda staff, case: {"matched": [staff["staff2"]]},
    ),
    "N05": Walk(
        "object_to_person",
        edge_cases.offered,
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
    "N07": Walk("extend_informal", cases.informal, "complainant1", State.INFORMAL, {"days": 5}),
    "N08": Walk("say_stalled", cases.acknowledged, "complainant1", State.TRIAGE),
    "N09": Walk("answer_check_in", cases.closed, "complainant1", State.CLOSED, {"worse": "no"}),
    "N10": Walk(
        "ask_to_reopen", cases.closed, "complainant1", State.CLOSED, {"reason": "RETALIATION"}
    ),
    "N20": Walk("check_safety", cases.acknowledged, "triage1", State.TRIAGE, {"flags": ["THREAT"]}),
    "N21": Walk("ask_exclusions", cases.acknowledged, "triage1", State.TRIAGE),
    "N28": Walk("ask_to_share_name", edge_cases.undecided_on_sharing, "triage1", State.TRIAGE),
    "N22": Walk("ask_question", cases.acknowledged, "triage1", State.TRIAGE, {"text": "When?"}),
    "N23": Walk(
        "name_respondent",
        cases.acknowledged,
        "triage1",
        State.TRIAGE,
        found=person("person", "staff1"),
    ),
    "N94": Walk(
        "lift_close_name",
        edge_cases.with_a_close_name,
        "triage1",
        State.TRIAGE,
        {"reason": "The concern is about a contractor."},
        found=person("person", "staff1"),
    ),
    "N24": Walk("ask_consent", cases.acknowledged, "triage1", State.TRIAGE, {"what": "mediation"}),
    "N25": Walk(
        "ask_approval",
        cases.acknowledged,
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
        cases.withdrawing,
        "triage1",
        State.WITHDRAWAL_PENDING,
        {"reached": "yes", "pressure": "no"},
    ),
    "N30": Walk("accept", edge_cases.offered, "handler1", State.ALLOCATION, {"declare": True}),
    "N31": Walk("decline_later", edge_cases.appeal_offered, "appeal1", State.APPEAL_ALLOCATION),
    "N32": Walk(
        "offer_later",
        cases.appealed,
        "triage1",
        State.APPEAL_ALLOCATION,
        {"role": "appeal"},
        person("candidate", "appeal1"),
    ),
    "N33": Walk("recuse", cases.in_investigation, "handler1", State.INVESTIGATION),
    "N51": Walk(
        "answer_reader",
        _somebody_new,
        "complainant1",
        State.TRIAGE,
        {"answer": "fine"},
        _first("pending_readers", "reader"),
    ),
    "N53": Walk(
        "use_name", cases.in_investigation, "complainant1", State.INVESTIGATION, {"confirm": True}
    ),
    "N40": Walk(
        "send_update", cases.in_investigation, "handler1", State.INVESTIGATION, {"text": "U"}
    ),
    "N41": Walk(
        "record_respondent",
        cases.in_investigation,
        "handler1",
        State.INVESTIGATION,
        {"asked_on": DAY},
    ),
    "N42": Walk("add_allegation", cases.acknowledged, "triage1", State.TRIAGE, {"text": "And."}),
    "N44": Walk(
        "write_mediation_note", edge_cases.mediating, "mediator1", State.MEDIATION, {"text": "N."}
    ),
    "N45": Walk(
        "finish_action",
        cases.decided,
        "decider1",
        State.OUTCOME,
        found=_first("actions", "action"),
    ),
    "N70": Walk(
        "ask_break_glass",
        cases.acknowledged,
        "dpo1",
        State.TRIAGE,
        {"why": "DANGER", "text": "A threat was made."},
    ),
    "N71": Walk("agree_break_glass", edge_cases.emergency_asked, "lead1", State.INVESTIGATION),
    "N72": Walk("refuse_break_glass", edge_cases.emergency_asked, "lead1", State.INVESTIGATION),
    "N73": Walk("end_break_glass", edge_cases.emergency_open, "dpo1", State.INVESTIGATION),
    "N63": Walk(
        "move_policy",
        _with_a_newer_policy,
        "lead1",
        State.TRIAGE,
        {"version": 4, "explanation": "The new policy gives us more time."},
    ),
    "N64": Walk(
        "explain_delay",
        _with_something_late,
        "lead1",
        State.TRIAGE,
        {
            "clock": "TRIAGE",
            "reason": "WORKLOAD",
            "expected_on": date(2027, 6, 1),
            "explanation": "We are sorry.",
        },
    ),
    "N75": Walk(
        "ask_keeping", cases.closed, "dpo1", State.CLOSED, {"step": "erase", "reason": "TIME_OVER"}
    ),
    "N76": Walk(
        "answer_keeping",
        lambda staff: edge_cases.ask_keeping(
            staff, cases.closed(staff), "erase", "TIME_OVER", START
        ),
        "lead1",
        State.CLOSED,
        {"answer": "yes"},
        _first("approvals", "approval"),
    ),
    "N77": Walk("set_legal_hold", edge_cases.holdable, "dpo1", State.CLOSED),
    "N78": Walk("lift_legal_hold", edge_cases.held_by_law, "dpo1", State.CLOSED),
    **HEARING,
}
"""N43, N61 and N62 are about a file, N52 about a case key: tested with evidence and anonymity."""

ACTS |= ROOM
WALKS = {**TRANSITIONS, **ACTS}
REPLACEMENT = Walk("accept", _offered_later, "handler2", State.INVESTIGATION, {"declare": True})
"""A vacant part is filled again without leaving the investigation."""
