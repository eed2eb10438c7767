"""Someone who was asked to help signs in time, or is let go; only they hear that they were."""

from __future__ import annotations

import html
import re
from typing import Any

import pytest
from django.test import Client

from grievances.cases.access import rules
from grievances.cases.access.list_check import check_all
from grievances.cases.models.assignments import grant, holders
from grievances.cases.models.case import Case
from grievances.cases.models.stored_keys.held import held_on
from grievances.casework.appointments import close_account
from grievances.casework.reader_grants import admit_readers
from grievances.deadlines.sweep import run_clocks
from grievances.encryption.key_pairs import holder_name
from grievances.policy.clock_names import ClockName
from grievances.vocabulary import ASKED_TO_HELP, Role, State
from tests.factories import cases
from tests.factories.cases import START, at, done, fresh
from tests.factories.people import Staff
from tests.investigation.test_limited_parts import PARTS, certify, let_in
from tests.page_time import pages_at
from tests.signing_in import sign_in

pytestmark = pytest.mark.django_db

_page_time = pages_at(at(3))


def waiting(case: Case) -> set[str]:
    """The parts whose answer is awaited."""
    rows = case.deadlines.filter(name=ClockName.OFFER, completed_on=None)
    return set(rows.values_list("detail", flat=True))


def text_of(content: bytes) -> str:
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", content.decode())))


def inbox_lines(staff: Staff, name: str) -> int:
    """How many lines the inbox of a person shows."""
    return sign_in(Client(), staff, name).get("/inbox/").content.decode().count("RC-")


def test_who_is_asked_has_two_working_days_and_all_see_whom_the_case_waits_for(
    staff: Staff,
) -> None:
    case = let_in(staff)
    assert waiting(case) == {part.value for part in PARTS.values()}
    rows = case.deadlines.filter(name=ClockName.OFFER, completed_on=None)
    assert {case.calendar.between(at(2).date(), row.current_due) for row in rows} == {2}
    for name in ("handler1", "lead1"):
        page = text_of(sign_in(Client(), staff, name).get(f"/cases/{case.reference}/").content)
        assert "Answer the request to help" in page, name
        assert "The person asked to be note-taker" in page, name
    for name in PARTS:
        page = text_of(sign_in(Client(), staff, name).get(f"/cases/{case.reference}/").content)
        assert "Who does this: You" in page, name


@pytest.mark.parametrize("name", PARTS)
def test_who_signs_has_kept_the_date_and_the_others_are_still_awaited(
    staff: Staff, name: str
) -> None:
    case = let_in(staff)
    done(staff, case, name, "begin_to_help", at(2), declare=True)
    assert waiting(case) == {part.value for part in PARTS.values()} - {PARTS[name].value}


@pytest.mark.parametrize("name", PARTS)
def test_who_never_signs_is_let_go_with_their_keys_and_it_is_told(staff: Staff, name: str) -> None:
    case = let_in(staff)
    for other in set(PARTS) - {name}:
        done(staff, case, other, "begin_to_help", at(2), declare=True)
    assert run_clocks(at(5)).failed == 0
    assert not waiting(fresh(case))
    assert not holders(case, ASKED_TO_HELP[PARTS[name]]).exists()
    assert not held_on(case, holder_name(staff[name].pk))
    assert sign_in(Client(), staff, name).get(f"/cases/{case.reference}/").status_code == 404
    for other in set(PARTS) - {name}:
        assert rules.role_for(staff[other], "read", fresh(case)) == PARTS[other].value
    for told in ("handler1", "lead1", "complainant1"):
        assert "took off a person who helped" in text_of(
            sign_in(Client(), staff, told).get("/inbox/").content
        ), told
    assert run_clocks(at(9)).failed == 0, "the sweep goes on"


@pytest.mark.parametrize(
    "state", [each for each in State if each not in {State.CLOSED, State.ARCHIVED, State.DRAFT}]
)
def test_who_never_signs_is_let_go_wherever_the_case_has_gone(staff: Staff, state: str) -> None:
    case = let_in(staff)
    Case.unguarded.filter(pk=case.pk).update(state=state)
    assert run_clocks(at(5)).failed == 0
    assert not holders(case, *ASKED_TO_HELP.values()).exists()


def test_an_ended_asking_leaves_no_date_behind(staff: Staff) -> None:
    case = let_in(staff)
    taken = f"adviser:{staff['staff2'].pk}"
    done(staff, case, "lead1", "end_part", at(2), helper=taken)
    assert waiting(case) == {"note_taker", "co_handler"}
    done(staff, case, "handler2", "recuse", at(2))
    assert waiting(case) == {"note_taker"}
    close_account(staff["staff1"], at(2))
    assert not waiting(case)


def test_an_unanswered_offer_of_a_leaver_leaves_no_date_behind(staff: Staff) -> None:
    case = cases.in_allocation(staff)
    done(staff, case, "triage1", "offer", START, role="handler", candidate=staff["handler1"])
    assert waiting(case) == {"handler"}
    close_account(staff["handler1"], at(1))
    assert not waiting(case)


def test_two_who_are_asked_for_one_part_have_the_time_of_the_second(staff: Staff) -> None:
    case = let_in(staff)
    note_taker = {"person": staff["decider2"], "part": Role.NOTE_TAKER.value}
    done(staff, case, "handler1", "appoint_part", at(2), **note_taker)
    admit_readers(at(4))
    row = case.deadlines.get(name=ClockName.OFFER, detail="note_taker", completed_on=None)
    assert case.calendar.between(at(4).date(), row.current_due) == 2
    done(staff, case, "staff1", "begin_to_help", at(4), declare=True)
    assert "note_taker" in waiting(case), "the second has not signed"


def test_only_who_is_let_in_hears_of_it(staff: Staff) -> None:
    case = let_in(staff)
    before = {name: inbox_lines(staff, name) for name in PARTS}
    asked = {"person": staff["decider2"], "part": Role.NOTE_TAKER.value}
    done(staff, case, "handler1", "appoint_part", at(2), **asked)
    admit_readers(at(4))
    assert {name: inbox_lines(staff, name) for name in PARTS} == before
    assert inbox_lines(staff, "decider2")


def test_who_was_asked_finds_the_case_among_their_tasks(staff: Staff) -> None:
    case = let_in(staff)
    for name in PARTS:
        page = sign_in(Client(), staff, name).get("/cases/?view=mine").content.decode()
        assert case.reference in page, name
    assert check_all() == 0


def test_after_a_remit_no_one_who_helped_before_helps_again(staff: Staff) -> None:
    case = cases.appeal_heard(staff)
    for name, part in PARTS.items():
        grant(case, staff[name], part if name == "handler2" else ASKED_TO_HELP[part])
    done(staff, case, "appeal1", "remit", START, reasons="Afresh.")
    for name in PARTS:
        assert rules.role_for(staff[name], "read", fresh(case)) is None, name


WAITS: dict[str, tuple[str, str, dict[str, Any], str, str, dict[str, Any]]] = {
    "a hold": ("handler1", "hold",
               {"reason": "C_SICK", "review_on": at(15).date(), "explanation": "Sick."},
               "handler1", "resume", {}),
    "a withdrawal": ("complainant1", "ask_to_withdraw", {}, "complainant1", "stay", {}),
}  # fmt: skip


@pytest.mark.parametrize("wait", WAITS)
def test_who_is_let_in_while_a_case_waits_has_their_time_from_its_end(
    staff: Staff, wait: str
) -> None:
    who, begin, answers, ender, end, ending = WAITS[wait]
    case = cases.in_investigation(staff)
    certify(staff, "staff1")
    for name, part in PARTS.items():
        done(staff, case, "handler1", "appoint_part", START, person=staff[name], part=part.value)
    done(staff, case, who, begin, at(1), **answers)
    row = case.pending_readers.get(role="note_taker")
    done(staff, case, "complainant1", "answer_reader", at(1), reader=row.pk, answer="fine")
    for day in (2, 6):
        admit_readers(at(day))
        assert run_clocks(at(day)).failed == 0
        assert not holders(case, *ASKED_TO_HELP.values()).exists()
    done(staff, case, "lead1", "end_part", at(7), helper=f"adviser:{staff['staff2'].pk}")
    done(staff, case, ender, end, at(8), **ending)
    admit_readers(at(8))
    assert run_clocks(at(8)).failed == 0
    assert waiting(case) == {"co_handler", "note_taker"}
    rows = case.deadlines.filter(name=ClockName.OFFER, completed_on=None)
    assert {case.calendar.between(at(8).date(), row.current_due) for row in rows} == {2}
    done(staff, case, "staff1", "begin_to_help", at(8), declare=True)
    assert run_clocks(at(13)).failed == 0
    assert not waiting(case)


def test_who_is_asked_is_reminded_a_working_day_before_and_no_one_else(staff: Staff) -> None:
    case = let_in(staff)
    done(staff, case, "staff1", "begin_to_help", at(2), declare=True)
    rows = case.deadlines.filter(name=ClockName.OFFER, completed_on=None)
    due = rows.values_list("current_due", flat=True)[0]
    before = {name: inbox_lines(staff, name) for name in (*PARTS, "lead1", "triage1")}
    days = (due - START.date()).days
    assert run_clocks(at(days - 1).replace(hour=12)).failed == 0
    after = {name: inbox_lines(staff, name) for name in before}
    reminded = {name for name in before if after[name] > before[name]}
    assert reminded == set(PARTS) - {"staff1"}
    assert run_clocks(at(days - 1).replace(hour=13)).failed == 0
    assert {name: inbox_lines(staff, name) for name in before} == after, "once"
