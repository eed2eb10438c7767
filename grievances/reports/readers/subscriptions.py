"""Who wants to hear when which report is published.

The notice has no figure and no name of a report: the reports are read where opening them is
recorded.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import date, datetime

from django.db import transaction

from grievances.cases.access import rules
from grievances.cases.declaration import NoticeKind
from grievances.cases.notices import sending
from grievances.cases.notices.recipients import at_work
from grievances.people.models import User
from grievances.reports.catalogue import REPORTS
from grievances.reports.periods import Length, read_period
from grievances.reports.snapshot_models import ReportSubscription


def chosen_by(person: User) -> list[str]:
    """Return the names of the reports a person chose, in the order of the catalogue."""
    names = set(ReportSubscription.objects.filter(person=person).values_list("report", flat=True))
    return [name for name in REPORTS if name in names]


@transaction.atomic
def choose(person: User, names: Collection[str]) -> None:
    """Keep the reports a person wants to hear of, in place of those chosen before.

    Raises:
        KeyError: There is no report of such a name.
    """
    wanted = [REPORTS[name].name for name in names]
    ReportSubscription.objects.filter(person=person).exclude(report__in=wanted).delete()
    rows = [ReportSubscription(person=person, report=name) for name in wanted]
    ReportSubscription.objects.bulk_create(rows, ignore_conflicts=True)


def tell_of(made: Iterable[tuple[str, str]], now: datetime, today: date) -> int:
    """Return how many people were told that reports they chose are published.

    `made` are (report, period) of one run. Each person is told once for a run, of quarters and
    years only, and only while they may still open reports. `now` is an aware instant, `today` its
    local date.
    """
    ready = {name for name, period in made if read_period(period).length is not Length.MONTH}
    number: dict[User, int] = defaultdict(int)
    rows = ReportSubscription.objects.filter(report__in=ready).select_related("person__key_pair")
    for row in rows.order_by("person_id", "report"):
        if row.person.is_active and rules.may(row.person, "open_report", today):
            number[row.person] += 1
    for person, count in number.items():
        sending.tell(
            at_work(person),
            kind=NoticeKind.REPORTS_READY,
            link="/reports/",
            key=f"reports_ready:{now.isoformat()}:{person.pk}",
            context={"number": count},
            now=now,
        )
    return len(number)
