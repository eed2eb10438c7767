"""Reminders and escalations of many clocks, said together: ten statements, however many are due.

They change nothing about a case: they write an event and tell people. What a date does to a case
(a window that lapses, a survey sent) is done case by case in `clocks`.
"""

from __future__ import annotations

import logging
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.core.exceptions import ObjectDoesNotExist
from django.db import Error, connection, transaction
from django.db.models import QuerySet

from grievances.audit.models import Event
from grievances.cases.actions.actor import SYSTEM, NotAllowed
from grievances.cases.models.deadlines import Deadline
from grievances.cases.notices import sending, table
from grievances.cases.notices.recipients import CaseContacts, contacts_of
from grievances.encryption.primitives import DecryptionFailed
from grievances.policy import profiles
from grievances.policy.clock_names import ClockName
from grievances.policy.profiles import NoPolicy
from grievances.vocabulary import Division
from notifications.outbox import Message, Value, put
from workflow import deadlines
from workflow.bulk_sql import change_rows
from workflow.calendar import local_date
from workflow.clocks import Reminder
from workflow.steps import Refused

log = logging.getLogger("fairhearing.clocks")

FAULTS = (
    Refused,
    NotAllowed,
    NoPolicy,
    DecryptionFailed,
    ObjectDoesNotExist,
    Error,
    LookupError,
    ValueError,
)
"""What one bad row can raise: a step out of turn, a calendar that ends, a row tampered with."""

EVENT_ON_MOMENT: dict[str, str] = {
    ClockName.COOLING_OFF: "clock.cooled_off",
    ClockName.DRAFT_WARNING: "clock.draft_warning",
    ClockName.SURVEY_A: "clock.survey",
    ClockName.SURVEY_B: "clock.survey",
    ClockName.CHECKIN_1: "clock.check_in",
    ClockName.CHECKIN_3: "clock.check_in",
    ClockName.CHECKIN_6: "clock.check_in",
    ClockName.SURVEY_AGAIN: "clock.survey_again",
    ClockName.CHECKIN_AGAIN: "clock.check_in_again",
}

CLIMBED = ["level", "breached", "last_rung", "next_rung", "next_rung_at"]
"""What climbing a rung changes of a clock."""

STORED = [field.name for field in Deadline._meta.concrete_fields]
STAMPS = {f"{code.lower()}_holidays": code for code in Division.values}


@dataclass(frozen=True)
class Owed:
    """One rung that is due: its clock, moved past it in memory, and working days until the date."""

    row: Deadline
    reminder: Reminder
    left: int

    @property
    def acts(self) -> bool:
        """Whether it changes a case or asks somebody something, besides being said."""
        asks = self.row.name.startswith(("SURVEY", "CHECKIN"))
        return self.reminder.name == "lapse" or (asks and self.reminder.name == "due")

    @property
    def kind(self) -> str:
        """The kind of the event that says so."""
        name, reminder = self.row.name, self.reminder.name
        kind = (
            "clock.update_owed"
            if (name, reminder) == (ClockName.UPDATE, "on_day")
            else f"clock.{reminder}"
        )
        return EVENT_ON_MOMENT.get(name, kind)

    def draft(self, now: datetime) -> Event:
        """The event that says so, not in its chain yet. Its key makes it happen once."""
        row = self.row
        return Event.draft(
            chain=row.case.reference,
            at=now,
            actor=SYSTEM,
            role=SYSTEM,
            kind=self.kind,
            subject=row.case.reference,
            data={"clock": row.name, "due": str(row.current_due), "level": row.level},
            key=self.key,
        )

    @property
    def key(self) -> str:
        """This clock, this rung, this date: what is climbed once."""
        return f"rung:{self.row.pk}:{self.reminder.name}:{self.row.current_due}"

    def context(self) -> dict[str, Value]:
        """What its notices say: codes and dates, no words."""
        return {
            "clock": self.row.name,
            "due": str(self.row.current_due),
            "days": max(self.left, 0),
            "days_late": max(-self.left, 0),
            "level": self.row.level,
        }


@dataclass(frozen=True)
class Said:
    """How a batch went: rows looked at, rungs said, rows at fault, idle rows, rows that act."""

    found: int
    done: int
    faulty: tuple[int, ...]
    idle: tuple[int, ...]
    acting: tuple[int, ...]


NOTHING = Said(0, 0, (), (), ())


@transaction.atomic
def say_all(now: datetime, *, besides: Collection[int], limit: int) -> Said:
    """Climb at most `limit` rungs that only say something; `besides` are rows to leave alone.

    Where some of the rows act, they are named and nothing is said yet: what they do comes first,
    for it may make a reminder untrue. IntegrityError means that some rung has been climbed before;
    nothing was written then, and they are to be climbed singly.
    """
    today = local_date(now, profiles.zone())
    rows = list(_claimed(now, besides, limit))
    owed, faulty, idle = _fire_all(rows, now, today)
    acting = tuple(each.row.pk for each in owed if each.acts)
    said = [] if acting else owed
    around = _around(said, today)
    reached = [each for each in said if _reaches(each, around[each.row.case_id], faulty)]
    if reached:
        _say(reached, around, now)
    return Said(len(rows), len(reached), tuple(faulty), tuple(idle), acting)


def _fire_all(
    rows: Iterable[Deadline], now: datetime, today: date
) -> tuple[list[Owed], list[int], list[int]]:
    """(rungs owed, ids of rows at fault, ids of rows that owe nothing)."""
    owed: list[Owed] = []
    faulty: list[int] = []
    idle: list[int] = []
    for row in rows:
        try:
            found = fire_reminders(row, now, today)
        except FAULTS as error:
            _note(row, error, faulty)
            continue
        if found is None:
            idle.append(row.pk)
        else:
            owed.append(found)
    return owed, faulty, idle


def _around(said: Sequence[Owed], today: date) -> dict[int, CaseContacts]:
    """Everyone tied to the cases that something is said of."""
    telling = {each.row.case_id for each in said if table.tells_complainant(each.kind)}
    return contacts_of({each.row.case_id for each in said}, today, telling=telling) if said else {}


def _reaches(each: Owed, contacts: CaseContacts, faulty: list[int]) -> bool:
    """Whether those it is said to can be reached: asked first, so that one faulty row costs one."""
    try:
        if table.tells_complainant(each.kind):
            contacts.open_parties()
    except FAULTS as error:
        _note(each.row, error, faulty)
        return False
    return True


def _note(row: Deadline, error: Exception, faulty: list[int]) -> None:
    faulty.append(row.pk)
    log.error("deadline %s was not served: %s", row.pk, type(error).__name__)


def _claimed(now: datetime, besides: Collection[int], limit: int) -> QuerySet[Deadline]:
    """The rows due, locked with their cases; what somebody is working on waits for the next sweep.

    Cases are locked first as the door locks them, so no sweep and person wait in a circle.
    """
    rows = Deadline.objects.exclude(pk__in=besides) if besides else Deadline.objects.all()
    rows = rows.select_related("case").only(*STORED, "case__reference", "case__division")
    if connection.features.has_select_for_update_skip_locked:
        rows = rows.select_for_update(of=("self", "case"), skip_locked=True)
    stamps = {name: profiles.stamp_of(code) for name, code in STAMPS.items()}
    return deadlines.due_rows(rows.annotate(**stamps), now, limit)


def fire_reminders(row: Deadline, now: datetime, today: date) -> Owed | None:
    """Move a row, in memory, past the most urgent rung it owes; None when it owes none."""
    division = row.case.division
    stamp = getattr(row, f"{division.lower()}_holidays", "")
    row.case.calendar = calendar = profiles.calendar(division, stamp)
    clock, zone = row.clock, profiles.zone()
    reminder = deadlines.owed_reminder(row, clock, calendar, zone, now)
    if reminder is None:
        return None
    deadlines.advance_reminder(row, reminder.name, calendar, clock, zone)
    return Owed(row, reminder, deadlines.working_days_left(row.current_due, today, calendar))


def _say(owed: Sequence[Owed], around: Mapping[int, CaseContacts], now: datetime) -> None:
    drafts = [each.draft(now) for each in owed]
    Event.append_all(drafts)
    said: list[Message] = []
    for each, event in zip(owed, drafts, strict=True):
        case = each.row.case
        said += sending.messages(around[case.pk], event, case.reference, context=each.context())
    put(said, now=now)
    change_rows([each.row for each in owed], CLIMBED)
