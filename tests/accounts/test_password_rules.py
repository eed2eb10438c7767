"""Passwords that someone who knows the organisation would try are refused."""

from __future__ import annotations

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.test import Client
from pytest_django import Settings

from grievances.people.models import User
from tests.factories.people import PASSWORD, Staff


def is_refused(password: str, user: User) -> bool:
    try:
        validate_password(password, user)
    except ValidationError:
        return True
    return False


NAMES = [
    "staff2staff2",
    "Staff2-Staff2!",
    "my-staff2-password",
    "2ffats-and-so-on",
    "5taff2 is my n4me",
    "STAFF staff STAFF",
    "zainab has a long one",
    "Żainab-ÖZTÜRK-1984",
]
OFFICES = [
    "leeds is where I am",
    "Hull-office-2026!",
    "L33ds-is-the-best",
    "probation-service-1",
    "northshire rocks 12",
    "the-nshire-domain-x",
]
REPEATED = [
    "abcabcabcabc",
    "xyxyxyxyxyxyx",
    "aaaaaaaaaaaa",
    "kq7-kq7-kq7-kq7-",
    "abcdefghijklm",
    "98765432109876",
]
COMMON = [
    "password1234",
    "P@ssw0rd-2026",
    "1234password!",
    "sunshine-2026",
    "letmeinletmein",
    "qwertyuiop12",
    "Iloveyou!!!!!",
    "the-password-2026",
    "my football 1984",
    "P\uff41ssword-2026",
]
GOOD = [
    "correct horse battery staple",
    "winter-kettle-orbit",
    "9f$Kq2!mZx7&Lp",
    "three unrelated lamps",
    "żółta łódka pływa",
    PASSWORD,
]


@pytest.fixture
def user(staff: Staff, settings: Settings) -> User:
    settings.ORGANISATION_WORDS = ["Northshire"]
    settings.SITE_URL = "https://concerns.nshire.example"
    person = staff["staff2"]
    person.name, person.email = "Zainab Öztürk", "z.ozturk@work.invalid"
    return person


@pytest.mark.parametrize("password", [*NAMES, *OFFICES, *REPEATED, *COMMON])
def test_a_password_that_would_be_tried_is_refused(user: User, password: str) -> None:
    assert is_refused(password, user)


@pytest.mark.parametrize("password", GOOD)
def test_a_good_password_is_taken(user: User, password: str) -> None:
    assert not is_refused(password, user)


def test_the_page_says_in_one_sentence_what_to_do(staff: Staff) -> None:
    client = Client()
    assert (
        client.post("/accounts/login/", {"login": "staff2", "password": PASSWORD}).status_code
        == 302
    )
    said = {"oldpassword": PASSWORD, "password1": "staff2staff2", "password2": "staff2staff2"}
    page = client.post("/accounts/password/change/", said)
    assert "contains your user name" in page.content.decode()
    assert User.objects.get(username="staff2").check_password(PASSWORD)
