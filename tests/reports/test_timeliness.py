"""Reports of time: shares that compete, promised dates, cases that cross a period."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from grievances.reports import catalogue, snapshots
from grievances.reports.builders import Due, Run
from grievances.reports.disclosure.protected import (
    HIDDEN,
    ProtectedCount,
    ProtectedShare,
    ProtectedSurvival,
    Shown,
)
from grievances.reports.fact_models import Ending
from grievances.reports.layout.exports import FILE_COLUMNS, figures_of
from grievances.reports.snapshot_models import Release
from tests.reports.built_reports import NET, NOW, UPHELD, only
from tests.reports.report_factory import YEAR, Concern, figure, owe, store


class TestCompetingShare:
    """Withdrawals beside the curve (domain.md 9): forty resolved, and some who left before."""

    def curve(self, *withdrawn: int) -> ProtectedSurvival:
        """One withdrawn so many calendar days after it was received, for each of these."""
        first = date(2022, 5, 2)
        store([Concern(first, first + timedelta(112), Ending.UPHELD) for _ in range(40)])
        store([Concern(first, first + timedelta(n), Ending.WITHDRAWN) for n in withdrawn])
        self.document = only("resolution-times")
        found: ProtectedSurvival = figure(self.document, NET)
        return found

    def shares(self, curve: ProtectedSurvival) -> list[str]:
        return [str(point.percent) for point in curve.withdrawn]

    def test_ten_of_fifty_withdrew_by_day_40(self, policies: None) -> None:
        curve = self.curve(*[35] * 10)
        assert self.shares(curve)[:3] == ["0", "20", "20"]
        assert [str(point.percent) for point in curve.points][:3] == ["100", "100", "100"]
        rows = [dict(zip(FILE_COLUMNS, row, strict=True)) for row in figures_of(self.document)]
        written = {(r["figure"], r["measure"], r["category"]): r["value"] for r in rows}
        assert written[NET, "withdrawn", "40 working days"] == "20"

    def test_a_step_of_a_few_people_is_not_shown(self, policies: None) -> None:
        assert self.shares(self.curve(*[35] * 10, 63, 63))[:3] == ["0", "*", "*"]

    def test_few_withdrawals_are_not_shown_at_all(self, policies: None) -> None:
        assert self.shares(self.curve(35, 35)) == ["*"] * 5


class TestPromises:
    def test_a_late_promise_still_open_counts_as_broken(self, policies: None) -> None:
        due = date(2022, 5, 4)
        for number, case in enumerate(store([Concern(date(2022, 5, 2)) for _ in range(60)])):
            late = number >= 30
            done = None if number >= 40 else due + timedelta(late)
            owe(case, due, done, paused_on=due if number >= 50 else None)
        kept = figure(only("timeliness"), "Acknowledge the concern", "on-time")
        assert kept == ProtectedShare(Shown(30), Shown(50), Shown(60), Shown(46), Shown(72))

    def test_an_extension_counts_against_the_date_first_given(self, policies: None) -> None:
        first, moved = date(2022, 5, 4), date(2022, 5, 20)
        for case in store([Concern(date(2022, 5, 2)) for _ in range(40)]):
            owe(case, moved, moved, original_due=first)
        document = only("timeliness")
        label = "Acknowledge the concern"
        assert figure(document, label, "on-time").percent == Shown(100)
        assert figure(document, label, "first-date").percent == Shown(0)

    def test_what_was_passed_on_is_shown_apart(self, policies: None) -> None:
        day, ended = date(2022, 5, 3), date(2022, 6, 1)
        store([Concern(day, ended, Ending.REDIRECTED) for _ in range(12)])
        store([Concern(day, ended, Ending.UPHELD) for _ in range(30)])
        document = only("volumes")
        assert figure(document, "Passed to another process") == ProtectedCount(Shown(10))
        assert figure(document, "Concerns received") == ProtectedCount(Shown(30))
        assert figure(document, "Concerns concluded") == ProtectedCount(Shown(30))


class TestAcrossPeriods:
    def received(self, period: str) -> Any:
        return figure(only("volumes", period), "Concerns received").figure

    def test_a_hidden_quarter_cannot_be_worked_out_from_the_year(self, policies: None) -> None:
        store([Concern(date(2022, 4 + 3 * (n % 3), 4)) for n in range(60)])
        store([Concern(date(2023, 1, 4)) for _ in range(3)])
        quarters = [self.received(f"2022-23-Q{n}") for n in range(1, 5)]
        assert quarters == [Shown(20), Shown(20), Shown(20), HIDDEN]
        assert self.received("2022-23") == HIDDEN

    def test_the_quarter_after_a_hidden_one_is_hidden_so_that_the_year_can_be_shown(
        self, policies: None
    ) -> None:
        store([Concern(date(2022, 4, 4)) for _ in range(3)])
        store([Concern(date(2022, 7 + 3 * (n % 2), 4)) for n in range(40)])
        quarters = [self.received(f"2022-23-Q{n}") for n in range(1, 5)]
        assert quarters == [HIDDEN, HIDDEN, Shown(20), Shown(0)]
        assert self.received("2022-23") == Shown(45)

    def test_a_revision_by_a_few_people_keeps_the_old_figure(self, policies: None) -> None:
        name = UPHELD.replace("concluded", "received and decided so far")
        ended = date(2022, 9, 1)
        store([Concern(date(2022, 5, 3), ended, Ending.UPHELD) for _ in range(40)])
        store([Concern(date(2022, 5, 3), ended, Ending.NOT_UPHELD) for _ in range(40)])
        late = store([Concern(date(2022, 5, 3)) for _ in range(30)])
        before = figure(only("outcomes"), name)
        assert (before.part, before.whole) == (Shown(40), Shown(80))
        revised = date(2023, 12, 1)
        for case in late[:23]:
            type(case).unguarded.filter(pk=case.pk).update(
                outcome="UPHELD", outcome_on=revised, state="CLOSED"
            )
        run = Run(NOW)
        run.make([Due(catalogue.OUTCOMES, YEAR, 2)])
        after = figure(run.made["internal", "2022-23"]["outcomes"], name)
        assert (after.part, after.whole) == (Shown(65), Shown(105))
        published = snapshots.published("outcomes", "2022-23")
        assert published is not None
        assert figure(published.document, name) == before
        assert snapshots.revised("outcomes", "2022-23") is not None

    def test_what_one_line_hides_does_not_hide_another(self, policies: None) -> None:
        for month in (4, 5, 6):
            store([Concern(date(2022, month, 4)) for _ in range(20)])
            store([Concern(date(2022, month, 4), date(2022, month, 9), Ending.REDIRECTED)])
        months = [self.received(f"2022-23-M{number:02}") for number in (1, 2, 3)]
        assert months == [Shown(20)] * 3

    def test_what_is_shown_is_remembered_for_the_audience(self, policies: None) -> None:
        store([Concern(date(2022, 5, 3)) for _ in range(40)])
        self.received("2022-23-Q1")
        assert Release.objects.filter(audience="internal", shown=True, persons=40).exists()
        assert not Release.objects.filter(audience="published").exists()
