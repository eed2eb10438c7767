"""Who may have no part in a case, by relationship, before anybody reads it (domain.md 5.3).

And who comes instead is told to the complainant before they can open anything (peers.md 3 row 2).
"""

from __future__ import annotations

from datetime import date, timedelta
from unittest.mock import patch

import pytest
from django.test import Client

from grievances.audit.models import Event
from grievances.cases.access import eligibility, rules
from grievances.cases.actions.actor import NotAllowed
from grievances.cases.models.assignments import holders
from grievances.cases.models.case import Case
from grievances.cases.models.case_keys import Keyring
from grievances.cases.models.exclusions import Exclusions, bar, excluded_from
from grievances.cases.models.readers import PendingReader
from grievances.cases.models.records import Kind
from grievances.cases.models.stored_keys.held import holder_pseudonym
from grievances.cases.models.stored_keys.rows import SealedKey
from grievances.casework import appointments, reading
from grievances.casework.appointments import begin_parts, end_lapsed_parts, keep_lines_apart
from grievances.casework.reader_grants import admit_readers
from grievances.encryption.server_keys import person_pseudonym
from grievances.intake import drafts, submission
from grievances.people.models import Appointment, LineManagement, Training, User
from grievances.vocabulary import Certificate, Office, Role, State
from notifications.outbox import inbox
from tests.factories import cases, edge_cases
from tests.factories.cases import START, at, done
from tests.factories.people import SINCE, UNTIL, Staff
from tests.signing_in import sign_in
from workflow.steps import Refused

TODAY = START.date()


def codes(case: Case, person: User, role: Role = Role.HANDLER) -> tuple[str, ...]:
    return eligibility.Panel(case, role, TODAY).unfit(person)


def barred(case: Case, person: User) -> set[str]:
    return set(excluded_from(case).get(person.pk, ()))


def names(staff: Staff, **answers: str) -> set[str]:
    """Who the page would show as readers of a new concern."""
    draft = drafts.open_draft(staff["complainant1"], staff.caller("complainant1"), now=START)
    people = submission.preview(draft, {**cases.ACCOUNT, **answers}, now=START)
    return {staff.name_of(person) for person in people}


def manage(staff: Staff, manager: str, person: str, until: date | None = None) -> None:
    LineManagement.objects.create(
        person=staff[person], manager=staff[manager], from_date=SINCE, to_date=until
    )


def test_named_line_team_decision_and_left_out_are_kept_from_the_first_readers(
    staff: Staff,
) -> None:
    assert names(staff) == {"triage1", "triage2"}
    assert names(staff, about="triage1") == {"triage2"}
    assert names(staff, decided="triage1") == {"triage2"}
    assert names(staff, exclude="triage1") == {"triage2"}
    assert names(staff, exclude="Bath") == {"triage1"}
    assert names(staff, about="handler1") == {"triage1"}, "triage2 is in the team of handler1"
    manage(staff, "triage1", "respondent1", TODAY - timedelta(days=700))
    assert names(staff) == {"triage2"}


def test_a_line_that_ended_more_than_two_years_ago_is_no_conflict(staff: Staff) -> None:
    manage(staff, "triage1", "respondent1", TODAY - timedelta(days=760))
    assert "triage1" in names(staff)


@pytest.mark.parametrize(
    ("make", "who"),
    [
        (cases.in_investigation, "handler1"),
        (cases.in_appeal, "appeal1"),
        (edge_cases.mediating, "mediator1"),
    ],
)
def test_a_part_in_an_earlier_case_with_the_same_people_is_a_conflict(
    staff: Staff, make: object, who: str
) -> None:
    earlier = make(staff)  # type: ignore[operator]
    case = cases.raised(staff, who="complainant2")
    assert "CONFLICT" in codes(case, staff[who])
    Case.unguarded.filter(pk=earlier.pk).update(closed_on=TODAY - timedelta(days=1000))
    assert "CONFLICT" in codes(case, staff[who])
    Case.unguarded.filter(pk=earlier.pk).update(closed_on=TODAY - timedelta(days=1100))
    assert "CONFLICT" not in codes(case, staff[who])


def test_a_part_given_up_before_the_end_is_remembered_too(staff: Staff) -> None:
    earlier = cases.in_investigation(staff)
    done(staff, earlier, "lead1", "change_handler", START, reason="ABSENCE")
    assert "CONFLICT" in codes(cases.raised(staff, who="complainant2"), staff["handler1"])


def test_a_former_mediator_or_triage_officer_takes_no_other_part(staff: Staff) -> None:
    case = edge_cases.mediating(staff)
    done(staff, case, "complainant1", "end_mediation", START)
    for who in ("mediator1", "triage1"):
        assert "ROLE_CLASH" in codes(cases.fresh(case), staff[who]), who


def test_somebody_of_the_respondents_team_does_not_oversee_it_and_another_stands_in(
    staff: Staff,
) -> None:
    User.objects.filter(pk=staff["lead1"].pk).update(unit=staff["respondent1"].unit)
    case = cases.raised(staff)
    assert not rules.actions_allowed(staff["lead1"], case)
    assert list(holders(case, Role.LEAD)) == [staff["independent1"]]
    assert "core" not in Keyring.of(case, staff.holders["independent1"])
    end_lapsed_parts(at(1))
    assert list(holders(case, Role.LEAD)) == [staff["independent1"]]


def test_the_readers_shown_do_not_tell_whether_somebody_has_a_case(staff: Staff) -> None:
    """A triage officer who once handled a case about X must not vanish when X is typed."""
    cases.in_investigation(staff)
    for office in (Office.TRIAGE,):
        Appointment.objects.create(person=staff["handler1"], office=office, from_date=SINCE)
    staff["triage1"].training.update(person=staff["handler1"])
    shown = names(staff, about="respondent1")
    assert shown == names(staff, about="staff1") == {"handler1", "triage2"}
    case = cases.raised(staff, who="complainant2")
    assert set(holders(case, Role.TRIAGE_POOL)) == {staff["triage2"]}, "and reads nothing of it"


# --- Stepping back, being taken off, being objected to: remembered -----------------------------


@pytest.mark.parametrize(
    ("make", "who"),
    [
        (cases.raised, "triage1"),
        (cases.acknowledged, "triage1"),
        (cases.held, "handler1"),
        (cases.decided, "decider1"),
        (cases.withdrawing, "triage1"),
        (cases.in_appeal, "appeal1"),
        (cases.closed, "triage1"),
        (edge_cases.mediating, "mediator1"),
    ],
)
def test_one_press_hides_the_case_at_once_and_for_good(
    staff: Staff, make: object, who: str
) -> None:
    case = make(staff)  # type: ignore[operator]
    done(staff, case, who, "recuse", START)
    assert rules.actions_allowed(staff[who], case) == frozenset()
    assert not rules.cases_for(staff[who], "read").filter(pk=case.pk).exists()
    assert barred(case, staff[who]) == {"RECUSED"}
    admit_readers(at(3))
    assert holders(case, Role.TRIAGE_POOL, Role.TRIAGE).exists(), "never ownerless"
    assert staff[who] not in holders(case, *Role.values)


def test_a_vacant_appeal_is_offered_again_and_mediation_can_be_ended(staff: Staff) -> None:
    appeal = cases.in_appeal(staff)
    done(staff, appeal, "appeal1", "recuse", START)
    other = staff["decider2"]
    Appointment.objects.create(person=other, office=Office.APPEAL, from_date=SINCE)
    User.objects.filter(pk=other.pk).update(grade=9)
    other.refresh_from_db()
    done(staff, appeal, "triage1", "offer_later", START, role="appeal", candidate=other)
    done(staff, appeal, "decider2", "accept", START, declare=True)
    assert rules.allows(other, "decide_appeal", appeal)
    case = edge_cases.mediating(staff)
    assert not rules.allows(staff["triage1"], "end_mediation", case)
    done(staff, case, "mediator1", "recuse", START)
    done(staff, case, "triage1", "end_mediation", START)
    assert cases.fresh(case).state == State.ALLOCATION


def test_a_handler_who_went_for_a_conflict_is_not_asked_again(staff: Staff) -> None:
    case = cases.in_investigation(staff)
    done(staff, case, "lead1", "change_handler", START, reason="CONFLICT")
    assert "CONFLICT" in codes(cases.fresh(case), staff["handler1"])
    with pytest.raises(Refused, match="CONFLICT"):
        done(staff, case, "triage1", "offer", START, role="handler", candidate=staff["handler1"])


def test_whoever_the_complainant_objected_to_is_not_asked_again(staff: Staff) -> None:
    objected = edge_cases.offered(staff)
    offer = objected.offers.get().pk
    done(staff, objected, "complainant1", "object_to_person", START, offer=offer)
    done(staff, objected, "lead1", "answer_objection", START, offer=offer, answer="yes")
    assert "EXCLUDED_BY_COMPLAINANT" in codes(cases.fresh(objected), staff["handler1"])


def test_an_objection_in_time_counts_also_when_the_work_has_begun(staff: Staff) -> None:
    case = cases.in_investigation(staff)
    offer = case.offers.get(role="handler").pk
    done(staff, case, "complainant1", "object_to_person", cases.at(2), offer=offer)
    done(staff, case, "lead1", "answer_objection", cases.at(2), offer=offer, answer="yes")
    assert not rules.allows(staff["handler1"], "read", case)
    assert "EXCLUDED_BY_COMPLAINANT" in codes(cases.fresh(case), staff["handler1"])
    done(
        staff,
        case,
        "triage1",
        "offer_later",
        cases.at(2),
        role="handler",
        candidate=staff["handler2"],
    )
    assert case.offers.get(candidate=staff["handler2"]).status == "sent"


def test_triage_is_told_that_a_part_is_vacant_after_an_objection(staff: Staff) -> None:
    """While the work goes on nothing else asks them to look for somebody."""
    case = cases.in_investigation(staff)
    offer = case.offers.get(role="handler").pk
    done(staff, case, "complainant1", "object_to_person", START, offer=offer)
    before = inbox(person_pseudonym(staff["triage1"].pk)).count()
    done(staff, case, "lead1", "answer_objection", START, offer=offer, answer="yes")
    assert not case.has_accepted("handler")
    assert inbox(person_pseudonym(staff["triage1"].pk)).count() == before + 1


def test_nothing_is_decided_by_somebody_whom_the_complainant_objects_to(staff: Staff) -> None:
    """Once decided, nobody could answer the objection any more."""
    case = cases.in_decision(staff)
    offer = case.offers.get(role="decider").pk
    done(staff, case, "complainant1", "object_to_person", START, offer=offer)
    decision = {
        "findings": {"1": "NOT_UPHELD"}, "reasons": "Why.", "letter": "No.", "appeal_rights": True,
    }  # fmt: skip
    with pytest.raises(Refused, match="OBJECTION_OPEN"):
        done(staff, case, "decider1", "decide", START, **decision)
    done(staff, case, "lead1", "answer_objection", START, offer=offer, answer="no")
    done(staff, case, "decider1", "decide", START, **decision)


def test_nobody_objects_to_somebody_who_has_said_no_meanwhile(staff: Staff) -> None:
    case = edge_cases.offered(staff)
    offer = case.offers.get().pk
    done(staff, case, "handler1", "decline", START)
    with pytest.raises(Refused, match="OBJECTION_TOO_LATE"):
        done(staff, case, "complainant1", "object_to_person", START, offer=offer)


def test_before_an_appeal_nobody_objects_any_more_to_who_decided_first(staff: Staff) -> None:
    """Taken back, their offer would let somebody junior to them judge the appeal."""
    case = cases.appealed(staff)
    offer = case.offers.get(role="decider").pk
    with pytest.raises(Refused, match="OBJECTION_TOO_LATE"):
        done(staff, case, "complainant1", "object_to_person", at(60), offer=offer)
    done(staff, case, "triage1", "offer_later", at(60), role="appeal", candidate=staff["appeal1"])
    asked = case.offers.get(role="appeal").pk
    done(staff, case, "complainant1", "object_to_person", at(70), offer=asked)


def test_an_objection_after_the_work_began_is_too_late_a_week_later(
    staff: Staff,
) -> None:
    case = cases.in_investigation(staff)
    offer = case.offers.get(role="handler").pk
    with pytest.raises(Refused, match="OBJECTION_TOO_LATE"):
        done(staff, case, "complainant1", "object_to_person", cases.at(7), offer=offer)


def test_a_connection_declared_when_declining_is_remembered(staff: Staff) -> None:
    declared = edge_cases.offered(staff)
    done(staff, declared, "handler1", "decline", START, connection=True)
    assert "CONFLICT" in codes(cases.fresh(declared), staff["handler1"])


@pytest.mark.parametrize(
    ("reason", "why"), [("CONFLICT", {"CONFLICT"}), ("EXCLUDED", {"EXCLUDED"}), ("ABSENT", set())]
)
def test_an_officer_passed_over_for_a_conflict_stays_out_and_one_on_leave_does_not(
    staff: Staff, reason: str, why: set[str]
) -> None:
    case = cases.raised(staff)
    done(staff, case, "lead1", "reroute", START, person=staff["triage1"], reason=reason)
    assert barred(case, staff["triage1"]) == why
    assert set(holders(case, Role.TRIAGE_POOL)) == {staff["triage2"]}


def test_a_reopened_case_goes_to_somebody_who_had_no_part_in_it(staff: Staff) -> None:
    case = edge_cases.reopening(staff)
    done(staff, case, "lead1", "reopen", at(40), reason="RETALIATION")
    assert [row.person for row in case.pending_readers.all()] == [staff["triage2"]]


def test_who_took_a_decision_is_kept_away_and_their_managers_are_not(staff: Staff) -> None:
    case = cases.acknowledged(staff)
    manage(staff, "staff2", "staff1")
    done(staff, case, "triage1", "name_respondent", START, person=staff["staff1"], part="DECISION")
    assert barred(case, staff["staff1"]) == {"DECISION"}
    assert not barred(case, staff["staff2"])
    assert not case.parties.filter(standing="RESPONDENT").count() > 1


# --- A widening is announced before it takes effect --------------------------------------------


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


def test_the_complainant_may_keep_them_away_and_somebody_else_is_announced(staff: Staff) -> None:
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


def test_the_last_to_leave_hands_the_keys_to_somebody_announced_before(staff: Staff) -> None:
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


def test_somebody_shut_out_while_they_wait_never_gets_in(staff: Staff) -> None:
    case = left_by(staff)
    bar(case, staff["triage2"].pk, Exclusions.Why.LINE)
    assert admit_readers(at(2)) == 0
    assert "core" not in Keyring.of(case, staff.holders["triage2"])


def test_nobody_else_may_answer_for_the_complainant(staff: Staff) -> None:
    case = left_by(staff)
    row = PendingReader.objects.get()
    for who in ("lead1", "triage2", "respondent1", "admin1"):
        with pytest.raises(NotAllowed):
            done(staff, case, who, "answer_reader", START, reader=row.pk, answer="fine")


def test_a_yes_given_for_a_long_pause_is_kept_for_the_pause_that_needs_it(staff: Staff) -> None:
    case = edge_cases.approve(staff, cases.in_investigation(staff), "handler1", "hold")
    words = {"reason": "C_LEAVE", "explanation": "You are away."}
    done(staff, case, "handler1", "hold", START, review_on=at(5).date(), **words)
    assert case.approvals.filter(used_at__isnull=True).count() == 1
    done(staff, case, "handler1", "resume", START)
    done(staff, case, "handler1", "hold", START, review_on=at(21).date(), **words)
    assert not case.approvals.filter(used_at__isnull=True).exists()


def test_somebody_who_becomes_a_line_manager_later_is_shut_out_by_the_nightly_sweep(
    staff: Staff,
) -> None:
    case = cases.in_investigation(staff)
    assert keep_lines_apart(at(1)) == 0
    manage(staff, "handler1", "respondent1")
    manage(staff, "lead1", "complainant1")
    assert keep_lines_apart(at(2)) == 2
    assert not rules.actions_allowed(staff["handler1"], case)
    assert not rules.actions_allowed(staff["lead1"], case)
    assert not cases.fresh(case).has_accepted("handler")
    assert keep_lines_apart(at(3)) == 0


def test_cases_without_a_new_line_manager_are_not_opened_one_by_one(staff: Staff) -> None:
    for _ in range(3):
        cases.acknowledged(staff)
    keep_lines_apart(at(1))
    with patch.object(appointments, "_keep_line_apart") as judged:
        assert keep_lines_apart(at(2)) == 0
        manage(staff, "lead1", "complainant1")
        judged.return_value = 1
        assert keep_lines_apart(at(2)) == 3
    assert judged.call_count == 3
