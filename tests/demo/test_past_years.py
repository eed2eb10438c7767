"""HR at first start: an analyst of the demonstration meets drawings, and knows they are made up."""

from __future__ import annotations

import pytest
from django.conf import LazySettings
from django.core.management import CommandError, call_command
from django.db import transaction

from grievances.cases.models.case import Case
from grievances.demo.past_years import shipped_years
from grievances.demo.past_years.generator import YEARS
from grievances.demo.past_years.rows import write_past
from grievances.demo.past_years.shipped_years import MARK, SAMPLE
from grievances.reports import snapshots
from grievances.reports.catalogue import REPORTS
from grievances.reports.periods import Length, read_period
from grievances.reports.snapshot_models import Snapshot
from grievances.web.shared import clock
from tests.factories import cases
from tests.factories.people import Staff

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


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
            assert not undrawn, year
        assert {made.document.report for made in reports if made.drawn} == set(REPORTS)

    def test_it_is_small(self) -> None:
        assert shipped_years.FILE.stat().st_size < 400_000

    def test_its_quarters_are_those_of_the_newest_year(self) -> None:
        periods = {read_period(made.document.period) for made in shipped_years.read().reports}
        quarters = {p.name for p in periods if p.length is Length.QUARTER} - {SAMPLE}
        assert quarters == {q.name for q in read_period(YEARS[-1]).quarters()}

    def test_it_is_not_rebuilt_among_other_concerns(self, staff: Staff) -> None:
        cases.raised(staff)
        with pytest.raises(ValueError, match="empty database"):
            shipped_years.rebuild()


def test_nothing_is_made_up_in_production(settings: LazySettings) -> None:
    settings.PRODUCTION = True
    with pytest.raises(RuntimeError, match="refused in production"):
        shipped_years.load(clock.now())
    with pytest.raises(CommandError, match="refused in production"):
        call_command("past_years")
    assert not Snapshot.objects.exists()
