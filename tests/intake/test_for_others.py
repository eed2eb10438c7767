"""A concern for another person: asked for, seen, or typed by an officer, and who reads it."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from grievances.audit.models import Event
from grievances.cases.access import rules
from grievances.cases.models.case import Case
from grievances.cases.models.case_keys import Keyring
from grievances.cases.models.exclusions import excluded_from
from grievances.cases.models.parties import Party, PartyLookup
from grievances.cases.models.records import Kind, read_all
from grievances.choices import RaisedFor
from grievances.encryption.primitives import DecryptionFailed
from grievances.intake.agreement_models import AgreementRequest
from grievances.vocabulary import State
from notifications.models import Notice
from tests.factories import cases
from tests.factories.cases import START
from tests.factories.people import Staff
from tests.intake.for_others import FOR_TWO, FOR_UNKNOWN, SEEN, told_for
from tests.intake.raising import (
    ANONYMOUS,
    STORY,
    hidden,
    key_on,
    page_of,
    send,
    the_case,
    writing,
    written,
)
from tests.signing_in import sign_in
from workflow.steps import Refused

pytestmark = pytest.mark.django_db


class TestForSomeoneWhoAsked:
    def test_they_are_asked_in_their_account_and_confirm(self, staff: Staff) -> None:
        client, where = told_for(staff)
        case = the_case()
        assert (case.raised_for, case.state) == (RaisedFor.ASKED, State.SUBMITTED)
        assert case.waits_for_agreement()
        assert STORY in page_of(client.get(where)), "who wrote it keeps their own words"
        assert client.get(f"/cases/{case.reference}/").status_code == 404
        other = sign_in(Client(), staff, "complainant2")
        assert "You are asked for a yes or a no" in page_of(other.get("/inbox/"))
        page = other.get("/for-you/", follow=True)
        assert STORY in page_of(page)
        assert f"Raised by {staff['complainant1'].name}" in page_of(page)
        answer = other.post("/for-you/1/", {"answer": "confirm"})
        assert answer["Location"] == f"/cases/{case.reference}/"
        assert other.get(answer["Location"]).status_code == 200
        assert cases.fresh(case).agreed_on is not None
        assert rules.people_for(cases.fresh(case), "read_proof") == {staff["complainant2"]}
        assert not AgreementRequest.objects.exists()
        assert client.get(f"/cases/{case.reference}/").status_code == 404

    def test_nothing_but_safety_begins_before_they_confirm(self, staff: Staff) -> None:
        told_for(staff)
        case = the_case()
        cases.done(staff, case, "triage1", "acknowledge", START, declare=True)
        cases.done(staff, case, "triage1", "check_safety", START, flags=[])
        cases.done(staff, case, "triage1", "ask_exclusions", START)
        with pytest.raises(Refused) as refused:
            cases.done(staff, case, "triage1", "agree_formal", START)
        assert refused.value.code == "AGREEMENT_MISSING"
        sign_in(other := Client(), staff, "complainant2")
        other.post("/for-you/1/", {"answer": "confirm"})
        Case.unguarded.filter(pk=case.pk).update(name_shared=True)
        cases.done(staff, case, "triage1", "agree_formal", START)

    def test_they_refuse_and_it_is_closed(self, staff: Staff) -> None:
        told_for(staff)
        other = sign_in(Client(), staff, "complainant2")
        assert other.post("/for-you/1/", {}).status_code == 422
        other.post("/for-you/1/", {"answer": "refuse"})
        case = the_case()
        assert (case.state, case.close_reason) == (State.CLOSED, "withdrawn")
        assert other.get("/for-you/1/").status_code == 404
        assert not Party.objects.exclude(sealed_person=b"").filter(standing="COMPLAINANT").exists()

    def test_neither_of_them_nor_their_managers_read_it_as_officers(self, staff: Staff) -> None:
        told_for(staff, **FOR_TWO)
        barred = excluded_from(the_case())
        assert {staff["complainant1"].pk, staff["complainant2"].pk} <= set(barred)
        assert staff["linemanager1"].pk in barred

    def test_a_copy_of_the_database_leads_from_no_person_to_it(self, staff: Staff) -> None:
        told_for(staff)
        case = the_case()
        held = Party.objects.filter(case=case, standing="COMPLAINANT").get()
        assert held.person_id is None
        rows = PartyLookup.objects.count()
        assert rows == 2, "the emptied entry of the writer, and the one of the respondent"
        (asked,) = AgreementRequest.objects.all()
        for who in ("complainant1", "triage1", "lead1", "dpo1"):
            with pytest.raises(DecryptionFailed):
                asked.case_key(staff.holders[who])
        assert case.reference not in "".join(
            f"{row.key}{row.link}{row.reference}" for row in Notice.objects.filter(kind="request")
        )

    @pytest.mark.parametrize("doubt", ["Nobody Herewith", "respondent1", "complainant1"])
    def test_no_one_is_asked_in_doubt_and_the_key_is_handed_over(
        self, staff: Staff, doubt: str
    ) -> None:
        client, where = told_for(staff, **{**FOR_TWO, "affected": doubt})
        assert not AgreementRequest.objects.exists()
        assert not Notice.objects.filter(kind="request").exists()
        found = re.search(r"The case key to give them: ([\w-]+)", page_of(client.get(where)))
        assert found is not None
        back = Client()
        assert back.post("/return/", {"case_key": found[1]})["Location"] == f"{ANONYMOUS}/key/"
        new = key_on(back)
        assert new != found[1]
        answer = back.post(f"{ANONYMOUS}/key/", {"ending": new[-4:]})
        reference = the_case().reference
        assert answer["Location"] == f"/cases/{reference}/"
        assert STORY in page_of(back.get(f"/cases/{reference}/"))
        assert Client().post("/return/", {"case_key": found[1]}).status_code == 422
        assert Client().post("/return/", {"case_key": new})["Location"] == f"/cases/{reference}/"
        assert Event.objects.filter(kind="case.key_replaced").count() == 1

    def test_the_first_key_goes_on_until_the_new_one_is_kept(self, staff: Staff) -> None:
        client, where = told_for(staff, **FOR_UNKNOWN)
        key = re.findall(r"give them: ([\w-]+)", page_of(client.get(where)))[0]
        Client().post("/return/", {"case_key": key})
        again = Client()
        assert again.post("/return/", {"case_key": key})["Location"] == f"{ANONYMOUS}/key/"
        assert key_on(again) != key

    def test_words_that_are_not_sent_yet_are_not_lost_by_coming_back(self, staff: Staff) -> None:
        client, where = told_for(staff, **FOR_UNKNOWN)
        key = re.findall(r"give them: ([\w-]+)", page_of(client.get(where)))[0]
        back = writing()
        back.post("/return/", {"case_key": key})
        new = key_on(back)
        back.post(f"{ANONYMOUS}/key/", {"ending": new[-4:]})
        assert STORY in page_of(back.get(f"{ANONYMOUS}/what-happened/"))

    def test_it_needs_their_name_and_their_word(self, staff: Staff) -> None:
        client, base = written(staff)
        answer = client.post(f"{base}/whose/", {"raised_for": "ASKED"})
        assert answer.status_code == 422
        assert "Give their full name or user name" in page_of(answer)
        assert "Tick the box if they asked you to tell us" in page_of(answer)
        client.post(f"{base}/whose/", FOR_TWO)
        check = page_of(client.get(f"{base}/check/"))
        assert "To someone who asked me to tell you" in check
        assert "They asked you, and they agree" in check

    def test_a_second_press_sends_it_once(self, staff: Staff) -> None:
        client, base = written(staff, whose=FOR_TWO)
        html = client.get(f"{base}/check/").content.decode()
        press = {"shown": hidden(html, "shown"), "once": hidden(html, "once")}
        client.post(f"{base}/check/", press)
        assert client.post(f"{base}/check/", press)["Location"] == "/diary/"
        assert Case.unguarded.count() == 1

    def test_without_an_account_the_key_is_for_them(self, staff: Staff) -> None:
        client = writing(whose=FOR_UNKNOWN)
        send(client, ANONYMOUS)
        key = key_on(client)
        assert "for the person who asked you to tell us" in page_of(client.get(f"{ANONYMOUS}/key/"))
        answer = client.post(f"{ANONYMOUS}/key/", {"ending": key[-4:]})
        assert answer["Location"] == "/support/"
        assert client.get(f"/cases/{the_case().reference}/").status_code in (302, 404)
        assert Client().post("/return/", {"case_key": key})["Location"] == f"{ANONYMOUS}/key/"


def test_a_witness_raises_their_own_concern_and_the_other_is_not_told(staff: Staff) -> None:
    client, base = written(staff, whose=SEEN)
    assert send(client, base)["Location"] == f"{base}/receipt/"
    case = the_case()
    assert case.raised_for == RaisedFor.WITNESSED
    assert not case.waits_for_agreement()
    ring = Keyring.of(case, staff.holders["complainant1"])
    named = [each.text for each in read_all(case, ring, [Kind.PEOPLE])]
    assert "It happened to: complainant2" in named
    assert not AgreementRequest.objects.exists()
    assert not Notice.objects.filter(kind="request").exists()
    assert staff["complainant2"].pk in excluded_from(case)
