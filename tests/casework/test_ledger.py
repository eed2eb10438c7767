"""Who opened what, when and in which role: the complainant's own ledger (peers.md 3 row 3)."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pytest_django import Settings

from grievances.audit.models import Event
from grievances.cases.models.case import Case
from grievances.cases.models.readers import PendingReader
from grievances.casework import reading
from grievances.web.shared import clock
from tests.factories import cases, edge_cases
from tests.factories.cases import START, done
from tests.factories.people import Staff
from tests.intake.raising import page_of, sent_anonymously
from tests.signing_in import come_back, sign_in

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _ticking(monkeypatch: pytest.MonkeyPatch) -> None:
    """A clock that moves on by a minute whenever it is asked."""
    minutes = iter(range(10_000))
    monkeypatch.setattr(clock, "now", lambda: START + timedelta(minutes=next(minutes)))
    monkeypatch.setattr(clock, "today", START.date)


def ledger(client: Client, case: Case) -> str:
    answer = client.get(f"/cases/{case.reference}/ledger/")
    assert answer.status_code == 200
    return page_of(answer)


def test_it_says_what_each_look_showed_and_never_a_name(
    staff: Staff, settings: Settings, tmp_path: Path
) -> None:
    settings.MEDIA_ROOT = tmp_path
    case = cases.in_investigation(staff, share="no")
    file = SimpleUploadedFile("notes.txt", b"notes")
    reading.add_file(case, staff.caller("complainant1"), file, now=START)
    base = f"/cases/{case.reference}"
    handler, lead = (sign_in(Client(), staff, name) for name in ("handler1", "lead1"))
    handler.get(f"{base}/")
    handler.get(f"{base}/print/")
    handler.get(f"{base}/evidence/{case.evidence.get().pk}/")
    handler.get(f"{base}/message/")
    lead.get(f"/api/v1{base}/")
    html = ledger(sign_in(Client(), staff, "complainant1"), case)
    for line in (
        "opened the case and could read: what you told us and the messages",
        "opened the page for printing and could read: what you told us",
        "downloaded a file",
        "opened the case, without any words of it",
    ):
        assert line in html, line
    assert "and could read: your name" not in html
    assert not any(staff[name].name in html for name in ("handler1", "lead1", "triage1"))


def test_people_who_may_know_the_name_are_shown_to_have_seen_it(staff: Staff) -> None:
    case = cases.acknowledged(staff)
    sign_in(Client(), staff, "triage1").get(f"/cases/{case.reference}/")
    assert "your name" in ledger(sign_in(Client(), staff, "complainant1"), case)


def test_a_complainants_own_openings_are_shown_when_asked_for(staff: Staff) -> None:
    case = cases.raised(staff)
    sign_in(Client(), staff, "triage1").get(f"/cases/{case.reference}/")
    client = sign_in(Client(), staff, "complainant1")
    client.get(f"/cases/{case.reference}/")
    client.get(f"/cases/{case.reference}/print/")
    rows = re.findall(r"<tr.*?</tr>", ledger(client, case), re.DOTALL)
    own = [row for row in rows if ">You<" in row]
    assert any("Triage officer" in row and "opened the case" in row for row in rows)
    assert len(own) == 1, "what they did stays: they raised it"
    with_own = page_of(client.get(f"/cases/{case.reference}/ledger/?own=yes"))
    assert with_own.count("opened the page for printing") == 1
    assert 'href="?own=yes"' in ledger(client, case)
    assert "own=yes" not in ledger(sign_in(Client(), staff, "dpo1"), case)


def test_an_anonymous_complainant_has_the_same(staff: Staff) -> None:
    _, case_key = sent_anonymously()
    case = Case.unguarded.get()
    sign_in(Client(), staff, "triage2").get(f"/cases/{case.reference}/print/")
    client = come_back(Client(), case_key)
    assert "opened the page for printing and could read" in ledger(client, case)
    assert f"/cases/{case.reference}/ledger/" in page_of(client.get(f"/cases/{case.reference}/"))


def test_a_form_opened_first_does_not_hide_that_words_were_read(
    staff: Staff, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clock, "now", lambda: START)
    case = cases.acknowledged(staff)
    client = sign_in(Client(), staff, "triage1")
    for page in ("message/", "", "", "print/", "print/"):
        client.get(f"/cases/{case.reference}/{page}")
    looks = Event.objects.filter(chain=case.reference, role="triage", kind__contains="ed")
    seen = [
        (e.kind, bool(e.data.get("saw")))
        for e in looks.order_by("seq")
        if e.kind in ("case.opened", "case.printed")
    ]
    assert seen == [("case.opened", False), ("case.opened", True), ("case.printed", True)]


def test_the_page_of_a_case_leaves_its_words_off_the_paper(staff: Staff) -> None:
    case = cases.acknowledged(staff)
    html = page_of(sign_in(Client(), staff, "triage1").get(f"/cases/{case.reference}/"))
    _, found, after = html.partition('<div class="fh-on-screen">')
    assert found
    assert "PLANTED-SECRET-ACCOUNT" in after
    css = Path("assets/fair-hearing.css").read_text(encoding="utf-8")
    assert ".fh-on-screen" in css.partition("@media print")[2]


# --- Who comes later is told on the page --------------------------------------------------------


def test_the_page_tells_who_comes_and_takes_the_answer(staff: Staff) -> None:
    case = cases.acknowledged(staff)
    done(staff, case, "triage1", "recuse", START)
    client = sign_in(Client(), staff, "complainant1")
    page = f"/cases/{case.reference}/"
    html = page_of(client.get(page))
    assert "Answer about a new person" in html
    assert "(from 23 November 2026; reads nothing before)" in html
    assert "Someone new needs to read this" in page_of(client.get("/inbox/"))
    form = page_of(client.get(f"{page}answer_reader/"))
    assert staff["triage2"].name in form
    row = PendingReader.objects.get()
    answer = client.post(f"{page}answer_reader/", {"reader": row.pk, "answer": "fine"})
    assert answer.status_code == 302
    assert not PendingReader.objects.exists()
    assert "Answer about a new person" not in page_of(client.get(page))


def test_an_anonymous_complainant_is_told_and_answers_too(staff: Staff) -> None:
    case, caller = edge_cases.anonymous(staff)
    done(staff, case, "triage1", "acknowledge", START, declare=True)
    done(staff, case, "triage1", "recuse", START)
    opened = reading.open_case(caller, case.reference, now=START)
    assert "answer_reader" in opened.allowed
    assert PendingReader.objects.filter(case=case).count() == 1


# --- Refusals and second presses ----------------------------------------------------------------


def refusals() -> int:
    return Event.objects.filter(kind="case.refused").count()


def test_a_refusal_is_an_event_on_the_page_and_for_programs(staff: Staff) -> None:
    case = cases.acknowledged(staff)
    client = sign_in(Client(), staff, "triage1")
    path = f"/cases/{case.reference}/agree_formal/"
    tries: tuple[Any, ...] = (
        lambda: client.post(path),
        lambda: client.post(f"/cases/{case.reference}/message/", {"text": ""}),
        lambda: client.post(f"/api/v1{path}", "{}", content_type="application/json"),
        lambda: client.post(
            f"/api/v1/cases/{case.reference}/message/", "{}", content_type="application/json"
        ),
    )
    for number, attempt in enumerate(tries, start=1):
        assert attempt().status_code in {409, 422}
        assert refusals() == number


@pytest.mark.parametrize(("step", "who"), [("recuse", "handler1"), ("decline", "handler1")])
def test_a_second_press_of_what_takes_the_case_away_is_answered_as_done(
    staff: Staff, step: str, who: str
) -> None:
    case = cases.in_investigation(staff) if step == "recuse" else edge_cases.offered(staff)
    client = sign_in(Client(), staff, who)
    page = f"/cases/{case.reference}/{step}/"
    for _ in range(2):
        assert client.post(page, {"once": "this press"})["Location"] == "/cases/"
    body = json.dumps({"once": "this press"})
    answer = client.post(f"/api/v1{page}", body, content_type="application/json")
    assert answer.json()["repeated"] is True
    assert Event.objects.filter(kind=f"case.{step}").count() == 1
    for other in ({"once": "another"}, {}):
        assert client.post(page, other).status_code == 404
    stranger = sign_in(Client(), staff, "staff1")
    assert stranger.post(page, {"once": "this press"}).status_code == 404


def test_one_press_on_the_page_of_the_case_is_enough_to_step_back(staff: Staff) -> None:
    case = cases.acknowledged(staff)
    client = sign_in(Client(), staff, "triage1")
    html = client.get(f"/cases/{case.reference}/").content.decode()
    form = html.partition(f'action="/cases/{case.reference}/recuse/"')[2].partition("</form>")[0]
    fields = dict(re.findall(r'name="(once|seen)" value="([^"]+)"', form))
    assert set(fields) == {"once", "seen"}
    assert client.post(f"/cases/{case.reference}/recuse/", fields)["Location"] == "/cases/"
    assert client.get(f"/cases/{case.reference}/").status_code == 404
    assert PendingReader.objects.get().person == staff["triage2"]
    html = page_of(sign_in(Client(), staff, "complainant1").get(f"/cases/{case.reference}/"))
    assert "Step back now" not in html
