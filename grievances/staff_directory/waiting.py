"""Keep an uploaded file between its dry run and its yes, sealed and for a day at most."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from grievances.cases.actions.actor import Caller
from grievances.encryption.server_keys import open_for_server, seal_for_server
from grievances.policy import profiles
from grievances.staff_directory.comparison import Choices
from grievances.staff_directory.imports import Doubt, Import, Report, apply, dry_run
from grievances.staff_directory.keeping import require_keeper
from grievances.staff_directory.models import WaitingFile
from grievances.staff_directory.staff_file.layout import kept_layout
from workflow.calendar import local_date

KEPT = timedelta(days=1)
PLACE = "staff file"


def keep_file(
    caller: Caller, content: bytes, exported_on: date, *, keep_missing: bool, now: datetime
) -> None:
    """Keep a file that waits for this person's yes, in the place of an earlier one.

    Raises:
        NotAllowed: The caller does not keep the directory.
    """
    require_keeper(caller, local_date(now, profiles.zone()))
    forget_old(now)
    values = {
        "at": now,
        "exported_on": exported_on,
        "keep_missing": keep_missing,
        "sealed": seal_for_server(content, f"{PLACE}|{caller.person.pk}"),
    }
    WaitingFile.objects.update_or_create(by=caller.person, defaults=values)


def check_file(caller: Caller, now: datetime) -> Report | None:
    """Return what the waiting file would change, or None where no file waits.

    Raises:
        NotAllowed: The caller does not keep the directory.
        FileRefused: The file as a whole cannot be used.
    """
    job = _job(caller, now)
    return None if job is None else dry_run(job, now=now)


def import_file(
    caller: Caller, now: datetime, *, skip_refused: bool, confirmed: frozenset[Doubt]
) -> Report | None:
    """Import the waiting file and remove it.

    Returns:
        What was changed, or None where no file waits.

    Raises:
        NotAllowed: The caller does not keep the directory.
        FileRefused: The file as a whole cannot be used.
        ImportRefused: A line is refused, or a doubt is not confirmed.
    """
    job = _job(caller, now, skip_refused=skip_refused, confirmed=confirmed)
    if job is None:
        return None
    report = apply(job, actor=caller.handle_as(""), now=now)
    WaitingFile.objects.filter(by=caller.person).delete()
    return report


def forget_old(now: datetime) -> int:
    """Remove files that have waited for a day.

    Returns:
        How many files were removed.
    """
    return WaitingFile.objects.filter(at__lt=now - KEPT).delete()[0]


def _job(
    caller: Caller,
    now: datetime,
    *,
    skip_refused: bool = False,
    confirmed: frozenset[Doubt] = frozenset(),
) -> Import | None:
    require_keeper(caller, local_date(now, profiles.zone()))
    row = WaitingFile.objects.filter(by=caller.person, at__gte=now - KEPT).first()
    if row is None:
        return None
    return Import(
        content=open_for_server(bytes(row.sealed), f"{PLACE}|{caller.person.pk}"),
        layout=kept_layout(),
        exported_on=row.exported_on,
        choices=Choices(keep_missing=row.keep_missing, own=caller.person.username.casefold()),
        skip_refused=skip_refused,
        confirmed=confirmed,
    )
