"""Who signs in while every place is taken is told when their turn is, and holds no thread."""

from __future__ import annotations

import pytest
from django.core.cache import cache
from django.test import Client
from pytest_django import DjangoAssertNumQueries, Settings

from grievances.encryption.derivation_limit import (
    LONGEST_TURN,
    TURNS,
    TooBusy,
    Turns,
    at_once,
    limiter,
    seconds_until_turn,
)
from tests.factories.people import PASSWORD, Staff

RIGHT = {"login": "triage1", "password": PASSWORD}
PAGE = "/accounts/login/"


@pytest.fixture(autouse=True)
def _one_place(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.VAULT_PLACES, settings.VAULT_WAIT_SECONDS = 1, 0.05
    # What other tests of this process derived is quicker than any turn that can be told.
    monkeypatch.setattr(TURNS, "seconds", 0.5)
    cache.clear()


@pytest.mark.parametrize("page", [PAGE, "/account/passphrase/"])
def test_a_full_service_says_when_the_turn_is_and_asks_no_database(
    db: None, django_assert_num_queries: DjangoAssertNumQueries, page: str
) -> None:
    with limiter(), django_assert_num_queries(0):
        answer = Client().post(page, RIGHT, headers={"X-Waited": "0"})
    assert (answer.status_code, answer.content, answer["Cache-Control"]) == (202, b"", "no-store")
    assert 0 < float(answer["X-Turn-In"]) <= LONGEST_TURN
    assert not answer.cookies


def test_at_their_turn_a_person_is_led_on_and_signed_in(staff: Staff) -> None:
    client = Client()
    with limiter():
        client.post(PAGE, RIGHT, headers={"X-Waited": "0"})
    answer = client.post(f"{PAGE}?next=/account/", RIGHT, headers={"X-Waited": "1"})
    assert (answer.status_code, answer["X-Leads-To"]) == (204, "/account/")
    assert "Location" not in answer
    assert client.get("/account/").status_code == 200


@pytest.mark.parametrize("waited", ["", "-1", "99999", "now"])
def test_a_form_of_a_browser_without_script_is_answered_as_before(
    staff: Staff, waited: str
) -> None:
    headers = {"X-Waited": waited} if waited else {}
    assert Client().post(PAGE, RIGHT, headers=headers).status_code == 302
    with limiter():
        answer = Client().post(PAGE, RIGHT, headers=headers)
    assert "Many people are signing in at this moment" in answer.content.decode()


def test_other_pages_take_no_turns(db: None) -> None:
    before = TURNS.taken_until
    with limiter():
        assert Client().post("/exit/", headers={"X-Waited": "0"}).status_code == 302
    assert TURNS.taken_until == before


def test_a_wrong_password_is_told_on_the_page(staff: Staff) -> None:
    answer = Client().post(PAGE, {**RIGHT, "password": "wrong"}, headers={"X-Waited": "3"})
    assert answer.status_code == 200
    assert "not right" in answer.content.decode()


def test_who_finds_the_last_place_taken_meanwhile_is_told_at_once(settings: Settings) -> None:
    settings.VAULT_WAIT_SECONDS = 60
    with limiter(), at_once() as attempt, pytest.raises(TooBusy), limiter():
        pass
    assert attempt.was_full
    assert seconds_until_turn(0) is None


def test_turns_follow_each_other_and_a_late_one_goes_first() -> None:
    turns = Turns(seconds=0.5)
    given = [turns.next(0, now=100.0) for _ in range(20)]
    assert given == sorted(given)
    assert given[-1] == pytest.approx(20 * 0.45)
    assert turns.next(1, now=100.0) < given[-1]
    assert Turns(seconds=9000).next(0, now=100.0) == LONGEST_TURN
    for _ in range(20_000):
        turns.next(0, now=100.0)
    assert turns.next(0, now=100.0 + LONGEST_TURN) < 1, "who floods it keeps no one away for longer"
    turns.learn(8.5)
    assert turns.seconds == pytest.approx(1.5)
