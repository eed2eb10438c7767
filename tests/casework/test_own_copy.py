"""A complainant's own copy: everything on their page in one file, and nothing beyond it."""

from __future__ import annotations

import re

from django.test import Client

from grievances.audit.models import Event
from grievances.cases.models.case import Case
from grievances.cases.models.records import Kind
from tests.factories import cases
from tests.factories.cases import START, done
from tests.factories.people import Staff
from tests.intake.raising import page_of, sent_anonymously
from tests.page_time import pages_at
from tests.signing_in import come_back, sign_in

_page_time = pages_at(START)


def copy_of(client: Client, case: Case) -> str:
    answer = client.post(f"/cases/{case.reference}/export/", {"as": "page"})
    assert answer.status_code == 200
    assert answer["Content-Disposition"] == f'attachment; filename="{case.reference}.html"'
    assert answer["Cache-Control"] == "no-store"
    return page_of(answer)


def plain(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html))


def test_it_holds_the_whole_page_and_needs_no_other_file(staff: Staff) -> None:
    case = cases.decided(staff, last_day="2026-11-19", when="Thursday")
    said = (Kind.MESSAGE, "When does it start?")
    done(staff, case, "complainant1", "message", START, said, text=said[1])
    html = copy_of(sign_in(Client(), staff, "complainant1"), case)
    for words in (
        "PLANTED-SECRET-ACCOUNT",
        "Our decision and why.",
        "When does it start?",
        "contact Acas by 18 February 2027",
        "Your time to appeal: by 4 December 2026",
        "Triage officer",
        "You took out a copy of the case",
    ):
        assert words in plain(html), words
    assert re.findall(r"<h1", html) == ["<h1"]
    assert 'lang="en-GB"' in html
    assert not re.search(r"<(script|link|img|form|iframe)|style=|(src|href)=\"(?!tel:)", html)
    events = Event.objects.filter(chain=case.reference, kind="case.exported")
    assert [event.role for event in events] == ["complainant"]


def test_what_is_not_on_the_page_is_not_in_the_copy(staff: Staff) -> None:
    case = cases.in_decision(staff)
    client = sign_in(Client(), staff, "complainant1")
    page = plain(page_of(client.get(f"/cases/{case.reference}/")))
    paper = plain(copy_of(client, case))
    for words in ("What I found out.", "Meeting notes", "Report"):
        assert (words in paper) is (words in page), words
    assert "What I found out." not in paper
    handler = sign_in(Client(), staff, "handler1")
    answer = handler.post(f"/cases/{case.reference}/export/", {"as": "page"})
    assert answer["Content-Type"] == "application/zip", "the page alone is the complainant's"
    outsider = sign_in(Client(), staff, "staff1")
    assert outsider.post(f"/cases/{case.reference}/export/", {"as": "page"}).status_code == 404


def test_a_person_without_a_name_gets_theirs(staff: Staff) -> None:
    _, case_key = sent_anonymously()
    assert "Who has opened this" in copy_of(come_back(Client(), case_key), Case.unguarded.get())
