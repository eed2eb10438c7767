"""Sessions end when they say, are listed for their person alone, and end everywhere at once."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.contrib.sessions.backends.base import UpdateError
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.test import Client
from pytest_django import Settings

from grievances.accounts import passwords, recovery
from grievances.accounts.session_models import AccountSession
from grievances.accounts.sign_on_models import SignOnBinding
from grievances.encryption.key_pairs import make_key_pair, make_recovery_code
from grievances.intake import submission
from grievances.people.models import User
from grievances.web.shared import session_store, sessions
from grievances.web.shared.session_store import TIME_COOKIE
from tests.factories import cases
from tests.factories.people import PASSWORD, Staff
from tests.operations.test_settings import start
from tests.second_factors import type_password
from tests.signing_in import come_back, sign_in
from tests.signing_on import PASSPHRASE, let_in

NEW = "three-quiet-red-bicycles"
IDLE, LONGEST = 60 * 60, 12 * 60 * 60


@pytest.fixture(autouse=True)
def _no_counts_from_before() -> Iterator[None]:
    cache.clear()
    yield
    cache.clear()


class Seconds:
    """The real clock of the sessions, moved by hand."""

    def __init__(self) -> None:
        self.now = 1_800_000_000

    def __call__(self) -> int:
        return self.now


@pytest.fixture
def seconds(monkeypatch: pytest.MonkeyPatch) -> Seconds:
    it = Seconds()
    monkeypatch.setattr(session_store, "time", SimpleNamespace(time=it))
    return it


def is_in(client: Client) -> bool:
    return client.get("/account/").status_code == 200


def test_a_session_ends_to_the_second_after_its_last_use(staff: Staff, seconds: Seconds) -> None:
    client = Client()
    type_password(client, "staff1")
    for _ in range(3):
        seconds.now += IDLE - 1
        assert is_in(client)
    seconds.now += IDLE
    assert not is_in(client)
    assert "Your session has ended" in client.get("/accounts/login/").content.decode()


def test_a_session_that_is_used_all_the_time_ends_in_the_end(
    staff: Staff, seconds: Seconds
) -> None:
    client = Client()
    type_password(client, "staff1")
    began = seconds.now
    while seconds.now + 1800 < began + LONGEST:
        seconds.now += 1800
        assert is_in(client)
    seconds.now = began + LONGEST
    assert not is_in(client)


def test_a_case_key_and_a_companion_end_as_an_account_does(staff: Staff, seconds: Seconds) -> None:
    answers = {**cases.ACCOUNT, "region": "NORTH"}
    readers = [person.pk for person in submission.preview_anonymous(answers, now=cases.START)]
    sent = submission.submit_anonymous(answers, expected=readers, now=cases.START)
    case, _ = submission.find_by_case_key(sent.case_key)
    client = come_back(Client(), sent.case_key)
    assert client.get(f"/cases/{case.reference}/").status_code == 200
    seconds.now += IDLE
    assert client.get(f"/cases/{case.reference}/").status_code == 302


@pytest.mark.parametrize("fault", ["missing", "older", "of another", "forged", "empty"])
def test_without_its_own_cookie_of_times_a_session_ends(
    staff: Staff, seconds: Seconds, fault: str
) -> None:
    client, other = Client(), Client()
    type_password(client, "staff1")
    first = client.cookies[TIME_COOKIE].value
    type_password(other, "staff2")
    seconds.now += IDLE - 1
    assert is_in(client)
    seconds.now += 2
    if fault == "missing":
        del client.cookies[TIME_COOKIE]
    else:
        value = {
            "older": first,
            "of another": other.cookies[TIME_COOKIE].value,
            "forged": "9999999999:9999999999:0:x:y:z",
            "empty": "",
        }[fault]
        client.cookies[TIME_COOKIE] = value
    assert not is_in(client)


def test_asking_what_is_left_does_not_extend_it(staff: Staff, seconds: Seconds) -> None:
    client = Client()
    type_password(client, "staff1")
    for _ in range(4):
        seconds.now += 1000
        left = client.get("/session/left/").json()["left"]
    assert left <= 0 or not is_in(client)
    assert client.get("/session/left/").json() == {"left": 0}


def test_each_page_says_when_its_session_ends(staff: Staff) -> None:
    client = sign_in(Client(), staff, "staff1")
    page = client.get("/account/").content.decode()
    assert re.search(r"If you do nothing here, you are signed out at \d\d:\d\d\.", page)
    assert "signed out at" not in Client().get("/support/").content.decode()


def test_what_was_typed_when_the_time_was_over_comes_back(staff: Staff, seconds: Seconds) -> None:
    client = Client()
    type_password(client, "complainant1")
    page = "/account/bring-in/"
    seconds.now += IDLE
    answer = client.post(page, {"case_key": "PLANTED-TYPED", "account": "PLANTED-TYPED"})
    assert answer["Location"].startswith("/accounts/login/")
    type_password(client, "complainant1")
    assert "typing" in client.session, "sealed for this browser, it waits for its page"


def test_the_script_seals_what_was_typed_for_its_page_and_for_no_other_site(staff: Staff) -> None:
    client = Client()
    answer = client.post("/session/keep/?next=/raise/", {"account": "PLANTED-TYPED"})
    assert answer["Location"] == "/accounts/login/?next=%2Fraise%2F"
    assert "PLANTED" not in json.dumps(dict(client.session.items()))
    for bad in ("//evil.example/", "https://evil.example/", "/\\evil.example", "javascript:x", ""):
        away = Client().post("/session/keep/", {}, query_params={"next": bad})
        assert away["Location"] == "/accounts/login/?next=%2F", bad


def test_a_session_row_tells_no_second(staff: Staff) -> None:
    client = Client()
    type_password(client, "staff1")
    client.get("/account/")
    kept = json.dumps(dict(client.session.items()))
    assert "staff1" not in kept
    now = str(session_store.second_now())[:7]
    assert now not in kept, "no time of the sign-in, to the half hour"
    assert now not in "".join(AccountSession.objects.values_list("note", flat=True))


def test_the_list_of_sessions_is_for_their_person_alone(staff: Staff) -> None:
    here = Client(headers={"User-Agent": "Mozilla/5.0 Firefox/140.0"})
    there = Client(headers={"User-Agent": "Mozilla/5.0 Chrome/156.0 Safari/537.36"})
    other = Client()
    type_password(here, "staff1")
    type_password(there, "staff1")
    type_password(other, "staff2")
    page = here.get("/account/sessions/").content.decode()
    assert page.count("Signed in on") == 2
    assert "This browser (Firefox)" in page
    assert "Another browser (Chrome)" in page
    notes = "".join(AccountSession.objects.values_list("note", flat=True))
    assert not re.search("firefox|chrome", bytes.fromhex(notes).decode("latin-1"), re.IGNORECASE)
    assert len({len(note) for note in AccountSession.objects.values_list("note", flat=True)}) == 1
    assert other.get("/account/sessions/").content.decode().count("Signed in on") == 1


def test_sign_out_everywhere_ends_every_browser_and_no_one_elses(staff: Staff) -> None:
    clients = [Client() for _ in range(3)]
    other = Client()
    for client in clients:
        type_password(client, "staff1")
    type_password(other, "staff2")
    clients[0].post("/account/sessions/", {"others": "yes"})
    assert [is_in(client) for client in clients] == [True, False, False]
    type_password(clients[1], "staff1")
    clients[1].post("/account/sessions/", {"everywhere": "yes"})
    assert [is_in(client) for client in clients] == [False, False, False]
    assert is_in(other)


def test_a_changed_password_ends_the_other_sessions_and_their_rows(staff: Staff) -> None:
    here, there = Client(), Client()
    type_password(here, "staff1")
    type_password(there, "staff1")
    answers = {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW}
    here.post("/accounts/password/change/", answers)
    assert is_in(here)
    assert not is_in(there)
    assert AccountSession.objects.filter(person=staff["staff1"]).count() == 1


def sso(staff: Staff) -> tuple[User, Any]:
    person = staff["staff2"]
    person.set_unusable_password()
    person.save()
    person.key_pair.delete()
    holder = make_key_pair(person, PASSPHRASE)
    return person, holder


def sso_client(person: User) -> Client:
    client = let_in(person)
    client.post("/account/passphrase/", {"passphrase": PASSPHRASE})
    assert is_in(client)
    return client


def test_recovery_by_code_ends_the_sessions_of_single_sign_on(staff: Staff) -> None:
    person, holder = sso(staff)
    code = make_recovery_code(person, holder)
    thief = sso_client(person)
    passwords.recover(person.username, code, NEW, now=cases.START)
    assert not is_in(thief)
    assert SignOnBinding.objects.filter(person=person).exists()


def test_recovery_by_two_officers_ends_the_sessions_of_single_sign_on(staff: Staff) -> None:
    person, _ = sso(staff)
    thief = sso_client(person)
    number = recovery.ask_for_recovery(person.username, NEW, now=cases.START)
    for officer in ("lead1", "dpo1"):
        recovery.confirm(staff.caller(officer), person.username, number, now=cases.START)
    assert not is_in(thief)


def test_exit_leaves_no_cookie_of_a_visit(staff: Staff) -> None:
    client = Client()
    type_password(client, "staff1")
    client.get("/session/mark.css")
    client.get("/exit/")
    left = {name for name, morsel in client.cookies.items() if morsel.value}
    assert not left
    client.get("/accounts/login/")
    assert client.cookies["csrftoken"]["max-age"] == "", "it goes with the browser"


def test_an_old_cookie_in_production_costs_one_sign_in_and_no_word(
    staff: Staff, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = Client(enforce_csrf_checks=True)
    old.get("/accounts/login/")
    token = old.cookies["csrftoken"].value
    type_before = Client()
    type_password(type_before, "staff1")
    for name in ("fh_session", "fh_key", "fh_time"):
        old.cookies[name] = type_before.cookies[name].value
    settings.COOKIE_PREFIX = "__Host-"
    settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME = (
        "__Host-fh_session",
        "__Host-csrftoken",
    )
    answers = {"csrfmiddlewaretoken": token, "case_key": "PLANTED"}
    answer = old.post("/account/bring-in/", answers)
    assert answer.status_code == 302, "the form is taken, and the person asked to sign in"
    assert answer["Location"].startswith("/accounts/login/")
    assert old.cookies["__Host-csrftoken"].value == token
    assert "typing" in old.session
    for name in ("fh_session", "fh_key", "csrftoken"):
        assert not old.cookies[name].value
    assert sessions.BROWSER_PATH == "/accounts/"


NAMES = """
import django; django.setup()
from django.conf import settings
from grievances.web.shared import session_store, sessions
assert settings.SESSION_COOKIE_SECURE and settings.CSRF_COOKIE_SECURE
assert settings.SESSION_COOKIE_PATH == settings.CSRF_COOKIE_PATH == "/"
assert settings.SESSION_COOKIE_DOMAIN is settings.CSRF_COOKIE_DOMAIN is None
print(settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME)
for module in (sessions, session_store):
    print(*(getattr(module, name) for name in dir(module) if name.endswith("_COOKIE")))
"""


def test_in_production_every_cookie_is_bound_to_this_host(tmp_path: Path) -> None:
    done = start(tmp_path, "-c", NAMES, DJANGO_SETTINGS_MODULE="config.settings")
    assert done.returncode == 0, done.stderr
    names = done.stdout.split()
    assert len(names) >= 9
    for name in names:
        assert name.startswith("__Secure-" if name.endswith("fh_browser") else "__Host-"), name


def test_a_request_under_way_cannot_bring_an_ended_session_back(staff: Staff) -> None:
    client = Client()
    type_password(client, "staff1")
    row = client.session
    assert row["vault"], "the request has read its session"
    Session.objects.filter(session_key=row.session_key).delete()
    row["late"] = True
    with pytest.raises(UpdateError):
        row.save()
    assert not is_in(client)
