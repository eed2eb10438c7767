"""The pages for trouble ask nothing of the database, which may be the trouble.

Most tests here may not use the database: whatever asks it anyway raises, as when it is away.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import NoReturn

import pytest
from allauth.core.ratelimit import respond_429
from django.contrib.auth.middleware import AuthenticationMiddleware
from django.contrib.sessions.middleware import SessionMiddleware
from django.db import OperationalError, connection
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from pytest_django import Settings

from grievances.encryption.derivation_limit import TooBusy
from grievances.operations.database_sessions import takes_no_changes
from grievances.web.shared import context_processors
from grievances.web.shared.session_views import PrivateMiddleware
from tests.factories import cases
from tests.factories.people import Staff
from tests.signing_in import sign_in

SESSION = "x" * 32


def visit(path: str) -> HttpRequest:
    """A request of someone whose session would have to be looked up."""
    request = RequestFactory().get(path)
    request.COOKIES["fh_session"] = SESSION
    SessionMiddleware(HttpResponse).process_request(request)
    AuthenticationMiddleware(HttpResponse).process_request(request)
    return request


@pytest.mark.parametrize("path", ["/", "/accounts/login/", "/cases/"])
def test_with_the_database_away_the_page_is_ours(path: str) -> None:
    client = Client(raise_request_exception=False)
    client.cookies["fh_session"] = SESSION
    answer = client.get(path)
    assert answer.status_code == 500
    page = answer.content.decode()
    assert "Something went wrong on our side" in page
    assert "116 123" in page
    assert "Exit this page" in page
    assert answer["Cache-Control"] == "no-store"


WORDS = "He said it again on Monday, in front of all of us. <b>I left the room.</b>\nThen I wrote."


@pytest.mark.parametrize(
    ("fields", "kept"),
    [
        ({"account": WORDS, "once": "7", "choice": ["a", "b"]}, True),
        ({"account": WORDS, "password": "secret words"}, False),
    ],
)
def test_with_the_database_away_a_form_comes_back_with_what_was_typed(
    db: None, fields: dict[str, object], kept: bool
) -> None:
    """The page sends the same fields to the same address; a password it never shows."""
    client = Client(raise_request_exception=False)
    client.cookies["fh_session"] = SESSION
    with connection.execute_wrapper(away):
        answer = client.post("/raise/anonymous/what-happened/?a=1", fields)
    page = answer.content.decode()
    assert (answer.status_code, answer["Cache-Control"]) == (503, "no-store")
    assert "We could not save this" in page
    assert ("Try again</button>" in page) is kept
    assert "secret words" not in page
    if kept:
        assert 'action="/raise/anonymous/what-happened/?a=1"' in page
        # A browser takes the first line break of a text area away.
        found = re.findall(r'<textarea[^>]* name="(\w+)"[^>]*>\n(.*?)</textarea>', page, re.DOTALL)
        found += re.findall(r'<input type="hidden" name="(\w+)" value="(.*?)">', page)
        sent = sorted((name, html.unescape(value)) for name, value in found)
        assert sent == [("account", WORDS), ("choice", "a"), ("choice", "b"), ("once", "7")]


def away(*_: object) -> NoReturn:
    """Stand in for a database that does not answer."""
    raise OperationalError


def test_a_database_that_takes_no_changes_loses_no_words(staff: Staff) -> None:
    """Signed in, on a database that can be read: the page that keeps the words is no other."""
    case = cases.acknowledged(staff)
    client = sign_in(Client(raise_request_exception=False), staff, "complainant1")
    page = f"/cases/{case.reference}/message/"
    with read_only():
        answer = client.post(page, {"text": WORDS, "once": "1"})
    assert answer.status_code == 503
    assert "I left the room." in answer.content.decode()


def test_a_page_whose_opening_cannot_be_recorded_says_so(staff: Staff) -> None:
    """A case page is opened with an entry of the trail or not at all."""
    case = cases.acknowledged(staff)
    client = sign_in(Client(raise_request_exception=False), staff, "complainant1")
    with read_only():
        answer = client.get(f"/cases/{case.reference}/")
    assert answer.status_code == 503
    assert "We could not save this" in answer.content.decode()


def test_a_database_that_takes_no_changes_is_told_before_anyone_types(
    staff: Staff, monkeypatch: pytest.MonkeyPatch
) -> None:
    client, note = sign_in(Client(), staff, "complainant1"), "do not write anything yet"
    assert note not in client.get("/raise/").content.decode()
    monkeypatch.setattr(context_processors, "takes_no_changes", lambda: True)
    assert note in client.get("/raise/").content.decode()


@pytest.mark.postgres
def test_postgresql_says_by_itself_that_it_takes_no_changes(policies: None) -> None:
    assert not takes_no_changes()
    with connection.cursor() as cursor:
        cursor.execute("SET default_transaction_read_only = on")
        try:
            assert takes_no_changes()
        finally:
            cursor.execute("SET default_transaction_read_only = off")


@contextmanager
def read_only() -> Iterator[None]:
    """The database takes no changes, as a replica or a server with a full disk does."""
    postgres = connection.vendor == "postgresql"
    on, off = ("on", "off") if postgres else ("ON", "OFF")
    statement = "SET transaction_read_only =" if postgres else "PRAGMA query_only ="
    with connection.cursor() as cursor:
        cursor.execute(f"{statement} {on}")
    yield
    with connection.cursor() as cursor:
        cursor.execute(f"{statement} {off}")


def no_place(request: HttpRequest) -> HttpResponse:
    answer = PrivateMiddleware(lambda _: HttpResponse()).process_exception(request, TooBusy())
    assert isinstance(answer, HttpResponse)
    return answer


@pytest.mark.parametrize(
    ("answer_of", "status", "words"),
    [
        (respond_429, 429, "Wait a minute, then try again."),
        (no_place, 503, "Many people are signing in at this moment"),
    ],
)
def test_a_refusal_at_a_busy_moment_is_a_page_of_ours(
    answer_of: Callable[[HttpRequest], HttpResponse], status: int, words: str
) -> None:
    answer = answer_of(visit("/accounts/login/"))
    page = answer.content.decode()
    assert answer.status_code == status
    assert words in page
    assert "<title>Fair Hearing</title>" in page
    assert "Exit this page" in page
    assert int(answer["Retry-After"]) >= 60


def test_the_demonstration_says_so_on_these_pages_too(settings: Settings) -> None:
    settings.DEMONSTRATION = True
    assert "Every person and case here is made up" in respond_429(visit("/")).content.decode()
