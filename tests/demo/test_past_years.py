"""HR at first start: an analyst of the demonstration meets drawings, and knows they are made up."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from io import StringIO

import pytest
from django.conf import LazySettings
from django.core.management import CommandError, call_command
from django.db import transaction
from django.test import Client
from pytest_django import DjangoDbBlocker

from grievances.cases.models.case import Case
from grievances.demo.accounts import PASSWORD
from grievances.demo.past_years import shipped_years
from grievances.demo.past_years.generator import END, YEARS
from grievances.demo.past_years.rows import write_past
from grievances.demo.past_years.shipped_years import MARK, SAMPLE
from grievances.encryption.key_pairs import unlock
from grievances.people.models import User
from grievances.reports import limit_resets, snapshots
from grievances.reports.builders import build_all, find_due, first_day
from grievances.reports.catalogue import QUESTIONS, REPORTS
from grievances.reports.fact_models import CaseFact, StaffCount
from grievances.reports.layout import dataset
from grievances.reports.layout.headlines import HEADLINES
from grievances.reports.periods import Length, Period, read_period, year_of
from grievances.reports.snapshot_models import Release, Snapshot
from grievances.web.shared import clock
from tests.signing_in import keep_key

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
LATER = date(2027, 6, 1)


@contextmanager
def _undone(blocker: DjangoDbBlocker) -> Iterator[None]:
    with blocker.unblock(), transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.fixture(scope="class")
def demo(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """The demonstration as `make run` builds it at first start."""
    with _undone(django_db_blocker):
        call_command("demo", stdout=StringIO())
        yield


@pytest.fixture
def analyst(demo: None, client: Client) -> Client:
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


class TestAtFirstStart:
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

    def test_everyone_reads_lessons_and_released_figures(self, demo: None, client: Client) -> None:
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

    def test_the_years_end_before_the_first_case_and_nothing_else_is_kept(self, demo: None) -> None:
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

    def test_the_organisation_own_reports_are_made_without_them(self, demo: None) -> None:
        own = _own_year()
        assert not {d.period.name for d in find_due(LATER)} & set(YEARS)
        build_all(clock.now(), LATER, f"{own.name}-Q4")
        built = snapshots.published("volumes", f"{own.name}-Q4")
        assert built is not None
        assert not built.document.mark
        assert "2024" not in str(built.document.to_json())

    def test_no_made_up_month_or_year_is_asked_about(self, demo: None) -> None:
        assert not {m.parent().parent().name for m in limit_resets.months()} & set(YEARS)
        found = snapshots.counted_periods(REPORTS["volumes"])
        assert found
        assert not {p.name for p in found} & set(YEARS)


class TestTheShippedFile:
    def test_the_first_quarter_is_rebuilt_from_its_seed_as_it_is_shipped(
        self, policies: None
    ) -> None:
        shipped = [made for made in shipped_years.read().reports if made.document.period == SAMPLE]
        assert len(shipped) == len(REPORTS)
        rebuilt = shipped_years.rebuild(read_period(SAMPLE).last)
        assert list(rebuilt.reports) == shipped
        assert not Case.unguarded.exists()
        assert not Snapshot.objects.exists()

    def test_all_facts_of_the_years_are_drawn_as_when_it_was_made(self, policies: None) -> None:
        assert write_past() == shipped_years.read().digest

    def test_another_seed_gives_other_facts(self, policies: None) -> None:
        day = read_period(SAMPLE).last
        with transaction.atomic():
            first = write_past(day)
            transaction.set_rollback(True)
        assert write_past(day, seed=8) != first

    def test_every_report_of_every_year_is_there_and_marked(self) -> None:
        reports = shipped_years.read().reports
        assert {made.document.mark for made in reports} == {MARK}
        for year in YEARS:
            inside = {
                made.document.report: made
                for made in reports
                if made.document.period == year and made.audience == snapshots.INTERNAL
            }
            assert set(inside) == set(REPORTS)
            undrawn = {name for name, made in inside.items() if not made.drawn}
            # Curves, and rates of three years, of overlapping years may use each other up
            # (disclosure-control.md).
            assert undrawn <= {"resolution-times", "fairness"}, year
        assert {made.document.report for made in reports if made.drawn} == set(REPORTS)

    def test_it_is_small(self) -> None:
        assert shipped_years.FILE.stat().st_size < 400_000

    def test_its_quarters_are_those_of_the_newest_year(self) -> None:
        periods = {read_period(made.document.period) for made in shipped_years.read().reports}
        quarters = {p.name for p in periods if p.length is Length.QUARTER} - {SAMPLE}
        assert quarters == {q.name for q in read_period(YEARS[-1]).quarters()}

    def test_it_is_not_rebuilt_among_other_concerns(self, demo: None) -> None:
        with pytest.raises(ValueError, match="empty database"):
            shipped_years.rebuild()


def test_nothing_is_made_up_in_production(settings: LazySettings) -> None:
    settings.PRODUCTION = True
    with pytest.raises(RuntimeError, match="refused in production"):
        shipped_years.load(clock.now())
    with pytest.raises(CommandError, match="refused in production"):
        call_command("past_years")
    assert not Snapshot.objects.exists()
