"""Reminders that a certificate ends, and handovers once it has ended.

Source: domain.md 11.2. Reminders come 60, 30 and 7 calendar days before the last day. Someone whose
certificate has ended keeps a role in an open case only while a refresher is booked within 20
working days: a certificate of the same kind that is issued by then. Otherwise the casework lead is
told to hand the role over (domain.md 5.2, T34).
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from django.db import transaction

from grievances.audit.models import Event, record_by_service
from grievances.cases.declaration import NoticeKind
from grievances.cases.models.assignments import CaseUserObjectPermission
from grievances.cases.models.case import Case
from grievances.cases.models.readers import BEGUN, owe_handover
from grievances.cases.notices import sending
from grievances.cases.notices.recipients import at_work
from grievances.cases.step_names import StepName
from grievances.people.models import Training, User, is_certified
from grievances.policy import profiles
from grievances.vocabulary import CERTIFICATES_FOR, OPEN, Certificate, Role
from workflow.calendar import local_date

DAYS_BEFORE = (60, 30, 7)
"""Calendar days before the last day of a certificate."""
BOOKED_WITHIN = 20
"""Working days after the last day in which a refresher must begin."""
LAPSED = "case.training_lapsed"


def tell_of_training(now: datetime) -> int:
    """Send the reminders that are due and start handovers, each once.

    A reminder that was missed, because nothing ran on its day, is sent now.

    Returns:
        How many certificates end within 60 days, and how many handovers were started.
    """
    today = local_date(now, profiles.zone())
    return _remind(now, today) + sum(
        _start_handover(*found, now, today) for found in _lapsed(today)
    )


@transaction.atomic
def _remind(now: datetime, today: date) -> int:
    ending = Training.objects.filter(
        person__is_active=True,
        suspended=False,
        expires_on__range=(today, today + timedelta(days=max(DAYS_BEFORE))),
    )
    found = 0
    for row in ending.select_related("person__key_pair").order_by("pk"):
        if _is_renewed(row):
            continue
        days = min(n for n in DAYS_BEFORE if row.expires_on - timedelta(days=n) <= today)
        found += 1
        sending.tell(
            at_work(row.person),
            kind=NoticeKind.CERTIFICATE,
            link="/account/",
            key=f"certificate:{row.pk}:{row.expires_on}:{days}",
            context={"due": row.expires_on.isoformat()},
            now=now,
        )
    return found


def _is_renewed(row: Training) -> bool:
    later = Training.objects.filter(person=row.person_id, certificate=row.certificate)
    return later.filter(suspended=False, expires_on__gt=row.expires_on).exists()


def _lapsed(today: date) -> Iterator[tuple[Case, User, Role, date]]:
    """Yield case, person, role and last day for each role without its training."""
    grants = CaseUserObjectPermission.objects.filter(
        content_object__state__in=OPEN, permission__codename__in=[*CERTIFICATES_FOR]
    )
    rows = grants.select_related("content_object", "user__key_pair", "permission")
    for row in rows.prefetch_related("user__training").order_by("pk").iterator(chunk_size=500):
        role = Role(row.permission.codename)
        if is_certified(row.user, role, today):
            continue
        ended_on = min(_ended_on(row.user, each, today) for each in CERTIFICATES_FOR[role])
        if not _is_booked(row.content_object, row.user, role, ended_on, today):
            yield row.content_object, row.user, role, ended_on


def _ended_on(person: User, certificate: Certificate, today: date) -> date:
    """Return the last day of a certificate, and of a suspended one the first day.

    So the day stays the same while the certificate is suspended, and no refresher keeps the role.
    """
    ends = [
        row.issued_on if row.suspended else row.expires_on
        for row in person.training.all()
        if row.certificate == certificate and row.issued_on <= today
    ]
    return max(ends, default=date.min)


def _is_booked(case: Case, person: User, role: Role, ended_on: date, today: date) -> bool:
    """Return whether training for the role begins again within the days for it."""
    if ended_on == date.min:
        return False
    days = profiles.calendar(case.division)
    latest = days.add(ended_on, BOOKED_WITHIN)
    begins = [row.issued_on for row in person.training.all() if today < row.issued_on <= latest]
    return any(is_certified(person, role, day) for day in begins)


@transaction.atomic
def _start_handover(
    case: Case, person: User, role: Role, ended_on: date, now: datetime, today: date
) -> int:
    """Record a role without its training; tell the lead and the person, once.

    Returns:
        1 the first time, 0 when it was recorded before.
    """
    key = f"{case.reference}:{LAPSED}:{role.value}:{ended_on.isoformat()}"
    if Event.objects.filter(key=key).exists():
        return 0
    _ask_to_hand_over(case, role, now, today)
    data = {"role": role.value}
    event = record_by_service(case.reference, now, kind=LAPSED, data=data, key=key)
    page = StepName.CHANGE_HANDLER + "/" if role == Role.HANDLER else ""
    link = f"/cases/{case.reference}/{page}"
    sending.announce(case, event, now=now, today=today, link=link, context={"role": role.value})
    sending.tell(
        at_work(person),
        kind=NoticeKind.TRAINING_ENDED,
        link="/account/",
        key=f"{key}:own",
        now=now,
        chain=case.reference,
    )
    return 1


def _ask_to_hand_over(case: Case, role: Role, now: datetime, today: date) -> None:
    """Ask for a note where work has begun, and tell the complainant, once."""
    begun = case.working_state in BEGUN
    if begun and owe_handover(case, role, today, has_left=False):
        data = {"role": role.value}
        asked = record_by_service(case.reference, now, kind="case.handover_asked", data=data)
        sending.announce(case, asked, now=now, today=today)
