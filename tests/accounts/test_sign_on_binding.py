"""Whom the provider names is bound to one account: a name that is given on opens nothing."""

from __future__ import annotations

import pytest
from django.core.cache import cache
from django.core.management import call_command
from django.test import Client
from pytest_django import Settings

from grievances.accounts.sign_on_models import SignOnBinding
from grievances.audit.models import Event
from grievances.encryption.key_pairs import KeyPair, make_key_pair, unlock
from grievances.encryption.server_keys import person_pseudonym
from grievances.people.models import User
from grievances.retention import residue_search
from notifications.models import Notice
from tests.factories.people import Staff
from tests.signing_on import LOGIN, OURS, PASSPHRASE, come_back, sign_in

OTHER = {"sub": "PLANTED-ANOTHER"}


@pytest.fixture(autouse=True)
def _no_tries_before() -> None:
    cache.clear()


def is_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


def kinds() -> list[str]:
    rows = Event.objects.filter(kind__startswith="account.").order_by("pk")
    return list(rows.values_list("kind", flat=True))


def choose(client: Client, passphrase: str = PASSPHRASE) -> int:
    fields = {"password1": passphrase, "password2": passphrase}
    return client.post("/account/passphrase/", fields).status_code


def test_the_first_who_comes_is_bound_and_another_with_the_same_name_is_turned_away(
    provider: str, person: User
) -> None:
    first, second = Client(), Client()
    sign_in(first, provider)
    assert is_in(first)
    assert choose(first) == 302
    sign_in(second, provider, **OTHER)
    assert not is_in(second)
    assert "another person" in second.get("/accounts/login/").content.decode()
    assert kinds() == [
        "account.sign_on_bound", "account.passphrase_chosen", "account.sign_on_refused",
    ]  # fmt: skip
    sign_in(second, provider)
    assert is_in(second), "and whoever was first comes in as before"


def test_one_identity_is_not_bound_to_two_accounts(
    provider: str, person: User, staff: Staff
) -> None:
    User.objects.filter(pk=staff["staff1"].pk).update(password="!")
    sign_in(Client(), provider)
    client = Client()
    sign_in(client, provider, preferred_username="staff1")
    assert not is_in(client)
    assert SignOnBinding.objects.get().person == person


def test_the_same_subject_of_another_provider_is_another_person(
    provider: str, person: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    SignOnBinding.objects.create(person=person, subject="0" * 40)
    client = Client()
    sign_in(client, provider)
    assert not is_in(client)


def test_an_account_with_records_is_bound_by_its_passphrase_alone(
    provider: str, person: User
) -> None:
    make_key_pair(person, PASSPHRASE)
    thief, owner = Client(), Client()
    sign_in(thief, provider, **OTHER)
    assert thief.get("/cases/")["Location"] == "/account/passphrase/"
    assert thief.post("/account/passphrase/", {"passphrase": "a guess"}).status_code == 422
    assert not SignOnBinding.objects.exists(), "a name alone is not worth a binding"
    sign_in(owner, provider)
    assert owner.post("/account/passphrase/", {"passphrase": PASSPHRASE}).status_code == 302
    assert kinds() == ["account.sign_on_bound"]
    late = Client()
    sign_in(late, provider, **OTHER)
    assert not is_in(late)
    answer = thief.post("/account/passphrase/", {"passphrase": PASSPHRASE})
    assert answer["Location"] == "/accounts/login/", "bound to another meanwhile"
    assert not is_in(thief)


def test_the_first_passphrase_is_chosen_by_whom_the_account_is_bound_to(
    provider: str, person: User
) -> None:
    """A session from before the operator parted the two chooses nothing."""
    thief = Client()
    sign_in(thief, provider, **OTHER)
    SignOnBinding.objects.all().delete()
    assert choose(thief) == 302
    assert not KeyPair.objects.filter(person=person).exists()
    assert not is_in(thief)
    forced = Client()
    forced.force_login(person)
    choose(forced)
    assert not KeyPair.objects.filter(person=person).exists()


def test_a_session_that_no_sign_in_began_binds_nothing(provider: str, person: User) -> None:
    make_key_pair(person, PASSPHRASE)
    old = Client()
    old.force_login(person)
    old.post("/account/passphrase/", {"passphrase": PASSPHRASE})
    assert not SignOnBinding.objects.exists()
    assert not is_in(old)


def test_the_operator_can_name_the_person_before_they_come(provider: str, staff: Staff) -> None:
    unit = staff["staff1"].unit
    assert unit is not None
    named = ("--name", "Sam Sso", "--unit", unit.code, "--single-sign-on")
    call_command("add_person", "sso1", *named, "--subject", "PLANTED-SUBJECT")
    thief, owner = Client(), Client()
    sign_in(thief, provider, **OTHER)
    assert not is_in(thief)
    sign_in(owner, provider)
    assert is_in(owner)


def test_the_person_is_told_by_the_mail_of_their_work(provider: str, person: User) -> None:
    User.objects.filter(pk=person.pk).update(email="sam@work.invalid")
    client = Client()
    sign_in(client, provider)
    choose(client)
    told = Notice.objects.filter(handle=person_pseudonym(person.pk), kind="first_passphrase")
    assert set(told.values_list("channel", flat=True)) == {"inbox", "email"}


def test_the_operator_parts_them_and_every_session_ends_and_no_key_is_replaced(
    provider: str, person: User
) -> None:
    client = Client()
    sign_in(client, provider)
    choose(client)
    before = bytes(KeyPair.objects.get(person=person).public_key)
    call_command("forget_sign_on", "sso1")
    assert client.get("/cases/")["Location"].startswith("/accounts/login/")
    moved = Client()
    sign_in(moved, provider, **OTHER)
    assert is_in(moved)
    assert choose(moved) == 422, "the page asks for the passphrase there is"
    assert moved.post("/account/passphrase/", {"passphrase": PASSPHRASE})["Location"] == "/"
    person.refresh_from_db()
    unlock(person, PASSPHRASE)
    assert bytes(KeyPair.objects.get(person=person).public_key) == before
    assert kinds()[-2:] == ["account.sign_on_forgotten", "account.sign_on_bound"]


@pytest.mark.parametrize("fault", ["nonce", "no nonce", "for another"])
def test_a_token_made_for_another_sign_in_lets_no_one_in(
    provider: str, person: User, fault: str
) -> None:
    client = Client()
    back = come_back(client, provider, fault)
    assert client.get(f"{back.path}?{back.query}")["Location"] == "/accounts/login/"
    assert not is_in(client)
    assert not SignOnBinding.objects.exists()


def test_the_nonce_is_fresh_each_time(provider: str, person: User) -> None:
    client = Client()
    asked = {client.get(LOGIN, headers=OURS)["Location"].split("nonce=")[1][:32] for _ in range(2)}
    assert len(asked) == 2


def test_a_flood_of_sign_ons_slows_its_own_address_and_no_other(
    provider: str, person: User, settings: Settings
) -> None:
    settings.SIGN_ON_BRAKE = {"begun": 3, "returned": 3}
    for _ in range(3):
        assert Client().get(LOGIN, headers=OURS)["Location"].startswith(provider)
    client = Client()
    answer = client.get(LOGIN, headers=OURS)
    assert answer["Location"] == "/accounts/login/"
    assert "Wait a minute" in client.get("/accounts/login/").content.decode()
    other = Client(REMOTE_ADDR="192.0.2.44").get(LOGIN, headers=OURS)
    assert other["Location"].startswith(provider)
    assert residue_search.in_cache("sign-on") == 2
    assert residue_search.in_cache("192.0.2.44") == 0


def test_strangers_at_the_way_back_use_up_nothing_of_those_who_began_here(
    provider: str, person: User, settings: Settings
) -> None:
    settings.SIGN_ON_BRAKE = {"begun": 50, "returned": 1}
    for _ in range(3):
        answer = Client().get(f"{LOGIN}callback/?code=x&state=y")
        assert answer["Location"] == "/accounts/login/"
    first, second = Client(), Client()
    back = come_back(first, provider)
    assert first.get(f"{back.path}?{back.query}")["Location"] != "/accounts/login/"
    back = come_back(second, provider)
    assert second.get(f"{back.path}?{back.query}")["Location"] == "/accounts/login/"
    assert "Wait a minute" in second.get("/accounts/login/").content.decode()
