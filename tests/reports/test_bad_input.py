"""Every report on little, odd or hostile input: a sentence or an honest gap, no wrong number."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.test import Client

from grievances.cases.models.case import Case
from grievances.monitoring.codes import GROUPS
from grievances.reports import catalogue, snapshots
from grievances.reports.builders import Due, Run, build_all
from grievances.reports.contents.rates import ASK_FOR_STAFF, gaps_in
from grievances.reports.disclosure.derived import ProtectedRate
from grievances.reports.disclosure.protected import (
    HIDDEN,
    ProtectedCount,
    ProtectedShare,
    ProtectedTable,
    Shown,
)
from grievances.reports.fact_models import Ending, StaffCount, StaffGroupCount
from grievances.reports.layout.document import Document, Item, Section
from grievances.reports.layout.exports import FORMULA, write_csv
from grievances.reports.layout.html import write_page
from grievances.reports.layout.workbook import write_workbook
from grievances.reports.snapshot_models import Rebase
from grievances.vocabulary import Region
from tests.factories.people import Staff
from tests.reports.report_factory import YEAR, Concern, figure, owe, store
from tests.signing_in import sign_in

NOW = datetime(2023, 6, 1, 9, tzinfo=UTC)
EARLY, LATER = date(2022, 5, 3), date(2022, 9, 1)
COUNTS = {"part", "whole", "figure", "cases", "grid", "value"}
"""Where a stored object keeps rounded counts."""


def nothing() -> None:
    """An organisation with no cases."""


def one_case() -> None:
    store([Concern(EARLY, LATER, Ending.UPHELD)])


def all_open() -> None:
    store([Concern(EARLY) for _ in range(43)])


def all_withdrawn() -> None:
    store([Concern(EARLY, LATER, Ending.WITHDRAWN) for _ in range(43)])


def one_enormous_unit() -> None:
    ends = (Ending.UPHELD, Ending.NOT_UPHELD)
    rest = {"region": "LONDON"}
    store([Concern(EARLY, LATER, ends[n % 2], rest=rest) for n in range(403)])
    store([Concern(EARLY, LATER, Ending.UPHELD, rest={"region": "WALES"}) for _ in range(2)])


def everyone_late() -> None:
    """One region, one way forward, and every promise broken."""
    several = store([Concern(EARLY, LATER, Ending.NOT_UPHELD) for _ in range(43)])
    for number, case in enumerate(several):
        owe(case, date(2022, 5, 10), date(2022, 8, 1) if number % 2 else None)


def one_person_has_half() -> None:
    """One complainant raised half of all, and one person is named in all of those."""
    store([Concern(EARLY, LATER, Ending.UPHELD, "busy", "named") for _ in range(30)])
    store([Concern(EARLY, LATER, Ending.NOT_UPHELD) for _ in range(30)])


def nobody_said_a_group() -> None:
    """No one said an ethnic group, and of one group the staff file has no one."""
    store([Concern(EARLY, LATER, Ending.NOT_UPHELD) for _ in range(43)])
    for group in GROUPS:
        staff = 0 if group == "BLACK" else 3_000
        StaffGroupCount.objects.create(quarter="2022-23-Q1", group=group, staff=staff)


ORGANISATIONS = (
    nothing,
    one_case,
    all_open,
    all_withdrawn,
    one_enormous_unit,
    everyone_late,
    one_person_has_half,
    nobody_said_a_group,
)


def make_all() -> dict[str, Document]:
    """Every report of the catalogue for the year, packs last."""
    run = Run(NOW)
    run.make([Due(report, YEAR) for report in sorted(catalogue.REPORTS.values(), key=_late)])
    return run.made[snapshots.INTERNAL, YEAR.name]


def _late(report: catalogue.Report) -> bool:
    return report in (catalogue.KPIS, catalogue.DUTY, catalogue.BOARD)


def counts_in(stored: Any, name: str = "") -> Iterator[int]:
    """Every count anywhere in a stored document."""
    if isinstance(stored, dict):
        for key, below in stored.items():
            yield from counts_in(below, key)
    elif isinstance(stored, list):
        for below in stored:
            yield from counts_in(below, name)
    elif isinstance(stored, int) and not isinstance(stored, bool) and name in COUNTS:
        yield stored


@pytest.mark.parametrize("organisation", ORGANISATIONS, ids=lambda each: each.__name__)
def test_every_report_is_honest_about(policies: None, organisation: Callable[[], None]) -> None:
    """No staff count is loaded, so that every rate is tried without one as well."""
    organisation()
    documents = make_all()
    assert set(documents) == set(catalogue.REPORTS)
    for document in documents.values():
        assert document.lead
        for section in document.sections:
            assert section.heading
            assert section.items or section.note, "an empty section says why it is empty"
            for one in (item.figure for item in section.items):
                if isinstance(one, ProtectedShare) and isinstance(one.percent, Shown):
                    assert isinstance(one.whole, Shown)
                    assert one.whole.value >= 20, "a share of fewer than 20, or of no one"
                if isinstance(one, ProtectedRate):
                    assert not isinstance(one.tenths, Shown), "a rate of an unknown staff"
        counts = set(counts_in(document.to_json()["sections"]))
        assert all(count % 5 == 0 for count in counts), f"{document.report}: an exact count"
        words = write_page(document, {}) + write_csv(document)
        assert not re.search(r"\b(None|nan|inf)\b|[{}]", words)
    if organisation in (nothing, one_case):
        everything = [count for d in documents.values() for count in counts_in(d.to_json())]
        assert not any(everything), "of one person nothing but noughts is shown"


@pytest.mark.django_db
def test_one_person_with_half_of_all_is_in_no_figure(policies: None) -> None:
    one_person_has_half()
    run = Run(NOW)
    run.make([Due(catalogue.VOLUMES, YEAR), Due(catalogue.OUTCOMES, YEAR)])
    made = run.made[snapshots.INTERNAL, YEAR.name]
    routes = next(s for s in made["outcomes"].sections if s.key == "routes").items[0].figure
    assert isinstance(routes, ProtectedTable)
    assert not any(isinstance(cell, Shown) and cell.value for row in routes.cells for cell in row)
    again = next(s for s in made["volumes"].sections if s.key == "named-again").items[0].figure
    assert isinstance(again, ProtectedCount)
    assert again.figure == HIDDEN


def test_a_quarter_that_is_missing_from_the_staff_file_is_said() -> None:
    year = YEAR.quarters()
    assert gaps_in({"A": [5, 5, 5, 5], "B": [5, 5, 5, 5]}, "AB", year, "groups") == ""
    words = gaps_in({"A": [5, 5, 5, 5], "B": [5, 5, 5]}, "AB", year, "groups")
    assert "of 3 of its 4 quarters for some groups" in words
    assert gaps_in({"A": [5]}, "AB", year, "groups").startswith("There is no staff count")


def test_a_period_with_no_staff_count_says_whom_to_ask(policies: None) -> None:
    """The year before has one, and is not taken in its place."""
    all_open()
    for region in Region.values:
        StaffCount.objects.create(quarter="2021-22-Q4", region=region, staff=10_000)
    documents = make_all()
    for report, key in (("volumes", "by-region"), ("near-silence", ""), ("training", "handlers")):
        sections = {section.key: section for section in documents[report].sections}
        assert ASK_FOR_STAFF in sections[key or report].note
        assert "manage.py" not in write_page(documents[report], {})


def test_a_revision_that_moves_a_concern_over_the_end_of_the_year(policies: None) -> None:
    """38 were concluded; one of them turns out to have been concluded in April."""
    cases = store([Concern(EARLY, LATER, Ending.NOT_UPHELD) for _ in range(38)])
    concluded = []
    for edition in (1, 2):
        run = Run(NOW)
        run.make([Due(catalogue.VOLUMES, YEAR, edition)])
        document = run.made[snapshots.INTERNAL, YEAR.name]["volumes"]
        concluded.append(figure(document, "Concerns concluded").figure)
        moved = {"outcome_on": date(2023, 4, 3), "closed_on": date(2023, 4, 3)}
        Case.unguarded.filter(pk=cases[0].pk).update(**moved)
    assert concluded == [Shown(40), Shown(35)]
    built = snapshots.published("volumes", YEAR.name)
    assert built is not None
    assert figure(built.document, "Concerns concluded").figure == Shown(40), "never rewritten"


def test_a_period_in_the_future_is_not_there(policies: None, staff: Staff, client: Client) -> None:
    all_open()
    assert build_all(NOW, NOW.date(), "2030-31") == []
    sign_in(client, staff, "analyst1")
    for path in ("volumes/", "volumes.csv", "dashboard/"):
        assert client.get(f"/reports/{path}?period=2030-31").status_code == 404


def test_a_tampered_query_string_changes_nothing(
    policies: None, staff: Staff, client: Client
) -> None:
    all_open()
    make_all()
    sign_in(client, staff, "analyst1")
    extra = "&region=WALES&team=7&period[]=2021-22&t=1&audience=published&edition=9&format=raw"
    for name in catalogue.REPORTS:
        for suffix in ("/", ".csv", ".json", ".xlsx"):
            path = f"/reports/{name}{suffix}?period=2022-23"
            plain, tampered = client.get(path), client.get(path + extra)
            assert (plain.status_code, tampered.status_code) == (200, 200)
            assert _body(plain.content) == _body(tampered.content)


def _body(content: bytes) -> bytes:
    """What is below the head of a page, which has a fresh token for each answer."""
    return content.split(b"<main", 1)[-1].split(b"</main", 1)[0]


@pytest.mark.parametrize("begins", ["=", "+", "-", "@", "\t", "\r"])
def test_no_report_opens_in_a_spreadsheet_as_a_formula(policies: None, begins: str) -> None:
    """Whatever a name or a reason begins with: every report of a year, with it put everywhere."""
    evil = f"{begins}HYPERLINK(1)"
    all_open()
    Rebase.objects.create(series="month-by-month", period="2022-23-M02", reason=evil, made_at=NOW)
    for document in _once():
        spoilt = Document.from_json(document.to_json())
        sections = tuple(_spoil(section, evil) for section in spoilt.sections)
        spoilt = Document(spoilt.report, spoilt.period, spoilt.until, 5, evil, evil, sections)
        for row in csv.reader(io.StringIO(write_csv(spoilt))):
            assert not any(cell.startswith(FORMULA) for cell in row)
        with zipfile.ZipFile(io.BytesIO(write_workbook(spoilt, NOW))) as parts:
            sheets = [parts.read(name) for name in parts.namelist() if "sheets/" in name]
        assert sheets
        assert not any(b"<f>" in sheet or b"hyperlink" in sheet for sheet in sheets)


def _once() -> Iterator[Document]:
    """One report with tables, one with curves, one with shares, one with a series."""
    run = Run(NOW)
    reports = (catalogue.VOLUMES, catalogue.RESOLUTION, catalogue.OUTCOMES, catalogue.BACKLOG)
    run.make([Due(report, YEAR) for report in reports])
    yield from run.made[snapshots.INTERNAL, YEAR.name].values()


def _spoil(section: Section, evil: str) -> Section:
    items = tuple(Item(evil, item.figure, item.bounds, item.target, evil) for item in section.items)
    return Section(section.key, evil, evil, items)
