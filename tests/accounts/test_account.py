"""Coming in by password, and coming back by recovery code with every record still readable."""

from __future__ import annotations

import re

import pytest
from django.core.cache import cache
from django.test import Client

from grievances.accounts import passwords
from grievances.audit.models import Event
from grievances.cases.actions.actor import Caller
from grievances.casework import reading
from grievances.encryption.key_pairs import unlock
from grievances.web.shared.sessions import KEY_COOKIE
from tests.factories import cases
from tests.factories.people import PASSWORD, Staff
from tests.signing_in import sign_in
from workflow.steps import Refused

NEW = "three-quiet-red-bicycles"


@pytest.fixture(autouse=True)
def _no_quota_from_before() -> None:
    cache.clear()


def signed_in_by_form(username: str, password: str) -> Client:
    client = Client()
    client.post("/accounts/login/", {"login": username, "password": password})
    return client


def make_code(staff: Staff, name: str) -> str:
    return passwords.make_code(staff.caller(name), now=cases.START)


def recover(username: str, code: str, password: str = NEW) -> int:
    answers = {"username": username, "code": code, "password1": password, "password2": password}
    return Client().post("/account/forgotten/", answers).status_code


def test_the_sign_in_form_opens_the_account_and_its_key(staff: Staff) -> None:
    client = signed_in_by_form("triage1", PASSWORD)
    assert KEY_COOKIE in client.cookies
    page = client.get("/account/")
    assert page.status_code == 200
    assert "Triage officer" in page.content.decode()
    assert "2036" in page.content.decode(), "when the certificate ends"


def test_a_wrong_password_opens_nothing(staff: Staff) -> None:
    client = signed_in_by_form("triage1", "not-the-password")
    assert KEY_COOKIE not in client.cookies
    assert client.get("/account/").status_code == 302


def test_a_session_without_its_key_is_ended_and_not_limped_on(staff: Staff) -> None:
    client = sign_in(Client(), staff, "triage1")
    del client.cookies[KEY_COOKIE]
    assert client.get("/account/").status_code == 302


@pytest.mark.parametrize(
    "path",
    ["signup/", "password/reset/", "password/set/", "email/", "confirm-email/", "login/code/", ""],
)
def test_no_way_in_that_would_lose_the_key_is_open(staff: Staff, path: str) -> None:
    for client in (Client(), sign_in(Client(), staff, "staff1")):
        assert client.get(f"/accounts/{path}").status_code == 404


def test_changing_the_password_keeps_every_case_readable(staff: Staff) -> None:
    case = cases.acknowledged(staff)
    client = signed_in_by_form("triage1", PASSWORD)
    answers = {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW}
    assert client.post("/accounts/password/change/", answers).status_code == 302
    caller = Caller(staff["triage1"], unlock(staff["triage1"], NEW))
    opened = reading.open_case(caller, case.reference, now=cases.START)
    assert any("accent" in words.text for words in opened.words)
    assert client.get("/account/").status_code == 200, "the session goes on"


def test_a_recovery_code_is_shown_once_and_its_end_is_typed_back(staff: Staff) -> None:
    client = sign_in(Client(), staff, "staff1")
    page = client.post("/account/recovery-code/", {"password": PASSWORD}).content.decode()
    (code,) = re.findall(r"(?:[0-9a-z]{4}-){5}[0-9a-z]{4}", page)
    assert code not in client.get("/account/recovery-code/").content.decode()
    assert code not in client.get("/account/recovery-code/check/").content.decode()
    assert code[-4:] not in str(dict(client.session.items()))
    wrong = client.post("/account/recovery-code/check/", {"group": "zzzz"})
    assert wrong.status_code == 422
    right = client.post("/account/recovery-code/check/", {"group": code[-4:].upper()})
    assert right.status_code == 302
    assert client.post("/account/recovery-code/check/", {"group": code[-4:]}).status_code == 422


def test_an_open_session_alone_makes_no_recovery_code(staff: Staff) -> None:
    client = sign_in(Client(), staff, "staff1")
    page = client.post("/account/recovery-code/", {"password": "someone else"})
    assert page.status_code == 422
    assert not Event.objects.filter(kind="account.recovery_code").exists()


def test_a_lost_password_is_replaced_and_every_case_stays_readable(staff: Staff) -> None:
    case = cases.acknowledged(staff)
    code = make_code(staff, "triage1")
    assert recover("triage1", code.upper().replace("-", " ")) == 302
    client = signed_in_by_form("triage1", NEW)
    assert client.get("/account/").status_code == 200
    assert signed_in_by_form("triage1", PASSWORD).get("/account/").status_code == 302
    caller = Caller(staff["triage1"], unlock(staff["triage1"], NEW))
    opened = reading.open_case(caller, case.reference, now=cases.START)
    assert any("accent" in words.text for words in opened.words)
    assert Event.objects.filter(kind="account.recovered").count() == 1


def test_recovering_ends_the_sessions_that_were_open(staff: Staff) -> None:
    thief = sign_in(Client(), staff, "triage1")
    assert recover("triage1", make_code(staff, "triage1")) == 302
    assert thief.get("/account/").status_code == 302


def test_a_wrong_code_gets_one_sentence_for_every_person(staff: Staff) -> None:
    make_code(staff, "triage1")
    sentences = set()
    for username in ("triage1", "staff1", "nobody-of-this-name"):
        with pytest.raises(Refused) as refused:
            passwords.recover(username, "0000-0000", NEW, now=cases.START)
        sentences.add(str(refused.value))
    assert len(sentences) == 1


def test_after_six_wrong_codes_even_the_right_one_has_to_wait(staff: Staff) -> None:
    code = make_code(staff, "triage1")
    assert [recover("triage1", "0000") for _ in range(6)] == [422] * 6
    assert recover("triage1", code) == 429
    assert recover("Triage1 ", code) == 429


def test_a_weak_new_password_is_refused_before_anything_is_tried(staff: Staff) -> None:
    code = make_code(staff, "triage1")
    assert recover("triage1", code, "short") == 422
    assert unlock(staff["triage1"], PASSWORD)


def test_an_account_that_has_left_cannot_come_back_by_code(staff: Staff) -> None:
    code = make_code(staff, "triage1")
    staff["triage1"].is_active = False
    staff["triage1"].save()
    assert recover("triage1", code) == 422


def test_the_account_page_is_for_accounts(staff: Staff) -> None:
    assert Client().get("/account/").status_code == 302
    assert Client().get("/account/recovery-code/").status_code == 302
