"""A report as PDF: a screen reader can read it, and it says what the page says."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import date
from typing import Any

import pikepdf
import pytest
from django.test import Client

from grievances.audit.models import Event
from grievances.reports import catalogue
from grievances.reports.builders import Due, Run
from grievances.reports.fact_models import Ending
from grievances.typesetting.pdf import write_pdf
from tests.factories import cases
from tests.factories.people import Staff
from tests.reports.report_factory import YEAR, Concern, store
from tests.signing_in import sign_in

ADDRESS = f"/reports/volumes.pdf?period={YEAR.name}"
HOSTILE = '#eval("1") *bold* $x$ @cite <label> \\ // /* `code` = Heading'
MADE_ON = date(2026, 11, 30)


@pytest.fixture
def year(staff: Staff) -> None:
    """The report on volumes of a year of 240 concerns."""
    days = [date(2022, 4, 4), date(2022, 9, 5), date(2023, 1, 16)]
    store([Concern(day, day, Ending.UPHELD) for day in days * 80])
    Run(cases.START).make([Due(catalogue.VOLUMES, YEAR)])


def elements(file: pikepdf.Pdf) -> Iterator[Any]:
    """Yield every element of the structure, as a screen reader walks it."""
    waiting = [file.Root.StructTreeRoot]
    while waiting:
        one = waiting.pop()
        yield one
        found: Any = one.get("/K", [])
        below = found if isinstance(found, pikepdf.Array) else [found]
        waiting += [e for e in below if isinstance(e, pikepdf.Dictionary) and "/S" in e]


def kinds(file: pikepdf.Pdf) -> list[str]:
    """Return the kind of each element."""
    return [str(one.S) for one in elements(file) if "/S" in one]


def content(**said: Any) -> dict[str, Any]:
    """Return the content of a report with one section."""
    section = {"heading": "Part", "note": "", "picture": "", "alt": "", "headings": [], "rows": []}
    plain = dict.fromkeys(("question", "period", "mark", "lead", "warning"), "")
    return {"title": "Title", **plain, "sections": [section], "lists": [], **said}


class TestDownload:
    def test_it_is_tagged_and_has_title_language_and_a_text_for_each_chart(
        self, year: None, staff: Staff, client: Client
    ) -> None:
        answer = sign_in(client, staff, "analyst1").get(ADDRESS)
        assert answer["Content-Type"] == "application/pdf"
        assert "volumes-2022-23.pdf" in answer["Content-Disposition"]
        with pikepdf.open(io.BytesIO(answer.content)) as file:
            assert file.Root.MarkInfo.Marked
            assert str(file.Root.Lang).startswith("en")
            assert file.Root.ViewerPreferences.DisplayDocTitle
            with file.open_metadata() as metadata:
                assert metadata["pdfuaid:part"] == "1"
                assert metadata["dc:title"] == "Volumes, 2022-23"
            found = kinds(file)
            assert {"/H1", "/Table", "/TH", "/TD", "/Figure"} <= set(found)
            pictures = [one for one in elements(file) if one.get("/S") == "/Figure"]
            assert pictures
        assert all(": " in str(one.Alt) for one in pictures)
        client.get(ADDRESS)
        events = Event.objects.filter(kind="report.exported").values_list("data", flat=True)
        assert [data["format"] for data in events] == ["pdf", "pdf"]

    def test_the_same_report_is_the_same_file(
        self, year: None, staff: Staff, client: Client
    ) -> None:
        sign_in(client, staff, "analyst1")
        assert client.get(ADDRESS).content == client.get(ADDRESS).content

    def test_for_others_it_does_not_exist(self, year: None, staff: Staff, client: Client) -> None:
        assert sign_in(client, staff, "handler1").get(ADDRESS).status_code == 404
        sign_in(client, staff, "analyst1")
        assert client.get("/reports/volumes.pdf?period=2019-20").status_code == 404
        assert client.get("/reports/nothing.pdf").status_code == 404


class TestWords:
    def test_words_are_never_read_as_commands(self) -> None:
        plain = write_pdf("report", content(lead="x"), MADE_ON)
        said = write_pdf("report", content(lead=HOSTILE), MADE_ON)
        with pikepdf.open(io.BytesIO(plain)) as one, pikepdf.open(io.BytesIO(said)) as other:
            assert kinds(one) == kinds(other), "no heading, no code, no emphasis came of it"

    def test_a_script_without_a_font_costs_no_more_than_the_claim(self) -> None:
        data = write_pdf("report", content(lead="\N{PHAISTOS DISC SIGN PEDESTRIAN}"), MADE_ON)
        with pikepdf.open(io.BytesIO(data)) as file:
            assert file.Root.MarkInfo.Marked
            with file.open_metadata() as metadata:
                assert "pdfuaid:part" not in metadata

    def test_there_is_no_layout_of_another_name(self) -> None:
        with pytest.raises(FileNotFoundError):
            write_pdf("../base", content(), MADE_ON)
