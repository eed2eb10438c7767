"""The dead man's handle: a sweep that stopped and a calendar that ends are said where it counts."""

from __future__ import annotations

import logging
import os
import ssl
import subprocess
import sys
import threading
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from django.test import Client
from pytest_django import Settings

from grievances import tasks
from grievances.audit.models import Heartbeat
from grievances.deadlines import health
from grievances.policy import profiles
from grievances.web.shared import clock
from tests.architecture.sources import ROOT
from tests.factories import cases
from tests.factories.people import Staff
from tests.signing_in import sign_in
from workflow.models import Holiday

NEVER_SEEN = {"complainant1", "handler1", "analyst1", "triage1"}


@pytest.fixture
def at_start(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: cases.START)
    monkeypatch.setattr(clock, "today", lambda: cases.START.date())


def last_ran(ago: timedelta) -> None:
    Heartbeat.objects.update_or_create(name="clocks", defaults={"at": cases.START - ago})


@pytest.mark.usefixtures("at_start")
def test_who_answers_for_the_service_sees_that_the_sweep_has_stopped(staff: Staff) -> None:
    last_ran(timedelta(hours=3))
    said = "Dates have not been checked since 07:00 on 21 November 2026"
    for person in ("lead1", "dpo1"):
        assert said in sign_in(Client(), staff, person).get("/").content.decode()
    for person in NEVER_SEEN:
        assert "Dates have" not in sign_in(Client(), staff, person).get("/").content.decode()
    last_ran(timedelta(minutes=9))
    assert "Dates have" not in sign_in(Client(), staff, "lead1").get("/").content.decode()


@pytest.mark.usefixtures("at_start", "policies")
def test_a_sweep_that_stopped_is_logged_once_until_it_runs_again(
    caplog: pytest.LogCaptureFixture,
) -> None:
    last_ran(timedelta(hours=4))
    for _ in range(3):
        assert Client().get("/health/ready").json()["sweep"] == "stopped"
    said = [each for each in caplog.records if "the sweep has stopped" in each.getMessage()]
    assert [each.levelno for each in said] == [logging.ERROR]


@pytest.mark.usefixtures("at_start", "policies")
def test_a_sweep_that_runs_again_logs_how_long_it_was_away(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.WARNING)
    last_ran(timedelta(hours=3))
    tasks.run_clocks()
    assert "the sweep stood still from 2026-11-21T07:00:00+00:00" in caplog.text
    caplog.clear()
    tasks.run_clocks()
    assert "stood still" not in caplog.text


def test_a_calendar_is_missed_twelve_months_before_it_ends(
    staff: Staff, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    Holiday.objects.filter(division="SCT", day__year__gt=2027).delete()
    for today, end in ((date(2026, 12, 31), None), (date(2027, 1, 1), date(2027, 12, 31))):
        assert profiles.calendars_ending(today) == ([("SCT", end)] if end else [])
    at = datetime(2027, 3, 1, 12, tzinfo=UTC)
    monkeypatch.setattr(clock, "now", lambda: at)
    monkeypatch.setattr(clock, "today", at.date)
    assert Client().get("/health/ready").json()["calendar"] == "ends 2027-12-31"
    page = sign_in(Client(), staff, "lead1").get("/").content.decode()
    assert "The bank holidays of Scotland are known up to 31 December 2027" in page
    tasks.look_at_calendars()
    assert "the calendar SCT ends on 2027-12-31" in caplog.text


class Watchman(BaseHTTPRequestHandler):
    """Answers what the server says it answers, and keeps what it was asked."""

    def do_GET(self) -> None:
        asked = self.server.asked  # type: ignore[attr-defined]
        asked.append((self.path, self.headers.get("Content-Length"), self.headers.get("Cookie")))
        self.send_response(self.server.answer)  # type: ignore[attr-defined]
        self.send_header("Location", "https://127.0.0.1:1/elsewhere")
        self.end_headers()

    def log_message(self, *args: object) -> None:
        """Say nothing."""


@pytest.fixture
def watchman(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[HTTPServer]:
    """A watchman outside, behind real TLS with a certificate that this test trusts."""
    path = certificate(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(path))
    server = HTTPServer(("127.0.0.1", 0), Watchman)
    server.asked, server.answer = [], 200  # type: ignore[attr-defined]
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


def certificate(folder: Path) -> Path:
    """A key and a certificate for 127.0.0.1, signed by itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "watchman")])
    begin = datetime(2020, 1, 1, tzinfo=UTC)
    place = x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))])
    made = x509.CertificateBuilder(name, name, key.public_key(), 1, begin, begin.replace(year=2099))
    signed = made.add_extension(place, critical=False).sign(key, hashes.SHA256())
    path = folder / "watchman.pem"
    private = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    path.write_bytes(private + signed.public_bytes(serialization.Encoding.PEM))
    return path


@pytest.mark.usefixtures("at_start", "policies")
def test_the_address_outside_is_asked_after_each_sweep_and_told_nothing(
    watchman: HTTPServer, settings: Settings
) -> None:
    settings.SWEEP_PING_URL = f"https://127.0.0.1:{watchman.server_port}/ping/abc?x=1"
    tasks.run_clocks()
    assert watchman.asked == [("/ping/abc?x=1", None, None)]  # type: ignore[attr-defined]


@pytest.mark.usefixtures("at_start", "policies")
@pytest.mark.parametrize("answer", [302, 404, 500])
def test_an_address_that_refuses_stops_nothing_and_stays_out_of_the_log(
    watchman: HTTPServer, settings: Settings, caplog: pytest.LogCaptureFixture, answer: int
) -> None:
    watchman.answer = answer  # type: ignore[attr-defined]
    settings.SWEEP_PING_URL = f"https://127.0.0.1:{watchman.server_port}/secret-place"
    tasks.run_clocks()
    assert Heartbeat.objects.get(name="clocks").at == cases.START
    assert f"with {answer}" in caplog.text
    assert "secret-place" not in caplog.text
    assert len(watchman.asked) == 1  # type: ignore[attr-defined]


@pytest.mark.usefixtures("at_start", "policies")
def test_an_address_that_is_not_there_stops_nothing(
    settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    settings.SWEEP_PING_URL = "https://127.0.0.1:9/ping"
    tasks.run_clocks()
    assert "did not arrive: ConnectionRefusedError" in caplog.text


@pytest.mark.usefixtures("at_start", "policies")
def test_a_certificate_no_one_vouches_for_is_not_trusted(
    watchman: HTTPServer,
    settings: Settings,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("SSL_CERT_FILE")
    settings.SWEEP_PING_URL = f"https://127.0.0.1:{watchman.server_port}/ping"
    health.ping()
    assert "SSLCertVerificationError" in caplog.text
    assert watchman.asked == []  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("TIME_ZONE", "Europe/Londn", "TIME_ZONE is not a time zone like Europe/London"),
        ("TIME_ZONE", "../../etc/passwd", "TIME_ZONE is not a time zone like Europe/London"),
        ("SWEEP_PING_URL", "http://watch.example/x", "SWEEP_PING_URL must read https://HOST/PATH"),
        ("SWEEP_PING_URL", "https://a b/", "SWEEP_PING_URL must read https://HOST/PATH"),
        ("SWEEP_PING_URL", "https://a:70000/", "SWEEP_PING_URL must read https://HOST/PATH"),
        ("SWEEP_PING_URL", "file:///etc/passwd", "SWEEP_PING_URL must read https://HOST/PATH"),
    ],
)
def test_a_setting_that_makes_no_sense_stops_the_start_with_a_sentence(
    name: str, value: str, sentence: str, tmp_path: Path
) -> None:
    here = {**os.environ, "FAIRHEARING_MODE": "test", "DATA_DIR": str(tmp_path), name: value}
    command = [sys.executable, str(ROOT / "manage.py"), "check"]
    done = subprocess.run(command, env=here, capture_output=True, text=True, check=False)  # noqa: S603
    assert done.returncode != 0
    assert sentence in done.stderr
