"""Where two people must agree, the accounts of one person count as one."""

from __future__ import annotations

from collections.abc import Callable
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command

from grievances.accounts import recovery
from grievances.cases.actions.perform import StepInput, perform
from grievances.people.models import Appointment, LinkedAccounts
from grievances.policy.models import PolicyProposal
from grievances.policy_changes import law_confirmation
from grievances.surveys import comment_review, release
from grievances.surveys.comment_models import Remark
from grievances.vocabulary import Office
from tests.factories import cases, edge_cases
from tests.factories.cases import START, done
from tests.factories.people import SINCE, Staff
from tests.policy.test_approval import file, load, say
from tests.policy.test_several_acts import SIX
from tests.surveys import written_remarks as remarks
from workflow.steps import Refused

pytestmark = pytest.mark.django_db
NEW = "a long and quite new password"

Act = Callable[[], object]
"""The second agreement to something to which lead1 or dpo1 has agreed."""


def linked(*names: str) -> None:
    call_command("link_accounts", *names, stdout=StringIO())


def emergency(staff: Staff, folder: Path) -> Act:
    case = edge_cases.emergency_asked(staff)
    return lambda: done(staff, case, "lead1", "agree_break_glass", START, read=True)


def policy(staff: Staff, folder: Path) -> Act:
    cases.raised(staff)
    load(file(folder))
    row = PolicyProposal.objects.get()
    say(staff, "lead1", row)
    return lambda: say(staff, "dpo1", row)


def law(staff: Staff, folder: Path) -> Act:
    def confirm(who: str) -> bool:
        return law_confirmation.confirm(staff.caller(who), SIX.code, SIX.digest, now=START)

    confirm("lead1")
    return lambda: confirm("dpo1")


def recover(staff: Staff, folder: Path) -> Act:
    number = recovery.ask_for_recovery("handler1", NEW, now=START)

    def confirm(who: str) -> object:
        return recovery.confirm(staff.caller(who), "handler1", number, now=START)

    confirm("lead1")
    return lambda: confirm("dpo1")


def keeping(staff: Staff, folder: Path) -> Act:
    case = cases.acknowledged(staff)
    edge_cases.ask_keeping(staff, case, "set_legal_hold", "COURT", START)
    row = case.approvals.get()
    asked, other = row.asked_by, "lead1"
    if asked == staff["lead1"]:
        other = "dpo1"
    return lambda: done(staff, case, other, "answer_keeping", START, approval=row.pk, answer="yes")


RULES = {
    "emergency": emergency,
    "policy": policy,
    "law": law,
    "recovery": recover,
    "keeping": keeping,
}


@pytest.mark.parametrize("rule", RULES)
def test_one_person_with_two_accounts_does_not_agree_twice(
    staff: Staff, tmp_path: Path, rule: str
) -> None:
    second = RULES[rule](staff, tmp_path)
    linked("lead1", "dpo1")
    with pytest.raises(Refused):
        second()
    LinkedAccounts.objects.all().delete()
    second()


def test_no_one_confirms_their_own_recovery_with_another_account(staff: Staff) -> None:
    number = recovery.ask_for_recovery("handler1", NEW, now=START)
    linked("handler1", "lead1")
    with pytest.raises(Refused, match="SAME_PERSON"):
        recovery.confirm(staff.caller("lead1"), "handler1", number, now=START)


def test_an_emergency_is_not_asked_for_when_the_one_lead_is_the_same_person(staff: Staff) -> None:
    linked("lead1", "dpo1")
    case = cases.acknowledged(staff)
    with pytest.raises(Refused, match="NO_SECOND"):
        done(staff, case, "dpo1", "ask_break_glass", START, why="DANGER", text="A threat.")


def test_an_approval_is_not_given_by_the_other_account_of_the_person_who_asked(
    staff: Staff,
) -> None:
    case = cases.in_investigation(staff)
    asked = StepInput(answers={"step": "extend", "text": "It takes longer."})
    caller = staff.caller("handler1")
    perform("ask_approval", case_id=case.pk, caller=caller, now=START, step_input=asked)
    row = case.approvals.get()
    linked("handler1", "lead1")
    answers = {"approval": str(row.pk), "answer": "yes", "text": "Yes."}
    done(staff, case, "lead1", "answer_approval", START, **answers)
    assert case.approvals.get().answered_at is None
    LinkedAccounts.objects.all().delete()
    done(staff, case, "lead1", "answer_approval", START, **answers)
    assert case.approvals.get().agreed


def test_a_survey_comment_is_not_agreed_by_the_other_account_of_its_writer(staff: Staff) -> None:
    remarks.write(12)
    release.release(remarks.AFTER)
    row = Remark.objects.order_by("pk").first()
    assert row is not None
    row = comment_review.word(staff.caller(remarks.FIRST), row.pk, row.turn, "", now=START)
    linked(remarks.FIRST, remarks.SECOND)
    with pytest.raises(Refused):
        comment_review.agree(staff.caller(remarks.SECOND), row.pk, row.turn, now=START)


def test_a_close_name_is_not_settled_by_an_officer_with_an_account_in_the_unit(
    staff: Staff,
) -> None:
    case = edge_cases.with_a_close_name(staff)
    linked("triage1", "companion1")
    answers = {"person": staff["staff1"], "reason": "Another person is meant."}
    with pytest.raises(Refused, match="NOT_OUTSIDE"):
        done(staff, case, "triage1", "lift_close_name", START, **answers)


def test_two_offices_of_one_linked_person_are_one(staff: Staff, tmp_path: Path) -> None:
    """A third account of the same person, linked through the second, counts as one too."""
    Appointment.objects.create(person=staff["triage1"], office=Office.DPO, from_date=SINCE)
    second = policy(staff, tmp_path)
    linked("lead1", "staff1")
    linked("staff1", "dpo1")
    with pytest.raises(Refused):
        second()
