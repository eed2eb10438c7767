"""Comparisons, rates and months: what must not be called sure, and no star in silence."""

from __future__ import annotations

from grievances.reports.catalogue import KPIS
from grievances.reports.disclosure.derived import (
    ProtectedComparison,
    RateUnit,
    compare,
    rate_of,
)
from grievances.reports.disclosure.measures import ProtectedSeries, series_of
from grievances.reports.disclosure.protected import HIDDEN, Figure, Shown
from grievances.reports.disclosure.protection import share_of
from grievances.reports.layout.document import Item, Section
from grievances.reports.layout.section_tables import table_of
from grievances.reports.layout.tidy import measures_of
from grievances.reports.readers.first_sentence import first_sentence_of
from grievances.reports.series import judgement


def series(unit: str, *figures: Figure) -> ProtectedSeries:
    return series_of(unit, [(str(n), figure) for n, figure in enumerate(figures)])


class TestMonthsThatAreNotShown:
    def test_they_are_in_no_run_and_the_page_says_so(self) -> None:
        """Four high months, one that is not known and three high ones are no seven in a row."""
        usual, high = [Shown(10), Shown(30)] * 5, Shown(25)
        parted = series("", *usual, *[high] * 4, HIDDEN, *[high] * 3)
        whole = series("", *usual, *[high] * 7)
        assert whole.flagged == tuple(range(9, 17))
        assert parted.flagged == ()
        said = judgement(parted)
        assert "1 month is not shown and is in no mean and no limit." in said
        assert "the mean may be too high" in said
        assert "not shown" not in judgement(whole)

    def test_where_no_two_are_neighbours_there_are_no_limits(self) -> None:
        parted: list[Figure] = [Shown(10), HIDDEN]
        found = series("", *parted * 13)
        assert (found.mean, found.upper, found.flagged) == (100, None, ())

    def test_no_limit_of_a_share_is_above_all(self) -> None:
        shares = [Shown(value) for value in (98, 80, 97, 85, 99, 84) * 3]
        assert series("%", *shares).upper == 1000
        assert (series("", *shares).upper or 0) > 1000


def test_two_shares_of_all_are_not_the_same_for_sure() -> None:
    """20 of 20 and 20 of 20: the ratio was 1.00 with limits of 1.00 and 1.00."""
    whole = share_of(Shown(20), Shown(20))
    found = compare(whole, whole)
    assert (found.ratio_lower, found.ratio_upper) == (Shown(84), Shown(119))
    assert "No difference beyond chance" in found.words


def test_small_shares_differ_by_tenths_of_a_point() -> None:
    """0.5% and 0.6% of staff: the difference was 0 points with limits of 0 and 0."""
    first, second = share_of(Shown(50), Shown(10_000)), share_of(Shown(300), Shown(49_000))
    found = compare(first, second)
    assert [*map(found.in_points, (found.points, found.lower, found.upper))] == [
        "-0.1",
        "-0.3",
        "0.1",
    ]
    assert ProtectedComparison.from_json(found.to_json()) == found
    (_, rows) = table_of(Section("key", "", "", (Item("these", found),)))
    assert "-0.1 points" in str(rows)
    tidy = next(iter(measures_of(Item("these", found))))
    assert (tidy.value, tidy.lower, tidy.upper) == (-0.1, -0.3, 0.1)


def test_a_difference_that_rounding_could_make_is_not_called_sure() -> None:
    """5 of 400 may have been 3, and then chance alone could explain it."""
    base = share_of(Shown(80), Shown(20_000))
    near, far = share_of(Shown(5), Shown(400)), share_of(Shown(60), Shown(2_000))
    assert "Rounding alone may have moved" in compare(near, base).words
    assert compare(far, base).words == "They differ by more than chance alone would explain."


def test_of_none_there_is_no_ratio_and_no_star_in_a_sentence() -> None:
    found = compare(share_of(Shown(0), Shown(100)), share_of(Shown(50), Shown(100)))
    (_, rows) = table_of(Section("key", "", "", (Item("these", found),)))
    assert "*" not in str(rows)
    ratio = [row for row in measures_of(Item("these", found)) if row.unit == "ratio"]
    assert [row.marker for row in ratio] == ["[z]"]


def test_what_is_not_shown_is_not_called_too_few() -> None:
    """One of the two may be hidden because another figure would tell of it."""
    found = compare(share_of(HIDDEN, Shown(500)), share_of(Shown(50), Shown(100)))
    assert found.words.startswith("Not compared")


def test_more_concerns_than_staff_are_a_rate_and_no_star() -> None:
    """Four staff and five concerns in a quarter: nothing is hidden, so nothing is a star."""
    rate = rate_of(Shown(5), 4, RateUnit(months=3))
    assert (rate.tenths, rate.lower, rate.upper) == (Shown(5_000), Shown(1_611), Shown(11_668))


def test_the_list_of_reports_has_no_bare_code() -> None:
    """The list says "Safe to raise" and not "K1 Safe to raise": only the page explains K1."""
    items = (Item("K1 Safe to raise", share_of(Shown(50), Shown(100))),)
    lead = first_sentence_of(KPIS, (Section("indicators", "", "", items),))
    assert lead == "Safe to raise: 50% of about 100."


def test_rates_and_what_they_are_compared_with_are_both_on_the_page() -> None:
    """The section on formal processes said that groups are compared, and had only rates."""
    rates = [rate_of(Shown(n), 2_000, RateUnit(1_000, "People", 12)) for n in (40, 10)]
    found = compare(share_of(Shown(40), Shown(2_000)), share_of(Shown(10), Shown(2_000)))
    items = (Item("Black", rates[0]), Item("White", rates[1]), Item("Black, compared", found))
    (_, rows) = table_of(Section("respondents-formal", "", "", items))
    assert len(rows) == 3
    assert "4.00 times as likely (2.01 to 7.98)" in str(rows[2])
    assert found.words in str(rows[2])
    (_, alone) = table_of(Section("upheld", "", "", (Item("Black, compared", found),)))
    assert "4.00 times as likely (2.01 to 7.98). They" in str(alone)


def test_no_limits_are_one_number() -> None:
    """60 of 8,580 was 1% (1% to 1%), and two shares of 20 in 50,000 were 0.0 (0.0 to 0.0) apart."""
    share = share_of(Shown(60), Shown(8_580))
    assert (share.percent, share.lower, share.upper) == (Shown(1), Shown(0), Shown(1))
    rate = rate_of(Shown(50), 61_500)
    assert (rate.tenths, rate.lower, rate.upper) == (Shown(1), Shown(0), Shown(2))
    few = share_of(Shown(20), Shown(50_000))
    found = compare(few, few)
    assert (found.points, found.lower, found.upper) == (Shown(0), Shown(-1), Shown(1))
    found = compare(share_of(Shown(840), Shown(50_000)), share_of(Shown(5_000), Shown(6_000)))
    assert found.ratio_lower != found.ratio_upper
