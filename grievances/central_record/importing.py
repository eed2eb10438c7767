"""Import an earlier register: work out what is new, and do all of it or nothing.

The same file a second time changes nothing. A line whose days were corrected is changed. The trail
records how many, and no reference.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db import transaction

from grievances.audit.models import SERVICE, Event, record_by_service
from grievances.central_record.lines import KEPT_CLASS, RegisterLine, calendars, is_in_time
from grievances.encryption.server_keys import handle
from grievances.policy import profiles, retention_schedule
from grievances.reports.fact_models import ElsewhereConcern
from grievances.staff_directory.models import ChangeLock
from grievances.staff_directory.staff_file.rows import Refusal
from workflow.calendar import Calendar, CalendarEnds, add_months, local_date
from workflow.sql.bulk_sql import add_rows, change_rows

BATCH = 2000
LINES_SHOWN = 200
MOST_ZEROS = 9
LOST_ZEROS = (
    "a reference that differs from one that is here by zeros at its beginning alone: format the "
    "column as text"
)
FACTS = ("first_contact_on", "logged_on", "closed_on", "outcome", "in_time")


@dataclass(frozen=True)
class Report:
    """What a register changes. It names lines, and no reference."""

    new: int
    changed: int
    here: int
    refused: list[Refusal]


@dataclass
class _Plan:
    new: list[ElsewhereConcern] = field(default_factory=list)
    changed: list[ElsewhereConcern] = field(default_factory=list)
    here: int = 0
    refused: list[Refusal] = field(default_factory=list)


class ImportRefused(Exception):
    """The import was not done; `report` says what it would have changed."""

    def __init__(self, report: Report) -> None:
        super().__init__("Lines are refused. Mend them, or leave them out.")
        self.report = report


def dry_run(lines: list[RegisterLine], refused: list[Refusal], *, now: datetime) -> Report:
    """Return what the import would change; nothing is changed.

    Raises:
        FileRefused: A division has no bank holidays.
    """
    return _report(_compare(lines, refused, local_date(now, profiles.zone())))


@transaction.atomic
def apply(
    lines: list[RegisterLine],
    refused: list[Refusal],
    *,
    actor: str,
    now: datetime,
    skip_refused: bool = False,
) -> Report:
    """Import the lines in one transaction.

    Returns:
        What was changed.

    Raises:
        FileRefused: A division has no bank holidays.
        ImportRefused: A line is refused. Nothing is changed.
    """
    ChangeLock.take("register")
    plan = _compare(lines, refused, local_date(now, profiles.zone()))
    report = _report(plan)
    if report.refused and not skip_refused:
        raise ImportRefused(report)
    _write(plan)
    _record(report, actor, now)
    return report


def _write(plan: _Plan) -> None:
    """Write the concerns of a plan in batches; known ones in the order of their ids."""
    for start in range(0, len(plan.new), BATCH):
        add_rows(plan.new[start : start + BATCH])
    plan.changed.sort(key=lambda each: each.pk)
    for start in range(0, len(plan.changed), BATCH):
        change_rows(plan.changed[start : start + BATCH], FACTS)


def erase_old(now: datetime) -> int:
    """Erase concerns whose time to be kept is over.

    Returns:
        How many were erased.
    """
    today = local_date(now, profiles.zone())
    months = retention_schedule.months_of(KEPT_CLASS, today)
    old = ElsewhereConcern.objects.filter(closed_on__lt=add_months(today, -months))
    with transaction.atomic():
        erased = old.delete()[0]
        if erased:
            record_by_service(SERVICE, now, kind="register.erased", data={"erased": erased})
    return erased


def sentences(report: Report) -> list[str]:
    """Return the report line by line, as a command prints it."""
    said = [f"{count:>7} {what}" for what, count in counts_of(report)]
    said += [f"Line {line}: {reason}." for line, reason in report.refused[:LINES_SHOWN]]
    if len(report.refused) > LINES_SHOWN:
        said.append(f"And {len(report.refused) - LINES_SHOWN} more lines.")
    return said


def counts_of(report: Report) -> list[tuple[str, int]]:
    """Return (what, how many) for everything that the register changes."""
    return [
        ("new concerns", report.new),
        ("concerns whose days or outcome change", report.changed),
        ("concerns that are here already", report.here),
        ("lines refused", len(report.refused)),
    ]


def _report(plan: _Plan) -> Report:
    return Report(len(plan.new), len(plan.changed), plan.here, plan.refused)


def _record(report: Report, actor: str, now: datetime) -> None:
    counts = {"new": report.new, "changed": report.changed, "here": report.here}
    counts["refused"] = len(report.refused)
    Event.append(chain=SERVICE, at=now, actor=actor, role="", kind="register.imported", data=counts)


def _compare(lines: Iterable[RegisterLine], refused: list[Refusal], today: date) -> _Plan:
    days = calendars()
    here = {each.label: each for each in ElsewhereConcern.objects.iterator()}
    plan = _Plan(refused=list(refused))
    for line in lines:
        label = _label(line.reference.casefold())
        old = here.get(label)
        if old is None and _is_here_with_other_zeros(line.reference, here):
            plan.refused.append(Refusal(line.line, LOST_ZEROS))
            continue
        try:
            found = _fact(line, label, old, days[line.division], today)
        except CalendarEnds:
            plan.refused.append(Refusal(line.line, "a day after the last known bank holiday"))
            continue
        if old is None:
            plan.new.append(found)
        elif _facts(old) == _facts(found):
            plan.here += 1
        else:
            found.pk = old.pk
            plan.changed.append(found)
    plan.refused.sort()
    return plan


def _label(key: str) -> str:
    return handle("earlier register", key)


def _is_here_with_other_zeros(reference: str, here: Collection[str]) -> bool:
    """Return whether a spreadsheet seems to have taken zeros off a number, or added."""
    if not here or not reference.isdecimal():
        return False
    number = reference.lstrip("0")
    return any(_label("0" * zeros + number) in here for zeros in range(MOST_ZEROS))


def _fact(
    line: RegisterLine, label: str, old: ElsewhereConcern | None, days: Calendar, today: date
) -> ElsewhereConcern:
    """Return the row of a line; a known concern keeps the day it was logged.

    Raises:
        CalendarEnds: The day is after the last known bank holiday.
    """
    logged = line.logged or (old.logged_on if old is not None else today)
    return ElsewhereConcern(
        label=label,
        first_contact_on=line.first_contact,
        logged_on=logged,
        closed_on=line.closed,
        outcome=line.outcome,
        in_time=is_in_time(line.first_contact, logged, days),
    )


def _facts(row: ElsewhereConcern) -> list[object]:
    return [getattr(row, name) for name in FACTS]
