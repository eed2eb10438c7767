"""Send due reminders and escalations in bulk.

It takes ten SQL statements, however many are due. They change nothing about a case: they write an
event and tell people. What a date does to a case (a window that lapses, a survey sent) is done case
by case in `sweep`.
"""

from __future__ import annotations

import logging
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.core.exceptions import ObjectDoesNotExist
from django.db import Error, connection, transaction
from django.db.models import QuerySet

from grievances.audit.models import Event, draft_by_service
from grievances.cases.actions.actor import NotAllowed
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
from workflow.calendar import local_date
from workflow.clocks import Reminder
from workflow.sql.bulk_sql import change_rows
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
"""What one bad row can raise: a step out of turn, a calendar's end, a changed row."""

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
"""The fields of a clock that change when a reminder is sent."""

STORED = [field.name for field in Deadline._meta.concrete_fields]
STAMPS = {f"{code.lower()}_holidays": code for code in Division.values}


@dataclass(frozen=True)
class Owed:
    """A due reminder: its clock, advanced in memory, and working days until the date."""

    row: Deadline
    reminder: Reminder
    left: int

    @property
    def acts(self) -> bool:
        """Whether it changes a case or asks a person something, besides the notice."""
        asks = self.row.name.startswith(("SURVEY", "CHECKIN"))
        return self.reminder.name == "lapse" or (asks and self.reminder.name == "due")

    @property
    def kind(self) -> str:
        """The kind of the reminder's event."""
        name, reminder = self.row.name, self.reminder.name
        kind = (
            "clock.update_owed"
            if (name, reminder) == (ClockName.UPDATE, "on_day")
            else f"clock.{reminder}"
        )
        return EVENT_ON_MOMENT.get(name, kind)

    def draft(self, now: datetime) -> Event:
        """Return the reminder's event, not in its chain yet; its key makes it unique."""
        row = self.row
        return draft_by_service(
            row.case.reference,
            now,
            kind=self.kind,
            data={
                "clock": row.name,
                "due": str(row.current_due),
                "level": row.level,
                **({"role": row.detail} if row.name == ClockName.OFFER else {}),
            },
            key=self.key,
        )

    @property
    def key(self) -> str:
        """The idempotency key: one event per deadline, reminder and due date."""
        return f"rung:{self.row.pk}:{self.reminder.name}:{self.row.current_due}"

    def context(self) -> dict[str, Value]:
        """Return the values of its notices: codes and dates, no words."""
        return {
            "clock": self.row.name,
            "due": str(self.row.current_due),
            "days": max(self.left, 0),
            "days_late": max(-self.left, 0),
            "level": self.row.level,
        }


@dataclass(frozen=True)
class Said:
    """The result of a batch.

    It has the rows found, reminders sent, rows at fault, rows that owe nothing, and rows that act.
    """

    found: int
    done: int
    faulty: tuple[int, ...]
    idle: tuple[int, ...]
    acting: tuple[int, ...]


NOTHING = Said(0, 0, (), (), ())


@transaction.atomic
def say_all(now: datetime, *, besides: Collection[int], limit: int) -> Said:
    """Send at most `limit` reminders that only notify; `besides` are rows to skip.

    Where some of the rows act, they are returned and nothing is sent yet. Their action comes first,
    because it may make a reminder untrue. IntegrityError means that some reminder has been sent
    before. Nothing was written then, and the rows are to be processed singly.

    Returns:
        How many rows were read and how many sent; the ids of faulty rows, of rows with nothing to
        send, and of rows that act.
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
    """Return (reminders owed, ids of rows at fault, ids of rows that owe nothing)."""
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
    """Return the contacts of the cases for which a reminder is due."""
    telling = {each.row.case_id for each in said if table.tells_complainant(each.kind)}
    return contacts_of({each.row.case_id for each in said}, today, telling=telling) if said else {}


def _reaches(each: Owed, contacts: CaseContacts, faulty: list[int]) -> bool:
    """Return whether the recipients can be reached.

    It is asked before sending, so that one faulty row costs only itself.
    """
    try:
        _ = contacts.barred
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
    """Return the due rows, locked with their cases.

    Rows that another transaction has locked wait for the next sweep. Cases are locked first, as
    `perform` locks them, so that a sweep and a person never deadlock.
    """
    rows = Deadline.objects.exclude(pk__in=besides) if besides else Deadline.objects.all()
    rows = rows.select_related("case").only(*STORED, "case__reference", "case__division")
    if connection.features.has_select_for_update_skip_locked:
        rows = rows.select_for_update(of=("self", "case"), skip_locked=True)
    stamps = {name: profiles.stamp_of(code) for name, code in STAMPS.items()}
    return deadlines.due_rows(rows.annotate(**stamps), now, limit)


def fire_reminders(row: Deadline, now: datetime, today: date) -> Owed | None:
    """Advance a row, in memory, past its most urgent due reminder.

    Returns:
        What is owed for it, or None when no reminder is due.
    """
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
