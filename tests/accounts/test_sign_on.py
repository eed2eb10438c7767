"""Single sign-on against a real provider: who is let in, who is not, and what is kept of it."""

from __future__ import annotations

import json

import pytest
from allauth.socialaccount.models import SocialAccount, SocialApp, SocialToken
from django.core.cache import caches
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError, call_command
from django.test import Client
from pytest_django import Settings

from config.sign_in import sign_on
from grievances.encryption.key_pairs import make_key_pair
from grievances.people.models import User
from tests.attacks.leak_scan import Loot
from tests.attacks.stolen_copy import rows
from tests.factories import cases
from tests.factories.people import PASSWORD, Staff
from tests.intake.raising import sent_anonymously
from tests.oidc_server import SECRET
from tests.signing_on import CLAIMS, LOGIN, OURS, PASSPHRASE, come_back, sign_in

BUTTON = "Sign in with PLANTED organisation"


def is_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


def test_it_lets_in_who_has_an_account_and_keeps_nothing_of_the_token(
    provider: str, person: User, caplog: pytest.LogCaptureFixture
) -> None:
    client = Client()
    caplog.set_level("DEBUG")
    answer = sign_in(client, provider)
    assert (answer.status_code, answer["Location"]) == (302, "/")
    assert client.session["_auth_user_id"] == str(person.pk)
    assert client.get("/cases/")["Location"] == "/account/passphrase/"
    for table in (SocialAccount, SocialToken, SocialApp):
        assert not table.objects.exists()
    kept = [("session", json.dumps(dict(client.session)).encode())]
    kept += [("cache", repr(getattr(caches["default"], "_cache", {})).encode())]
    kept += [("log", caplog.text.encode())]
    loot = Loot([*rows(), *kept])
    for secret in ("PLANTED-SUBJECT", "PLANTED-ACCESS", SECRET, "PLANTED@example.org"):
        assert not loot.holds(secret), secret


@pytest.mark.parametrize("fault", ["forged", "audience", "expired", "refused"])
def test_a_token_that_is_not_sound_lets_no_one_in(provider: str, person: User, fault: str) -> None:
    client = Client()
    answer = sign_in(client, provider, fault)
    assert answer["Location"] == "/accounts/login/"
    assert not is_in(client)
    assert "did not work" in client.get("/accounts/login/").content.decode()


def test_a_code_without_its_verifier_or_its_state_is_worth_nothing(
    provider: str, person: User
) -> None:
    thief, client = Client(), Client()
    back = come_back(client, provider)
    thief.get(LOGIN, headers=OURS)
    assert thief.get(f"{back.path}?{back.query}").status_code in {302, 200}
    assert not is_in(thief)
    (state,) = thief.session["socialaccount_states"]
    code = back.query.split("code=")[1].split("&")[0]
    assert thief.get(f"{back.path}?code={code}&state={state}")["Location"] == "/accounts/login/"
    assert not is_in(thief), "the provider refuses a code with another verifier"


def test_no_one_is_signed_up_and_a_password_is_no_way_around(
    provider: str, person: User, staff: Staff
) -> None:
    before = User.objects.count()
    for name in ("nobody-here", "triage1", "", ["sso1"]):
        client = Client()
        assert sign_in(client, provider, preferred_username=name)["Location"] == "/accounts/login/"
        assert not is_in(client), name
        assert "no account here" in client.get("/accounts/login/").content.decode()
    User.objects.filter(pk=person.pk).update(is_active=False)
    client = Client()
    sign_in(client, provider)
    assert not is_in(client)
    assert User.objects.count() == before


def test_an_address_counts_when_the_provider_has_verified_it(
    provider: str, person: User, settings: Settings
) -> None:
    settings.SINGLE_SIGN_ON["settings"]["claim"] = "email"
    User.objects.filter(pk=person.pk).update(username=CLAIMS["email"])
    for verified in (False, "true", None):
        client = Client()
        sign_in(client, provider, email_verified=verified)
        assert not is_in(client), verified
    client = Client()
    sign_in(client, provider, email_verified=True)
    assert is_in(client)


def test_without_a_provider_there_is_no_button_and_no_page(staff: Staff) -> None:
    assert BUTTON not in Client().get("/accounts/login/").content.decode()
    assert Client().get(LOGIN).status_code == 404
    assert Client().get(f"{LOGIN}callback/?code=x&state=y").status_code == 404


def test_with_one_the_button_is_there_and_one_that_is_away_is_said(
    provider: str, settings: Settings, staff: Staff, caplog: pytest.LogCaptureFixture
) -> None:
    assert BUTTON in Client().get("/accounts/login/").content.decode()
    settings.SINGLE_SIGN_ON["settings"]["server_url"] = "http://127.0.0.1:9"
    assert Client().get(LOGIN, headers=OURS)["Location"] == "/accounts/login/"
    (said,) = [each.message for each in caplog.records if each.name == "fairhearing.watch"]
    assert said == "The provider of single sign-on cannot be used: ConnectionError"


@pytest.mark.parametrize(
    ("changed", "named"),
    [({"OIDC_ISSUER": "http://idp.example"}, "OIDC_ISSUER"), ({"OIDC_CLIENT_ID": ""}, "_ID")],
)
def test_a_provider_that_is_half_named_stops_the_start(
    monkeypatch: pytest.MonkeyPatch, changed: dict[str, str], named: str
) -> None:
    known = {"OIDC_ISSUER": "https://idp.example", "OIDC_CLIENT_ID": "x", "OIDC_CLIENT_SECRET": "y"}
    for name, value in {**known, **changed}.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(ImproperlyConfigured, match=named):
        sign_on.provider(production=True)


def test_a_key_of_a_concern_opens_no_account(provider: str, staff: Staff) -> None:
    case = cases.raised(staff)
    victim = staff["complainant1"]
    victim.set_unusable_password()
    victim.save()
    thief, key = sent_anonymously()
    thief.post("/return/", {"case_key": key})
    assert thief.session["returner"]
    sign_in(thief, provider, preferred_username="complainant1")
    assert not {"returner", "vault", "companion"} & set(thief.session.keys())
    for page in ("/", "/cases/", "/inbox/", f"/cases/{case.reference}/", "/account/"):
        assert thief.get(page)["Location"] == "/account/passphrase/"


def test_no_session_joins_an_account_with_a_case_key(staff: Staff) -> None:
    client, key = sent_anonymously()
    client.post("/return/", {"case_key": key})
    client.post("/accounts/login/", {"login": "staff1", "password": PASSWORD})
    assert client.session["_auth_user_id"] == str(staff["staff1"].pk)
    assert "returner" not in client.session


@pytest.mark.parametrize("said", ["cross-site", "same-site", "none", ""])
def test_a_link_from_elsewhere_signs_no_one_in(provider: str, said: str) -> None:
    client = Client()
    answer = client.get(LOGIN, headers={"Sec-Fetch-Site": said} if said else {})
    assert (answer.status_code, answer["Location"]) == (302, "/accounts/login/")
    again = client.get(f"{LOGIN}?auth_params=scope%3Dx", headers=OURS)
    assert again["Location"] == "/accounts/login/"


def test_a_name_counts_to_its_letters(provider: str, staff: Staff, person: User) -> None:
    client = Client()
    sign_in(client, provider, preferred_username="SSO1")
    assert not is_in(client)
    with pytest.raises(CommandError, match="already"):
        call_command("add_person", "Sso1", "--name", "Another", "--unit", "X", "--single-sign-on")


def test_pages_about_a_password_are_not_there_for_who_has_none(provider: str, person: User) -> None:
    make_key_pair(person, PASSPHRASE)
    client = Client()
    sign_in(client, provider)
    client.post("/account/passphrase/", {"passphrase": PASSPHRASE})
    for page in ("/accounts/password/change/", "/accounts/reauthenticate/"):
        assert client.get(page).status_code == 404
    assert client.get("/account/").status_code == 200
