"""The report pages: for whom they exist, what they say, and what they never load."""

from __future__ import annotations

import csv
import io
import subprocess
import sys
from datetime import date, timedelta

import pytest
from django.test import Client

from grievances.models import Event, Snapshot
from grievances.reports import resolution
from grievances.reports.catalogue import read_period
from grievances.reports.exports import safe
from grievances.reports.facts import CaseFact, Ending, calendars
from grievances.reports.snapshots import keep
from tests import given
from tests.cast import Cast
from tests.reports.made import fact
from tests.signing_in import sign_in

NAMES = ("resolution-times", "satisfaction")
PATHS = (
    "/reports/",
    *(f"/reports/{name}/" for name in NAMES),
    *(f"/reports/{name}.{suffix}" for name in NAMES for suffix in ("csv", "json")),
)


@pytest.fixture
def year(cast: Cast) -> None:
    """The year 2022-23 with 200 concerns concluded and 40 open, as it was built."""
    cases: list[CaseFact] = []
    for n in range(200):
        received = date(2022, 4, 4) + timedelta(days=n)
        kind = Ending.UPHELD if n % 2 else Ending.NOT_UPHELD
        cases.append(fact(n, received, received + timedelta(days=40 + n % 60), kind))
    cases += [fact(n, date(2023, 1, 16)) for n in range(300, 340)]
    sources = resolution.Sources(cases, [], calendars(cases), date(2023, 3, 31))
    for document, charts in resolution.build_year(read_period("2022-23"), sources):
        keep(document, charts, "internal", given.START)


class TestWhoMayOpen:
    @pytest.mark.parametrize("path", PATHS)
    def test_nobody_without_the_office(self, cast: Cast, client: Client, path: str) -> None:
        for name in ("complainant1", "triage1", "handler1", "admin1", "dpo1", "linemanager1"):
            assert sign_in(client, cast, name).get(path).status_code == 404

    def test_a_refusal_is_an_event(self, cast: Cast, client: Client) -> None:
        sign_in(client, cast, "handler1").get("/reports/resolution-times/?period=2022-23")
        event = Event.objects.get(kind="report.refused")
        assert event.data == {"name": "resolution-times"}

    @pytest.mark.parametrize("name", ["analyst1", "executive1", "lead1"])
    def test_who_has_it(self, cast: Cast, client: Client, name: str) -> None:
        assert sign_in(client, cast, name).get("/reports/").status_code == 200

    def test_a_stranger_is_asked_to_sign_in(self, cast: Cast, client: Client) -> None:
        assert client.get("/reports/satisfaction/").status_code == 302


class TestPage:
    def test_an_empty_organisation_is_told_so(self, cast: Cast, client: Client) -> None:
        for name in NAMES:
            answer = sign_in(client, cast, "analyst1").get(f"/reports/{name}/")
            assert "Nothing to count yet" in answer.content.decode()

    def test_the_question_is_the_heading(self, year: None, cast: Cast, client: Client) -> None:
        page = sign_in(client, cast, "analyst1").get("/reports/resolution-times/")
        words = page.content.decode()
        assert "How long do concerns take?</h1>" in words
        assert "<svg" in words
        assert "Of about 200 concerns concluded, 50% were upheld or partly upheld." in words
        assert "not incidence" in words
        assert "/cases/" not in words.split("<main", 1)[1]

    @pytest.mark.parametrize("period", ["2021-22", "2022-23-Q9", "x", "2022-23;--", "1 April"])
    def test_a_period_that_is_none_is_not_there(
        self, year: None, cast: Cast, client: Client, period: str
    ) -> None:
        sign_in(client, cast, "analyst1")
        for path in PATHS[1:]:
            assert client.get(path, {"period": period}).status_code == 404

    def test_an_opening_is_an_event(self, year: None, cast: Cast, client: Client) -> None:
        sign_in(client, cast, "analyst1").get("/reports/resolution-times/?period=2022-23-Q2")
        event = Event.objects.get(kind="report.opened")
        assert event.data == {
            "name": "resolution-times",
            "period": "2022-23-Q2",
            "format": "html",
        }

    def test_a_report_that_is_none_is_not_there(self, cast: Cast, client: Client) -> None:
        sign_in(client, cast, "analyst1")
        assert client.get("/reports/people/").status_code == 404
        assert client.get("/reports/people.csv").status_code == 404


class TestFiles:
    def test_page_and_files_show_the_same_figures(
        self, year: None, cast: Cast, client: Client
    ) -> None:
        sign_in(client, cast, "analyst1")
        body = client.get("/reports/resolution-times.json?period=2022-23").json()
        answer = client.get("/reports/resolution-times.csv?period=2022-23")
        rows = list(csv.reader(io.StringIO(answer.content.decode())))
        assert {key: body[key] for key in ("report", "sections")} == {
            key: Snapshot.objects.get(period="2022-23").body[key] for key in ("report", "sections")
        }
        found = {(row[4], row[5]): row[6] for row in rows}
        assert found["Concerns concluded", "number"] == "200"
        assert found["Upheld or partly upheld, of those concluded", "percent"] == "50"
        assert "attachment" in answer["Content-Disposition"]
        kinds = Event.objects.filter(kind="report.exported").values_list("data", flat=True)
        assert {data["format"] for data in kinds} == {"csv", "json"}

    @pytest.mark.parametrize("word", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"])
    def test_no_cell_is_a_formula(self, word: str) -> None:
        assert safe(word) == f"'{word}"


def test_the_web_process_loads_no_statistics_library() -> None:
    code = (
        "import django, sys; django.setup(); import config.urls, grievances.urls;"
        "heavy = {'numpy', 'scipy', 'altair', 'vl_convert'} & set(sys.modules);"
        "assert not heavy, heavy"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)  # noqa: S603
