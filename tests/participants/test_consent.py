"""Each person answers for themselves, and the respondent never sees the case (G_CONSENT)."""

from __future__ import annotations

import pytest
from django.test import Client

from grievances.audit.models import Event
from grievances.cases.actions.actor import NotAllowed
from grievances.cases.models.answers import Consent
from grievances.cases.models.case import Case
from grievances.cases.models.parties import party_inbox
from grievances.encryption.server_keys import person_pseudonym
from grievances.participants import consents
from notifications.outbox import inbox
from tests.factories import cases
from tests.factories.people import Staff
from tests.signing_in import sign_in
from workflow.models import AlreadyRecorded
from workflow.steps import Refused


@pytest.fixture
def case(staff: Staff) -> Case:
    case = cases.acknowledged(staff)
    cases.done(staff, case, "triage1", "ask_consent", cases.START, what="mediation")
    return case


@pytest.fixture
def asked_both(staff: Staff, case: Case) -> Case:
    """The complainant has said yes, so the respondent has been asked as well."""
    token = Consent.objects.get(case=case).token
    consents.answer_question(staff.caller("complainant1"), token, "yes", now=cases.START)
    return case


def link(case: Case, standing: str) -> str:
    asked = Consent.objects.filter(case=case, standing=standing).latest("pk")
    return f"/consent/{asked.token}/"


def reply(staff: Staff, case: Case, who: str, standing: str, answer: str) -> None:
    client = sign_in(Client(), staff, who)
    assert client.post(link(case, standing), {"answer": answer}).status_code == 302


def agreed(case: Case) -> bool:
    return cases.fresh(case).both_agree("mediation")


def test_the_respondent_is_asked_only_once_the_complainant_has_said_yes(
    staff: Staff, case: Case
) -> None:
    assert not Consent.objects.filter(case=case, standing="RESPONDENT").exists()
    assert not inbox(party_inbox(case.pk, staff["respondent1"].pk)).exists()
    reply(staff, case, "complainant1", "COMPLAINANT", "yes")
    assert inbox(party_inbox(case.pk, staff["respondent1"].pk)).get().kind == "request"


def test_the_respondent_reads_a_question_and_no_word_of_the_case(
    staff: Staff, asked_both: Case
) -> None:
    case = asked_both
    page = sign_in(Client(), staff, "respondent1").get(link(case, "RESPONDENT")).content.decode()
    assert "mediation with a colleague" in page
    for word in (case.reference, "concern raised", "race", "Complainant", "accent"):
        assert word not in page.split("<main")[1].split("fh-support")[0]


@pytest.mark.parametrize("who", ["complainant1", "triage1", "linemanager1", "admin1", "staff1"])
def test_for_anyone_else_the_question_is_not_there(
    staff: Staff, asked_both: Case, who: str
) -> None:
    case = asked_both
    client = sign_in(Client(), staff, who)
    real, made_up = client.get(link(case, "RESPONDENT")), client.get("/consent/0000/")
    assert real.status_code == made_up.status_code == 404
    assert real.content == made_up.content
    assert client.post(link(case, "RESPONDENT"), {"answer": "yes"}).status_code == 404
    assert not agreed(case)
    assert (
        Event.objects.filter(kind="case.refused", actor=person_pseudonym(staff[who].pk)).count()
        == 3
    )


def test_only_two_own_answers_make_an_agreement(staff: Staff, case: Case) -> None:
    reply(staff, case, "complainant1", "COMPLAINANT", "yes")
    assert not agreed(case)
    reply(staff, case, "respondent1", "RESPONDENT", "yes")
    assert agreed(case)


def test_a_yes_can_be_taken_back(staff: Staff, case: Case) -> None:
    for who, standing in (("complainant1", "COMPLAINANT"), ("respondent1", "RESPONDENT")):
        reply(staff, case, who, standing, "yes")
    reply(staff, case, "respondent1", "RESPONDENT", "take_back")
    assert not agreed(case)


def test_a_no_to_a_newer_question_outweighs_an_older_yes(staff: Staff, case: Case) -> None:
    for who, standing in (("complainant1", "COMPLAINANT"), ("respondent1", "RESPONDENT")):
        reply(staff, case, who, standing, "yes")
    cases.done(staff, case, "triage1", "ask_consent", cases.at(1), what="mediation")
    assert not agreed(case)
    reply(staff, case, "complainant1", "COMPLAINANT", "yes")
    reply(staff, case, "respondent1", "RESPONDENT", "no")
    assert not agreed(case)


def test_every_answer_is_an_event_and_the_triage_officer_is_told(
    staff: Staff, asked_both: Case
) -> None:
    case = asked_both
    told = inbox(person_pseudonym(staff["triage1"].pk)).count()
    reply(staff, case, "respondent1", "RESPONDENT", "no")
    event = Event.objects.filter(kind="consent.answered").latest("seq")
    assert (event.chain, event.role) == (case.reference, "respondent")
    assert event.data == {"what": "mediation", "answer": "no"}
    assert inbox(person_pseudonym(staff["triage1"].pk)).count() == told + 1


def test_a_no_is_final_and_the_same_answer_twice_is_one(staff: Staff, asked_both: Case) -> None:
    case = asked_both
    token = link(case, "RESPONDENT").split("/")[2]
    caller = staff.caller("respondent1")
    consents.answer_question(caller, token, "no", now=cases.START)
    with pytest.raises(AlreadyRecorded):
        consents.answer_question(caller, token, "no", now=cases.START)
    with pytest.raises(Refused, match="ANSWER_STANDS"):
        consents.answer_question(caller, token, "yes", now=cases.START)
    assert Event.objects.filter(kind="consent.answered", role="respondent").count() == 1


def test_nothing_is_asked_any_more_once_the_case_is_closed(staff: Staff, asked_both: Case) -> None:
    case = asked_both
    token = link(case, "RESPONDENT").split("/")[2]
    Case.unguarded.filter(pk=case.pk).update(state="CLOSED")
    with pytest.raises(Refused, match="TRANSITION_NOT_ALLOWED"):
        consents.answer_question(staff.caller("respondent1"), token, "yes", now=cases.START)
    with pytest.raises(NotAllowed):
        consents.find_question(staff.caller("complainant1"), token)


def test_an_answer_that_is_no_answer_is_asked_again(staff: Staff, asked_both: Case) -> None:
    case = asked_both
    client = sign_in(Client(), staff, "respondent1")
    assert client.post(link(case, "RESPONDENT"), {"answer": "maybe"}).status_code == 422
    assert Consent.objects.get(case=case, standing="RESPONDENT").agreed is None
