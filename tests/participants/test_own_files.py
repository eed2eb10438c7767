"""Files of the respondent, witnesses and companions: theirs, their readers', and no one else's."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from grievances.audit.models import Event
from grievances.cases.actions.actor import NotAllowed
from grievances.cases.actions.perform import StepInput, perform
from grievances.cases.models.case_keys import Keyring
from grievances.cases.models.companions import Companion
from grievances.cases.models.evidence import Evidence
from grievances.casework import reading
from grievances.choices import Scan
from grievances.encryption.key_pairs import make_key_pair
from grievances.evidence import case_files
from grievances.evidence.upload import receive
from grievances.participants import companions, participant_files
from grievances.retention import certificate, erasure
from grievances.web.cases.presenters import history
from notifications.models import Notice
from tests.evidence import samples
from tests.evidence.samples import TEXT
from tests.factories import cases, edge_cases
from tests.factories.cases import START, done
from tests.factories.people import PASSWORD, Staff
from tests.participants import hearing
from tests.participants.own_files import (
    NAME,
    accompanied,
    at_the_start,
    body_of,
    heard_file,
    kept,
    send,
    shown,
    words,
)
from tests.signing_in import sign_in

__all__ = ["at_the_start"]


def test_the_respondents_file_is_read_by_those_who_read_their_statement(staff: Staff) -> None:
    case = cases.in_investigation(staff)
    file = heard_file(staff, hearing.put(staff, case), "respondent1")
    readers = {who for who in ("handler1", "decider1") if NAME in shown(staff, case, who)}
    assert readers == {"handler1", "decider1"}
    for who in ("triage1", "complainant1", "lead1", "dpo1"):
        assert NAME not in shown(staff, case, who), who
        with pytest.raises(NotAllowed):
            reading.download(staff.caller(who), case.reference, str(file.pk), now=START)
    _, chunks = reading.download(staff.caller("handler1"), case.reference, str(file.pk), now=START)
    assert b"".join(chunks) == TEXT


def test_with_the_decision_the_complainant_has_the_respondents_file_as_their_statement(
    staff: Staff,
) -> None:
    case = cases.in_investigation(staff)
    asked = hearing.put(staff, case)
    file = heard_file(staff, asked, "respondent1")
    hearing.answer(staff, asked, "respondent1")
    hearing.decide(staff, case)
    assert shown(staff, case, "complainant1")[NAME] == "respondent"
    caller = staff.caller("complainant1")
    _, chunks = reading.download(caller, case.reference, str(file.pk), now=START)
    assert b"".join(chunks) == TEXT
    _, events = reading.ledger(staff.caller("complainant1"), case.reference, now=START)
    rows = history.ledger_rows(events, "complainant")
    assert "added a file to their answer" in {what for _, what, _ in rows}


def test_the_complainant_learns_from_a_witnesss_file_neither_its_name_nor_its_details(
    staff: Staff,
) -> None:
    case = cases.in_investigation(staff)
    hearing.answer(staff, hearing.put(staff, case), "respondent1")
    asked = hearing.ask(staff, case)
    client = sign_in(Client(), staff, "staff1")
    page = f"/replies/{asked.token}/add/"
    name = "Staff 1 at home.jpg"
    assert send(client, page, samples.photo(), name, others="original").status_code == 302
    file = Evidence.objects.get()
    assert name in shown(staff, case, "handler1")
    hearing.decide(staff, case)
    opened = reading.open_case(staff.caller("complainant1"), case.reference, now=START)
    (facts,) = opened.files
    assert (facts.name, facts.found, facts.others) == ("A file from a witness.jpg", (), "copy")
    owner = sign_in(Client(), staff, "complainant1")
    assert "Staff 1" not in words(owner.get(f"/cases/{case.reference}/"))
    address = f"/cases/{case.reference}/evidence/{file.pk}/"
    taken = owner.get(address)
    assert "Staff" not in taken["Content-Disposition"]
    assert body_of(taken) != samples.photo()
    assert owner.get(f"{address}?copy=original").status_code == 409
    assert body_of(sign_in(Client(), staff, "handler1").get(address)) == samples.photo()


def test_people_who_are_heard_see_their_own_files_and_no_one_elses(staff: Staff) -> None:
    case = cases.in_investigation(staff)
    reading.add_file(
        case, staff.caller("complainant1"), SimpleUploadedFile("hers.txt", TEXT), now=START
    )
    to_respondent, to_witness = hearing.put(staff, case), hearing.ask(staff, case)
    theirs = heard_file(staff, to_respondent, "respondent1")
    other = heard_file(staff, to_witness, "staff1", b"what I wrote down that day")
    friend, companion = accompanied(staff, case)
    assert send(friend, f"/accompany/with/{companion.token}/add/").status_code == 302
    every = set(Evidence.objects.values_list("pk", flat=True))
    assert len(every) == 4
    for client, page, own in (
        (sign_in(Client(), staff, "respondent1"), f"/replies/{to_respondent.token}/", theirs),
        (sign_in(Client(), staff, "staff1"), f"/replies/{to_witness.token}/", other),
        (friend, f"/accompany/with/{companion.token}/", mine(companion)),
    ):
        listed = words(client.get(page))
        assert {pk for pk in every if str(pk) in listed} == {own.pk}
        assert "hers.txt" not in listed
        taken = client.get(f"{page}files/{own.pk}/")
        assert taken["Content-Disposition"].startswith("attachment")
        assert "sandbox" in taken["Content-Security-Policy"]
        assert taken["X-Content-Type-Options"] == "nosniff"
        assert taken["Cache-Control"] == "no-store"
        assert body_of(taken)
        for pk in every - {own.pk}:
            assert client.get(f"{page}files/{pk}/").status_code == 404
            assert client.get(f"/cases/{case.reference}/evidence/{pk}/").status_code in {302, 404}


def mine(companion: Companion) -> Evidence:
    return Evidence.objects.get(compartment=companion.compartment)


def test_a_companions_file_goes_where_the_complainants_evidence_goes(staff: Staff) -> None:
    case = cases.in_investigation(staff)
    friend, companion = accompanied(staff, case)
    assert send(friend, f"/accompany/with/{companion.token}/add/").status_code == 302
    for who in ("complainant1", "triage1", "handler1", "decider1"):
        assert shown(staff, case, who) == {NAME: "companion"}, who
        _, chunks = reading.download(
            staff.caller(who), case.reference, str(mine(companion).pk), now=START
        )
        assert b"".join(chunks) == TEXT
    b"".join(friend.get(f"/accompany/with/{companion.token}/files/{mine(companion).pk}/"))
    _, events = reading.ledger(staff.caller("complainant1"), case.reference, now=START)
    said = {what for _, what, _ in history.ledger_rows(events, "complainant")}
    assert {"added a file", "downloaded a file that they had added"} <= said
    done(staff, case, "complainant1", "end_companion", START)
    assert shown(staff, case, "complainant1") == {NAME: "companion"}
    for page in ("", "add/", f"files/{mine(companion).pk}/"):
        assert friend.get(f"/accompany/with/{companion.token}/{page}").status_code == 404
    before = Evidence.objects.count()
    assert send(friend, f"/accompany/with/{companion.token}/add/", once="2").status_code == 404
    assert Evidence.objects.count() == before


def test_a_companion_of_someone_heard_reads_their_files_and_adds_none(staff: Staff) -> None:
    case = cases.in_investigation(staff)
    asked = hearing.put(staff, case)
    file = heard_file(staff, asked, "respondent1")
    secret = companions.new_link_secret()
    client = sign_in(Client(), staff, "respondent1")
    client.post(f"/replies/{asked.token}/companion/", {"secret": secret})
    friend, key = Client(), companions.new_own_key()
    form = {"kind": "UNION", "confidential": "on", "own_key": key}
    friend.post(f"/accompany/{secret}/", form)
    row = asked.companions.get()
    page = f"/accompany/with/{row.token}/"
    assert NAME in words(friend.get(page))
    assert body_of(friend.get(f"{page}files/{file.pk}/")) == TEXT
    assert friend.get(f"{page}add/").status_code == 404
    assert send(friend, f"{page}add/").status_code == 404
    _, events = reading.ledger(staff.caller("complainant1"), case.reference, now=START)
    rows = history.ledger_rows(events, "complainant")
    assert not [row for row in rows if row[0] == "Companion"]


def test_the_hidden_details_of_an_anonymous_case_are_taken_out_whatever_a_companion_asks(
    staff: Staff,
) -> None:
    case, caller = edge_cases.anonymous(staff)
    secret = companions.new_link_secret()
    step_input = StepInput(answers={"person": "Kim", "shares": ["DATES"], "secret": secret})
    perform("invite_companion", case_id=case.pk, caller=caller, now=START, step_input=step_input)
    guest, _ = hearing.keyed(secret)
    companion = case.companions.get()
    file = receive("photo.jpg", iter([samples.photo()]))
    participant_files.add_shared(
        guest, companion.token, [file], others="original", once="", now=START
    )
    ring = case_files.ring_of(case, caller)
    (facts,) = case_files.files_of(case, ring, {"read_account"}, "complainant")
    assert (facts.others, facts.cleaning) == ("copy", "cleaned")


def test_a_new_key_opens_neither_the_conversation_nor_its_files(staff: Staff) -> None:
    asked = hearing.put(staff, cases.in_investigation(staff))
    file = heard_file(staff, asked, "respondent1")
    staff["respondent1"].key_pair.delete()
    person = type(staff["respondent1"]).objects.get(username="respondent1")
    staff.people["respondent1"] = person
    staff.holders["respondent1"] = make_key_pair(person, PASSWORD)
    client = sign_in(Client(), staff, "respondent1")
    assert NAME not in words(client.get(f"/replies/{asked.token}/"))
    assert client.get(f"/replies/{asked.token}/files/{file.pk}/").status_code == 404
    answer = send(client, f"/replies/{asked.token}/add/", once="2")
    assert (answer.status_code, "does not open this" in words(answer)) == (409, True)


def test_who_reads_and_waits_is_told_and_the_row_says_nothing(staff: Staff) -> None:
    case = cases.in_investigation(staff)
    asked = hearing.ask(staff, case)
    Notice.objects.all().delete()
    file = heard_file(staff, asked, "staff1")
    assert {notice.kind for notice in Notice.objects.filter(channel="inbox")} == {"update"}
    event = Event.objects.get(kind="witness.filed")
    assert event.data == {"files": [str(file.pk)], "scan": [Scan.NONE]}
    assert NAME not in str(list(Event.objects.values_list("data", "key")))
    assert NAME.encode() not in bytes(file.sealed_facts)
    ring = Keyring.of(case, staff.holders["complainant1"])
    assert file.compartment not in case_files.take_up(case, ring)


def test_erasing_the_case_takes_their_files_too(staff: Staff, at_the_start: Path) -> None:
    case = cases.in_investigation(staff)
    heard_file(staff, hearing.put(staff, case), "respondent1")
    friend, companion = accompanied(staff, case)
    send(friend, f"/accompany/with/{companion.token}/add/")
    assert len(kept(at_the_start)) == 2
    facts = certificate.read(erasure.destroy(case, {}, START)).facts
    assert kept(at_the_start) == []
    assert facts["files"] == "2 before, 0 after"
    assert facts["database: grievances_evidence"] == "2 rows before, 0 after"
    assert friend.get(f"/accompany/with/{companion.token}/").status_code == 404
