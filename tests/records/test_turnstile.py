"""A crowd at the door: as many passwords at once as memory holds; the others wait or are told."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.test import Client
from pytest_django import Settings

from grievances.turnstile import TooBusy, turnstile
from grievances.vault import Kdf
from tests.cast import PASSWORD, Cast

CHEAP = Kdf(memory_kib=64, iterations=1, lanes=1)


@pytest.fixture
def two_places(settings: Settings) -> None:
    settings.VAULT_PLACES, settings.VAULT_WAIT_SECONDS = 2, 0.05


def test_no_more_get_through_at_once_than_there_are_places(settings: Settings) -> None:
    settings.VAULT_PLACES, settings.VAULT_WAIT_SECONDS = 3, 5
    inside, most, guard = 0, 0, threading.Lock()
    full = threading.Event()

    def pass_through(_: int) -> None:
        nonlocal inside, most
        with turnstile():
            with guard:
                inside += 1
                most = max(most, inside)
                if inside == 3:
                    full.set()
            full.wait(2)
            with guard:
                inside -= 1

    with ThreadPoolExecutor(12) as crowd:
        list(crowd.map(pass_through, range(12)))
    assert most == 3


@pytest.mark.usefixtures("two_places")
def test_who_has_waited_too_long_is_refused_and_a_free_place_is_given_again() -> None:
    with turnstile(), turnstile(), pytest.raises(TooBusy):
        CHEAP.derive("a password", bytes(16))
    assert len(CHEAP.derive("a password", bytes(16))) == 32
    with pytest.raises(RuntimeError), turnstile():
        raise RuntimeError
    with turnstile(), turnstile():
        pass


@pytest.mark.usefixtures("two_places")
def test_signing_in_when_every_place_is_taken_says_so(cast: Cast) -> None:
    typed = {"login": "triage1", "password": PASSWORD}
    with turnstile(), turnstile():
        page = Client().post("/accounts/login/", typed)
    assert "Many people are signing in at this moment" in page.content.decode()
    client = Client()
    assert client.post("/accounts/login/", typed).status_code == 302
    assert client.get("/account/").status_code == 200


@pytest.mark.usefixtures("two_places")
def test_any_other_page_that_needs_a_password_answers_503(cast: Cast) -> None:
    answers = {"username": "triage1", "code": "0000"}
    answers["password1"] = answers["password2"] = "three-quiet-red-bicycles"
    with turnstile(), turnstile():
        answer = Client().post("/account/forgotten/", answers)
    assert answer.status_code == 503
    assert answer["Retry-After"] == "60"
    assert "try again" in answer.content.decode()
