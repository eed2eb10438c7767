"""Files while raising: sealed in the draft, read by no one until it is sent, gone when deleted."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pytest_django import Settings

from grievances.audit.models import Event
from grievances.cases.models.case import Case
from grievances.cases.models.evidence import Evidence
from grievances.intake import draft_files, drafts
from grievances.vocabulary import State
from grievances.web.shared import clock
from tests.evidence import samples
from tests.factories.cases import START
from tests.factories.people import Staff
from tests.intake.raising import ANONYMOUS, STORY, page_of, send, written
from tests.signing_in import sign_in

pytestmark = pytest.mark.django_db
TEXT = b"PLANTED-FILE-WORDS in a note."


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(clock, "now", lambda: START)
    monkeypatch.setattr(clock, "today", START.date)
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


def note(name: str = "note.txt", words: bytes = TEXT) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, words)


def add(client: Client, base: str, *files: Any, **more: str) -> Any:
    return client.post(f"{base}/files/", {"file": list(files), "others": "copy", **more})


def on_disk(folder: Path) -> Iterator[Path]:
    return (path for path in folder.iterdir() if path.is_file())


def test_files_are_sealed_in_the_draft_and_come_along_when_it_is_sent(
    staff: Staff, folder: Path, django_capture_on_commit_callbacks: Any
) -> None:
    client, base = written(staff)
    reference = base.removeprefix("/raise/")
    assert (
        add(client, base, note(), SimpleUploadedFile("p.jpg", samples.photo())).status_code == 302
    )
    shown = page_of(client.get(f"{base}/files/"))
    assert "note.txt" in shown
    assert "p.jpg" in shown
    assert "2 files added" in page_of(client.get(f"{base}/more/"))
    assert "2 files added" in page_of(client.get(f"{base}/check/"))
    stored = b"".join(path.read_bytes() for path in on_disk(folder))
    assert stored
    assert TEXT not in stored
    for who in ("triage1", "lead1", "admin1", "complainant2"):
        other = sign_in(Client(), staff, who)
        assert other.get(f"{base}/files/").status_code == 404
        assert add(other, base, note("x.txt")).status_code == 404
    assert Evidence.objects.count() == 2
    assert send(client, base).status_code == 302
    event = Event.objects.get(chain=reference, kind="case.submit")
    assert len(event.data["files"]) == 2
    officer = sign_in(Client(), staff, "triage1")
    taken = []
    for name in event.data["files"]:
        answer: Any = officer.get(f"/cases/{reference}/evidence/{name}/")
        taken.append(b"".join(answer.streaming_content))
    assert TEXT in taken
    assert not any(b"PLANTED-ARTIST" in each for each in taken), "hidden details are taken out"
    assert add(client, base, note()).status_code == 404, "after sending it is the page of the case"


def test_a_sixth_file_a_program_and_no_file_are_refused_and_nothing_is_lost(
    staff: Staff, folder: Path
) -> None:
    client, base = written(staff)
    assert add(client, base, *[note(f"{n}.txt") for n in range(4)]).status_code == 302
    many = add(client, base, note("5.txt"), note("6.txt"))
    assert many.status_code == 422
    assert "You can add up to 5 files before you send." in page_of(many)
    assert add(client, base).status_code == 422
    program = add(client, base, SimpleUploadedFile("run.exe", b"MZ\x90\x00" + b"\x00" * 200))
    assert program.status_code == 422
    assert Evidence.objects.count() == 4
    kept = {str(pk) for pk in Evidence.objects.values_list("pk", flat=True)}
    assert {path.name[:36] for path in on_disk(folder)} == kept, "nothing of a refused file is left"
    case = Case.unguarded.get(reference=base.removeprefix("/raise/"))
    answers = drafts.read_draft(case, staff.caller("complainant1"))
    assert answers["account"] == STORY
    assert add(client, base, note("5.txt")).status_code == 302
    assert "You have added 5 files." in page_of(client.get(f"{base}/files/"))


def test_a_file_is_removed_and_a_deleted_draft_leaves_no_file(
    staff: Staff, folder: Path, django_capture_on_commit_callbacks: Any
) -> None:
    client, base = written(staff)
    add(client, base, note(), note("b.txt"))
    first = Evidence.objects.order_by("at", "pk")[0]
    other, elsewhere = written(staff, "complainant2")
    with django_capture_on_commit_callbacks(execute=True):
        other.post(f"{elsewhere}/files/", {"remove": str(first.pk)})
    assert Evidence.objects.count() == 2, "another person's draft removes nothing here"
    with django_capture_on_commit_callbacks(execute=True):
        client.post(f"{base}/files/", {"remove": str(first.pk)})
        client.post(f"{base}/files/", {"remove": "not-a-file"})
    assert Evidence.objects.count() == 1
    assert not [path for path in on_disk(folder) if path.name.startswith(str(first.pk))]
    with django_capture_on_commit_callbacks(execute=True):
        client.post(f"{base}/delete/")
    assert not Evidence.objects.exists()
    assert not list(on_disk(folder))


def test_a_draft_with_files_is_not_kept_back_in_part(staff: Staff) -> None:
    client, base = written(staff)
    add(client, base, note())
    answer = client.post(
        f"{base}/keep-back/",
        {
            "typed": "respondent1",
            "targets": f"person-{staff['respondent1'].pk}",
            "threshold": "2",
            "months": "12",
            "contact": "PORTAL",
        },
    )
    assert answer.status_code == 422
    assert "We cannot keep files back." in page_of(answer)
    assert Evidence.objects.count() == 1


def test_without_an_account_files_wait_for_the_same_browser(staff: Staff, folder: Path) -> None:
    client, stranger = Client(), Client()
    client.post(f"{ANONYMOUS}/what-happened/", {"account": STORY})
    assert client.get(f"{ANONYMOUS}/files/").status_code == 200
    assert not Case.unguarded.exists(), "nothing is begun until there is a file"
    photo = SimpleUploadedFile("p.jpg", samples.photo())
    assert client.post(f"{ANONYMOUS}/files/", {"file": [photo]}).status_code == 302
    assert "p.jpg" in page_of(client.get(f"{ANONYMOUS}/files/"))
    assert "p.jpg" not in page_of(stranger.get(f"{ANONYMOUS}/files/"))
    draft = Case.unguarded.get()
    assert draft.state == State.DRAFT
    assert draft.deadlines.exists(), "left alone it is deleted like every draft"
    assert "1 file added" in page_of(client.get(f"{ANONYMOUS}/check/"))
    assert send(client, ANONYMOUS).status_code == 302
    case = Case.unguarded.get()
    assert case.pk == draft.pk
    assert case.state == State.SUBMITTED
    officer = sign_in(Client(), staff, "triage1")
    assert "p.jpg" in page_of(officer.get(f"/cases/{case.reference}/"))


def test_a_flood_of_anonymous_files_is_refused_in_a_sentence(
    staff: Staff, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(draft_files, "MOST_ANONYMOUS", 1)
    for expected in (302, 422):
        client = Client()
        client.post(f"{ANONYMOUS}/what-happened/", {"account": STORY})
        answer = client.post(f"{ANONYMOUS}/files/", {"file": [note()]})
        assert answer.status_code == expected
    assert "What you have written is safe." in page_of(answer)
    assert STORY[:20] in page_of(client.get(f"{ANONYMOUS}/what-happened/"))
    assert Evidence.objects.count() == 1
