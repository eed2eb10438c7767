"""What the built reports say, against hand counts; and what they keep to themselves."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from grievances.cases.models.case import Case
from grievances.reports import catalogue
from grievances.reports.builders import Due, Run, build_all, find_due
from grievances.reports.disclosure.derived import ProtectedRate
from grievances.reports.disclosure.protected import (
    HIDDEN,
    ProtectedCount,
    ProtectedShare,
    ProtectedSurvival,
    ProtectedTable,
    Shown,
)
from grievances.reports.fact_models import Ending, StaffCount
from grievances.reports.layout.document import Document
from grievances.reports.periods import Length, read_period
from grievances.reports.snapshot_models import Rebase, Release, ReportRun, Snapshot
from grievances.vocabulary import Region
from tests.reports.built_reports import NET, NOW, TODAY, UPHELD, made, only
from tests.reports.report_factory import MARCH, YEAR, Concern, figure, owe, store


class TestHonestyWithLittle:
    def test_no_case_makes_no_report(self, policies: None) -> None:
        assert build_all(NOW, TODAY) == []
        assert not Snapshot.objects.exists()

    @pytest.mark.parametrize("cases", [1, 3])
    def test_few_cases_hide_everything(self, policies: None, cases: int) -> None:
        store([Concern(date(2022, 5, 2)) for _ in range(cases)])
        documents = made("volumes", "backlog", "resolution-times", "outcomes")
        assert figure(documents["volumes"], "Concerns received").figure == HIDDEN
        assert figure(documents["resolution-times"], NET).cases == HIDDEN
        assert figure(documents["backlog"], "Working days open").total == HIDDEN
        assert "too few" in documents["resolution-times"].lead

    def test_all_open_is_never_resolved(self, policies: None) -> None:
        store([Concern(date(2022, 4, 4)) for _ in range(40)])
        documents = made("resolution-times", "outcomes")
        curve = figure(documents["resolution-times"], NET)
        assert [str(point.percent) for point in curve.points] == ["100"] * 5
        assert not isinstance(curve.median, Shown)
        assert not figure(documents["outcomes"], UPHELD).has_data

    def test_all_withdrawn_is_never_resolved_either(self, policies: None) -> None:
        day = date(2022, 7, 4)
        store([Concern(date(2022, 4, 4), day, Ending.WITHDRAWN) for _ in range(40)])
        documents = made("resolution-times", "withdrawals")
        curve = figure(documents["resolution-times"], NET)
        assert not isinstance(curve.median, Shown)
        assert [str(p.percent) for p in curve.points] == ["100", "100", "*", "*", "*"]
        withdrawn = figure(documents["withdrawals"], "Withdrawn, of those received")
        assert withdrawn.percent == Shown(100)

    def test_one_enormous_unit_hides_the_others_and_adds_up_to_nothing(
        self, policies: None
    ) -> None:
        store([Concern(date(2022, 5, 3), rest={"region": "LONDON"}) for _ in range(400)])
        store([Concern(date(2022, 5, 3), rest={"region": "WALES"}) for _ in range(2)])
        rates = [i.figure for i in only("volumes").sections[2].items]
        shown = [r.part for r in rates if isinstance(r, ProtectedRate)]
        assert shown.count(HIDDEN) >= 2

    def test_one_complainant_dominates_no_figure(self, policies: None) -> None:
        store([Concern(date(2022, 5, 3), person="a") for _ in range(20)])
        store([Concern(date(2022, 5, 3)) for _ in range(10)])
        kinds = figure(only("volumes"), "Kind of conduct")
        assert kinds.row_totals[-1] == HIDDEN


class TestHandCounts:
    @pytest.fixture
    def year(self, policies: None) -> None:
        """1,082 concluded of 923 people, 528 upheld or partly, as HMPPS published; 240 open."""
        concerns: list[Concern] = []
        for n in range(1082):
            received = date(2022, 4, 4) + timedelta(days=n % 250)
            ended = received + timedelta(days=30 + n % 80)
            kind = Ending.UPHELD if n < 300 else Ending.PARTLY if n < 528 else Ending.NOT_UPHELD
            concerns.append(Concern(received, ended, kind, f"person {n % 923}"))
        store([*concerns, *(Concern(date(2023, 3, 1)) for _ in range(240))])

    def test_the_published_year_shows_its_rounded_figures(self, year: None) -> None:
        documents = made("volumes", "outcomes")
        volumes = documents["volumes"]
        assert figure(volumes, "Concerns concluded") == ProtectedCount(Shown(1080))
        assert figure(volumes, "People whose concerns were concluded") == ProtectedCount(Shown(925))
        upheld: ProtectedShare = figure(documents["outcomes"], UPHELD)
        assert (upheld.part, upheld.whole) == (Shown(530), Shown(1080))
        assert (upheld.percent, upheld.lower, upheld.upper) == (Shown(49), Shown(46), Shown(52))

    def test_open_concerns_are_counted_and_followed(self, year: None) -> None:
        documents = made("backlog", "resolution-times")
        ages: ProtectedTable = figure(documents["backlog"], "Working days open")
        assert (ages.total, ages.row_totals[1]) == (Shown(240), Shown(240))
        curve: ProtectedSurvival = figure(documents["resolution-times"], NET)
        assert curve.cases == Shown(1320)

    def test_a_body_holds_no_exact_count(self, year: None) -> None:
        for document in made("volumes", "outcomes", "backlog", "near-silence").values():
            words = str(document.to_json())
            assert not any(str(exact) in words for exact in (1082, 923, 528, 554, 1322))

    def test_it_reads_back_as_it_was_written(self, year: None) -> None:
        for document in made(*(name for name in catalogue.REPORTS if name != "x")).values():
            assert Document.from_json(document.to_json()) == document

    def test_a_rate_needs_the_number_of_staff(self, year: None) -> None:
        assert figure(only("volumes"), "North").tenths == HIDDEN
        assert "no staff count" in only("near-silence").sections[0].note

    def test_the_answer_is_that_of_the_question(self, year: None) -> None:
        """A rate is an answer too; and a later section's figure is not taken for the first's."""
        for region in Region.values:
            StaffCount.objects.create(quarter="2022-23-Q4", region=region, staff=12_000)
        lead = only("near-silence").lead
        assert lead == "Everywhere: about 2.2 per 100 staff a year."
        due = date(2022, 5, 4)
        for number, case in enumerate(Case.unguarded.all()[:60]):
            owe(case, due, due if number < 58 else None, original_due=due - timedelta(number % 2))
        assert "All promises" not in only("timeliness").lead

    def test_the_rate_is_that_of_the_published_year(self, year: None) -> None:
        for region, staff in zip(
            ("NORTH", "MIDLANDS", "SOUTH", "LONDON", "WALES"), (60_000, 1, 1, 1, 1), strict=True
        ):
            StaffCount.objects.create(quarter="2022-23-Q4", region=region, staff=staff)
        rate: ProtectedRate = figure(only("volumes"), "Everywhere")
        assert (rate.part, rate.staff, rate.tenths) == (Shown(1320), 60_004, Shown(22))


class TestBuildReports:
    def test_it_builds_what_has_ended_and_once(self, policies: None) -> None:
        store([Concern(date(2023, 2, 3)) for _ in range(9)])
        names = set(build_all(NOW, date(2023, 4, 1)))
        ends = ("2022-23-M11", "2022-23-Q4", "2022-23")
        assert {("volumes", name) for name in ends} <= names
        assert ("volumes", "2022-23-Q3") not in names
        assert ("satisfaction", "2022-23-Q4") not in names
        before = list(Snapshot.objects.order_by("pk").values_list("pk", "body", "charts"))
        assert build_all(NOW, date(2023, 4, 2)) == []
        later = {name for name, _ in build_all(NOW, date(2023, 5, 2))}
        assert {"satisfaction", "board-summary", "equality-duty", "indicators"} <= later
        kept = Snapshot.objects.filter(pk__in=[pk for pk, _, _ in before]).order_by("pk")
        assert list(kept.values_list("pk", "body", "charts")) == before

    def test_two_makings_are_the_same_to_the_byte(self, policies: None) -> None:
        store([Concern(date(2022, 5, 3 + n % 20)) for n in range(60)])
        twice = []
        for _ in range(2):
            made("volumes", "backlog")
            rows = Snapshot.objects.order_by("report")
            twice.append([(r.body, r.charts, bytes(r.workbook)) for r in rows])
            Snapshot.objects.all().delete()
            Release.objects.all().delete()
        assert twice[0] == twice[1]

    def test_the_command_tells_how_far_it_is(self, policies: None) -> None:
        store([Concern(date(2023, 2, 3)) for _ in range(9)])
        call_command("build_reports", now=datetime(2023, 3, 2, 9, tzinfo=UTC), verbosity=0)
        run = ReportRun.objects.get()
        assert (run.done, run.total, run.failed) == (2, 2, False)
        assert run.finished_at is not None

    def test_the_command_says_what_it_made(self, policies: None, settings: Any) -> None:
        out = StringIO()
        call_command("build_reports", stdout=out)
        assert "up to date" in out.getvalue()
        with pytest.raises(CommandError, match="no period"):
            call_command("build_reports", period="yesterday")
        assert ReportRun.objects.order_by("pk").last().failed  # type: ignore[union-attr]


class TestSeries:
    def test_a_chart_of_variation_is_made_of_what_was_published(self, policies: None) -> None:
        for month in range(12):
            day = date(2022 + (month + 3) // 12, (month + 3) % 12 + 1, 15)
            store([Concern(day) for _ in range(20 if month % 2 else 25)])
        run = Run(NOW)
        dues = [Due(catalogue.VOLUMES, month) for month in YEAR.parts(Length.MONTH)]
        run.make([*dues, Due(catalogue.VOLUMES, YEAR)])
        document = run.made["internal", "2022-23"]["volumes"]
        series = figure(document, "Concerns received", "month-by-month")
        assert [str(f) for f in series.figures] == ["25", "20"] * 6
        assert series.provisional
        assert series.upper is not None

    def test_a_new_base_says_why(self, policies: None) -> None:
        Rebase.objects.create(
            series="month-by-month", period="2022-23-M02", reason="A helpline opened", made_at=NOW
        )
        store([Concern(date(2022, 4 + n // 30, 5)) for n in range(90)])
        run = Run(NOW)
        months = [read_period(f"2022-23-M{n:02}") for n in (1, 2, 3)]
        run.make([*(Due(catalogue.VOLUMES, m) for m in months), Due(catalogue.VOLUMES, YEAR)])
        document = run.made["internal", "2022-23"]["volumes"]
        section = next(s for s in document.sections if s.key == "month-by-month")
        assert "Counted afresh from May 2022: A helpline opened." in section.note


def test_no_month_is_counted_before_it_has_ended(policies: None) -> None:
    store([Concern(MARCH)])
    assert find_due(MARCH) == []
