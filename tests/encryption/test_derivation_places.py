"""Many sign in at once: memory holds so many derivations; the others wait or are told."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager

import pytest
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id
from django.test import Client
from pytest_django import Settings

from grievances.encryption.derivation_limit import TooBusy, _places, for_recovery, limiter
from grievances.encryption.primitives import Kdf
from tests.factories.people import PASSWORD, Staff

CHEAP = Kdf(memory_kib=64, iterations=1, lanes=1)


@pytest.fixture
def two_places(settings: Settings) -> None:
    settings.VAULT_PLACES, settings.VAULT_WAIT_SECONDS = 2, 0.05


def test_no_more_get_through_at_once_than_there_are_places(settings: Settings) -> None:
    settings.VAULT_PLACES, settings.VAULT_WAIT_SECONDS, settings.VAULT_QUEUE = 3, 5, 9
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
    settings.VAULT_PLACES, settings.VAULT_WAIT_SECONDS, settings.VAULT_QUEUE = 4, 20, 4
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


@pytest.mark.parametrize("path", ["/account/forgotten/", "/account/forgotten/without-code/"])
def test_recovery_has_places_of_its_own_and_loses_nothing_that_was_typed(
    staff: Staff, settings: Settings, path: str
) -> None:
    settings.PASSWORD_HASHERS = ["grievances.encryption.password_hasher.CountedArgon2"]
    settings.VAULT_WAIT_SECONDS = 0.05
    answers = {"username": "triage1", "code": "0000-1111"}
    answers["password1"] = answers["password2"] = "three-quiet-red-bicycles"
    with for_recovery(), limiter():
        answer = Client().post(path, answers)
        assert answer.status_code == 503
        assert answer["Retry-After"] == "30"
        assert "Nothing was tried" in answer.content.decode()
        assert 'value="triage1"' in answer.content.decode()
        with ExitStack() as signing_in:
            for _ in range(settings.VAULT_PLACES):
                signing_in.enter_context(as_sign_in())
    with ExitStack() as signing_in:
        for _ in range(settings.VAULT_PLACES):
            signing_in.enter_context(as_sign_in())
        assert Client().post(path, answers).status_code in {200, 422}


@contextmanager
def as_sign_in() -> Iterator[None]:
    """Hold one of the places of sign-in, as another thread would."""
    with ThreadPoolExecutor(1) as other:
        held = limiter()
        other.submit(held.__enter__).result()
        yield
        other.submit(held.__exit__, None, None, None).result()


def test_so_many_wait_for_a_place_and_the_next_is_told_at_once(settings: Settings) -> None:
    """Each one who waits holds a thread that could answer other people."""
    settings.VAULT_PLACES, settings.VAULT_WAIT_SECONDS, settings.VAULT_QUEUE = 1, 20, 2
    got_in = threading.Semaphore(0)

    def derive() -> None:
        with limiter():
            got_in.release()

    waiting = [threading.Thread(target=derive, daemon=True) for _ in range(2)]
    with limiter():
        for thread in waiting:
            thread.start()
        until = time.monotonic() + 5
        while time.monotonic() < until and not _is_full(settings):
            time.sleep(0.01)
        begun = time.monotonic()
        with pytest.raises(TooBusy):
            CHEAP.derive("a password", bytes(16))
        assert time.monotonic() - begun < 5
    assert got_in.acquire(timeout=5)
    assert got_in.acquire(timeout=5)


def _is_full(settings: Settings) -> bool:
    _, all_here = _places(settings.VAULT_PLACES, settings.VAULT_QUEUE, "sign-in")
    if all_here.acquire(blocking=False):
        all_here.release()
        return False
    return True
