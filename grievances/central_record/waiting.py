"""Keep the lines of a register from dry run to confirmation: a day at most."""

from __future__ import annotations

import json
from datetime import date, datetime, timedelta

from grievances.cases.access import rules
from grievances.cases.actions.actor import Caller, NotAllowed
from grievances.central_record import importing
from grievances.central_record.importing import Report
from grievances.central_record.lines import RegisterLine, read_register
from grievances.central_record.models import WaitingRegister
from grievances.encryption.server_keys import open_for_server, seal_for_server
from grievances.policy import profiles
from grievances.staff_directory.staff_file.layout import Layout
from grievances.staff_directory.staff_file.rows import Refusal
from workflow.calendar import local_date

KEPT = timedelta(days=1)
RULE = "keep_register"

Read = tuple[list[RegisterLine], list[Refusal]]


def require_keeper(caller: Caller, now: datetime) -> None:
    """Refuse everyone who does not keep the register.

    Raises:
        NotAllowed: The caller does not keep it.
    """
    if caller.who is None or not rules.may(caller.who, RULE, _today(now)):
        raise NotAllowed


def keep_lines(caller: Caller, content: bytes, *, now: datetime) -> None:
    """Read a file and keep its lines, in the place of those of an earlier file.

    Raises:
        NotAllowed: The caller does not keep the register.
        FileRefused: The file as a whole cannot be used.
    """
    require_keeper(caller, now)
    forget_old(now)
    lines, refused = read_register(content, Layout(), _today(now))
    row = WaitingRegister(by=caller.person, at=now)
    sealed = seal_for_server(_packed(lines, refused), row.place)
    WaitingRegister.objects.update_or_create(
        by=caller.person, defaults={"at": now, "sealed": sealed}
    )


def check_lines(caller: Caller, now: datetime) -> Report | None:
    """Return what the waiting lines would change, or None where none wait.

    Raises:
        NotAllowed: The caller does not keep the register.
        FileRefused: A division has no bank holidays.
    """
    waiting = _waiting(caller, now)
    return None if waiting is None else importing.dry_run(*waiting, now=now)


def import_lines(caller: Caller, now: datetime, *, skip_refused: bool) -> Report | None:
    """Import the waiting lines and remove them.

    Returns:
        What was changed, or None where no lines wait.

    Raises:
        NotAllowed: The caller does not keep the register.
        FileRefused: A division has no bank holidays.
        ImportRefused: A line is refused.
    """
    waiting = _waiting(caller, now)
    if waiting is None:
        return None
    actor = caller.handle_as("lead")
    report = importing.apply(*waiting, actor=actor, now=now, skip_refused=skip_refused)
    WaitingRegister.objects.filter(by=caller.person).delete()
    return report


def forget_old(now: datetime) -> int:
    """Remove lines that have waited for a day.

    Returns:
        How many files they came from.
    """
    return WaitingRegister.objects.filter(at__lt=now - KEPT).delete()[0]


def _waiting(caller: Caller, now: datetime) -> Read | None:
    require_keeper(caller, now)
    row = WaitingRegister.objects.filter(by=caller.person, at__gte=now - KEPT).first()
    return None if row is None else _unpacked(open_for_server(bytes(row.sealed), row.place))


def _packed(lines: list[RegisterLine], refused: list[Refusal]) -> bytes:
    rows = [
        [each.line, each.reference, each.first_contact.isoformat(),
         each.logged.isoformat() if each.logged else "", each.closed.isoformat(), each.outcome,
         each.division]
        for each in lines
    ]  # fmt: skip
    return json.dumps([rows, refused]).encode()


def _unpacked(packed: bytes) -> Read:
    rows, refused = json.loads(packed)
    day = date.fromisoformat
    lines = [
        RegisterLine(line, reference, day(first), day(logged) if logged else None, day(closed),
                     outcome, division)
        for line, reference, first, logged, closed, outcome, division in rows
    ]  # fmt: skip
    return lines, [Refusal(line, reason) for line, reason in refused]


def _today(now: datetime) -> date:
    return local_date(now, profiles.zone())
