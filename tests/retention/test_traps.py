"""The traps of what is kept (peers.md 4, rows 5, 8, 23, 24, 26 and 27), each under its number.

The others are in tests/attacks/test_traps.py; each subject has deeper tests of its own.
"""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, connection, transaction
from django.test import Client
from pytest_django import Settings

from grievances.audit.models import Event
from grievances.cases.models.case import Case
from grievances.cases.models.evidence import Evidence
from grievances.cases.models.records import Record
from grievances.cases.models.stored_keys.rows import SealedKey
from grievances.casework import reading
from grievances.encryption.primitives import DecryptionFailed, open_from, open_sealed
from grievances.encryption.server_keys import server_keys
from grievances.evidence import storing, upload
from tests.evidence.samples import TEXT
from tests.factories import cases, edge_cases
from tests.factories.cases import START, at, done
from tests.factories.people import Staff
from tests.signing_in import sign_in
from workflow.chain import verify
from workflow.steps import Refused

MARK = "PLANTED-SECRET-ACCOUNT"


def test_trap_05_an_immutable_log_that_cascades(staff: Staff) -> None:
    case = cases.acknowledged(staff)
    told = Event.objects.filter(chain=case.reference).count()
    Case.unguarded.filter(pk=case.pk).delete()
    assert Event.objects.filter(chain=case.reference).count() == told > 0
    for sql in ("UPDATE grievances_event SET role = 'x'", "DELETE FROM grievances_event"):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql)
    assert verify(Event).ok


def test_trap_08_deleted_that_is_only_hidden(staff: Staff) -> None:
    case = edge_cases.erasable(staff)
    assert Record.objects.filter(case=case).exists()
    done(staff, case, "dpo1", "erase", at(600))
    for table in (
        "record",
        "sealedkey",
        "evidence",
        "exclusions",
        "offer",
        "pendingreader",
        "tenure",
    ):
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT COUNT(*) FROM grievances_{table} WHERE case_id = %s",  # noqa: S608
                [case.pk],
            )
            assert cursor.fetchone()[0] == 0, table
    shown = sign_in(Client(), staff, "dpo1").get("/keeping/").content.decode()
    assert case.reference in shown


def test_trap_23_one_secret_opens_all(staff: Staff) -> None:
    case = cases.acknowledged(staff)
    keys = server_keys()
    everything = [*keys.keys.values(), keys.pepper]
    for row in SealedKey.objects.filter(case=case).exclude(sealed=b""):
        for secret in everything:
            with pytest.raises(DecryptionFailed):
                open_from(secret, bytes(row.sealed), row.place)
    for record in Record.objects.filter(case=case):
        for secret in everything:
            with pytest.raises(DecryptionFailed):
                open_sealed(secret, bytes(record.sealed)[3:], record.place)


def test_trap_24_zero_knowledge_that_loses_the_evidence(staff: Staff) -> None:
    """Everyone who could read is gone; two officers together still open what was told."""
    case = edge_cases.emergency_open(staff)
    for name in ("complainant1", "triage1", "handler1", "decider1"):
        staff.holders.pop(name)
    opened = reading.open_case(staff.caller("dpo1"), case.reference, now=at(0, 12))
    assert MARK in str(opened.words)


def test_trap_26_what_someone_sends_runs_in_no_ones_browser(staff: Staff) -> None:
    case = cases.acknowledged(staff)
    client = sign_in(Client(), staff, "complainant1")
    page = f"/cases/{case.reference}/add_evidence/"
    for name in ("picture.svg", "page.html"):
        hostile = SimpleUploadedFile(name, b"<svg onload=alert(1)><script>alert(1)</script></svg>")
        assert client.post(page, {"file": hostile, "others": "copy"}).status_code == 422
    note = SimpleUploadedFile("<img src=x onerror=alert(1)>.txt", TEXT)
    assert client.post(page, {"file": note, "others": "copy"}).status_code == 302
    shown = client.get(f"/cases/{case.reference}/").content.decode()
    assert "<img src=x" not in shown
    file = Evidence.objects.get(case=case)
    answer = client.get(f"/cases/{case.reference}/evidence/{file.pk}/")
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["Content-Security-Policy"].startswith("sandbox")
    assert answer["X-Content-Type-Options"] == "nosniff"


def test_trap_27_a_file_is_usable_before_its_scan(staff: Staff, settings: Settings) -> None:
    settings.CLAMD_URL, settings.CLAMD_SECONDS = "tcp://127.0.0.1:9", 1
    case = cases.acknowledged(staff)
    caller = staff.caller("complainant1")
    event = reading.add_file(case, caller, upload.receive("rota.txt", iter([TEXT])), now=START)
    file = event.data["files"][0]
    for name in ("complainant1", "triage1"):
        with pytest.raises(Refused) as refused:
            reading.download(staff.caller(name), case.reference, file, now=START)
        assert refused.value.code == storing.QUARANTINE.code
