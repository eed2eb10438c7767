"""The checklist of a new organisation: what is missing, and that each thing leaves the list."""

from __future__ import annotations

from datetime import timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command

from grievances.encryption.key_pairs import KeyPair
from grievances.operations import checklist
from grievances.people.models import Appointment, Training, Unit
from grievances.vocabulary import Office
from tests.factories.cases import START
from tests.factories.people import Staff

TODAY = START.date()


def said() -> str:
    return " ".join(checklist.missing(START, TODAY))


def test_an_empty_organisation_is_told_where_to_begin(policies: None) -> None:
    assert "The directory is empty" in said()
    assert "No one is appointed triage officer" in said()


def test_what_is_there_is_not_on_the_list(staff: Staff) -> None:
    assert "triage officer" not in said()
    assert "line manager" not in said()
    assert "keeper of the staff directory" in said()
    Appointment.objects.create(person=staff["staff1"], office=Office.DIRECTORY, from_date=TODAY)
    assert "appointed" not in said()


def test_officers_without_valid_certificates_are_named_by_office(staff: Staff) -> None:
    Training.objects.filter(certificate="TRIAGE").update(expires_on=TODAY - timedelta(days=1))
    assert "No triage officer has valid certificates" in said()


@pytest.mark.parametrize(
    ("office", "word"), [("triage", "triage officer"), ("lead", "casework lead")]
)
def test_an_officer_who_has_never_signed_in_can_be_sent_nothing(
    staff: Staff, office: str, word: str
) -> None:
    """People from a file have no keys before they choose a password, so no words reach them."""
    assert "signed in" not in said()
    holders = KeyPair.objects.filter(person__appointments__office=office)
    first, *others = holders
    KeyPair.objects.filter(pk__in=[each.pk for each in others]).delete()
    assert "signed in" not in said()
    first.delete()
    assert f"No {word} has signed in" in said()
    assert "manage.py invite_people" in said()


def test_a_division_with_people_needs_a_triage_officer(staff: Staff) -> None:
    assert "Scotland" not in said()
    Unit.objects.filter(code="YORK").update(division="SCT")
    assert "No triage officer works in Scotland" in said()
    assert "Northern Ireland" not in said()


def test_a_backup_leaves_the_list_until_it_is_old(staff: Staff) -> None:
    assert "No backup has been made" in said()
    checklist.record_backup(START)
    assert "backup" not in said()
    checklist.record_backup(START - timedelta(days=3))
    assert "The last backup is of" in said()


@pytest.mark.django_db
def test_the_command_prints_a_sentence_for_each_thing(
    staff: Staff, settings: object, tmp_path: Path
) -> None:
    out = StringIO()
    call_command("setup", stdout=out)
    assert "- No backup has been made." in out.getvalue()
    assert "things are missing" in out.getvalue()
