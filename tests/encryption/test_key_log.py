"""The log of keys: it only grows, and a concern that is sealed to another key is found out."""

from __future__ import annotations

import io
from importlib import import_module
from pathlib import Path

import pytest
from django.apps import apps
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import DatabaseError, connection, transaction
from django.test import Client

from grievances.accounts import proof, recovery
from grievances.audit import exported_heads
from grievances.audit.models import Event
from grievances.cases.models.case import Case
from grievances.cases.models.stored_keys.held import rows_on
from grievances.cases.models.stored_keys.rows import SealedKey
from grievances.casework import reading
from grievances.deadlines import health
from grievances.encryption import key_log, primitives, signatures
from grievances.encryption.key_log import Broken, KeyLogEntry
from grievances.encryption.key_pairs import KeyPair, tagged
from grievances.people.models import User
from tests.factories import cases
from tests.factories.cases import START, at
from tests.factories.people import Staff
from tests.signing_in import sign_in
from workflow.sql import triggers

TABLE = "grievances_keylogentry"


def entries() -> list[tuple[str, str]]:
    return list(KeyLogEntry.objects.order_by("seq").values_list("account", "fingerprint"))


def facts_of(staff: Staff, case: Case) -> dict[str, str]:
    text = proof.proof_of(staff.caller("complainant1"), case.reference, now=at(0))
    return proof.read_proof(text, signatures.public_key())


def by_the_owner_of_the_database(sql: str) -> None:
    with transaction.atomic():
        triggers.remove(connection, TABLE)
        with connection.cursor() as cursor:
            cursor.execute(sql)
        triggers.install(connection, TABLE)


def test_a_first_and_a_changed_key_are_entries(staff: Staff) -> None:
    before = entries()
    assert len(before) == len(staff.people)
    number = recovery.ask_for_recovery("triage1", "another-long-password", now=START)
    for officer in ("lead1", "dpo1"):
        recovery.confirm(staff.caller(officer), "triage1", number, now=START)
    fresh = key_log.fingerprint(bytes(KeyPair.objects.get(person=staff["triage1"]).public_key))
    assert entries() == [*before, (key_log.account_of(staff["triage1"].pk), fresh)]
    assert key_log.verified_head() == key_log.head()


def test_the_log_names_no_one(staff: Staff) -> None:
    text = Client().get("/proof/keys.txt").content.decode()
    for person in User.objects.all():
        assert person.username not in text
        assert person.name not in text
    assert len(proof.read_log(text, signatures.public_key())) == len(staff.people)


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE grievances_keylogentry SET fingerprint = 'x'",
        "DELETE FROM grievances_keylogentry WHERE seq > 3",
    ],
)
def test_the_database_refuses_to_change_it(staff: Staff, sql: str) -> None:
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE grievances_keylogentry SET fingerprint = 'aaaa' WHERE seq = 3",
        "UPDATE grievances_keylogentry SET account = 'x' WHERE seq = 3",
        "DELETE FROM grievances_keylogentry WHERE seq = 3",
    ],
)
def test_what_the_owner_of_the_database_changes_is_found(staff: Staff, sql: str) -> None:
    by_the_owner_of_the_database(sql)
    with pytest.raises(Broken):
        key_log.verified_head()
    with pytest.raises(CommandError, match="log of keys"):
        call_command("verify_trail", stdout=io.StringIO())


def test_entries_cut_from_its_end_are_missed_by_the_exported_head(
    staff: Staff, tmp_path: Path
) -> None:
    cases.raised(staff)
    exported_heads.export(tmp_path, START)
    assert exported_heads.check(tmp_path).fault == ""
    by_the_owner_of_the_database("DELETE FROM grievances_keylogentry WHERE seq > 5")
    assert key_log.verified_head().size == 5
    assert "log of keys" in exported_heads.check(tmp_path).fault


def test_a_proof_shows_that_its_keys_were_in_the_log(staff: Staff) -> None:
    facts = facts_of(staff, cases.raised(staff))
    assert len(facts["sealed_to"].split(",")) == 4, "two triage officers, the lead, the officer"
    assert proof.faults_in_log(facts, key_log.lines()) == []


def test_a_key_for_one_concern_alone_is_found_out(staff: Staff) -> None:
    """The service itself was taken over: the tag fits, and the log was not written."""
    _, public = primitives.new_key_pair()
    person = staff["triage2"]
    KeyPair.objects.filter(person=person).update(**tagged(person.pk, public))
    case = cases.raised(staff)
    facts = facts_of(staff, case)
    assert key_log.fingerprint(public) in facts["sealed_to"]
    assert "not in the log" in proof.faults_in_log(facts, key_log.lines())[0]
    assert Event.objects.filter(chain=case.reference, kind="case.key_refused").exists()
    assert health.key_state(at(0)) != "ok"


def test_a_key_that_was_replaced_before_is_not_taken_for_the_present_one(staff: Staff) -> None:
    case = cases.raised(staff)
    facts = facts_of(staff, case)
    key_log.add(staff["triage2"].pk, primitives.new_key_pair()[1])
    assert proof.faults_in_log(facts, key_log.lines()) == [], "the log may go on"
    later = {**facts, "log": key_log.head().digest, "log_size": str(key_log.head().size)}
    assert proof.faults_in_log(later, key_log.lines())


def test_the_page_checks_a_proof(staff: Staff) -> None:
    case = cases.raised(staff)
    text = proof.proof_of(staff.caller("complainant1"), case.reference, now=at(0))
    good = Client().post("/proof/", {"proof": text})
    assert good.status_code == 200
    assert "Every key it was sealed to was in the log" in good.content.decode()
    bad = Client().post("/proof/", {"proof": text.replace("A", "B")})
    assert bad.status_code == 422
    assert "was not made here" in bad.content.decode()


def test_the_command_checks_a_proof_with_a_saved_log(staff: Staff, tmp_path: Path) -> None:
    case, file, log = cases.raised(staff), tmp_path / "proof.txt", tmp_path / "keys.txt"
    file.write_text(proof.proof_of(staff.caller("complainant1"), case.reference, now=at(0)))
    log.write_text(proof.log_of_keys())
    out = io.StringIO()
    call_command("verify_proof", str(file), "--log", str(log), stdout=out)
    assert "Every key was in the log" in out.getvalue()
    log.write_text(log.read_text().replace("1 ", "2 ", 1))
    with pytest.raises(CommandError, match="Not a log of keys"):
        call_command("verify_proof", str(file), "--log", str(log), stdout=out)


def test_an_upgrade_begins_the_log_with_the_keys_that_are_there(staff: Staff) -> None:
    before = sorted(entries())
    by_the_owner_of_the_database("DELETE FROM grievances_keylogentry")
    import_module("grievances.migrations.0025_key_log").begin(apps, None)
    assert sorted(entries()) == before
    assert [mark for _, mark in entries()] == sorted(mark for _, mark in before)
    assert key_log.verified_head().size == len(before)


def test_a_key_that_does_not_open_raises_an_alarm_that_the_complainant_sees(staff: Staff) -> None:
    case = cases.raised(staff)
    _, public = primitives.new_key_pair()
    (row,) = rows_on(case, staff.holders["triage2"].name)
    row.fill(
        public,
        {entry: primitives.new_key() for entry in row.contents.entries.values()},
        row.contents.to,
    )
    row.save()
    for _ in range(2):
        assert reading.open_case(staff.caller("triage2"), case.reference, now=at(0)).locked
    kind = "case.key_does_not_open"
    assert Event.objects.filter(chain=case.reference, kind=kind).count() == 1
    page = sign_in(Client(), staff, "complainant1").get(f"/cases/{case.reference}/")
    assert "does not open" in page.content.decode()
    assert health.key_state(at(0)) != "ok"


def test_a_key_that_is_only_pending_raises_none(staff: Staff) -> None:
    case = cases.raised(staff)
    SealedKey.objects.filter(case=case).exclude(sealed_public=b"").update(sealed=b"")
    reading.open_case(staff.caller("triage2"), case.reference, now=at(0))
    assert not Event.objects.filter(kind="case.key_does_not_open").exists()
