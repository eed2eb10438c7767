"""Files of people who are heard and of companions: sent, stored and read."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pytest_django import Settings

from grievances.cases.models.case import Case
from grievances.cases.models.companions import Companion
from grievances.cases.models.evidence import Evidence
from grievances.cases.models.statements import Hearing
from grievances.casework import reading
from grievances.web.shared import clock
from tests.evidence.samples import TEXT
from tests.factories.cases import START
from tests.factories.people import Staff
from tests.participants import hearing
from tests.signing_in import sign_in

NAME = "PLANTED-NAME.txt"


@pytest.fixture(autouse=True)
def at_the_start(monkeypatch: pytest.MonkeyPatch, settings: Settings, tmp_path: Path) -> Path:
    """The pages read the moment at which the steps are taken; files are in a fresh folder."""
    monkeypatch.setattr(clock, "now", lambda: START)
    monkeypatch.setattr(clock, "today", lambda: START.date())
    settings.MEDIA_ROOT = tmp_path / "evidence"
    return tmp_path / "evidence"


def kept(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.glob("*")) if folder.exists() else []


def send(client: Client, page: str, body: bytes = TEXT, name: str = NAME, **more: str) -> Any:
    file = SimpleUploadedFile(name, body)
    return client.post(page, {"file": file, "others": "copy", "once": "1", **more})


def words(answer: Any) -> str:
    return " ".join(answer.content.decode().split())


def body_of(answer: Any) -> bytes:
    assert answer.status_code == 200, answer.status_code
    return b"".join(answer.streaming_content)


def heard_file(staff: Staff, asked: Hearing, who: str, body: bytes = TEXT) -> Evidence:
    answer = send(sign_in(Client(), staff, who), f"/replies/{asked.token}/add/", body)
    assert answer.status_code == 302, words(answer)
    return Evidence.objects.get(compartment=asked.compartment)


def shown(staff: Staff, case: Case, who: str) -> dict[str, str]:
    """Name -> author of the files that someone sees on the page of the case."""
    opened = reading.open_case(staff.caller(who), case.reference, now=START)
    return {facts.name: facts.author for facts in opened.files}


def accompanied(staff: Staff, case: Case) -> tuple[Client, Companion]:
    """(browser, companionship) of a companion without an account."""
    companion, secret = hearing.invite(staff, case, ["DATES"])
    _, key = hearing.keyed(secret)
    friend = Client()
    assert friend.post("/accompany/", {"own_key": key}).status_code == 302
    return friend, companion
