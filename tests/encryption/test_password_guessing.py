"""A thief of the database guesses passwords, and a sign-in costs one derivation."""

from __future__ import annotations

import io
from importlib import import_module
from typing import Any

import pytest
from argon2 import low_level
from django.apps import apps
from django.contrib.auth.hashers import make_password
from django.core.management import call_command
from django.test import Client
from pytest_django import Settings

from grievances.accounts import passwords, recovery
from grievances.accounts.recovery_models import AccountRecovery
from grievances.encryption import primitives
from grievances.encryption.key_pairs import (
    KeyPair,
    make_key_pair,
    make_recovery_code,
    unlock,
    unlock_by_code,
)
from grievances.encryption.password_hasher import CountedArgon2, sealed_parts
from grievances.encryption.primitives import DecryptionFailed, Kdf
from grievances.people.models import User
from tests.factories.cases import START
from tests.factories.people import PASSWORD, Staff

WRONG = "not-the-password-at-all"
MINE = "a-password-of-the-attacker"
A, B = "ab" * 32, "cd" * 32
upgrade = import_module("grievances.migrations.0024_nothing_to_guess_against")


@pytest.fixture(autouse=True)
def hashers(settings: Settings) -> None:
    """The hashers of production, at the cost of the tests."""
    settings.PASSWORD_HASHERS = [
        f"grievances.encryption.password_hasher.{name}"
        for name in ("OneDerivation", "SealedArgon2", "CountedArgon2")
    ]


@pytest.fixture
def person(staff: Staff) -> User:
    """An account of today, with a recovery code."""
    person = User.objects.get(pk=staff["triage1"].pk)
    person.set_password(PASSWORD)
    KeyPair.objects.filter(person=person).delete()
    person.save()
    make_recovery_code(person, make_key_pair(person, PASSWORD))
    return User.objects.get(pk=person.pk)


@pytest.fixture
def older(staff: Staff) -> User:
    """An account as an earlier version left it: nothing is sealed for the server."""
    person = User.objects.get(pk=staff["triage2"].pk)
    person.password = CountedArgon2().encode(PASSWORD, "saltsaltsaltsaltsalt")
    person.save()
    pair, holder = person.key_pair, staff.holders["triage2"]
    for column, by, secret in (
        ("sealed_by_password", "password", PASSWORD),
        ("sealed_by_code", "recovery code", primitives.normal_code("0123-4567")),
    ):
        key = Kdf(**pair.kdf).derive(secret, bytes(pair.salt))
        place = f"private key|account {person.pk}|{by}"
        setattr(pair, column, primitives.seal(key, holder.private, place))
    pair.code_salt, pair.code_kdf = pair.salt, pair.kdf
    pair.save()
    return User.objects.get(pk=person.pk)


@pytest.fixture
def runs(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """One entry for each run of Argon2."""
    found: list[int] = []
    real = low_level.hash_secret_raw

    def counted(*args: Any, **options: Any) -> bytes:
        found.append(1)
        return real(*args, **options)

    monkeypatch.setattr(primitives, "hash_secret_raw", counted)
    return found


def posted(name: str, password: str) -> int:
    answers = {"login": name, "password": password}
    return Client().post("/accounts/login/", answers).status_code


def told_by_a_copy(person: User, guess: str) -> list[str]:
    """What a copy of the database without the server key says of a guess."""
    said = [str(person.check_password(guess))]
    pair = KeyPair.objects.get(person=person)
    for opened, secret in ((unlock, guess), (unlock_by_code, guess)):
        try:
            said.append(opened(person, secret).name)
        except DecryptionFailed:
            said.append("does not open")
    blobs = [bytes(pair.sealed_by_password), bytes(pair.sealed_by_code or b"")]
    parts = sealed_parts(person.password)
    assert parts is not None
    for salt in (bytes(pair.salt), bytes(pair.code_salt or b""), bytes.fromhex(parts.salt)):
        root = Kdf(**pair.kdf).derive(guess, salt)
        said.append(str(root in b"".join([*blobs, parts.blob])))
        for blob in blobs:
            for cut in range(len(blob)):
                for by in ("password", "recovery code"):
                    place = f"private key|account {person.pk}|{by}"
                    try:
                        primitives.open_sealed(root, blob[cut:], place)
                        said.append("opens")
                    except DecryptionFailed:
                        continue
    return said


@pytest.mark.parametrize("which", ["person", "older"])
def test_a_copy_of_the_database_does_not_tell_right_from_wrong(
    which: str, settings: Settings, request: pytest.FixtureRequest
) -> None:
    person: User = request.getfixturevalue(which)
    upgrade.seal_all(apps, None)
    person = User.objects.get(pk=person.pk)
    assert "True" in told_by_a_copy(person, PASSWORD), "with the server key it is told"
    settings.SERVER_KEYS = f"1:{B}"
    right, wrong = told_by_a_copy(person, PASSWORD), told_by_a_copy(person, WRONG)
    assert right == wrong
    assert "opens" not in right


def test_before_the_upgrade_a_copy_does_tell(older: User, settings: Settings) -> None:
    """The test above can fail: an account of an earlier version is told by the hash alone."""
    settings.SERVER_KEYS = f"1:{B}"
    assert older.check_password(PASSWORD)
    assert not older.check_password(WRONG)


@pytest.mark.parametrize(
    ("name", "password"), [("triage1", PASSWORD), ("triage1", WRONG), ("x", WRONG)]
)
def test_a_sign_in_takes_one_run_of_argon2(
    person: User, runs: list[int], name: str, password: str
) -> None:
    right = password == PASSWORD
    assert posted(name, password) == (302 if right else 200)
    assert len(runs) == 1


def test_the_first_sign_in_takes_one_run_as_well(person: User, runs: list[int]) -> None:
    User.objects.create(username="new", password=person.password)
    assert posted("new", PASSWORD) == 302
    assert len(runs) == 1


def test_an_account_whose_key_was_removed_is_not_given_another(person: User) -> None:
    """Otherwise who writes to the database makes it their own, with a password hash of theirs."""
    User.objects.filter(pk=person.pk).update(password=make_password(MINE))
    KeyPair.objects.filter(person=person).delete()
    assert posted("triage1", MINE) == 200
    assert not KeyPair.objects.filter(person=person).exists()


@pytest.mark.parametrize("is_upgraded", [True, False])
def test_an_older_account_opens_and_is_renewed_at_its_next_sign_in(
    older: User, runs: list[int], is_upgraded: bool
) -> None:
    if is_upgraded:
        upgrade.seal_all(apps, None)
        assert unlock_by_code(older, "0123-4567").public == bytes(older.key_pair.public_key)
    assert posted("triage2", WRONG) == 200
    assert posted("triage2", PASSWORD) == 302
    fresh = User.objects.get(pk=older.pk)
    assert fresh.password.startswith("argon2id_for_server$")
    assert bytes(fresh.key_pair.public_key) == bytes(older.key_pair.public_key)
    runs.clear()
    assert posted("triage2", PASSWORD) == 302
    assert len(runs) == 1


def test_the_upgrade_can_be_taken_back(older: User) -> None:
    before = (older.password, bytes(older.key_pair.sealed_by_password))
    upgrade.seal_all(apps, None)
    assert User.objects.get(pk=older.pk).password != before[0]
    upgrade.open_all(apps, None)
    fresh = User.objects.get(pk=older.pk)
    assert (fresh.password, bytes(fresh.key_pair.sealed_by_password)) == before


def test_a_rotation_needs_no_password_and_leaves_nothing_under_the_old_key(
    person: User, older: User, settings: Settings
) -> None:
    number = recovery.ask_for_recovery("triage1", WRONG, now=START)
    upgrade.seal_all(apps, None)
    settings.SERVER_KEYS = f"2:{B},1:{A}"
    out = io.StringIO()
    call_command("rotate_keys", stdout=out)
    assert "Everything opens under version 2 alone" in out.getvalue()
    settings.SERVER_KEYS = f"2:{B},0:{A}"
    for each in (person, older):
        fresh = User.objects.get(pk=each.pk)
        assert fresh.check_password(PASSWORD)
        assert unlock(fresh, PASSWORD)
    assert number
    assert AccountRecovery.objects.get().genuine_key


def test_a_changed_password_opens_the_same_private_key(person: User) -> None:
    client = Client()
    assert client.post("/accounts/login/", {"login": "triage1", "password": PASSWORD}).status_code
    said = {"oldpassword": PASSWORD, "password1": MINE, "password2": MINE}
    assert client.post("/accounts/password/change/", said).status_code == 302
    fresh = User.objects.get(pk=person.pk)
    assert unlock(fresh, MINE).public == bytes(person.key_pair.public_key)
    assert posted("triage1", MINE) == 302


def test_a_recovery_code_and_two_officers_still_work(staff: Staff, person: User) -> None:
    code = make_recovery_code(person, unlock(person, PASSWORD))
    passwords.recover("triage1", code, MINE, now=START)
    assert posted("triage1", MINE) == 302
    number = recovery.ask_for_recovery("triage1", WRONG, now=START)
    recovery.confirm(staff.caller("lead1"), "triage1", number, now=START)
    recovery.confirm(staff.caller("dpo1"), "triage1", number, now=START)
    assert posted("triage1", WRONG) == 302


def columns(pair: KeyPair | AccountRecovery, *names: str) -> dict[str, Any]:
    return {name: getattr(pair, name) for name in names}


ALL = ("public_key", "tag", "salt", "kdf", "sealed_by_password")


def test_a_hash_copied_from_another_account_opens_nothing(person: User) -> None:
    stranger = User.objects.create(username="stranger", password=make_password(MINE))
    make_key_pair(stranger, MINE)
    User.objects.filter(pk=person.pk).update(password=stranger.password)
    assert posted("triage1", MINE) == 200
    KeyPair.objects.filter(person=person).update(**columns(stranger.key_pair, *ALL))
    assert posted("triage1", MINE) == 200


def test_a_key_that_waits_for_two_officers_is_not_taken_by_writing_it(person: User) -> None:
    recovery.ask_for_recovery("triage1", MINE, now=START)
    row = AccountRecovery.objects.get()
    User.objects.filter(pk=person.pk).update(password=row.password)
    KeyPair.objects.filter(person=person).update(**columns(row, *ALL))
    assert posted("triage1", MINE) == 200
    assert KeyPair.objects.get(person=person).genuine_key == b""


def test_a_private_key_in_the_old_form_is_not_taken_from_a_stranger(person: User) -> None:
    private, public = primitives.new_key_pair()
    salt, kdf = b"s" * 16, person.key_pair.kdf
    place = f"private key|account {person.pk}|password"
    blob = primitives.seal(Kdf(**kdf).derive(MINE, salt), private, place)
    KeyPair.objects.filter(person=person).update(
        public_key=public, tag=b"", salt=salt, sealed_by_password=blob
    )
    User.objects.filter(pk=person.pk).update(password=make_password(MINE))
    assert posted("triage1", MINE) == 200
    assert KeyPair.objects.get(person=person).genuine_key == b""
