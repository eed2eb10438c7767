"""Ask for hand-over notes when leave begins, and tell the complainant who is away.

The person is asked on the last two working days before their leave, once for each case and leave.
"""

from __future__ import annotations

import logging
from datetime import date, datetime

from django.db import transaction

from grievances.audit.models import Event, record_by_service
from grievances.cases.declaration import NoticeKind
from grievances.cases.models.assignments import CaseUserObjectPermission
from grievances.cases.models.case import Case
from grievances.cases.models.readers import BEGUN, HANDED_OVER, owe_handover
from grievances.cases.notices import sending
from grievances.cases.notices.recipients import at_work
from grievances.cases.step_names import StepName
from grievances.deadlines.reminders import FAULTS
from grievances.people.models import Leave
from grievances.policy import profiles
from grievances.vocabulary import Division
from workflow.calendar import Calendar, local_date

log = logging.getLogger("fairhearing.clocks")

ASKED = "case.handover_asked"

WORKING_DAYS_BEFORE = 2

LONG_ENOUGH = 5
"""Working days of leave from which a hand-over is asked for. The number is ours."""


def ask_before_leave(now: datetime) -> int:
    """Ask all whose leave begins within two working days.

    A fault with one leave is logged and keeps the question from no one else.

    Returns:
        For how many cases a hand-over was asked for.
    """
    today = local_date(now, profiles.zone())
    days = profiles.calendar(Division.ENG_WLS)
    soon = Leave.objects.filter(
        from_on__lte=days.add(today, WORKING_DAYS_BEFORE), until_on__gte=today
    )
    rows = soon.select_related("person__key_pair").order_by("pk")
    return sum(_try(leave, now, today) for leave in rows if _is_long(leave, days))


def _is_long(leave: Leave, days: Calendar) -> bool:
    """Return whether a hand-over is asked for.

    Days that the calendar does not know add nothing.
    """
    return days.between(leave.from_on, min(leave.until_on, days.last_day)) + 1 >= LONG_ENOUGH


def _try(leave: Leave, now: datetime, today: date) -> int:
    try:
        return _ask(leave, now, today)
    except FAULTS as error:
        log.error("leave %s: no hand-over was asked for: %s", leave.pk, type(error).__name__)
        return 0


@transaction.atomic
def _ask(leave: Leave, now: datetime, today: date) -> int:
    grants = CaseUserObjectPermission.objects.filter(
        user=leave.person,
        permission__codename__in=[role.value for role in HANDED_OVER],
        content_object__state__in=BEGUN,
    )
    asked = 0
    for grant in grants.select_related("content_object", "permission").order_by("pk"):
        case, role = grant.content_object, grant.permission.codename
        key = f"{case.reference}:{ASKED}:{role}:{leave.from_on.isoformat()}"
        if Event.objects.filter(key=key).exists():
            continue
        _ask_for_handover(leave, case, role, key, now, today)
        asked += 1
    return asked


def _ask_for_handover(
    leave: Leave, case: Case, role: str, key: str, now: datetime, today: date
) -> None:
    """Owe a hand-over note, and tell the person who goes away and those beside them."""
    owe_handover(case, role, today, has_left=False)
    facts = {"role": role, "from_day": str(leave.from_on), "until_day": str(leave.until_on)}
    event = record_by_service(case.reference, now, kind=ASKED, data=facts, key=key)
    sending.announce(case, event, now=now, today=today)
    sending.tell(
        at_work(leave.person),
        kind=NoticeKind.ANSWER_NEEDED,
        link=f"/cases/{case.reference}/{StepName.WRITE_HANDOVER}/",
        key=f"{key}:own",
        chain=case.reference,
        now=now,
    )
