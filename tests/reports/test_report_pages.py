"""The report pages: for whom they exist, what they say, and what they never load."""

from __future__ import annotations

import csv
import io
import re
import subprocess
import sys
import zipfile
from datetime import date, timedelta
from typing import ClassVar
from xml.etree import ElementTree

import pytest
from django.test import Client

from grievances.audit.models import Event
from grievances.reports import catalogue, limit_resets
from grievances.reports.builders import Due, Run
from grievances.reports.contents.index import PIECES
from grievances.reports.fact_models import Ending
from grievances.reports.layout.exports import FILE_COLUMNS, safe
from grievances.reports.periods import read_period
from grievances.reports.series import Series
from grievances.reports.snapshot_models import Rebase, ReportRun, Snapshot
from grievances.web.shared import clock
from tests.factories import cases
from tests.factories.people import Staff
from tests.reports.report_factory import YEAR, Concern, store
from tests.signing_in import sign_in

NAMES = tuple(catalogue.REPORTS)
PATHS = (
    "/reports/",
    *(f"/reports/{name}/" for name in NAMES),
    *(f"/reports/{name}.{suffix}" for name in NAMES for suffix in ("csv", "json", "xlsx")),
)


@pytest.fixture
def year(staff: Staff) -> None:
    """The year 2022-23 with 203 concerns concluded and 41 open, as it was built."""
    concerns: list[Concern] = []
    for n in range(203):
        received = date(2022, 4, 4) + timedelta(days=n)
        kind = Ending.UPHELD if n % 2 else Ending.NOT_UPHELD
        concerns.append(Concern(received, received + timedelta(days=40 + n % 60), kind))
    store([*concerns, *(Concern(date(2023, 1, 16)) for _ in range(41))])
    names = [catalogue.RESOLUTION, catalogue.OUTCOMES, catalogue.VOLUMES]
    quarter = read_period("2022-23-Q2")
    dues = [Due(catalogue.OUTCOMES, quarter), *(Due(name, YEAR) for name in names)]
    Run(cases.START).make(dues)


class TestWhoMayOpen:
    @pytest.mark.parametrize(
        "name", ["complainant1", "triage1", "handler1", "admin1", "dpo1", "linemanager1"]
    )
    def test_no_one_without_the_office(self, staff: Staff, client: Client, name: str) -> None:
        sign_in(client, staff, name)
        for path in PATHS:
            assert client.get(path).status_code == 404

    def test_a_refusal_is_an_event(self, staff: Staff, client: Client) -> None:
        sign_in(client, staff, "handler1").get("/reports/resolution-times/?period=2022-23")
        event = Event.objects.get(kind="report.refused")
        assert event.data == {"name": "resolution-times"}

    @pytest.mark.parametrize("name", ["analyst1", "executive1", "lead1"])
    def test_who_has_it(self, staff: Staff, client: Client, name: str) -> None:
        assert sign_in(client, staff, name).get("/reports/").status_code == 200

    def test_a_stranger_is_asked_to_sign_in(self, staff: Staff, client: Client) -> None:
        assert client.get("/reports/satisfaction/").status_code == 302


class TestPage:
    def test_an_empty_organisation_is_told_so(self, staff: Staff, client: Client) -> None:
        sign_in(client, staff, "analyst1")
        for name in NAMES:
            answer = client.get(f"/reports/{name}/")
            assert "Nothing to count yet" in answer.content.decode()

    def test_the_question_is_the_heading(self, year: None, staff: Staff, client: Client) -> None:
        page = sign_in(client, staff, "analyst1").get("/reports/resolution-times/")
        words = page.content.decode()
        assert "How long do concerns take?</h1>" in words
        assert "<svg" in words
        assert "Half of the concerns received were resolved within" in words
        assert "Duplicates are left out" in words
        assert "/cases/" not in words.split("<main", 1)[1]

    @pytest.mark.parametrize("period", ["2021-22", "2022-23-Q9", "x", "2022-23;--", "1 April"])
    def test_a_period_that_is_none_is_not_there(
        self, year: None, staff: Staff, client: Client, period: str
    ) -> None:
        sign_in(client, staff, "analyst1")
        for path in PATHS[1:]:
            assert client.get(path, {"period": period}).status_code == 404

    def test_the_making_of_reports_shows_how_far_it_is(self, staff: Staff, client: Client) -> None:
        ReportRun.objects.create(started_at=clock.now(), done=3, total=19)
        page = sign_in(client, staff, "analyst1").get("/reports/").content.decode()
        assert "3 of 19 are done" in page

    def test_an_opening_is_an_event(self, year: None, staff: Staff, client: Client) -> None:
        sign_in(client, staff, "analyst1").get("/reports/outcomes/?period=2022-23-Q2")
        event = Event.objects.get(kind="report.opened")
        assert event.data == {
            "name": "outcomes",
            "period": "2022-23-Q2",
            "format": "html",
        }

    def test_a_report_that_is_none_is_not_there(self, staff: Staff, client: Client) -> None:
        sign_in(client, staff, "analyst1")
        assert client.get("/reports/people/").status_code == 404
        assert client.get("/reports/people.csv").status_code == 404


class TestBeginningAnew:
    """HR begins the limits of a chart anew on a page; the reason is kept and so is who did it."""

    SAID: ClassVar = {
        "series": "month-by-month",
        "month": "2022-23-M05",
        "reason": "help",
    }

    @pytest.fixture
    def analyst(self, staff: Staff, client: Client) -> Client:
        store([Concern(date(2022, 8, 3)) for _ in range(9)])
        Run(cases.START).make([Due(catalogue.VOLUMES, read_period("2022-23-M05"))])
        return sign_in(client, staff, "analyst1")

    def test_a_chart_begins_anew_with_a_reason(self, analyst: Client) -> None:
        assert "/reports/rebase/" in analyst.get("/reports/").content.decode()
        answer = analyst.post("/reports/rebase/", self.SAID, follow=True)
        page = answer.content.decode()
        assert "counts afresh from Aug 2022" in page
        assert limit_resets.REASONS["help"] in page
        rebase = Rebase.objects.get()
        assert (rebase.series, rebase.period) == ("month-by-month", "2022-23-M05")
        event = Event.objects.get(kind="report.rebased")
        assert event.data == {"series": "month-by-month", "period": "2022-23-M05"}
        assert event.actor != "system"

    @pytest.mark.parametrize(
        ("name", "value"),
        [
            ("reason", "Anna left"),
            ("month", "2022-23-M06"),
            ("month", "2022-23"),
            ("series", "flow"),
        ],
    )
    def test_without_chart_month_or_reason_nothing_is_kept(
        self, analyst: Client, name: str, value: str
    ) -> None:
        answer = analyst.post("/reports/rebase/", {**self.SAID, name: value})
        assert answer.status_code == 422
        assert not Rebase.objects.exists()

    def test_to_others_the_page_is_not_there(self, staff: Staff, client: Client) -> None:
        for name in ("lead1", "executive1", "handler1"):
            sign_in(client, staff, name)
            assert client.post("/reports/rebase/", self.SAID).status_code == 404
        assert "rebase" not in sign_in(client, staff, "lead1").get("/reports/").content.decode()

    def test_there_is_no_other_chart(self) -> None:
        pieces = [piece for pieces in PIECES.values() for piece in pieces]
        assert {p.key for p in pieces if isinstance(p, Series)} == set(limit_resets.SERIES)


class TestFiles:
    def test_page_and_files_show_the_same_figures(
        self, year: None, staff: Staff, client: Client
    ) -> None:
        sign_in(client, staff, "analyst1")
        body = client.get("/reports/outcomes.json?period=2022-23").json()
        answer = client.get("/reports/outcomes.csv?period=2022-23")
        rows = list(csv.reader(io.StringIO(answer.content.decode())))
        kept = Snapshot.objects.get(report="outcomes", period="2022-23").body
        assert {key: body[key] for key in ("report", "sections")} == {
            key: kept[key] for key in ("report", "sections")
        }
        place = {name: n for n, name in enumerate(FILE_COLUMNS)}
        found = {(row[place["figure"]], row[place["measure"]]): row[place["value"]] for row in rows}
        label = "Upheld or partly upheld, of those concluded"
        assert (found[label, "of"], found[label, "share"]) == ("205", "49")
        assert "attachment" in answer["Content-Disposition"]
        book = client.get("/reports/outcomes.xlsx?period=2022-23").content
        listed = sheet(book, "All figures")[4:]
        assert [row[:10] for row in listed] == [row[:10] for row in rows[1:]]
        page = client.get("/reports/outcomes/?period=2022-23").content.decode()
        assert ">49%<" in page.replace("\n", "").replace(" ", "")
        kinds = Event.objects.filter(kind="report.exported").values_list("data", flat=True)
        assert {data["format"] for data in kinds} == {"csv", "json", "xlsx"}

    def test_opened_twice_it_is_the_same_to_the_byte(
        self, year: None, staff: Staff, client: Client
    ) -> None:
        sign_in(client, staff, "analyst1")
        for path in ("outcomes.json", "outcomes.csv", "outcomes.xlsx"):
            address = f"/reports/{path}?period=2022-23"
            assert client.get(address).content == client.get(address).content
        first, second = (
            client.get("/reports/outcomes/?period=2022-23").content.split(b"<main")[1]
            for _ in range(2)
        )
        assert first == second

    def test_no_form_of_a_report_holds_an_exact_count(
        self, year: None, staff: Staff, client: Client
    ) -> None:
        sign_in(client, staff, "analyst1")
        for name in ("outcomes", "volumes", "resolution-times"):
            page = client.get(f"/reports/{name}/?period=2022-23").content.decode()
            files = [client.get(f"/reports/{name}.{s}?period=2022-23") for s in ("csv", "json")]
            book = client.get(f"/reports/{name}.xlsx?period=2022-23").content
            drawn = re.sub(r"<(path|line|rect|g|svg|clipPath|text)\b[^>]*>", "", page)
            words = [drawn, *(file.content.decode() for file in files)]
            words.append(str(sheet(book, "All figures")))
            for exact in (203, 244, 101, 102):
                assert not any(re.search(rf"[^.\d]{exact}[^.\d]", text) for text in words), exact

    def test_a_workbook_holds_words_and_whole_numbers_and_nothing_hidden(
        self, year: None, staff: Staff, client: Client
    ) -> None:
        sign_in(client, staff, "analyst1")
        book = client.get("/reports/outcomes.xlsx?period=2022-23").content
        with zipfile.ZipFile(io.BytesIO(book)) as parts:
            words = b"".join(parts.read(name) for name in parts.namelist())
        assert b"<f>" not in words
        assert b'state="hidden"' not in words
        assert b"hyperlink" not in words

    @pytest.mark.parametrize("word", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"])
    def test_no_cell_is_a_formula(self, word: str) -> None:
        assert safe(word) == f"'{word}"


def sheet(book: bytes, name: str) -> list[list[str]]:
    """The rows of a sheet as words, read by the format's own rules."""
    space = {"m": "http://schemas.openxmlformats.org/spreadsheetml/2006/main"}
    with zipfile.ZipFile(io.BytesIO(book)) as parts:
        names = [s.get("name") for s in ElementTree.fromstring(parts.read("xl/workbook.xml"))[-2]]
        shared = ElementTree.fromstring(parts.read("xl/sharedStrings.xml"))
        words = ["".join(t.itertext()) for t in shared.findall("m:si", space)]
        path = f"xl/worksheets/sheet{names.index(name) + 1}.xml"
        rows = ElementTree.fromstring(parts.read(path)).findall(".//m:row", space)
    return [
        [
            words[int(cell.findtext("m:v", "", space))]
            if cell.get("t") == "s"
            else cell.findtext("m:v", "", space)
            for cell in row.findall("m:c", space)
        ]
        for row in rows
    ]


def test_the_web_process_loads_no_statistics_library() -> None:
    code = (
        "import django, sys; django.setup(); import config.urls, grievances.web.urls;"
        "heavy = {'numpy', 'scipy', 'altair', 'vl_convert', 'xlsxwriter'} & set(sys.modules);"
        "assert not heavy, heavy"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)  # noqa: S603
