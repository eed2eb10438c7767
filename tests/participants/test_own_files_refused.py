"""Files that people who are heard, or companions, cannot send, choose or read."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pytest_django import Settings

from grievances.audit.models import SERVICE, Event
from grievances.cases.models.case import Case
from grievances.cases.models.evidence import Evidence
from grievances.casework import reading
from grievances.encryption.encrypted_files import Sealer, path_of
from grievances.evidence import storing
from grievances.evidence.upload import receive
from grievances.participants import participant_files
from tests.evidence.samples import TEXT
from tests.factories import cases
from tests.factories.cases import START
from tests.factories.people import PEOPLE, Staff
from tests.participants import hearing
from tests.participants.own_files import (
    NAME,
    accompanied,
    at_the_start,
    body_of,
    heard_file,
    kept,
    send,
    words,
)
from tests.signing_in import sign_in
from workflow.steps import Refused

__all__ = ["at_the_start"]


def test_no_one_but_the_person_asked_can_send_a_file_there(
    staff: Staff, at_the_start: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = cases.in_investigation(staff)
    asked = hearing.put(staff, case)
    _, companion = accompanied(staff, case)
    written: list[bytes] = []
    monkeypatch.setattr(Sealer, "write", lambda sealer, piece: written.append(piece))
    for page in (f"/replies/{asked.token}/add/", f"/accompany/with/{companion.token}/add/"):
        for who in PEOPLE:
            if who != "respondent1" or "accompany" in page:
                client = sign_in(Client(), staff, who)
                assert send(client, page).status_code == 404, (who, page)
        assert send(Client(), page).status_code in {302, 404}
    assert written == []
    assert kept(at_the_start) == []


def test_a_form_from_elsewhere_is_turned_away(staff: Staff, at_the_start: Path) -> None:
    asked = hearing.put(staff, cases.in_investigation(staff))
    strict = sign_in(Client(enforce_csrf_checks=True), staff, "respondent1")
    assert send(strict, f"/replies/{asked.token}/add/").status_code == 403
    assert kept(at_the_start) == []


SENT_WRONG: list[tuple[bytes, str]] = [
    (b"", "This file is empty"),
    (b"MZ\x90\0" + bytes(90), "This kind of file cannot be added"),
    (b"x" * 3000, "This file is too large"),
]


@pytest.mark.parametrize(("body", "sentence"), SENT_WRONG, ids=["empty", "program", "large"])
@pytest.mark.parametrize("who", ["respondent", "companion"])
def test_what_is_wrong_is_said_and_noted_and_leaves_nothing(
    staff: Staff, at_the_start: Path, settings: Settings, body: bytes, sentence: str, who: str
) -> None:
    settings.EVIDENCE_MAX_BYTES = 2500
    client, page = door(staff, who)
    answer = send(client, page, body)
    assert (answer.status_code, sentence in words(answer)) == (422, True)
    assert kept(at_the_start) == []
    assert not Evidence.objects.exists()
    refused = Event.objects.get(kind=f"{who}.refused")
    assert refused.chain != SERVICE
    assert refused.data == {"asked": "add_files"}


def door(staff: Staff, who: str) -> tuple[Client, str]:
    """(browser, address) at which someone adds files."""
    case = cases.in_investigation(staff)
    if who == "respondent":
        asked = hearing.put(staff, case)
        return sign_in(Client(), staff, "respondent1"), f"/replies/{asked.token}/add/"
    friend, companion = accompanied(staff, case)
    return friend, f"/accompany/with/{companion.token}/add/"


@pytest.mark.parametrize("who", ["respondent", "companion"])
def test_one_press_is_one_file_and_a_person_adds_so_many(
    staff: Staff, settings: Settings, at_the_start: Path, who: str
) -> None:
    settings.EVIDENCE_MAX_PER_PERSON = 2
    client, page = door(staff, who)
    for _ in range(2):
        assert send(client, page).status_code == 302
    assert Evidence.objects.count() == len(kept(at_the_start)) == 1
    assert send(client, page, once="2").status_code == 302
    answer = send(client, page, once="3")
    assert (answer.status_code, "You can add up to 2 files" in words(answer)) == (422, True)
    assert Evidence.objects.count() == len(kept(at_the_start)) == 2
    # What others have added is not counted, and theirs does not count for the case.
    case = Case.unguarded.get()
    settings.EVIDENCE_MAX_PER_CASE = 1
    file = SimpleUploadedFile("hers.txt", TEXT)
    reading.add_file(case, staff.caller("complainant1"), file, now=START)


def test_nothing_is_added_when_the_time_to_answer_is_over(staff: Staff, at_the_start: Path) -> None:
    case = cases.in_investigation(staff)
    asked = hearing.put(staff, case)
    file = heard_file(staff, asked, "respondent1")
    hearing.answer(staff, asked, "respondent1")
    hearing.decide(staff, case)
    client = sign_in(Client(), staff, "respondent1")
    before = kept(at_the_start)
    for answer in (
        client.get(f"/replies/{asked.token}/add/"),
        send(client, f"/replies/{asked.token}/add/", once="2"),
    ):
        assert (answer.status_code, "time to answer here is over" in words(answer)) == (409, True)
    assert kept(at_the_start) == before
    assert body_of(client.get(f"/replies/{asked.token}/files/{file.pk}/")) == TEXT


def test_a_report_sent_while_a_file_arrives_wins(
    staff: Staff, at_the_start: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = cases.in_investigation(staff)
    asked = hearing.put(staff, case)
    hearing.answer(staff, asked, "respondent1")
    file = receive(NAME, iter([TEXT]))
    seal_in = storing.seal_in

    def meanwhile(*args: Any, **options: Any) -> list[Evidence]:
        rows = seal_in(*args, **options)
        hearing.decide(staff, case)
        return rows

    monkeypatch.setattr(participant_files, "seal_in", meanwhile)
    with pytest.raises(Refused) as refusal:
        participant_files.add_heard(
            staff.caller("respondent1"), asked.token, [file], others="copy", once="", now=START
        )
    assert refusal.value.code == "HEARING_OVER"
    assert kept(at_the_start) == []


@pytest.mark.parametrize("who", ["respondent", "companion"])
def test_a_tampered_file_is_refused_to_its_owner_too(
    staff: Staff, at_the_start: Path, who: str
) -> None:
    client, page = door(staff, who)
    send(client, page)
    file = Evidence.objects.get()
    path = path_of(file.pk)
    sealed = path.read_bytes()
    path.write_bytes(sealed[:-1] + bytes([sealed[-1] ^ 1]))
    answer = client.get(f"{page.removesuffix('add/')}files/{file.pk}/")
    assert (answer.status_code, "was changed or is incomplete" in words(answer)) == (409, True)
    assert Event.objects.filter(kind=f"{who}.refused").exists()
    assert not Event.objects.filter(kind=f"{who}.downloaded").exists()
