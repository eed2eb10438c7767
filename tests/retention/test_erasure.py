"""After erasure the thief comes again, with the server's keys in hand: nothing is left to open.

Another concern of the same people's colleagues lives on beside it, and shows that the same search
finds a link where there is one.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from django import conf
from django.core.cache import caches
from django.db import connection, models
from django.test import Client
from pytest_django import Settings

from grievances.audit import exported_heads
from grievances.audit.models import FORGOTTEN, ChainHead, Event, pseudonymiser_of
from grievances.cases.models.case import Case
from grievances.cases.models.case_keys import Keyring
from grievances.cases.models.parties import (
    Party,
    party_actor,
    party_inbox,
    party_pseudonym,
    standings_of,
)
from grievances.cases.models.stored_keys.held import holder_pseudonym
from grievances.cases.notices import sending, table
from grievances.deadlines.sweep import run_clocks
from grievances.encryption.key_pairs import holder_name
from grievances.encryption.primitives import DecryptionFailed
from grievances.encryption.server_keys import open_for_server, person_pseudonym
from grievances.people.models import User
from grievances.retention import erasure, notice_erasure, residue_search
from grievances.vocabulary import Standing
from notifications.delivery import drain
from notifications.models import Notice
from tests.attacks import whole_case
from tests.attacks.leak_scan import Loot
from tests.attacks.stolen_copy import DIRECTORY, empty_queue, steal
from tests.attacks.text_entry import Hands, Typist
from tests.factories import cases, edge_cases
from tests.factories.cases import at, done, fresh
from tests.factories.people import Staff
from tests.participants import hearing
from tests.signing_in import sign_in
from workflow.chain import verify

REFERENCED = {"grievances_case", "grievances_event", "grievances_chainhead", "grievances_erasure"}
"""Where the reference of an erased case may be."""


@pytest.fixture
def folder(settings: Settings, tmp_path: Path) -> Path:
    settings.DATA_DIR = tmp_path
    settings.MEDIA_ROOT = tmp_path / "evidence"
    settings.EMAIL_FILE_PATH = str(tmp_path / "mail")
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    return tmp_path


@dataclass
class Before:
    """What lay there before: every sealed thing of the case, by where it lay, and its parties."""

    case: Case
    sealed: dict[str, bytes] = field(default_factory=dict)
    actors: set[str] = field(default_factory=set)
    letters: int = 0

    @classmethod
    def of(cls, case: Case) -> Before:
        sealed = {
            f"{table} {row.pk} {each.name}": bytes(value)
            for table, rows in erasure.hanging_rows(case)
            for row in rows
            for each in row._meta.fields
            if isinstance(each, models.BinaryField) and (value := getattr(row, each.name))
        }
        for party in case.parties.all():
            sealed[f"party {party.pk} person"] = bytes(party.sealed_person)
            sealed[f"party {party.pk} address"] = bytes(party.sealed_address)
        for evidence in case.evidence.all():
            for name in residue_search.files_of([str(evidence.pk)]):
                path = Path(conf.settings.MEDIA_ROOT) / name
                sealed[f"file {name}"] = path.read_bytes()[:200]
        actors = set(Event.objects.filter(chain=case.reference).values_list("actor", flat=True))
        letters = len(notice_erasure.letters_of(case))
        return cls(case, {k: v for k, v in sealed.items() if v}, actors, letters)


def pseudonyms_of(case: Case, person: User) -> set[str]:
    """Every name that the server's keys make of a person, wherever it is used."""
    names = {person_pseudonym(person.pk), party_inbox(case.pk, person.pk), party_actor(person.pk)}
    return names | {party_pseudonym(case.pk, standing, person.pk) for standing in Standing}


def rows_of(case: Case) -> Iterator[str]:
    """Everything in a row which tells of this case, in any table."""
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            name = connection.ops.quote_name(table)
            cursor.execute(f"SELECT * FROM {name}")  # noqa: S608 - a name from the database
            columns = [
                column.name if hasattr(column, "name") else column[0]
                for column in cursor.description
            ]
            for row in cursor.fetchall():
                told = dict(zip(columns, row, strict=True))
                if told.get("case_id") == case.pk or case.reference in repr(row):
                    yield f"{table} {told!r}"


def links(case: Case) -> set[str]:
    """User names that the server's keys lead to from the rows of this case."""
    rows = list(rows_of(case))
    pseudonymise = pseudonymiser_of(case.reference)
    found = set()
    for person in User.objects.all():
        holder = holder_pseudonym(case, holder_name(person.pk))
        plain = pseudonyms_of(case, person)
        needles = {*plain, holder, *(pseudonymise(name) for name in plain)} - {FORGOTTEN}
        if any(needle in row for row in rows for needle in needles):
            found.add(person.username)
    found |= {
        str(User.objects.get(pk=party.person_id)) for party in case.parties.all() if party.person_id
    }
    found |= {
        person.username
        for person in User.objects.all()
        if case.pk in {case_id for case_id, _ in standings_of(person.pk)}
    }
    return found


def opened_by_the_server(case: Case) -> list[str]:
    """What the server's keys can open of this case, in any row."""
    found = []
    places = [f"party|{case.pk}", f"address|{case.pk}"]
    for party in Party.objects.all():
        for blob in (bytes(party.sealed_person), bytes(party.sealed_address)):
            for place in places:
                try:
                    found.append(open_for_server(blob, place).decode())
                except DecryptionFailed:
                    continue
    return found


def letters_lead_to(case: Case) -> set[str]:
    """People who were sent a letter that can be told to be about this case.

    The server's keys make every handle; the trail names every event; a letter that has left keeps
    a key, and its Message-ID is made from that.
    """
    pseudonymise = pseudonymiser_of(case.reference)
    keys = set(Notice.objects.values_list("key", flat=True))
    found = set()
    for event in Event.objects.filter(chain=case.reference):
        for kind in {kind for _, kind in table.NOTICES.get(event.kind, ())}:
            for person in User.objects.all():
                for handle in pseudonyms_of(case, person):
                    line = f"{case.reference}:{event.seq}:{kind}:{handle}"
                    plain = hashlib.sha256(line.encode()).hexdigest()
                    if {line, plain, sending.letter_key(line, pseudonymise)} & keys:
                        found.add(person.username)
    others = Event.objects.exclude(chain=case.reference).values("at")
    moments = Event.objects.filter(chain=case.reference).exclude(at__in=others).values("at")
    if Notice.objects.filter(created_at__in=moments).exists():
        found.add("somebody, by the moment")
    return found


@pytest.mark.slow
def test_after_erasure_nothing_opens_and_nothing_leads_to_a_person(
    staff: Staff, folder: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    caches["default"].clear()
    whole_case.add_people(staff)
    typist = Typist(staff, Hands(monkeypatch))
    alive = cases.acknowledged(staff, now=at(-3), who="complainant2", about="staff2")
    case = whole_case.handle_by_pages(typist, whole_case.raise_by_pages(typist))
    whole_case.look_around(typist, case)
    whole_case.aftercare(typist, case, typist.hands)
    run_clocks(at(300))
    run_clocks(at(400))
    case = fresh(case)
    case.deadlines.filter(name="RETENTION").update(current_due=at(500).date())
    drain(now=at(500), addresses_of=sending.addresses_for)
    before = Before.of(case)
    assert len(before.sealed) > 30
    assert before.letters > 10
    assert {"zokonkwo", "triage1", "handler1"} <= links(case)
    case = edge_cases.agree_keeping(staff, case, "erase", "TIME_OVER", at(600))
    done(staff, case, "dpo1", "erase", at(600))
    loot = steal(folder, caplog.text)
    empty_queue()

    assert loot.holds("PLANTED") == []
    for needle in whole_case.NAMES:
        assert loot.holds(needle, besides=frozenset({*DIRECTORY, "raw"})) == [], needle
    for where, blob in before.sealed.items():
        assert loot.holds_bytes(blob) == [], where
    assert set(loot.holds(case.reference)) <= REFERENCED | {"raw"}
    assert links(case) == set()
    assert opened_by_the_server(case) == []
    assert letters_lead_to(case) == set()
    assert not any(Keyring.of(case, holder)._keys for holder in staff.holders.values())
    assert not list(folder.glob("evidence/*"))
    # The search can fail: the concern that lives on is still led back to its people.
    assert {"complainant2", "triage1"} <= links(alive)
    assert opened_by_the_server(alive)
    assert letters_lead_to(alive)


def test_what_stays_of_a_case_has_no_place_for_a_person_or_a_word(staff: Staff) -> None:
    """A table that is kept may hold codes and dates; a name, a seal or a person it may not."""
    stays = [r for r in Case._meta.related_objects if r.get_accessor_name() in erasure.STAYS]
    assert len(stays) == len(erasure.STAYS)
    for relation in stays:
        for each in relation.related_model._meta.fields:
            assert each.related_model is not User, each
            free = isinstance(each, (models.TextField, models.BinaryField, models.FileField))
            wiped = {"sealed_person", "sealed_address", "sealed_away"}
            assert not free or each.name in wiped, each
            assert not (each.name == "handle" and relation.related_model is not Party), each


def test_two_erased_concerns_of_one_person_are_not_led_to_each_other(staff: Staff) -> None:
    several = [edge_cases.erasable(staff)]
    several[0].parties.update(sealed_away=b"sealed", key_ending="hashed")
    other = cases.raised(staff, now=at(10), about="staff2")
    done(staff, several[0], "dpo1", "erase", at(600))
    left = several[0].parties.exclude(sealed_away=b"", key_ending="", sealed_person=b"")
    assert not left.exists()
    assert not set(several[0].parties.values_list("handle")) & set(
        other.parties.values_list("handle")
    )


def test_no_one_who_was_heard_is_left_with_a_notice_of_it(staff: Staff, folder: Path) -> None:
    case = hearing.heard(staff)
    assert Notice.objects.filter(kind="heard").count() == 2
    erasure.destroy(case, {}, at(600))
    assert not Notice.objects.filter(kind="heard").exists()
    assert not Notice.objects.filter(link__startswith="/replies/").exists()


def test_an_erased_case_tells_no_one_from_another(staff: Staff, folder: Path) -> None:
    """The trail stays whole, agrees with what was exported before, and names no one."""
    case = edge_cases.erasable(staff)
    exported_heads.export(folder / "heads", at(599))
    entries = Event.objects.filter(chain=case.reference).count()
    done(staff, case, "dpo1", "erase", at(600))
    assert Event.objects.filter(chain=case.reference).count() == entries + 1
    assert not any(each.is_relation for each in Event._meta.fields)
    assert verify(Event).ok
    assert exported_heads.check(folder / "heads").fault == ""
    assert bytes(ChainHead.objects.get(chain=case.reference).salt) == b""
    assert pseudonymiser_of(case.reference)(person_pseudonym(staff["dpo1"].pk)) == FORGOTTEN
    sign_in(Client(), staff, "complainant1").get(f"/cases/{case.reference}/")
    refused = Event.objects.filter(kind="case.refused").latest("seq")
    assert (refused.data["of"], refused.actor) == (case.reference, FORGOTTEN)


def test_a_deleted_draft_leaves_no_way_to_its_writer(staff: Staff) -> None:
    case = edge_cases.drafted(staff)
    reference = case.reference
    for days in range(0, 88, 4):
        run_clocks(at(days))
    assert Notice.objects.filter(reference=reference).exists()
    done(staff, case, "complainant1", "delete_draft", at(88))
    assert not Notice.objects.filter(reference=reference).exists()
    assert pseudonymiser_of(reference)(party_actor(staff["complainant1"].pk)) == FORGOTTEN
    assert not Case.unguarded.filter(reference=reference).exists()


def test_the_search_finds_a_planted_trace() -> None:
    blob = bytes(range(200, 255))
    assert Loot([("x", b"aa" + blob)]).holds_bytes(blob) == ["x"]
    assert Loot([("x", blob.hex().encode())]).holds_bytes(blob) == ["x"]
