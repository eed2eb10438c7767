"""The second step of sign-in: what it takes, what it refuses and how often it may be tried."""

from __future__ import annotations

import json
import re

import pytest
from django.core.cache import cache
from django.test import Client
from pytest_django import Settings

from grievances.audit.models import Event
from grievances.web.accounts.factor_limits import NOTICED
from grievances.web.shared.sessions import KEY_COOKIE, PENDING_COOKIE
from tests.accounts.every_office import demanded
from tests.attacks.address_rules import addresses
from tests.attacks.world import World, world
from tests.factories import cases
from tests.factories.people import Staff
from tests.second_factors import HERE, sign_in_with, type_password, with_app

__all__ = ["demanded", "world"]


def test_sign_in_takes_both_steps_and_opens_the_records(staff: Staff) -> None:
    case = cases.acknowledged(staff)
    _, app = with_app("triage1")
    client = Client()
    assert type_password(client, "triage1", then="/cases/") == f"{HERE}sign-in/"
    assert KEY_COOKIE not in client.cookies
    answer = client.post(f"{HERE}sign-in/", {"code": app.code()})
    assert answer["Location"] == "/cases/"
    assert "accent" in client.get(f"/cases/{case.reference}/").content.decode(), "the key is open"


def test_after_the_password_alone_no_address_is_open(staff: Staff, world: World) -> None:
    with_app("triage1")
    half, stranger = Client(), Client()
    type_password(half, "triage1")
    for name in addresses():
        if name in {"mfa_authenticate", "account_login", "account_logout", "exit"}:
            continue
        path = world.path(name)
        mine, theirs = half.get(path), stranger.get(path)
        assert mine.status_code == theirs.status_code, name
        assert mine.headers.get("Location") == theirs.headers.get("Location"), name


def test_a_key_that_waits_is_nowhere_in_clear_and_opens_no_session(staff: Staff) -> None:
    with_app("triage1")
    client = Client()
    type_password(client, "triage1")
    private = staff.holders["triage1"].private
    session = dict(client.session.items())
    text = json.dumps(session)
    for spelling in (private.hex(), str(private)):
        assert spelling not in text
        assert spelling not in str(client.cookies)
    assert "vault" not in session, "the key of a session is another thing"
    client.cookies[KEY_COOKIE] = client.cookies[PENDING_COOKIE].value
    assert client.get("/cases/")["Location"].startswith("/accounts/login/")


def test_a_waiting_key_of_another_person_is_not_taken_up(staff: Staff) -> None:
    _, app = with_app("triage1")
    with_app("handler1")
    thief, victim = Client(), Client()
    type_password(victim, "handler1")
    type_password(thief, "triage1")
    session = thief.session
    for name in ("pending_vault", "pending_vault_id"):
        session[name] = victim.session[name]
    session.save()
    thief.cookies[PENDING_COOKIE] = victim.cookies[PENDING_COOKIE].value
    thief.post(f"{HERE}sign-in/", {"code": app.code()})
    assert KEY_COOKIE not in thief.cookies
    assert thief.get("/cases/").status_code == 302, "a session without its key ends"


@pytest.mark.parametrize("code", ["000000", "", "abc", "1" * 40, "12345６"])
def test_a_wrong_code_signs_no_one_in(staff: Staff, code: str) -> None:
    with_app("triage1")
    client = Client()
    type_password(client, "triage1")
    answer = client.post(f"{HERE}sign-in/", {"code": code})
    assert answer.status_code == 200
    assert client.get("/cases/").status_code == 302


def test_a_code_works_once_in_every_process(staff: Staff) -> None:
    _, app = with_app("triage1")
    sign_in_with(app, "triage1")
    cache.clear()  # another process has another cache
    again = Client()
    type_password(again, "triage1")
    for code in (app.code(), app.code(-1)):
        assert again.post(f"{HERE}sign-in/", {"code": code}).status_code == 200
    assert again.get("/cases/").status_code == 302


def test_the_code_of_another_persons_app_is_refused(staff: Staff) -> None:
    with_app("triage1")
    _, other = with_app("handler1")
    client = Client()
    type_password(client, "triage1")
    assert client.post(f"{HERE}sign-in/", {"code": other.code(1)}).status_code == 200


def test_a_spare_code_lets_in_once_and_is_told(staff: Staff) -> None:
    client, _ = with_app("triage1")
    codes = re.findall(r"\b\d{12}\b", client.get(f"{HERE}codes/").content.decode())
    for wanted in (302, 200):
        later = Client()
        type_password(later, "triage1")
        spaced = " ".join((codes[0][:4], codes[0][4:8], codes[0][8:]))
        assert later.post(f"{HERE}sign-in/", {"code": spaced}).status_code == wanted
    assert Event.objects.filter(kind="account.spare_code_used").count() == 1


def test_after_many_wrong_codes_the_right_one_waits_but_a_known_browser_gets_in(
    staff: Staff, settings: Settings
) -> None:
    settings.SECOND_FACTOR_TRIES = {"browser": 30, "address": 60, "account": 10, "day": 100}
    client, app = with_app("triage1")
    thief = Client()
    type_password(thief, "triage1")
    for _ in range(NOTICED):
        thief.post(f"{HERE}sign-in/", {"code": "000000"})
    refused = thief.post(f"{HERE}sign-in/", {"code": app.code()})
    assert "Too many tries" in refused.content.decode()
    assert Event.objects.filter(kind="account.wrong_codes").count() == 1
    client.post("/accounts/logout/")
    type_password(client, "triage1")
    assert client.post(f"{HERE}sign-in/", {"code": app.code()}).status_code == 302


def test_guessing_is_bounded_for_a_day_from_any_number_of_addresses(
    staff: Staff, settings: Settings
) -> None:
    settings.SECOND_FACTOR_TRIES = {"browser": 30, "address": 60, "account": 10, "day": 12}
    settings.TRUSTED_PROXIES = 1
    _, app = with_app("triage1")
    for number in range(15):
        thief = Client(headers={"X-Forwarded-For": f"198.51.100.{number}"})
        type_password(thief, "triage1")
        thief.post(f"{HERE}sign-in/", {"code": "000000"})
    thief = Client(headers={"X-Forwarded-For": "198.51.100.99"})
    type_password(thief, "triage1")
    page = thief.post(f"{HERE}sign-in/", {"code": app.code()})
    assert "Too many tries" in page.content.decode()


NO_PASSKEYS = (
    "[" * 100_000,
    "9" * 6000,
    "null",
    '"x"',
    "{}",
    '{"id": 1}',
    '{"id": "\\ud800"}',
    '{"id": "a", "rawId": "a", "type": "public-key", "response": {}}',
    '{"id": "AAAA", "rawId": "!!", "type": "public-key", "response": {"clientDataJSON": "!"}}',
    '{"id": "AAAA", "rawId": "AAAA", "type": "public-key", "response": {"clientDataJSON": "e30",'
    ' "authenticatorData": "AAAA", "signature": "AA", "attestationObject": "AAAA"}}',
)


@pytest.mark.parametrize("answer", NO_PASSKEYS, ids=[each[:12] for each in NO_PASSKEYS])
def test_what_no_passkey_wrote_is_a_wrong_answer_and_no_error(staff: Staff, answer: str) -> None:
    client, _ = with_app("triage1")
    for page in ("passkeys/add/", "again/passkey/"):
        client.get(f"{HERE}{page}")
        said = client.post(f"{HERE}{page}", {"credential": answer}).status_code
        assert said == (200 if page == "passkeys/add/" else 302)
    half = Client()
    type_password(half, "triage1")
    half.get(f"{HERE}sign-in/")
    assert half.post(f"{HERE}sign-in/", {"credential": answer}).status_code == 200
    assert half.get("/cases/").status_code == 302
