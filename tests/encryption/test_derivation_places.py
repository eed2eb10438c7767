"""A crowd at the door: as many passwords at once as memory holds; the others wait or are told."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id
from django.test import Client
from pytest_django import Settings

from grievances.encryption.derivation_limit import TooBusy, limiter
from grievances.encryption.primitives import Kdf
from tests.factories.people import PASSWORD, Staff

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
        with limiter():
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


def test_two_who_unlock_at_the_same_moment_both_get_in(settings: Settings) -> None:
    settings.VAULT_PLACES, settings.VAULT_WAIT_SECONDS = 4, 20
    kdf = Kdf(memory_kib=8192, iterations=3, lanes=4)
    found: list[bytes] = []

    def unlock() -> None:
        found.append(kdf.derive("a password", bytes(16)))

    # Daemons: threads that hang in foreign code would keep the whole run from ending.
    crowd = [threading.Thread(target=unlock, daemon=True) for _ in range(8)]
    for thread in crowd:
        thread.start()
    for thread in crowd:
        thread.join(20)
    assert len(found) == 8, "somebody never came back"
    assert set(found) == {openssl(kdf)}, "keys made by OpenSSL before still open"


def openssl(kdf: Kdf) -> bytes:
    """The same by another library, one at a time."""
    other = Argon2id(
        salt=bytes(16),
        length=32,
        iterations=kdf.iterations,
        lanes=kdf.lanes,
        memory_cost=kdf.memory_kib,
    )
    return other.derive(b"a password")


@pytest.mark.usefixtures("two_places")
def test_who_has_waited_too_long_is_refused_and_a_free_place_is_given_again() -> None:
    with limiter(), limiter(), pytest.raises(TooBusy):
        CHEAP.derive("a password", bytes(16))
    assert len(CHEAP.derive("a password", bytes(16))) == 32
    with pytest.raises(RuntimeError), limiter():
        raise RuntimeError
    with limiter(), limiter():
        pass


@pytest.mark.usefixtures("two_places")
def test_signing_in_when_every_place_is_taken_says_so(staff: Staff) -> None:
    typed = {"login": "triage1", "password": PASSWORD}
    with limiter(), limiter():
        page = Client().post("/accounts/login/", typed)
    assert "Many people are signing in at this moment" in page.content.decode()
    client = Client()
    assert client.post("/accounts/login/", typed).status_code == 302
    assert client.get("/account/").status_code == 200


@pytest.mark.usefixtures("two_places")
def test_any_other_page_that_needs_a_password_answers_503(staff: Staff) -> None:
    answers = {"username": "triage1", "code": "0000"}
    answers["password1"] = answers["password2"] = "three-quiet-red-bicycles"
    with limiter(), limiter():
        answer = Client().post("/account/forgotten/", answers)
    assert answer.status_code == 503
    assert answer["Retry-After"] == "60"
    assert "try again" in answer.content.decode()
