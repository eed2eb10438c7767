"""The virus scan fails closed: only the one right answer, in time, lets a file through.

The scanner is a real server on a real socket that speaks clamd's INSTREAM; see `scanner.py` for
what it stands in for.
"""

from __future__ import annotations

import socket
import time
import uuid
from datetime import timedelta
from pathlib import Path

import pytest
from django.test import Client
from pytest_django import Settings

from grievances.audit.models import Event
from grievances.cases.models.case import Case
from grievances.cases.models.case_keys import Keyring
from grievances.cases.models.evidence import Evidence, FileFacts, file_facts
from grievances.casework import reading
from grievances.choices import Cleaning, Scan
from grievances.deadlines import health
from grievances.evidence import case_files, upload, virus_scan
from grievances.operations import checklist
from tests.evidence import samples
from tests.evidence.samples import EICAR, TEXT
from tests.evidence.scanner import Scanner
from tests.factories import cases
from tests.factories.cases import START
from tests.factories.people import Staff
from tests.signing_in import sign_in
from workflow.steps import Refused

SICK = ("hang", "drop", "drop half-way", "error", "nonsense", "almost", "endless", "unfinished")


def add(staff: Staff, case: Case, body: bytes) -> Evidence:
    """The complainant adds a file."""
    file = upload.receive("rota.txt", iter([body]))
    event = reading.add_file(case, staff.caller("complainant1"), file, now=START)
    return Evidence.objects.get(pk=event.data["files"][0])


def scanned(*pieces: bytes) -> Scan:
    """What the scan says of a file that comes in and goes nowhere."""
    file = upload.receive("x", iter(pieces))
    file.close()
    return file.scan


def facts(staff: Staff, evidence: Evidence) -> FileFacts:
    evidence.refresh_from_db()
    return file_facts(evidence, Keyring.of(evidence.case, staff.holders["triage1"]))


def test_a_clean_file_is_scanned_while_it_arrives(staff: Staff, scanner: Scanner) -> None:
    case = cases.acknowledged(staff)
    evidence = add(staff, case, TEXT)
    assert facts(staff, evidence).scan == Scan.CLEAN
    assert scanner.seen == [TEXT]
    reading.download(staff.caller("triage1"), case.reference, str(evidence.pk), now=START)


def test_the_scanner_is_reached_on_a_path_as_well(settings: Settings, tmp_path: Path) -> None:
    with Scanner(tmp_path / "s") as scanner:
        settings.CLAMD_URL, settings.CLAMD_SECONDS = scanner.url, 1
        assert scanned(TEXT) == Scan.CLEAN
        assert scanned(TEXT, EICAR) == Scan.FOUND


def test_a_file_that_the_scan_reports_is_kept_apart(staff: Staff, scanner: Scanner) -> None:
    case = cases.acknowledged(staff)
    evidence = add(staff, case, TEXT + EICAR)
    assert facts(staff, evidence).scan == Scan.FOUND
    for who in ("complainant1", "triage1"):
        for copy in ("", "original", "copy"):
            with pytest.raises(Refused) as refusal:
                reading.download(
                    staff.caller(who), case.reference, str(evidence.pk), now=START, copy=copy
                )
            assert refusal.value.code == "QUARANTINED"
    assert not Event.objects.filter(kind="case.downloaded").exists()


@pytest.mark.parametrize("mood", SICK)
def test_a_scan_without_the_right_answer_is_quarantine(scanner: Scanner, mood: str) -> None:
    scanner.feel(mood)
    began = time.monotonic()
    assert scanned(TEXT) == Scan.FAILED
    assert time.monotonic() - began < 3


def test_a_scanner_that_is_not_there_is_quarantine(settings: Settings, tmp_path: Path) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    for url in (
        f"tcp://127.0.0.1:{port}",
        "tcp://scanner.invalid:3310",
        f"unix://{tmp_path / 'none'}",
    ):
        settings.CLAMD_URL = url
        assert scanned(TEXT) == Scan.FAILED


def test_a_scanner_that_is_away_is_said_to_the_operator_and_where_it_is_asked(
    staff: Staff, scanner: Scanner, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(virus_scan, "PING_SECONDS", 0.2)

    def says() -> tuple[str, bool, bool]:
        answer = Client().get("/health/ready")
        assert answer.status_code == 200
        told = health.warnings(START, START.date())
        asked = checklist.missing(START, START.date())
        sentence = "virus scanner does not answer"
        return (
            answer.json()["virus_scan"],
            any(sentence in each for each in told),
            any(sentence in each for each in asked),
        )

    assert says() == ("ok", False, False)
    scanner.feel("hang")
    assert says() == ("away", True, True)
    settings.CLAMD_URL = "tcp://127.0.0.1:9"
    assert says() == ("away", True, True)
    settings.CLAMD_URL = ""
    assert says() == ("none", False, False)


@pytest.mark.parametrize(
    ("days", "state"), [(0, "ok"), (6, "ok"), (8, "old"), (900, "old"), (-2, "ok")]
)
def test_a_scanner_with_old_signatures_is_said_and_still_asked(
    staff: Staff, scanner: Scanner, days: int, state: str
) -> None:
    made = START - timedelta(days=days)
    scanner.server.version = f"ClamAV 1.4.6/27500/{made:%a %b %d %H:%M:%S %Y}\0".encode()
    assert virus_scan.state(START) == state
    sentence = "knows no virus of the last week"
    assert any(sentence in each for each in health.warnings(START, START.date())) is (
        state == "old"
    )
    assert any(sentence in each for each in checklist.missing(START, START.date())) is (
        state == "old"
    )
    assert scanned(TEXT) == Scan.CLEAN


def test_a_quarantined_file_is_not_opened_by_the_cleaner(scanner: Scanner) -> None:
    scanner.feel("drop")
    file = upload.receive("x", iter([samples.photo()]))
    file.examine()
    assert (file.scan, file.cleaning, file.copy) == (Scan.FAILED, Cleaning.WAITING, None)
    file.close()


def test_a_second_scan_lets_the_file_go_and_cleans_it(staff: Staff, scanner: Scanner) -> None:
    case = cases.acknowledged(staff)
    scanner.feel("hang")
    evidence = add(staff, case, samples.photo())
    scanner.feel("")
    case_files.check_again(case, staff.caller("triage1"), str(evidence.pk), now=START)
    after = facts(staff, evidence)
    assert (after.scan, after.cleaning) == (Scan.CLEAN, Cleaning.CLEANED)
    assert scanner.seen == [samples.photo()]
    _, chunks = reading.download(
        staff.caller("triage1"), case.reference, str(evidence.pk), now=START
    )
    assert b"PLANTED" not in b"".join(chunks)
    assert Event.objects.get(kind="case.check_file").data["scan"] == ["clean"]


def test_a_second_scan_that_reports_puts_a_file_away(staff: Staff, settings: Settings) -> None:
    case = cases.acknowledged(staff)
    evidence = add(staff, case, EICAR)
    assert facts(staff, evidence).scan == Scan.NONE
    with Scanner() as scanner:
        settings.CLAMD_URL, settings.CLAMD_SECONDS = scanner.url, 1
        case_files.check_again(case, staff.caller("triage1"), str(evidence.pk), now=START)
    assert facts(staff, evidence).is_quarantined


def test_a_file_of_another_case_is_not_checked(staff: Staff, scanner: Scanner) -> None:
    case, other = cases.acknowledged(staff), cases.acknowledged(staff)
    evidence = add(staff, other, TEXT)
    for file_id in (str(evidence.pk), str(uuid.uuid4())):
        with pytest.raises(Refused):
            case_files.check_again(case, staff.caller("triage1"), file_id, now=START)


def test_pages_say_whether_files_are_scanned_and_what_is_in_quarantine(
    staff: Staff, client: Client, scanner: Scanner
) -> None:
    case = cases.acknowledged(staff)
    sign_in(client, staff, "complainant1")
    page = f"/cases/{case.reference}/"
    assert "Files are scanned for viruses" in client.get(f"{page}add_evidence/").content.decode()
    evidence = add(staff, case, EICAR)
    shown = client.get(page).content.decode()
    assert "In quarantine: the virus scan reported it. No one can download it." in shown
    assert f"{page}evidence/" not in shown
    answer = client.get(f"{page}evidence/{evidence.pk}/")
    assert answer.status_code == 409
    assert "This file is in quarantine" in answer.content.decode()
    again = client.post(f"{page}check_file/", {"file": str(evidence.pk)}, follow=True)
    assert "had a file checked again" in again.content.decode()
    assert "A file did not pass the virus scan" in again.content.decode()


def test_files_from_before_there_was_a_scanner_are_checked_at_once(
    staff: Staff, client: Client, settings: Settings, scanner: Scanner
) -> None:
    """The service holds no key, so a reader of the case has them checked."""
    scanner_url, settings.CLAMD_URL = settings.CLAMD_URL, ""
    case = cases.acknowledged(staff)
    old = [add(staff, case, body) for body in (TEXT, TEXT + b"more", EICAR)]
    settings.CLAMD_URL = scanner_url
    sign_in(client, staff, "complainant1")
    page = f"/cases/{case.reference}/check_file/"
    assert "All 3 files that have not been found clean yet" in client.get(page).content.decode()
    once = {"file": "all", "once": "press-1"}
    client.post(page, once, follow=True)
    assert [facts(staff, each).scan for each in old] == [Scan.CLEAN, Scan.CLEAN, Scan.FOUND]
    checks = Event.objects.filter(kind="case.check_file")
    assert sorted(each.data["scan"][0] for each in checks) == ["clean", "clean", "found"]
    client.post(page, once, follow=True)
    assert checks.count() == 3, "the same press again does nothing"
