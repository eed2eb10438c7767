"""One origin at full speed is refused at once, and every other one is answered."""

from __future__ import annotations

import pytest
from django.test import Client
from pytest_django import Settings

from grievances.web.shared.middleware import request_rate
from grievances.web.shared.middleware.request_rate import Origins
from tests.factories.people import PASSWORD, Staff
from tests.signing_in import sign_in

pytestmark = pytest.mark.django_db

STRANGER, OFFICE = "198.51.100.66", "203.0.113.7"


@pytest.fixture(autouse=True)
def _few_tokens(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.TRUSTED_PROXIES = 1
    settings.REQUEST_RATE = {"known": (0.001, 8), "stranger": (0.001, 4)}
    monkeypatch.setattr(request_rate, "ORIGINS", Origins())


def browser(address: str) -> Client:
    return Client(REMOTE_ADDR="10.0.0.2", headers={"X-Forwarded-For": address})


def codes(client: Client, path: str, times: int) -> list[int]:
    return [client.get(path).status_code for _ in range(times)]


@pytest.mark.parametrize(
    "path", ["/support/", "/return/", "/consent/x/", "/nowhere/", "/api/v1/cases/"]
)
def test_a_stranger_at_full_speed_is_refused_and_no_one_else_is(staff: Staff, path: str) -> None:
    assert set(codes(browser(STRANGER), path, 4)) & {429} == set()
    assert codes(browser(STRANGER), path, 3) == [429] * 3
    assert browser(OFFICE).get("/support/").status_code == 200


def test_the_refusal_is_a_page_of_ours_that_says_when_to_come_again(staff: Staff) -> None:
    codes(browser(STRANGER), "/support/", 4)
    answer = browser(STRANGER).get("/support/")
    assert answer.status_code == 429
    assert int(answer["Retry-After"]) > 0
    assert "govuk-heading" in answer.content.decode()


def test_who_is_signed_in_is_answered_at_the_address_of_the_stranger(staff: Staff) -> None:
    client = sign_in(browser(STRANGER), staff, "staff1")
    codes(browser(STRANGER), "/support/", 6)
    assert client.get("/account/").status_code == 200


def test_a_known_browser_signs_in_from_the_address_of_the_stranger(staff: Staff) -> None:
    client = browser(STRANGER)
    client.post("/accounts/login/", {"login": "staff1", "password": PASSWORD})
    client.post("/accounts/logout/")
    codes(browser(STRANGER), "/support/", 6)
    typed = {"login": "staff1", "password": PASSWORD}
    assert client.post("/accounts/login/", typed).status_code == 302


@pytest.mark.parametrize("cookie", ["fh_session", "fh_browser"])
def test_a_made_up_cookie_gives_no_tokens(staff: Staff, cookie: str) -> None:
    client = browser(STRANGER)
    found = []
    for number in range(6):
        client.cookies[cookie] = f"made-up-{number}"
        found.append(client.get("/accounts/login/").status_code)
    assert found[4:] == [429, 429]


def test_a_monitor_and_who_must_leave_are_always_answered(staff: Staff) -> None:
    codes(browser(STRANGER), "/support/", 6)
    assert set(codes(browser(STRANGER), "/health/live", 6)) == {200}
    assert set(codes(browser(STRANGER), "/exit/", 6)) == {302}


def test_tokens_come_back_and_origins_are_forgotten() -> None:
    origins = Origins()
    assert [origins.take("a", 2, 3, 0.0) for _ in range(4)] == [0, 0, 0, 1]
    assert [origins.take("a", 2, 3, 1.0) for _ in range(3)] == [0, 0, 1]
    origins.take("b", 2, 3, 60.0)
    assert list(origins.rows) == ["b"]


def test_a_flood_from_many_origins_does_not_fill_the_memory(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(request_rate, "MOST_ORIGINS", 50)
    origins = Origins()
    for number in range(200):
        origins.take(str(number), 1, 10, number / 1000)
    assert len(origins.rows) == 50
