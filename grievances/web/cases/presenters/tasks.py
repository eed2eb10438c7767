"""The steps a person can perform on a case, their status, and which comes next."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime

from django.utils.formats import date_format
from django.utils.translation import gettext

from grievances.cases.access import rules
from grievances.cases.access.conflicts import LIVE
from grievances.cases.actions.fitness import OFFERS
from grievances.cases.declaration import Declaration, Group, Placement, Situation
from grievances.cases.guards.context import StepContext
from grievances.cases.models.answers import Approval
from grievances.cases.models.case import Case
from grievances.cases.models.offers import Offer
from grievances.cases.models.records import Kind
from grievances.cases.step_names import StepName
from grievances.cases.steps.allocation import OFFERED_IN
from grievances.casework.prefetch import fetch
from grievances.policy import profiles
from grievances.policy.clock_names import ClockName
from grievances.policy.profiles import COMPLAINANT
from grievances.vocabulary import AppealOutcome, Standing, State
from grievances.web.cases.step_forms.registry import FORMS
from grievances.web.shared.deadlines import Promise, worst_of
from workflow.calendar import Calendar, local_date
from workflow.steps import Step, first_blocking_guard, open_steps

ON_THIS_PAGE = (Placement.MAIN, Placement.ASIDE)
"""Placements of steps that the case page offers.

The other steps are offered elsewhere.
"""


def _steps_meeting() -> dict[str, tuple[str, ...]]:
    """Return the steps that meet each clock, in the order they are performed."""
    found: dict[str, list[tuple[int, str]]] = {}
    for name, declared in rules.DECLARED.items():
        for clock, place in declared.meets:
            found.setdefault(clock.value, []).append((place, name))
    return {clock: tuple(name for _, name in sorted(steps)) for clock, steps in found.items()}


NEXT = _steps_meeting()
URGENT = sorted(
    (name for name, declared in rules.DECLARED.items() if declared.urgency),
    key=lambda name: rules.DECLARED[name].urgency,
)
"""Steps to perform at once when they are possible, whatever the clocks say."""

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
"""Codes of refusals that waiting does not remove; such a step is not shown."""


UPDATE_NEAR = 2
"""Working days before its date from which an update is the next step."""


@dataclass(frozen=True)
class Task:
    """One step as a line of a list.

    Without `href` it cannot start yet, and `hint` says why.
    """

    step: str
    title: str
    status: str
    href: str = ""
    hint: str = ""
    colour: str = ""
    is_done: bool = False
    is_urgent: bool = False

    @property
    def is_aside(self) -> bool:
        """Whether the step is listed under "Other things you can do"."""
        return rules.DECLARED[self.step].placement is Placement.ASIDE

    @property
    def as_item(self) -> dict[str, str]:
        """The line as the component of a task list takes it."""
        return {
            "title": self.title,
            "status": self.status,
            "href": self.href,
            "hint": self.hint,
            "colour": self.colour,
        }

    @property
    def is_ready(self) -> bool:
        """Whether the step can be performed now and is not done."""
        return bool(self.href) and not self.is_done


@dataclass(frozen=True)
class Around:
    """The related rows of a case that the task list needs, fetched once."""

    offers: tuple[Offer, ...]
    approvals: tuple[Approval, ...]
    parts: frozenset[str] = frozenset()

    @classmethod
    def of(cls, case: Case, workers: Iterable[tuple[str, int, str]]) -> Around:
        """Return the offers, approvals and held roles of a case."""
        fetch(case, "offers", "approvals")
        parts = frozenset(role for role, *_ in workers)
        return cls(tuple(case.offers.all()), tuple(case.approvals.all()), parts)

    @property
    def live_roles(self) -> set[str]:
        """The roles with a live offer."""
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
    """Return every step this person may perform now, in lifecycle order."""
    approved = {a.step for a in around.approvals if a.agreed and a.used_at is None}
    at = Situation(case, role, today, around.offers, around.approvals, around.parts)
    found = []
    for fact in open_steps(case):
        if fact.name not in allowed or fact.name not in FORMS:
            continue
        if not _is_offered(rules.DECLARED[fact.name], at):
            continue
        step_context = StepContext(now, today, role, days.between, {}, (), fact.name in approved)
        task = _task(case, fact, step_context, around)
        if task is not None:
            found.append(replace(task, is_urgent=_is_urgent(rules.DECLARED[fact.name], at)))
    return found


def next_task(tasks: Iterable[Task], promises: Iterable[Promise]) -> Task | None:
    """Return the step that meets the earliest of the reader's own dates.

    Urgent steps come before it. Without such a date it is the first step that is ready.
    """
    ready = {task.step: task for task in tasks if task.is_ready}
    waiting = next((ready[s] for s in URGENT if s in ready and ready[s].is_urgent), None)
    if waiting is not None:
        return waiting
    own = [p for p in promises if p.is_mine and p.met_on is None and not p.paused]
    for promise in sorted(own, key=lambda p: (_can_wait(p), p.due)):
        for step in NEXT.get(promise.clock, ()):
            if step in ready:
                return ready[step]
    return next((task for task in ready.values() if not task.is_aside), None)


def _can_wait(promise: Promise) -> bool:
    """Return whether it is too early for an update.

    Other work is then what there is to tell.
    """
    is_near = bool(promise.late_by) or (promise.left is not None and promise.left <= UPDATE_NEAR)
    return promise.clock == ClockName.UPDATE and not is_near


def _is_offered(declared: Declaration, at: Situation) -> bool:
    """Return whether the case page offers a step.

    The step is placed here and applies to this case.
    """
    if declared.placement not in ON_THIS_PAGE:
        return False
    return declared.applies is None or declared.applies(at)


def _is_urgent(declared: Declaration, at: Situation) -> bool:
    """Return whether the page shows the step first, whatever the clocks are."""
    return bool(declared.urgency) and (declared.urgent_when is None or declared.urgent_when(at))


def _task(case: Case, fact: Step, step_context: StepContext, around: Around) -> Task | None:
    done = done_words(case, fact.name, around)
    guard = first_blocking_guard(case, fact, step_context)
    if guard is not None and guard.code in NEVER_HERE:
        return None
    if guard is not None:
        return Task(fact.name, fact.label, gettext("Cannot start yet"), hint=guard.sentence)
    href = f"/cases/{case.reference}/{fact.name}/"
    if done:
        return Task(fact.name, fact.label, done, href, is_done=True)
    # No one is pressed: a step that a complainant may choose is not a duty.
    if fact.name == StepName.FINISH_ACTION and case.has_late_action(step_context.today):
        return Task(fact.name, fact.label, gettext("Late"), href, colour="red")
    is_duty = (
        rules.DECLARED[fact.name].placement is Placement.MAIN and step_context.role != COMPLAINANT
    )
    colour, status = ("blue", gettext("To do")) if is_duty else ("", "")
    return Task(fact.name, fact.label, status, href, colour=colour)


def done_words(case: Case, step: str, around: Around) -> str:
    """Return what is done of a step, such as "Done on" and the day; else empty.

    Only steps that leave a mark on the case have such words.
    """
    days: dict[str, date | None] = {
        StepName.CHECK_SAFETY: case.safety_checked_on,
        StepName.ASK_EXCLUSIONS: case.exclusions_asked_on,
        StepName.RECORD_MEETING: case.meeting_held_on,
        StepName.RECORD_RESPONDENT: case.respondent_asked_on,
        StepName.PUT_TO_RESPONDENT: case.respondent_asked_on or _put_on(case),
        StepName.RECORD_APPEAL_MEETING: _appeal_met_on(case),
        StepName.TELL_RESPONDENT: _told_on(case) if step == StepName.TELL_RESPONDENT else None,
    }
    day = days.get(step)
    if day is not None:
        return gettext("Done on {day}").format(day=date_format(day, "j F Y"))
    if step == StepName.RECORD_MEETING and case.meeting_declined:
        return gettext("Declined in writing")
    if step in OFFERS:
        roles = {role.value for role in OFFERED_IN.get(State(case.state), ())}
        return gettext("All offered") if roles <= around.live_roles else ""
    return ""


def _appeal_met_on(case: Case) -> date | None:
    """Return the local day on which this appeal's meeting was recorded or declined."""
    rows = [
        each
        for each in case.deadlines.all()
        if each.name == ClockName.APPEAL_MEETING and each.episode == case.episode
    ]
    return max(rows, key=lambda each: each.pk).completed_on if rows else None


def _put_on(case: Case) -> date | None:
    asked = [
        each.asked_at
        for each in case.hearings.all()
        if each.standing == Standing.RESPONDENT and each.episode == case.episode
    ]
    return local_date(max(asked), profiles.zone()) if asked else None


def _told_on(case: Case) -> date | None:
    """Return the local day on which a participant was told of the last decision.

    The decision on an appeal counts as well. The answer is None without such a day.
    """
    decided = case.outcome_on
    if case.close_reason in AppealOutcome and case.closed_on is not None:
        decided = case.closed_on
    notes = case.records.filter(kind=Kind.OUTCOME_NOTE).values_list("at", flat=True)
    days = [local_date(at, profiles.zone()) for at in notes]
    return max((day for day in days if decided is not None and day >= decided), default=None)


REALLOCATE = (StepName.REROUTE, StepName.CHANGE_HANDLER, *OFFERS)
"""Steps with which the lead gives late work to another person.

The first possible one is offered.
"""
STUCK = 2
"""The escalation level at which the lead is offered to reassign (domain.md 5.5)."""


def stuck_rows(promises: list[Promise], items: list[dict[str, str]]) -> list[dict[str, object]]:
    """Return what is so late that the lead is offered to act.

    Each row has what is late, by how many working days, and the links to act.
    """
    open_to = {item["href"].rstrip("/").rpartition("/")[2]: item for item in items if item["href"]}
    ways = next((open_to[step] for step in REALLOCATE if step in open_to), None)
    explain = open_to.get(StepName.EXPLAIN_DELAY)
    return [
        {
            "clock": promise.clock,
            "name": promise.name,
            "whose": promise.whose,
            "late_by": promise.late_by,
            "href": ways["href"] if ways else "",
            "title": ways["title"] if ways else "",
            "explain": explain["href"] if explain else "",
        }
        for promise in promises
        if promise.level >= STUCK and promise.late_by
    ]


def first_promises(promises: list[Promise], stuck: list[dict[str, object]]) -> list[Promise]:
    """Return all that is late, or else next, and the reader's own; none that is stuck."""
    late: list[Promise | None] = [
        *sorted((p for p in promises if p.late_by), key=lambda p: -p.late_by)
    ]
    own = worst_of(p for p in promises if p.is_mine)
    told = {each["clock"] for each in stuck}
    first = [each for each in (*(late or [worst_of(promises)]), own) if each is not None]
    return [each for each in dict.fromkeys(first) if each.clock not in told]


def in_groups(tasks: Iterable[Task]) -> list[dict[str, object]]:
    """Return the headings under which there is something to do, each with its lines."""
    found: dict[Group, list[dict[str, str]]] = {group: [] for group in Group}
    for task in tasks:
        found[rules.DECLARED[task.step].group].append(task.as_item)
    return [
        {"heading": group.value, "items": items, "id": f"aside-{number}"}
        for number, (group, items) in enumerate(found.items(), 1)
        if items
    ]
