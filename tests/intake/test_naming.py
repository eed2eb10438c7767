"""From anonymous to confidential to open, by the complainant alone, and never back (5.7)."""

from __future__ import annotations

import pytest
from django.core.cache import cache
from django.test import Client

from grievances.audit.models import Event
from grievances.cases.access import rules
from grievances.cases.actions.actor import Caller, NotAllowed
from grievances.cases.models.case import Case
from grievances.cases.models.case_keys import Keyring
from grievances.cases.models.parties import Party
from grievances.cases.models.stored_keys.held import holder_pseudonym
from grievances.cases.models.stored_keys.rows import SealedKey
from grievances.casework import identity, reading
from grievances.casework.reader_grants import admit_readers
from grievances.encryption.server_keys import person_pseudonym
from grievances.intake import submission
from grievances.people.models import LineManagement
from grievances.vocabulary import Identity, Standing
from tests.factories import cases
from tests.factories.cases import START, at, done, fresh
from tests.factories.people import SINCE, Staff
from tests.intake.raising import everything_stored, page_of
from tests.signing_in import come_back, sign_in
from workflow.steps import Refused

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _no_tries_so_far() -> None:
    cache.clear()


def sent(staff: Staff) -> tuple[Case, str, Caller]:
    answers = {**cases.ACCOUNT, "region": "NORTH"}
    able = [p.pk for p in submission.preview_anonymous(answers, now=START)]
    result = submission.submit_anonymous(answers, expected=able, now=START)
    _, anonymous_reporter = submission.find_by_case_key(result.case_key)
    return fresh(result.case), result.case_key, anonymous_reporter


def bring_in(staff: Staff, case_key: str, who: str = "complainant1") -> Client:
    client = sign_in(Client(), staff, who)
    answer = client.post("/account/bring-in/", {"case_key": case_key, "confirm": "on"})
    assert answer.status_code == 302, page_of(answer)
    return client


def test_a_concern_is_brought_into_an_account_and_becomes_confidential(staff: Staff) -> None:
    case, case_key, anonymous_reporter = sent(staff)
    client = bring_in(staff, case_key)
    case = fresh(case)
    assert (case.identity, case.name_shared) == (Identity.CONFIDENTIAL, None)
    assert "PLANTED-SECRET-ACCOUNT" in page_of(client.get(f"/cases/{case.reference}/"))
    opened = reading.open_case(staff.caller("triage1"), case.reference, now=at(1))
    assert "Complainant 1" in str(opened.words)
    event = Event.objects.get(chain=case.reference, kind="case.give_name")
    assert event.role == "complainant"
    assert event.actor != person_pseudonym(staff["complainant1"].pk)
    party = Party.objects.get(case=case, standing=Standing.COMPLAINANT)
    assert party.person_id == staff["complainant1"].pk


def test_the_case_key_ends_with_it(staff: Staff) -> None:
    case, case_key, anonymous_reporter = sent(staff)
    old = come_back(Client(), case_key)
    assert old.get(f"/cases/{case.reference}/").status_code == 200
    bring_in(staff, case_key)
    assert old.get(f"/cases/{case.reference}/").status_code == 404
    assert Client().post("/return/", {"case_key": case_key}).status_code == 422
    assert anonymous_reporter.holder is not None
    held = holder_pseudonym(case, anonymous_reporter.holder.name)
    assert not SealedKey.objects.filter(case=case, holder=held).exists()


def test_ones_own_managers_are_shut_out_from_then_on(staff: Staff) -> None:
    LineManagement.objects.create(
        person=staff["complainant2"], manager=staff["triage1"], from_date=SINCE
    )
    case, case_key, _ = sent(staff)
    done(staff, case, "triage1", "acknowledge", START, declare=True)
    bring_in(staff, case_key, "complainant2")
    assert not rules.actions_allowed(staff["triage1"], case)
    assert "core" not in Keyring.of(case, staff.holders["triage1"])
    admit_readers(at(9))
    assert rules.allows(staff["triage2"], "read_name", case)


def test_an_officer_who_sent_it_loses_their_part_and_keeps_their_concern(staff: Staff) -> None:
    case, case_key, _ = sent(staff)
    done(staff, case, "triage1", "acknowledge", START, declare=True)
    bring_in(staff, case_key, "triage1")
    allowed = rules.actions_allowed(staff["triage1"], case)
    assert "ask_to_withdraw" in allowed
    assert "agree_formal" not in allowed
    assert [row.person for row in case.pending_readers.all()] == [staff["triage2"]]


def test_a_wrong_key_a_named_concern_and_a_barred_account_look_the_same(staff: Staff) -> None:
    case, case_key, _ = sent(staff)
    said = set()
    for who, typed in (("complainant1", "0000-0000-0000-0000"), ("respondent1", case_key)):
        client = sign_in(Client(), staff, who)
        answer = client.post("/account/bring-in/", {"case_key": typed, "confirm": "on"})
        assert answer.status_code == 422
        assert "We do not know this case key" in page_of(answer)
        said.add(answer.status_code)
    bring_in(staff, case_key)
    again = sign_in(Client(), staff, "staff1").post(
        "/account/bring-in/", {"case_key": case_key, "confirm": "on"}
    )
    assert "We do not know this case key" in page_of(again)
    assert fresh(case).identity == Identity.CONFIDENTIAL


def test_it_is_asked_for_and_guessing_has_an_end(staff: Staff) -> None:
    case, case_key, _ = sent(staff)
    client = sign_in(Client(), staff, "complainant1")
    assert client.post("/account/bring-in/", {"case_key": case_key}).status_code == 422
    assert fresh(case).identity == Identity.ANONYMOUS
    wrong = {"case_key": "0000-0000-0000-0000", "confirm": "on"}
    codes = [client.post("/account/bring-in/", wrong).status_code for _ in range(6)]
    assert codes[-1] == 429
    assert case_key not in everything_stored()


def test_no_one_gives_a_name_for_someone_else(staff: Staff) -> None:
    case, _, anonymous_reporter = sent(staff)
    for who in ("triage1", "lead1", "dpo1"):
        with pytest.raises(NotAllowed):
            done(staff, case, who, "give_name", START, person=staff["staff1"])
    named = cases.raised(staff, who="complainant2")
    for who in ("triage1", "lead1", "respondent1"):
        with pytest.raises(NotAllowed):
            done(staff, named, who, "use_name", START, confirm=True)
    with pytest.raises(NotAllowed):
        identity.bring_in("0000-0000-0000-0000", staff.caller("staff1"), now=START)


def test_a_confidential_name_is_made_open_and_never_hidden_again(staff: Staff) -> None:
    case = cases.in_investigation(staff, share="no")
    assert "identity" not in Keyring.of(case, staff.holders["handler1"])
    assert not rules.allows(staff["lead1"], "read_name", case)
    client = sign_in(Client(), staff, "complainant1")
    answer = client.post(f"/cases/{case.reference}/use_name/", {"confirm": "on"})
    assert answer.status_code == 302
    case = fresh(case)
    assert case.identity == Identity.OPEN
    for who in ("handler1", "decider1", "lead1"):
        assert rules.allows(staff[who], "read_name", case), who
        assert "identity" in Keyring.of(case, staff.holders[who]), who
    assert "core" not in Keyring.of(case, staff.holders["lead1"])
    for step in ("use_name", "give_name"):
        with pytest.raises(Refused):
            done(staff, case, "complainant1", step, START, confirm=True, person=staff["staff1"])
    done(staff, case, "complainant1", "share_name", START, share="no")
    assert fresh(case).identity == Identity.OPEN
    assert rules.allows(staff["handler1"], "read_name", fresh(case))
