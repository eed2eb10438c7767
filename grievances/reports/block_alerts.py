"""Somebody asks for numbers that could point to a person: the data-protection officer is told."""

from datetime import date, datetime

from grievances.audit.models import SERVICE, Event
from grievances.cases.notices import sending
from grievances.cases.notices.recipients import at_work
from grievances.people.models import in_office
from grievances.vocabulary import Office

TOLD_AT = (1, 5)
"""Which refusals of a day the officers hear of: the first, and the fifth (domain.md 10.4)."""
BLOCKED = "report.blocked"


def tell_of_blocks(now: datetime, today: date) -> int:
    """Tell each officer when today's refusals have reached a number; returns how many were told.

    `today` is the local date, `now` an aware instant of it. What was asked is not in the notice.
    """
    refused = Event.objects.filter(chain=SERVICE, kind=BLOCKED, at__date=today).count()
    if refused not in TOLD_AT:
        return 0
    officers = list(in_office(Office.DPO, today))
    for officer in officers:
        sending.tell(
            at_work(officer),
            kind="numbers_blocked",
            link="/inbox/",
            key=f"numbers_blocked:{today}:{refused}:{officer.pk}",
            now=now,
        )
    return len(officers)
