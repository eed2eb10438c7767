"""Alerts to the data-protection officers about refused questions.

A question is refused where its number could point to a person.
"""

from datetime import date, datetime

from grievances.audit.models import SERVICE, Event
from grievances.cases.notices import sending
from grievances.cases.notices.recipients import at_work
from grievances.people.models import in_office
from grievances.vocabulary import Office

TOLD_AT = (1, 5)
"""The refusals of a day at which the officers are notified (domain.md 10.4).

They are the first and the fifth.
"""
BLOCKED = "report.blocked"


def tell_of_blocks(now: datetime, today: date) -> int:
    """Return how many officers were notified of today's refused questions.

    Each officer is notified when the refusals reach a number of `TOLD_AT`. `today` is the local
    date, `now` an aware instant of it. The notice does not say what was asked.
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
