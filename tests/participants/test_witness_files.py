"""What a witness adds never tells the complainant who they are."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pytest_django import Settings

from grievances.cases.models.case import Case
from grievances.cases.models.evidence import Evidence
from grievances.casework import reading
from grievances.web.shared import clock
from tests.evidence import documents, samples
from tests.evidence.planted import WHO
from tests.factories import cases
from tests.factories.cases import START
from tests.factories.people import Staff
from tests.participants import hearing
from tests.signing_in import sign_in

PASTED = f"From: {WHO}\nSent: 4 May 2026 10:00\nTo: you\nSubject: x\n\nw@example.invalid\n"
SIGNED = f"<w:document xmlns:w='w'><w:t>I am {WHO}.</w:t></w:document>"


def letter() -> bytes:
    """A document whose author also wrote their name in its words."""
    parts = {**documents.author(), "word/document.xml": SIGNED}
    return documents.pack(documents.office_parts("docx", parts))


@pytest.fixture(autouse=True)
def at_the_start(monkeypatch: pytest.MonkeyPatch, settings: Settings, tmp_path: Path) -> None:
    monkeypatch.setattr(clock, "now", lambda: START)
    monkeypatch.setattr(clock, "today", lambda: START.date())
    settings.MEDIA_ROOT = tmp_path / "evidence"


def words(answer: Any) -> str:
    return " ".join(answer.content.decode().split())


def decided_with(staff: Staff, body: bytes, name: str, others: str = "copy") -> tuple[Case, str]:
    """(case after its decision, address of the file that a witness added)."""
    case = cases.in_investigation(staff)
    hearing.answer(staff, hearing.put(staff, case), "respondent1")
    asked = hearing.ask(staff, case)
    form = {"file": SimpleUploadedFile(name, body), "others": others, "once": "1"}
    sent = sign_in(Client(), staff, "staff1").post(f"/replies/{asked.token}/add/", form)
    assert sent.status_code == 302, words(sent)
    hearing.decide(staff, case)
    return case, f"/cases/{case.reference}/evidence/{Evidence.objects.get().pk}/"


@pytest.mark.parametrize("others", ["copy", "original"])
@pytest.mark.parametrize(
    ("make", "name"),
    [
        (lambda: samples.message(samples.TEXT), "mail.eml"),
        (samples.outlook, "mail.msg"),
        (lambda: PASTED.encode(), "mail.txt"),
        (lambda: f"FYI\n\n{PASTED}".encode("utf-16"), "notes.md"),
        (letter, "letter.docx"),
    ],
    ids=["email", "outlook", "pasted email", "forwarded as text", "name in the words"],
)
def test_what_names_a_witness_never_reaches_the_complainant(
    staff: Staff, make: Any, name: str, others: str
) -> None:
    body = make()
    case, address = decided_with(staff, body, name, others)
    owner = sign_in(Client(), staff, "complainant1")
    shown = words(owner.get(f"/cases/{case.reference}/"))
    assert "A file from a witness" in shown
    assert "it is not given to you" in shown
    for asked in ("", "?copy=original", "?copy=copy", "look/", "picture/"):
        assert owner.get(f"{address}{asked}").status_code in {404, 409}, asked
    taken = owner.post(f"/cases/{case.reference}/export/")
    with zipfile.ZipFile(io.BytesIO(b"".join(taken.streaming_content))) as package:  # type: ignore[attr-defined]
        inside = [package.read(each) for each in package.namelist()]
    assert not [each for each in inside if b"example.invalid" in each or WHO.encode() in each]
    handler = sign_in(Client(), staff, "handler1")
    given = b"".join(handler.get(address).streaming_content)  # type: ignore[attr-defined]
    assert given == body or name == "letter.docx"


def test_nor_does_it_reach_their_companion(staff: Staff) -> None:
    case, _ = decided_with(staff, samples.message(samples.TEXT), "mail.eml")
    companion, secret = hearing.invite(staff, case, ["DATES"])
    _, key = hearing.keyed(secret)
    friend = Client()
    friend.post("/accompany/", {"own_key": key})
    form = {"evidence": [str(Evidence.objects.get().pk)]}
    owner = sign_in(Client(), staff, "complainant1")
    owner.post(f"/cases/{case.reference}/share_files/", form)
    page = f"/accompany/with/{companion.token}/files/{Evidence.objects.get().pk}/"
    assert friend.get(page).status_code == 404


def test_a_witnesss_plain_text_and_clean_copy_reach_the_complainant(staff: Staff) -> None:
    case, address = decided_with(staff, samples.TEXT, "notes.txt")
    owner = sign_in(Client(), staff, "complainant1")
    assert b"".join(owner.get(address).streaming_content) == samples.TEXT  # type: ignore[attr-defined]


def test_the_adder_of_a_pasted_email_reads_which_names_stay(staff: Staff) -> None:
    case = cases.acknowledged(staff)
    file = SimpleUploadedFile("mail.txt", PASTED.encode())
    reading.add_file(case, staff.caller("complainant1"), file, now=START)
    shown = words(sign_in(Client(), staff, "complainant1").get(f"/cases/{case.reference}/"))
    assert "It is kept as it is: the names and addresses in it stay." in shown
    assert "Names and addresses that stay in it" in shown
    assert WHO in shown


def test_it_is_said_before_sending_that_names_in_an_email_stay(staff: Staff) -> None:
    case = cases.acknowledged(staff)
    owner = sign_in(Client(), staff, "complainant1")
    asked = hearing.ask(staff, cases.in_investigation(staff))
    witness = sign_in(Client(), staff, "staff1")
    for client, page in (
        (owner, f"/cases/{case.reference}/add_evidence/"),
        (witness, f"/replies/{asked.token}/add/"),
    ):
        shown = words(client.get(page))
        assert "Emails and Outlook messages are kept as they are" in shown
        assert "So are texts that begin like an email" in shown
        assert "The names and addresses in them stay" in shown


def test_the_adder_is_told_where_a_name_is_still_to_be_read(staff: Staff) -> None:
    case = cases.acknowledged(staff)
    file = SimpleUploadedFile("letter.docx", letter())
    reading.add_file(case, staff.caller("complainant1"), file, now=START)
    shown = words(sign_in(Client(), staff, "complainant1").get(f"/cases/{case.reference}/"))
    assert "Others see the copy without hidden details" not in shown
    assert "can still be read in its words" in shown
    assert f"{WHO} (word/document.xml)" in shown
    triage = sign_in(Client(), staff, "triage1")
    page = words(triage.get(f"/cases/{case.reference}/"))
    assert "This is the copy without hidden details" not in page
    address = f"/cases/{case.reference}/evidence/{Evidence.objects.get().pk}/"
    assert b"".join(triage.get(address).streaming_content)  # type: ignore[attr-defined]


def test_a_copy_with_a_hidden_name_is_given_to_no_one(staff: Staff) -> None:
    case = cases.acknowledged(staff)
    style = {"word/styles.xml": f"<w:styles><w:style w:name='{WHO}'/></w:styles>"}
    body = documents.pack(documents.office_parts("docx", {**documents.author(), **style}))
    file = SimpleUploadedFile("letter.docx", body)
    reading.add_file(case, staff.caller("complainant1"), file, now=START)
    shown = words(sign_in(Client(), staff, "complainant1").get(f"/cases/{case.reference}/"))
    assert "Hidden details could not be taken out" in shown
    assert f"{WHO} (word/styles.xml)" in shown
    address = f"/cases/{case.reference}/evidence/{Evidence.objects.get().pk}/"
    assert sign_in(Client(), staff, "triage1").get(address).status_code == 409
