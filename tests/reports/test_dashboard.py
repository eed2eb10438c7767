"""The dashboard over time: what is drawn is what is shown, and notes say what happened."""

from __future__ import annotations

from datetime import date

import pytest
from django.test import Client

from grievances.audit.models import Event
from grievances.reports import catalogue
from grievances.reports.builders import Due, Run
from grievances.reports.disclosure.protected import HIDDEN, Figure, ProtectedCount, Shown
from grievances.reports.disclosure.protection import share_of
from grievances.reports.fact_models import Ending
from grievances.reports.layout.document import Item
from grievances.reports.layout.headlines import change_of, words_of
from grievances.reports.periods import read_period
from grievances.reports.readers.figure_notes import NOTES
from grievances.reports.snapshot_models import FigureNote
from grievances.web.reports.trend import EDGE, HEIGHT, trend_of
from tests.factories import cases
from tests.factories.people import Staff
from tests.reports.report_factory import Concern, store
from tests.signing_in import sign_in

ADDRESS = "/reports/notes/"
SAID = {"figure": "upheld", "period": "2022-23", "reason": "counting"}


def counts(*figures: Figure) -> list[Item | None]:
    """Return the same figure in several periods."""
    return [Item("Concerns", ProtectedCount(figure)) for figure in figures]


@pytest.fixture
def years(staff: Staff) -> None:
    """The reports on outcomes and volumes of two years, of which the first began in May."""
    make_years(date(2021, 5, 3))


def make_years(first: date) -> None:
    """Make the reports on outcomes and volumes of the year of the first concern and of 2022-23."""
    days = [first, date(2022, 5, 3)]
    store([Concern(day, day, Ending.UPHELD if n % 2 else Ending.NOT_UPHELD)
           for day in days for n in range(100)])  # fmt: skip
    names = [catalogue.OUTCOMES, catalogue.VOLUMES]
    periods = [read_period("2021-22"), read_period("2022-23")]
    Run(cases.START).make([Due(name, period) for period in periods for name in names])


class TestDrawing:
    def test_a_number_is_drawn_between_nothing_and_the_largest(self) -> None:
        drawn = trend_of("Concerns", counts(Shown(0), Shown(50), Shown(100)), "number")
        assert drawn is not None
        assert [y for _, y in drawn.dots] == [HEIGHT - EDGE, HEIGHT / 2, EDGE]
        assert len(drawn.lines) == 1

    def test_a_hidden_figure_is_a_gap(self) -> None:
        drawn = trend_of("Concerns", counts(Shown(20), HIDDEN, Shown(40), Shown(30)), "number")
        assert drawn is not None
        assert len(drawn.dots) == 3
        assert [line.count(",") for line in drawn.lines] == [1, 2]

    def test_one_period_is_no_trend(self) -> None:
        assert trend_of("Concerns", counts(Shown(20), HIDDEN), "number") is None
        assert trend_of("Concerns", [None, *counts(Shown(20))], "number") is None

    def test_nothing_at_all_is_a_line_at_the_bottom(self) -> None:
        drawn = trend_of("Concerns", counts(Shown(0), Shown(0)), "number")
        assert drawn is not None
        assert {y for _, y in drawn.dots} == {HEIGHT - EDGE}

    def test_what_cannot_be_compared_is_said(
        self, years: None, client: Client, staff: Staff
    ) -> None:
        """The first year began in May; a quarter beside a year has no change."""
        reader = sign_in(client, staff, "analyst1")
        page = reader.get("/reports/dashboard/").content.decode()
        assert "2021-22 (may not be whole)" in page
        assert "2022-23 (may not be whole)" not in page
        assert " points (" in page
        assert "<polyline" not in page, "a year of eleven months would look like a rise"
        Run(cases.START).make([Due(catalogue.OUTCOMES, read_period("2022-23-Q1"))])
        page = reader.get("/reports/dashboard/?with=2022-23-Q1").content.decode()
        assert "different lengths" in page
        assert " points (" not in page

    def test_a_share_of_few_has_its_marker(self) -> None:
        few, many = (share_of(Shown(10), Shown(whole)) for whole in (40, 100))
        words = [words_of(Item("Upheld", share), "share") for share in (few, many)]
        assert words == ["25% [u]", "10%"]
        assert words_of(Item("Upheld", share_of(Shown(5), Shown(5_000))), "share") == "0% [low]"

    @pytest.mark.parametrize(("number", "there"), [(200, False), (60, True)])
    def test_a_marker_is_explained_where_it_is(
        self, client: Client, staff: Staff, number: int, there: bool
    ) -> None:
        """Of 200 no share is of fewer than 50; of 60, 30 were concluded."""
        day = date(2022, 5, 3)
        ways = (Ending.UPHELD, Ending.NOT_UPHELD, Ending.OPEN, Ending.OPEN)
        ended = [None if way is Ending.OPEN else day for way in ways]
        store([Concern(day, ended[n % 4], ways[n % 4]) for n in range(number)])
        names = (catalogue.OUTCOMES, catalogue.VOLUMES)
        Run(cases.START).make([Due(name, read_period("2022-23")) for name in names])
        page = sign_in(client, staff, "analyst1").get("/reports/dashboard/").content.decode()
        assert ("[u] may have been moved" in page) is there
        assert "[low] rounds" not in page

    def test_a_change_that_rounding_could_make_has_a_marker(self) -> None:
        now, before = share_of(Shown(20), Shown(25)), share_of(Shown(5), Shown(25))
        items = [Item("Upheld", share) for share in (now, before)]
        assert change_of(*items).endswith(" [u]")
        many = [Item("Upheld", share_of(Shown(n), Shown(400))) for n in (300, 100)]
        assert change_of(*many).endswith(")")

    def test_the_page_has_the_drawings_of_whole_years(self, client: Client, staff: Staff) -> None:
        make_years(date(2021, 4, 6))
        page = sign_in(client, staff, "analyst1").get("/reports/dashboard/").content.decode()
        assert page.count("<polyline") >= 2


class TestNotes:
    def test_a_note_is_beside_the_figures_until_it_is_removed(
        self, years: None, client: Client, staff: Staff
    ) -> None:
        sign_in(client, staff, "analyst1")
        for _ in range(2):
            assert client.post(ADDRESS, SAID).status_code == 302
        words = f"Upheld or partly upheld, 2022-23: {NOTES['counting']}."
        assert words in client.get("/reports/dashboard/").content.decode()
        sign_in(client, staff, "executive1")
        page = client.get("/reports/dashboard/").content.decode()
        assert words in page
        assert ADDRESS not in page, "the executive reads the note and adds none"
        sign_in(client, staff, "analyst1")
        number = FigureNote.objects.get().pk
        assert client.post(ADDRESS, {"remove": number}).status_code == 302
        assert client.post(ADDRESS, {"remove": number}).status_code == 404
        kinds = Event.objects.filter(kind__startswith="report.note").values_list("kind", flat=True)
        assert sorted(kinds) == ["report.note_removed", "report.noted", "report.noted"]

    @pytest.mark.parametrize(
        ("name", "value"),
        [("figure", "x"), ("period", "2019-20"), ("reason", "Anna left"), ("reason", "lasting")],
    )
    def test_a_figure_period_or_reason_that_is_none_is_refused(
        self, years: None, client: Client, staff: Staff, name: str, value: str
    ) -> None:
        sign_in(client, staff, "analyst1")
        assert client.post(ADDRESS, {**SAID, name: value}).status_code == 422
        assert not FigureNote.objects.exists()

    @pytest.mark.parametrize("number", ["x", "-1", "9" * 30, "\N{SUPERSCRIPT TWO}"])
    def test_a_number_that_is_none_is_not_there(
        self, client: Client, staff: Staff, number: str
    ) -> None:
        sign_in(client, staff, "analyst1")
        assert client.post(ADDRESS, {"remove": number}).status_code == 404

    def test_for_others_the_page_is_not_there(self, client: Client, staff: Staff) -> None:
        for name in ("executive1", "lead1", "handler1"):
            sign_in(client, staff, name)
            assert client.get(ADDRESS).status_code == 404
            assert client.post(ADDRESS, SAID).status_code == 404
