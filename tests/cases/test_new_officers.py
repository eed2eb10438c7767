"""Officers who come and go while cases are under way: keys follow them in, and never out."""

from __future__ import annotations

from datetime import date

import pytest
from django.core.management import call_command
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from grievances.audit.models import Event
from grievances.cases.access import rules
from grievances.cases.models.assignments import holders
from grievances.cases.models.case import Case
from grievances.cases.models.case_keys import Keyring
from grievances.cases.models.parties import party_inbox
from grievances.cases.models.stored_keys.held import changing, held_on, holder_pseudonym
from grievances.cases.models.stored_keys.rows import SHARES, SealedKey
from grievances.casework import reading
from grievances.casework.appointments import begin_parts, close_account, end_lapsed_parts
from grievances.casework.new_officers import pay_for_colleagues
from grievances.casework.reader_grants import admit_readers
from grievances.people.models import Appointment, Training
from grievances.vocabulary import Certificate, Office, Role
from notifications.outbox import inbox
from tests.factories import cases, edge_cases
from tests.factories.cases import START, at, done
from tests.factories.people import SINCE, UNTIL, Staff
from tests.signing_in import sign_in

SECRET = "PLANTED-SECRET-ACCOUNT"


def appoint(
    staff: Staff, name: str, office: Office = Office.TRIAGE, since: date | None = None
) -> None:
    """Someone takes up an office the day after the start, with the training for it."""
    day = since or at(1).date()
    Appointment.objects.create(person=staff[name], office=office, from_date=day)
    for certificate in (Certificate.RACE_CORE, Certificate.TRIAGE):
        Training.objects.create(
            person=staff[name], certificate=certificate, issued_on=SINCE, expires_on=UNTIL
        )


def holds_core(staff: Staff, case: Case, name: str) -> bool:
    return "core" in Keyring.of(case, staff.holders[name])


def test_a_new_triage_officer_gets_waiting_concerns_from_a_colleagues_session(staff: Staff) -> None:
    case = cases.raised(staff)
    appoint(staff, "staff1")
    assert begin_parts(at(1)) == 1
    sign_in(Client(), staff, "triage1").get("/cases/")
    assert not holds_core(staff, case, "staff1"), "keys wait for the day, as the right does"
    assert not rules.actions_allowed(staff["staff1"], case)
    assert admit_readers(at(2)) == 1
    assert not holds_core(staff, case, "staff1")
    sign_in(Client(), staff, "triage1").get("/cases/")
    assert holds_core(staff, case, "staff1")
    assert SECRET in str(reading.open_case(staff.caller("staff1"), case.reference, now=at(2)).words)
    assert begin_parts(at(2)) == 0


def test_the_complainant_is_told_of_it(staff: Staff) -> None:
    case = cases.raised(staff)
    appoint(staff, "staff1")
    before = inbox(party_inbox(case.pk, staff["complainant1"].pk)).count()
    begin_parts(at(1))
    assert Event.objects.get(kind="case.reader_announced").data["role"] == "triage_pool"
    assert inbox(party_inbox(case.pk, staff["complainant1"].pk)).count() == before + 1
    page = sign_in(Client(), staff, "complainant1").get(f"/cases/{case.reference}/")
    assert "reads nothing before" in page.content.decode()


@pytest.mark.parametrize("name", ["respondent1", "linemanager1", "staff2"])
def test_a_barred_person_is_not_let_in_by_a_new_office(staff: Staff, name: str) -> None:
    case = cases.raised(staff, exclude="staff2")
    for office in (Office.TRIAGE, Office.LEAD, Office.DPO):
        appoint(staff, name, office) if office is Office.TRIAGE else Appointment.objects.create(
            person=staff[name], office=office, from_date=at(1).date()
        )
    assert begin_parts(at(1)) == 0
    assert not rules.actions_allowed(staff[name], case)
    keyed_hash = holder_pseudonym(case, staff.holders[name].name)
    assert not SealedKey.objects.filter(case=case, holder=keyed_hash).exists()


def test_a_case_that_someone_took_on_is_not_opened_to_a_newcomer(staff: Staff) -> None:
    case = cases.acknowledged(staff)
    appoint(staff, "staff1")
    assert begin_parts(at(1)) == 0
    assert not rules.actions_allowed(staff["staff1"], case)


def test_who_was_taken_off_does_not_come_back_by_night(staff: Staff) -> None:
    case = cases.raised(staff)
    done(staff, case, "lead1", "reroute", START, reason="CONFLICT", person=staff["triage2"])
    begin_parts(at(1))
    assert list(holders(case, Role.TRIAGE_POOL)) == [staff["triage1"]]


def test_a_new_lead_and_data_protection_officer_get_their_halves(staff: Staff) -> None:
    case = cases.acknowledged(staff)
    for name, office in (("staff1", Office.LEAD), ("staff2", Office.DPO)):
        Appointment.objects.create(person=staff[name], office=office, from_date=at(1).date())
    begin_parts(at(1))
    assert admit_readers(at(2)) == 2
    assert pay_for_colleagues(staff.caller("complainant1")) > 0
    done(staff, case, "staff2", "ask_break_glass", at(2), why="LAW", text="A letter came.")
    done(staff, case, "staff1", "agree_break_glass", at(2), read=True)
    opened = reading.open_case(staff.caller("staff2"), case.reference, now=at(2))
    assert SECRET in str(opened.words)


def test_a_case_from_before_gets_its_shares_by_night(staff: Staff) -> None:
    case = cases.acknowledged(staff)
    with changing(case) as keys:
        keys.drop([one for one in keys.held if one.part in SHARES])
    assert begin_parts(at(1)) == 0
    reading.open_case(staff.caller("triage1"), case.reference, now=at(1))
    assert len([one for one in held_on(case) if one.part in SHARES and one.is_sealed]) == 12


def test_when_nothing_is_owed_it_costs_two_queries(
    staff: Staff, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(3):
        cases.raised(staff)
    with django_assert_num_queries(2):
        assert pay_for_colleagues(staff.caller("triage1")) == 0


def test_one_view_pays_a_bounded_number_and_the_next_goes_on(staff: Staff) -> None:
    several = [cases.raised(staff) for _ in range(3)]
    appoint(staff, "staff1")
    begin_parts(at(1))
    admit_readers(at(2))
    assert pay_for_colleagues(staff.caller("triage1"), limit=2) == 6
    assert sum(holds_core(staff, case, "staff1") for case in several) == 2
    pay_for_colleagues(staff.caller("triage1"), limit=2)
    assert all(holds_core(staff, case, "staff1") for case in several)


def test_who_leaves_loses_sessions_parts_keys_and_offers_at_once(staff: Staff) -> None:
    case = cases.in_investigation(staff)
    other = cases.in_allocation(staff, who="complainant2", about="staff1")
    who = staff["handler1"]
    done(staff, other, "triage1", "offer", START, role="handler", candidate=who)
    client = sign_in(Client(), staff, "handler1")
    call_command("close_account", "handler1")
    assert client.get("/cases/").status_code == 302
    for each in (case, other):
        assert staff["handler1"] not in holders(each, *Role)
        assert not each.offers.filter(
            candidate=staff["handler1"], status__in=["sent", "accepted"]
        ).exists()
        keyed_hash = holder_pseudonym(each, staff.holders["handler1"].name)
        assert not SealedKey.objects.filter(case=each, holder=keyed_hash).exists()
    assert inbox(staff.caller("lead1").handle_as("lead")).filter(reference=case.reference).exists()


def test_no_case_is_left_ownerless_by_who_leaves(staff: Staff) -> None:
    waiting, taken = cases.raised(staff), cases.in_investigation(staff)
    for name in ("triage1", "triage2"):
        close_account(staff[name], at(1))
    assert admit_readers(at(2)) == 2
    assert list(holders(waiting, Role.TRIAGE_POOL)) == [staff["independent1"]]
    assert list(holders(taken, Role.TRIAGE)) == [staff["independent1"]]
    pay_for_colleagues(staff.caller("complainant1"))
    assert holds_core(staff, waiting, "independent1")
    assert holds_core(staff, taken, "independent1")
    assert end_lapsed_parts(at(2)) == 0


def test_who_leaves_while_asking_in_an_emergency_is_lent_nothing(staff: Staff) -> None:
    case = edge_cases.emergency_open(staff)
    close_account(staff["dpo1"], START)
    assert not any(one.part == "lent_lead" for one in held_on(case))
    assert not holders(case, Role.BREAK_GLASS).exists()
