"""The demonstration: made by the product's own actions, refused in production, done once."""

from __future__ import annotations

import csv
import io
import random
import re
import zipfile
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from io import StringIO

import pytest
from django.conf import LazySettings
from django.core.management import CommandError, call_command
from django.db import transaction
from django.test import Client
from pytest_django import DjangoDbBlocker

from grievances.audit.models import Event
from grievances.cases.actions.actor import Caller, NotAllowed
from grievances.cases.actions.perform import StepInput, perform
from grievances.cases.models.case import Case
from grievances.cases.models.deadlines import CheckIn
from grievances.cases.models.offers import Offer
from grievances.demo.accounts import ACCOUNTS, PASSWORD, accounts_text
from grievances.demo.actors import Actors, Plan, WalkedCase
from grievances.demo.organisation import Organisation
from grievances.demo.past_years.generator import END, YEARS
from grievances.demo.past_years.shipped_years import MARK, SAMPLE
from grievances.demo.scheduler import Scheduler
from grievances.encryption.key_pairs import unlock
from grievances.monitoring.models import MonitoringLink
from grievances.people.models import User, is_certified
from grievances.reports import limit_resets, snapshots
from grievances.reports.builders import build_all, find_due, first_day
from grievances.reports.catalogue import QUESTIONS, REPORTS
from grievances.reports.fact_models import CaseFact, StaffCount
from grievances.reports.layout import dataset
from grievances.reports.layout.headlines import HEADLINES
from grievances.reports.periods import Period, read_period, year_of
from grievances.reports.snapshot_models import Release, Snapshot
from grievances.surveys.models import Invitation, Response
from grievances.surveys.staff_survey_models import PulsePeriod, Waiting
from grievances.vocabulary import Role, State
from grievances.web.shared import clock
from tests.signing_in import keep_key
from workflow.chain import verify

pytestmark = pytest.mark.django_db

LATER = date(2027, 6, 1)


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


@pytest.fixture(scope="module")
def said(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[str]:
    """The small demonstration as `make run` builds it at first start; what it said."""
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


@pytest.fixture
def analyst(said: str, client: Client) -> Client:
    """analyst1, signed in."""
    person = User.objects.get(username="analyst1")
    client.force_login(person)
    keep_key(client, unlock(person, PASSWORD))
    return client


def _own_year() -> Period:
    """The financial year of the first case that was walked."""
    first = first_day()
    assert first is not None
    return year_of(first)


@pytest.mark.slow
class TestAtFirstStart:
    """HR meets drawings, and knows that they are made up."""

    @pytest.mark.parametrize("name", REPORTS)
    def test_a_report_opens_on_a_year_with_a_drawing(self, analyst: Client, name: str) -> None:
        answer = analyst.get(f"/reports/{name}/")
        words = answer.content.decode()
        assert answer.status_code == 200
        assert '<svg class="chart"' in words
        assert MARK in words
        assert YEARS[-1] in words
        assert "Traceback" not in words
        assert "manage.py" not in words

    @pytest.mark.parametrize("name", REPORTS)
    def test_every_file_of_it_says_so_too(self, analyst: Client, name: str) -> None:
        rows = csv.reader(io.StringIO(analyst.get(f"/reports/{name}.csv").content.decode()))
        assert any(MARK in row for row in rows)
        assert analyst.get(f"/reports/{name}.json").json()["mark"] == MARK
        with zipfile.ZipFile(io.BytesIO(analyst.get(f"/reports/{name}.xlsx").content)) as book:
            assert MARK in book.read("xl/sharedStrings.xml").decode()

    def test_the_list_names_the_year(self, analyst: Client) -> None:
        words = analyst.get("/reports/").content.decode()
        assert f"The answers are those of {YEARS[-1]}" in words
        assert words.count(YEARS[-1]) <= 2, "the year is not said again for each report"
        for group in QUESTIONS:
            assert f">{group}</h2>" in words
        assert "Half of the concerns received were resolved within" in words

    def test_the_dashboard_opens_on_figures_and_compares(self, analyst: Client) -> None:
        words = analyst.get("/reports/dashboard/").content.decode()
        for headline in HEADLINES:
            assert headline.words in words
        assert "no figure" not in words, "every headline is found in its report"
        assert re.search(r"points \(-?\d+ to -?\d+\)", words)
        assert all(year in words for year in YEARS)
        north = analyst.get("/reports/dashboard/", {"region": "NORTH"}).content.decode()
        assert "Volumes: Concerns received for each 100 staff, rate" in north
        assert "Actions: Done by their date, by region" in north
        for asked in ({"region": "MARS"}, {"period": "2099-00"}, {"with": "x"}):
            assert analyst.get("/reports/dashboard/", asked).status_code == 404

    def test_everyone_reads_lessons_and_released_figures(self, said: str, client: Client) -> None:
        page = client.get("/we-listened/").content.decode()
        assert "Nothing has been published here yet." not in page
        assert page.count("govuk-heading-m") >= 5
        assert "What the figures say:" in page
        assert MARK in page

    def test_every_shipped_period_opens(self, analyst: Client) -> None:
        for row in Snapshot.objects.filter(audience="internal", body__mark=MARK):
            answer = analyst.get(f"/reports/{row.report}/", {"period": row.period})
            assert answer.status_code == 200
            assert MARK in answer.content.decode()

    def test_the_yearly_file_says_so(self, analyst: Client) -> None:
        page = analyst.get("/reports/dataset/").content.decode()
        assert page.count(MARK) == len(YEARS)
        assert MARK in analyst.get(f"/reports/dataset/concerns-{YEARS[0]}.csv").content.decode()
        assert MARK in dataset.describe(YEARS[0])["dc:description"]

    def test_the_years_end_before_the_first_case_and_nothing_else_is_kept(self, said: str) -> None:
        marked = Snapshot.objects.filter(body__mark=MARK)
        assert {read_period(p).is_year for p in marked.values_list("period", flat=True)} == {
            True,
            False,
        }
        for name in set(marked.values_list("period", flat=True)):
            assert read_period(name).last < _own_year().first
        assert not marked.filter(period=SAMPLE).exists()
        assert not Release.objects.filter(until__lt=_own_year().first).exists()
        assert not CaseFact.objects.filter(received_on__lte=END).exists()
        assert not StaffCount.objects.exists()
        assert Case.unguarded.count() < 30

    def test_the_organisation_own_reports_are_made_without_them(self, said: str) -> None:
        own = _own_year()
        assert not {d.period.name for d in find_due(LATER)} & set(YEARS)
        build_all(clock.now(), LATER, f"{own.name}-Q4")
        built = snapshots.published("volumes", f"{own.name}-Q4")
        assert built is not None
        assert not built.document.mark
        assert "2024" not in str(built.document.to_json())

    def test_no_made_up_month_or_year_is_asked_about(self, said: str) -> None:
        assert not {m.parent().parent().name for m in limit_resets.months()} & set(YEARS)
        found = snapshots.counted_periods(REPORTS["volumes"])
        assert found
        assert not {p.name for p in found} & set(YEARS)
