"""What the built reports say, against hand counts; and what they keep to themselves."""

from __future__ import annotations

from datetime import date, timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from grievances.models import Snapshot
from grievances.models.survey import Form
from grievances.reports import resolution, satisfaction
from grievances.reports.builders import build_all
from grievances.reports.catalogue import (
    RESOLUTION,
    SATISFACTION,
)
from grievances.reports.disclosure import (
    HIDDEN,
    ProtectedCount,
    ProtectedShare,
    ProtectedSurvival,
    ProtectedTable,
    Shown,
)
from grievances.reports.document import Document, Item
from grievances.reports.facts import (
    AnswerFact,
    CaseFact,
    Ending,
    InvitationFact,
    calendars,
)
from tests import given
from tests.cast import Cast
from tests.reports.made import MARCH, YEAR, built, fact, figure, named, promise


class TestHonestyWithLittle:
    def test_no_case_makes_no_report(self, policies: None) -> None:
        assert build_all(given.START, date(2026, 11, 21)) == []
        assert not Snapshot.objects.exists()

    @pytest.mark.parametrize("cases", [1, 3])
    def test_few_cases_hide_everything(self, cast: Cast, cases: int) -> None:
        for about in ("respondent1", "staff1", "staff2")[:cases]:
            given.raised(cast, about=about)
        build_all(given.at(3), date(2026, 11, 24))
        document = Document.from_json(Snapshot.objects.filter(period="2026-27")[0].body)
        assert figure(document, "Concerns received").figure == HIDDEN
        assert figure(document, "Working days, time on hold taken off").cases == HIDDEN
        assert figure(document, "Working days open").total == HIDDEN
        assert "too few concerns" in document.lead

    def test_all_open_is_never_resolved(self, policies: None) -> None:
        document = built([fact(n, date(2022, 4, 4)) for n in range(40)])
        curve = figure(document, "Working days, time on hold taken off")
        assert [str(point.percent) for point in curve.points] == ["100"] * 5
        assert not isinstance(curve.median, Shown)
        assert "No concern was concluded." in document.lead
        assert not figure(document, "Upheld or partly upheld, of those concluded").has_data

    def test_all_withdrawn_is_never_resolved_either(self, policies: None) -> None:
        day = date(2022, 7, 4)
        cases = [fact(n, date(2022, 4, 4), day, Ending.WITHDRAWN) for n in range(40)]
        document = built(cases)
        curve = figure(document, "Working days, time on hold taken off")
        assert not isinstance(curve.median, Shown)
        assert [str(p.percent) for p in curve.points] == ["100", "100", "*", "*", "*"]
        assert figure(document, "Withdrawn since, of those received").percent == Shown(100)


class TestHandCounts:
    @pytest.fixture
    def year(self, policies: None) -> Document:
        """1,082 concluded of 923 people, 528 upheld or partly, as HMPPS published; 240 open."""
        cases: list[CaseFact] = []
        for n in range(1082):
            received = date(2022, 4, 4) + timedelta(days=n % 250)
            ended = received + timedelta(days=30 + n % 80)
            kind = Ending.UPHELD if n < 300 else Ending.PARTLY if n < 528 else Ending.NOT_UPHELD
            cases.append(fact(n, received, ended, kind, f"person {n % 923}"))
        opened = [fact(n, date(2023, 3, 1)) for n in range(2000, 2240)]
        return built([*cases, *opened])

    def test_the_published_year_shows_its_rounded_figures(self, year: Document) -> None:
        assert figure(year, "Concerns concluded") == ProtectedCount(Shown(1080))
        assert figure(year, "People who raised them") == ProtectedCount(Shown(925))
        upheld: ProtectedShare = figure(year, "Upheld or partly upheld, of those concluded")
        assert (upheld.part, upheld.whole) == (Shown(530), Shown(1080))
        assert (upheld.percent, upheld.lower, upheld.upper) == (Shown(49), Shown(46), Shown(52))

    def test_open_concerns_are_counted_and_followed(self, year: Document) -> None:
        ages: ProtectedTable = figure(year, "Working days open")
        assert (ages.total, ages.row_totals[1]) == (Shown(240), Shown(240))
        curve: ProtectedSurvival = figure(year, "Working days, time on hold taken off")
        assert curve.cases == Shown(1320)

    def test_its_body_holds_no_exact_count(self, year: Document) -> None:
        words = str(year.to_json())
        assert not any(str(exact) in words for exact in (1082, 923, 528, 554, 1322))

    def test_it_reads_back_as_it_was_written(self, year: Document) -> None:
        assert Document.from_json(year.to_json()) == year

    def test_a_late_promise_still_open_counts_as_broken(self, policies: None) -> None:
        due = date(2022, 5, 2)
        kept = [promise(n, due, due) for n in range(30)]
        late = [promise(n, due, due + timedelta(1)) for n in range(30, 40)]
        never = [promise(n, due, None) for n in range(40, 50)]
        paused = [promise(n, due, None, due) for n in range(50, 60)]
        document = built([fact(0, due)], [*kept, *late, *never, *paused])
        assert figure(document, "Acknowledge the concern") == ProtectedShare(
            Shown(30), Shown(50), Shown(60), Shown(46), Shown(72)
        )

    def test_an_extension_counts_against_the_date_first_given(self, policies: None) -> None:
        first, moved = date(2022, 5, 2), date(2022, 5, 20)
        rows = [promise(n, moved, moved, original=first) for n in range(40)]
        document = built([fact(0, first)], rows)
        items = [i for s in document.sections if s.key == "first-date" for i in s.items]
        assert figure(document, "Acknowledge the concern").percent == Shown(100)
        assert named(items, "Acknowledge the concern").percent == Shown(0)

    def test_what_was_passed_on_stands_apart(self, policies: None) -> None:
        day = date(2022, 6, 1)
        document = built(
            [fact(n, date(2022, 5, 3), day, Ending.REDIRECTED) for n in range(12)]
            + [fact(n, date(2022, 5, 3), day, Ending.UPHELD) for n in range(20, 50)]
        )
        assert figure(document, "Passed to another process") == ProtectedCount(Shown(10))
        assert figure(document, "Concerns received") == ProtectedCount(Shown(30))
        assert figure(document, "Concerns concluded") == ProtectedCount(Shown(30))
        curve: ProtectedSurvival = figure(document, "Working days, time on hold taken off")
        assert curve.cases == Shown(30)

    def test_a_hidden_quarter_cannot_be_worked_out_from_the_year(self, policies: None) -> None:
        cases = [fact(n, date(2022, 4 + 3 * (n % 3), 4)) for n in range(60)]
        cases += [fact(n, date(2023, 1, 4)) for n in range(100, 103)]
        sources = resolution.Sources(cases, [], calendars(cases), MARCH)
        received = [
            figure(document, "Concerns received").figure
            for document, _ in resolution.build_year(YEAR, sources)
        ]
        assert received[0] == Shown(65)
        assert received[1:].count(HIDDEN) == 2


class TestSatisfaction:
    def sources(self, safe: int, unsafe: int, invited: int) -> satisfaction.Sources:
        said = ["agree"] * safe + ["disagree"] * unsafe
        answers = [AnswerFact("2022-23-Q1", "A", "finding", {"q1": s}, False) for s in said]
        sent = [InvitationFact("2022-23-Q1", "A", "finding", invited)]
        return satisfaction.Sources(answers, sent, date(2023, 6, 1))

    def item(self, sources: satisfaction.Sources, label: str) -> Item:
        document, _ = satisfaction.build_year(YEAR, sources)[0]
        return next(i for s in document.sections for i in s.items if i.label == label)

    def test_shares_come_with_bounds_and_the_line_to_beat(self) -> None:
        item = self.item(self.sources(65, 45, 200), "I felt safe raising my concern")
        assert isinstance(item.figure, ProtectedShare)
        assert item.figure.percent == Shown(59)
        assert item.bounds == (33, 78)
        assert item.target is not None
        assert item.target.percent == 45

    def test_nothing_under_ten_on_either_side_is_shown(self) -> None:
        item = self.item(self.sources(40, 9, 100), "I felt safe raising my concern")
        assert isinstance(item.figure, ProtectedShare)
        assert item.figure.percent == HIDDEN
        assert item.bounds is None

    def test_few_answers_are_marked(self) -> None:
        document, _ = satisfaction.build_year(YEAR, self.sources(30, 20, 200))[0]
        assert "may not represent everyone" in document.warning
        document, _ = satisfaction.build_year(YEAR, self.sources(40, 40, 200))[0]
        assert document.warning == ""

    def test_a_quarter_still_being_answered_says_so(self) -> None:
        sources = self.sources(40, 40, 200)
        early = satisfaction.Sources(sources.answers, sources.invitations, date(2022, 7, 30))
        documents = [document for document, _ in satisfaction.build_year(YEAR, early)]
        assert [document.sections for document in documents] == [()] * len(documents)
        assert "after 30 July 2022" in documents[1].lead

    def test_all_eleven_questions_have_their_place(self) -> None:
        document, charts = satisfaction.build_year(YEAR, self.sources(65, 45, 200))[0]
        sizes = {section.key: len(section.items) for section in document.sections}
        assert (sizes["form-a"], sizes["form-b"], sizes["detriment"]) == (9, 4, 2)
        assert set(charts) == {"form-a"}

    def test_the_forms_are_those_of_the_survey(self) -> None:
        assert [form.value for form in Form] == ["A", "B"]


class TestBuildReports:
    def test_it_builds_a_year_and_its_quarters_once(self, cast: Cast) -> None:
        given.raised(cast)
        build_all(given.at(3), date(2026, 11, 24))
        names = set(Snapshot.objects.values_list("report", "period"))
        assert names == {(RESOLUTION.name, f"2026-27{q}") for q in ("", "-Q1", "-Q2", "-Q3")}
        assert build_all(given.at(3, 12), date(2026, 11, 24)) == []

    def test_a_night_with_too_few_new_people_keeps_the_report(self, cast: Cast) -> None:
        given.raised(cast)
        build_all(given.at(3), date(2026, 11, 24))
        given.raised(cast, "complainant2", now=given.at(4), about="staff1")
        assert not any("Q3" in period for _, period in build_all(given.at(5), date(2026, 11, 26)))

    def test_the_command_says_what_it_made(self, policies: None, settings: Any) -> None:
        out = StringIO()
        call_command("build_reports", stdout=out)
        assert "up to date" in out.getvalue()
        with pytest.raises(CommandError, match="no period"):
            call_command("build_reports", period="yesterday")

    def test_an_earlier_report_is_never_replaced(self, cast: Cast) -> None:
        given.raised(cast)
        build_all(given.at(3), date(2026, 11, 24))
        first = set(Snapshot.objects.values_list("pk", flat=True))
        build_all(given.at(9), date(2026, 11, 30))
        assert first < set(Snapshot.objects.values_list("pk", flat=True))
        assert SATISFACTION.name not in Snapshot.objects.values_list("report", flat=True)
