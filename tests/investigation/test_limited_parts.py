"""Those who help in a case: announced first, limited to their part, gone when it ends."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from grievances.cases.access import rules
from grievances.cases.actions.actor import NotAllowed
from grievances.cases.models.assignments import grant, holders
from grievances.cases.models.case import Case
from grievances.cases.models.case_keys import Keyring
from grievances.cases.models.records import Kind
from grievances.cases.models.stored_keys.held import held_on
from grievances.casework import reading
from grievances.casework.appointments import close_account, end_lapsed_parts
from grievances.casework.reader_grants import admit_readers
from grievances.encryption.key_pairs import holder_name
from grievances.people.models import LineManagement
from grievances.vocabulary import Compartment, Role
from grievances.web.cases.presenters.case_list import list_cases
from tests.factories import cases
from tests.factories.cases import START, at, done, fresh
from tests.factories.people import SINCE, UNTIL, Staff
from tests.page_time import pages_at
from tests.signing_in import sign_in
from workflow.steps import Refused

pytestmark = pytest.mark.django_db

PARTS = {"handler2": Role.CO_HANDLER, "staff1": Role.NOTE_TAKER, "staff2": Role.ADVISER}
_page_time = pages_at(at(3))


def certify(staff: Staff, name: str) -> None:
    staff[name].training.create(certificate="RACE-CORE", issued_on=SINCE, expires_on=UNTIL)


def let_in(staff: Staff, *, opened: bool = True, **answers: Any) -> Case:
    """In investigation, with one person asked for each limited part, let in on their day."""
    case = cases.in_investigation(staff, **answers)
    certify(staff, "staff1")
    for name, part in PARTS.items():
        done(staff, case, "handler1", "appoint_part", START, person=staff[name], part=part.value)
    admit_readers(at(2))
    if opened:  # Who holds the keys passes them on.
        reading.open_case(staff.caller("handler1"), case.reference, now=at(2))
    return fresh(case)


def helped(staff: Staff) -> Case:
    """In investigation, with one person in each limited part, who has signed."""
    case = let_in(staff)
    for name in PARTS:
        done(staff, case, name, "begin_to_help", at(2), declare=True)
    return fresh(case)


@pytest.mark.parametrize("name", PARTS)
def test_no_one_who_helps_reads_a_word_before_they_signed_about_those_named(
    staff: Staff, name: str
) -> None:
    case = let_in(staff, share="yes", identity="OPEN")
    assert rules.actions_allowed(staff[name], case) == {
        "read", "read_names_to_declare", "begin_to_help", "recuse",
    }  # fmt: skip
    client, path = sign_in(Client(), staff, name), f"/cases/{case.reference}/"
    page = client.get(path)
    assert "Begin to help" in page.content.decode()
    assert "PLANTED-SECRET" not in page.content.decode()
    assert not reading.open_case(staff.caller(name), case.reference, now=at(3)).words
    assert "PLANTED-SECRET" not in client.get(f"{path}print/").content.decode()
    for more in ("investigation/", "export/", "letter/", "take_notes/", "give_advice/"):
        assert client.get(path + more).status_code == 404, more
    form = client.get(f"{path}begin_to_help/").content.decode()
    assert ("Complainant 1" in form) is (name == "handler2"), "a note-taker never reads the name"
    assert "I have no personal, work or social connection with the people named above" in form
    assert client.post(f"{path}begin_to_help/", {}).status_code == 422
    assert "PLANTED-SECRET" not in client.get(path).content.decode()
    assert client.post(f"{path}begin_to_help/", {"declare": "on"}).status_code == 302
    assert rules.role_for(staff[name], "read", fresh(case)) == PARTS[name].value
    assert rules.role_for(staff[name], "begin_to_help", fresh(case)) is None


def test_who_was_let_in_can_be_taken_off_step_back_or_have_become_conflicted(
    staff: Staff,
) -> None:
    case = let_in(staff)
    taken = f"adviser:{staff['staff2'].pk}"
    done(staff, case, "lead1", "end_part", at(3), helper=taken)
    done(staff, case, "staff1", "recuse", at(3))
    for name in ("staff1", "staff2"):
        assert rules.role_for(staff[name], "read", case) is None
        assert not held_on(case, holder_name(staff[name].pk)), name
    done(staff, case, "handler1", "name_respondent", at(3), person=staff["respondent1"])
    LineManagement.objects.create(
        person=staff["respondent1"], manager=staff["handler2"], from_date=SINCE
    )
    client = sign_in(Client(), staff, "handler2")
    page = client.get(f"/cases/{case.reference}/begin_to_help/").content.decode()
    assert "Respondent 1" not in page, "a conflicted person learns no name"
    with pytest.raises(Refused) as refused:
        done(staff, case, "handler2", "begin_to_help", at(3), declare=True)
    assert refused.value.code == "CONFLICT"


def test_who_is_let_in_is_told_and_not_announced_twice(staff: Staff) -> None:
    case = let_in(staff)
    for name, part in PARTS.items():
        line = sign_in(Client(), staff, name).get("/inbox/").content.decode()
        assert f"{case.reference}: " in line, name
        with pytest.raises(Refused) as refused:
            done(staff, case, "handler1", "appoint_part", at(3),
                 person=staff[name], part=part.value)  # fmt: skip
        assert refused.value.code == "PART_TAKEN"


def test_no_one_helps_before_the_complainant_was_told_and_who_is_refused_never_does(
    staff: Staff,
) -> None:
    case = cases.in_investigation(staff)
    done(
        staff, case, "handler1", "appoint_part", START,
        person=staff["handler2"], part="co_handler",
    )  # fmt: skip
    assert rules.role_for(staff["handler2"], "read", case) is None
    page = sign_in(Client(), staff, "complainant1").get(f"/cases/{case.reference}/").content
    assert b"Handler 2" in page
    assert b"Co-investigator" in page
    row = case.pending_readers.get()
    done(staff, case, "complainant1", "answer_reader", at(1), reader=row.pk, answer="away")
    admit_readers(at(5))
    assert not holders(case, Role.CO_HANDLER).exists()


MAY = {
    "handler2": {"read_account", "read_name", "read_meeting", "read_statements", "read_room",
                 "read_minutes", "list_person", "list_evidence", "take_notes"},
    "staff1": {"read_minutes", "take_notes"},
    "staff2": {"read_letter", "read_advice", "give_advice"},
}  # fmt: skip


def test_each_part_may_do_what_is_listed_here_and_nothing_else(staff: Staff) -> None:
    case = helped(staff)
    for name, may in MAY.items():
        also = {"read", "recuse"} | ({"read_process"} if name != "staff1" else set())
        assert rules.actions_allowed(staff[name], case) == may | also, name


def test_their_keys_open_no_more_than_their_part(staff: Staff) -> None:
    case = helped(staff)
    keys = {
        name: {c for c in Compartment if c in Keyring.of(case, staff.caller(name).holder)}
        for name in PARTS
    }
    assert Compartment.CORE in keys["handler2"]
    assert keys["staff1"] == {Compartment.REPLY}
    assert keys["staff2"] == {Compartment.OFFICE}


WRITES = {
    "handler2": ("list_person", {"name": "Staff 1", "questions": "What did you hear?"}),
    "staff1": ("take_notes", {"meeting": "The first", "text": "It was said."}),
    "staff2": ("give_advice", {"text": "You may."}),
}  # fmt: skip


@pytest.mark.parametrize("name", WRITES)
def test_those_who_help_sign_that_they_have_no_connection_with_what_they_write(
    staff: Staff, name: str
) -> None:
    case = helped(staff)
    step, answers = WRITES[name]
    with pytest.raises(Refused) as refused:
        done(staff, case, name, step, at(3), **answers)
    assert refused.value.code == "DECLARATION_MISSING"
    page = f"/cases/{case.reference}/{step}/"
    client = sign_in(Client(), staff, name)
    assert b"I have no personal, work or social connection with" in client.get(page).content
    answer = client.post(page, answers)
    assert answer.status_code == 422
    assert str(next(iter(answers.values()))).encode() in answer.content, "nothing typed is lost"
    assert client.post(page, {**answers, "declare": "on"}).status_code == 302
    if step == "list_person":
        handler = sign_in(Client(), staff, "handler1")
        assert b"I sign this today" not in handler.get(page).content
        done(staff, case, "handler1", step, at(3), **answers)


def test_what_they_write_is_read_by_those_who_look_into_it_and_by_no_one_else(
    staff: Staff,
) -> None:
    case = helped(staff)
    done(staff, case, "staff1", "take_notes", at(3), meeting="The first", text="SAID-THERE",
         declare=True)  # fmt: skip
    done(staff, case, "handler1", "ask_advice", at(3), text="IS-IT-LAWFUL")
    done(staff, case, "staff2", "give_advice", at(3), text="ADVICE-OF-LAW", declare=True)
    read = {
        name: " ".join(
            words.text
            for words in reading.open_case(staff.caller(name), case.reference, now=at(3)).words
        )
        for name in ("handler1", "decider1", "lead1", "complainant1", "triage1", *PARTS)
    }
    seen = {
        text: {name for name, page in read.items() if text in page}
        for text in ("SAID-THERE", "IS-IT-LAWFUL", "ADVICE-OF-LAW", "PLANTED-SECRET-ACCOUNT")
    }
    deciding = {"handler1", "decider1"}
    assert seen["SAID-THERE"] == deciding | {"handler2", "staff1"}
    assert seen["IS-IT-LAWFUL"] == seen["ADVICE-OF-LAW"] == deciding | {"staff2"}
    assert seen["PLANTED-SECRET-ACCOUNT"] == {"complainant1", "triage1", "handler2", *deciding}


def test_a_part_ends_when_they_are_taken_off_and_when_the_case_closes(staff: Staff) -> None:
    case = helped(staff)
    taken = f"note_taker:{staff['staff1'].pk}"
    done(staff, case, "lead1", "end_part", at(3), helper=taken)
    assert rules.role_for(staff["staff1"], "read", case) is None
    assert sign_in(Client(), staff, "staff1").get(f"/cases/{case.reference}/").status_code == 404
    day = at(3).date()
    done(staff, case, "handler1", "record_meeting", at(3), held_on=day, companion_asked=True)
    done(staff, case, "handler1", "record_respondent", at(3), asked_on=day)
    report = (Kind.REPORT, "Found.")
    done(staff, case, "handler1", "submit_report", at(3), report, covered=["1"],
         evidence_complete=True, report="Found.")  # fmt: skip
    done(staff, case, "decider1", "decide", at(3), findings={"1": "NOT_UPHELD"}, reasons="Why.",
         letter="Why.", appeal_rights=True)  # fmt: skip
    done(staff, case, "complainant1", "accept_outcome", at(3))
    assert not holders(case, Role.CO_HANDLER, Role.ADVISER).exists()
    for name in PARTS:
        assert not held_on(case, holder_name(staff[name].pk)), name


@pytest.mark.parametrize(
    ("name", "part", "code"),
    [
        ("respondent1", "adviser", "CONFLICT"),
        ("linemanager1", "adviser", "CONFLICT"),
        ("triage1", "note_taker", "ROLE_CLASH"),
        ("handler1", "co_handler", "ROLE_CLASH"),
        ("lead1", "adviser", "ROLE_CLASH"),
        ("staff1", "co_handler", "NOT_CERTIFIED"),
        ("staff1", "note_taker", "NOT_CERTIFIED"),
        ("handler2", "decider", "ANSWER_MISSING"),
    ],
)
def test_who_is_unfit_is_refused(staff: Staff, name: str, part: str, code: str) -> None:
    case = cases.in_investigation(staff)
    if name == "respondent1":
        done(staff, case, "handler1", "name_respondent", START, person=staff[name])
    with pytest.raises(Refused) as refused:
        done(staff, case, "handler1", "appoint_part", START, person=staff[name], part=part)
    assert refused.value.code == code


def test_the_same_person_twice_is_refused_and_no_one_else_appoints(staff: Staff) -> None:
    case = cases.in_investigation(staff)
    adviser = {"person": staff["staff2"], "part": "adviser"}
    done(staff, case, "lead1", "appoint_part", START, **adviser)
    with pytest.raises(Refused) as refused:
        done(staff, case, "handler1", "appoint_part", START, **adviser)
    assert refused.value.code == "PART_TAKEN"
    for name in ("triage1", "decider1", "complainant1", "staff2"):
        with pytest.raises(NotAllowed):
            done(staff, case, name, "appoint_part", START, person=staff["staff1"], part="adviser")


@pytest.mark.parametrize("role", Role)
def test_what_every_role_needs_to_be_kept_is_known(staff: Staff, role: Role) -> None:
    """A role without an answer stopped every end of an office, for everyone."""
    case = cases.in_investigation(staff)
    grant(case, staff["staff2"], role)
    end_lapsed_parts(at(3))
    needs_none = role in {
        Role.NOTE_TAKER, Role.ADVISER, Role.ASKED_NOTE_TAKER, Role.ASKED_ADVISER,
    }  # fmt: skip
    assert holders(case, role).filter(pk=staff["staff2"].pk).exists() is needs_none


def test_a_leaver_who_has_not_signed_loses_the_part(staff: Staff) -> None:
    case = let_in(staff)
    close_account(staff["staff1"], at(3))
    assert rules.role_for(staff["staff1"], "read", fresh(case)) is None
    staff["handler2"].appointments.update(to_date=at(2).date())
    end_lapsed_parts(at(4))
    assert rules.role_for(staff["handler2"], "read", fresh(case)) is None


@pytest.mark.parametrize("name", PARTS)
def test_no_one_signs_about_people_whom_the_form_keeps_back(staff: Staff, name: str) -> None:
    case = let_in(staff, about="Gordon Zweibelstein in the canteen", opened=False)
    client, path = sign_in(Client(), staff, name), f"/cases/{case.reference}/begin_to_help/"
    form = client.get(path).content.decode()
    assert "No one is named yet" not in form
    assert "Zweibelstein" not in form
    sentence = "has not reached you yet" if name == "handler2" else "does not show whom"
    assert sentence in form
    answer = client.post(path, {"declare": "on"})
    assert answer.status_code == (422 if name == "handler2" else 302)
    reading.open_case(staff.caller("handler1"), case.reference, now=at(3))
    if name == "handler2":
        assert "Zweibelstein" in client.get(path).content.decode()
        assert client.post(path, {"declare": "on"}).status_code == 302


@pytest.mark.parametrize("name", PARTS)
def test_lists_and_the_interface_tell_no_more_than_the_page_before_they_signed(
    staff: Staff, name: str
) -> None:
    case = let_in(staff)
    (row,) = list_cases(staff[name], at(3).date()).rows
    assert (row.owner, row.age) == ("", None)
    told = sign_in(Client(), staff, name).get(f"/api/v1/cases/{case.reference}/").json()
    assert told["received_on"] is None
    assert {each["name"] for each in told["promises"]} == {"Answer the request to help"}
