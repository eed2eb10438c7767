"""A stranger at the pages for a lost password keeps no one out, and holds no transaction open."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from pytest_django import Settings

from grievances.accounts import passwords, recovery
from grievances.encryption import password_hasher, primitives
from grievances.encryption.derivation_limit import limiter
from grievances.encryption.key_pairs import KeyPair, make_recovery_code, unlock, unlock_by_code
from tests.factories.cases import START
from tests.factories.people import PASSWORD, Staff
from workflow.steps import Refused

pytestmark = pytest.mark.django_db

NEW = "three-quiet-red-bicycles"
STRANGER, HOME = "198.51.100.66", "192.0.2.44"
BY_CODE, BY_OFFICERS = "/account/forgotten/", "/account/forgotten/without-code/"


@pytest.fixture(autouse=True)
def _behind_a_proxy(settings: Settings) -> None:
    settings.TRUSTED_PROXIES = 1
    settings.RECOVERY_TRIES = {"address": 20, "account": 5}
    cache.clear()


@pytest.fixture
def depths(monkeypatch: pytest.MonkeyPatch, settings: Settings) -> list[int]:
    """How many transactions, one in another, were open at each turning of a password into a key."""
    settings.PASSWORD_HASHERS = ["grievances.encryption.password_hasher.CountedArgon2"]
    found: list[int] = []

    @contextmanager
    def noted() -> Iterator[None]:
        found.append(len(connection.savepoint_ids))
        with limiter():
            yield

    for module in (password_hasher, primitives):
        monkeypatch.setattr(module, "limiter", noted)
    return found


def post(path: str, name: str, address: str, code: str = "0000-0000") -> int:
    typed = {"username": name, "code": code, "password1": NEW, "password2": NEW}
    client = Client(REMOTE_ADDR="10.0.0.2", headers={"X-Forwarded-For": address})
    return client.post(path, typed).status_code


def code_of(staff: Staff, name: str) -> str:
    return passwords.make_code(staff.caller(name), now=START)


def test_wrong_codes_of_a_stranger_do_not_stop_the_right_one(staff: Staff) -> None:
    code = code_of(staff, "triage1")
    assert [post(BY_CODE, "triage1", STRANGER) for _ in range(6)] == [422] * 5 + [429]
    assert post(BY_CODE, "triage1", HOME, code) == 302


def test_requests_of_a_stranger_do_not_stop_the_persons_own(staff: Staff) -> None:
    assert [post(BY_OFFICERS, "triage1", STRANGER) for _ in range(6)] == [200] * 5 + [429]
    assert post(BY_OFFICERS, "triage1", HOME) == 200


@pytest.mark.parametrize("path", [BY_CODE, BY_OFFICERS])
def test_invented_names_from_one_address_come_to_an_end_before_any_key_is_derived(
    staff: Staff, depths: list[int], settings: Settings, path: str
) -> None:
    settings.RECOVERY_TRIES = {"address": 2, "account": 5}
    codes = [post(path, f"invented{number}", STRANGER) for number in range(4)]
    assert codes[2:] == [429, 429]
    spent = len(depths)
    assert post(path, "invented5", STRANGER) == 429
    assert len(depths) == spent
    assert post(path, "invented5", HOME) != 429


def test_no_transaction_is_open_while_a_key_is_derived(staff: Staff, depths: list[int]) -> None:
    code = code_of(staff, "triage1")
    depths.clear()
    outside = len(connection.savepoint_ids)
    passwords.recover("triage1", code, NEW, now=START)
    for name in ("triage1", "staff1", "not-there"):
        with pytest.raises(Refused):
            passwords.recover(name, "0000-0000", NEW, now=START)
    for name in ("triage1", "not-there"):
        recovery.ask_for_recovery(name, NEW, now=START)
    assert len(depths) >= 3 + 3 + 4
    assert set(depths) == {outside}
    assert unlock(staff["triage1"], NEW)


@pytest.mark.parametrize("what", ["code", "pair"])
def test_a_key_that_changed_while_ours_was_derived_is_left_alone(
    staff: Staff, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    """Another session makes a new code, or two officers a new key pair, at that very moment."""
    code = code_of(staff, "triage1")
    person, holder = staff["triage1"], staff.holders["triage1"]

    def meanwhile(*given: object) -> object:
        mine = unlock_by_code(*given)  # type: ignore[arg-type]
        if what == "code":
            make_recovery_code(person, holder)
        else:
            KeyPair.objects.filter(person=person).update(public_key=bytes(32))
        return mine

    monkeypatch.setattr(passwords, "unlock_by_code", meanwhile)
    with pytest.raises(Refused, match="CODE_WRONG"):
        passwords.recover("triage1", code, NEW, now=START)
    assert unlock(person, PASSWORD)
    person.refresh_from_db()
    assert person.check_password(PASSWORD)
