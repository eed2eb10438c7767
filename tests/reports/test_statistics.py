"""The statistics give the worked examples of domain.md 9."""

from collections import Counter
from datetime import date
from math import log
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import CensoredData, chi2, ecdf

from grievances.reports.statistics.competing_risks import cumulative_incidence
from grievances.reports.statistics.intervals import events, wilson
from grievances.reports.statistics.survival import (
    ClockFact,
    OnTime,
    Survival,
    due_cohort,
    kaplan_meier_from_days,
)
from grievances.reports.statistics.two_shares import difference, ratio
from grievances.reports.statistics.variation import Rule, xmr
from tests.reports.vectors import VECTORS

DAYS = st.lists(st.integers(0, 60), max_size=25)
KM1, KM2, KM3 = VECTORS["kaplan_meier"]
XMR1, XMR2, XMR3 = VECTORS["xmr"]


class TestWilson:
    @pytest.mark.parametrize("vector", VECTORS["wilson_pct"], ids=lambda v: f"{v['x']}of{v['n']}")
    def test_gives_the_published_limits(self, vector: dict[str, Any]) -> None:
        interval = wilson(vector["x"], vector["n"])
        assert interval is not None
        assert round(100 * interval.lower, 1) == vector["lower"]
        assert round(100 * interval.upper, 1) == vector["upper"]

    def test_of_no_one_is_no_data(self) -> None:
        assert wilson(0, 0) is None

    def test_refuses_a_part_larger_than_the_whole(self) -> None:
        with pytest.raises(ValueError, match="not a share"):
            wilson(3, 2)


class TestKaplanMeier:
    def test_km1_counts_open_cases(self) -> None:
        curve = kaplan_meier(KM1["closed"], KM1["open"])
        rows = zip(curve.times, curve.at_risk, curve.survival, strict=True)
        assert [[day, n, round(s, 4)] for day, n, s in rows] == KM1["at_risk_and_S"]
        assert curve.median() == KM1["median"] == 55

    def test_km2_reaches_its_median_with_the_last_event(self) -> None:
        assert kaplan_meier(KM2["closed"], KM2["open"]).median() == KM2["median"] == 30

    def test_km3_never_reaches_its_median(self) -> None:
        curve = kaplan_meier(KM3["closed"], KM3["open"])
        assert curve.median() is None
        assert curve.times == ()

    def test_a_resolution_comes_before_a_censoring_on_the_same_day(self) -> None:
        curve = kaplan_meier([10], [10])
        assert (curve.at_risk, curve.survival) == ((2,), (0.5,))

    def test_the_curve_is_read_on_any_day(self) -> None:
        curve = kaplan_meier(KM1["closed"], KM1["open"])
        day_40, day_120 = curve.at(40), curve.at(120)
        assert day_40 is not None
        assert day_120 is not None
        assert (round(day_40.survival, 4), day_40.followed) == (0.6769, 8)
        assert (round(day_120.survival, 4), day_120.followed) == (0.2632, 0)
        assert curve.at(121) is None

    def test_nothing_is_claimed_beyond_the_last_open_case(self) -> None:
        curve = kaplan_meier([], [10, 20])
        first = curve.at(15)
        assert first is not None
        assert first.survival == 1
        assert curve.at(25) is None

    def test_a_curve_that_ended_stays_at_zero(self) -> None:
        end = kaplan_meier([10, 20], []).at(120)
        assert end is not None
        assert (end.survival, end.lower) == (0, 0)
        assert end.upper > 0.5

    def test_no_cases_give_an_empty_curve(self) -> None:
        assert kaplan_meier([], []).at(20) is None

    def test_the_band_is_the_log_log_one_of_scipy(self) -> None:
        curve = kaplan_meier(KM1["closed"], KM1["open"])
        sample = CensoredData(uncensored=KM1["closed"], right=KM1["open"])
        with pytest.warns(RuntimeWarning, match="undefined"):
            band = ecdf(sample).sf.confidence_interval(method="log-log")
        at = [list(band.low.quantiles).index(day) for day in curve.times]
        assert curve.lower == pytest.approx(band.low.probabilities[at], abs=1e-6)
        assert curve.upper == pytest.approx(band.high.probabilities[at], abs=1e-6)

    @settings(max_examples=100, deadline=None)
    @given(closed=DAYS, open_=DAYS)
    def test_a_histogram_gives_the_same_curve_as_scipy(
        self, closed: list[int], open_: list[int]
    ) -> None:
        counted = kaplan_meier(closed, open_)
        assert (counted.cases, counted.events) == (len(closed) + len(open_), len(closed))
        assert counted.times == tuple(sorted(set(closed)))
        if not closed:
            return
        exact = ecdf(CensoredData(uncensored=closed, right=open_)).sf
        at = [list(exact.quantiles).index(day) for day in counted.times]
        assert counted.survival == pytest.approx(exact.probabilities[at], abs=1e-6)


def kaplan_meier(closed: list[int], open_: list[int]) -> Survival:
    """The curve of these durations in working days."""
    return kaplan_meier_from_days(Counter(closed), Counter(open_))


class TestXmr:
    @pytest.mark.parametrize("vector", VECTORS["xmr"], ids=lambda v: str(v["id"]))
    def test_gives_the_limits_and_flags_of_the_vector(self, vector: dict[str, Any]) -> None:
        result = xmr(vector["y"])
        assert result.upper is not None
        assert result.lower is not None
        limits = [round(limit, 3) for limit in (result.mean, result.upper, result.lower)]
        assert limits == [vector["mean"], vector["upl"], vector["lpl"]]
        assert list(result.flagged) == vector["flagged"]

    def test_xmr2_says_which_rule_flagged_which_point(self) -> None:
        rules = {signal.rule: signal.points for signal in xmr(XMR2["y"]).signals}
        assert rules == {
            Rule.OUTSIDE: (4, 6, 13),
            Rule.SHIFT: (7, 8, 9, 10, 11, 12, 13),
            # The paper names 2 and 3; those below are in the run of seven as well.
            Rule.NEAR: (2, 3, 8, 9, 10, 12),
        }

    def test_six_rises_in_a_row_are_a_trend(self) -> None:
        points = [10, 14, 10, 14, 10, 14, 10, 14, 8, 9, 10, 11, 12, 13, 14, 10, 14]
        rules = {signal.rule: signal.points for signal in xmr(points).signals}
        assert rules[Rule.TREND] == (9, 10, 11, 12, 13, 14, 15)

    def test_eleven_points_show_no_limits(self) -> None:
        result = xmr([1, 9] * 5 + [90])
        assert (result.upper, result.lower, result.signals) == (None, None, ())

    def test_limits_are_provisional_below_twenty_points(self) -> None:
        assert xmr([1, 2] * 9).provisional
        assert not xmr([1, 2] * 10).provisional

    def test_a_flat_series_has_no_signal(self) -> None:
        assert xmr([5] * 14).flagged == ()


class TestDueCohort:
    def test_counts_late_and_open_clocks_as_failures(self) -> None:
        due = date(2026, 6, 10)
        clocks = [
            ClockFact(due, due, date(2026, 6, 10)),
            ClockFact(due, due, date(2026, 6, 11)),
            ClockFact(due, due, None),
        ]
        assert count(clocks) == OnTime(met=1, due=3)

    def test_leaves_out_clocks_on_hold_and_other_periods(self) -> None:
        june, july = date(2026, 6, 10), date(2026, 7, 1)
        clocks = [ClockFact(june, june, None, paused=True), ClockFact(july, july, None)]
        assert count(clocks) == OnTime(met=0, due=0)

    def test_reports_the_due_date_first_given_too(self) -> None:
        moved = ClockFact(date(2026, 6, 20), date(2026, 6, 10), date(2026, 6, 15))
        result = due_cohort([moved], date(2026, 6, 1), date(2026, 6, 30))
        assert (result.current, result.original) == (OnTime(1, 1), OnTime(0, 1))


def count(clocks: list[ClockFact]) -> OnTime:
    """The cohort of June 2026."""
    return due_cohort(clocks, date(2026, 6, 1), date(2026, 6, 30)).current


class TestDisparity:
    VECTOR = VECTORS["disparity"]

    def test_the_difference_has_newcombes_interval(self) -> None:
        points, *limits = difference(*self.VECTOR["a"], *self.VECTOR["b"])
        assert round(100 * points, 1) == self.VECTOR["diff_points"]
        assert [round(100 * x, 1) for x in limits] == self.VECTOR["newcombe"]

    def test_the_ratio_has_its_interval(self) -> None:
        found = ratio(*self.VECTOR["a"], *self.VECTOR["b"])
        assert found is not None
        assert round(found[0], 2) == self.VECTOR["ratio"]
        assert [round(x, 2) for x in found[1:]] == self.VECTOR["ratio_ci"]

    def test_an_empty_group_gives_nothing(self) -> None:
        with pytest.raises(ValueError, match="empty"):
            difference(0, 0, 5, 9)
        assert ratio(0, 20, 5, 9) is None

    @pytest.mark.parametrize(
        ("counts", "limits"),
        [
            ((20, 20, 20, 20), (0.84, 1.19)),
            ((30, 30, 15, 30), (1.46, 3.02)),
            ((15, 30, 30, 30), (0.33, 0.69)),
        ],
    )
    def test_a_share_of_all_is_not_known_for_sure(
        self, counts: tuple[int, int, int, int], limits: tuple[float, float]
    ) -> None:
        """The log-normal interval of two shares of 100% is from 1 to 1."""
        found = ratio(*counts)
        assert found is not None
        assert found[0] == pytest.approx(counts[0] * counts[3] / counts[1] / counts[2])
        assert tuple(round(end, 2) for end in found[1:]) == limits

    @pytest.mark.parametrize("number", [5, 20, 100])
    def test_events_have_limits_near_the_exact_ones(self, number: int) -> None:
        found = events(number)
        exact = chi2.ppf(0.025, 2 * number) / 2, chi2.ppf(0.975, 2 * number + 2) / 2
        assert (found.lower, found.upper) == pytest.approx(exact, rel=0.01)


class TestCompetingShare:
    RESOLVED, WITHDRAWN = Counter([18, 25, 32, 32, 41]), Counter([20, 41])
    OPEN = Counter([30, 60, 90])

    def test_it_is_that_of_a_hand_computed_example(self) -> None:
        """Ten concerns. 20: 0.9/9 of S=0.9 leave; 41: 1/4 of S=0.7*4/6 leave."""
        found = cumulative_incidence(self.WITHDRAWN, self.RESOLVED, self.OPEN)
        by_day = {19: (0.0, 0), 20: (0.1, 1), 40: (0.1, 1), 41: (0.21667, 2)}
        for day, (share, left) in by_day.items():
            assert (round(found.at(day)[0], 5), found.at(day)[3]) == (share, left)

    def test_both_ways_out_and_those_still_there_make_the_whole(self) -> None:
        left = cumulative_incidence(self.WITHDRAWN, self.RESOLVED, self.OPEN)
        resolved = cumulative_incidence(self.RESOLVED, self.WITHDRAWN, self.OPEN)
        everything = kaplan_meier_from_days(self.RESOLVED + self.WITHDRAWN, self.OPEN)
        for day in (18, 25, 32, 41, 90):
            still = everything.at(day)
            assert still is not None
            assert left.at(day)[0] + resolved.at(day)[0] + still.survival == pytest.approx(1)

    def test_without_a_rival_it_is_the_curve_turned_over_with_its_limits(self) -> None:
        closed, open_ = Counter(KM1["closed"]), Counter(KM1["open"])
        curve = kaplan_meier_from_days(closed, open_)
        alone = cumulative_incidence(closed, {}, open_)
        greenwood = {18: 0.0739, 25: 0.1001, 32: 0.1337}
        for day, error in greenwood.items():
            point = curve.at(day)
            assert point is not None
            share, lower, upper, _ = alone.at(day)
            assert share == pytest.approx(1 - point.survival)
            reach = log(log(lower) / log(upper)) / (2 * 1.959964)
            assert reach * -share * log(share) == pytest.approx(error, abs=2e-4)

    def test_without_anyone_still_open_its_limits_are_those_of_a_plain_share(self) -> None:
        """Of ten, 3 withdrew on day 5 and 2 on day 9: the variance is p (1 - p) / n."""
        found = cumulative_incidence({5: 3, 9: 2}, {7: 5}, {})
        for day, p in ((5, 0.3), (9, 0.5)):
            share, lower, upper, _ = found.at(day)
            error = log(log(lower) / log(upper)) / (2 * 1.959964) * -share * log(share)
            assert (share, error**2) == pytest.approx((p, p * (1 - p) / 10))

    def test_no_one_leaves_nothing(self) -> None:
        assert cumulative_incidence({}, {}, Counter([5])).at(60) == (0.0, 0.0, 0.975, 0)
