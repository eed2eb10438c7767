"""The demonstration of real size: a small part of the published year, in its proportions."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import transaction
from django.db.models import F, Q, QuerySet, Sum
from pytest_django import DjangoDbBlocker

from grievances.audit.models import Event
from grievances.cases.models.case import Allegation, Case
from grievances.cases.models.deadlines import Action
from grievances.cases.models.parties import Party
from grievances.deadlines.recompute import differences
from grievances.demo.planning import Shape
from grievances.demo.year import BEGIN, END, PUBLISHED, tell_year
from grievances.reports.fact_models import StaffCount
from grievances.reports.snapshot_models import Rebase
from grievances.surveys.comment_models import Remark
from grievances.vocabulary import State
from workflow.chain import verify

pytestmark = pytest.mark.django_db

SCALE = 0.01


@contextmanager
def _undone(blocker: DjangoDbBlocker) -> Iterator[None]:
    """The database of the test, put back afterwards."""
    with blocker.unblock(), transaction.atomic():
        yield
        transaction.set_rollback(True)


def _walk_back(case: Case) -> str:
    """The state a case's events lead to, from the draft on; fails where they do not join."""
    state = State.DRAFT.value
    told = Event.objects.filter(chain=case.reference, kind__startswith="case.").order_by("seq")
    for event in told.exclude(kind__regex=r"reader_announced|(reader|mediator)_admitted"):
        assert event.data["from"] == state, f"{case}: {event.kind} begins elsewhere"
        state = event.data["to"]
    return state


@pytest.fixture(scope="class")
def year(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Shape]:
    """A small part of the published year, in its proportions."""
    with _undone(django_db_blocker):
        call_command("load_holidays", stdout=StringIO())
        call_command("load_policy", stdout=StringIO())
        tell_year(7, lambda day, share: None, scale=SCALE)
        yield PUBLISHED.scaled(SCALE)


@pytest.mark.slow
class TestThePublishedYear:
    def test_concludes_exactly_as_many_concerns_as_planned(self, year: Shape) -> None:
        assert _concluded().count() == year.concerns

    def test_upholds_exactly_as_many_as_planned(self, year: Shape) -> None:
        assert _concluded().filter(outcome__in=["UPHELD", "PARTLY"]).count() == year.upheld

    def test_counts_people_apart_from_concerns(self, year: Shape) -> None:
        parties = Party.objects.filter(case__in=_concluded(), standing="COMPLAINANT")
        assert len({party.person_id for party in parties}) == year.people < year.concerns

    def test_leaves_the_assumed_number_open(self, year: Shape) -> None:
        rest = Case.unguarded.exclude(pk__in=_concluded().values("pk"))
        assert rest.count() == year.open
        assert not rest.filter(state__in=[State.CLOSED, State.ARCHIVED]).exists()

    def test_reached_every_state_by_events_in_time_order(self, year: Shape) -> None:
        for case in Case.unguarded.all():
            assert _walk_back(case) == case.state
            told = Event.objects.filter(chain=case.reference).order_by("seq")
            moments = list(told.values_list("at", flat=True))
            assert moments == sorted(moments)
        assert verify(Event).ok

    def test_keeps_every_date_as_its_events_say(self, year: Shape) -> None:
        for case in Case.unguarded.all():
            events = list(Event.objects.filter(chain=case.reference).order_by("seq"))
            for row in case.deadlines.select_related("case"):
                assert differences(row, events) == [], f"{case}: {row.name}"

    def test_has_the_staff_of_the_published_rate_in_every_quarter(self, year: Shape) -> None:
        for quarter in ("2021-22-Q3", "2022-23-Q4"):
            staff = StaffCount.objects.filter(quarter=quarter).aggregate(all=Sum("staff"))["all"]
            assert 100 * year.people / staff == pytest.approx(1.5, rel=0.01)

    def test_says_what_concerns_are_about_and_does_what_was_promised(self, year: Shape) -> None:
        assert Allegation.objects.filter(number=1).exclude(tag="").exists()
        done = Action.objects.filter(done_on__isnull=False)
        assert done.filter(done_on__lte=F("due_on")).exists()

    def test_what_was_written_has_been_prepared_and_waits_or_is_printed(self, year: Shape) -> None:
        assert not Remark.objects.filter(agreed_by=None).exists()
        assert {row.period for row in Rebase.objects.all()} == {"2022-23-M01"}

    def test_stays_within_its_dates(self, year: Shape) -> None:
        outside = Q(received_on__lt=BEGIN) | Q(received_on__gt=END) | Q(received_on__isnull=True)
        assert not Case.unguarded.filter(outside).exists()


def test_the_published_totals_are_those_of_the_report() -> None:
    assert (PUBLISHED.concerns, PUBLISHED.people, PUBLISHED.upheld) == (1082, 923, 528)
    assert round(PUBLISHED.upheld / PUBLISHED.concerns, 3) == 0.488


def _concluded() -> QuerySet[Case]:
    period = (date(2022, 4, 1), date(2023, 3, 31))
    return Case.unguarded.filter(Q(outcome_on__range=period) | Q(closed_on__range=period))
