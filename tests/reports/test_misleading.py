"""Numbers that are right and would mislead: what the pages say instead."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from grievances.audit.models import Event
from grievances.cases.models.case import Case
from grievances.monitoring import answers
from grievances.people.regions import REGIONS_IN_USE
from grievances.policy.profiles import CLOCKS
from grievances.reports import catalogue
from grievances.reports.builders import Due, Run
from grievances.reports.cautions import STARS
from grievances.reports.contents import rates
from grievances.reports.contents.packs import trend
from grievances.reports.contents.rates import mean_of_all
from grievances.reports.disclosure.comments import protect_words
from grievances.reports.disclosure.derived import (
    ProtectedComparison,
    RateUnit,
    compare,
    rate_of,
)
from grievances.reports.disclosure.protected import HIDDEN, Shown
from grievances.reports.disclosure.protection import share_of
from grievances.reports.fact_models import Ending, StaffCount
from grievances.reports.layout.document import NOT_WHOLE, Document, Item, Section
from grievances.reports.layout.html import write_page
from grievances.reports.layout.section_tables import table_of
from grievances.reports.periods import read_period
from grievances.vocabulary import Region
from tests.reports.report_factory import YEAR, Concern, figure, owe, store

NOW = datetime(2023, 6, 1, 9, tzinfo=UTC)
DAY, ENDED = date(2022, 5, 3), date(2022, 9, 1)


def made(*names: str, period: str = "2022-23") -> dict[str, Document]:
    run = Run(NOW)
    run.make([Due(catalogue.REPORTS[name], read_period(period)) for name in names])
    return run.made["internal", period]


@pytest.mark.parametrize(
    ("part", "whole", "limits"),
    [
        (0, 1000, (0, 1)),
        (1000, 1000, (99, 100)),
        (10, 25, (23, 59)),
        (13_200, 13_215, (99, 100)),
        (15, 13_215, (0, 1)),
    ],
)
def test_nothing_is_ever_certain(part: int, whole: int, limits: tuple[int, int]) -> None:
    share = share_of(Shown(part), Shown(whole))
    assert (share.lower, share.upper) == tuple(map(Shown, limits))


def test_a_comparison_with_few_is_not_called_sure() -> None:
    """0 of 20 against 10 of 20 may have been 2 of 18 against 8 of 22."""
    none, half = share_of(Shown(0), Shown(20)), share_of(Shown(15), Shown(20))
    few = compare(half, none)
    assert "may differ" in few.words
    assert "Rounding alone" in few.words
    many = compare(share_of(Shown(150), Shown(200)), share_of(Shown(10), Shown(200)))
    assert many.words == "They differ by more than chance alone would explain."
    assert ProtectedComparison.from_json(few.to_json()) == few


@pytest.mark.parametrize("part", [0, 5])
def test_no_rate_of_very_many_is_certain(part: int) -> None:
    """Of 200,000 staff no one came: the true rate is small, and not nothing."""
    rate = rate_of(Shown(part), 200_000, RateUnit(months=12))
    assert (rate.tenths, rate.lower, rate.upper) == (Shown(0), Shown(0), Shown(1))


@pytest.mark.parametrize(
    ("first", "whole"),
    [
        (date(2022, 4, 1), {"2022-23": True, "2022-23-Q1": True}),
        (date(2022, 4, 30), {"2022-23": True, "2022-23-Q1": True}),
        (date(2022, 5, 1), {"2022-23": False, "2022-23-Q1": False, "2022-23-Q2": True}),
        (date(2022, 11, 7), {"2022-23": False, "2022-23-Q3": False, "2022-23-Q4": True}),
    ],
)
def test_a_period_in_which_counting_began_is_not_called_whole(
    policies: None, first: date, whole: dict[str, bool]
) -> None:
    store([Concern(first) for _ in range(30)])
    for name, is_whole in whole.items():
        document = made("backlog", period=name)["backlog"]
        assert document.whole is is_whole
        assert (NOT_WHOLE in document.caution) is not is_whole
        assert Document.from_json(document.to_json()) == document
        assert (NOT_WHOLE in write_page(document, {})) is not is_whole


def test_a_percent_of_few_says_how_far_rounding_moved_it() -> None:
    """7 of 18 is shown as 5 of 20."""
    share = share_of(Shown(5), Shown(20))
    assert share.rounding == (14, 39)
    assert share_of(Shown(20), Shown(50)).rounding is None
    _, rows = table_of(Section("key", "Heading", "", (Item("One", share),)))
    assert "between 14% and 39%" in str(rows[0][0])


def test_the_number_of_printed_texts_is_rounded_down() -> None:
    assert [len(protect_words(["x"] * n).texts) for n in (9, 10, 14, 15)] == [0, 10, 10, 15]


class TestPeopleAreTheTrials:
    @pytest.fixture
    def year(self, policies: None) -> None:
        """20 people with three concerns each, and 40 very old ones still open."""
        store(
            [
                Concern(DAY, ENDED, Ending.UPHELD if n % 2 else Ending.NOT_UPHELD, f"p{n // 3}")
                for n in range(60)
            ]
        )
        store([Concern(date(2021, 7, 1)) for _ in range(40)])
        store([Concern(date(2018, 7, 2))])
        for case in Case.unguarded.all()[:60]:
            for due in (DAY, ENDED):
                owe(case, due, due if case.pk % 2 else None, name="UPDATE")
        for number, quarter in enumerate(("Q1", "Q2", "Q3"), 1):
            for region in Region.values:
                staff = 1000 * number
                StaffCount.objects.create(quarter=f"2022-23-{quarter}", region=region, staff=staff)

    def test_of_concerns_and_of_promises(self, year: None) -> None:
        documents = made("volumes", "outcomes", "timeliness", "backlog")
        upheld = figure(documents["outcomes"], "Upheld or partly upheld, of those concluded")
        assert (upheld.whole, upheld.each) == (Shown(60), 300)
        assert (upheld.lower, upheld.upper) == (Shown(30), Shown(70)), "as 10 of 20"
        promises = figure(documents["timeliness"], "All promises together")
        assert (promises.whole, promises.each) == (Shown(120), 600)
        rate = figure(documents["volumes"], "Everywhere")
        assert (rate.part, rate.staff, rate.unit) == (Shown(60), 10_000, "per 100 staff a year")
        assert (rate.tenths, rate.lower, rate.upper) == (Shown(6), Shown(4), Shown(9))
        section = next(s for s in documents["volumes"].sections if s.key == "by-region")
        assert "staff counts of 3 of its 4 quarters" in section.note
        oldest = next(s for s in documents["backlog"].sections if s.key == "oldest")
        assert [item.label for item in oldest.items] == ["Open for more than 375 working days"]

    def test_the_rate_of_a_quarter_is_one_a_year(self, year: None) -> None:
        rate = figure(made("volumes", period="2022-23-Q1")["volumes"], "Everywhere")
        assert (rate.part, rate.staff, rate.tenths) == (Shown(60), 5_000, Shown(48))


def test_many_groups_are_compared_more_strictly_and_in_every_way(policies: None) -> None:
    codes = [code for code in ("W1", "A1", "B1", "B2", "O1") for _ in range(30)]
    for n, code in enumerate(codes):
        ending = (Ending.UPHELD, Ending.NOT_UPHELD, Ending.WITHDRAWN)[n % 3 if n % 5 else 0]
        (case,) = store([Concern(DAY, ENDED, ending)])
        answers.keep(case, {"ethnic_group": code}, {}, ENDED)
        owe(case, ENDED, ENDED if n % 2 else None, name="OVERALL")
    document = made("fairness")["fairness"]
    names = {section.key: {item.label for item in section.items} for section in document.sections}
    base = "English, Welsh, Scottish, Northern Irish or British"
    for key in ("fair-upheld", "fair-formal", "fair-appealed", "fair-withdrawn", "fair-unanswered"):
        assert f"Caribbean, compared with {base}" in names[key]
    # Five of the thirty were withdrawn before their date: neither kept nor broken.
    assert figure(document, "Caribbean", "fair-on-time").whole == Shown(25)
    found = figure(document, f"Caribbean, compared with {base}", "fair-withdrawn")
    assert isinstance(found, ProtectedComparison)
    assert found.percent_of_limits == "99.8%"
    assert "99.8%" in document.sections[0].note
    # No one appealed, so there is nothing to compare, although groups were compared before.
    section = next(s for s in document.sections if s.key == "fair-appeal-changed")
    assert not section.items
    assert "Of too few of the appeals decided" in section.note


def test_one_late_concern_makes_no_silent_star(policies: None) -> None:
    """One is entered in May after its quarter was published, and the year becomes a star."""
    store([Concern(date(2022, month, 4)) for month in (5, 8, 11) for _ in range(30)])
    store([Concern(date(2023, 2, 3)) for _ in range(30)])
    quarters = [Due(catalogue.VOLUMES, quarter) for quarter in YEAR.quarters()]
    run = Run(NOW)
    run.make(quarters)
    store([Concern(DAY)])
    run = Run(NOW)
    run.make([Due(catalogue.VOLUMES, YEAR)])
    document = run.made["internal", "2022-23"]["volumes"]
    assert figure(document, "Concerns received").figure == HIDDEN
    assert document.warning == STARS
    event = Event.objects.get(kind="report.withheld")
    assert (event.data["name"], event.data["period"]) == ("volumes", "2022-23")


def test_a_revision_may_keep_an_old_part_beside_a_smaller_whole() -> None:
    """Four of 23 upheld are gone, so 25 stays as it was; nine of the 28 concluded are gone."""
    share = share_of(Shown(25), Shown(20))
    assert (share.part, share.whole) == (Shown(25), Shown(20))
    assert share.percent == share.lower == share.upper == HIDDEN


def test_a_revision_counts_to_the_last_day_of_a_year_with_a_leap_day() -> None:
    volumes = catalogue.VOLUMES
    days = [Due(volumes, read_period("2022-23"), edition).as_of for edition in (1, 2, 3)]
    assert days == [date(2023, 3, 31), date(2024, 3, 31), date(2025, 3, 31)]


@pytest.mark.parametrize("ended", [None, 0])
def test_staff_of_a_region_that_was_merged_in_mid_year_count_once(ended: int | None) -> None:
    """Wales joins the South in October; its later counts are missing, or are given as 0."""
    counts = {region: dict.fromkeys("1234", 1000) for region in Region.values}
    counts["SOUTH"] |= dict.fromkeys("34", 2000)
    counts["WALES"] = {**dict.fromkeys("12", 1000), **({} if ended is None else {"3": 0, "4": 0})}
    assert mean_of_all(counts) == 5000
    del counts["WALES"]
    assert mean_of_all(counts) is None


def test_a_region_that_ended_before_the_period_needs_no_staff_count(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Else every rate of all regions would be gone for ever, once one has ended."""
    counts = {region: dict.fromkeys("1234", 1000) for region in Region.values if region != "WALES"}
    monkeypatch.delitem(REGIONS_IN_USE, "WALES")
    assert mean_of_all(counts) == 4000
    assert rates.expected_in(counts) == counts.keys()
    # A new one begins in October: only the quarters since then have all of them.
    monkeypatch.setitem(REGIONS_IN_USE, "NEW", "A new region")
    assert mean_of_all(counts) is None
    counts["NEW"] = dict.fromkeys("34", 600)
    assert mean_of_all(counts) == 4600


@pytest.mark.parametrize(
    ("now", "before", "words"),
    [
        ((60, 100), (50, 100), "Up from 50%: chance alone could explain it."),
        ((300, 1000), (500, 1000), "Down from 50%: more than chance would explain."),
        ((50, 100), (50, 100), "Unchanged from 50%."),
        ((5, 10), (50, 100), "No trend yet."),
    ],
)
def test_a_trend_says_what_chance_explains(
    now: tuple[int, int], before: tuple[int, int], words: str
) -> None:
    shares = [share_of(Shown(part), Shown(whole)) for part, whole in (now, before)]
    assert trend(*shares) == words


def test_the_first_page_has_no_trend() -> None:
    assert trend(share_of(Shown(50), Shown(100)), None) == "No trend yet."


def test_half_at_once_is_within_the_whole_band(policies: None) -> None:
    """All are acknowledged on the second day, and the band has ten: no line tells a day."""
    for case in store([Concern(DAY) for _ in range(60)]):
        owe(case, date(2022, 5, 6), date(2022, 5, 5))
    curve = figure(made("resolution-times")["resolution-times"], CLOCKS["ACK"])
    assert (curve.median_lower, curve.median, curve.median_upper) == tuple(map(Shown, (0, 10, 10)))
