"""Reminders of training that ends, and the handover where it has ended (domain.md 11.2)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta

import pytest

from grievances.audit.models import Event
from grievances.cases.models.case import Case
from grievances.cases.notices.recipients import at_work
from grievances.deadlines.certificate_reminders import tell_of_training
from grievances.people.models import Training, User
from grievances.vocabulary import Certificate
from grievances.web.cases.presenters.inbox import inbox_line
from notifications.models import Notice
from tests.factories import cases
from tests.factories.cases import at
from tests.factories.people import Staff

pytestmark = pytest.mark.django_db

END = date(2027, 3, 31)
INVESTIGATE = Certificate.INVESTIGATE.value


def noon(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 12, tzinfo=at(0).tzinfo)


def ends(person: User, day: date, certificate: str = INVESTIGATE) -> Training:
    row = Training.objects.get(person=person, certificate=certificate)
    row.expires_on = day
    row.save()
    return row


def told(person: User, kind: str) -> list[Notice]:
    own = Notice.objects.filter(handle=at_work(person).handle, kind=kind, channel="inbox")
    return list(own.order_by("pk"))


def told_on(person: User, days_before: Iterable[int]) -> list[int]:
    """The days before the end, of these on which the work runs, on which the person is told."""
    found = []
    for left in days_before:
        before = len(told(person, "certificate"))
        tell_of_training(noon(END - timedelta(days=left)))
        found += [left] * (len(told(person, "certificate")) - before)
    return found


def test_it_is_said_sixty_thirty_and_seven_days_before_and_never_twice(staff: Staff) -> None:
    ends(staff["handler1"], END)
    assert told_on(staff["handler1"], [*range(70, -1, -1), 3]) == [60, 30, 7]
    notice = told(staff["handler1"], "certificate")[0]
    assert "31 March 2027" in inbox_line(notice)
    assert "INVESTIGATE" not in str(notice.context)


def test_what_was_missed_while_nothing_ran_is_said_afterwards(staff: Staff) -> None:
    ends(staff["handler1"], END)
    assert told_on(staff["handler1"], [61, 28, 27, 4, 0]) == [28, 4]


@pytest.mark.parametrize("case", ["renewed", "suspended", "left", "later"])
def test_nothing_is_said_where_there_is_nothing_to_do(staff: Staff, case: str) -> None:
    row = ends(staff["handler1"], END if case != "later" else END + timedelta(days=100))
    if case == "renewed":
        Training.objects.create(
            person=row.person,
            certificate=INVESTIGATE,
            issued_on=END - timedelta(days=50),
            expires_on=END + timedelta(days=700),
        )
    Training.objects.filter(pk=row.pk).update(suspended=case == "suspended")
    User.objects.filter(pk=row.person_id).update(is_active=case != "left")
    days = range(45, -1, -1) if case == "renewed" else range(65, -1, -1)
    assert told_on(staff["handler1"], days) == []


@pytest.fixture
def lapsing(staff: Staff) -> Case:
    case = cases.in_investigation(staff)
    ends(staff["handler1"], at(3).date())
    return case


def lapses(case: Case) -> list[Event]:
    return list(Event.objects.filter(chain=case.reference, kind="case.training_lapsed"))


def test_the_lead_hands_over_the_case_of_a_handler_whose_training_has_ended(
    staff: Staff, lapsing: Case
) -> None:
    tell_of_training(at(3))
    assert not lapses(lapsing), "the last day is a day with training"
    for day in (4, 5, 6):
        tell_of_training(at(day))
    assert [event.data for event in lapses(lapsing)] == [{"role": "handler"}]
    (notice,) = told(staff["lead1"], "training_ended")
    assert notice.link == f"/cases/{lapsing.reference}/change_handler/"
    assert inbox_line(notice).startswith(f"{lapsing.reference}: Handler: training has ended.")
    assert len(told(staff["handler1"], "certificate")) == 1, "before the end"
    assert len(told(staff["handler1"], "training_ended")) == 1
    assert not told(staff["decider1"], "certificate")


def test_a_suspended_certificate_starts_it_too(staff: Staff, lapsing: Case) -> None:
    Training.objects.filter(person=staff["handler1"]).update(
        expires_on=at(900).date(), suspended=True
    )
    for day in (2, 3, 4):
        tell_of_training(at(day))
    assert len(lapses(lapsing)) == 1, "once, however long it is suspended"
    assert len(told(staff["handler1"], "training_ended")) == 1


def test_a_refresher_within_twenty_working_days_keeps_the_role_until_then(
    staff: Staff, lapsing: Case
) -> None:
    booked = at(3).date() + timedelta(days=20)
    row = Training.objects.create(
        person=staff["handler1"],
        certificate=INVESTIGATE,
        issued_on=booked,
        expires_on=booked + timedelta(days=700),
    )
    tell_of_training(noon(booked - timedelta(days=1)))
    tell_of_training(noon(booked))
    assert not lapses(lapsing)
    row.issued_on = booked + timedelta(days=30)
    row.save()
    tell_of_training(noon(booked))
    assert len(lapses(lapsing)) == 1, "it is booked too late"


def test_a_closed_case_is_left_alone(staff: Staff) -> None:
    case = cases.closed(staff)
    ends(staff["handler1"], at(3).date())
    tell_of_training(at(40))
    assert not lapses(case)
