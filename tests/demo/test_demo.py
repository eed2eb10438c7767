"""The demonstration: made by the product's own actions, refused in production, done once."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from io import StringIO

import pytest
from django.conf import LazySettings
from django.core.management import CommandError, call_command
from django.db import transaction
from django.db.models import F, Q, QuerySet, Sum
from pytest_django import DjangoDbBlocker

from grievances.audit.models import Event
from grievances.cases.actions.actor import Caller, NotAllowed
from grievances.cases.actions.perform import StepInput, perform
from grievances.cases.models.case import Action, Allegation, Case, CheckIn, Offer
from grievances.cases.models.parties import Party
from grievances.deadlines.recompute import differences
from grievances.demo.accounts import ACCOUNTS, PASSWORD, accounts_text
from grievances.demo.actors import Actors, Plan, WalkedCase
from grievances.demo.organisation import Organisation
from grievances.demo.planning import Shape
from grievances.demo.scheduler import Scheduler
from grievances.demo.year import BEGIN, END, PUBLISHED, tell_year
from grievances.encryption.key_pairs import unlock
from grievances.monitoring.models import MonitoringLink
from grievances.people.models import User, is_certified
from grievances.reports.fact_models import StaffCount
from grievances.reports.snapshot_models import Rebase, Snapshot
from grievances.surveys.comment_models import Remark
from grievances.surveys.models import Invitation, Response
from grievances.surveys.staff_survey_models import PulsePeriod, Waiting
from grievances.vocabulary import Role, State
from grievances.web.shared import clock
from workflow.chain import verify

pytestmark = pytest.mark.django_db

SCALE = 0.01


@contextmanager
def _undone(blocker: DjangoDbBlocker) -> Iterator[None]:
    """The database as it is, and as it was again afterwards."""
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
def said(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[str]:
    """The small demonstration; what the command said."""
    out = StringIO()
    with _undone(django_db_blocker):
        call_command("demo", stdout=out)
        yield out.getvalue()


@pytest.mark.slow
@pytest.mark.usefixtures("said")
class TestTheSmallDemonstration:
    def test_shows_a_case_in_nearly_every_state(self) -> None:
        found = set(Case.unguarded.values_list("state", flat=True))
        assert set(State.values) - found == {State.DRAFT, State.ARCHIVED, State.APPEAL_ALLOCATION}

    def test_reached_every_state_by_events(self) -> None:
        for case in Case.unguarded.all():
            assert _walk_back(case) == case.state

    def test_leaves_a_sound_trail(self) -> None:
        verdict = verify(Event)
        assert verdict.ok, verdict
        assert verdict.chains > Case.unguarded.count()

    def test_ends_at_the_present(self) -> None:
        last = Event.objects.order_by("-at")[0].at
        assert clock.now() - timedelta(days=4) < last <= clock.now()

    def test_has_late_promises_pauses_and_answers_for_the_pages_to_show(self) -> None:
        kinds = set(Event.objects.values_list("kind", flat=True))
        assert {"clock.L3", "clock.survey", "clock.check_in", "case.hold"} <= kinds
        assert Response.objects.count() + Waiting.objects.count() >= 4
        assert MonitoringLink.objects.filter(state="ANSWERED").count() >= 8
        assert PulsePeriod.objects.count() == 1
        assert set(Invitation.objects.values_list("form", flat=True)) >= {"A", "R", "H"}
        assert CheckIn.objects.exclude(worse="").count() >= 4
        assert Snapshot.objects.exists()

    def test_gives_every_handler_a_case_and_leaves_each_room_for_another(self) -> None:
        live = Offer.objects.filter(role=Role.HANDLER, status__in=["sent", "accepted"])
        open_ones = live.exclude(case__state=State.CLOSED)
        held = Counter(open_ones.values_list("candidate__username", flat=True))
        assert set(held) == {"handler1", "handler2", "handler3", "handler4"}
        assert max(held.values()) < 3

    def test_knows_every_account_of_the_contract_by_the_one_password(self) -> None:
        for entry in ACCOUNTS:
            assert unlock(User.objects.get(username=entry.username), PASSWORD)
        assert User.objects.filter(is_superuser=True).get().username == "admin1"

    def test_says_who_can_sign_in(self, said: str) -> None:
        assert accounts_text() in said
        assert PASSWORD in said

    def test_changes_nothing_the_second_time(self) -> None:
        before = (User.objects.count(), Event.objects.count())
        out = StringIO()
        call_command("demo", stdout=out)
        assert "Nothing was changed" in out.getvalue()
        assert (User.objects.count(), Event.objects.count()) == before

    def test_leaves_a_newcomer_free_to_walk_a_concern_to_the_appeal(self) -> None:
        walked, actors = _newcomer()
        actors.take(walked, Role.TRIAGE, "acknowledge", declare=True)
        actors.take(walked, Role.TRIAGE, "check_safety", flags=[])
        actors.take(walked, Role.TRIAGE, "ask_exclusions")
        actors.take(walked, Role.TRIAGE, "agree_formal")
        for role, name in ((Role.HANDLER, "handler1"), (Role.DECIDER, "decider1")):
            assert actors.offer(walked, role, "offer", name)
            actors.take(walked, role, "accept", declare=True)
        actors.take(walked, Role.HANDLER, "begin_investigation", declare=True)
        assert actors.case(walked).state == State.INVESTIGATION
        assert is_certified(User.objects.get(username="appeal1"), Role.APPEAL, clock.today())

    def test_keeps_the_superuser_out_of_every_case(self) -> None:
        admin = User.objects.get(username="admin1")
        case = Case.unguarded.filter(state=State.SUBMITTED).get()
        with pytest.raises(NotAllowed):
            perform(
                "acknowledge",
                case_id=case.pk,
                caller=Caller(admin, unlock(admin, PASSWORD)),
                now=clock.now(),
                step_input=StepInput(answers={"declare": True}),
            )


def _newcomer() -> tuple[WalkedCase, Actors]:
    people = {person.username: person for person in User.objects.all()}
    names = ("complainant1", "triage1", "handler1", "decider1")
    holders = {name: unlock(people[name], PASSWORD) for name in names}
    now, chance = clock.now(), random.Random(1)
    scheduler = Scheduler(now, now, chance, lambda at: None)
    actors = Actors(Organisation(people, holders), scheduler, chance)
    plan = Plan("complainant1", "respondent1", clock.today(), triage="triage1")
    return actors.raise_concern(plan), actors


def test_demo_is_refused_in_production(settings: LazySettings) -> None:
    settings.PRODUCTION = True
    with pytest.raises(CommandError, match="refused in production"):
        call_command("demo")


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
