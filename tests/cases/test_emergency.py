"""Break-glass: two officers open a case to one of them for a day, and the complainant is told."""

from __future__ import annotations

from datetime import datetime

import pytest
from django.core.files.base import ContentFile
from django.test import Client
from pytest_django import Settings

from grievances.audit.models import Event, pseudonymiser_of
from grievances.cases.access import rules
from grievances.cases.actions.actor import NotAllowed
from grievances.cases.actions.emergency import end_overdue, reason_of
from grievances.cases.actions.perform import perform
from grievances.cases.models.assignments import grant, holders
from grievances.cases.models.case import Case
from grievances.cases.models.case_keys import GRANTED, Keyring, open_words
from grievances.cases.models.emergency import BreakGlass
from grievances.cases.models.parties import party_inbox
from grievances.cases.models.records import Kind
from grievances.cases.models.statements import take_up_hearings
from grievances.cases.models.stored_keys.held import held_on
from grievances.casework import reading
from grievances.encryption.primitives import DecryptionFailed
from grievances.encryption.server_keys import person_pseudonym
from grievances.people.models import Appointment
from grievances.vocabulary import Role
from notifications.outbox import inbox
from tests.factories import cases, edge_cases
from tests.factories.cases import START, at, done
from tests.factories.people import Staff
from tests.participants import hearing
from tests.signing_in import sign_in
from workflow.steps import Refused

SECRET = "PLANTED-SECRET-ACCOUNT"
WHY = {"why": "DANGER", "text": "A threat was made."}


def opened_by(staff: Staff, case: Case, name: str, now: datetime = START) -> str:
    return str(reading.open_case(staff.caller(name), case.reference, now=now).words)


def test_two_officers_together_open_what_neither_opens_alone(staff: Staff) -> None:
    case = edge_cases.emergency_asked(staff)
    for name in ("dpo1", "lead1"):
        assert SECRET not in opened_by(staff, case, name)
    done(staff, case, "lead1", "agree_break_glass", START, read=True)
    assert SECRET in opened_by(staff, case, "dpo1")
    assert SECRET not in opened_by(staff, case, "lead1"), "who agrees reads nothing"
    assert not rules.allows(staff["dpo1"], "read_mediation", case)
    assert not rules.allows(staff["dpo1"], "message", case)


def test_the_complainant_is_told_at_once_and_sees_every_reading(staff: Staff) -> None:
    case = edge_cases.emergency_open(staff)
    told = inbox(party_inbox(case.pk, staff["complainant1"].pk)).filter(kind="emergency")
    assert told.get().reference == case.reference
    opened_by(staff, case, "dpo1", at(0, 12))
    client = sign_in(Client(), staff, "complainant1")
    page = client.get(f"/cases/{case.reference}/").content.decode()
    assert "agreed that the data-protection officer reads the case for 24 hours" in page
    looked = Event.objects.filter(kind="case.opened", role="break_glass")
    assert looked.get().actor == pseudonymiser_of(case.reference)(
        person_pseudonym(staff["dpo1"].pk)
    )
    ledger = client.get(f"/cases/{case.reference}/ledger/").content.decode()
    assert "Data-protection officer, for a day in an emergency" in ledger


def test_an_anonymous_complainant_is_told_too(staff: Staff) -> None:
    case, caller = edge_cases.anonymous(staff)
    done(staff, case, "dpo1", "ask_break_glass", START, **WHY)
    done(staff, case, "lead1", "agree_break_glass", START, read=True)
    assert caller.who is not None
    assert inbox(caller.handle_as("complainant")).filter(kind="emergency").exists()
    assert SECRET in opened_by(staff, case, "dpo1")


def test_it_is_over_after_a_day_by_rule_and_not_by_a_sweep(staff: Staff) -> None:
    case = edge_cases.emergency_open(staff)
    assert SECRET in opened_by(staff, case, "dpo1", at(1, 9))
    assert SECRET not in opened_by(staff, case, "dpo1", at(1, 10))
    assert not rules.allows(staff["dpo1"], "read_account", case)
    assert Event.objects.filter(kind="case.end_break_glass", role="system").count() == 1


def test_the_sweep_ends_it_once_and_leaves_nothing_lent(staff: Staff) -> None:
    case = edge_cases.emergency_open(staff)
    assert any(one.part in GRANTED.values() for one in held_on(case))
    assert end_overdue(at(1, 9)) == 0
    assert holders(case, Role.BREAK_GLASS).exists()
    assert end_overdue(at(1, 11)) == 1
    assert not holders(case, Role.BREAK_GLASS).exists()
    assert not any(one.part in GRANTED.values() for one in held_on(case))
    assert end_overdue(at(2)) == 0


@pytest.mark.parametrize("by", ["the sweep", "the officer"])
def test_it_ends_although_the_complainant_has_a_companion(staff: Staff, by: str) -> None:
    case = edge_cases.emergency_open(staff)
    companion, _ = hearing.invite(staff, case)
    if by == "the sweep":
        assert end_overdue(at(3)) == 1
    else:
        done(staff, case, "dpo1", "end_break_glass", START)
    assert not case.emergencies.filter(ended_at__isnull=True).exists()
    # The complainant has every key: what they write next reaches the companion again.
    before = companion.copies.count()
    done(staff, case, "complainant1", "message", at(4), (Kind.MESSAGE, "Again."), text="Again.")
    assert companion.copies.count() == before + 1


def test_what_is_written_after_the_day_is_under_keys_that_were_never_lent(staff: Staff) -> None:
    case = edge_cases.emergency_open(staff)
    holder = staff.holders["dpo1"]
    ring = Keyring.of(case, holder, in_emergency=True)
    kept = {v: ring.key("core", v) for v in (1, 2) if ring.opens("core", v)}
    done(staff, case, "dpo1", "end_break_glass", START)
    newest = Keyring.of(case, staff.holders["complainant1"]).newest("core")
    assert newest[1] not in kept.values()
    assert newest[0] > max(kept)


def test_what_people_heard_have_said_opens_too_but_not_who_a_witness_is(staff: Staff) -> None:
    case = hearing.heard(staff)
    assert hearing.ANSWER not in opened_by(staff, case, "dpo1")
    done(staff, case, "dpo1", "ask_break_glass", START, **WHY)
    done(staff, case, "lead1", "agree_break_glass", START, read=True)
    read = opened_by(staff, case, "dpo1", at(0, 12))
    assert hearing.ANSWER in read
    assert hearing.OBSERVED in read
    assert "Staff 1" not in read
    assert hearing.ANSWER not in opened_by(staff, case, "lead1")
    looked = Event.objects.filter(kind="case.opened", role="break_glass").latest("seq")
    assert "read_statements" in looked.data["saw"]
    kept = Keyring.of(case, staff.holders["dpo1"], in_emergency=True)
    take_up_hearings(case, kept)
    done(staff, case, "dpo1", "end_break_glass", at(0, 13))
    asked = case.hearings.get(standing="RESPONDENT")
    hearing.answer(staff, asked, "respondent1", "AFTERWARDS", now=at(1))
    later = case.records.latest("at")
    with pytest.raises(DecryptionFailed):
        open_words(kept, later.compartment, bytes(later.sealed), later.place)
    assert "AFTERWARDS" not in opened_by(staff, case, "dpo1", at(1))
    for name in ("handler1", "decider1"):
        assert "AFTERWARDS" in opened_by(staff, case, name, at(1))


def test_a_case_in_which_no_one_was_heard_has_no_share_of_a_key_for_it(staff: Staff) -> None:
    case = cases.in_investigation(staff)
    assert not any(one.compartment == "reply" for one in held_on(case))
    hearing.put(staff, case)
    shares = [one for one in held_on(case) if one.compartment == "reply" and one.part]
    assert {row.part for row in shares} == {"dpo", "lead"}
    assert all(row.is_sealed for row in shares)


def test_what_is_written_during_the_day_opens_too(staff: Staff) -> None:
    case = edge_cases.emergency_open(staff)
    done(staff, case, "handler1", "recuse", START)
    words = (Kind.MESSAGE, "MEANWHILE")
    done(staff, case, "complainant1", "message", START, words, text="MEANWHILE")
    page = opened_by(staff, case, "dpo1")
    assert "MEANWHILE" in page
    assert SECRET in page


def test_the_reason_reaches_the_lead_sealed_and_is_filed_with_the_case(staff: Staff) -> None:
    case = edge_cases.emergency_asked(staff)
    row = BreakGlass.objects.get()
    assert "threat" not in str(row.sealed_reasons)
    client = sign_in(Client(), staff, "lead1")
    page = client.get(f"/cases/{case.reference}/agree_break_glass/").content.decode()
    assert "A threat was made." in page
    assert "A person may be in danger" in page
    assert (
        client.post(f"/cases/{case.reference}/agree_break_glass/", {"read": "on"}).status_code
        == 302
    )
    assert "A threat was made." in opened_by(staff, case, "triage1")
    assert BreakGlass.objects.get().sealed_reasons == {}
    assert "threat" not in str(list(Event.objects.values_list("data")))


def test_one_person_is_never_both(staff: Staff) -> None:
    Appointment.objects.create(person=staff["dpo1"], office="lead", from_date=START.date())
    case = edge_cases.emergency_asked(staff)
    with pytest.raises(Refused, match="SAME_PERSON"):
        done(staff, case, "dpo1", "agree_break_glass", START, read=True)
    assert SECRET not in opened_by(staff, case, "dpo1")


@pytest.mark.parametrize("name", ["dpo1", "lead1"])
def test_a_barred_person_takes_no_part(staff: Staff, name: str) -> None:
    case = cases.raised(staff, about=name)
    for role in (Role.DPO, Role.LEAD, Role.BREAK_GLASS):
        grant(case, staff[name], role)
    for step in ("ask_break_glass", "agree_break_glass", "end_break_glass"):
        with pytest.raises(NotAllowed):
            perform(step, case_id=case.pk, caller=staff.caller(name), now=START)
    other = "dpo1" if name == "lead1" else "lead1"
    if other == "dpo1":
        with pytest.raises(Refused, match="NO_SECOND_PERSON"):
            done(staff, case, other, "ask_break_glass", START, **WHY)


def test_someone_barred_meanwhile_loses_it_at_once(staff: Staff) -> None:
    case = edge_cases.emergency_open(staff)
    who = staff["dpo1"]
    done(staff, case, "complainant1", "exclude", START, people="dpo1", matched=[who])
    with pytest.raises(NotAllowed):
        reading.open_case(staff.caller("dpo1"), case.reference, now=START)
    assert "core" not in Keyring.of(case, staff.holders["dpo1"], in_emergency=True)


def test_no_one_agrees_to_what_no_one_asked_or_a_day_late(staff: Staff) -> None:
    case = cases.in_investigation(staff)
    with pytest.raises(Refused, match="NOT_ASKED"):
        done(staff, case, "lead1", "agree_break_glass", START, read=True)
    done(staff, case, "dpo1", "ask_break_glass", START, **WHY)
    with pytest.raises(Refused, match="ASKED_ALREADY"):
        done(staff, case, "dpo1", "ask_break_glass", START, **WHY)
    with pytest.raises(Refused, match="NOT_ASKED"):
        done(staff, case, "lead1", "agree_break_glass", at(1, 11), read=True)
    end_overdue(at(1, 11))
    done(staff, case, "dpo1", "ask_break_glass", at(2), **WHY)
    done(staff, case, "lead1", "refuse_break_glass", at(2))
    assert SECRET not in opened_by(staff, case, "dpo1", at(2))
    assert (
        not inbox(party_inbox(case.pk, staff["complainant1"].pk)).filter(kind="emergency").exists()
    )


def test_an_archived_case_opens_to_two_as_well(staff: Staff) -> None:
    case = edge_cases.archived(staff)
    done(staff, case, "dpo1", "ask_break_glass", at(500), **WHY)
    done(staff, case, "lead1", "agree_break_glass", at(500), read=True)
    assert SECRET in opened_by(staff, case, "dpo1", at(500))
    done(staff, case, "dpo1", "end_break_glass", at(500))
    kept = reason_of(BreakGlass.objects.get(), staff.caller("lead1"))
    assert kept == "A threat was made.", "an archived case takes no more words"


def test_the_officer_downloads_a_file_only_while_it_is_open(staff: Staff) -> None:
    case = cases.in_investigation(staff)
    file = ContentFile(b"what it says", name="note.txt")
    reading.add_file(case, staff.caller("complainant1"), file, now=START)
    evidence = str(case.evidence.get().pk)
    with pytest.raises(NotAllowed):
        reading.download(staff.caller("dpo1"), case.reference, evidence, now=START)
    done(staff, case, "dpo1", "ask_break_glass", START, **WHY)
    done(staff, case, "lead1", "agree_break_glass", START, read=True)
    _, chunks = reading.download(staff.caller("dpo1"), case.reference, evidence, now=START)
    assert b"".join(chunks) == b"what it says"
    assert Event.objects.filter(kind="case.downloaded", role="break_glass").exists()
    with pytest.raises(NotAllowed):
        reading.download(staff.caller("dpo1"), case.reference, evidence, now=at(1, 11))


def test_through_the_pages_from_asking_to_ending(staff: Staff, settings: Settings) -> None:
    settings.FAKE_NOW = START
    case = cases.acknowledged(staff)
    page = f"/cases/{case.reference}/"
    officer, lead = sign_in(Client(), staff, "dpo1"), sign_in(Client(), staff, "lead1")
    assert "Ask to open this case in an emergency" in officer.get(page).content.decode()
    assert "Agree to open" not in lead.get(page).content.decode()
    assert officer.get(f"{page}ask_break_glass/").status_code == 200
    unsaid = officer.post(f"{page}ask_break_glass/", {"why": "DANGER"})
    assert unsaid.status_code == 422
    assert "what the casework lead needs to know" in unsaid.content.decode()
    assert officer.post(f"{page}ask_break_glass/", WHY).status_code == 302
    assert "Agree to open this case in an emergency" in lead.get(page).content.decode()
    assert lead.post(f"{page}agree_break_glass/", {}).status_code == 422
    assert lead.post(f"{page}agree_break_glass/", {"read": "on"}).status_code == 302
    assert SECRET in officer.get(page).content.decode()
    told = sign_in(Client(), staff, "complainant1").get(page).content.decode()
    assert "reads this for 24 hours, as two officers agreed" in told
    assert officer.post(f"{page}end_break_glass/").status_code == 302
    assert SECRET not in officer.get(page).content.decode()
