"""A lost password without a recovery code: two officers let the person in again, no one alone."""

from __future__ import annotations

import re

import pytest
from django.core.cache import cache
from django.test import Client

from grievances.accounts import recovery
from grievances.accounts.recovery_models import AccountRecovery
from grievances.audit.models import Event
from grievances.cases.actions.actor import Caller, NotAllowed
from grievances.cases.models.case import Case
from grievances.cases.models.case_keys import GRANTED, Keyring
from grievances.cases.models.records import Kind
from grievances.cases.models.stored_keys.held import changing, held_on
from grievances.cases.models.stored_keys.rows import SHARES
from grievances.casework import reading
from grievances.encryption.key_pairs import unlock
from grievances.encryption.primitives import DecryptionFailed
from grievances.intake import drafts
from grievances.people.models import User
from grievances.vocabulary import Standing
from notifications.outbox import inbox
from tests.factories import cases, edge_cases
from tests.factories.cases import START, at, done
from tests.factories.people import PASSWORD, Staff
from tests.signing_in import sign_in
from workflow.steps import Refused

NEW = "three-quiet-red-bicycles"
SECRET = "PLANTED-SECRET-ACCOUNT"


@pytest.fixture(autouse=True)
def _no_quota_from_before() -> None:
    cache.clear()


def recovered(staff: Staff, name: str) -> Caller:
    """Someone of the staff after two officers confirmed them, signed in with the new password."""
    number = recovery.ask_for_recovery(name, NEW, now=START)
    for officer in ("lead1", "dpo1"):
        recovery.confirm(staff.caller(officer), name, number, now=START)
    person = User.objects.get(username=name)
    return Caller(person, unlock(person, NEW))


def words_of(caller: Caller, case: Case) -> tuple[str, bool]:
    opened = reading.open_case(caller, case.reference, now=at(1))
    return str(opened.words), opened.locked


def test_the_complainant_comes_back_to_their_case(staff: Staff) -> None:
    case = cases.in_investigation(staff)
    caller = recovered(staff, "complainant1")
    assert words_of(caller, case) == (words_of(caller, case)[0], False)
    assert SECRET in words_of(caller, case)[0]
    words = (Kind.MESSAGE, "I am back.")
    done_by = Caller(caller.who, caller.holder)
    staff.holders["complainant1"] = done_by.holder  # type: ignore[assignment]
    done(staff, case, "complainant1", "message", at(1), words, text="I am back.")
    assert not any(one.part in GRANTED.values() for one in held_on(case))
    with pytest.raises(DecryptionFailed):
        unlock(User.objects.get(username="complainant1"), PASSWORD)


def test_through_the_pages_from_the_sign_in_form_to_the_case(staff: Staff) -> None:
    case = cases.acknowledged(staff)
    answers = {"username": "complainant1", "password1": NEW, "password2": NEW}
    page = Client().post("/account/forgotten/without-code/", answers).content.decode()
    (number,) = re.findall(r'class="fh-key">([0-9a-z-]{19})<', page)
    for officer in ("dpo1", "lead1"):
        client = sign_in(Client(), staff, officer)
        assert "Confirm a person" in client.get("/account/").content.decode()
        typed = {"username": "complainant1", "number": number.upper(), "sure": "on"}
        assert client.post("/account/recoveries/", typed).status_code == 302
    client = Client()
    client.post("/accounts/login/", {"login": "complainant1", "password": NEW})
    page = client.get(f"/cases/{case.reference}/").content.decode()
    assert SECRET in page
    assert "key has not reached you" not in page


def test_one_officer_alone_changes_nothing(staff: Staff) -> None:
    case = cases.acknowledged(staff)
    number = recovery.ask_for_recovery("complainant1", NEW, now=START)
    recovery.confirm(staff.caller("lead1"), "complainant1", number, now=START)
    with pytest.raises(Refused, match="SAME_PERSON"):
        recovery.confirm(staff.caller("lead1"), "complainant1", number, now=START)
    person = User.objects.get(username="complainant1")
    assert person.check_password(PASSWORD)
    assert SECRET in words_of(Caller(person, unlock(person, PASSWORD)), case)[0]
    row = AccountRecovery.objects.get()
    with pytest.raises(DecryptionFailed):
        unlock(person, NEW)
    assert not row.is_confirmed


def test_neither_officer_reads_or_learns_anything(staff: Staff) -> None:
    case = cases.acknowledged(staff)
    before = Event.objects.filter(subject=case.reference).count()
    recovered(staff, "complainant1")
    assert Event.objects.filter(subject=case.reference).count() == before
    kinds = Event.objects.filter(kind__startswith="account.").values_list("kind", "subject")
    assert set(kinds) == {
        ("account.recovery_asked", ""),
        ("account.recovery_confirmed", ""),
        ("account.recovered", ""),
    }
    for officer in ("lead1", "dpo1"):
        assert SECRET not in words_of(staff.caller(officer), case)[0]


def test_a_worker_gets_back_what_is_theirs_and_no_more(staff: Staff) -> None:
    case = cases.in_investigation(staff, share="no")
    caller = recovered(staff, "handler1")
    ring = Keyring.of(case, caller.holder)
    assert "core" in ring
    assert "identity" not in ring
    assert SECRET in words_of(caller, case)[0]


def test_a_colleague_who_opens_the_case_pays_as_well(staff: Staff) -> None:
    case = cases.acknowledged(staff)
    with changing(case) as keys:
        keys.drop([one for one in keys.held if one.part in SHARES])
    caller = recovered(staff, "complainant1")
    text, is_locked = words_of(caller, case)
    assert is_locked
    assert SECRET not in text
    page = reading.open_case(staff.caller("triage1"), case.reference, now=at(1))
    assert not page.locked
    assert words_of(caller, case)[1] is False


def test_an_officer_who_set_up_anew_gets_their_shares_again(staff: Staff) -> None:
    case = cases.acknowledged(staff)
    number = recovery.ask_for_recovery("lead1", NEW, now=START)
    recovery.confirm(staff.caller("dpo1"), "lead1", number, now=START)
    with pytest.raises(Refused, match="SAME_PERSON"):
        recovery.confirm(staff.caller("lead1"), "lead1", number, now=START)
    AccountRecovery.objects.update(lead=staff["independent1"])
    row = AccountRecovery.objects.get()
    recovery._set_up_anew(row, START)
    person = User.objects.get(username="lead1")
    staff.people["lead1"], staff.holders["lead1"] = person, unlock(person, NEW)
    assert any(one.part == "lead" and not one.is_sealed for one in held_on(case))
    reading.open_case(staff.caller("complainant1"), case.reference, now=START)
    assert all(one.is_sealed for one in held_on(case))
    done(staff, case, "dpo1", "ask_break_glass", at(1), why="LAW", text="A letter came.")
    done(staff, case, "lead1", "agree_break_glass", at(1), read=True)
    assert SECRET in words_of(staff.caller("dpo1"), case)[0]


def test_a_draft_that_no_one_else_could_open_is_gone_and_that_was_said(staff: Staff) -> None:
    edge_cases.drafted(staff)
    page = Client().get("/account/forgotten/without-code/").content.decode()
    assert "not sent yet cannot be brought back" in page
    caller = recovered(staff, "complainant1")
    assert not drafts.own_drafts(caller.person).exists()


def test_no_one_confirms_but_the_two_offices(staff: Staff) -> None:
    number = recovery.ask_for_recovery("complainant1", NEW, now=START)
    for name in ("triage1", "admin1", "complainant1", "independent1"):
        with pytest.raises(NotAllowed):
            recovery.confirm(staff.caller(name), "complainant1", number, now=START)
        client = sign_in(Client(), staff, name)
        assert client.get("/account/recoveries/").status_code == 404
    with pytest.raises(NotAllowed):
        recovery.confirm(Caller(staff["lead1"]), "complainant1", number, now=START)


def test_a_number_fits_one_request_one_person_and_one_week(staff: Staff) -> None:
    number = recovery.ask_for_recovery("complainant1", NEW, now=START)
    stranger = recovery.ask_for_recovery("complainant1", "the-attackers-password", now=START)
    assert number != stranger
    lead = staff.caller("lead1")
    for username, typed, day in (
        ("complainant2", number, 0),
        ("complainant1", "0000-0000-0000-0000", 0),
        ("complainant1", number, 8),
    ):
        with pytest.raises(Refused, match="NO_REQUEST"):
            recovery.confirm(lead, username, typed, now=at(day))
    recovery.confirm(lead, "complainant1", number, now=START)
    recovery.confirm(staff.caller("dpo1"), "complainant1", number, now=START)
    person = User.objects.get(username="complainant1")
    assert person.check_password(NEW)
    assert not AccountRecovery.objects.exists(), "the stranger's request went with it"


def test_a_request_that_grew_old_leaves_nothing_lent(staff: Staff) -> None:
    case = cases.acknowledged(staff)
    number = recovery.ask_for_recovery("complainant1", NEW, now=START)
    recovery.confirm(staff.caller("lead1"), "complainant1", number, now=START)
    assert any(one.part == "lent_lead" for one in held_on(case))
    assert recovery.end_stale_requests(at(8)) == 1
    assert not any(one.part == "lent_lead" for one in held_on(case))


def test_the_page_answers_alike_for_everyone_and_tells_the_account(staff: Staff) -> None:
    pages = []
    for name in ("complainant1", "nobody-of-this-name"):
        answers = {"username": name, "password1": NEW, "password2": NEW}
        page = Client().post("/account/forgotten/without-code/", answers).content.decode()
        pages.append(re.sub(r"[0-9a-z]{4}(-[0-9a-z]{4}){3}|csrf\S+|nonce\S+", "", page))
    assert pages[0] == pages[1]
    name = staff.caller("complainant1").handle_as("staff")
    assert inbox(name).filter(kind="recovery").count() == 1
    assert Standing.COMPLAINANT.lower() not in str(inbox(name).values())


def test_asking_and_guessing_are_counted(staff: Staff) -> None:
    answers = {"username": "complainant1", "password1": NEW, "password2": NEW}
    codes = [
        Client().post("/account/forgotten/without-code/", answers).status_code for _ in "1234567"
    ]
    assert codes == [200] * 6 + [429]
    client = sign_in(Client(), staff, "lead1")
    typed = {"username": "complainant1", "number": "0000", "sure": "on"}
    codes = [client.post("/account/recoveries/", typed).status_code for _ in "123456"]
    assert codes == [422] * 5 + [429]


def test_a_password_changed_from_outside_is_said_and_not_a_loop(staff: Staff) -> None:
    person = staff["triage1"]
    person.set_password(NEW)
    person.save()
    client = Client()
    answer = client.post("/accounts/login/", {"login": "triage1", "password": NEW})
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "no longer opens your records" in page
    assert "/account/forgotten/" in page
    assert client.get("/account/").status_code == 302
