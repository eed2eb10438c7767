"""An officer who replaces another is announced before they read anything."""

from __future__ import annotations

from datetime import date

import pytest
from django.test import Client

from grievances.audit.models import Event
from grievances.cases.access import rules
from grievances.cases.actions.actor import NotAllowed
from grievances.cases.models.assignments import holders
from grievances.cases.models.case import Case
from grievances.cases.models.case_keys import Keyring
from grievances.cases.models.exclusions import Exclusions, bar
from grievances.cases.models.readers import PendingReader
from grievances.cases.models.records import Kind
from grievances.cases.models.stored_keys.held import holder_pseudonym
from grievances.cases.models.stored_keys.rows import SealedKey
from grievances.casework import reading
from grievances.casework.appointments import begin_parts
from grievances.casework.reader_grants import admit_readers
from grievances.people.models import Appointment, Training
from grievances.vocabulary import Certificate, Office, Role, State
from tests.access.conflicts import barred
from tests.factories import cases, edge_cases
from tests.factories.cases import START, at, done
from tests.factories.people import SINCE, UNTIL, Staff
from tests.signing_in import sign_in
from workflow.steps import Refused


def left_by(staff: Staff, who: str = "triage1") -> Case:
    case = cases.acknowledged(staff)
    done(staff, case, who, "recuse", START)
    return cases.fresh(case)


def test_the_next_officer_reads_nothing_before_the_announced_day(staff: Staff) -> None:
    case = left_by(staff)
    row = PendingReader.objects.get()
    assert (row.person, row.effective_on) == (staff["triage2"], date(2026, 11, 23))
    with pytest.raises(NotAllowed):
        reading.open_case(staff.caller("triage2"), case.reference, now=at(1))
    assert admit_readers(at(1)) == 0
    assert admit_readers(at(2)) == 1
    assert admit_readers(at(2)) == 0
    opened = reading.open_case(staff.caller("triage2"), case.reference, now=at(2))
    assert "PLANTED-SECRET-ACCOUNT" in str(opened.words)
    assert not opened.locked, "the leaver handed the keys over"
    kinds = list(Event.objects.filter(chain=case.reference).values_list("kind", flat=True))
    told, let_in = kinds.index("case.reader_announced"), kinds.index("case.reader_admitted")
    assert told < let_in < kinds.index("case.opened")


def test_the_complainant_may_let_them_begin_at_once(staff: Staff) -> None:
    case = left_by(staff)
    row = PendingReader.objects.get()
    done(staff, case, "complainant1", "answer_reader", START, reader=row.pk, answer="fine")
    assert list(holders(case, Role.TRIAGE)) == [staff["triage2"]]
    with pytest.raises(Refused, match="STALE_STATE"):
        done(staff, case, "complainant1", "answer_reader", START, reader=row.pk, answer="away")


def test_the_complainant_may_keep_them_away_and_someone_else_is_announced(staff: Staff) -> None:
    case = left_by(staff)
    row = PendingReader.objects.get()
    done(staff, case, "complainant1", "answer_reader", START, reader=row.pk, answer="away")
    assert barred(case, staff["triage2"]) == {"EXCLUDED"}
    assert "core" not in Keyring.of(case, staff.holders["triage2"])
    last = PendingReader.objects.get()
    assert last.person == staff["independent1"]
    with pytest.raises(Refused, match="NOBODY_LEFT"):
        done(staff, case, "complainant1", "answer_reader", START, reader=last.pk, answer="away")
    assert PendingReader.objects.get() == last, "nothing was changed"
    assert not barred(case, staff["independent1"])


def test_a_mediator_is_announced_and_has_no_key_before_the_day(staff: Staff) -> None:
    case = edge_cases.announced_mediator(staff)
    row = PendingReader.objects.get()
    assert (row.person, row.role, row.effective_on) == (
        staff["mediator1"], Role.MEDIATOR, date(2026, 11, 23)
    )  # fmt: skip
    with pytest.raises(NotAllowed):
        reading.open_case(staff.caller("mediator1"), case.reference, now=at(1))
    keyed_hash = holder_pseudonym(case, staff.holders["mediator1"].name)
    assert not SealedKey.objects.filter(holder=keyed_hash).exists()
    reading.open_case(staff.caller("triage1"), case.reference, now=at(1))
    assert not SealedKey.objects.filter(holder=keyed_hash).exists()
    assert admit_readers(at(2)) == 1
    assert reading.open_case(staff.caller("mediator1"), case.reference, now=at(2)).locked
    reading.open_case(staff.caller("triage1"), case.reference, now=at(2))
    opened = reading.open_case(staff.caller("mediator1"), case.reference, now=at(2))
    assert not opened.locked
    note = (Kind.MEDIATION_NOTE, "Apart first.")
    done(staff, case, "mediator1", "write_mediation_note", at(2), note, text="Apart first.")
    ring = Keyring.of(case, staff.holders["mediator1"])
    assert {key for key in ("core", "identity", "office", "mediation") if key in ring} == {
        "identity", "office", "mediation",
    }  # fmt: skip


@pytest.mark.parametrize("how", ["away", "ended", "withdrawn"])
def test_a_mediator_who_was_announced_does_not_come_when_it_is_over(staff: Staff, how: str) -> None:
    case = edge_cases.announced_mediator(staff)
    if how == "away":
        row = PendingReader.objects.get()
        done(staff, case, "complainant1", "answer_reader", START, reader=row.pk, answer="away")
    elif how == "ended":
        done(staff, case, "triage1", "end_mediation", START)
    else:
        Case.unguarded.filter(pk=case.pk).update(state=State.CLOSED)
    assert admit_readers(at(2)) == 0
    assert not holders(case, Role.MEDIATOR).exists()
    assert not PendingReader.objects.exists()
    keyed_hash = holder_pseudonym(case, staff.holders["mediator1"].name)
    assert not SealedKey.objects.filter(holder=keyed_hash).exists()


def test_who_would_read_it_with_an_earlier_concern_is_announced_before_they_are_joined(
    staff: Staff,
) -> None:
    case = edge_cases.to_be_joined(staff)
    earlier = Case.unguarded.exclude(pk=case.pk).get()
    into = earlier.reference
    with pytest.raises(Refused, match="READERS_NOT_ANNOUNCED"):
        done(staff, case, "triage1", "merge", START, into=into)
    done(staff, case, "triage1", "announce_joining", START, into=into)
    told = PendingReader.objects.filter(case=case)
    assert {row.person for row in told} == {staff["handler1"], staff["decider1"]}
    with pytest.raises(Refused, match="READERS_NOT_ANNOUNCED"):
        done(staff, case, "triage1", "merge", at(1), into=into)
    assert admit_readers(at(2)) == 0, "they never become officers of this one"
    with pytest.raises(NotAllowed):
        reading.open_case(staff.caller("handler1"), case.reference, now=at(2))
    with pytest.raises(Refused, match="NOBODY_NEW"):
        done(staff, case, "triage1", "announce_joining", at(2), into=into)
    done(staff, case, "triage1", "merge", at(2), into=into)
    assert not PendingReader.objects.exists()
    again = cases.acknowledged(staff)
    done(staff, again, "triage1", "announce_joining", START, into=into)
    for row in PendingReader.objects.all():
        done(staff, again, "complainant1", "answer_reader", START, reader=row.pk, answer="fine")
    done(staff, again, "triage1", "merge", START, into=into)
    opened = reading.open_case(staff.caller("handler1"), into, now=at(2))
    assert str(opened.words).count("PLANTED-SECRET-ACCOUNT") == 3


def test_a_no_to_one_of_them_keeps_the_two_concerns_apart(staff: Staff) -> None:
    case = edge_cases.to_be_joined(staff)
    into = Case.unguarded.exclude(pk=case.pk).get().reference
    done(staff, case, "triage1", "announce_joining", START, into=into)
    row = PendingReader.objects.get(person=staff["decider1"])
    page = sign_in(Client(), staff, "complainant1").get(f"/cases/{case.reference}/")
    assert "if this is joined to your earlier concern" in page.content.decode()
    done(staff, case, "complainant1", "answer_reader", START, reader=row.pk, answer="away")
    with pytest.raises(Refused, match="NOT_A_DUPLICATE"):
        done(staff, case, "triage1", "merge", at(3), into=into)
    assert holders(case, Role.TRIAGE).get() == staff["triage1"]
    admit_readers(at(3))
    assert PendingReader.objects.get().person == staff["handler1"]
    Case.unguarded.filter(pk=case.pk).update(state=State.ALLOCATION)
    admit_readers(at(3))
    assert not PendingReader.objects.exists(), "nobody waits for a joining that does not come"


def test_the_last_to_leave_hands_the_keys_to_someone_announced_before(staff: Staff) -> None:
    case = cases.raised(staff)
    newcomer = staff["staff1"]
    Appointment.objects.create(person=newcomer, office=Office.TRIAGE, from_date=at(1).date())
    for certificate in (Certificate.RACE_CORE, Certificate.TRIAGE):
        Training.objects.create(
            person=newcomer, certificate=certificate, issued_on=SINCE, expires_on=UNTIL
        )
    assert begin_parts(at(1)) == 1
    done(staff, case, "triage1", "recuse", at(1))
    assert "core" not in Keyring.of(case, staff.holders["staff1"]), "triage2 still has them"
    done(staff, case, "triage2", "recuse", at(1))
    assert "core" in Keyring.of(case, staff.holders["staff1"])
    assert not rules.actions_allowed(newcomer, case)
    admit_readers(at(2))
    assert not reading.open_case(staff.caller("staff1"), case.reference, now=at(2)).locked


def test_someone_shut_out_while_they_wait_never_gets_in(staff: Staff) -> None:
    case = left_by(staff)
    bar(case, staff["triage2"].pk, Exclusions.Why.LINE)
    assert admit_readers(at(2)) == 0
    assert "core" not in Keyring.of(case, staff.holders["triage2"])


def test_no_one_else_may_answer_for_the_complainant(staff: Staff) -> None:
    case = left_by(staff)
    row = PendingReader.objects.get()
    for who in ("lead1", "triage2", "respondent1", "admin1"):
        with pytest.raises(NotAllowed):
            done(staff, case, who, "answer_reader", START, reader=row.pk, answer="fine")
