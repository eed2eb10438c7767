"""A stranger's wrong passwords slow the stranger, and keep out no one else.

Each client here is behind the one proxy of the service, as people do in production.
"""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from pytest_django import Settings

from config import settings as conf
from grievances.encryption.derivation_limit import for_recovery, limiter
from grievances.retention import residue_search
from grievances.web.shared.limits import sign_in_limits
from tests.factories.people import PASSWORD, Staff

pytestmark = pytest.mark.django_db

PROXY = "10.0.0.2"
STRANGER, OFFICE, HOME = "198.51.100.66", "203.0.113.7", "192.0.2.44"
ALICE, BOB = "complainant1", "triage1"
TOO_MANY = "Too many tries that did not work. Wait "
WRONG = "The user name or the password is not right. Check both and try again."
LIMITS = {"browser": 30, "address": 20, "account": 5}


@pytest.fixture(autouse=True)
def _as_in_production(settings: Settings) -> None:
    settings.TRUSTED_PROXIES = 1
    settings.SIGN_IN_TRIES = LIMITS
    cache.clear()


@pytest.fixture(autouse=True)
def seconds(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[float]]:
    """The clock that the delays go by: it moves only when a test moves it."""
    moved = [0.0]
    begun = time.time()
    monkeypatch.setattr(sign_in_limits, "now", lambda: begun + moved[0])
    yield moved
    cache.clear()


def browser(forwarded: str) -> Client:
    """A new browser whose requests reach the service through the proxy."""
    return Client(REMOTE_ADDR=PROXY, headers={"X-Forwarded-For": forwarded})


def try_in(client: Client, name: str, password: str = "not-the-password") -> Any:
    return client.post("/accounts/login/", {"login": name, "password": password})


def gets_in(client: Client, name: str) -> bool:
    try_in(client, name, PASSWORD)
    return client.get("/account/").status_code == 200


def said(answer: Any) -> str:
    text: str = answer.content.decode()
    return text


def be_a_nuisance() -> Client:
    """25 wrong tries on invented names, then 10 on Alice's."""
    client = browser(STRANGER)
    for number in range(25):
        try_in(client, f"invented{number}")
    for _ in range(10):
        try_in(client, ALICE)
    return client


def test_two_addresses_behind_one_proxy_are_counted_apart(staff: Staff) -> None:
    stranger = be_a_nuisance()
    assert TOO_MANY in said(try_in(stranger, ALICE))
    assert gets_in(browser(HOME), ALICE)
    assert gets_in(browser(OFFICE), BOB)


def test_a_browser_that_the_account_knows_gets_in_from_the_strangers_address(staff: Staff) -> None:
    known = browser(STRANGER)
    assert gets_in(known, ALICE)
    known.post("/accounts/logout/")
    be_a_nuisance()
    assert not gets_in(browser(STRANGER), ALICE)
    assert gets_in(known, ALICE)


def test_wrong_tries_from_many_addresses_never_shut_an_account(staff: Staff) -> None:
    for number in range(1, 40):
        for _ in range(2):
            try_in(browser(f"198.51.100.{number}"), ALICE)
    assert gets_in(browser(HOME), ALICE)


@pytest.mark.parametrize("left", ["192.0.2.{}", "192.0.2.{}, 192.0.2.77", "rubbish-{}"])
def test_what_the_client_wrote_itself_gives_no_fresh_tries(staff: Staff, left: str) -> None:
    for number in range(5):
        try_in(browser(f"{left.format(number)}, {STRANGER}"), ALICE)
    assert not gets_in(browser(f"{left.format(99)}, {STRANGER}"), ALICE)
    assert gets_in(browser(f"{STRANGER}, {HOME}"), ALICE)


def test_one_address_cannot_go_through_all_names(staff: Staff) -> None:
    client = browser(STRANGER)
    answers = [said(try_in(client, f"invented{number}")) for number in range(22)]
    assert [TOO_MANY in text for text in answers] == [False] * 20 + [True] * 2


def test_another_ipv6_address_of_the_same_network_is_the_same_place(staff: Staff) -> None:
    for number in range(5):
        try_in(browser(f"2001:db8:0:1::{number:x}"), ALICE)
    assert not gets_in(browser("2001:db8:0:1:ffff::1"), ALICE)
    assert gets_in(browser("2001:db8:0:2::1"), ALICE)


def test_right_passwords_are_not_counted(staff: Staff) -> None:
    """Two hundred people in one building have one address."""
    for _ in range(LIMITS["address"] + 5):
        assert gets_in(browser(OFFICE), BOB)


def test_a_try_that_was_never_looked_at_is_not_counted(staff: Staff, settings: Settings) -> None:
    settings.VAULT_PLACES, settings.VAULT_WAIT_SECONDS = 1, 0.01
    settings.PASSWORD_HASHERS = ["grievances.encryption.password_hasher.CountedArgon2"]
    with limiter():
        for _ in range(6):
            page = try_in(browser(HOME), "not-there", PASSWORD)
            assert "Many people are signing in" in said(page)
    assert TOO_MANY not in said(try_in(browser(HOME), "not-there"))


def test_an_account_that_is_there_and_one_that_is_not_are_answered_alike(staff: Staff) -> None:
    told = []
    for name in (ALICE, "not-there"):
        client = browser(STRANGER)
        pages = [said(try_in(client, name)) for _ in range(7)]
        told.append([(WRONG in page, TOO_MANY in page) for page in pages])
        cache.clear()
    assert told[0] == told[1] == [(True, False)] * 5 + [(False, True)] * 2


class TestKnownBrowser:
    def cookie(self, client: Client) -> Any:
        return client.cookies["fh_browser"]

    def test_the_cookie_is_for_sign_in_alone_and_names_no_one(self, staff: Staff) -> None:
        client = browser(HOME)
        gets_in(client, ALICE)
        kept = self.cookie(client)
        assert kept["httponly"]
        assert kept["samesite"] == "Lax"
        assert kept["path"] == "/accounts/"
        assert kept["max-age"] == 90 * 24 * 60 * 60
        assert ALICE not in kept.value
        other = browser(HOME)
        gets_in(other, ALICE)
        assert self.cookie(other).value.split(":")[0] != kept.value.split(":")[0]

    def test_it_is_for_one_account(self, staff: Staff) -> None:
        mallory = browser(STRANGER)
        assert gets_in(mallory, "staff1")
        mallory.post("/accounts/logout/")
        for _ in range(5):
            try_in(mallory, ALICE)
        assert TOO_MANY in said(try_in(mallory, ALICE, PASSWORD))

    def test_a_made_up_or_changed_one_is_worth_nothing(self, staff: Staff) -> None:
        client = browser(STRANGER)
        gets_in(client, ALICE)
        value = self.cookie(client).value
        other = "1" if value[0] == "0" else "0"
        for forged in ("", "x", "é", "a.b:c:d", value[:-1], other + value[1:]):
            cache.clear()
            thief = browser(STRANGER)
            thief.cookies["fh_browser"] = forged
            for _ in range(5):
                try_in(thief, ALICE)
            assert TOO_MANY in said(try_in(thief, ALICE, PASSWORD)), forged

    def test_the_quick_exit_takes_it_away_and_signing_out_does_not(self, staff: Staff) -> None:
        client = browser(HOME)
        gets_in(client, ALICE)
        client.post("/accounts/logout/")
        assert self.cookie(client).value
        assert "keeps a cookie for 90 days" in said(client.get("/safety/"))
        client.get("/exit/")
        assert not self.cookie(client).value
        assert self.cookie(client)["path"] == "/accounts/"

    def test_a_refused_sign_in_leaves_none(self, staff: Staff) -> None:
        client = browser(HOME)
        try_in(client, ALICE)
        assert "fh_browser" not in client.cookies

    def test_its_own_wrong_tries_end_its_privilege_and_no_one_elses(self, staff: Staff) -> None:
        client, second = browser(STRANGER), browser(OFFICE)
        assert gets_in(client, ALICE)
        assert gets_in(second, ALICE)
        for one in (client, second):
            one.post("/accounts/logout/")
        for _ in range(LIMITS["browser"] + LIMITS["account"]):
            assert TOO_MANY not in said(try_in(client, ALICE))
        assert TOO_MANY in said(try_in(client, ALICE))
        assert gets_in(second, ALICE)


def test_the_counts_hold_no_name_and_no_address(staff: Staff) -> None:
    try_in(browser(STRANGER), ALICE)
    assert residue_search.in_cache("tries:") == 2
    for trace in (ALICE, STRANGER, PROXY):
        assert residue_search.in_cache(trace) == 0


def test_no_sign_in_is_refused_by_the_raw_page_of_the_library(staff: Staff) -> None:
    """Its own limit of sign-ins a minute, and its lock for each address, are off."""
    codes = {try_in(browser(OFFICE), BOB, PASSWORD).status_code for _ in range(70)}
    assert codes == {302}


def test_too_many_changes_of_a_password_are_refused_on_a_page_of_ours(staff: Staff) -> None:
    client = browser(HOME)
    assert gets_in(client, BOB)
    typed = {"oldpassword": "wrong", "password1": "x", "password2": "x"}
    answers = [client.post("/accounts/password/change/", typed) for _ in range(6)]
    assert [answer.status_code for answer in answers] == [200] * 5 + [429]
    assert "Wait a minute, then try again." in said(answers[-1])


def wait_told(answer: Any) -> int:
    (seconds,) = re.findall(r"Wait (\d+) seconds?, then", said(answer))
    return int(seconds)


def test_five_wrong_tries_shut_no_one_out_even_from_the_same_address(
    staff: Staff, settings: Settings
) -> None:
    settings.SIGN_IN_TRIES = conf.SIGN_IN_TRIES
    for _ in range(5):
        try_in(browser(STRANGER), ALICE)
    assert gets_in(browser(STRANGER), ALICE)


def test_each_further_wrong_try_waits_twice_as_long_up_to_a_minute(
    staff: Staff, seconds: list[float]
) -> None:
    told = []
    for _ in range(LIMITS["account"] - 1):
        try_in(browser(STRANGER), ALICE)
    for _ in range(6):
        assert WRONG in said(try_in(browser(STRANGER), ALICE))
        told.append(wait_told(try_in(browser(STRANGER), ALICE)))
        seconds[0] += told[-1] + 1
    assert told == [5, 10, 20, 40, 60, 60]


def test_who_waits_as_long_as_they_are_told_gets_in(staff: Staff, seconds: list[float]) -> None:
    for _ in range(LIMITS["account"] + 20):
        try_in(browser(STRANGER), ALICE)
    refused = try_in(browser(STRANGER), ALICE, PASSWORD)
    seconds[0] += wait_told(refused) + 1
    assert gets_in(browser(STRANGER), ALICE)


def test_tries_that_come_too_early_make_no_wait_longer(staff: Staff, seconds: list[float]) -> None:
    for _ in range(LIMITS["account"]):
        try_in(browser(STRANGER), ALICE)
    for _ in range(30):
        assert wait_told(try_in(browser(STRANGER), ALICE)) == 5


def test_an_address_of_many_people_waits_a_quarter_of_a_minute_at_most(
    staff: Staff, seconds: list[float]
) -> None:
    for number in range(60):
        try_in(browser(OFFICE), f"invented{number}")
        seconds[0] += 16
    try_in(browser(OFFICE), "one-more")
    assert wait_told(try_in(browser(OFFICE), BOB, PASSWORD)) <= 15
    seconds[0] += 16
    assert gets_in(browser(OFFICE), BOB)


def test_an_address_that_is_often_wrong_takes_no_place_of_other_people(
    staff: Staff, settings: Settings
) -> None:
    settings.VAULT_WAIT_SECONDS = 0.05
    settings.PASSWORD_HASHERS = ["grievances.encryption.password_hasher.CountedArgon2"]
    for number in range(4):
        try_in(browser(STRANGER), f"invented{number}")
    with ExitStack() as held:
        with for_recovery():
            held.enter_context(limiter())
        assert "Many people are signing in" in said(try_in(browser(STRANGER), "not-there"))
        assert WRONG in said(try_in(browser(OFFICE), "not-there"))
