"""The yearly file: the published audience's rules, a dictionary, and a description for machines."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from datetime import UTC, date, datetime
from pathlib import Path
from xml.etree import ElementTree

import odfdo
import pytest
from csvw import CSVW
from django.core.management import call_command
from django.core.management.base import CommandError
from django.test import Client

from grievances.audit.models import Event
from grievances.reports import catalogue, snapshots
from grievances.reports.builders import Due, Run, find_due_for_publication
from grievances.reports.fact_models import Ending, StaffCount, StaffGroupCount
from grievances.reports.layout import dataset
from grievances.reports.layout.book import Book, book_of
from grievances.reports.layout.equalities import equalities
from grievances.reports.layout.open_document import write_open_document
from grievances.reports.layout.workbook import write_book
from grievances.reports.snapshot_models import Rebase, Snapshot
from tests.evidence.test_documents_open import TABLE, needs_libreoffice, office
from tests.factories.people import Staff
from tests.reports.report_factory import YEAR, Concern, store
from tests.signing_in import sign_in

NOW = datetime(2023, 6, 1, 9, tzinfo=UTC)
ADDRESS = "/reports/dataset/concerns-2022-23"


@pytest.fixture
def year(policies: None) -> None:
    """60 concerns in the north and 8 in Wales, half of them upheld."""
    for region, number in (("NORTH", 60), ("WALES", 8)):
        for ending in (Ending.UPHELD, Ending.NOT_UPHELD):
            rest = {"region": region}
            ended = date(2022, 9, 1)
            day = date(2022, 5, 3)
            store([Concern(day, ended, ending, rest=rest) for _ in range(number // 2)])
    dues = [
        Due(report, YEAR, audience="published")
        for report in (catalogue.VOLUMES, catalogue.OUTCOMES)
    ]
    Run(NOW).make([*dues, Due(catalogue.VOLUMES, YEAR)])


def figures() -> dict[tuple[str, str, str], str]:
    rows = csv.DictReader(io.StringIO(dataset.write_figures("2022-23")))
    return {
        (row["section"], row["figure"], row["measure"]): row["value"] or row["marker"]
        for row in rows
    }


def test_eight_are_shown_inside_and_not_outside(year: None) -> None:
    assert figures()["by-region", "Wales", "number"] == "[c]"
    inside = Snapshot.objects.get(report="volumes", audience="internal").body
    rates = next(s for s in inside["sections"] if s["key"] == "by-region")["items"]
    assert {item["label"]: item["figure"]["part"] for item in rates}["Wales"] == 10


def test_the_description_fits_the_file(year: None) -> None:
    described = dataset.describe("2022-23")
    header = dataset.write_figures("2022-23").splitlines()[0].split(",")
    assert [column["titles"] for column in described["tableSchema"]["columns"]] == header
    assert described["@context"][0] == "http://www.w3.org/ns/csvw"
    assert described["url"] == "concerns-2022-23.csv"
    assert described["dc:issued"] == "2023-06-01"


def test_every_column_report_and_section_is_explained(year: None) -> None:
    rows = list(csv.DictReader(io.StringIO(dataset.write_dictionary("2022-23"))))
    named = {row["name"] for row in rows}
    listed = list(csv.DictReader(io.StringIO(dataset.write_figures("2022-23"))))
    assert {row["report"] for row in listed} <= named
    assert {f"{row['report']}/{row['section']}" for row in listed} <= named
    assert set(listed[0]) <= named


def test_a_year_is_published_when_its_surveys_have_closed(policies: None) -> None:
    store([Concern(date(2022, 5, 3))])
    assert find_due_for_publication(date(2023, 5, 1)) == []
    due = find_due_for_publication(date(2023, 5, 2))
    assert {one.report.name for one in due} == set(catalogue.DATASET)


@pytest.mark.filterwarnings("default")  # the validator counts warnings as what is not valid
def test_a_description_that_does_not_fit_is_found_out(year: None, tmp_path: Path) -> None:
    """The validator is one: a required number that is hidden is refused."""
    call_command("publish_dataset", "2022-23", tmp_path, verbosity=0)
    path = tmp_path / "concerns-2022-23.csv-metadata.json"
    assert CSVW(str(path), validate=True).is_valid
    spoilt = json.loads(path.read_text(encoding="utf-8"))
    for column in spoilt["tableSchema"]["columns"]:
        column["required"] = True
    path.write_text(json.dumps(spoilt), encoding="utf-8")
    assert not CSVW(str(path), validate=True).is_valid


def test_the_equalities_tables_have_years_groups_and_kinds(year: None) -> None:
    book = equalities("2022-23")
    names = [sheet.name for sheet in book.sheets]
    tables = ["1 Years", "2 Ethnic group", "3 Kind of conduct", "4 Raising a concern"]
    assert names == ["Cover", "Contents", "Notes", *tables]
    (row,) = book.sheets[3].rows
    assert row == ("2022-23", 70, "[x]", 70, 35, 50, 39, 61)


@needs_libreoffice
def test_libreoffice_opens_both_kinds_of_workbook_alike(year: None, tmp_path: Path) -> None:
    document = snapshots.documents("volumes", 12)[0]
    book = book_of(document)
    odfdo.Document(io.BytesIO(write_open_document(book)))
    parts = {"open.ods": write_open_document(book), "excel.xlsx": write_book(book, NOW)}
    for name, frozen in (("open.ods", "VerticalSplitPosition"), ("excel.xlsx", 'state="frozen"')):
        (tmp_path / name).write_bytes(parts[name])
        with zipfile.ZipFile(tmp_path / name) as packed:
            assert any(frozen.encode() in packed.read(each) for each in packed.namelist())
    office(tmp_path, "fods", tmp_path / "open.ods", tmp_path / "excel.xlsx")
    for name in ("open", "excel"):
        root = ElementTree.parse(tmp_path / f"{name}.fods").getroot()  # noqa: S314 - made just now
        sheets = [table.get(f"{TABLE}name") for table in root.iter(f"{TABLE}table")]
        assert sheets == [sheet.name for sheet in book.sheets]
        assert len([*root.iter(f"{TABLE}database-range")]) >= _tables(book)
        typed = [cell.get(f"{OFFICE}value-type") for cell in root.iter(f"{TABLE}table-cell")]
        assert typed.count("float") == _numbers(book)


OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"


def _tables(book: Book) -> int:
    return sum(bool(sheet.rows) for sheet in book.sheets)


def _numbers(book: Book) -> int:
    cells = [cell for sheet in book.sheets for row in sheet.rows for cell in row]
    return sum(not isinstance(cell, str) for cell in cells)


class TestPages:
    def test_the_files_are_there_for_who_reads_reports(
        self, year: None, staff: Staff, client: Client
    ) -> None:
        sign_in(client, staff, "analyst1")
        assert "2022-23" in client.get("/reports/dataset/").content.decode()
        for kind in (
            ".csv",
            "-dictionary.csv",
            ".csv-metadata.json",
            "-notes.txt",
            "-equalities.ods",
        ):
            assert client.get(f"{ADDRESS}{kind}").status_code == 200
        assert Event.objects.filter(kind="report.exported").count() == 5
        assert client.get("/reports/dataset/concerns-2021-22.csv").status_code == 404
        assert client.get("/reports/dataset/concerns-2021-29.csv").status_code == 404
        sign_in(client, staff, "handler1")
        assert client.get(f"{ADDRESS}.csv").status_code == 404


class TestCommands:
    def test_the_files_are_written_to_a_folder(self, year: None, tmp_path: Path) -> None:
        call_command("publish_dataset", "2022-23", tmp_path / "out", verbosity=0)
        names = sorted(path.name for path in (tmp_path / "out").iterdir())
        stem = "concerns-2022-23"
        endings = ("-dictionary.csv", "-equalities.ods", "-equalities.xlsx", "-notes.txt", ".csv")
        assert names == [*(f"{stem}{ending}" for ending in endings), f"{stem}.csv-metadata.json"]
        described = CSVW(str(tmp_path / "out" / names[-1]), validate=True)
        assert described.is_valid, "a validator of CSV on the Web accepts it"
        assert described.to_json(minimal=True), "and reads its rows"
        with pytest.raises(CommandError, match="no published file"):
            call_command("publish_dataset", "2019-20", tmp_path)

    def test_staff_counts_are_loaded_all_or_none(self, db: None, tmp_path: Path) -> None:
        path = tmp_path / "staff.csv"
        path.write_text("quarter,region,staff\n2022-23-Q4,NORTH,5200\n", encoding="utf-8")
        call_command("load_staff_counts", path, verbosity=0)
        assert StaffCount.objects.get().staff == 5200
        path.write_text("quarter,ethnic_group,staff\n2022-23-Q4,BLACK,520\n", encoding="utf-8")
        call_command("load_staff_counts", path, verbosity=0)
        assert StaffGroupCount.objects.get().staff == 520
        path.write_text("quarter,region,staff\n2022-23-Q4,NORTH,1\n2022-23,MARS,x\n")
        with pytest.raises(CommandError, match="Nothing was loaded"):
            call_command("load_staff_counts", path)
        assert StaffCount.objects.get().staff == 5200

    def test_a_new_base_needs_a_reason(self, db: None) -> None:
        call_command("rebase_series", "month-by-month", "2022-23-M05", "A helpline", verbosity=0)
        assert Rebase.objects.get().reason == "A helpline"
        assert Event.objects.get(kind="report.rebased").data["period"] == "2022-23-M05"
        for month, reason in (("2022-23", "x"), ("2022-23-M05", " "), ("nonsense", "x")):
            with pytest.raises(CommandError):
                call_command("rebase_series", "month-by-month", month, reason)
