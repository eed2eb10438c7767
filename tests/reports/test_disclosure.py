"""Protected objects give the worked examples SDC1 to SDC10 of domain.md 10.5."""

import json
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from itertools import pairwise, product

import pytest

from grievances.reports.certificates.knowledge import key_of
from grievances.reports.certificates.ledger import refuse
from grievances.reports.curves.bands import GRID, Bands
from grievances.reports.curves.curve import Banded, curve_of
from grievances.reports.disclosure.audience import INTERNAL, PUBLISHED, Audience
from grievances.reports.disclosure.linked_tables import write_box
from grievances.reports.disclosure.protected import HIDDEN, Figure, ProtectedSurvival, Shown
from grievances.reports.disclosure.protection import (
    find_hidden,
    protect,
    protect_count,
    protect_mean,
    protect_share,
    share_of,
)
from grievances.reports.disclosure.registry import Entry, Group, may_show_beside
from grievances.reports.disclosure.release import EVERY_FIGURE
from grievances.reports.disclosure.suppression import find_to_review
from grievances.reports.disclosure.tables import Cell, Table
from grievances.reports.periods import read_period
from grievances.reports.snapshot_models import Release
from grievances.reports.stored_objects import Protected, read_protected
from tests.reports.tables import count, cross, listed, one_each
from tests.reports.vectors import VECTORS

SDC = VECTORS["sdc"]
SPREAD = list(range(10, 130, 3))


class TestDisclosure:
    def test_sdc1_hides_three_more_cells(self) -> None:
        assert protect(count(SDC["SDC1"]["table"]), INTERNAL).grid() == SDC["SDC1"]["output"]

    def test_sdc2_shows_only_the_margins(self) -> None:
        assert protect(count(SDC["SDC2"]["table"]), INTERNAL).grid() == SDC["SDC2"]["output"]

    def test_sdc5_takes_the_percent_from_rounded_counts(self) -> None:
        share = protect_share(one_each(9), one_each(14), INTERNAL)
        figures = (share.part, share.whole, share.percent, share.lower, share.upper)
        assert figures == (Shown(10), Shown(25), Shown(40), Shown(23), Shown(59))

    def test_sdc6_shows_neither_mean_nor_median(self) -> None:
        days = [200, 30, 25, 20, 15, 10]
        assert protect_mean(days, one_each(6), INTERNAL).mean == HIDDEN
        assert drawn(days).median == HIDDEN

    def test_sdc6_holds_for_a_longer_list(self) -> None:
        days = [400, 30, 25, 20, 15, 10, 10, 10, 10, 10, 10, 10]
        assert protect_mean(days, one_each(12), INTERNAL).mean == HIDDEN
        assert protect_mean([200, *days[1:]], one_each(12), INTERNAL).mean == HIDDEN
        assert protect_mean([100, *days[1:]], one_each(12), INTERNAL).mean == Shown(20)

    def test_sdc7_hides_six_cases_of_two_people(self) -> None:
        assert protect_count(Cell(6, 2, 3, 1), INTERNAL).figure == HIDDEN
        assert protect_count(Cell(6, 6, 1, 1), INTERNAL).figure == Shown(5)

    def test_sdc8_hides_cases_about_one_respondent(self) -> None:
        assert protect_count(Cell(10, 10, 1, 8), INTERNAL).figure == HIDDEN
        assert protect_count(Cell(10, 10, 1, 5), INTERNAL).figure == Shown(10)

    @pytest.mark.parametrize(("exact", "rounded"), SDC["round5"].items())
    def test_sdc9_rounds_to_five(self, exact: str, rounded: int) -> None:
        assert INTERNAL.round(int(exact)) == rounded

    def test_sdc10_hides_more_from_the_public(self) -> None:
        assert protect(count(SDC["SDC10"]["table"]), PUBLISHED).grid() == SDC["SDC10"]["output"]


class TestPrimary:
    def test_one_complainant_with_half_the_cases_dominates(self) -> None:
        assert protect_count(Cell(12, 7, 6, 1), INTERNAL).figure == HIDDEN
        assert protect_count(Cell(13, 8, 6, 1), INTERNAL).figure == Shown(15)

    def test_a_dominated_cell_is_hidden_in_a_table(self) -> None:
        table = cross([[Cell(10, 6, 2, 6), one_each(30)], [one_each(20), one_each(40)]])
        assert protect(table, INTERNAL).cells[0][0] == HIDDEN

    def test_a_small_margin_is_hidden_with_company(self) -> None:
        shown = protect(count([[2, 1], [20, 30], [11, 9]]), INTERNAL)
        assert shown.row_totals[0] == HIDDEN
        assert shown.row_totals.count(HIDDEN) >= 2

    def test_one_small_count_in_a_list_hides_the_next_smallest(self) -> None:
        assert protect(listed([30, 3, 8, 12]), INTERNAL).grid() == [[30], ["*"], ["*"], [10], [55]]

    def test_a_list_of_large_counts_and_zeros_is_shown(self) -> None:
        assert protect(listed([30, 0, 8]), INTERNAL).grid() == [[30], [0], [10], [40]]

    def test_two_ones_are_not_enough_company(self) -> None:
        assert protect(listed([1, 1, 9, 20]), INTERNAL).grid() == [["*"], ["*"], ["*"], [20], [30]]

    def test_company_counts_in_people_too(self) -> None:
        table = Table.one_way("ABC", [Cell(4, 2, 2), Cell(4, 2, 2), one_each(9)], Cell(17, 13))
        assert protect(table, INTERNAL).row_totals == (HIDDEN, HIDDEN, HIDDEN)

    def test_zeros_are_hidden_where_they_tell(self) -> None:
        table = count([[0, 30, 40], [25, 35, 45], [30, 20, 50]])
        assert protect(table, INTERNAL).cells[0][0] == Shown(0)
        assert protect(table, replace(INTERNAL, hide_zero=True)).cells[0][0] == HIDDEN

    def test_a_threshold_under_five_is_refused(self) -> None:
        with pytest.raises(ValueError, match="threshold"):
            Audience(t=4)


class TestClassDisclosure:
    def test_all_of_twelve_upheld_is_hidden(self) -> None:
        shown = protect(count([[12, 0], [30, 40]]), INTERNAL, classes="rows")
        assert shown.cells[0] == (HIDDEN, HIDDEN)

    def test_all_of_twenty_five_upheld_is_shown_and_reviewed(self) -> None:
        table = count([[25, 0], [30, 40]])
        assert protect(table, INTERNAL, classes="rows").cells[0] == (Shown(25), Shown(0))
        assert find_to_review(table, INTERNAL, "rows") == ("A",)

    def test_a_table_without_groups_has_no_classes(self) -> None:
        assert protect(count([[12, 0], [30, 40]]), INTERNAL).cells[0] == (Shown(10), Shown(0))

    def test_groups_may_be_columns(self) -> None:
        shown = protect(count([[12, 30], [0, 40]]), INTERNAL, classes="columns")
        assert [row[0] for row in shown.cells] == [HIDDEN, HIDDEN]

    def test_everyone_is_a_group_too(self) -> None:
        table = listed([15, 0])
        assert protect(table, INTERNAL, classes="columns").row_totals == (HIDDEN, HIDDEN)


class TestFallbacks:
    def test_a_table_that_cannot_be_kept_shows_its_total_only(self) -> None:
        shown = protect(cross([[Cell(40, 20, 30), Cell(0, 0)]]), INTERNAL)
        assert shown.cells[0][0] == HIDDEN
        assert shown.row_totals == (HIDDEN,)
        assert shown.column_totals[0] == HIDDEN

    def test_a_table_of_three_people_shows_nothing(self) -> None:
        assert Shown(5) not in figures_of(count([[1, 1], [1, 0]]))

    def test_an_empty_table_shows_zeros(self) -> None:
        assert protect(listed([0, 0]), INTERNAL).grid() == [[0], [0], [0]]

    def test_counts_that_do_not_add_up_are_refused(self) -> None:
        with pytest.raises(ValueError, match="add up"):
            Table.one_way("AB", [one_each(3), one_each(4)], one_each(8))

    def test_the_same_table_hides_the_same_cells(self) -> None:
        table = count([[12, 3, 9, 2], [8, 6, 14, 1], [7, 11, 16, 4]])
        assert find_hidden(table, INTERNAL) == find_hidden(table, INTERNAL)


def figures_of(table: Table) -> list[Figure]:
    """Every figure of a table as HR sees it."""
    shown = protect(table, INTERNAL)
    rows = [figure for row in shown.cells for figure in row]
    return [*rows, *shown.row_totals, *shown.column_totals, shown.total]


class TestShares:
    def test_either_side_of_a_split_may_hide_it(self) -> None:
        for part, rest in ((3, 30), (30, 3)):
            share = protect_share(one_each(part), one_each(rest), INTERNAL)
            assert (share.part, share.percent, share.whole) == (HIDDEN, HIDDEN, Shown(35))

    def test_a_small_denominator_gives_counts_without_percents(self) -> None:
        share = protect_share(one_each(7), one_each(10), INTERNAL)
        assert (share.part, share.whole, share.percent) == (Shown(5), Shown(15), HIDDEN)

    def test_all_or_none_needs_twenty(self) -> None:
        assert protect_share(one_each(0), one_each(19), INTERNAL).part == HIDDEN
        assert protect_share(one_each(0), one_each(20), INTERNAL).percent == Shown(0)

    def test_no_one_is_no_data(self) -> None:
        share = protect_share(one_each(0), one_each(0), INTERNAL)
        assert not share.has_data
        assert share.percent == HIDDEN

    def test_half_a_percent_is_rounded_up(self) -> None:
        assert share_of(Shown(5), Shown(40)).percent == Shown(13)


def drawn(closed: Sequence[int], open_: Sequence[int] = ()) -> ProtectedSurvival:
    """The curve of these working days; every case is another person's."""
    bands = Bands({"over": "Over", "open": "Open"}, codes={"over": frozenset({"o"})})
    bands.codes["open"] = frozenset({"r"})
    ended = [*((days, "over") for days in closed), *((days, "open") for days in open_)]
    for who, (days, side) in enumerate(ended):
        bands.add(days, side, who, 1)
    merged = bands.merge(INTERNAL)
    return curve_of(Banded(merged, protect(bands.exact(merged).table, INTERNAL)), bands.everybody)


class TestSurvival:
    def test_forty_cases_show_the_fixed_grid(self) -> None:
        curve = drawn(SPREAD)
        assert [point.day for point in curve.points] == [20, 40, 60, 90, 120]
        # Four were decided by day 20: a few people, so the curve begins at day 40.
        assert [str(point.percent) for point in curve.points] == ["*", "75", "63", "38", "*"]

    def test_all_bands_together_are_the_same_figure_as_the_total(self) -> None:
        """One audience has one band and the other several: their total must not have two names."""
        bands = Bands({"over": "Over", "open": "Open"}, axes=("days", "side"))
        bands.codes = {"over": frozenset({"o"}), "open": frozenset({"r"})}
        boxes = bands.exact([(0, len(GRID))]).boxes
        for column in range(3):
            assert boxes[0, column] == boxes[1, column]
        assert "days" in dict(bands.exact([(0, 3), (4, len(GRID))]).boxes[0, 2])

    def test_fewer_than_thirty_cases_show_no_curve_and_a_rough_median(self) -> None:
        curve = drawn(SPREAD[:27])
        assert {point.percent for point in curve.points} == {HIDDEN}
        assert isinstance(curve.median, Shown)
        assert curve.median.value % 5 == 0
        assert abs(curve.median.value - SPREAD[13]) <= 5

    def test_seven_resolved_cases_show_no_median(self) -> None:
        assert drawn([8] * 7, [9] * 9).median == HIDDEN
        assert drawn([8] * 10, [9] * 9).median != HIDDEN

    def test_a_median_not_yet_reached_is_said(self) -> None:
        assert drawn([8] * 10, [99] * 40).median is None

    def test_a_median_in_a_band_without_an_end_is_hidden(self) -> None:
        assert drawn([300] * 40, [20] * 10).median == HIDDEN

    def test_a_day_that_few_cases_have_reached_is_hidden(self) -> None:
        assert drawn([8] * 40, [130] * 4).points[0].percent == HIDDEN

    def test_the_median_has_an_interval_around_it(self) -> None:
        curve = drawn([day for day in SPREAD for _ in range(10)])
        limits = (curve.median_lower, curve.median, curve.median_upper)
        lower, middle, upper = (f.value for f in limits if isinstance(f, Shown))
        assert lower < middle < upper
        assert abs(middle - 67) <= 4

    def test_the_median_is_where_the_drawn_line_falls_to_one_half(self) -> None:
        curve = drawn([day for day in SPREAD for _ in range(10)])
        assert isinstance(curve.median, Shown)
        shown = [(p.day, p.percent.value) for p in curve.points if isinstance(p.percent, Shown)]
        for (day, share), (after, then) in pairwise(shown):
            if day <= curve.median.value <= after:
                at = share + (then - share) * (curve.median.value - day) / (after - day)
                assert abs(at - 50) <= 3

    def test_all_open_is_no_certainty(self) -> None:
        points = drawn([], [100] * 30).points
        assert (points[0].percent, points[0].upper) == (Shown(100), Shown(100))
        assert points[0].lower == Shown(88)

    def test_all_resolved_has_the_exact_limit_and_not_the_last_one(self) -> None:
        points = drawn([18] * 995).points
        assert [str(point.upper) for point in points] == ["1"] * 5
        assert {point.percent for point in points} == {Shown(0)}


class TestJson:
    OBJECTS = (
        protect_count(one_each(23), INTERNAL),
        protect_count(one_each(3), INTERNAL),
        protect_mean(SPREAD, one_each(len(SPREAD)), INTERNAL),
        protect_share(one_each(9), one_each(14), INTERNAL),
        drawn(SPREAD, [200] * 60),
        drawn(SPREAD),
        protect(count(SDC["SDC1"]["table"]), INTERNAL),
        protect(listed([30, 3, 8, 12]), INTERNAL),
    )

    @pytest.mark.parametrize("shown", OBJECTS, ids=lambda o: str(o.kind))
    def test_brings_a_protected_object_back_unchanged(self, shown: Protected) -> None:
        assert read_protected(json.loads(json.dumps(shown.to_json()))) == shown

    def test_refuses_what_is_no_figure(self) -> None:
        with pytest.raises(ValueError, match="not a figure"):
            read_protected({"kind": "count", "figure": 2.5})
        with pytest.raises(ValueError, match="no kind"):
            read_protected({"kind": "list"})

    def test_needs_neither_numpy_nor_scipy_nor_altair(self) -> None:
        code = (
            "import sys, grievances.reports.disclosure, grievances.reports.stored_objects as d; "
            "d.read_protected({'kind': 'count', 'figure': 5}); "
            "sys.exit(bool({'numpy', 'scipy', 'altair', 'vl_convert'} & set(sys.modules)))"
        )
        assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def people(*spans: tuple[int, int]) -> Group:
    """A figure of people numbered in these spans, the last number left out."""
    found = frozenset(n for first, end in spans for n in range(first, end))
    return Group(len(found), found)


class TestOverlappingWindows:
    """A window of twelve months beside another that begins elsewhere."""

    def test_a_few_more_or_a_few_less_are_hidden(self) -> None:
        known = people((0, 150))
        for other in (people((0, 153)), people((0, 148)), people((2, 153))):
            assert not may_show_beside(known, [other], (), 5)
            assert not may_show_beside(other, [known], (), 5)

    def test_the_same_people_and_none_in_common_are_shown(self) -> None:
        assert may_show_beside(people((0, 150)), [people((0, 150))], (), 5)
        assert may_show_beside(people((0, 150)), [people((200, 206))], (), 5)

    def test_a_few_of_another_band_do_not_hide_a_large_figure(self) -> None:
        """Four of eight are outside, and 676 came: the difference of the two numbers is 672."""
        assert may_show_beside(people((0, 680)), [people((676, 684))], (), 5)

    def test_where_too_many_to_keep_only_the_numbers_are_compared(self) -> None:
        entry = Entry(read_period("2022-23-Q2"), 1, date(2022, 9, 30), True, 900, Group(900))
        assert not may_show_beside(Group(903), [], [entry], 5)
        assert may_show_beside(Group(950), [], [entry], 5)


class TestRefusing:
    def test_neighbours_of_a_narrowed_figure_come_before_everything(self) -> None:
        def released(group: str, ending: str, number: int) -> Release:
            box = frozenset({("group", frozenset({group})), ("ending", frozenset({ending}))})
            return Release(
                family=f"{group} {ending}", table="t", population="concerns", place=f"{number},0",
                box=write_box(box), shown=True, cases=20, value=20,
            )  # fmt: skip

        new = [released(g, e, n) for n, (g, e) in enumerate(product("abc", "xyz"))]
        key = key_of(new[0])
        assert refuse(new, [key], 2) == {"a x", "a y", "a z", "b x", "c x"}
        assert refuse(new, [key], 4) == {EVERY_FIGURE}
