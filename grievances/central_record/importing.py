"""Import an earlier register: work out what is new, and do all of it or nothing.

The same file a second time changes nothing. A line whose days were corrected is changed. The trail
records how many, and no reference.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db import transaction

from grievances.audit.models import SERVICE, Event, record_by_service
from grievances.central_record.lines import KEPT_CLASS, RegisterLine, calendars, is_in_time
from grievances.encryption.server_keys import handle
from grievances.policy import profiles, retention_schedule
from grievances.reports.fact_models import ElsewhereConcern
from grievances.staff_directory.staff_file.rows import Refusal
from workflow.calendar import Calendar, CalendarEnds, add_months, local_date

BATCH = 2000
LINES_SHOWN = 200
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
    """Return what importing the lines has changed; it is one transaction.

    Raises:
        FileRefused: A division has no bank holidays.
        ImportRefused: A line is refused. Nothing is changed.
    """
    plan = _compare(lines, refused, local_date(now, profiles.zone()))
    report = _report(plan)
    if report.refused and not skip_refused:
        raise ImportRefused(report)
    ElsewhereConcern.objects.bulk_create(plan.new, batch_size=BATCH)
    ElsewhereConcern.objects.bulk_update(plan.changed, FACTS, batch_size=500)
    counts = {
        "new": report.new,
        "changed": report.changed,
        "here": report.here,
        "refused": len(report.refused),
    }
    Event.append(chain=SERVICE, at=now, actor=actor, role="", kind="register.imported", data=counts)
    return report


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


def _compare(lines: Iterable[RegisterLine], refused: list[Refusal], today: date) -> _Plan:
    days = calendars()
    here = {each.label: each for each in ElsewhereConcern.objects.iterator()}
    plan = _Plan(refused=sorted(refused))
    for line in lines:
        label = handle("earlier register", line.reference.casefold())
        old = here.get(label)
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
    return plan


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
