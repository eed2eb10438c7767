"""Those who check that the service kept to steps and dates: no words, no names, and seen doing so.

Complainants are told before they send that an auditor can do this (raise/readers.html).
"""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client

from grievances.audit.models import ChainHead, Event
from grievances.cases.models.case import Case
from grievances.cases.models.exclusions import Exclusions, bar
from grievances.casework import trail_inspection
from grievances.deadlines.sweep import run_clocks
from grievances.intake import drafts
from grievances.web.shared import clock
from grievances.web.trail import presenters as page
from tests.attacks.world import look
from tests.audit.test_trail import tamper
from tests.factories import cases
from tests.factories.cases import START, at
from tests.factories.people import PEOPLE, Staff
from tests.intake.raising import page_of
from tests.signing_in import sign_in

CHECKERS = {"auditor1", "dpo1"}
MISSING = "RC-222222"


@pytest.fixture(autouse=True)
def _now(monkeypatch: pytest.MonkeyPatch) -> None:
    travel(monkeypatch, 30)


def travel(monkeypatch: pytest.MonkeyPatch, days: int) -> None:
    monkeypatch.setattr(clock, "now", lambda: at(days))
    monkeypatch.setattr(clock, "today", lambda: at(days).date())


@pytest.fixture
def auditor(staff: Staff) -> Client:
    return sign_in(Client(), staff, "auditor1")


def one(client: Client, case: Case) -> str:
    answer = client.get(f"/trail/{case.reference}/")
    assert answer.status_code == 200
    return page_of(answer)


def test_the_auditor_finds_the_way_there(auditor: Client, staff: Staff) -> None:
    for address in ("/", "/cases/"):
        assert 'href="/trail/"' in page_of(auditor.get(address))
    assert 'href="/trail/"' in page_of(sign_in(Client(), staff, "dpo1").get("/"))
    assert "/trail/" not in page_of(sign_in(Client(), staff, "lead1").get("/"))


def test_the_list_has_references_stages_days_and_counts_and_no_drafts(
    auditor: Client, staff: Staff
) -> None:
    case = cases.in_investigation(staff)
    draft = drafts.open_draft(staff["staff1"], staff.caller("staff1"), now=START)
    text = page_of(auditor.get("/trail/"))
    assert f'href="/trail/{case.reference}/"' in text
    assert case.state_for_staff in text
    assert f"{case.received_on:%-d %B %Y}" in text
    entries = Event.objects.filter(chain=case.reference).count()
    assert re.search(rf">{entries}</td>", text)
    assert draft.reference not in text
    assert auditor.get(f"/trail/{draft.reference}/").status_code == 404
    assert Event.objects.filter(kind="trail.listed", chain="service").count() == 1


def test_one_case_is_shown_by_steps_dates_and_roles_without_words_or_names(
    auditor: Client, staff: Staff
) -> None:
    case = cases.decided(staff, share="no")
    run_clocks(at(30))
    text = one(auditor, case)
    for role, did in (
        ("Complainant", "sent the concern"),
        ("Triage officer", "took the concern on"),
        ("Handler", "began the investigation"),
        ("Decision maker", "gave the decision"),
    ):
        assert re.search(f"{role}</td> <td[^>]*>{did}</td>", text), did
    assert "Acknowledge the concern" in text
    assert "No entry was changed, removed or put in." in text
    names = [person.name for person in staff.people.values() if person.username != "auditor1"]
    secret = (*cases.ACCOUNT.values(), "What I found out.", "Our decision and why.", *names)
    for word in (str(each) for each in secret if len(str(each)) > 4):
        assert word not in text, word
    for username in set(PEOPLE) - {"auditor1"}:
        assert username not in text, username


def test_a_date_that_was_missed_is_named_as_missed(auditor: Client, staff: Staff) -> None:
    case = cases.raised(staff)
    ack = case.deadlines.get(name="ACK")
    text = one(auditor, case)
    assert f"{ack.original_due:%-d %B %Y}" in text
    assert "Not yet. Late" in text
    cases.done(staff, case, "triage1", "acknowledge", at(29), declare=True)
    assert f"{at(29):%-d %B %Y}. Late" in one(auditor, case)


def test_the_look_itself_is_in_the_complainant_s_list_once(auditor: Client, staff: Staff) -> None:
    case = cases.raised(staff)
    for _ in range(3):
        one(auditor, case)
    rows = Event.objects.filter(chain=case.reference, kind="trail.opened")
    assert [(row.role, row.data) for row in rows] == [("auditor", {})]
    own = sign_in(Client(), staff, "complainant1")
    ledger = page_of(own.get(f"/cases/{case.reference}/ledger/"))
    assert re.search(r"Auditor</td>\s*<td[^>]*>checked the steps and dates", ledger)
    assert "checked the steps" not in page_of(own.get(f"/cases/{case.reference}/"))


def test_no_one_else_sees_either_page(staff: Staff) -> None:
    case = cases.in_investigation(staff)
    for person in set(PEOPLE) - CHECKERS:
        client = sign_in(Client(), staff, person)
        assert client.get("/trail/").status_code == 404, person
        assert client.get(f"/trail/{case.reference}/").status_code == 404, person
    assert Client().get("/trail/").status_code == 302
    assert one(sign_in(Client(), staff, "dpo1"), case)


def test_an_auditor_who_is_shut_out_sees_nothing_of_the_case(auditor: Client, staff: Staff) -> None:
    named = cases.raised(staff, exclude="auditor1")
    later = cases.raised(staff, who="complainant2")
    bar(later, staff["auditor1"].pk, Exclusions.Why.CONFLICT)
    text = page_of(auditor.get("/trail/"))
    for case in (named, later):
        assert case.reference not in text
        real, made_up = (
            look(auditor, lambda c, ref: c.get(f"/trail/{ref}/"), ref)
            for ref in (case.reference, MISSING)
        )
        assert real[0] == 404
        assert real == made_up
    assert not Event.objects.filter(kind="trail.opened").exists()


def test_an_auditor_whose_office_has_ended_sees_nothing(auditor: Client, staff: Staff) -> None:
    case = cases.raised(staff)
    staff["auditor1"].appointments.update(to_date=START.date())
    assert auditor.get("/trail/").status_code == 404
    assert auditor.get(f"/trail/{case.reference}/").status_code == 404
    assert "/trail/" not in page_of(auditor.get("/"))


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("UPDATE {e} SET role = 'lead' WHERE chain = '{c}' AND seq = 2",
         "Entry 2: The entry was changed."),
        ("DELETE FROM {e} WHERE chain = '{c}' AND seq = 1", "Entry 1: An entry is missing."),
        ("DELETE FROM {e} WHERE chain = '{c}' AND seq = {last}",
         "The end of the chain was cut off."),
        ("DELETE FROM {h} WHERE chain = '{c}'", "The chain has lost its head."),
    ],
)  # fmt: skip
def test_a_trail_that_was_tampered_with_is_named(
    auditor: Client, staff: Staff, statement: str, said: str
) -> None:
    case = cases.acknowledged(staff)
    last = Event.objects.filter(chain=case.reference).latest("seq").seq
    tamper(statement.replace("{c}", case.reference).replace("{last}", str(last)))
    text = one(auditor, case)
    assert "The list of steps is not as it was written." in text
    assert said in text
    assert "No entry was changed" not in text
    assert Event.objects.filter(kind="trail.opened").exists()
    again = one(auditor, case)
    assert "The list of steps is not as it was written." in again, "one's own look hides nothing"


def test_an_entry_added_meanwhile_is_no_fault(staff: Staff) -> None:
    case = cases.acknowledged(staff)
    first = trail_inspection.open_trail(
        staff.caller("auditor1"), case.reference, at(30).date(), at(30)
    )
    second = trail_inspection.open_trail(
        staff.caller("auditor1"), case.reference, at(30).date(), at(31)
    )
    assert first.verdict.ok
    assert second.verdict.ok
    assert second.verdict.entries == first.verdict.entries + 1
    assert ChainHead.objects.get(chain=case.reference).seq == second.verdict.entries + 1


def test_long_lists_have_pages_and_cost_no_more(
    auditor: Client,
    staff: Staff,
    monkeypatch: pytest.MonkeyPatch,
    django_assert_max_num_queries: Any,
) -> None:
    several = [cases.raised(staff, who=who) for who in ("complainant1", "complainant2", "staff1")]
    monkeypatch.setattr(page, "CASES", 2)
    monkeypatch.setattr(page, "ENTRIES", 2)
    case = several[0]
    cases.done(staff, case, "triage1", "acknowledge", START, declare=True)
    auditor.get("/trail/")
    with django_assert_max_num_queries(14):
        first = page_of(auditor.get("/trail/"))
    second = page_of(auditor.get("/trail/?page=2"))
    found = [ref for text in (first, second) for ref in re.findall(r'/trail/(RC-\w+)/"', text)]
    assert sorted(found) == sorted(each.reference for each in several)
    assert len(re.findall(r'/trail/(RC-\w+)/"', first)) == 2
    auditor.get(f"/trail/{case.reference}/")
    with django_assert_max_num_queries(22):
        begin = one(auditor, case)
    entries = Event.objects.filter(chain=case.reference).count()
    numbers = re.findall(r'<th scope="row"[^>]*>(\d+)</th>', begin)
    assert numbers == ["1", "2"]
    rest = page_of(auditor.get(f"/trail/{case.reference}/?page=2"))
    assert re.findall(r'<th scope="row"[^>]*>(\d+)</th>', rest) == ["3"]
    assert entries == 3
