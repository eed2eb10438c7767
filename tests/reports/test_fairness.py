"""Reports that compare how groups of people are treated."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from grievances.cases.models.case import Case
from grievances.monitoring import answers
from grievances.reports.disclosure.derived import ProtectedComparison
from grievances.reports.disclosure.protected import (
    Shown,
)
from grievances.reports.fact_models import CaseFact, Ending
from grievances.reports.layout.document import Document
from grievances.reports.readers import first_sentence
from grievances.reports.snapshot_models import Release, Snapshot
from tests.reports.built_reports import only
from tests.reports.report_factory import MARCH, Concern, figure, store


class TestFairness:
    def outcomes(
        self, groups: dict[str, tuple[int, int]], silent: Sequence[Concern] = ()
    ) -> Document:
        day, ended = date(2022, 5, 3), date(2022, 9, 1)
        for upheld, rest in groups.values():
            store([Concern(day, ended, Ending.UPHELD) for _ in range(upheld)])
            store([Concern(day, ended, Ending.NOT_UPHELD) for _ in range(rest)])
        codes = [code for code, sizes in groups.items() for _ in range(sum(sizes))]
        store(silent)
        return self.counted(codes)

    def counted(self, codes: list[str]) -> Document:
        """The report, after complainants have said these codes, in the order of their cases."""
        for case, code in zip(Case.unguarded.order_by("pk"), codes, strict=False):
            answers.keep(case, {"ethnic_group": code}, {}, date(2022, 9, 1))
        document = only("fairness")
        assert not CaseFact.objects.exclude(ethnic_group="").exists()
        return document

    def test_no_rate_is_given_where_fewer_than_60_in_100_said_their_group(
        self, policies: None
    ) -> None:
        """100 of 170 decided said theirs (58.8%); of 166 it is 60.2%, and the rates are given."""
        silent = [Concern(date(2022, 5, 3), date(2022, 9, 1), Ending.UPHELD) for _ in range(66)]
        with_rates = self.outcomes({"W1": (25, 25), "B1": (10, 40)}, silent)
        assert len(with_rates.sections[0].items) == 3
        Snapshot.objects.all().delete()
        Release.objects.all().delete()
        store(silent[:4])
        document = only("fairness")
        assert all(document.sections[n].items == () for n in (0, 1))
        assert "Fewer than 60 in 100" in document.sections[0].note
        assert document.lead == first_sentence.NO_RATES
        assert figure(document, "Everywhere", "declared").whole == Shown(170)

    def test_how_complete_the_answers_are_is_shown_by_region(self, policies: None) -> None:
        store([Concern(date(2022, 5, 3)) for _ in range(100)])
        cases = list(Case.unguarded.order_by("pk"))
        for case in cases[:80]:
            answers.offer(case)
        for number, case in enumerate(cases[:60]):
            answers.keep(case, {"ethnic_group": "PNTS" if number < 20 else "SA1"}, {}, MARCH)
        document = only("fairness")
        shares = {key: figure(document, "North", key) for key in ("asked", "answered", "declared")}
        assert {key: share.percent for key, share in shares.items()} == {
            "asked": Shown(80),
            "answered": Shown(60),
            "declared": Shown(40),
        }
        assert figure(document, "Everywhere", "prefer-not").percent == Shown(33)

    def test_answers_kept_apart_count_as_answered_and_not_as_declared(self, policies: None) -> None:
        store([Concern(date(2022, 5, 3), rest={"identity": "ANONYMOUS"}) for _ in range(40)])
        for case in Case.unguarded.all()[:30]:
            answers.keep(case, {"ethnic_group": "B1"}, {}, MARCH)
        document = only("fairness")
        assert figure(document, "Everywhere", "answered").percent == Shown(75)
        assert figure(document, "Everywhere", "declared").percent == Shown(0)

    def test_without_monitoring_data_it_says_so(self, policies: None) -> None:
        store([Concern(date(2022, 5, 3), date(2022, 9, 1), Ending.UPHELD) for _ in range(40)])
        assert "has been recorded yet" in only("fairness").sections[0].note
        assert only("fairness", "2022-23-Q1").sections[0].items == ()

    def test_two_groups_of_twenty_are_compared(self, policies: None) -> None:
        document = self.outcomes({"W1": (25, 25), "B1": (10, 30), "O1": (12, 12)})
        label = "Caribbean, compared with English, Welsh, Scottish, Northern Irish or British"
        compared: ProtectedComparison = figure(document, label, "fair-upheld")
        assert (compared.points, compared.ratio) == (Shown(-25), Shown(50))
        assert "differ" in compared.words

    def test_small_groups_are_put_together_and_said_to_be(self, policies: None) -> None:
        document = self.outcomes({"W1": (25, 25), **self.FEW})
        labels = {item.label for item in document.sections[0].items}
        assert "Black, Black British, Caribbean or African" in labels
        assert "in five groups" in document.sections[0].note

    FEW = {"B1": (8, 8), "B2": (8, 8), "O1": (8, 8), "O2": (6, 6)}  # noqa: RUF012

    def test_a_group_that_does_not_occur_is_not_left_out(self, policies: None) -> None:
        """Of 25 from two groups alone, leaving the third out would say that no one is of it."""
        document = self.outcomes({"W1": (25, 25), "B1": (10, 30)})
        labels = [item.label for item in document.sections[0].items]
        assert not any("Caribbean" in label for label in labels)

    def test_one_small_group_does_not_collapse_the_others(self, policies: None) -> None:
        sizes = {"A1": 37, "A2": 28, "B1": 60, "B2": 57, "W1": 148, "W2": 17}
        groups = {code: (n // 2, n - n // 2) for code, n in sizes.items()}
        document = self.outcomes({**groups, "O1": (6, 5)})
        labels = [item.label for item in document.sections[0].items]
        assert "Indian" in labels
        assert "Caribbean" in labels
        assert "All other groups together" in labels
        assert not {"Irish", "Arab", "Roma"} & set(labels)

    def test_the_year_is_a_year(self, policies: None) -> None:
        """The last days of March before are another year's."""
        day, before = date(2021, 12, 1), date(2022, 3, 30)
        early = [Concern(day, before, Ending.UPHELD) for _ in range(10)]
        document = self.outcomes({"W1": (25, 25), "B1": (10, 30), "O1": (12, 12)}, early)
        assert figure(document, "Caribbean").whole == Shown(40)
        whole = figure(document, "Said their ethnic group, of those decided")
        assert whole.whole == Shown(115)

    def test_years_whose_answers_are_parted_are_not_called_three_years_together(
        self, policies: None
    ) -> None:
        parted = [Concern(date(2021, 5, 3), date(2021, 9, 1), Ending.UPHELD) for _ in range(100)]
        document = self.outcomes({"W1": (25, 25), **self.FEW}, parted)
        assert "over one year, in five groups" in document.sections[0].note
        # Two years have decisions, so it does not say three.
        assert "over two years together" in self.whole_years().sections[0].note

    def whole_years(self) -> Document:
        """The same, had everyone in the earlier years said their group too."""
        Snapshot.objects.all().delete()
        Release.objects.all().delete()
        for case in Case.unguarded.filter(received_on__year=2021):
            answers.keep(case, {"ethnic_group": "W1"}, {}, date(2021, 9, 1))
        return only("fairness")

    def test_the_lists_of_all_divisions_come_down_to_the_same_five_groups(
        self, policies: None
    ) -> None:
        white, black = {"SW1": (10, 5), "NW1": (5, 10)}, {"B1": (8, 8), "SB1": (10, 10)}
        document = self.outcomes({**white, **black, "O1": (12, 12)})
        assert "in five groups" in document.sections[0].note
        whites, blacks = document.sections[0].items[0].figure, document.sections[0].items[1].figure
        assert {str(whites.whole), str(blacks.whole)} == {"30", "35"}  # type: ignore[union-attr]

    def test_too_few_of_everyone_show_nothing(self, policies: None) -> None:
        document = self.outcomes({"W1": (25, 25), "B1": (4, 5), "O1": (2, 3)})
        assert document.sections[0].items == ()
        assert "no finding that all is well" in document.sections[0].note
