"""The day an announced reader comes: judged again, for what became true since the announcement."""

from __future__ import annotations

from datetime import date

import pytest

from grievances.audit.models import Event
from grievances.cases.access import rules
from grievances.cases.models.assignments import grant, holders
from grievances.cases.models.case import Case
from grievances.cases.models.parties import party_inbox
from grievances.cases.models.readers import PendingReader
from grievances.cases.models.stored_keys.held import held_on
from grievances.casework.appointments import begin_parts, end_lapsed_parts, keep_lines_apart
from grievances.casework.reader_grants import admit_readers
from grievances.encryption.server_keys import person_pseudonym
from grievances.people.models import Appointment, LineManagement, Training, User
from grievances.vocabulary import Office, Role
from grievances.web.cases.presenters.people import people_rows
from notifications.models import Notice
from tests.factories import cases, edge_cases
from tests.factories.cases import START, at, done
from tests.factories.people import SINCE, Staff
from workflow.steps import Refused


def left_by(staff: Staff, who: str = "triage1") -> Case:
    """A concern whose officer stepped back: triage2 is announced, and handed the keys."""
    case = cases.acknowledged(staff, share="no")
    done(staff, case, who, "recuse", START)
    assert PendingReader.objects.get().person == staff["triage2"]
    return cases.fresh(case)


def become_manager(staff: Staff, who: str) -> None:
    LineManagement.objects.create(
        person=staff["respondent1"], manager=staff[who], from_date=at(1).date()
    )


def join_the_team(staff: Staff, who: str) -> None:
    User.objects.filter(pk=staff[who].pk).update(unit=staff["respondent1"].unit)


def lose_the_certificate(staff: Staff, who: str) -> None:
    Training.objects.filter(person=staff[who]).update(suspended=True)


def leave_the_office(staff: Staff, who: str) -> None:
    Appointment.objects.filter(person=staff[who]).update(to_date=at(1).date())


def take_another_part(staff: Staff, who: str) -> None:
    grant(Case.unguarded.get(), staff[who], Role.ASKED_HANDLER)


CHANGES = (become_manager, join_the_team, lose_the_certificate, leave_the_office, take_another_part)


def keys_of(case: Case, staff: Staff, who: str) -> set[str]:
    return {one.compartment for one in held_on(case, staff.holders[who].name) if one.is_sealed}


@pytest.mark.parametrize("change", CHANGES)
def test_a_reader_who_may_not_read_any_more_is_not_let_in_and_another_comes(
    staff: Staff, change: object
) -> None:
    case = left_by(staff)
    change(staff, "triage2")  # type: ignore[operator]
    assert admit_readers(at(2)) == 0
    assert staff["triage2"] not in holders(case, Role.TRIAGE)
    theirs = {"core", "office"} if change is take_another_part else set()
    assert keys_of(case, staff, "triage2") <= theirs, "and of the officer's keys none"
    assert PendingReader.objects.get().person == staff["independent1"]
    assert admit_readers(at(4)) == 1
    assert list(holders(case, Role.TRIAGE)) == [staff["independent1"]]


@pytest.mark.parametrize("change", CHANGES)
def test_nor_when_the_complainant_who_knows_nothing_of_it_lets_them_begin(
    staff: Staff, change: object
) -> None:
    case = left_by(staff)
    row = PendingReader.objects.get()
    change(staff, "triage2")  # type: ignore[operator]
    done(staff, case, "complainant1", "answer_reader", at(1), reader=row.pk, answer="fine")
    if change is not leave_the_office:  # that day is their last
        assert staff["triage2"] not in holders(case, Role.TRIAGE)
        assert PendingReader.objects.get().person == staff["independent1"]


def test_the_complainant_and_the_lead_are_told_and_the_person_is_not(staff: Staff) -> None:
    case = left_by(staff)
    become_manager(staff, "triage2")
    Notice.objects.all().delete()
    admit_readers(at(2))
    told = set(Notice.objects.filter(channel="inbox").values_list("handle", flat=True))
    assert person_pseudonym(staff["triage2"].pk) not in told
    assert {
        person_pseudonym(staff["lead1"].pk),
        party_inbox(case.pk, staff["complainant1"].pk),
    } <= told
    event = Event.objects.get(chain=case.reference, kind="case.reader_kept_out")
    assert event.data == {"role": "triage"}, "not who, and not why"
    assert not rules.actions_allowed(staff["triage2"], case)


def test_when_no_one_is_left_the_lead_and_the_executive_hear_of_it_and_one_comes_later(
    staff: Staff,
) -> None:
    case = left_by(staff)
    for who in ("triage2", "independent1"):
        become_manager(staff, who)
    assert admit_readers(at(2)) == 0
    assert not PendingReader.objects.exists()
    assert Event.objects.filter(chain=case.reference, kind="case.nobody_reads").count() == 1
    told = set(Notice.objects.filter(kind="escalated").values_list("handle", flat=True))
    assert {person_pseudonym(staff[who].pk) for who in ("lead1", "executive1")} <= told
    begin_parts(at(3))
    assert not PendingReader.objects.exists(), "the search goes on every night, without a word"
    assert Event.objects.filter(kind="case.nobody_reads").count() == 1
    Appointment.objects.create(person=staff["staff1"], office=Office.INDEPENDENT, from_date=SINCE)
    begin_parts(at(4))
    assert PendingReader.objects.get().person == staff["staff1"]


def test_an_announced_mediator_who_took_another_part_does_not_come(staff: Staff) -> None:
    case = edge_cases.announced_mediator(staff)
    grant(case, staff["mediator1"], Role.ASKED_DECIDER)
    assert admit_readers(at(2)) == 0
    assert not holders(case, Role.MEDIATOR).exists()
    assert Event.objects.filter(kind="case.reader_kept_out", data={"role": "mediator"}).exists()


def test_a_lead_who_works_on_the_case_meanwhile_does_not_oversee_it(staff: Staff) -> None:
    """domain.md 5.3 G_SEPARATION: the casework lead may hold none of the working parts."""
    case = cases.in_allocation(staff)
    Appointment.objects.create(person=staff["handler1"], office=Office.LEAD, from_date=at(1).date())
    begin_parts(at(1))
    assert PendingReader.objects.get().person == staff["handler1"]
    done(staff, case, "triage1", "offer", at(1), role="handler", candidate=staff["handler1"])
    assert admit_readers(at(4)) == 0
    assert staff["handler1"] not in holders(case, Role.LEAD)
    begin_parts(at(5))
    assert not PendingReader.objects.exists(), "and is not announced again night after night"


def test_those_who_join_concerns_are_between_the_complainant_and_triage_on_a_full_page(
    staff: Staff,
) -> None:
    """The part of the last person in the list must not be taken for the part of the reader."""
    case = edge_cases.to_be_joined(staff)
    earlier = Case.unguarded.exclude(pk=case.pk).get()
    done(staff, case, "triage1", "announce_joining", START, into=earlier.reference)
    workers = [("lead", 1, "Lead 1"), ("triage", 2, "Triage 1")]
    seen = {
        role
        for role in ("complainant", *Role.values)
        if len(people_rows(workers, case, role)) > len(workers)
    }
    assert seen == {"complainant", Role.TRIAGE.value}


def test_two_concerns_are_not_joined_when_that_lets_someone_of_the_new_team_read(
    staff: Staff,
) -> None:
    """The other concern may be about someone else: who reads it by the joining is judged too."""
    earlier = cases.in_investigation(staff)
    case = cases.acknowledged(staff, about="staff1")
    User.objects.filter(pk=staff["handler1"].pk).update(unit=staff["staff1"].unit)
    for step in ("announce_joining", "merge"):
        with pytest.raises(Refused, match="NOT_A_DUPLICATE"):
            done(staff, case, "triage1", step, START, into=earlier.reference)
    User.objects.filter(pk=staff["handler1"].pk).update(unit=staff["triage2"].unit)
    done(staff, case, "triage1", "announce_joining", START, into=earlier.reference)
    LineManagement.objects.create(
        person=staff["staff1"], manager=staff["handler1"], from_date=SINCE
    )
    PendingReader.objects.update(effective_on=START.date())
    with pytest.raises(Refused, match="NOT_A_DUPLICATE"):
        done(staff, case, "triage1", "merge", START, into=earlier.reference)


def nights(staff: Staff, case: Case) -> list[int]:
    """Two weeks of nights; how often someone was announced, and how often kept out."""
    for day in range(1, 15):
        end_lapsed_parts(at(day))
        begin_parts(at(day))
        admit_readers(at(day))
    kinds = ("case.reader_announced", "case.reader_kept_out")
    return [Event.objects.filter(chain=case.reference, kind=kind).count() for kind in kinds]


@pytest.mark.parametrize(
    ("who", "offices"),
    [("lead1", [Office.DPO]), ("handler1", [Office.DPO]), ("staff1", [Office.LEAD, Office.DPO])],
)
def test_who_comes_to_a_second_office_comes_once_and_is_not_announced_every_night(
    staff: Staff, who: str, offices: list[Office]
) -> None:
    """In a small organisation one person may be lead and data-protection officer at once."""
    case = cases.in_investigation(staff)
    for office in offices:
        Appointment.objects.create(person=staff[who], office=office, from_date=at(1).date())
    assert nights(staff, case) == [len(offices), 0]
    assert staff[who] in holders(case, Role.DPO)


def test_an_independent_officer_who_reads_the_case_is_not_announced_as_its_lead(
    staff: Staff,
) -> None:
    case = cases.acknowledged(staff, share="no")
    Appointment.objects.filter(person=staff["triage2"]).update(to_date=date(2026, 11, 1))
    done(staff, case, "triage1", "recuse", START)
    admit_readers(at(2))
    assert staff["independent1"] in holders(case, Role.TRIAGE)
    Appointment.objects.filter(person=staff["triage2"]).update(to_date=None)
    Appointment.objects.filter(person=staff["lead1"]).update(to_date=at(0).date())
    assert nights(staff, case)[1] == 0


def test_when_the_last_reader_becomes_a_manager_the_lead_and_the_executive_hear_of_it_once(
    staff: Staff,
) -> None:
    case = cases.acknowledged(staff, share="no")
    for who in ("triage1", "triage2", "independent1"):
        become_manager(staff, who)
    for day in (1, 2):
        keep_lines_apart(at(day))
        begin_parts(at(day))
    assert not holders(case, Role.TRIAGE).exists()
    assert Event.objects.filter(chain=case.reference, kind="case.nobody_reads").count() == 1


def test_when_the_last_reader_leaves_the_office_they_hear_of_it_once(staff: Staff) -> None:
    case = cases.acknowledged(staff, share="no")
    gone = [staff[who] for who in ("triage1", "triage2", "independent1")]
    Appointment.objects.filter(person__in=gone).update(to_date=at(0).date())
    for day in (1, 2):
        end_lapsed_parts(at(day))
        begin_parts(at(day))
    assert not holders(case, Role.TRIAGE).exists()
    assert Event.objects.filter(chain=case.reference, kind="case.nobody_reads").count() == 1


def test_a_reopened_case_is_announced_to_someone_who_can_begin(staff: Staff) -> None:
    """The other triage officer leads it as well, and one person may not hold both parts."""
    Appointment.objects.create(person=staff["triage2"], office=Office.LEAD, from_date=SINCE)
    case = edge_cases.reopening(staff)
    assert staff["triage2"] in holders(case, Role.LEAD)
    done(staff, case, "lead1", "reopen", at(40), reason="RETALIATION")
    assert PendingReader.objects.get().person == staff["independent1"]
    admit_readers(at(45))
    assert list(holders(case, Role.TRIAGE)) == [staff["independent1"]]
    assert not Event.objects.filter(kind="case.reader_kept_out").exists()
