"""What a person can do on a case: each step with how it stands, and the one to take next."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime

from grievances.cases.access.eligibility import LIVE
from grievances.cases.guards.context import Brief
from grievances.cases.models.case import Approval, Case, Offer
from grievances.cases.models.emergency import live_emergency
from grievances.cases.models.readers import still_asked
from grievances.cases.models.records import Kind
from grievances.policy import profiles
from grievances.policy.profiles import COMPLAINANT
from grievances.vocabulary import (
    HOLD_AT_COMPLAINANTS_REQUEST,
    AppealOutcome,
    Identity,
    Keep,
    Standing,
    State,
)
from grievances.web.cases.step_forms.approvals import ASKED_BY
from grievances.web.cases.step_forms.offers import OFFERED_IN
from grievances.web.cases.step_forms.registry import FORMS
from grievances.web.shared.deadlines import Promise
from workflow.calendar import Calendar, local_date
from workflow.steps import Step, first_obstacle, open_steps

NEXT = {
    "ACK": ("acknowledge",),
    "TRIAGE": ("check_safety", "ask_exclusions", "agree_formal"),
    "ALLOCATION": ("offer", "begin_investigation"),
    "OFFER": ("accept",),
    "MEETING": ("record_meeting",),
    "INVESTIGATION": (
        "record_meeting",
        "put_to_respondent",
        "record_respondent",
        "submit_report",
    ),
    "SUPPLEMENTARY": ("submit_report",),
    "UPDATE": ("send_update",),
    "DECISION": ("decide",),
    "OVERALL": (),
    "APPEAL_WINDOW": ("appeal",),
    "APPEAL_ALLOC": ("offer_later", "begin_appeal"),
    "APPEAL_MEETING": ("decide_appeal",),
    "APPEAL": ("decide_appeal",),
    "INFORMAL": ("confirm_resolved", "message"),
    "MEDIATION": ("settle",),
    "HOLD_REVIEW": ("resume", "renew_hold"),
    "WELFARE": ("check_voluntary", "close_withdrawn"),
    "COOLING_OFF": ("stay",),
}
"""Clock -> the steps that meet it, in the order they are taken."""

WAITING_FOR_ME = (
    "accept",
    "answer_check_in",
    "answer_objection",
    "answer_reader",
    "answer_approval",
    "agree_break_glass",
    "begin_investigation",
    "begin_appeal",
    "close_withdrawn",
)
"""Steps to take at once when they are possible, whatever the clocks say."""

ASIDE = frozenset(
    {
        "add_allegation",
        "add_evidence",
        "ask_witness",
        "end_companion",
        "invite_companion",
        "propose_interpreter",
        "share_files",
        "ask_approval",
        "ask_break_glass",
        "ask_consent",
        "ask_informal",
        "ask_question",
        "ask_to_reopen",
        "ask_to_withdraw",
        "change_handler",
        "check_file",
        "choose_copy",
        "close_insufficient",
        "decline",
        "decline_later",
        "exclude",
        "explain_delay",
        "extend",
        "hold",
        "merge",
        "announce_joining",
        "move_policy",
        "message",
        "name_respondent",
        "recuse",
        "redirect",
        "remit",
        "reroute",
        "return_for_enquiries",
        "say_stalled",
        "send_update",
        "use_name",
        "write_mediation_note",
    }
)
"""Steps that stand under "Other things you can do"."""

NEVER_HERE = frozenset(
    {
        "NO_NEWER_POLICY",
        "NOTHING_LATE",
        "NOT_ANONYMOUS",
        "NOT_FOR_ANONYMOUS",
        "NOT_CONFIDENTIAL",
        "COMPANION_THERE",
        "NO_COMPANION",
        "NOBODY_WAS_HEARD",
        "NO_INTERPRETER",
        "INTERPRETER_NOT_AGREED",
    }
)
"""Obstacles that waiting does not take away: such a step is not shown at all."""


@dataclass(frozen=True)
class Task:
    """One step as a line of a list; without `href` it cannot start yet, and `hint` says why."""

    step: str
    title: str
    status: str
    href: str = ""
    hint: str = ""
    colour: str = ""
    is_done: bool = False

    @property
    def is_ready(self) -> bool:
        return bool(self.href) and not self.is_done


@dataclass(frozen=True)
class Around:
    """The rows of a case that tasks ask about, fetched once."""

    offers: tuple[Offer, ...]
    approvals: tuple[Approval, ...]

    @classmethod
    def of(cls, case: Case) -> Around:
        offers = case.offers.select_related("candidate__unit").order_by("pk")
        return cls(tuple(offers), tuple(case.approvals.order_by("pk")))

    @property
    def live_roles(self) -> set[str]:
        return {offer.role for offer in self.offers if offer.status in LIVE}


def tasks_of(
    case: Case,
    allowed: Collection[str],
    role: str,
    around: Around,
    *,
    now: datetime,
    today: date,
    days: Calendar,
) -> list[Task]:
    """Every step this person may take in this state, in the order of the lifecycle."""
    approved = {a.step for a in around.approvals if a.agreed and a.used_at is None}
    found = []
    for fact in open_steps(case):
        if fact.name not in allowed or fact.name not in FORMS:
            continue
        if not _makes_sense(fact.name, case, role, around, today):
            continue
        brief = Brief(now, today, role, days.between, {}, (), fact.name in approved)
        task = _task(case, fact, brief, around)
        if task is not None:
            found.append(task)
    return found


def next_task(tasks: Iterable[Task], promises: Iterable[Promise]) -> Task | None:
    """The step that meets the earliest of one's own dates, else what waits for one anyway."""
    ready = {task.step: task for task in tasks if task.is_ready}
    waiting = next((ready[step] for step in WAITING_FOR_ME if step in ready), None)
    if waiting is not None:
        return waiting
    own = [p for p in promises if p.is_mine and p.met_on is None and not p.paused]
    for promise in sorted(own, key=lambda p: p.due):
        for step in NEXT.get(promise.clock, ()):
            if step in ready:
                return ready[step]
    return next((task for task in ready.values() if task.step not in ASIDE), None)


def _task(case: Case, fact: Step, brief: Brief, around: Around) -> Task | None:
    done = done_words(case, fact.name, around)
    guard = first_obstacle(case, fact, brief)
    if guard is not None and guard.code in NEVER_HERE:
        return None
    if guard is not None:
        return Task(fact.name, fact.label, "Cannot start yet", hint=guard.sentence)
    href = f"/cases/{case.reference}/{fact.name}/"
    if done:
        return Task(fact.name, fact.label, done, href, is_done=True)
    # Nobody is pressed: what a complainant may choose is not something they have to do.
    if fact.name == "finish_action" and case.has_late_action(brief.today):
        return Task(fact.name, fact.label, "Late", href, colour="red")
    is_duty = fact.name not in ASIDE and brief.role != COMPLAINANT
    colour, status = ("blue", "To do") if is_duty else ("", "")
    return Task(fact.name, fact.label, status, href, colour=colour)


def done_words(case: Case, step: str, around: Around) -> str:
    """ "Done" and the day, for a step that leaves a mark on the case; else nothing."""
    days = {
        "check_safety": case.safety_checked_on,
        "ask_exclusions": case.exclusions_asked_on,
        "record_meeting": case.meeting_held_on,
        "record_respondent": case.respondent_asked_on,
        "put_to_respondent": case.respondent_asked_on or _put_on(case),
        "tell_respondent": _told_on(case) if step == "tell_respondent" else None,
    }
    day = days.get(step)
    if day is not None:
        return f"Done on {day:%-d %B %Y}"
    if step == "record_meeting" and case.meeting_declined:
        return "Declined in writing"
    if step in {"offer", "offer_later"}:
        roles = {role.value for role in OFFERED_IN.get(State(case.state), ())}
        return "All offered" if roles <= around.live_roles else ""
    return ""


def _put_on(case: Case) -> date | None:
    asked = [
        each.asked_at
        for each in case.hearings.all()
        if each.standing == Standing.RESPONDENT and each.episode == case.episode
    ]
    return local_date(max(asked), profiles.zone()) if asked else None


def _told_on(case: Case) -> date | None:
    """The day on which whoever was heard was told of the last decision, the appeal's included."""
    decided = case.outcome_on
    if case.close_reason in AppealOutcome and case.closed_on is not None:
        decided = case.closed_on
    notes = case.records.filter(kind=Kind.OUTCOME_NOTE).values_list("at", flat=True)
    days = [local_date(at, profiles.zone()) for at in notes]
    return max((day for day in days if decided is not None and day >= decided), default=None)


def _makes_sense(step: str, case: Case, role: str, around: Around, today: date) -> bool:
    """Whether there is anything for the step to do: it is left out of the list otherwise."""
    if step == "share_name":
        return case.identity == Identity.CONFIDENTIAL and not case.name_shared
    if step == "ask_informal":
        return not case.asked_informal and case.identity != Identity.ANONYMOUS
    if step == "object_to_person":
        live = [o for o in around.offers if o.status in LIVE]
        return any(o.objection == Offer.Objection.NONE and case.is_fresh(o, today) for o in live)
    if step == "answer_objection":
        return any(o.status in LIVE and o.objection == Offer.Objection.OPEN for o in around.offers)
    if step == "answer_check_in":
        return case.check_ins.filter(answered_on__isnull=True).exists()
    if step == "answer_reader":
        return still_asked(case, today).exists()
    if step == "finish_action":
        return case.actions.filter(done_on__isnull=True).exists()
    if step in {"agree_break_glass", "refuse_break_glass"}:
        asked = live_emergency(case)
        return asked is not None and asked.is_waiting
    if step == "ask_break_glass":
        return live_emergency(case) is None
    if step == "answer_approval":
        return any(a.answered_at is None for a in around.approvals if a.step not in Keep)
    if step in {"ask_keeping", "answer_keeping", "set_legal_hold", "lift_legal_hold", "erase"}:
        return False  # these stand on a page of their own
    if step == "ask_approval":
        return _can_ask(case, role, today)
    if step == "resume" and role == COMPLAINANT:
        return case.hold_reason in HOLD_AT_COMPLAINANTS_REQUEST
    if step in {"choose_copy", "check_file"}:
        return False  # offered beside each file
    if step in {"offer_later"} and case.state != State.APPEAL_ALLOCATION:
        parts = {role.value for role in OFFERED_IN.get(State(case.state), ())}
        return not parts <= around.live_roles
    return True


def _can_ask(case: Case, role: str, today: date) -> bool:
    steps = [s for s, (roles, states) in ASKED_BY.items() if role in roles and case.state in states]
    if role == COMPLAINANT:
        return bool(steps) and case.has_lapsed("APPEAL_WINDOW", today)
    return bool(steps)
