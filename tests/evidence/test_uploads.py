"""Files by way of the browser: sealed as they come, refused in a sentence, never half-stored."""

from __future__ import annotations

import errno
from pathlib import Path
from typing import IO, Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pytest_django import Settings

from grievances.cases.actions.actor import Caller
from grievances.cases.models.case import Case
from grievances.cases.models.case_keys import Keyring
from grievances.cases.models.evidence import Evidence, file_facts
from grievances.choices import Cleaning, Copy
from grievances.encryption import encrypted_files
from grievances.encryption.encrypted_files import CHUNK_BYTES, Sealer
from grievances.intake import submission
from tests.evidence import samples
from tests.evidence.samples import TEXT
from tests.evidence.uploading import PAGE, kept, person, post, words
from tests.factories import cases, edge_cases
from tests.factories.people import Staff
from tests.signing_in import come_back, sign_in
from workflow.steps import Refused

__all__ = ["person"]


def test_several_files_come_in_at_once_and_the_page_shows_what_was_found(
    staff: Staff, person: Client, folder: Path
) -> None:
    case = cases.acknowledged(staff)
    assert post(person, case, samples.photo(), TEXT).status_code == 302
    assert Evidence.objects.filter(case=case).count() == 2
    assert sorted(p.suffixes for p in kept(folder)) == [
        [".copy", ".sealed"],
        [".sealed"],
        [".sealed"],
    ]
    shown = words(person.get(f"/cases/{case.reference}/"))
    assert "Where it was taken: <bdi>53.7997 degrees north, 1.5333 degrees west</bdi>" in shown
    assert "Others see the copy without hidden details." in shown


def test_no_one_but_who_added_it_sees_what_was_found_or_has_the_original(
    staff: Staff, person: Client, client: Client
) -> None:
    case = cases.acknowledged(staff)
    post(person, case, samples.photo(), name="photo.exe")
    evidence = Evidence.objects.get()
    address = f"/cases/{case.reference}/evidence/{evidence.pk}/"
    original = b"".join(person.get(f"{address}?copy=original").streaming_content)  # type: ignore[attr-defined]
    assert original == samples.photo()
    triage = sign_in(Client(), staff, "triage1")
    shown = words(triage.get(f"/cases/{case.reference}/"))
    assert "53.7997" not in shown
    assert "This is the copy without hidden details." in shown
    answer = triage.get(address)
    assert b"PLANTED" not in b"".join(answer.streaming_content)  # type: ignore[attr-defined]
    assert answer.headers["content-disposition"] == 'attachment; filename="photo.exe.jpg"'
    assert answer.headers["content-security-policy"].startswith("sandbox; default-src 'none'")
    assert answer.headers["cache-control"] == "no-store"
    refused = triage.get(f"{address}?copy=original")
    assert refused.status_code == 409
    assert "has not given its original to others" in words(refused)


def test_hidden_details_that_matter_can_be_left_in_and_taken_out_again(
    staff: Staff, person: Client
) -> None:
    case = cases.acknowledged(staff)
    post(person, case, samples.photo(), others="original")
    evidence = Evidence.objects.get()
    address = f"/cases/{case.reference}/evidence/{evidence.pk}/"
    triage = sign_in(Client(), staff, "triage1")
    assert b"".join(triage.get(address).streaming_content) == samples.photo()  # type: ignore[attr-defined]
    assert "53.7997" in words(triage.get(f"/cases/{case.reference}/"))
    choose = f"/cases/{case.reference}/choose_copy/"
    assert triage.post(choose, {"file": str(evidence.pk), "others": "copy"}).status_code == 404
    person.post(choose, {"file": str(evidence.pk), "others": "copy"})
    assert b"PLANTED" not in b"".join(triage.get(address).streaming_content)  # type: ignore[attr-defined]


def test_a_file_that_could_not_be_cleaned_is_shown_to_no_one_until_it_is_given(
    staff: Staff, person: Client
) -> None:
    case = cases.acknowledged(staff)
    locked = samples.locked_pdf()
    post(person, case, locked)
    evidence = Evidence.objects.get()
    assert "no one else can open it yet" in words(person.get(f"/cases/{case.reference}/"))
    triage = sign_in(Client(), staff, "triage1")
    address = f"/cases/{case.reference}/evidence/{evidence.pk}/"
    assert triage.get(address).status_code == 409
    answers = {"file": str(evidence.pk), "others": "original"}
    person.post(f"/cases/{case.reference}/choose_copy/", answers)
    assert b"".join(triage.get(address).streaming_content) == locked  # type: ignore[attr-defined]


def test_a_colleague_cannot_choose_for_the_person_who_added_it(
    staff: Staff, person: Client
) -> None:
    case = cases.in_investigation(staff)
    person.get(f"/cases/{case.reference}/")
    post(person, case, samples.photo())
    handler = sign_in(Client(), staff, "handler1")
    evidence = Evidence.objects.get()
    answers = {"file": str(evidence.pk), "others": "original"}
    refused = handler.post(f"/cases/{case.reference}/choose_copy/", answers)
    assert refused.status_code == 422
    with pytest.raises(Refused) as refusal:
        cases.done(staff, case, "handler1", "choose_copy", cases.START, **answers)
    assert refusal.value.code == "NOT_YOUR_FILE"
    facts = file_facts(evidence, Keyring.of(case, staff.holders["complainant1"]))
    assert facts.others == Copy.CLEANED


def test_the_handler_adds_files_too(staff: Staff, client: Client) -> None:
    case = cases.in_investigation(staff)
    handler = sign_in(client, staff, "handler1")
    assert post(handler, case, TEXT).status_code == 302
    facts = file_facts(Evidence.objects.get(), Keyring.of(case, staff.holders["complainant1"]))
    assert (facts.author, facts.cleaning) == ("handler", Cleaning.NONE)


def test_an_anonymous_photo_is_always_cleaned_first(
    staff: Staff, client: Client, case_keys: list[str]
) -> None:
    case, caller = edge_cases.anonymous(staff)
    assert caller.holder is not None
    session = come_back(client, case_keys[-1])
    assert "What do others see?" not in words(session.get(PAGE.format(case.reference)))
    assert post(session, case, samples.photo(), others="original").status_code == 302
    facts = file_facts(Evidence.objects.get(), Keyring.of(case, caller.holder))
    assert (facts.others, facts.cleaning) == (Copy.CLEANED, Cleaning.CLEANED)


@pytest.fixture
def case_keys(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The case keys that were told in this test; each is told once."""
    told: list[str] = []
    find = submission.find_by_case_key

    def noting(case_key: str) -> tuple[Case, Caller]:
        told.append(case_key)
        return find(case_key)

    monkeypatch.setattr(submission, "find_by_case_key", noting)
    return told


@pytest.mark.parametrize(
    ("bodies", "sentence"),
    [
        ((b"",), "This file is empty"),
        ((b"x" * 3000,), "This file is too large"),
        ((TEXT,) * 3, "Up to 2 files can be added at a time"),
        ((), "Choose a file first"),
        ((TEXT, b"MZ\x90\0" + bytes(90)), "This kind of file cannot be added"),
        ((b"%PDF-1.4\n" + samples.package({"a.js": b"x"}),), "two kinds of file at once"),
    ],
    ids=["empty", "large", "many", "none", "a good one and a program", "polyglot"],
)
def test_what_is_wrong_is_said_in_a_sentence_and_leaves_nothing(
    staff: Staff, person: Client, folder: Path, settings: Settings, bodies: Any, sentence: str
) -> None:
    settings.EVIDENCE_MAX_BYTES, settings.EVIDENCE_MAX_FILES = 2500, 2
    case = cases.acknowledged(staff)
    answer = post(person, case, *bodies)
    assert answer.status_code == 422
    assert sentence in words(answer)
    assert kept(folder) == []
    assert not Evidence.objects.exists()


def test_a_case_holds_so_many_files_and_no_more(
    staff: Staff, person: Client, folder: Path, settings: Settings
) -> None:
    settings.EVIDENCE_MAX_PER_CASE = 1
    case = cases.acknowledged(staff)
    assert post(person, case, TEXT).status_code == 302
    assert "A case holds up to 1 files" in words(post(person, case, TEXT))
    assert len(kept(folder)) == Evidence.objects.count() == 1


def test_a_full_disk_is_said_and_leaves_nothing(
    staff: Staff, person: Client, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(sealer: Sealer, piece: bytes) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Sealer, "write", full)
    assert "could not be kept just now" in words(post(person, cases.acknowledged(staff), TEXT))
    assert kept(folder) == []


@pytest.mark.skipif(
    not Path("/dev/full").exists(), reason="this machine has no device that is full"
)
@pytest.mark.parametrize("size", [10, 3 * CHUNK_BYTES])
def test_a_disk_that_is_full_to_the_last_byte_is_said_as_well(
    staff: Staff, person: Client, folder: Path, monkeypatch: pytest.MonkeyPatch, size: int
) -> None:
    """What is still buffered cannot be written when the file is closed either."""

    def create(path: Path) -> IO[bytes]:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.symlink_to("/dev/full")
        return path.open("wb")

    monkeypatch.setattr(encrypted_files, "_create_locked", create)
    answer = post(person, cases.acknowledged(staff), b"x" * size)
    assert "could not be kept just now" in words(answer)
    assert kept(folder) == []


@pytest.mark.parametrize("who", ["respondent1", "lead1", "staff1", ""])
def test_someone_who_may_not_add_a_file_has_nothing_of_it_stored(
    staff: Staff, folder: Path, who: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    written: list[bytes] = []
    monkeypatch.setattr(Sealer, "write", lambda sealer, piece: written.append(piece))
    case = cases.acknowledged(staff)
    client = sign_in(Client(), staff, who) if who else Client()
    answers = [post(client, case, TEXT), post(client, Case(reference="RC-222222"), TEXT)]
    assert [each.status_code for each in answers] == ([404, 404] if who else [302, 302])
    assert written == []
    assert kept(folder) == []


def test_no_other_address_takes_a_file(staff: Staff, person: Client, folder: Path) -> None:
    case = cases.acknowledged(staff)
    file = SimpleUploadedFile("x.txt", TEXT)
    answer = person.post(f"/cases/{case.reference}/message/", {"text": "Hello.", "file": file})
    assert answer.status_code == 302
    assert kept(folder) == []


def test_a_form_from_elsewhere_is_turned_away(staff: Staff, folder: Path) -> None:
    strict = sign_in(Client(enforce_csrf_checks=True), staff, "complainant1")
    assert post(strict, cases.acknowledged(staff), TEXT).status_code == 403
    assert kept(folder) == []
