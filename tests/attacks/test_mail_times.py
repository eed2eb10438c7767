"""The join of S9: a letter has an address, the database has times; together they named the case.

The thief has the database, with the trail and the inbox rows of every case to the microsecond, and
the mail folder, with every address and the order in which letters came.
"""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.core import mail
from django.db.models import F
from django.test import override_settings

from grievances.audit.models import Event
from grievances.cases.models.case import Case
from grievances.cases.notices import sending
from notifications.delivery import drain
from notifications.models import ChannelName, Notice
from tests.factories import cases
from tests.factories.cases import START, at
from tests.factories.people import Staff

MEMORY = "django.core.mail.backends.locmem.EmailBackend"
WHO = ("complainant1", "complainant2", "staff1", "staff2")


@pytest.fixture
def letters(staff: Staff) -> list[Notice]:
    """Four people with a private address raise concerns on one day; the post goes all the time."""
    for number, who in enumerate(WHO):
        now = START + timedelta(minutes=50 * number, microseconds=4711 * number)
        cases.raised(staff, who, now, contact="PERSONAL_EMAIL", address=f"{who}@home.invalid")
        drain(now=now + timedelta(minutes=1), addresses_of=sending.addresses_for)
    return list(Notice.objects.filter(channel=ChannelName.EMAIL))


def moments(case: Case) -> set[datetime]:
    """Every moment that the database ties to a case."""
    lines = Notice.objects.filter(reference=case.reference, channel=ChannelName.INBOX)
    events = Event.objects.filter(chain=case.reference)
    return {*lines.values_list("created_at", flat=True), *events.values_list("at", flat=True)}


def led_to(letter: Notice) -> set[int]:
    """The cases with something at a moment that the row of a letter says, or beside its id."""
    said = {letter.created_at, letter.sent_at, letter.next_try_at, letter.claimed_at} - {None}
    near = Notice.objects.filter(id__in=[letter.pk - 1, letter.pk + 1]).exclude(reference="")
    beside = set(near.values_list("reference", flat=True))
    return {
        case.pk for case in Case.unguarded.all() if moments(case) & said or case.reference in beside
    }


def test_no_row_of_a_letter_leads_to_a_case(letters: list[Notice]) -> None:
    assert len(letters) >= len(WHO)
    assert [led_to(letter) for letter in letters if led_to(letter)] == []
    drain(now=at(2), addresses_of=sending.addresses_for)
    sent = Notice.objects.filter(channel=ChannelName.EMAIL)
    assert [led_to(letter) for letter in sent if led_to(letter)] == []
    assert len(set(sent.values_list("created_at", "sent_at"))) == 2


@override_settings(EMAIL_BACKEND=MEMORY)
def test_private_letters_of_a_day_leave_together_when_the_next_slot_begins(
    letters: list[Notice],
) -> None:
    private = {f"{who}@home.invalid" for who in WHO}
    assert not [letter for letter in mail.outbox if set(letter.to) & private]
    drain(now=at(1, hour=4), addresses_of=sending.addresses_for)
    assert not [letter for letter in mail.outbox if set(letter.to) & private]
    drain(now=at(1, hour=5), addresses_of=sending.addresses_for)
    assert {letter.to[0] for letter in mail.outbox} >= private
    rows = Notice.objects.filter(channel=ChannelName.EMAIL, kind="update")
    assert rows.filter(claimed_at__isnull=True, sent_at=F("sent_at")).count() == rows.count()
    assert len(set(rows.values_list("sent_at", flat=True))) == 1
