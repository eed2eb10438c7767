"""One passing walk for every act that keeps the state."""

from __future__ import annotations

from datetime import date

from grievances.cases.models.case import Case
from grievances.vocabulary import State
from tests.cases.room_scenarios import ROOM
from tests.cases.same_state_starts import (
    INTERPRETER,
    asked_approval,
    first,
    interpreter,
    invited,
    objected,
    offered_later,
    someone_new,
    with_a_newer_policy,
    with_something_late,
)
from tests.cases.scenarios import DAY, TRANSITIONS, Walk, person
from tests.factories import cases, edge_cases
from tests.factories.cases import START
from tests.participants import hearing

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
    "N87": Walk("share_files", invited, "complainant1", State.TRIAGE),
    "N86": Walk("end_companion", invited, "complainant1", State.TRIAGE),
    "N90": Walk(
        "propose_interpreter",
        cases.in_investigation,
        "handler1",
        State.INVESTIGATION,
        INTERPRETER,
    ),
    "N91": Walk(
        "answer_interpreter",
        interpreter(),
        "complainant1",
        State.INVESTIGATION,
        {"answer": "yes"},
    ),
    "N92": Walk(
        "confirm_interpreter",
        interpreter("yes"),
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
    "N128": Walk(
        "ask_new_key",
        edge_cases.told_by_key,
        "triage1",
        State.TRIAGE,
        {"confirm": True, "text": "We met."},
    ),
    "N129": Walk(
        "agree_new_key",
        edge_cases.key_asked_for,
        "lead1",
        State.TRIAGE,
        {"confirm": True, "half": edge_cases.FIRST_HALF},
    ),
    "N130": Walk(
        "give_new_key",
        edge_cases.key_agreed_to,
        "triage1",
        State.TRIAGE,
        {"half": edge_cases.SECOND_HALF},
        now=cases.at(8),
    ),
    "N131": Walk(
        "refuse_new_key", edge_cases.key_asked_for, "lead1", State.TRIAGE, {"confirm": True}
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
        found=first("offers", "offer"),
    ),
    "N06": Walk(
        "answer_objection",
        objected,
        "lead1",
        State.ALLOCATION,
        {"answer": "yes"},
        first("offers", "offer"),
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
        asked_approval,
        "lead1",
        State.TRIAGE,
        {"answer": "yes", "text": "Yes."},
        first("approvals", "approval"),
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
        someone_new,
        "complainant1",
        State.TRIAGE,
        {"answer": "fine"},
        first("pending_readers", "reader"),
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
        found=first("actions", "action"),
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
        with_a_newer_policy,
        "lead1",
        State.TRIAGE,
        {"version": 4, "explanation": "The new policy gives us more time."},
    ),
    "N64": Walk(
        "explain_delay",
        with_something_late,
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
        first("approvals", "approval"),
    ),
    "N77": Walk("set_legal_hold", edge_cases.holdable, "dpo1", State.CLOSED),
    "N78": Walk("lift_legal_hold", edge_cases.held_by_law, "dpo1", State.CLOSED),
    **HEARING,
}
"""N43, N61 and N62 are about a file, N52 about a case key: tested with evidence and anonymity."""
ACTS |= ROOM
WALKS = {**TRANSITIONS, **ACTS}
REPLACEMENT = Walk("accept", offered_later, "handler2", State.INVESTIGATION, {"declare": True})
"""A vacant part is filled again without leaving the investigation."""
