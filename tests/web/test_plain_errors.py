"""The pages for trouble ask nothing of the database, which may be the trouble.

No test here may use the database: whatever asks it anyway raises, as it does when it is away.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest
from allauth.core.ratelimit import respond_429
from django.contrib.auth.middleware import AuthenticationMiddleware
from django.contrib.sessions.middleware import SessionMiddleware
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from pytest_django import Settings

from grievances.encryption.derivation_limit import TooBusy
from grievances.web.shared.session_views import PrivateMiddleware

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
