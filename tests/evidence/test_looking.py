"""Pictures are looked at as their redrawn copy, in a response that can do nothing else."""

from __future__ import annotations

import io
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from grievances.audit.models import Event
from grievances.cases.models.case import Case
from grievances.cases.models.case_keys import Keyring
from grievances.cases.models.evidence import Evidence, open_facts, seal_facts
from grievances.casework import reading
from grievances.choices import Copy, Scan
from grievances.encryption.encrypted_files import path_of
from grievances.web.cases.presenters import history
from tests.evidence import samples
from tests.factories import cases
from tests.factories.cases import START
from tests.factories.people import PEOPLE, Staff
from tests.signing_in import sign_in

READERS = {"complainant1", "triage1", "handler1", "decider1"}


def added(staff: Staff, body: bytes, name: str = "rota.jpg") -> tuple[Case, str]:
    """(case, address) of a file that the complainant added."""
    case = cases.in_investigation(staff)
    file = SimpleUploadedFile(name, body)
    reading.add_file(case, staff.caller("complainant1"), file, now=START)
    return case, f"/cases/{case.reference}/evidence/{Evidence.objects.get().pk}/"


def change(staff: Staff, case: Case, **facts: Any) -> None:
    row, ring = Evidence.objects.get(), Keyring.of(case, staff.holders["complainant1"])
    seal_facts(row, ring, {**open_facts(row, ring), **facts})
    row.save()


def test_a_picture_is_shown_redrawn_in_a_sandbox_and_the_original_only_saved(staff: Staff) -> None:
    case, address = added(staff, samples.photo())
    client = sign_in(Client(), staff, "handler1")
    assert f"{address}look/" in client.get(f"/cases/{case.reference}/").content.decode()
    page = client.get(f"{address}look/").content.decode()
    assert f'src="{address}picture/"' in page
    assert f'href="/cases/{case.reference}/"' in page
    answer = client.get(f"{address}picture/")
    assert answer["Content-Type"] == "image/jpeg"
    assert answer["Content-Disposition"].startswith("inline")
    assert answer["Content-Security-Policy"].startswith("sandbox; default-src 'none'")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Cross-Origin-Resource-Policy"] == "same-origin"
    assert answer["Cache-Control"] == "no-store"
    body = b"".join(answer.streaming_content)  # type: ignore[attr-defined]
    assert int(answer["Content-Length"]) == len(body)
    assert body != samples.photo()
    with Image.open(io.BytesIO(body)) as picture:
        assert (picture.format, len(picture.getexif())) == ("JPEG", 0)
    for more in ("?copy=original", "?copy=copy", ""):
        saved = client.get(f"{address}{more}")
        assert saved.status_code == 409 or saved["Content-Disposition"].startswith("attachment")
        asked = client.get(f"{address}picture/{more}")
        assert b"".join(asked.streaming_content) == body  # type: ignore[attr-defined]


def test_even_an_original_that_is_given_to_others_is_shown_as_its_copy(staff: Staff) -> None:
    case, address = added(staff, samples.photo())
    change(staff, case, others=Copy.ORIGINAL.value)
    client = sign_in(Client(), staff, "handler1")
    shown = b"".join(client.get(f"{address}picture/").streaming_content)  # type: ignore[attr-defined]
    assert shown != samples.photo()


def test_what_is_no_picture_is_not_shown(staff: Staff) -> None:
    case, address = added(staff, samples.TEXT, "notes.txt")
    client = sign_in(Client(), staff, "handler1")
    assert "look/" not in client.get(f"/cases/{case.reference}/").content.decode()
    for each in ("look", "picture"):
        assert client.get(f"{address}{each}/").status_code == 404
    assert not Event.objects.filter(kind="case.viewed").exists()


def test_each_look_is_in_the_complainants_list_and_no_one_else_gets_one(staff: Staff) -> None:
    case, address = added(staff, samples.photo())
    for who in PEOPLE:
        client = sign_in(Client(), staff, who)
        for each in ("look", "picture"):
            code = client.get(f"{address}{each}/").status_code
            assert code == (200 if who in READERS else 404), (who, each)
    assert Event.objects.filter(kind="case.viewed").count() == len(READERS)
    _, events = reading.ledger(staff.caller("complainant1"), case.reference, now=START)
    said = [who for who, what, _ in history.ledger_rows(events, "complainant") if "picture" in what]
    assert sorted(said) == ["Decision maker", "Handler", "Triage officer", "You"]


def test_a_picture_in_quarantine_or_damaged_is_not_shown(staff: Staff) -> None:
    case, address = added(staff, samples.photo())
    client = sign_in(Client(), staff, "handler1")
    path = path_of(Evidence.objects.get().pk, Copy.CLEANED)
    whole = path.read_bytes()
    path.write_bytes(whole[:-1] + bytes([whole[-1] ^ 1]))
    assert client.get(f"{address}picture/").status_code == 409
    path.write_bytes(whole)
    change(staff, case, scan=Scan.FOUND.value)
    assert client.get(f"{address}picture/").status_code == 409
    assert client.get(f"{address}look/").status_code == 404
    assert not Event.objects.filter(kind="case.viewed").exists()
    assert Event.objects.filter(kind="case.refused", data__asked="look").count() == 2
