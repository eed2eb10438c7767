"""A passkey opens the records of its person, where they allowed it, and no one else's."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.core.cache import cache
from django.test import Client
from fido2.webauthn import AuthenticatorData
from pytest_django import Settings

from grievances.accounts import passkey_keys, recovery
from grievances.accounts.passkey_keys import SEALED, open_with, place_of
from grievances.accounts.sign_on_models import SignOnBinding
from grievances.audit.models import Event
from grievances.encryption.key_pairs import KeyPair
from grievances.encryption.primitives import DecryptionFailed
from grievances.encryption.private_keys import seal_private
from grievances.operations.key_rotation import left_behind, reseal_for_server
from grievances.web.shared.sessions import KEY_COOKIE
from notifications.models import Notice
from tests.factories import cases
from tests.factories.people import PASSWORD, Staff
from tests.passkeys import Device, add_passkey, let_open, options_of
from tests.second_factors import HERE, type_password
from tests.signing_on import sign_in as come_by_sign_on

ALONE = f"{HERE}passkeys/sign-in/"
NEW = "three-quiet-red-bicycles"
OTHER_KEYS = "1:" + "cd" * 32


@pytest.fixture(autouse=True)
def _no_counts_from_before(settings: Settings) -> None:
    settings.SITE_URL = "https://localhost"
    cache.clear()


def passkey_of(staff: Staff, name: str) -> Authenticator:
    found: Authenticator = Authenticator.objects.get(user=staff[name], type="webauthn")
    return found


def with_passkey(staff: Staff, name: str) -> tuple[Client, Device]:
    """Return the client of a person who signed in, and their passkey that opens the records."""
    client = Client()
    type_password(client, name)
    device = add_passkey(client, staff[name].pk)
    assert let_open(client, passkey_of(staff, name).pk, device) == 302
    return client, device


def sign_in_alone(device: Device, client: Client | None = None, **changed: Any) -> Any:
    client = client or Client()
    asked = client.get(ALONE, headers={"Accept": "application/json"}).json()
    given = {"credential": device.sign(asked), "opening": device.opening}
    return client.post(ALONE, {**given, **changed})


def test_a_passkey_alone_signs_in_and_opens_the_records(staff: Staff, settings: Settings) -> None:
    settings.MFA_OFFICES = ("all",)
    case = cases.acknowledged(staff)
    _, device = with_passkey(staff, "triage1")
    client = Client()
    answer = sign_in_alone(device, client)
    assert (answer.status_code, answer.headers.get("Location")) == (302, "/")
    assert "accent" in client.get(f"/cases/{case.reference}/").content.decode()


def test_wherever_it_led_the_passkey_leads_too(staff: Staff) -> None:
    _, device = with_passkey(staff, "staff1")
    client = Client()
    asked = client.get(ALONE, headers={"Accept": "application/json"}).json()
    given = {"credential": device.sign(asked), "opening": device.opening}
    assert client.post(f"{ALONE}?next=/inbox/", given)["Location"] == "/inbox/"
    client = Client()
    asked = client.get(ALONE, headers={"Accept": "application/json"}).json()
    given["credential"] = device.sign(asked)
    assert client.post(f"{ALONE}?next=https://evil.example/", given)["Location"] == "/"


def test_after_single_sign_on_the_second_step_opens_the_records(
    staff: Staff, provider: str
) -> None:
    case = cases.acknowledged(staff)
    _, device = with_passkey(staff, "triage1")
    staff["triage1"].set_unusable_password()
    staff["triage1"].save()
    SignOnBinding.objects.all().delete()
    for given, leads in (("0" * 64, 302), ("", 302), ("\0zz", 302), (device.opening, 200)):
        client = Client()
        there = come_by_sign_on(client, provider, preferred_username="triage1")
        asked = options_of(client.get(there["Location"]).content.decode())
        answers = {"credential": device.sign(asked), "opening": given}
        assert client.post(f"{HERE}sign-in/", answers).status_code == 302
        answer = client.get(f"/cases/{case.reference}/")
        assert answer.status_code == leads, given
        if leads == 302:
            assert answer["Location"] == "/account/passphrase/", "as before"
            assert KEY_COOKIE not in client.cookies
            assert not SignOnBinding.objects.exists()
    assert SignOnBinding.objects.get().person == staff["triage1"]
    stranger = Client()
    there = come_by_sign_on(stranger, provider, preferred_username="triage1", sub="ANOTHER")
    assert there["Location"] == "/accounts/login/"


def test_every_reason_to_refuse_gets_the_same_answer(staff: Staff) -> None:
    _, device = with_passkey(staff, "staff1")
    _, theirs = with_passkey(staff, "handler1")
    type_password(plain := Client(), "linemanager1")
    never = add_passkey(plain, staff["linemanager1"].pk)
    unknown = Device(staff["staff1"].pk)
    no_one = Device(2**70)
    wrong_person = Device(staff["handler1"].pk, device.number, device.secret, device.key)
    answers = {
        "wrong bytes": sign_in_alone(device, opening="0" * 64),
        "no bytes": sign_in_alone(device, opening=""),
        "bytes of another": sign_in_alone(device, opening=theirs.opening),
        "not allowed": sign_in_alone(never),
        "unknown passkey": sign_in_alone(unknown),
        "no account": sign_in_alone(no_one),
        "another account": sign_in_alone(wrong_person),
        "no answer": sign_in_alone(device, credential="{}"),
        "not verified": not_verified(device),
        "an old answer": an_old_answer(device),
    }
    pages = {why: (answer.status_code, sentences(answer)) for why, answer in answers.items()}
    assert len(set(pages.values())) == 1, pages
    assert pages["wrong bytes"][0] == 422
    assert "That did not sign you in" in pages["wrong bytes"][1]
    assert sign_in_alone(device).status_code == 302


def sentences(answer: Any) -> str:
    page: str = answer.content.decode()
    return page[page.index("<main") : page.index("csrfmiddlewaretoken")]


def not_verified(device: Device) -> Any:
    """Answer with a device that no one has proved anything to."""
    client = Client()
    asked = client.get(ALONE, headers={"Accept": "application/json"}).json()
    touched = device.sign(asked, AuthenticatorData.FLAG.UP)
    return client.post(ALONE, {"credential": touched, "opening": device.opening})


def an_old_answer(device: Device) -> Any:
    client = Client()
    asked = client.get(ALONE, headers={"Accept": "application/json"}).json()
    client.get(ALONE, headers={"Accept": "application/json"})
    return client.post(ALONE, {"credential": device.sign(asked), "opening": device.opening})


def test_who_left_or_comes_by_single_sign_on_does_not_come_so(staff: Staff) -> None:
    _, device = with_passkey(staff, "staff1")
    person = staff["staff1"]
    person.set_unusable_password()
    person.save()
    assert sign_in_alone(device).status_code == 422
    person.set_password(PASSWORD)
    person.is_active = False
    person.save()
    assert sign_in_alone(device).status_code == 422


def test_a_removed_passkey_opens_nothing_and_leaves_nothing(staff: Staff) -> None:
    client, device = with_passkey(staff, "staff1")
    pk = passkey_of(staff, "staff1").pk
    assert client.post(f"{HERE}passkeys/{pk}/remove/").status_code == 302
    assert SEALED not in json.dumps(list(Authenticator.objects.values_list("data", flat=True)))
    assert sign_in_alone(device).status_code == 422


def test_a_blob_of_another_account_or_passkey_opens_nothing(staff: Staff) -> None:
    _, mine = with_passkey(staff, "staff1")
    _, theirs = with_passkey(staff, "handler1")
    own, other = passkey_of(staff, "staff1"), passkey_of(staff, "handler1")
    assert open_with(own, bytes.fromhex(mine.opening)).public == staff.holders["staff1"].public
    kept = {name: other.data[name] for name in (SEALED, passkey_keys.SALT)}
    own.data = {**own.data, **kept}
    own.save()
    for given in (mine.opening, theirs.opening):
        with pytest.raises(DecryptionFailed):
            open_with(own, bytes.fromhex(given))


def test_a_database_alone_neither_makes_nor_opens_one(staff: Staff, settings: Settings) -> None:
    _, device = with_passkey(staff, "staff1")
    row, opening = passkey_of(staff, "staff1"), bytes.fromhex(device.opening)
    ours, settings.SERVER_KEYS = settings.SERVER_KEYS, OTHER_KEYS
    with pytest.raises(DecryptionFailed):
        open_with(row, opening)
    foreign = seal_private(bytes(32), staff.holders["staff1"].private, place_of(row))
    settings.SERVER_KEYS = ours
    row.data[SEALED] = base64.b64encode(foreign).decode()
    with pytest.raises(DecryptionFailed):
        open_with(row, opening)
    row.data[SEALED] = "no base64"
    with pytest.raises(DecryptionFailed):
        open_with(row, opening)


def test_a_row_from_before_two_officers_set_the_account_up_brings_no_old_key(staff: Staff) -> None:
    _, device = with_passkey(staff, "staff1")
    row = passkey_of(staff, "staff1")
    number = recovery.ask_for_recovery("staff1", NEW, now=cases.START)
    for officer in ("lead1", "dpo1"):
        recovery.confirm(staff.caller(officer), "staff1", number, now=cases.START)
    assert not Authenticator.objects.exists()
    row.save()
    genuine = KeyPair.objects.get(person=staff["staff1"]).genuine_key
    assert sign_in_alone(device).status_code == 422
    assert KeyPair.objects.get(person=staff["staff1"]).genuine_key == genuine


def test_rotated_server_keys_open_it_and_the_older_one_may_go(
    staff: Staff, settings: Settings
) -> None:
    _, device = with_passkey(staff, "staff1")
    first = settings.SERVER_KEYS
    settings.SERVER_KEYS = f"2:{'ab' * 32},{first}"
    assert "mfa_authenticator.data" in set(left_behind())
    reseal_for_server()
    assert not set(left_behind())
    settings.SERVER_KEYS = f"2:{'ab' * 32}"
    found = open_with(passkey_of(staff, "staff1"), bytes.fromhex(device.opening))
    assert found.private == staff.holders["staff1"].private


def test_only_ones_own_passkey_with_its_own_answer_is_let_open(staff: Staff) -> None:
    mine, theirs = Client(), Client()
    type_password(mine, "staff1")
    type_password(theirs, "handler1")
    device, other = add_passkey(mine, staff["staff1"].pk), add_passkey(theirs, staff["handler1"].pk)
    own, foreign = passkey_of(staff, "staff1").pk, passkey_of(staff, "handler1").pk
    assert mine.get(f"{HERE}passkeys/{foreign}/records/").status_code == 404
    assert mine.post(f"{HERE}passkeys/{foreign}/records/").status_code == 404
    assert let_open(mine, own, other) == 422
    assert let_open(mine, own, device, opening="") == 422
    assert let_open(mine, own, device, opening=device.opening[:-2]) == 422
    assert not passkey_keys.opens_records(passkey_of(staff, "staff1"))
    assert let_open(mine, own, device) == 302
    assert "also opens your records" in mine.get(HERE).content.decode()


def test_what_the_browser_sent_is_kept_nowhere(staff: Staff) -> None:
    client, device = with_passkey(staff, "staff1")
    sign_in_alone(device, opening=device.opening)
    kept = json.dumps(list(Authenticator.objects.values_list("data", flat=True)))
    kept += json.dumps(list(Event.objects.values_list("data", flat=True)))
    kept += json.dumps(dict(client.session.items()), default=str)
    assert device.opening not in kept
    assert base64.b64encode(bytes.fromhex(device.opening)).decode() not in kept


def test_allowing_it_and_using_it_are_events_and_neutral_notices(staff: Staff) -> None:
    _, device = with_passkey(staff, "staff1")
    sign_in_alone(device)
    kinds = Event.objects.filter(kind__startswith="account.").order_by("seq").values_list("kind")
    assert [kind for (kind,) in kinds] == [
        "account.factor_added",
        "account.passkey_opens_records",
        "account.opened_by_passkey",
    ]
    told = Notice.objects.filter(kind="sign_in_changed", channel="inbox")
    assert told.count() == 3, "the last one because this browser was not known"
    known = Client()
    type_password(known, "staff1")
    known.post("/accounts/logout/")
    sign_in_alone(device, sign_out(device))
    assert told.count() == 3 + 1
    assert not any(line.context or line.reference for line in told)


def sign_out(device: Device) -> Client:
    """Return the client of a person who signed in by passkey before, and out again."""
    client = Client()
    sign_in_alone(device, client)
    client.post("/accounts/logout/")
    return client
