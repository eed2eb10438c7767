"""A case is taken out as one package, with what that person may read and nothing else."""

from __future__ import annotations

import io
import tracemalloc
import zipfile
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from grievances.audit.models import Event
from grievances.cases.actions.actor import NotAllowed
from grievances.cases.models.case import Case
from grievances.cases.models.evidence import Evidence
from grievances.casework import reading
from grievances.casework.export import take_copy
from grievances.encryption.encrypted_files import path_of
from grievances.evidence.upload import receive
from grievances.evidence.zip_stream import pack
from grievances.participants import participant_files
from grievances.web.cases.presenters import history
from tests.evidence import samples
from tests.evidence.samples import TEXT
from tests.factories import cases, edge_cases
from tests.factories.cases import START
from tests.factories.people import PEOPLE, Staff
from tests.page_time import pages_at
from tests.participants import hearing
from tests.signing_in import sign_in

AT = datetime(2026, 11, 21, 10, 0)
_page_time = pages_at(START)


def package_of(answer: Any) -> zipfile.ZipFile:
    assert answer.status_code == 200
    package = zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content)))
    assert package.testzip() is None
    return package


def export(staff: Staff, case: Case, who: str) -> zipfile.ZipFile:
    return package_of(sign_in(Client(), staff, who).post(f"/cases/{case.reference}/export/"))


def place(package: zipfile.ZipFile, name: str, folder: str = "") -> str:
    """Where a file is in a package: those of one moment come in any order."""
    (found,) = [
        each for each in package.namelist() if each.endswith(name) and each.startswith(folder)
    ]
    return found


def with_files(staff: Staff) -> Case:
    """Both people heard; a photo and a text by the complainant, a text by the respondent."""
    case = cases.in_investigation(staff, share="no")
    hearing.answer(staff, hearing.put(staff, case), "respondent1")
    hearing.answer(staff, hearing.ask(staff, case), "staff1", hearing.OBSERVED)
    for name, body in (("rota.jpg", samples.photo()), ("notes.txt", TEXT)):
        file = SimpleUploadedFile(name, body)
        reading.add_file(case, staff.caller("complainant1"), file, now=START)
    asked = case.hearings.get(standing="RESPONDENT")
    theirs = [receive("theirs.txt", iter([b"what I remember"]))]
    participant_files.add_heard(
        staff.caller("respondent1"), asked.token, theirs, others="copy", once="", now=START
    )
    return case


def test_the_handler_takes_out_what_they_may_read(staff: Staff) -> None:
    case = with_files(staff)
    package = export(staff, case, "handler1")
    paper = package.read("case.html").decode()
    for words in ("my accent was imitated", "PLANTED-SECRET-ANSWER", "PLANTED-SECRET-WITNESS"):
        assert words in paper
    assert "Complainant 1" not in paper
    assert "<script" not in paper
    names = package.namelist()
    assert names[0] == "case.html"
    assert len(names) == 4
    photo = place(package, "rota.jpg")
    assert photo.startswith("files/")
    assert package.read(photo) != samples.photo()
    assert package.read(place(package, "theirs.txt")) == b"what I remember"


def test_the_complainants_own_copy_has_their_originals_and_not_yet_the_statements(
    staff: Staff,
) -> None:
    case = with_files(staff)
    package = export(staff, case, "complainant1")
    paper = package.read("case.html").decode()
    assert "my accent was imitated" in paper
    for words in ("PLANTED-SECRET-ANSWER", "PLANTED-SECRET-WITNESS", "theirs.txt"):
        assert words not in paper
    assert not any("theirs" in name for name in package.namelist())
    assert package.read(place(package, "rota.jpg", "originals")) == samples.photo()
    hearing.decide(staff, case)
    later = export(staff, case, "complainant1")
    assert "PLANTED-SECRET-ANSWER" in later.read("case.html").decode()
    assert any("theirs.txt" in name for name in later.namelist())
    assert "Staff 1" not in later.read("case.html").decode()


ALLOWED = {"complainant1", "handler1", "decider1"}


def test_no_one_else_takes_anything_out(staff: Staff) -> None:
    case = cases.in_investigation(staff)
    for who in PEOPLE:
        client = sign_in(Client(), staff, who)
        for answer in (
            client.get(f"/cases/{case.reference}/export/"),
            client.post(f"/cases/{case.reference}/export/"),
        ):
            assert answer.status_code == (200 if who in ALLOWED else 404), who
        offered = "export/" in client.get(f"/cases/{case.reference}/").content.decode()
        assert offered == (who in ALLOWED), who
    assert Event.objects.filter(kind="case.exported").count() == len(ALLOWED)
    with pytest.raises(NotAllowed):
        take_copy(staff.caller("lead1"), case.reference, now=START)


def test_every_copy_is_in_the_complainants_list_before_the_first_byte(staff: Staff) -> None:
    case = cases.in_investigation(staff)
    client = sign_in(Client(), staff, "handler1")
    client.get(f"/cases/{case.reference}/export/")
    assert not Event.objects.filter(kind="case.exported").exists()
    for _ in range(2):
        answer = client.post(f"/cases/{case.reference}/export/")
        assert answer["Content-Type"] == "application/zip"
        assert answer["Content-Disposition"] == f'attachment; filename="{case.reference}.zip"'
        assert answer["Cache-Control"] == "no-store"
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert "sandbox" in answer["Content-Security-Policy"]
    assert Event.objects.filter(kind="case.exported").count() == 2
    _, events = reading.ledger(staff.caller("complainant1"), case.reference, now=START)
    said = [(who, what) for who, what, _ in history.ledger_rows(events, "complainant")]
    taken = [what for who, what in said if who == "Handler" and "took out a copy" in what]
    assert len(taken) == 2
    assert all("what you told us" in what for what in taken)


def test_a_damaged_file_leaves_a_sentence_and_the_rest_is_there(staff: Staff) -> None:
    case = with_files(staff)
    rows = Evidence.objects.filter(compartment="core").order_by("at", "pk")
    opened = reading.open_case(staff.caller("complainant1"), case.reference, now=START)
    notes = next(facts.id for facts in opened.files if facts.name == "notes.txt")
    path_of(rows.get(pk=notes).pk).unlink()
    package = export(staff, case, "complainant1")
    assert b"cannot be opened" in package.read(place(package, "is not here.txt"))
    assert package.read(place(package, "rota.jpg", "originals")) == samples.photo()


def test_a_name_in_the_package_never_leads_out_of_it(staff: Staff) -> None:
    case = cases.in_investigation(staff)
    for name in ("../../evil.txt", "C:\\evil.txt", "/etc/passwd", "case.html", "evil.exe"):
        file = receive(name, iter([TEXT]))
        reading.add_file(case, staff.caller("complainant1"), file, now=START)
    for name in export(staff, case, "complainant1").namelist()[1:]:
        folder, _, rest = name.partition("/")
        assert folder in {"files", "originals"}
        assert not set("/\\:") & set(rest), name
        assert rest.endswith(".txt"), name


def test_markup_in_words_is_words(staff: Staff) -> None:
    case = cases.acknowledged(staff, account="<script>alert(1)</script> & so on")
    paper = export(staff, case, "complainant1").read("case.html").decode()
    assert "<script>" not in paper
    assert "&lt;script&gt;" in paper


def test_an_anonymous_complainant_takes_out_their_own(staff: Staff) -> None:
    case, caller = edge_cases.anonymous(staff)
    opened = take_copy(caller, case.reference, now=START)
    assert opened.words
    assert Event.objects.get(kind="case.exported").role == "complainant"


def test_a_package_is_made_in_bounded_memory() -> None:
    piece = bytes(256 * 1024)

    def pieces() -> Iterator[bytes]:
        for _ in range(400):
            yield piece

    tracemalloc.start()
    try:
        size, most = 0, 0
        for out in pack([("a.bin", pieces()), ("b.bin", pieces())], AT):
            size, most = size + len(out), max(most, len(out))
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert size > 800 * len(piece)
    assert most < 2 * len(piece)
    assert peak < 4 * 1024 * 1024


def test_a_part_that_breaks_leaves_no_whole_package() -> None:
    def breaking() -> Iterator[bytes]:
        yield b"first"
        raise OSError("The line broke.")

    parts: list[bytes] = []
    stream = pack([("a", [b"x"]), ("b", breaking())], AT)
    with pytest.raises(OSError, match="line broke"):
        parts.extend(stream)
    assert parts
    assert not zipfile.is_zipfile(io.BytesIO(b"".join(parts)))
