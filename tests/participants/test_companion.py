"""A companion reads what is ticked and nothing else, and nothing at all once it is ended."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.test import Client

from grievances.audit.models import Event
from grievances.cases.access import rules
from grievances.cases.actions.actor import NotAllowed
from grievances.cases.actions.perform import StepInput, perform
from grievances.cases.models.case_keys import Keyring
from grievances.cases.models.companions import LINK_LASTS, SharedCopy
from grievances.cases.models.exclusions import is_excluded
from grievances.cases.models.records import Kind, Record
from grievances.cases.models.stored_keys.held import held_on
from grievances.cases.models.stored_keys.rows import SealedKey
from grievances.casework import reading
from grievances.encryption.key_pairs import companion_holder
from grievances.participants import companions, invitations
from grievances.participants.companions import guest_by_key
from grievances.web.cases.presenters import history
from grievances.web.shared import clock
from tests.factories import cases, edge_cases
from tests.factories.cases import START, at, done
from tests.factories.people import Staff
from tests.participants import hearing
from tests.signing_in import sign_in
from workflow.steps import Refused


def kinds(guest: companions.Guest, token: str) -> set[Kind]:
    return {words.kind for words in companions.open_shared(guest, token, now=START).words}


def test_a_companion_reads_what_is_ticked_now_and_later(staff: Staff) -> None:
    case = cases.in_investigation(staff)
    companion, secret = hearing.invite(staff, case, ["MESSAGES"])
    guest, key = hearing.keyed(secret)
    assert kinds(guest, companion.token) == set()
    done(staff, case, "handler1", "send_update", START, (Kind.UPDATE, "We met."), text="We met.")
    done(staff, case, "complainant1", "message", START, (Kind.MESSAGE, "Thanks."), text="Thanks.")
    assert kinds(guest_by_key(key), companion.token) == {Kind.UPDATE, Kind.MESSAGE}


def test_everything_ticked_is_everything_but_names_and_people_kept_away(staff: Staff) -> None:
    case = cases.decided(staff, exclude="staff2", help="Training.")
    reading.open_case(staff.caller("complainant1"), case.reference, now=START)
    companion, secret = hearing.invite(staff, case)
    guest, _ = hearing.keyed(secret)
    found = kinds(guest, companion.token)
    assert {Kind.ACCOUNT, Kind.PEOPLE, Kind.IMPACT, Kind.LETTER, Kind.ACTION, Kind.REPORT} <= found
    assert not found & {Kind.NAME, Kind.EXCLUSION, Kind.SAFETY, Kind.PERSON}


def test_a_companion_never_reads_before_the_complainant(staff: Staff) -> None:
    case = cases.in_decision(staff)
    companion, secret = hearing.invite(staff, case)
    guest, _ = hearing.keyed(secret)
    assert not kinds(guest, companion.token) & {Kind.REPORT, Kind.MEETING, Kind.STATEMENT}


def test_statements_come_with_the_decision_and_only_when_ticked(staff: Staff) -> None:
    case = hearing.decided_after(staff)
    companion, secret = hearing.invite(staff, case, ["STATEMENTS"])
    guest, _ = hearing.keyed(secret)
    assert kinds(guest, companion.token) == {Kind.PUT, Kind.STATEMENT}


def test_the_companions_keys_open_the_copies_and_nothing_of_the_case(staff: Staff) -> None:
    case = cases.decided(staff)
    companion, secret = hearing.invite(staff, case, ["LETTERS"])
    guest, _ = hearing.keyed(secret)
    ring = Keyring.of(case, guest.holder)
    own = {one.compartment for one in held_on(case)}
    assert {name for name in own if name in ring} == {companion.compartment}
    assert not any(row.compartment in ring for row in Record.objects.filter(case=case))
    copied = set(SharedCopy.objects.values_list("kind", flat=True))
    assert Kind.LETTER in copied
    assert not copied & {Kind.ACCOUNT, Kind.PEOPLE, Kind.MESSAGE}


def test_a_link_works_once(staff: Staff) -> None:
    case = cases.acknowledged(staff)
    companion, secret = hearing.invite(staff, case)
    first, _ = hearing.keyed(secret)
    with pytest.raises(NotAllowed):
        hearing.keyed(secret)
    with pytest.raises(NotAllowed):
        invitations.accept(secret, hearing.account(staff, "companion1"), "UNION", now=START)
    link, handle = companion_holder(secret)
    assert companion.compartment not in Keyring.of(case, link)
    used = companions.Guest(handle, handle, link)
    with pytest.raises(NotAllowed):
        companions.open_shared(used, companion.token, now=START)
    assert companions.open_shared(first, companion.token, now=START).words


def test_a_link_works_for_seven_days(staff: Staff) -> None:
    case = cases.acknowledged(staff)
    _, secret = hearing.invite(staff, case)
    last = START + LINK_LASTS
    assert timedelta(days=7) == LINK_LASTS
    with pytest.raises(NotAllowed):
        hearing.keyed(secret, last)
    companion, again = hearing.invite(staff, case, now=last)
    assert companion.number == 2
    hearing.keyed(again, last + LINK_LASTS - timedelta(seconds=1))


def test_the_link_is_stored_nowhere(staff: Staff) -> None:
    case = cases.acknowledged(staff)
    companion, secret = hearing.invite(staff, case)
    _, key = hearing.keyed(secret)
    rows = [*case.companions.values_list(), *Event.objects.values_list("data", "key", "actor")]
    rows += list(SealedKey.objects.values_list())
    assert secret not in str(rows)
    assert key.replace("-", "") not in str(rows)
    assert companion.handle not in {secret, key}


def test_ended_is_ended_at_once(staff: Staff) -> None:
    case = cases.acknowledged(staff)
    companion, secret = hearing.invite(staff, case)
    guest, _ = hearing.keyed(secret)
    before = Keyring.of(case, guest.holder)
    assert companion.compartment in before
    done(staff, case, "complainant1", "end_companion", at(1))
    with pytest.raises(NotAllowed):
        companions.open_shared(guest, companion.token, now=at(1))
    with pytest.raises(NotAllowed):
        companions.write_message(guest, companion.token, "Still here?", once="", now=at(1))
    assert companion.compartment not in Keyring.of(case, guest.holder)
    assert not SharedCopy.objects.exists()
    done(staff, case, "complainant1", "message", at(2), (Kind.MESSAGE, "Alone."), text="Alone.")
    assert not SharedCopy.objects.exists()


def test_an_invitation_can_be_taken_back_before_it_is_used(staff: Staff) -> None:
    case = cases.acknowledged(staff)
    _, secret = hearing.invite(staff, case)
    with pytest.raises(Refused) as refusal:
        hearing.invite(staff, case)
    assert refusal.value.code == "COMPANION_THERE"
    done(staff, case, "complainant1", "end_companion", START)
    with pytest.raises(NotAllowed):
        hearing.keyed(secret)
    hearing.invite(staff, case)


SHUT_OUT = ("respondent1", "linemanager1", "triage1", "lead1", "complainant1", "staff1", "staff2")
"""The one it is about, a manager, people at work on it, themselves, a witness, one left out."""


def test_people_excluded_or_at_work_on_it_cannot_come_along(staff: Staff) -> None:
    case = cases.in_investigation(staff, exclude="staff2")
    hearing.ask(staff, case)
    _, secret = hearing.invite(staff, case)
    for name in SHUT_OUT:
        with pytest.raises(NotAllowed):
            invitations.find_invitation(secret, hearing.account(staff, name), now=START)
        with pytest.raises(NotAllowed):
            invitations.accept(secret, hearing.account(staff, name), "COLLEAGUE", now=START)
    invitations.accept(secret, hearing.account(staff, "companion1"), "COLLEAGUE", now=START)


def test_inviting_by_name_refuses_whom_the_complainant_knows_and_does_not_tell_witnesses(
    staff: Staff,
) -> None:
    case = cases.in_investigation(staff)
    hearing.ask(staff, case)
    refused = {name for name in SHUT_OUT if not companions.may_be_invited(case, name)}
    assert refused == {"respondent1", "linemanager1", "triage1", "lead1", "complainant1"}
    assert companions.may_be_invited(case, "staff1")
    assert companions.may_be_invited(case, "Kim of the union")


def test_a_companion_with_an_account_is_in_conflict_and_sees_no_case(staff: Staff) -> None:
    case = cases.in_allocation(staff)
    companion, secret = hearing.invite(staff, case)
    guest = hearing.account(staff, "handler1")
    invitations.accept(secret, guest, "COLLEAGUE", now=START)
    assert companions.open_shared(guest, companion.token, now=START).words
    assert rules.actions_allowed(staff["handler1"], cases.fresh(case)) == frozenset()
    with pytest.raises(Refused) as refusal:
        done(staff, case, "triage1", "offer", START, role="handler", candidate=staff["handler1"])
    assert refusal.value.code == "CONFLICT"


def test_a_companion_who_is_named_later_loses_everything(staff: Staff) -> None:
    case = cases.acknowledged(staff)
    companion, secret = hearing.invite(staff, case)
    guest = hearing.account(staff, "companion1")
    invitations.accept(secret, guest, "COLLEAGUE", now=START)
    done(staff, case, "triage1", "name_respondent", START, person=staff["companion1"])
    assert is_excluded(case, staff["companion1"].pk)
    with pytest.raises(NotAllowed):
        companions.open_shared(guest, companion.token, now=START)
    assert companion.compartment not in Keyring.of(case, guest.holder)


def test_every_opening_is_in_the_complainants_ledger(staff: Staff) -> None:
    case = cases.acknowledged(staff)
    companion, secret = hearing.invite(staff, case)
    guest, _ = hearing.keyed(secret)
    companions.open_shared(guest, companion.token, now=START)
    companions.open_shared(guest, companion.token, now=START)
    _, events = reading.ledger(staff.caller("complainant1"), case.reference, now=START)
    own = [event.kind for event in events if event.role == "companion"]
    assert sorted(own) == ["companion.accepted", "companion.opened"]


def test_a_companion_writes_and_the_officers_and_the_complainant_read_it(staff: Staff) -> None:
    case = cases.acknowledged(staff)
    companion, secret = hearing.invite(staff, case, ["DATES"])
    guest, _ = hearing.keyed(secret)
    companions.write_message(guest, companion.token, "She would like a break.", once="1", now=START)
    for who in ("triage1", "complainant1"):
        opened = reading.open_case(staff.caller(who), case.reference, now=START)
        assert "She would like a break." in [words.text for words in opened.words]
    done(staff, case, "complainant1", "end_companion", START)
    opened = reading.open_case(staff.caller("triage1"), case.reference, now=START)
    assert "She would like a break." in [words.text for words in opened.words]


def test_an_anonymous_complainant_may_have_one(staff: Staff) -> None:
    case, caller = edge_cases.anonymous(staff)
    secret = companions.new_link_secret()
    answers = {"person": "Kim", "shares": ["ACCOUNT"], "secret": secret}
    step_input = StepInput(answers=answers)
    perform("invite_companion", case_id=case.pk, caller=caller, now=START, step_input=step_input)
    guest, _ = hearing.keyed(secret)
    assert Kind.ACCOUNT in kinds(guest, case.companions.get().token)


def test_an_interpreter_comes_when_the_complainant_agrees_and_reads_nothing(staff: Staff) -> None:
    case = cases.in_investigation(staff)
    answers = {"text": "A. Person, BSL", "meeting_on": at(9).date(), "independent": True}
    keys = len(held_on(case))
    done(staff, case, "handler1", "propose_interpreter", START, **answers)
    with pytest.raises(Refused) as refusal:
        done(staff, case, "handler1", "confirm_interpreter", START, signed=True)
    assert refusal.value.code == "INTERPRETER_NOT_AGREED"
    done(staff, case, "complainant1", "answer_interpreter", START, answer="no")
    with pytest.raises(Refused):
        done(staff, case, "handler1", "confirm_interpreter", START, signed=True)
    done(staff, case, "handler1", "propose_interpreter", START, **answers)
    opened = reading.open_case(staff.caller("complainant1"), case.reference, now=START)
    assert [w.text for w in opened.words if w.kind == Kind.INTERPRETER] == ["A. Person, BSL"] * 2
    page = f"/cases/{case.reference}/answer_interpreter/"
    asked = sign_in(Client(), staff, "complainant1").get(page).content.decode()
    assert "A. Person, BSL" in asked.partition("May this interpreter come")[0]
    done(staff, case, "complainant1", "answer_interpreter", START, answer="yes")
    done(staff, case, "handler1", "confirm_interpreter", at(1), signed=True)
    assert case.interpreters.get(agreed=True).declared_on == at(1).date()
    assert len(held_on(case)) == keys


@pytest.fixture
def at_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    """The pages read the moment at which the steps are taken."""
    monkeypatch.setattr(clock, "now", lambda: START)
    monkeypatch.setattr(clock, "today", lambda: START.date())


@pytest.mark.usefixtures("at_the_start")
def test_the_link_is_shown_again_to_a_second_press_and_to_no_one_else(staff: Staff) -> None:
    case = cases.acknowledged(staff)
    client = sign_in(Client(), staff, "complainant1")
    page = f"/cases/{case.reference}/invite_companion/"
    shown = client.get(page).content.decode()
    hidden = dict(re.findall(r'name="(once|secret)" value="([^"]+)"', shown))
    answers = {**hidden, "person": "Kim", "shares": ["DATES"]}
    first, second = (client.post(page, answers).content.decode() for _ in range(2))
    link = f"/accompany/{hidden['secret']}/"
    assert link in first
    assert link in second
    assert case.companions.count() == 1
    assert link not in client.get(f"/cases/{case.reference}/").content.decode()
    done(staff, case, "complainant1", "end_companion", START)
    asked = {**answers, "once": "another", "secret": "short"}
    refused = client.post(page, asked, headers={"accept": "application/json"})
    assert refused.status_code == 422


@pytest.mark.usefixtures("at_the_start")
def test_someone_signed_in_takes_it_up_with_their_account(staff: Staff) -> None:
    case = cases.acknowledged(staff)
    _, secret = hearing.invite(staff, case, ["ACCOUNT", "DATES"])
    client = sign_in(Client(), staff, "companion1")
    assert "Help someone as their companion" not in client.get("/").content.decode()
    form = {"kind": "COLLEAGUE", "confidential": "on"}
    assert client.post(f"/accompany/{secret}/", {**form, "kind": ""}).status_code == 422
    shown = client.post(f"/accompany/{secret}/", form, follow=True).content.decode()
    assert "my accent was imitated" in shown
    assert "We are agreeing the safest way forward with you" in shown
    assert "Complainant 1" not in shown
    assert "Help someone as their companion" in client.get("/").content.decode()
    assert case.reference not in client.get("/cases/").content.decode()


@pytest.mark.usefixtures("at_the_start")
def test_the_respondent_brings_a_companion_who_reads_their_page_and_nothing_else(
    staff: Staff,
) -> None:
    case = cases.in_investigation(staff)
    asked, other = hearing.put(staff, case), hearing.ask(staff, case)
    hearing.answer(staff, other, "staff1", hearing.OBSERVED)
    client = sign_in(Client(), staff, "respondent1")
    shown = client.get(f"/replies/{asked.token}/").content.decode()
    secret = re.findall(r'name="secret" value="([^"]+)"', shown)[0]
    link = client.post(f"/replies/{asked.token}/companion/", {"secret": secret})
    assert f"/accompany/{secret}/" in link.content.decode()
    for name in ("complainant1", "staff1", "handler1", "linemanager1"):
        path = f"/accompany/{secret}/"
        assert sign_in(Client(), staff, name).get(path).status_code == 404, name
    friend, key = Client(), companions.new_own_key()
    form = {"kind": "UNION", "confidential": "on", "own_key": key}
    assert friend.post(f"/accompany/{secret}/", form).status_code == 200
    row = asked.companions.get()
    read = friend.get(f"/accompany/with/{row.token}/").content.decode()
    assert "PLANTED-SECRET-PUT" in read
    for word in (case.reference, "Complainant 1", "PLANTED-SECRET-ACCOUNT", hearing.OBSERVED):
        assert word not in read, word
    ring = Keyring.of(case, guest_by_key(key).holder)
    assert {r.compartment for r in case.records.all() if r.compartment in ring} == {
        asked.compartment
    }
    wrote = friend.post(f"/accompany/with/{row.token}/", {"text": "x", "once": "1"})
    assert wrote.status_code == 404
    _, events = reading.ledger(staff.caller("complainant1"), case.reference, now=START)
    assert not history.ledger_rows([e for e in events if e.role == "companion"], "complainant")
    hearing.invite(staff, case)
    page = f"/replies/{asked.token}/companion/"
    assert client.post(page).status_code == 302
    assert friend.get(f"/accompany/with/{row.token}/").status_code == 200
    again = client.post(page, {"secret": companions.new_link_secret()})
    assert (again.status_code, "You have a companion" in again.content.decode()) == (409, True)
    assert client.post(page, {"end": "1"}).status_code == 302
    assert friend.get(f"/accompany/with/{row.token}/").status_code == 404
    assert asked.compartment not in Keyring.of(case, guest_by_key(key).holder)
    assert case.companions.get(hearing=None).ended_at is None
    assert "PLANTED-SECRET-PUT" in client.get(f"/replies/{asked.token}/").content.decode()
