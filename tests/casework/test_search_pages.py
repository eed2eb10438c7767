"""The pages of a search: what they show, and to people without an account."""

from __future__ import annotations

import logging

import pytest
from django.core.cache import caches
from django.test import Client

from grievances.cases.models.parties import Party
from grievances.cases.models.records import Kind
from grievances.casework.search import search
from grievances.intake import submission
from tests.attacks.leak_scan import Loot
from tests.attacks.stolen_copy import rows
from tests.factories import cases, edge_cases
from tests.factories.cases import START, at, done
from tests.factories.people import Staff
from tests.page_time import pages_at
from tests.signing_in import come_back, sign_in, text_of

PAGE = "/cases/search/"
_page_time = pages_at(START)


def test_the_page_shows_where_and_no_word_is_kept(
    staff: Staff, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    case = cases.acknowledged(staff)
    text = "The PLANTEDWORD stood on the wall."
    done(staff, case, "triage1", "message", START, (Kind.MESSAGE, text), text=text)
    client = sign_in(Client(), staff, "triage1")
    assert PAGE in client.get("/cases/").content.decode()
    answer = client.post(PAGE, {"words": "plantedword wall"})
    page = text_of(answer)
    assert (answer.status_code, answer["Cache-Control"]) == (200, "no-store")
    assert f"/cases/{case.reference}/" in page
    assert "Message" in page
    assert "stood on" not in page
    assert "We looked into 1 case" in page
    nothing = text_of(client.post(PAGE, {"words": "plantedword ceiling"}))
    assert "Nothing found" in nothing
    assert Client().post(PAGE, {"words": "plantedword"}).status_code == 302
    assert client.post(PAGE, {"words": " ab"}).status_code == 422
    assert client.post(PAGE, {"words": "abc", "after": "x' OR 1"}).status_code == 422
    assert client.get(PAGE, {"words": "plantedword"}).content.decode().count("plantedword") == 0
    loot = Loot([*rows(), ("logs", caplog.text.encode())])
    assert loot.holds("plantedword") == []
    assert not caches["default"].get("plantedword")


def test_someone_signed_out_leaves_no_word_in_a_session(staff: Staff) -> None:
    browser = Client()
    assert browser.post(PAGE, {"words": "plantedword"}).status_code == 302
    assert "typing" not in browser.session


def test_an_anonymous_complainant_searches_their_own_case(staff: Staff) -> None:
    case, caller = edge_cases.anonymous(staff)
    assert [hit.case for hit in search(caller, "accent", now=at(0)).hits] == [case]
    cases.acknowledged(staff)
    assert len(search(caller, "accent", now=at(0)).hits) == 1
    assert Party.objects.count() >= 2


def test_the_page_of_someone_with_a_case_key(staff: Staff) -> None:
    answers = {**cases.ACCOUNT, "region": "NORTH"}
    readers = submission.preview_anonymous(answers, now=START)
    sent = submission.submit_anonymous(
        answers, expected=[person.pk for person in readers], now=START
    )
    client = come_back(Client(), sent.case_key)
    assert client.get(PAGE).status_code == 200
    assert sent.case.reference in text_of(client.post(PAGE, {"words": "accent"}))
