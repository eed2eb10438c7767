"""Charts obey a strict content security policy and say in words what they show."""

import re
from pathlib import Path

import pytest

from grievances.monitoring.codes import GROUPS
from grievances.reports.charts.section_charts import chart_of
from grievances.reports.charts.survival_chart import survival_chart
from grievances.reports.charts.svg_charts import (
    TEXT_SIZE,
    BarRow,
    Baseline,
    Datum,
    ShareRow,
    bar_chart,
    share_chart,
)
from grievances.reports.charts.variation_chart import _apart, _level_layers, _points, series_chart
from grievances.reports.disclosure.audience import INTERNAL
from grievances.reports.disclosure.derived import rate_of
from grievances.reports.disclosure.measures import ProtectedSeries, series_of
from grievances.reports.disclosure.protected import (
    HIDDEN,
    ProtectedPoint,
    ProtectedShare,
    ProtectedSurvival,
    ProtectedTable,
    Shown,
)
from grievances.reports.disclosure.protection import protect_share
from grievances.reports.layout.document import Item, Section
from grievances.reports.layout.section_tables import table_of
from grievances.reports.series import judgement
from tests.reports.tables import one_each

STYLES = Path("assets/fair-hearing.css")
POINTS = ((20, 92, 82, 97), (40, 63, 50, 74), (60, 39, 26, 52), (90, 18, 9, 30))
UNSAFE = re.compile(r"<script|<style|<foreignObject|<image|\sstyle=|\son[a-z]+=|href=|javascript:")


def share(part: int, rest: int) -> ProtectedShare:
    """A share in which every answer is another person's."""
    return protect_share(one_each(part), one_each(rest), INTERNAL)


def curve(*points: tuple[int, int, int, int]) -> ProtectedSurvival:
    """A protected curve of about 60 cases, hidden at 120 days."""
    shown = [ProtectedPoint(day, Shown(s), Shown(low), Shown(up)) for day, s, low, up in points]
    last = ProtectedPoint(120, HIDDEN, HIDDEN, HIDDEN)
    no_one = ProtectedPoint(20, Shown(0), Shown(0), Shown(0))
    left = ProtectedPoint(40, Shown(8), Shown(4), Shown(13))
    return ProtectedSurvival(Shown(60), Shown(55), (*shown, last), (no_one, left, last))


@pytest.fixture(scope="module")
def survival_svg() -> str:
    svg = survival_chart(curve(*POINTS), "time", 'Half are "resolved" in <55> days & fewer')
    assert svg is not None
    return svg


@pytest.fixture(scope="module")
def share_svg() -> str:
    rows = [
        ShareRow("I felt safe", share(27, 19), Baseline(45, "felt safe in 2021")),
        ShareRow("I was treated as someone raising a concern, not as the problem", share(40, 6)),
        ShareRow("I would raise a concern again", share(3, 30)),
        ShareRow("The time it took was reasonable", share(0, 0)),
    ]
    return share_chart(rows, "safe", "More people feel safe")


@pytest.fixture(scope="module")
def bar_svg() -> str:
    rows = [BarRow("North", Shown(25)), BarRow("=Wales & <West>", Shown(0)), BarRow("x", HIDDEN)]
    return bar_chart(rows, "regions", "Where concerns come from")


@pytest.fixture(scope="module")
def series_svg() -> str:
    points = [(f"Month {n}", Shown(48 + 8 * (n % 2))) for n in range(30)]
    series = series_of("%", [*points, ("Late", HIDDEN), ("Last", Shown(95))])
    assert series.flagged == (31,)
    svg = series_chart(series, "months", "Month by month")
    assert svg is not None
    return svg


@pytest.mark.parametrize("name", ["survival_svg", "share_svg", "bar_svg", "series_svg"])
class TestEveryChart:
    def test_passes_a_strict_policy(self, name: str, request: pytest.FixtureRequest) -> None:
        assert not UNSAFE.search(request.getfixturevalue(name))

    def test_is_one_named_image(self, name: str, request: pytest.FixtureRequest) -> None:
        svg = request.getfixturevalue(name)
        assert svg.count("role=") == 1
        ids = re.search(r'^<svg [^>]*role="img" aria-labelledby="(\S+) (\S+)"', svg)
        assert ids is not None
        assert f'<title id="{ids[1]}">' in svg
        assert f'<desc id="{ids[2]}">' in svg
        assert "aria-" not in svg.replace("aria-labelledby", "", 1)

    def test_has_large_text_in_our_font(self, name: str, request: pytest.FixtureRequest) -> None:
        svg = request.getfixturevalue(name)
        sizes = {int(size) for size in re.findall(r'font-size="(\d+)px"', svg)}
        assert sizes
        assert min(sizes) >= 16
        fonts = set(re.findall(r'font-family="([^"]+)"', svg))
        assert fonts == {"Atkinson Hyperlegible Next, arial, sans-serif"}

    def test_can_be_scaled(self, name: str, request: pytest.FixtureRequest) -> None:
        svg = request.getfixturevalue(name)
        size = re.search(r'viewBox="0 0 (\d+) (\d+)"', svg)
        assert size is not None
        assert int(size[1]) <= 720

    def test_a_phone_shows_all_of_it_in_letters_of_12_pixels(
        self, name: str, request: pytest.FixtureRequest
    ) -> None:
        """A screen of 375 pixels leaves 345 between its margins."""
        rule = re.search(r"\.fh-scroll > svg \{\s+min-width: (\d+)rem", STYLES.read_text("utf-8"))
        assert rule is not None
        size = re.search(r'viewBox="0 0 (\d+) ', request.getfixturevalue(name))
        assert size is not None
        assert 16 * int(rule[1]) <= 345
        assert TEXT_SIZE * 16 * int(rule[1]) / int(size[1]) >= 12


class TestSurvivalChart:
    def test_writes_the_figures_on_the_line(self, survival_svg: str) -> None:
        assert all(f">{figure}%<" in survival_svg for figure in (92, 63, 39, 18))
        assert ">60-day target<" in survival_svg

    def test_says_the_figures_in_words(self, survival_svg: str) -> None:
        assert "After 60 working days 39% were still open." in survival_svg
        assert "After 120" not in survival_svg

    def test_draws_the_competing_share_up_to_the_first_hidden_day(self, survival_svg: str) -> None:
        assert ">Withdrawn: 8%<" in survival_svg
        assert "By day 40 8% had been withdrawn." in survival_svg
        assert "By day 120" not in survival_svg

    def test_escapes_its_title(self, survival_svg: str) -> None:
        assert "Half are &quot;resolved&quot; in &lt;55&gt; days &amp; fewer" in survival_svg

    def test_only_the_way_to_the_decision_has_the_target(self) -> None:
        """A first meeting has a promise of its own, of fewer days."""
        drawn = {
            key: chart_of(Section(key, "Times", "", (Item("curve", curve(*POINTS)),)))
            for key in ("duration", "first-meeting")
        }
        assert "60-day target" in drawn["duration"]
        assert "target" not in drawn["first-meeting"]

    def test_is_not_drawn_when_everything_is_hidden(self) -> None:
        assert survival_chart(curve(), "time", "Too few") is None


class TestShareChart:
    def test_writes_share_and_rounded_base_beside_the_bar(self, share_svg: str) -> None:
        assert ">56% of about 45<" in share_svg
        assert "95% interval 41% to 69%; to beat: 45% felt safe in 2021." in share_svg

    def test_labels_the_line_to_beat(self, share_svg: str) -> None:
        assert ">45% felt safe in 2021<" in share_svg
        assert "stroke-dasharray" in share_svg

    def test_gives_a_hidden_share_a_star_and_no_bar(self, share_svg: str) -> None:
        assert share_svg.count(">*<") == 1
        assert share_svg.count('fill="#12436D"') == 2
        assert "9%" not in re.findall(r">I would raise.*?</desc>", share_svg)

    def test_a_bar_is_pale_where_rounding_moves_its_share_far(self, share_svg: str) -> None:
        assert share_svg.count('fill-opacity="0.4"') == 2, "46 people each"
        assert "fill-opacity" not in share_chart([ShareRow("All", share(30, 40))], "all", "All")

    def test_says_no_data_rather_than_nought(self, share_svg: str) -> None:
        assert ">no data<" in share_svg

    def test_needs_a_row(self) -> None:
        with pytest.raises(ValueError, match="at least one row"):
            share_chart([], "safe", "Nothing")


def test_limits_begin_where_a_series_was_counted_afresh() -> None:
    points = [(f"M{n}", Shown(0 if n < 6 else 50 + n % 3)) for n in range(20)]
    series = series_of("", points, begins=6, reason="M6: a new helpline")
    assert levels_begin(series) == {5.5}
    assert levels_begin(series_of("", points)) == {-0.5}


def levels_begin(series: ProtectedSeries) -> set[float]:
    """From which place on the mean and the limits are drawn."""
    layer = _level_layers(series, _points(series))[0].to_dict()
    (rows,) = layer["datasets"].values() if "datasets" in layer else (layer["data"]["values"],)
    return {row["place"] for row in rows}


def test_neighbours_that_are_signals_do_not_write_over_each_other() -> None:
    signals: list[Datum] = [{"place": place, "words": "9"} for place in (0, 1, 2, 3, 5, 6)]
    assert [point["place"] for point in _apart(signals)] == [0, 2, 5]


def test_many_signals_are_counted_and_few_are_named() -> None:
    series = series_of("", [(f"M{n}", Shown(0 if n < 9 else 90)) for n in range(18)])
    assert f"{len(series.flagged)} of 18 months, marked in the table" in judgement(series)


def test_where_no_staff_are_counted_no_star_says_that_a_rate_is_hidden() -> None:
    rates = [("North", rate_of(Shown(10), 500)), ("Not said", rate_of(Shown(0), None))]
    section = Section("rates", "Rates", "", tuple(Item(*one) for one in rates))
    svg = chart_of(section)
    assert "Not said" not in svg
    assert ">*<" not in svg
    assert ">2.0<" in svg, "on a phone there is no room for the unit beside each bar"
    assert svg.count(">Per 100 staff<") == 1
    headings, rows = table_of(section)
    assert str(headings[0]) == "Region"
    assert "*" not in str(rows[1])
    assert str(rows[1]).count("no data") == 2
    of_groups = Section("raising", "", "", (Item(GROUPS["ASIAN"], rates[0][1]),))
    assert table_of(of_groups)[0][0] == "Ethnic group"


def test_bars_of_a_table_with_columns_say_that_they_are_totals() -> None:
    """A chart with the heading How concerns ended must not seem to show how."""
    for columns, there in ((("Upheld", "Other"), True), ((), False)):
        figures = [[1_085] * (len(columns) + 1) for _ in range(2)]
        table = ProtectedTable.from_grid(("Formal",), columns, figures)
        svg = chart_of(Section("routes", "How concerns ended", "", (Item("Way", table),)))
        assert (">Each bar is all of them" in svg) is there
        assert ">1,085<" in svg
