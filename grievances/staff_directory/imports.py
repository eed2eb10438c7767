"""Import a file: work out what it changes, and do all of it or nothing.

The dry run does the same in a transaction that is rolled back, so that it cannot say anything else
than what will be. Conflicts of open cases are worked out by the functions of daily work.
"""

from __future__ import annotations

import gc
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from django.db import transaction

from grievances.audit.models import SERVICE, Event
from grievances.policy import profiles
from grievances.staff_directory.changes import write
from grievances.staff_directory.comparison import Choices, Comparison
from grievances.staff_directory.consequences import Effects, follow, record
from grievances.staff_directory.plan import Change
from grievances.staff_directory.register import Register, lock_directory
from grievances.staff_directory.staff_file.layout import Layout, find_columns
from grievances.staff_directory.staff_file.reading import read_rows
from grievances.staff_directory.staff_file.rows import Refusal, without_mark
from grievances.staff_directory.staff_file.tables import FileRefused, read_table
from workflow.calendar import local_date

OLD = timedelta(days=30)
MANY = 0.2
"""The share of people gone, above which the import is confirmed a second time."""


class Doubt(StrEnum):
    """What has to be confirmed a second time before a file is imported."""

    OLD_FILE = "old-file"
    MANY_GONE = "many-gone"
    LOST_LINE = "lost-line"


DOUBTS = {
    Doubt.OLD_FILE: "The file is more than 30 days old.",
    Doubt.MANY_GONE: "More than a fifth of the people who are here now would be gone.",
    Doubt.LOST_LINE: "A line that is refused may be about someone who would be gone.",
}


@dataclass(frozen=True)
class Report:
    """What a file changes. It names lines and no person and no case.

    Lines of `comments` are taken all the same.
    """

    people: int
    unchanged: int
    kinds: Counter[Change]
    new_units: int
    changed_units: int
    refused: list[Refusal]
    comments: list[Refusal]
    effects: Effects
    doubts: tuple[Doubt, ...]
    unread: tuple[str, ...] = ()
    """Headings of the columns that were not read, in plain form."""


@dataclass(frozen=True)
class Import:
    """A file, how it is laid out, when it was exported, and what was chosen."""

    content: bytes
    layout: Layout
    exported_on: date
    choices: Choices = Choices()
    skip_refused: bool = False
    confirmed: frozenset[Doubt] = frozenset()


class ImportRefused(Exception):
    """The import was not done; `report` says what it would have changed."""

    def __init__(self, sentence: str, report: Report) -> None:
        super().__init__(sentence)
        self.report = report


def dry_run(job: Import, *, now: datetime) -> Report:
    """Return what the import would change; nothing is changed.

    Raises:
        FileRefused: The file as a whole cannot be used.
    """
    with _without_collector(), transaction.atomic():
        report = _work(job, "system", now)
        transaction.set_rollback(True)
    return report


@transaction.atomic
def apply(job: Import, *, actor: str, now: datetime) -> Report:
    """Import the file in one transaction.

    Returns:
        What was changed, and which lines were left out.

    Raises:
        FileRefused: The file as a whole cannot be used.
        ImportRefused: A line is refused, or a doubt is not confirmed. Nothing is changed.
    """
    with _without_collector():
        report = _work(job, actor, now)
    if report.refused and not job.skip_refused:
        raise ImportRefused("Lines are refused. Mend them, or leave them out.", report)
    open_doubts = [DOUBTS[doubt] for doubt in report.doubts if doubt not in job.confirmed]
    if open_doubts:
        raise ImportRefused(f"{' '.join(open_doubts)} Confirm this as well.", report)
    return report


@contextmanager
def _without_collector() -> Iterator[None]:
    """Let Python's search for reference cycles rest: an import makes none, and many objects."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _work(job: Import, actor: str, now: datetime) -> Report:
    today = local_date(now, profiles.zone())
    if job.exported_on > today:
        raise FileRefused("The file cannot be from a later day than today. Give its day again.")
    sheet = find_columns(read_table(job.content, job.layout.sheet), job.layout)
    rows, refused = read_rows(sheet, today)
    mentioned = {without_mark(text).casefold() for text in sheet.texts("username")}
    lock_directory()
    register = Register.read(today)
    here = sum(1 for _ in register.active)
    comparison = Comparison(register, {row.key: row for row in rows}, job.choices, today, refused)
    comparison.run(mentioned)
    ids = {key: account.pk for key, account in register.people.items()}
    effects = follow(write(comparison.plan, ids), now)
    report = _report(comparison, effects, here, today - job.exported_on, sheet.unread)
    record(comparison.plan.changes, ids, actor, now)
    _record_import(report, actor, now)
    return report


def _report(
    comparison: Comparison, effects: Effects, here: int, age: timedelta, unread: tuple[str, ...]
) -> Report:
    plan = comparison.plan
    kinds = Counter(change for changes in plan.changes.values() for change in changes)
    open_doubts = {
        Doubt.OLD_FILE: age > OLD,
        Doubt.MANY_GONE: kinds[Change.LEFT] > MANY * here,
        Doubt.LOST_LINE: comparison.may_be_refused,
    }
    return Report(
        people=len(plan.changes),
        unchanged=len(comparison.rows.keys() - plan.changes.keys()),
        kinds=kinds,
        new_units=len(plan.units),
        changed_units=len(plan.changed_units),
        refused=comparison.refused,
        comments=comparison.comments,
        effects=effects,
        doubts=tuple(doubt for doubt, is_open in open_doubts.items() if is_open),
        unread=unread,
    )


def _record_import(report: Report, actor: str, now: datetime) -> None:
    """Record the import as a whole, after its changes: how many, and the doubts confirmed."""
    counts = {str(kind): count for kind, count in sorted(report.kinds.items())}
    data = {
        "people": report.people,
        "kinds": counts,
        "new_units": report.new_units,
        "changed_units": report.changed_units,
        "refused": len(report.refused),
        "parts_ended": report.effects.parts_ended,
        "newly_conflicted": report.effects.newly_conflicted,
        "confirmed": [str(doubt) for doubt in report.doubts],
    }
    Event.append(
        chain=SERVICE, at=now, actor=actor, role="directory", kind="directory.imported", data=data
    )
