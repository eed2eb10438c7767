"""A second step of sign-in: set up, used, demanded of every office, and not to be got round."""

from __future__ import annotations

import base64
import json
import re
from datetime import UTC, datetime

import pytest
from allauth.mfa.models import Authenticator
from django.core.exceptions import ImproperlyConfigured
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from config.sign_in import second_step
from grievances.accounts import recovery, second_factor
from grievances.audit.models import Event
from grievances.encryption.primitives import DecryptionFailed
from grievances.encryption.server_keys import person_pseudonym
from grievances.people.models import Appointment
from grievances.vocabulary import Office
from grievances.web.shared import clock
from notifications.models import Notice
from tests.accounts.every_office import demanded
from tests.attacks.address_rules import addresses
from tests.attacks.world import World, world
from tests.factories import cases
from tests.factories.people import PASSWORD, PEOPLE, Staff
from tests.second_factors import HERE, App, set_up_app, type_password, with_app
from tests.signing_in import sign_in
from tests.signing_on import let_in

__all__ = ["demanded", "world"]
NEW = "three-quiet-red-bicycles"
OPEN_WITHOUT = {
    "account_passphrase",
    "account_logout",
    "account_reauthenticate",
    "exit",
    "safety",
    "support",
}


def offices() -> set[str]:
    return set(Appointment.objects.values_list("person__username", flat=True))


def test_an_officer_without_a_factor_is_led_to_set_one_up_and_then_works(staff: Staff) -> None:
    case = cases.acknowledged(staff)
    client = Client()
    type_password(client, "triage1")
    for path in ("/", "/cases/", f"/cases/{case.reference}/", "/inbox/", "/account/"):
        answer = client.get(path)
        assert (answer.status_code, answer.headers.get("Location")) == (302, HERE), path
    page = client.get(HERE).content.decode()
    assert "you need a second step before you see anything else" in page
    set_up_app(client)
    codes = client.get(f"{HERE}codes/").content.decode()
    assert len(re.findall(r"\b\d{12}\b", codes)) == 10
    assert not re.findall(r"\b\d{12}\b", client.get(f"{HERE}codes/").content.decode()), "shown once"
    assert client.get(f"/cases/{case.reference}/").status_code == 200


@pytest.mark.slow
def test_no_address_answers_an_officer_without_a_factor(staff: Staff, world: World) -> None:
    wrong = {}
    for person in sorted(offices() & set(PEOPLE)):
        client = sign_in(Client(), staff, person)
        for name in (n for n in addresses() if n not in OPEN_WITHOUT | {"mfa_authenticate"}):
            path = world.path(name)
            if path.startswith((HERE, "/health/", "/session/")):
                continue
            for method in ("get", "post", "head"):
                answer = getattr(client, method)(path)
                led = answer.status_code == 302 and answer["Location"] == HERE
                if not led and not (path.startswith("/api/") and answer.status_code == 403):
                    wrong[person, name, method] = answer.status_code
    assert not wrong


def test_a_person_without_an_office_is_offered_it_and_not_made_to(staff: Staff) -> None:
    client = Client()
    type_password(client, "staff1")
    assert client.get("/cases/").status_code == 200
    assert "A second step when you sign in" in client.get("/account/").content.decode()


def test_an_officer_who_comes_by_single_sign_on_opens_the_records_first(staff: Staff) -> None:
    person = staff["triage1"]
    person.set_unusable_password()
    person.save()
    client = let_in(person)
    for path in ("/", "/cases/", HERE):
        assert client.get(path)["Location"] == "/account/passphrase/"
    assert client.get("/account/passphrase/").status_code == 200, "no endless redirects"
    client.post("/account/passphrase/", {"passphrase": PASSWORD})
    assert client.get("/cases/")["Location"] == HERE


def test_an_office_given_in_the_middle_of_a_session_counts_at_once(staff: Staff) -> None:
    client = sign_in(Client(), staff, "staff1")
    assert client.get("/cases/").status_code == 200
    today = clock.today()
    Appointment.objects.create(person=staff["staff1"], office=Office.DECIDER, from_date=today)
    assert client.get("/cases/")["Location"] == HERE


def test_only_the_offices_of_the_setting_are_asked(staff: Staff, settings: Settings) -> None:
    settings.MFA_OFFICES = ("dpo",)
    assert sign_in(Client(), staff, "triage1").get("/cases/").status_code == 200
    assert sign_in(Client(), staff, "dpo1").get("/cases/")["Location"] == HERE


def test_production_demands_every_office_unless_told_otherwise(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("MFA_OFFICES", raising=False)
    assert second_step.offices(production=True) == ("all",)
    assert second_step.offices(production=False) == ()
    monkeypatch.setenv("MFA_OFFICES", " , ")
    with pytest.raises(ImproperlyConfigured, match="MFA_OFFICES is empty"):
        second_step.offices(production=True)
    for wrong in ("triag", "all,triage", "triage dpo"):
        monkeypatch.setenv("MFA_OFFICES", wrong)
        with pytest.raises(ImproperlyConfigured, match="no office here"):
            second_step.offices(production=True)
    monkeypatch.setenv("MFA_OFFICES", "triage, dpo")
    assert second_step.offices(production=True) == ("triage", "dpo")


def test_the_last_factor_of_an_officer_stays_and_anyone_elses_goes(staff: Staff) -> None:
    client, _ = with_app("triage1")
    page = client.post(f"{HERE}app/remove/")
    assert "only second step" in page.content.decode()
    assert Authenticator.objects.filter(user=staff["triage1"], type="totp").exists()
    other, _ = with_app("staff1")
    assert other.post(f"{HERE}app/remove/").status_code == 302
    assert not Authenticator.objects.filter(user=staff["staff1"]).exists()


def test_a_session_from_before_the_factor_is_not_enough(staff: Staff) -> None:
    older = sign_in(Client(), staff, "triage1")
    with_app("triage1")
    assert older.get("/cases/")["Location"].startswith("/accounts/login/")
    assert older.get(HERE).status_code == 302, "it is ended"


def test_setting_up_asks_for_the_password_when_it_was_not_just_typed(staff: Staff) -> None:
    desk = sign_in(Client(), staff, "triage1")
    for page in ("app/", "passkeys/add/", "codes/new/", "codes/"):
        answer = desk.get(f"{HERE}{page}")
        assert answer.status_code in {302, 404}, page
        if answer.status_code == 302:
            assert answer["Location"].startswith("/accounts/reauthenticate/"), page


def test_secrets_are_under_a_server_key_also_while_they_are_set_up(
    staff: Staff, settings: Settings
) -> None:
    client = Client()
    type_password(client, "triage1")
    page = client.get(f"{HERE}app/").content.decode()
    (secret,) = re.findall(r"<code[^>]*>([A-Z2-7 ]{32,})</code>", page)
    app = App(secret)
    assert app.secret not in json.dumps(dict(client.session.items()))
    client.post(f"{HERE}app/", {"code": app.code()})
    codes = re.findall(r"\b\d{12}\b", client.get(f"{HERE}codes/").content.decode())
    kept = json.dumps(list(Authenticator.objects.values_list("data", flat=True)))
    assert app.secret not in kept
    assert not any(code in kept for code in codes)
    blob = base64.b64decode(Authenticator.objects.get(type="totp").data["secret"])
    assert second_factor.open_secret(blob) == app.secret
    settings.SERVER_KEYS = "1:" + "cd" * 32
    with pytest.raises(DecryptionFailed):
        second_factor.open_secret(blob)


def test_a_factor_in_a_copy_of_the_database_joins_no_account_to_a_pseudonym(staff: Staff) -> None:
    for name in ("triage1", "handler1", "staff1", "decider1"):
        with_app(name)
        sign_in_with_fresh(name)
    rows = Authenticator.objects.all()
    assert {row.created_at for row in rows} == {datetime(2000, 1, 1, tzinfo=UTC)}
    assert {row.last_used_at for row in rows} == {None}
    by_number = [row.user_id for row in rows.filter(type="totp").order_by("pk")]
    assert all(row.pk > 2**51 for row in rows), "a number that tells no order"
    assert len(by_number) == 4
    events = Event.objects.filter(kind__startswith="account.")
    known = {person_pseudonym(staff[name].pk) for name in PEOPLE}
    for event in events:
        assert not known & {event.actor, *map(str, event.data.values())}, event.kind


def sign_in_with_fresh(name: str) -> None:
    client = Client()
    type_password(client, name)


def test_every_change_is_an_event_and_a_neutral_notice(staff: Staff) -> None:
    client, _ = with_app("staff1")
    client.post(f"{HERE}codes/new/")
    client.post(f"{HERE}app/remove/")
    answers = {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW}
    client.post("/accounts/password/change/", answers)
    kinds = list(
        Event.objects.filter(kind__startswith="account.").order_by("seq").values_list("kind")
    )
    assert kinds == [
        ("account.factor_added",),
        ("account.spare_codes",),
        ("account.factor_removed",),
        ("account.password_changed",),
    ]
    lines = Notice.objects.filter(kind="sign_in_changed", channel="inbox")
    assert lines.filter(handle=person_pseudonym(staff["staff1"].pk)).count() == 4
    assert not any(line.context or line.reference for line in lines)


def test_two_officers_remove_a_lost_factor(staff: Staff) -> None:
    with_app("staff1")
    number = recovery.ask_for_recovery("staff1", NEW, now=cases.START)
    for officer in ("lead1", "dpo1"):
        recovery.confirm(staff.caller(officer), "staff1", number, now=cases.START)
    assert not Authenticator.objects.filter(user=staff["staff1"]).exists()
    client = Client()
    assert type_password(client, "staff1", NEW) == "/"
    assert Notice.objects.filter(kind="sign_in_changed", channel="inbox").exists()


def test_a_recovery_code_alone_does_not_pass_the_second_step(staff: Staff) -> None:
    client, _ = with_app("triage1")
    page = client.post("/account/recovery-code/", {"password": PASSWORD}).content.decode()
    (code,) = re.findall(r"(?:[0-9a-z]{4}-){5}[0-9a-z]{4}", page)
    answers = {"username": "triage1", "code": code, "password1": NEW, "password2": NEW}
    assert Client().post("/account/forgotten/", answers).status_code == 302
    assert type_password(Client(), "triage1", NEW) == f"{HERE}sign-in/"


def test_the_address_of_every_page_of_factors_is_ours(staff: Staff) -> None:
    names = {name for name in addresses() if name.startswith("mfa_")}
    assert len(names) == 12
    assert reverse("mfa_index") == HERE
