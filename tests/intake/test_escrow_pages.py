"""The pages on which a concern is kept back, by names as people type them."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from grievances.cases.models.case import Case
from grievances.intake.escrow_matching import compare_kept
from grievances.intake.escrow_models import KeptConcern
from grievances.people.models import LinkedAccounts
from grievances.vocabulary import State
from grievances.web.shared import clock
from tests.factories.cases import START, at
from tests.factories.people import Staff
from tests.intake.raising import STORY, page_of, send, written
from tests.signing_in import sign_in

pytestmark = pytest.mark.django_db


def test_by_the_pages_a_name_is_matched_by_person_and_not_by_spelling(
    staff: Staff, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clock, "now", lambda: START)
    monkeypatch.setattr(clock, "today", START.date)
    pages = {}
    for who, typed in (("complainant1", "respondent1"), ("staff1", "Respondant, 1\nstaff1")):
        client, base = written(staff, who, about={"about": typed})
        shown = page_of(client.get(f"{base}/check/"))
        assert f'href="{base}/keep-back/"' in shown
        page = client.get(f"{base}/keep-back/").content.decode()
        value = f"person-{staff['respondent1'].pk}"
        assert f'value="{value}"' in page
        assert f"person-{staff[who].pk}" not in page, "no one can name themselves"
        chosen = {"targets": [value], "threshold": "2", "months": "6", "contact": "PORTAL"}
        where = client.post(f"{base}/keep-back/", {"typed": typed, **chosen})["Location"]
        pages[who] = (client, where)
        assert client.get(f"{base}/check/").status_code == 404, "the draft has gone"
    before = {who: body(client.get(where)) for who, (client, where) in pages.items()}
    assert before["complainant1"] == before["staff1"]
    assert "There is another" not in before["staff1"]
    compare_kept(at(1))
    for client, where in pages.values():
        assert "There is another" in body(client.get(where))
        assert "There is another" in page_of(client.get("/raise/kept/"))
    client, where = pages["staff1"]
    assert client.post(where, {"months": "12"})["Location"] == "/raise/kept/"
    assert "Waiting" in page_of(client.get("/raise/kept/"))
    assert client.post(f"{where}take-back/")["Location"] == "/raise/kept/"
    assert client.get(where).status_code == 404
    client, where = pages["complainant1"]
    check = client.post(where, {"send": "yes"})["Location"]
    assert STORY in page_of(client.get(check))
    assert send(client, check.removesuffix("/check/")).status_code == 302
    assert Case.unguarded.get().state == State.SUBMITTED


def body(answer: object) -> str:
    """The page without what differs for each form and each person."""
    return re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", page_of(answer).split("<main")[1])


def test_bad_answers_lose_nothing_and_say_what_to_do(staff: Staff) -> None:
    client, base = written(staff)
    good = {"typed": "respondent1", "threshold": "2", "months": "6", "contact": "PORTAL"}
    value = f"person-{staff['respondent1'].pk}"
    for bad, sentence in (
        ({}, "Choose at least one person or team."),
        ({"targets": ["person-999999"]}, "This answer cannot be chosen"),
        ({"targets": [value], "threshold": "9"}, "This answer cannot be chosen"),
        ({"targets": [value], "months": "48"}, "This answer cannot be chosen"),
        ({"targets": [value], "contact": "PERSONAL_EMAIL", "address": "no"}, "Enter an email"),
        ({"typed": "Zzyzx Qqrst"}, "Choose at least one person or team."),
    ):
        answer = client.post(f"{base}/keep-back/", {**good, **bad})
        assert answer.status_code == 422, bad
        assert sentence in page_of(answer), bad
    found = page_of(client.post(f"{base}/keep-back/", {**good, "typed": "Hull", "find": "yes"}))
    assert "Everyone in Hull" in found
    chosen = {"threshold": "3", "contact": "PERSONAL_EMAIL", "address": "me at home"}
    found = page_of(client.post(f"{base}/keep-back/", {**good, **chosen, "find": "yes"}))
    assert 'value="me at home"' in found, "to look names up loses no other answer"
    assert re.search(r'value="3"[^>]*checked', found)
    assert re.search(r'value="PERSONAL_EMAIL"[^>]*checked', found)
    assert not KeptConcern.objects.exists()
    assert Case.unguarded.count() == 1


@pytest.mark.parametrize(
    ("typed", "is_told"),
    [
        ("staff1", True),
        ("STAFF1\nrespondent1", True),
        ("Staff 1", True),
        ("1, Staff", True),
        ("staff2", True),
        ("respondent1", False),
        ("Zzyzx Qqrst", False),
        ("", False),
    ],
)
def test_a_name_of_ones_own_gets_a_sentence_and_cannot_be_chosen(
    staff: Staff, typed: str, is_told: bool
) -> None:
    first, second = sorted([staff["staff1"], staff["staff2"]], key=lambda each: each.pk)
    LinkedAccounts.objects.create(first=first, second=second)
    client, base = written(staff, "staff1")
    page = page_of(client.post(f"{base}/keep-back/", {"typed": typed, "find": "yes"}))
    assert ("That name is yours." in page) is is_told
    for own in (first, second):
        assert f"person-{own.pk}" not in page


def test_it_is_for_drafts_of_ones_own_with_an_account(staff: Staff) -> None:
    _, base = written(staff)
    for who in ("lead1", "respondent1", "admin1"):
        assert sign_in(Client(), staff, who).get(f"{base}/keep-back/").status_code == 404
    assert Client().get(f"{base}/keep-back/")["Location"].startswith("/accounts/login/")
    client, base = written(staff, "complainant2")
    send(client, base)
    case = Case.unguarded.get(state=State.SUBMITTED)
    assert client.get(f"/raise/{case.reference}/keep-back/").status_code == 404
    assert client.get("/raise/kept/0/").status_code == 404
