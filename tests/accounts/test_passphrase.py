"""Single sign-on lets a person in, and only their own passphrase opens their records."""

from __future__ import annotations

import pytest
from django.core.cache import cache
from django.test import Client

from grievances.accounts import passwords
from grievances.cases.actions.actor import Caller
from grievances.casework import reading
from grievances.encryption.key_pairs import KeyPair, unlock
from grievances.people.models import User
from grievances.web.shared.sessions import KEY_COOKIE
from tests.factories import cases
from tests.factories.people import PASSWORD, Staff
from tests.signing_in import sign_in
from tests.signing_on import let_in

CHOSEN = "three-quiet-red-bicycles"
NEW = "four-loud-green-tandems"


@pytest.fixture(autouse=True)
def _no_quota_from_before() -> None:
    cache.clear()


@pytest.fixture
def newcomer(staff: Staff) -> User:
    """Someone whom the organisation's own sign-in has just let in for the first time."""
    person = User.objects.create(username="sso1", name="Sam Sso", unit=staff["staff1"].unit)
    person.set_unusable_password()
    person.save()
    return person


def choose(client: Client, passphrase: str = CHOSEN) -> int:
    typed = {"password1": passphrase, "password2": passphrase}
    return client.post("/account/passphrase/", typed).status_code


def test_the_first_sign_in_asks_for_a_passphrase_before_anything_else(newcomer: User) -> None:
    client = let_in(newcomer)
    for address in ("/cases/", "/raise/", "/account/", "/inbox/"):
        assert client.get(address).headers["Location"] == "/account/passphrase/", address
    for address in ("/support/", "/safety/", "/account/forgotten/"):
        assert client.get(address).status_code == 200, address
    assert choose(client, "short") == 422
    assert choose(client, f"my-{newcomer.username}-passphrase") == 422
    assert choose(client) == 302
    assert KEY_COOKIE in client.cookies
    assert client.get("/account/").status_code == 200


def test_every_later_sign_in_asks_for_it_again(newcomer: User) -> None:
    choose(let_in(newcomer))
    client = let_in(newcomer)
    assert client.get("/cases/").status_code == 302
    wrong = client.post("/account/passphrase/", {"passphrase": PASSWORD})
    assert wrong.status_code == 422
    assert "does not open your records" in wrong.content.decode()
    assert client.post("/account/passphrase/", {"passphrase": CHOSEN}).status_code == 302
    assert client.get("/cases/").status_code == 200
    assert KeyPair.objects.get(person=newcomer).pk == newcomer.pk


def test_after_five_wrong_ones_even_the_right_one_waits(newcomer: User) -> None:
    choose(let_in(newcomer))
    client = let_in(newcomer)
    tries = ["wrong"] * 5 + [CHOSEN]
    codes = [client.post("/account/passphrase/", {"passphrase": t}).status_code for t in tries]
    assert codes == [422] * 5 + [429]


def test_a_second_choice_does_not_replace_the_first(newcomer: User) -> None:
    choose(let_in(newcomer))
    assert choose(let_in(newcomer), NEW) == 422
    assert unlock(newcomer, CHOSEN)


def test_a_recovery_code_sets_a_new_passphrase_and_no_password(
    staff: Staff, newcomer: User
) -> None:
    client = let_in(newcomer)
    choose(client)
    caller = Caller(newcomer, unlock(newcomer, CHOSEN))
    staff.people["sso1"], staff.holders["sso1"] = newcomer, caller.holder  # type: ignore[assignment]
    case = cases.raised(staff, who="sso1", about="staff1")
    assert client.post("/account/recovery-code/", {"password": "wrong"}).status_code == 422
    assert client.post("/account/recovery-code/", {"password": CHOSEN}).status_code == 200
    code = passwords.make_code(caller, now=cases.START)
    passwords.recover("sso1", code, NEW, now=cases.START)
    newcomer.refresh_from_db()
    assert not newcomer.has_usable_password()
    opened = reading.open_case(
        Caller(newcomer, unlock(newcomer, NEW)), case.reference, now=cases.START
    )
    assert not opened.locked


def test_an_account_with_a_password_has_no_such_page(staff: Staff) -> None:
    assert sign_in(Client(), staff, "staff1").get("/account/passphrase/").status_code == 404
    assert Client().get("/account/passphrase/").status_code == 404
