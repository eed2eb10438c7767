"""What leaves the house by mail, and what a copy of it can be matched with."""

from __future__ import annotations

import logging
import sys

import pytest
from django.contrib.sessions.models import Session
from django.core import mail
from django.test import Client, override_settings

from config.logs import CarefulFormatter
from grievances.cases.models.records import Kind, Record
from grievances.cases.notices import sending
from grievances.intake.days import last_day
from grievances.people.models import User
from notifications import delivery
from notifications.models import ChannelName, Notice
from tests.factories import cases
from tests.factories.people import Staff
from tests.signing_in import sign_in

MEMORY = "django.core.mail.backends.locmem.EmailBackend"
SIGNS_OF_A_CASE = ("RC-", "/cases/", "/survey/", "/consent/", "concern about")


@override_settings(EMAIL_BACKEND=MEMORY)
def test_no_letter_leads_to_a_case_or_says_who_raised_one(staff: Staff) -> None:
    case = cases.decided(staff, contact="PERSONAL_EMAIL", address="me@home.invalid")
    cases.done(staff, case, "complainant1", "accept_outcome", cases.START)
    delivery.drain(now=cases.at(1), addresses_of=sending.addresses_for, batch=500)
    own = [letter for letter in mail.outbox if letter.to == ["me@home.invalid"]]
    assert own
    assert len({(str(letter.subject), str(letter.body)) for letter in own}) == 1
    for letter in mail.outbox:
        words = f"{letter.subject} {letter.body} {letter.extra_headers}"
        assert not [sign for sign in SIGNS_OF_A_CASE if sign in words]
        assert case.reference not in words


@override_settings(EMAIL_BACKEND=MEMORY)
def test_a_sent_letter_cannot_be_led_back_to_an_inbox_or_a_case(staff: Staff) -> None:
    cases.raised(staff, contact="PERSONAL_EMAIL", address="me@home.invalid")
    delivery.drain(now=cases.at(1), addresses_of=sending.addresses_for, batch=500)
    sent = Notice.objects.filter(channel=ChannelName.EMAIL)
    assert sent.exists()
    for row in sent:
        assert (row.handle, row.reference, bytes(row.sealed_recipient)) == ("sent", "", b"")
        assert "RC-" not in row.key + row.link


def test_a_session_row_keeps_no_minute_and_no_account_keeps_when_it_was_here(staff: Staff) -> None:
    sign_in(Client(), staff, "complainant1").get("/")
    assert {row.expire_date.timestamp() % 7200 for row in Session.objects.all()} == {0.0}
    assert not User.objects.filter(last_login__isnull=False).exists()


def test_the_log_of_a_failure_keeps_no_word_of_it() -> None:
    name = "bob".title()
    try:
        raise ValueError(f"when {name} spat at me")
    except ValueError:
        failure = sys.exc_info()
    record = logging.LogRecord("x", logging.ERROR, "x.py", 1, "Failed", None, failure)
    text = CarefulFormatter("{message}", style="{").format(record)
    assert "ValueError" in text
    assert name not in text


@pytest.mark.parametrize("words", ["", "The last day it happened: when Bob spat at me"])
def test_a_day_that_is_no_day_is_no_day(words: str) -> None:
    assert last_day(words) is None


def test_the_length_of_a_name_does_not_show(staff: Staff) -> None:
    lengths = set()
    for who, address in (("complainant1", ""), ("complainant2", "a.very.long.one@home.invalid")):
        case = cases.raised(staff, who, contact="PERSONAL_EMAIL", address=address or "a@b.invalid")
        party = case.parties.get(standing="COMPLAINANT")
        name = Record.objects.get(case=case, kind=Kind.NAME)
        lengths.add((len(party.sealed_person), len(party.sealed_address), len(name.sealed)))
    assert len(lengths) == 1
