"""Nothing that a browser or a proxy sends along is kept with an anonymous concern (5.7 b).

The same with a real server, its logs and its folders, is in tests/embedded/test_serve.py.
"""

from __future__ import annotations

import logging
import re
from pathlib import Path

import pytest
from django.core.cache import caches
from django.test import Client
from pytest_django import Settings

from grievances.audit.models import Event
from grievances.cases.notices import sending
from notifications.delivery import drain
from tests.architecture.sources import ROOT
from tests.attacks.stolen_copy import empty_queue, rows, steal
from tests.factories.cases import at
from tests.factories.people import Staff
from tests.intake.raising import ANONYMOUS, key_on, send
from tests.signing_in import come_back, sign_in

pytestmark = pytest.mark.django_db

SENT_ALONG = {
    "HTTP_USER_AGENT": "Telltale-Browser/7.7",
    "REMOTE_ADDR": "203.0.113.77",
    "HTTP_X_FORWARDED_FOR": "203.0.113.78",
    "HTTP_X_REAL_IP": "203.0.113.79",
    "HTTP_FORWARDED": "for=203.0.113.80",
    "HTTP_REFERER": "http://intranet.telltale.invalid/",
    "HTTP_X_REMOTE_USER": "telltale.amara",
    "REMOTE_USER": "telltale.kerberos",
}


def test_no_address_browser_or_sign_on_identity_is_kept(
    staff: Staff, settings: Settings, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    settings.EMAIL_FILE_PATH = str(tmp_path / "mail")
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    caches["default"].clear()
    with caplog.at_level(logging.DEBUG):
        client = Client(**SENT_ALONG)  # type: ignore[arg-type]
        client.cookies["sso"] = "telltale-sign-on"
        for page, fields in (
            ("what-happened", {"account": "It happened in the yard."}),
            ("about", {"about": "respondent1"}),
            ("region", {"region": "WALES"}),
        ):
            client.post(f"{ANONYMOUS}/{page}/", fields)
        send(client, ANONYMOUS)
        case_key = key_on(client)
        client.post(f"{ANONYMOUS}/key/", {"ending": case_key[-4:]})
        reference = Event.objects.get(kind="case.submit").subject
        for path in (f"/cases/{reference}/", f"/cases/{reference}/proof/?file=yes", "/inbox/"):
            assert client.get(path).status_code == 200
        client.post(f"/cases/{reference}/message/", {"text": "One more thing."})
        client.get("/cases/RC-222222/")
        drain(now=at(2), addresses_of=sending.addresses_for)
    loot = steal(tmp_path, caplog.text)
    empty_queue()
    for trace in (*SENT_ALONG.values(), "telltale", "203.0.113"):
        assert loot.holds(trace) == [], trace
    for secret in (case_key, case_key.replace("-", "")):
        assert loot.holds(secret) == []


def test_an_account_on_the_same_browser_leaves_no_trace_beside_the_concern(staff: Staff) -> None:
    """Someone signs out, sends without a name, and signs in again: nothing joins the two."""
    client = sign_in(Client(), staff, "complainant1")
    account_session = client.cookies["fh_session"].value
    client.post("/accounts/logout/")
    for page, fields in (
        ("what-happened", {"account": "In the yard."}),
        ("region", {"region": "WALES"}),
    ):
        client.post(f"{ANONYMOUS}/{page}/", fields)
    send(client, ANONYMOUS)
    case_key = key_on(client)
    come_back(client, case_key)
    sign_in(client, staff, "complainant1")
    person = str(staff["complainant1"].pk)
    for table, value in rows():
        text = value.decode("utf-8", "replace")
        assert account_session not in text or table == "django_session"
    for event in Event.objects.filter(chain__startswith="RC-"):
        assert person not in (event.actor, *event.data.values())


def test_no_way_of_running_it_writes_an_access_log() -> None:
    """gunicorn writes none unless it is told to; nothing here tells it to."""
    for name in ("Dockerfile", "docker-compose.yml", "config/embedded.py", "Makefile"):
        text = (ROOT / name).read_text(encoding="utf-8")
        assert not re.search(r"access.?log", text.replace("no access log", "")), name
