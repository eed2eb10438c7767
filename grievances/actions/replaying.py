"""Clocks rebuilt from the trail: events are the truth, a stored date is kept at hand.

A bank holiday that is announced later counts as if it had always been known, and moves open dates
only later (domain.md 6.1, architecture.md 6).
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from dataclasses import fields
from datetime import date, datetime

from django.db import transaction

from grievances import notices, policy
from grievances.actions.caller import SYSTEM
from grievances.calendars import load_holidays
from grievances.models import Case, Deadline, Event
from grievances.vocabulary import State
from notifications.outbox import Value
from workflow import deadlines
from workflow.calendar import CalendarEnds, local_date
from workflow.deadlines import Moment, MomentKind, Reckoning
from workflow.steps import Step, steps

log = logging.getLogger("fairhearing.clocks")


def history_of(row: Deadline, events: Iterable[Event]) -> list[Moment]:
    """What happened to one clock, oldest first, as the events of its case tell it."""
    told = [Moment(MomentKind.STARTED, row.started_on, anchor_on=row.anchor_on)]
    facts = {f"case.{name}": fact for name, fact in steps(Case).items()}
    for event in events:
        day = local_date(event.at, policy.zone())
        fact = facts.get(event.kind)
        if fact is not None and day >= row.started_on:
            told += _moments(row, event, fact, day)
    if row.completed_on is not None:
        told = [moment for moment in told if moment.on <= row.completed_on]
        told.append(Moment(MomentKind.MET, row.completed_on))
    return told


def replayed(row: Deadline, events: Iterable[Event]) -> Reckoning:
    """Where a clock stands by its events alone, under the calendar as it is known today."""
    return deadlines.replay(history_of(row, events), deadlines.clock_of(row), row.case.calendar)


def differences(row: Deadline, events: Iterable[Event]) -> list[str]:
    """The fields in which a stored clock is not what its events say; empty when it is sound.

    A breach that the sweep found is not in the events of the steps, so it is not compared; nor is
    the first promise, which stays as it was given when a holiday is announced later.
    """
    at = replayed(row, events)
    names = {field.name for field in fields(Reckoning)} - {"breached", "original_due"}
    return sorted(name for name in names if getattr(row, name) != getattr(at, name))


def import_holidays(rows: Iterable[tuple[str, date, str]], *, now: datetime) -> tuple[int, int]:
    """(holidays added, dates moved): new holidays move the dates of open clocks, only ever later.

    Each case is its own transaction, with an event and a notice for every date that moved. A case
    whose clocks cannot be recomputed is logged by its number and stops no other.
    """
    added = load_holidays(rows, now=now)
    if not added:
        return 0, 0
    moved = 0
    open_rows = Deadline.objects.filter(completed_on__isnull=True)
    for pk in open_rows.order_by("case").values_list("case", flat=True).distinct():
        try:
            moved += _recompute(pk, now)
        except (CalendarEnds, ValueError) as error:
            log.error("case %s was not recomputed: %s", pk, type(error).__name__)
    return added, moved


@transaction.atomic
def _recompute(case_id: int, now: datetime) -> int:
    case = Case.unguarded.select_for_update(of=("self",)).get(pk=case_id)
    events = list(Event.objects.filter(chain=case.reference).order_by("seq"))
    moved = 0
    for row in Deadline.objects.filter(case=case, completed_on__isnull=True):
        row.case = case
        clock, before = deadlines.clock_of(row), row.current_due
        history = history_of(row, events)
        deadlines.recompute(row, history, now, case.calendar, clock, policy.zone())
        if row.current_due == before:
            continue
        row.save()
        _tell(row, before, now)
        moved += 1
    return moved


def _tell(row: Deadline, before: date, now: datetime) -> None:
    event = Event.append(
        chain=row.case.reference,
        at=now,
        actor=SYSTEM,
        role=SYSTEM,
        kind="clock.moved",
        subject=row.case.reference,
        data={"clock": row.name, "from": str(before), "to": str(row.current_due)},
    )
    if row.name in policy.SHOWN:
        context: dict[str, Value] = {"clock": row.name, "due": str(row.current_due)}
        today = local_date(now, policy.zone())
        notices.announce(row.case, event, now=now, today=today, context=context)


def _moments(row: Deadline, event: Event, fact: Step, day: date) -> list[Moment]:
    if event.kind == "case.extend":
        mine = event.data.get("clock") == row.name
        return [Moment(MomentKind.EXTENDED, day, event.data["days"])] if mine else []
    if event.kind == "case.extend_informal":
        mine = row.name == "INFORMAL"
        return [Moment(MomentKind.EXTENDED, day, event.data["days"])] if mine else []
    if fact.pauses and row.name in policy.PAUSABLE:
        return [Moment(MomentKind.PAUSED, day)]
    if fact.resumes and event.data["to"] != State.ON_HOLD:
        return [Moment(MomentKind.RESUMED, day)]
    return []
