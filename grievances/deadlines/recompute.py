"""Recompute clocks from the trail: events are the truth, a stored date is a copy.

A bank holiday that is announced later counts as if it had always been known, and moves open dates
only later (domain.md 6.1, architecture.md 6).
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Sequence
from dataclasses import fields
from datetime import date, datetime, timedelta

from django.db import transaction

from grievances.audit.models import Event, Heartbeat, record_by_service
from grievances.cases.actions import step_answers as given
from grievances.cases.actions.clocks import put_off_archiving
from grievances.cases.actions.effects import Execution, effect
from grievances.cases.models.case import Case
from grievances.cases.models.deadlines import Deadline
from grievances.cases.notices import sending
from grievances.cases.step_names import StepName
from grievances.policy import profiles
from grievances.policy.clock_names import ClockName
from grievances.policy_changes.loading import TO_RECOMPUTE, load_holidays
from grievances.vocabulary import State
from notifications.outbox import Value
from workflow import deadlines
from workflow.calendar import Calendar, CalendarEnds, local_date
from workflow.clocks import Clock
from workflow.deadlines import ClockState, Moment, MomentKind
from workflow.models import Holiday, PolicyProfile
from workflow.steps import Step, steps

log = logging.getLogger("fairhearing.clocks")


def history_of(row: Deadline, events: Iterable[Event]) -> list[Moment]:
    """Return the history of one clock, oldest first, from the events of its case."""
    told = [Moment(MomentKind.STARTED, row.started_on, anchor_on=row.anchor_on)]
    facts = {f"case.{name}": fact for name, fact in steps(Case).items()}
    for event in events:
        day = local_date(event.at, profiles.zone())
        fact = facts.get(event.kind)
        if fact is not None and day >= row.started_on:
            if day == row.completed_on and _ends(row, event, fact):
                break  # a pause later on that day found this clock completed
            told += _moments(row, event, fact, day)
    if row.completed_on is not None:
        told = [moment for moment in told if moment.on <= row.completed_on]
        told.append(Moment(MomentKind.MET, row.completed_on))
    return told


def replayed(row: Deadline, events: Iterable[Event], days: Calendar) -> ClockState:
    """Return the state of a clock by its events alone, under a calendar."""
    return deadlines.replay(history_of(row, events), row.clock, days)


def differences(row: Deadline, events: Sequence[Event]) -> list[str]:
    """Return the fields in which a stored clock differs from its events.

    It is empty when the clock is sound. An open clock counts under the calendar as it is known
    today. A completed one counts under the calendar that was known when it was completed, because
    it never changes (domain.md 6.1). A breach that the sweep found is not in the events of the
    steps, so it is not compared. Nor is the first promise, which stays as it was given when a
    holiday is announced later.
    """
    names = {field.name for field in fields(ClockState)} - {"breached", "original_due"}
    found = [
        sorted(name for name in names if getattr(row, name) != getattr(at, name))
        for at in (replayed(row, events, days) for days in _calendars_of(row))
    ]
    return min(found, key=len)


def _calendars_of(row: Deadline) -> list[Calendar]:
    if row.completed_on is None:
        return [row.case.calendar]
    # What was announced on the day of completion may have come before it or after it.
    days = (row.completed_on, row.completed_on - timedelta(days=1))
    return [profiles.calendar_known_on(row.case.division, day) for day in days]


def import_holidays(
    rows: Iterable[tuple[str, date, str]],
    *,
    now: datetime,
    kind: Holiday.Kind = Holiday.Kind.BANK,
) -> tuple[int, int]:
    """Add days off and move open dates.

    Dates move only later. Each case is its own transaction, with an event and a notice for every
    date that moved. A case whose clocks cannot be recomputed is logged by its number and stops no
    other. Raises CalendarInvalid, with nothing added.

    Returns:
        How many days were added, and how many dates moved.
    """
    return load_holidays(rows, now=now, kind=kind), count_new_days(now)


def count_new_days(now: datetime) -> int:
    """Recompute open clocks if days were announced.

    If a process died while doing it, the next call does the rest.

    Returns:
        How many dates moved.
    """
    if not Heartbeat.objects.filter(name=TO_RECOMPUTE).exists():
        return 0
    moved = 0
    open_rows = Deadline.objects.filter(completed_on__isnull=True)
    for pk in open_rows.order_by("case").values_list("case", flat=True).distinct():
        try:
            moved += _recompute(pk, now)
        except (CalendarEnds, ValueError) as error:
            log.error("case %s was not recomputed: %s", pk, type(error).__name__)
    Heartbeat.objects.filter(name=TO_RECOMPUTE).delete()
    return moved


@transaction.atomic
def _recompute(case_id: int, now: datetime) -> int:
    case = Case.unguarded.select_for_update(of=("self",)).get(pk=case_id)
    events = list(Event.objects.filter(chain=case.reference).order_by("seq"))
    moved = 0
    for row in Deadline.objects.filter(case=case, completed_on__isnull=True):
        row.case = case
        clock, before = row.clock, row.current_due
        history = history_of(row, events)
        deadlines.recompute(row, history, now, case.calendar, clock, profiles.zone())
        row.save()
        if row.current_due != before:
            _tell(row, before, now)
            moved += 1
    if case.legal_hold:
        put_off_archiving(case)  # recomputing has given it a date to be archived on
    return moved


def preview_policy(case: Case, row: PolicyProfile, today: date) -> list[tuple[str, date, date]]:
    """Return (promise, date now, new date) of dates another policy would move."""
    events = list(Event.objects.filter(chain=case.reference).order_by("seq"))
    found = []
    for each in _open_clocks(case):
        clock = _clock_under(case, row, each, today)
        after = deadlines.replay(history_of(each, events), clock, case.calendar).current_due
        if after > each.current_due and each.name in profiles.SHOWN:
            found.append((profiles.CLOCKS[each.name], each.current_due, after))
    return sorted(found, key=lambda promise: promise[1])


@effect(StepName.MOVE_POLICY)
def move_policy(execution: Execution[given.PolicyVersion]) -> None:
    """Move every open clock to the newer policy, unless its date would come forward.

    Each date that moves is an event of its own, beside the one of the step that tells people.
    """
    case, now, today = execution.case, execution.now, execution.today
    newer = profiles.newer_than(case.profile_id, today).get(version=execution.answers["version"])
    case.profile = newer
    case.save(update_fields=["profile"])
    events = list(Event.objects.filter(chain=case.reference).order_by("seq"))
    for row in _open_clocks(case):
        clock, before = _clock_under(case, newer, row, today), row.current_due
        history = history_of(row, events)
        if deadlines.adopt(row, history, now, case.calendar, clock, profiles.zone()):
            row.save()
        if row.current_due != before:
            _record(row, before, now)
    if case.legal_hold:
        put_off_archiving(case)


def _open_clocks(case: Case) -> list[Deadline]:
    rows = Deadline.objects.filter(case=case, completed_on__isnull=True)
    return list(rows.exclude(name__in=profiles.OF_THEIR_OWN_LENGTH).order_by("pk"))


def _clock_under(case: Case, row: PolicyProfile, each: Deadline, today: date) -> Clock:
    return profiles.clock(row, each.name, fast_track=case.fast_track, started_on=today)


def _tell(row: Deadline, before: date, now: datetime) -> None:
    event = _record(row, before, now)
    if row.name in profiles.SHOWN:
        context: dict[str, Value] = {"clock": row.name, "due": str(row.current_due)}
        today = local_date(now, profiles.zone())
        sending.announce(row.case, event, now=now, today=today, context=context)


def _record(row: Deadline, before: date, now: datetime) -> Event:
    return record_by_service(
        row.case.reference,
        now,
        kind="clock.moved",
        data={"clock": row.name, "from": str(before), "to": str(row.current_due)},
    )


OFFER_ENDS = frozenset(
    {
        "case.accept",
        "case.decline",
        "case.decline_later",
        "case.recuse",
        "case.begin_to_help",
        "case.end_part",
    }
)
"""Steps that complete the clock of one offer, by its role and not by its name."""


def _ends(row: Deadline, event: Event, fact: Step) -> bool:
    closed = event.data["to"] == State.CLOSED != event.data["from"]
    by_name = not {row.name, "*"}.isdisjoint(fact.stops)
    return closed or by_name or (row.name == ClockName.OFFER and event.kind in OFFER_ENDS)


def _moments(row: Deadline, event: Event, fact: Step, day: date) -> list[Moment]:
    if event.kind == "case.extend":
        mine = event.data.get("clock") == row.name
        return [Moment(MomentKind.EXTENDED, day, event.data["days"])] if mine else []
    if event.kind == "case.extend_informal":
        mine = row.name == ClockName.INFORMAL
        return [Moment(MomentKind.EXTENDED, day, event.data["days"])] if mine else []
    if fact.pauses and row.name in profiles.PAUSABLE:
        return [Moment(MomentKind.PAUSED, day)]
    if fact.resumes and event.data["to"] != State.ON_HOLD:
        return [Moment(MomentKind.RESUMED, day)]
    return []
