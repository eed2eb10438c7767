"""What an organisation still has to do before people can raise concerns here."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, datetime, timedelta

from django.conf import settings

from grievances.audit.models import Heartbeat
from grievances.evidence import virus_scan
from grievances.people.models import Unit, User, in_office, is_certified
from grievances.vocabulary import Division, Office, Role

BACKUP = "backup"
"""The name of the row that says when a backup was last made."""
LATE = timedelta(days=2)
NEEDED = {
    Office.TRIAGE: Role.TRIAGE,
    Office.HANDLER: Role.HANDLER,
    Office.DECIDER: Role.DECIDER,
    Office.APPEAL: Role.APPEAL,
}
"""The offices without which a case cannot be worked on.

Each has the role whose certificates its people need. Source: domain.md 5.2 and 11.2.
"""
READERS = (Office.LEAD, Office.DPO, Office.INDEPENDENT)
"""Those of the oversight to whom something is sealed, so that they need keys."""
OVERSIGHT = (Office.LEAD, Office.DPO, Office.INDEPENDENT, Office.ANALYST, Office.DIRECTORY)


def record_backup(now: datetime) -> None:
    """Record that a backup was made at this moment (UTC)."""
    Heartbeat.objects.update_or_create(name=BACKUP, defaults={"at": now})


def missing(now: datetime, today: date) -> list[str]:
    """Return what is still missing: one sentence each that says what to do."""
    return [*_people(today), *_offices(today), *_operation(now)]


def _people(today: date) -> Iterator[str]:
    if not Unit.objects.exists() or not User.objects.filter(is_active=True).exists():
        yield "The directory is empty. Import it: manage.py import_directory FILE --new-units."
    elif not User.objects.filter(is_active=True, managed_by__isnull=False).exists():
        yield "No one has a line manager in the directory. Import the lines: they are conflicts."


def _offices(today: date) -> Iterator[str]:
    for office, role in NEEDED.items():
        people = list(
            in_office(office, today).select_related("key_pair").prefetch_related("training")
        )
        able = [person for person in people if is_certified(person, role, today)]
        if not people:
            yield f"No one is appointed {office.label.lower()}. Appoint at least one person."
        elif not able:
            yield f"No {office.label.lower()} has valid certificates. Enter them, or train one."
        elif not any(hasattr(person, "key_pair") for person in able):
            yield _without_keys(office)
        elif office is Office.TRIAGE:
            yield from _divisions_without(able)
    for office in OVERSIGHT:
        holders = in_office(office, today)
        if not holders.exists():
            yield f"No one is appointed {office.label.lower()}. Appoint one person."
        elif office in READERS and not holders.filter(key_pair__isnull=False).exists():
            yield _without_keys(office)


def _without_keys(office: Office) -> str:
    return (
        f"No {office.label.lower()} has signed in yet, so no words can be sealed for one. Ask one "
        "to sign in, by single sign-on or with a link: manage.py invite_people."
    )


def _divisions_without(able: list[User]) -> Iterator[str]:
    there: dict[str, int] = defaultdict(int)
    for person in User.objects.filter(pk__in=[each.pk for each in able]).select_related("unit"):
        if person.unit is not None:
            there[person.unit.division] += 1
    used = User.objects.filter(is_active=True).values_list("unit__division", flat=True)
    for division in Division:
        if division.value in set(used.distinct()) and not there[division]:
            yield f"No triage officer works in {division.label}. Appoint one there."


def _operation(now: datetime) -> Iterator[str]:
    made = Heartbeat.objects.filter(name=BACKUP).first()
    if made is None:
        yield "No backup has been made. Make one: manage.py backup FOLDER."
    elif made.at < now - LATE:
        yield f"The last backup is of {made.at:%-d %B %Y}. Make one every night."
    if not settings.BACKUP_RECIPIENTS:
        yield "Backups are not encrypted. Set BACKUP_RECIPIENTS to age keys."
    if not settings.CLAMD_URL:
        yield "Files are not scanned for viruses. Set CLAMD_URL to a ClamAV."
    else:
        yield from _scanner(virus_scan.state(now))
    if settings.EMAIL_BACKEND.endswith("filebased.EmailBackend") and not settings.NOTIFY_API_KEY:
        yield "Mail is written to a folder and reaches no one. Set EMAIL_URL."


def _scanner(state: str) -> Iterator[str]:
    if state == virus_scan.AWAY:
        yield "The virus scanner does not answer. Start it, or correct CLAMD_URL."
    elif state == virus_scan.OLD:
        yield "The virus scanner knows no virus of the last week. Start freshclam beside it."
