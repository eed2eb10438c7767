"""An earlier register against the central record: what is taken, refused, kept and shown."""

from __future__ import annotations

import json
import time
from datetime import date, timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.test import Client

from grievances.audit.models import Event
from grievances.central_record import importing
from grievances.central_record.lines import REGISTER, RegisterLine, read_register, repeated
from grievances.central_record.models import WaitingRegister
from grievances.reports.fact_models import ElsewhereConcern
from grievances.staff_directory.staff_file.layout import Layout
from grievances.staff_directory.staff_file.tables import FileRefused
from tests.factories.cases import START
from tests.factories.people import Staff
from tests.signing_in import sign_in
from tests.staff_directory.files import as_csv, as_ods, as_xlsx

TODAY = START.date()
HEADINGS = ["Reference", "Complainant", "What happened", "First contact", "Logged", "Closed",
            "Outcome"]  # fmt: skip
USUAL = Layout()
NAME, WORDS = "Zebedee Quillfeather", "He was called names by Mr Ottershaw"


def line(reference: object = "HR-1", **changed: object) -> list[object]:
    facts = {
        "first": TODAY - timedelta(days=400), "logged": TODAY - timedelta(days=399),
        "closed": TODAY - timedelta(days=300), "outcome": "Upheld",
    } | changed  # fmt: skip
    return [reference, NAME, WORDS, *facts.values()]


def read(*lines: list[object], layout: Layout = USUAL) -> tuple[list[str], list[str]]:
    taken, refused = read_register(as_csv([HEADINGS, *lines]), layout, TODAY)
    return [each.reference for each in taken], [each.reason for each in refused]


def run(*lines: list[object], skip_refused: bool = False) -> importing.Report:
    found = read_register(as_csv([HEADINGS, *lines]), Layout(day_first=True), TODAY)
    return importing.apply(*found, actor="system", now=START, skip_refused=skip_refused)


def test_a_reference_that_is_there_twice_is_found_at_once_in_a_long_file() -> None:
    names = [f"HR-{number}" for number in range(10_000)] + ["hr-7"]
    lines = [RegisterLine(2, name, TODAY, None, TODAY, "UPHELD", "ENG_WLS") for name in names]
    began = time.process_time()
    assert repeated(lines) == {"hr-7"}
    assert time.process_time() - began < 0.5


@pytest.mark.parametrize("write", [as_csv, as_xlsx, as_ods])
def test_every_form_of_file_gives_the_same_facts(policies: None, write: object) -> None:
    content = write([HEADINGS, line("HR-1"), line("HR-2", outcome="partially upheld")])  # type: ignore[operator]
    lines, refused = read_register(content, Layout(day_first=True), TODAY)
    assert not refused
    assert [(each.reference, each.outcome) for each in lines] == [
        ("HR-1", "UPHELD"), ("HR-2", "PARTLY"),
    ]  # fmt: skip
    assert lines[0].closed == TODAY - timedelta(days=300)


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"first": "01/02/25"}, "first contact: a year of two digits: write four"),
        ({"first": "03/04/2025"}, "first contact: a date that may be day first or month first"),
        ({"first": "31/02/2025"}, "first contact: a date that does not exist"),
        ({"first": "last spring"}, "first contact: not a date"),
        ({"first": ""}, "no day of first contact"),
        ({"closed": ""}, "not closed yet: import it when it is, or raise it here"),
        ({"closed": TODAY + timedelta(days=1)}, "a day that is still to come"),
        ({"closed": TODAY - timedelta(days=500)}, "closed before the day of first contact"),
        ({"logged": TODAY - timedelta(days=500)}, "logged before the day of first contact"),
        ({"first": "1 May 2001", "logged": "", "closed": "1 June 2001"}, "closed longer ago"),
        ({"outcome": WORDS}, "an unknown outcome: say what it means in the layout"),
        ({"reference": ""}, "no reference"),
        ({"reference": "rc-ab12cd"}, "a reference of this service, which has it already"),
        ({"reference": "x" * 61}, "a reference of more than 60 characters"),
    ],
)
def test_a_line_that_cannot_be_right_is_refused_without_its_words(
    policies: None, changed: dict[str, object], reason: str
) -> None:
    given = {key: f"{value:%-d %B %Y}" if isinstance(value, date) else value
             for key, value in changed.items()}  # fmt: skip
    taken, reasons = read(
        line(
            "HR-9", **{"first": "1 October 2025", "logged": "", "closed": "1 November 2025"} | given
        )
        if "reference" not in given
        else line(given["reference"], first="1 October 2025", logged="", closed="1 November 2025")
    )
    assert not taken
    assert reasons[0].startswith(reason)
    assert NAME not in reasons[0]
    assert WORDS not in reasons[0]


def test_of_two_lines_with_one_reference_none_is_taken(policies: None) -> None:
    taken, reasons = read(line("HR-1"), line("hr-1"), line("HR-2"), layout=Layout(day_first=True))
    assert taken == ["HR-2"]
    assert reasons == ["its reference is in the file twice"] * 2


def test_the_same_file_twice_changes_nothing_and_a_corrected_line_is_changed(
    policies: None,
) -> None:
    first = run(line("HR-1"), line("HR-2", logged=""))
    assert (first.new, first.changed, first.here) == (2, 0, 0)
    again = run(line("HR-1"), line("HR-2", logged=""))
    assert (again.new, again.changed, again.here) == (0, 0, 2)
    mended = run(line("HR-1", outcome="Withdrawn"), line("HR-2", logged=""))
    assert (mended.new, mended.changed, mended.here) == (0, 1, 1)
    assert sorted(ElsewhereConcern.objects.values_list("outcome", flat=True)) == [
        "UPHELD", "WITHDRAWN",
    ]  # fmt: skip


def test_three_working_days_are_in_time_and_four_are_not(policies: None) -> None:
    friday = date(2026, 9, 4)
    late, closed = friday + timedelta(days=6), friday + timedelta(days=20)
    run(line("A", first=friday, logged=late - timedelta(days=1), closed=closed),
        line("B", first=friday, logged=late, closed=closed),
        line("C", first=friday, logged="", closed=closed))  # fmt: skip
    rows = ElsewhereConcern.objects.order_by("pk")
    assert [each.in_time for each in rows] == [True, False, False]
    assert rows[2].logged_on == TODAY


def test_a_refused_line_stops_the_whole_file_unless_it_is_left_out(policies: None) -> None:
    with pytest.raises(importing.ImportRefused):
        run(line("HR-1"), line("HR-2", closed=""))
    assert not ElsewhereConcern.objects.exists()
    report = run(line("HR-1"), line("HR-2", closed=""), skip_refused=True)
    assert (report.new, len(report.refused)) == (1, 1)


def test_nothing_of_the_file_but_days_and_codes_is_kept(policies: None) -> None:
    run(line("HR-2024-Okonkwo"))
    kept = json.dumps(list(ElsewhereConcern.objects.values()), default=str)
    kept += json.dumps(list(Event.objects.values("kind", "data")), default=str)
    for word in ("Okonkwo", NAME, WORDS, "Ottershaw"):
        assert word.casefold() not in kept.casefold()
    assert Event.objects.get(kind="register.imported").data["new"] == 1


def test_what_was_kept_long_enough_is_erased_and_recorded(policies: None) -> None:
    run(line("HR-1"))
    assert importing.erase_old(START) == 0
    assert importing.erase_old(START + timedelta(days=366 * 6)) == 1
    assert not ElsewhereConcern.objects.exists()
    assert Event.objects.get(kind="register.erased").data == {"erased": 1}


def test_a_layout_says_what_the_headings_and_words_of_one_register_mean(policies: None) -> None:
    layout = Layout.read(json.dumps({
        "columns": {"reference": "Log", "first_contact": "Told us", "closed": "Done",
                    "outcome": "Found"},
        "values": {"outcome": {"Case proven": "Upheld"}}, "dates": "day first",
    }), REGISTER)  # fmt: skip
    rows = [["Log", "Told us", "Done", "Found"], ["7", "03/02/2026", "05/03/2026", "case proven"]]
    lines, refused = read_register(as_csv(rows), layout, TODAY)
    assert not refused
    assert lines[0].outcome == "UPHELD"
    assert lines[0].first_contact == date(2026, 2, 3)
    with pytest.raises(FileRefused, match="reference"):
        Layout.read('{"columns": {"username": "Log"}}', REGISTER)
    with pytest.raises(FileRefused, match="first_contact"):
        read_register(as_csv(rows), Layout(), TODAY)


def test_the_command_changes_nothing_before_it_is_told_to(policies: None, tmp_path: Path) -> None:
    path = tmp_path / "register.csv"
    path.write_bytes(as_csv([HEADINGS, line(first="1 May 2026", logged="", closed="2 May 2026")]))
    out = StringIO()
    call_command("import_register", path, stdout=out)
    assert "1 new concerns" in out.getvalue()
    assert "Nothing was changed" in out.getvalue()
    assert not ElsewhereConcern.objects.exists()
    call_command("import_register", path, apply=True, stdout=out)
    assert ElsewhereConcern.objects.count() == 1
    with pytest.raises(CommandError, match="Give the path of a file"):
        call_command("import_register", tmp_path, stdout=out)


@pytest.mark.parametrize("who", ["admin1", "dpo1", "analyst1", "triage1", "staff1"])
def test_for_everyone_but_the_casework_lead_the_register_does_not_exist(
    staff: Staff, who: str
) -> None:
    client = sign_in(Client(), staff, who)
    for page in ("/register/", "/register/check/"):
        assert client.get(page).status_code == 404
        assert client.post(page, {"sure": "on"}).status_code == 404


def test_the_casework_lead_imports_a_register_and_no_word_of_it_is_shown(staff: Staff) -> None:
    client = sign_in(Client(), staff, "lead1")
    content = as_xlsx([HEADINGS, line("HR-1"), line("HR-2", closed="")])
    answer = client.post("/register/", {"file": SimpleUploadedFile("r.xlsx", content)})
    assert answer["Location"] == "/register/check/"
    sealed = bytes(WaitingRegister.objects.get().sealed)
    assert b"HR-1" not in sealed
    page = client.get("/register/check/").content.decode()
    assert "not closed yet" in page
    for word in ("HR-1", NAME, WORDS):
        assert word not in page
    assert client.post("/register/check/", {"sure": "on"}).status_code == 422
    done = client.post("/register/check/", {"sure": "on", "skip_refused": "on"})
    assert done["Location"] == "/register/"
    assert ElsewhereConcern.objects.count() == 1
    assert not WaitingRegister.objects.exists()
    assert client.get("/register/check/")["Location"] == "/register/"


def test_a_file_that_is_no_table_is_refused_in_a_sentence(staff: Staff) -> None:
    client = sign_in(Client(), staff, "lead1")
    answer = client.post("/register/", {"file": SimpleUploadedFile("r.xlsx", b"\x00\x01\x02")})
    assert answer.status_code == 422
    assert "Save it as one of them" in answer.content.decode()
    assert not WaitingRegister.objects.exists()
