"""People from a file choose their own first password by a link that opens once."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.contrib.auth.hashers import make_password
from django.core.mail import EmailMessage
from django.core.management import CommandError, call_command
from django.test import Client
from pytest_django import Settings

from grievances.accounts.first_sign_in import choose_password, invited, link_of
from grievances.accounts.sign_on_models import SignOnBinding
from grievances.audit.models import Event
from grievances.encryption.key_pairs import KeyPair
from grievances.people.models import Unit, User
from grievances.web.shared import clock
from tests.factories.people import Staff
from tests.notifications.smtp_sink import serving
from workflow.steps import Refused

GOOD = "three-quiet-red-bicycles"
TYPED = {"password1": GOOD, "password2": GOOD}


@pytest.fixture
def newcomer(staff: Staff) -> User:
    """A person as an import of the directory makes them."""
    unit = Unit.objects.create(code="NEW", name="New", region="NORTH")
    return User.objects.create(
        username="n001", name="Noor N", email="n@work.invalid", unit=unit, grade=3,
        password=make_password(None),
    )  # fmt: skip


def page_of(person: User) -> str:
    """The path of the person's link."""
    return re.sub(r"^https?://[^/]+", "", link_of(person, clock.now()))


def test_everyone_without_a_password_is_mailed_a_link_and_signs_in(
    newcomer: User, mailoutbox: list[EmailMessage], capsys: pytest.CaptureFixture[str]
) -> None:
    call_command("invite_people")
    assert capsys.readouterr().out == "Links mailed: 1.\n"
    (letter,) = mailoutbox
    assert letter.to == ["n@work.invalid"]
    words = f"{letter.subject} {letter.body}".casefold()
    assert not re.search(r"concern|discriminat|noor|n001|race", words.split("http")[0])
    client = Client()
    page = re.search(r"https?://[^/]+(/account/first/\S+)", str(letter.body))
    assert page
    assert "n001" in client.get(page[1]).content.decode()
    assert client.post(page[1], TYPED)["Location"] == "/accounts/login/"
    assert "Your user name is n001" in client.get("/accounts/login/").content.decode()
    signed_in = client.post("/accounts/login/", {"login": "n001", "password": GOOD})
    assert signed_in.status_code == 302
    assert client.get("/account/").status_code == 200
    assert Event.objects.filter(kind="account.first_password").count() == 1
    again = Client().post(page[1], TYPED)
    assert again.status_code == 404
    assert "was used before" in again.content.decode()
    call_command("invite_people", "--count")
    assert capsys.readouterr().out == "0 people can be mailed a link.\n"


def test_a_weak_or_mistyped_password_keeps_the_link(newcomer: User) -> None:
    client, page = Client(), page_of(newcomer)
    for typed in ({"password1": GOOD, "password2": "other"}, {"password1": "a", "password2": "a"}):
        assert client.post(page, typed).status_code == 422
    assert client.post(page, TYPED).status_code == 302


@pytest.mark.parametrize(
    "reason", ["old", "cut", "left", "has a password", "single sign-on", "moved", "again"]
)
def test_a_link_that_opens_nothing_says_so_and_not_why(newcomer: User, reason: str) -> None:
    page, late = page_of(newcomer), clock.now() + timedelta(days=7, minutes=1)
    secret = page.split("/")[-2]
    if reason == "old":
        with pytest.raises(Refused):
            choose_password(secret, GOOD, late)
        return
    if reason == "cut":
        page = page[:-9] + "/"
    elif reason == "left":
        User.objects.update(is_active=False)
    elif reason == "has a password":
        newcomer.set_password(GOOD)
        newcomer.save()
    elif reason == "moved":
        User.objects.filter(pk=newcomer.pk).update(email="right@work.invalid")
    elif reason == "single sign-on":
        SignOnBinding.objects.create(person=newcomer, subject="x")
    else:
        newcomer.set_unusable_password()
        newcomer.save()
    for answer in (Client().get(page), Client().post(page, TYPED)):
        assert answer.status_code == 404
        assert "was used before, is older than a week" in answer.content.decode()
    assert not KeyPair.objects.filter(person=newcomer).exists()


def test_who_is_named_gets_a_printed_link_and_no_one_else(
    newcomer: User, capsys: pytest.CaptureFixture[str], mailoutbox: list[EmailMessage]
) -> None:
    User.objects.filter(pk=newcomer.pk).update(email="")
    call_command("invite_people")
    assert "1 have no email address" in capsys.readouterr().out
    call_command("invite_people", "n001")
    assert capsys.readouterr().out.startswith("n001 http")
    with pytest.raises(CommandError, match="triage1 is no account without a password"):
        call_command("invite_people", "triage1")
    assert mailoutbox == []
    assert list(invited(["HQ"])) == []


def test_no_one_is_mailed_a_password_where_people_sign_in_by_single_sign_on(
    newcomer: User, settings: Settings, mailoutbox: list[EmailMessage]
) -> None:
    settings.SINGLE_SIGN_ON = {"client_id": "x"}
    with pytest.raises(CommandError, match="by single sign-on here"):
        call_command("invite_people")
    assert mailoutbox == []
    call_command("invite_people", "n001")


def test_a_mail_server_that_is_away_is_told_with_how_many_it_took(
    newcomer: User, settings: Settings
) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
    with pytest.raises(CommandError, match="took 0 of 1 letters and then failed. Run this again"):
        call_command("invite_people")


def test_an_address_that_is_refused_stops_no_other_letter(
    newcomer: User, settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    later = User.objects.create(
        username="n002", name="Ola O", email="o@work.invalid", unit=newcomer.unit, grade=3,
        password=make_password(None),
    )  # fmt: skip
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
    with serving() as server:
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port
        server.answers[newcomer.email] = b"550 no such person"
        call_command("invite_people")
    assert [letter["To"] for letter in server.arrived] == [later.email]
    said = capsys.readouterr()
    assert said.out == "Links mailed: 1.\n"
    assert "Letters refused: 1. Correct the addresses of n001 (SMTP_550)" in said.err


@pytest.mark.parametrize("other", ["n@work.invalid", "N@Work.invalid", " n@work.invalid "])
@pytest.mark.parametrize("has_password", [True, False])
def test_no_link_is_mailed_to_an_address_that_two_accounts_share(
    newcomer: User, mailoutbox: list[EmailMessage], capsys: pytest.CaptureFixture[str],
    other: str, has_password: bool,
) -> None:  # fmt: skip
    password = "!".join("ab") if has_password else make_password(None)
    twin = User.objects.create(
        username="n002", name="Ola O", email=other, unit=newcomer.unit, grade=3, password=password
    )
    User.objects.create(
        username="n003", name="Per P", email="p@work.invalid", unit=newcomer.unit, grade=3,
        password=make_password(None),
    )  # fmt: skip
    call_command("invite_people")
    assert [letter.to for letter in mailoutbox] == [["p@work.invalid"]]
    said = capsys.readouterr()
    assert said.out == "Links mailed: 1.\n"
    names = "n001" if has_password else "n001, n002"
    assert f"no link was mailed to {names}: correct the address" in said.err
    assert "work.invalid" not in said.err.casefold()
    call_command("invite_people", "--count")
    assert capsys.readouterr().out == "1 people can be mailed a link.\n"
    twin.is_active = False
    twin.save()
    call_command("invite_people", "--count")
    assert capsys.readouterr().out == "2 people can be mailed a link.\n"
    call_command("invite_people", "n001")
    assert capsys.readouterr().out.startswith("n001 http")
