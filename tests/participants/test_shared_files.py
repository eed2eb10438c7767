"""A companion opens the files that were ticked for them, one by one, and no others."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pytest_django import Settings

from grievances.audit.models import Event
from grievances.cases.actions.actor import NotAllowed
from grievances.cases.models.case import Case
from grievances.cases.models.case_keys import Keyring
from grievances.cases.models.companions import Companion
from grievances.cases.models.evidence import Evidence, SharedFile
from grievances.casework import reading
from grievances.web.cases.presenters import history
from grievances.web.shared import clock
from tests.evidence import samples
from tests.evidence.samples import TEXT
from tests.factories import cases
from tests.factories.cases import START, done
from tests.factories.people import Staff
from tests.participants import hearing
from tests.signing_in import sign_in
from workflow.steps import Refused


@pytest.fixture(autouse=True)
def at_the_start(monkeypatch: pytest.MonkeyPatch, settings: Settings, tmp_path: Path) -> None:
    """The pages read the moment at which the steps are taken; files are in a fresh folder."""
    monkeypatch.setattr(clock, "now", lambda: START)
    monkeypatch.setattr(clock, "today", lambda: START.date())
    settings.MEDIA_ROOT = tmp_path / "evidence"


def added(staff: Staff, case: Case, who: str, name: str, body: bytes = TEXT) -> Evidence:
    before = set(case.evidence.values_list("pk", flat=True))
    reading.add_file(case, staff.caller(who), SimpleUploadedFile(name, body), now=START)
    return case.evidence.exclude(pk__in=before).get()


def body_of(answer: Any) -> bytes:
    assert answer.status_code == 200, answer.status_code
    return b"".join(answer.streaming_content)


def with_friend(staff: Staff, case: Case, *files: Evidence) -> tuple[Client, Companion, str]:
    """(browser, companionship, page) of a companion for whom these files are ticked."""
    ids = [str(file.pk) for file in files]
    companion, secret = hearing.invite(staff, case, ["DATES"], evidence=ids)
    _, key = hearing.keyed(secret)
    friend = Client()
    assert friend.post("/accompany/", {"own_key": key}).status_code == 302
    return friend, companion, f"/accompany/with/{companion.token}/"


def test_a_companion_has_the_ticked_file_and_every_other_is_not_there(staff: Staff) -> None:
    case = cases.in_investigation(staff)
    photo = added(staff, case, "complainant1", "rota.jpg", samples.photo())
    other = added(staff, case, "complainant1", "diary.txt")
    theirs = added(staff, case, "handler1", "notes.txt")
    friend, companion, page = with_friend(staff, case, photo)
    shown = friend.get(page).content.decode()
    assert "rota.jpg" in shown
    assert not {name for name in ("diary.txt", "notes.txt") if name in shown}
    taken = friend.get(f"{page}files/{photo.pk}/")
    assert taken["Content-Disposition"].startswith("attachment")
    assert "sandbox" in taken["Content-Security-Policy"]
    body = body_of(taken)
    assert body.startswith(b"\xff\xd8")
    assert b"PLANTED" not in body
    assert friend.get(f"{page}files/{photo.pk}/?copy=original").status_code == 409
    for file in (other, theirs):
        assert friend.get(f"{page}files/{file.pk}/").status_code == 404
    _, events = reading.ledger(staff.caller("complainant1"), case.reference, now=START)
    said = {what for _, what, _ in history.ledger_rows(events, "complainant")}
    assert {"downloaded a file that was ticked for them", "was refused a file"} <= said


def test_their_keys_open_that_copy_and_not_its_original(staff: Staff) -> None:
    case = cases.acknowledged(staff)
    photo = added(staff, case, "complainant1", "rota.jpg", samples.photo())
    companion, secret = hearing.invite(staff, case, ["DATES"], evidence=[str(photo.pk)])
    guest, _ = hearing.keyed(secret)
    facts = SharedFile.objects.get().facts(Keyring.of(case, guest.holder))
    assert (bool(facts.copy_key), facts.key, facts.sha256, facts.by) == (True, "", "", "")
    assert photo.compartment not in Keyring.of(case, guest.holder)
    choice = {"file": str(photo.pk), "others": "original"}
    done(staff, case, "complainant1", "choose_copy", START, **choice)
    assert SharedFile.objects.get().facts(Keyring.of(case, guest.holder)).key
    done(staff, case, "complainant1", "choose_copy", START, **{**choice, "others": "copy"})
    assert not SharedFile.objects.get().facts(Keyring.of(case, guest.holder)).key


def test_the_complainant_ticks_on_the_page_and_a_tick_that_is_gone_works_at_once(
    staff: Staff,
) -> None:
    case = cases.in_investigation(staff)
    photo = added(staff, case, "complainant1", "rota.jpg", samples.photo())
    notes = added(staff, case, "handler1", "notes.txt")
    client = sign_in(Client(), staff, "complainant1")
    shown = client.get(f"/cases/{case.reference}/invite_companion/").content.decode()
    assert {"rota.jpg", "notes.txt"} <= set(re.findall(r"\w+\.\w{3}", shown))
    friend, _, page = with_friend(staff, case, photo)
    choose = f"/cases/{case.reference}/share_files/"
    assert re.search(rf'value="{photo.pk}"[^>]*checked', client.get(choose).content.decode())
    answer = client.post(choose, {"evidence": [str(notes.pk)], "once": "1"})
    assert answer.status_code == 302, answer.content.decode()
    assert Event.objects.get(kind="case.share_files").data["evidence"] == [str(notes.pk)]
    assert friend.get(f"{page}files/{photo.pk}/").status_code == 404
    assert body_of(friend.get(f"{page}files/{notes.pk}/")) == TEXT
    done(staff, case, "complainant1", "end_companion", START)
    assert not SharedFile.objects.exists()
    assert friend.get(f"{page}files/{notes.pk}/").status_code == 404


def test_what_the_complainant_may_not_open_cannot_be_ticked(staff: Staff) -> None:
    case = cases.in_investigation(staff)
    asked = hearing.put(staff, case)
    file = SimpleUploadedFile("theirs.txt", TEXT)
    respondent = sign_in(Client(), staff, "respondent1")
    sent = {"file": file, "others": "copy", "once": "1"}
    assert respondent.post(f"/replies/{asked.token}/add/", sent).status_code == 302
    theirs = Evidence.objects.get(compartment=asked.compartment)
    with pytest.raises(Refused, match="ANSWER_INVALID"):
        with_friend(staff, case, theirs)
    assert not Companion.objects.exists()
    hearing.answer(staff, asked, "respondent1")
    hearing.decide(staff, case)
    friend, _, page = with_friend(staff, cases.fresh(case), theirs)
    assert body_of(friend.get(f"{page}files/{theirs.pk}/")) == TEXT


def test_someone_heard_changes_their_choice_until_the_report_goes(staff: Staff) -> None:
    """domain.md 5.2 T19: the report rests on a list of evidence that is complete from then on."""
    case = cases.in_investigation(staff)
    asked = hearing.put(staff, case)
    client = sign_in(Client(), staff, "respondent1")
    file = SimpleUploadedFile("theirs.jpg", samples.photo())
    sent = {"file": file, "others": "original", "once": "1"}
    assert client.post(f"/replies/{asked.token}/add/", sent).status_code == 302
    theirs = Evidence.objects.get()
    handler = sign_in(Client(), staff, "handler1")
    address = f"/cases/{case.reference}/evidence/{theirs.pk}/"
    assert body_of(handler.get(address)) == samples.photo()
    choose = f"/replies/{asked.token}/files/{theirs.pk}/choose/"
    assert choose in client.get(f"/replies/{asked.token}/").content.decode()
    assert client.post(choose, {"others": "neither", "once": "2"}).status_code == 422
    for _ in range(2):
        assert client.post(choose, {"others": "copy", "once": "2"}).status_code == 302
    event = Event.objects.get(kind="respondent.chose")
    assert event.data == {"file": str(theirs.pk), "others": "copy"}
    assert body_of(handler.get(address)) != samples.photo()
    assert handler.get(f"{address}?copy=original").status_code == 409
    for who in ("complainant1", "handler1", "staff1"):
        assert sign_in(Client(), staff, who).get(choose).status_code == 404, who


def test_after_the_report_no_one_takes_back_what_the_decision_rests_on(staff: Staff) -> None:
    case = cases.in_investigation(staff)
    asked = hearing.put(staff, case)
    client = sign_in(Client(), staff, "respondent1")
    sent = {"file": SimpleUploadedFile("theirs.jpg", samples.photo()), "others": "original"}
    assert client.post(f"/replies/{asked.token}/add/", {**sent, "once": "1"}).status_code == 302
    theirs = Evidence.objects.get()
    hearing.answer(staff, asked, "respondent1")
    hearing.decide(staff, case)
    choose = f"/replies/{asked.token}/files/{theirs.pk}/choose/"
    assert choose not in client.get(f"/replies/{asked.token}/").content.decode()
    for answer in (client.get(choose), client.post(choose, {"others": "copy", "once": "3"})):
        assert answer.status_code == 409
        assert "has gone to the decision maker" in " ".join(answer.content.decode().split())
    assert Event.objects.filter(kind="respondent.refused").count() == 1
    assert not Event.objects.filter(kind="respondent.chose").exists()
    address = f"/cases/{case.reference}/evidence/{theirs.pk}/"
    for who in ("decider1", "complainant1"):
        reader = sign_in(Client(), staff, who)
        assert body_of(reader.get(address)) == samples.photo(), who
    friend, _, page = with_friend(staff, cases.fresh(case), theirs)
    assert body_of(friend.get(f"{page}files/{theirs.pk}/")) == samples.photo()


def test_only_the_complainant_ticks_and_only_while_someone_comes_along(staff: Staff) -> None:
    case = cases.acknowledged(staff)
    file = added(staff, case, "complainant1", "diary.txt")
    with pytest.raises(Refused, match="NO_COMPANION"):
        done(staff, case, "complainant1", "share_files", START, evidence=[str(file.pk)])
    _, companion, _ = with_friend(staff, case)
    for who in ("triage1", "lead1", "respondent1", "companion1"):
        with pytest.raises(NotAllowed):
            done(staff, case, who, "share_files", START, evidence=[str(file.pk)])
    assert not companion.files.exists()
