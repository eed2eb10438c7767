"""A concern for another person: asked for, seen, or typed by an officer, and who reads it."""

from __future__ import annotations

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from grievances.audit.models import Event
from grievances.cases.access import rules
from grievances.cases.actions.actor import Caller, NotAllowed
from grievances.cases.actions.perform import StepInput, perform
from grievances.cases.models.case import Case
from grievances.cases.models.case_keys import Keyring
from grievances.cases.models.exclusions import Exclusions, bar, excluded_from
from grievances.cases.models.parties import Party, PartyLookup, complainant_of
from grievances.cases.models.records import Kind, read_all
from grievances.casework import identity
from grievances.choices import CameBy, RaisedFor
from grievances.encryption.key_pairs import sealing_key
from grievances.encryption.own_words import seal_own
from grievances.encryption.primitives import DecryptionFailed
from grievances.intake import agreements, submission, taking_down
from grievances.intake.agreement_models import AgreementRequest
from grievances.vocabulary import State
from notifications.models import Notice
from tests.factories import cases
from tests.factories.cases import START
from tests.factories.people import Staff
from tests.intake.raising import (
    ANONYMOUS,
    STORY,
    everything_stored,
    hidden,
    key_on,
    page_of,
    send,
    the_case,
    writing,
    written,
)
from tests.signing_in import come_back, sign_in
from workflow.steps import Refused

pytestmark = pytest.mark.django_db
FOR_TWO = {"raised_for": "ASKED", "affected": "complainant2", "agreed": "on"}
FOR_UNKNOWN = {**FOR_TWO, "affected": "Nobody Herewith"}
SEEN = {"raised_for": "WITNESSED", "affected": "complainant2"}
TYPED = {
    "came_by": "PHONE",
    "account": STORY,
    "raised_for": "SELF",
    "about": "respondent1",
    "region": "WALES",
}
KEY = re.compile(r'class="fh-key">([^<]+)<')


def told_for(staff: Staff, **whose: str) -> tuple[Client, str]:
    """A concern that complainant1 has told for another person, and the page after it."""
    client, base = written(staff, whose=whose or FOR_TWO)
    answer = send(client, base)
    assert answer.status_code == 302, page_of(answer)
    return client, str(answer["Location"])


def taken_down(staff: Staff, who: str = "triage1", **changed: str) -> tuple[Client, str]:
    """What an officer typed, read back and sent: their browser, and the page with the case key."""
    client = sign_in(Client(), staff, who)
    given = {**TYPED, **changed}
    html = client.post("/take-down/", {**given, "stage": "read"}).content.decode()
    once = {"shown": hidden(html, "shown"), "once": hidden(html, "once"), "read_back": "on"}
    answer = client.post("/take-down/", {**given, **once, "stage": "send"})
    assert answer.status_code == 302, page_of(answer)
    answer = client.get(answer["Location"])
    return client, answer.content.decode()


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


class TestTypedByAnOfficer:
    def test_it_is_read_back_sent_and_the_key_is_shown_once(self, staff: Staff) -> None:
        client, html = taken_down(staff)
        case = the_case()
        assert (case.came_by, case.state) == (CameBy.PHONE, State.SUBMITTED)
        found = KEY.search(html)
        assert found is not None
        event = Event.objects.get(kind="case.taken_down")
        assert event.data == {"came_by": "PHONE", "read_back": True}
        assert found[1] not in everything_stored()
        assert Event.objects.get(kind="case.submit").data["came_by"] == "PHONE"
        back = Client()
        back.post("/return/", {"case_key": found[1]})
        new = key_on(back)
        back.post(f"{ANONYMOUS}/key/", {"ending": new[-4:]})
        ledger = page_of(back.get(f"/cases/{case.reference}/ledger/"))
        assert STORY in page_of(back.get(f"/cases/{case.reference}/"))
        assert (
            "typed this concern and read it back"
            in page_of(back.get(f"/cases/{case.reference}/")) + ledger
        )
        assert client.get("/take-down/")["Location"] == "/take-down/sent/"

    def test_it_is_not_sent_before_it_was_read_back(self, staff: Staff) -> None:
        client = sign_in(Client(), staff, "triage1")
        html = client.post("/take-down/", {**TYPED, "stage": "read"}).content.decode()
        once = {"shown": hidden(html, "shown"), "once": hidden(html, "once")}
        answer = client.post("/take-down/", {**TYPED, **once, "stage": "send"})
        assert answer.status_code == 422
        assert "Read it to them first" in page_of(answer)
        assert not Case.unguarded.exists()
        kept = client.post("/take-down/", {**TYPED, "stage": "change"})
        assert STORY in page_of(kept)

    def test_an_officer_who_could_not_read_it_asks_a_colleague(self, staff: Staff) -> None:
        client = sign_in(Client(), staff, "triage1")
        given = {**TYPED, "about": "triage1", "shown": "", "once": "a", "read_back": "on"}
        for stage in ("read", "send"):
            answer = client.post("/take-down/", {**given, "stage": stage})
            assert answer.status_code == 422
            assert "Ask a colleague to type it" in page_of(answer)
            assert STORY in page_of(answer), "nothing that was typed is lost"
        with pytest.raises(Refused):
            taking_down.take_down(
                staff.caller("triage1"), given, expected=[], overseeing=[], now=START, once=""
            )
        assert not Case.unguarded.exists()
        assert not AgreementRequest.objects.exists()
        taken_down(staff, "triage2", about="triage1")
        assert client.get(f"/cases/{the_case().reference}/").status_code == 404

    def test_only_triage_officers_have_the_page(self, staff: Staff) -> None:
        for who in ("complainant1", "handler1", "lead1", "analyst1", "admin1", "linemanager1"):
            client = sign_in(Client(), staff, who)
            assert client.get("/take-down/").status_code == 404
            assert client.post("/take-down/", {**TYPED, "stage": "send"}).status_code == 404

    def test_a_second_press_sends_it_once(self, staff: Staff) -> None:
        client = sign_in(Client(), staff, "triage1")
        html = client.post("/take-down/", {**TYPED, "stage": "read"}).content.decode()
        once = {"shown": hidden(html, "shown"), "once": hidden(html, "once"), "read_back": "on"}
        press = {**TYPED, **once, "stage": "send"}
        for _ in range(2):  # the browser drops the first answer
            assert client.post("/take-down/", press)["Location"] == "/take-down/sent/"
        assert Case.unguarded.count() == 1
        pages = [client.get("/take-down/", follow=True).content.decode() for _ in range(2)]
        (key,) = {KEY.findall(html)[0] for html in pages}
        assert submission.find_by_case_key(key)[0] == the_case()
        assert key not in everything_stored()
        client.post("/take-down/sent/", {"given": hidden(pages[0], "given")})
        assert client.get("/take-down/").status_code == 200
        assert KEY.search(client.get("/take-down/sent/").content.decode()) is None

    def test_a_letter_is_compared_and_a_colleague_may_ask_for_another(self, staff: Staff) -> None:
        client = sign_in(Client(), staff, "triage1")
        letter = {**TYPED, "came_by": "LETTER", "stage": "read"}
        assert "Compare it with the letter" in page_of(client.post("/take-down/", letter))
        taken_down(staff, **{**FOR_TWO, "came_by": "WALK_IN"})
        case = the_case()
        assert case.waits_for_agreement()
        other = sign_in(Client(), staff, "complainant2")
        other.post("/for-you/1/", {"answer": "confirm"})
        assert rules.people_for(cases.fresh(case), "read_proof") == {staff["complainant2"]}


def test_a_key_that_was_handed_over_opens_for_its_holder_alone(staff: Staff) -> None:
    _, html = taken_down(staff)
    found = KEY.search(html)
    assert found is not None
    agreements.replace_key(found[1], "0000-1111-2222-3333", now=START)
    case, _ = submission.find_by_case_key("0000-1111-2222-3333")
    assert not case.key_handed_over


class TestAKeyThatAnotherHasSeen:
    """It makes no one the complainant but its holder, and no one answers for who was asked."""

    def test_no_key_is_shown_where_the_person_was_asked(self, staff: Staff) -> None:
        _, html = taken_down(staff, **FOR_TWO)
        assert AgreementRequest.objects.count() == 1
        assert KEY.search(html) is None
        assert "there is no case key" in html

    def test_the_key_of_who_was_not_asked_is_for_them(self, staff: Staff) -> None:
        _, html = taken_down(staff, **FOR_UNKNOWN)
        assert KEY.search(html) is not None
        assert "For the person it happened to" in html
        assert "For the person who told us" not in html

    def test_it_confirms_nothing(self, staff: Staff) -> None:
        _, html = taken_down(staff, **FOR_UNKNOWN)
        _, holder = submission.find_by_case_key(KEY.findall(html)[0])
        for step in ("confirm_concern", "refuse_concern"):
            given = StepInput(answers={"confirm": True})
            for heard_on, refusal in ((None, Refused), (START.date(), NotAllowed)):
                Case.unguarded.update(heard_on=heard_on)
                with pytest.raises(refusal):
                    perform(step, case_id=the_case().pk, caller=holder, now=START, step_input=given)
        assert the_case().waits_for_agreement()

    @pytest.mark.parametrize(
        ("step", "more"),
        [
            ("confirm_concern", {}),
            ("refuse_concern", {}),
            ("ask_to_withdraw", {}),
            ("exclude", {"people": "staff2", "matched": []}),
        ],
    )
    def test_who_replaced_it_decides_nothing_before_an_officer_spoke_with_the_person(
        self, staff: Staff, step: str, more: dict[str, object]
    ) -> None:
        """Who told us could put a key of their own in its place, and act as the person."""
        _, html = taken_down(staff, "triage2", **FOR_UNKNOWN)
        cases.done(staff, the_case(), "triage1", "acknowledge", START, declare=True)
        agreements.replace_key(KEY.findall(html)[0], "0000-1111-2222-3333", now=START)
        case, holder = submission.find_by_case_key("0000-1111-2222-3333")

        def take(name: str, who: Caller, **answers: object) -> None:
            given = StepInput(answers={"confirm": True, **answers})
            perform(name, case_id=case.pk, caller=who, now=START, step_input=given)

        with pytest.raises(Refused) as refused:
            take(step, holder, **more)
        assert refused.value.code == "PERSON_NOT_HEARD"
        back = Client()
        back.post("/return/", {"case_key": "0000-1111-2222-3333"})
        assert "put a new case key in the place of one that another person had seen" in page_of(
            back.get(f"/cases/{case.reference}/")
        ) + page_of(back.get(f"/cases/{case.reference}/ledger/"))
        take("hear_person", staff.caller("triage1"), ending=" 33-33 ")
        assert cases.fresh(case).heard_on is not None
        take(step, holder, **more)

    def test_who_replaced_it_adds_no_file_before_the_talk_but_can_ask_for_it(
        self, staff: Staff
    ) -> None:
        """A file of theirs would be evidence of the person; a message is the way to the talk."""
        _, html = taken_down(staff, "triage2", **FOR_UNKNOWN)
        cases.done(staff, the_case(), "triage1", "acknowledge", START, declare=True)
        agreements.replace_key(KEY.findall(html)[0], "0000-1111-2222-3333", now=START)
        page = f"/cases/{the_case().reference}"
        back = come_back(Client(), "0000-1111-2222-3333")

        def added() -> str:
            file = SimpleUploadedFile("note.txt", b"Monday, in the office.")
            answer = back.post(f"{page}/add_evidence/", {"file": file, "others": "copy"})
            return page_of(answer) if answer.status_code != 302 else ""

        assert "the triage officer has to speak with you" in added()
        assert not the_case().evidence.exists()
        assert back.post(f"{page}/message/", {"text": "Call me at noon."}).status_code == 302
        cases.done(staff, the_case(), "triage1", "hear_person", START, confirm=True, ending="3333")
        assert added() == ""
        assert the_case().evidence.count() == 1

    def test_a_talk_counts_only_for_the_key_that_the_person_has(self, staff: Staff) -> None:
        """Who told us may have put their own key in its place before an officer spoke at all."""
        _, html = taken_down(staff, "triage2", **FOR_UNKNOWN)
        given = KEY.findall(html)[0]
        case = cases.fresh(the_case())
        cases.done(staff, case, "triage1", "acknowledge", START, declare=True)

        def spoke(ending: str) -> str:
            answers = {"confirm": True, "ending": ending}
            with pytest.raises(Refused) as refused:
                cases.done(staff, case, "triage1", "hear_person", START, **answers)
            assert cases.fresh(case).heard_on is None
            return refused.value.code

        assert spoke("") == "ANSWER_MISSING"
        assert spoke(given[-4:]) == "KEY_NOT_REPLACED", "another person still has this key"
        agreements.replace_key(given, "0000-1111-2222-4z5w", now=START)
        for wrong in (given[-4:], "2222", "w", "0000-1111-2222-4z5w", "4z5"):
            assert spoke(wrong) == "NOT_THE_KEY_IN_USE", wrong
        assert "4z5w" not in everything_stored().lower()
        party = complainant_of(case)
        Party.objects.filter(pk=party.pk).update(key_ending="")
        assert spoke("4z5w") == "KEY_NOT_KNOWN", "it was replaced before endings were kept"
        party.save(update_fields=["key_ending"])
        cases.done(staff, case, "triage1", "hear_person", START, confirm=True, ending="4Z5W")
        assert "4z5w" not in everything_stored().lower()
        agreements.replace_key("0000-1111-2222-4z5w", "0000-1111-2222-5555", now=START)
        assert cases.fresh(case).heard_on is None, "a talk counts for the key of that day"

    def test_a_wrong_ending_is_said_in_a_sentence_and_recorded(self, staff: Staff) -> None:
        _, html = taken_down(staff, "triage2", **FOR_UNKNOWN)
        case = the_case()
        cases.done(staff, case, "triage1", "acknowledge", START, declare=True)
        agreements.replace_key(KEY.findall(html)[0], "0000-1111-2222-3333", now=START)
        officer = sign_in(Client(), staff, "triage1")
        page = f"/cases/{case.reference}/hear_person/"
        answer = officer.post(page, {"confirm": "on", "ending": "2222"})
        assert answer.status_code == 422
        assert "These are not the last 4 characters of the case key in use" in page_of(answer)
        assert Event.objects.filter(kind="case.refused").count() == 1
        assert officer.post(page, {"confirm": "on", "ending": "3333"}).status_code == 302
        assert cases.fresh(case).heard_on is not None

    def test_who_typed_it_cannot_say_that_they_spoke_with_the_person(self, staff: Staff) -> None:
        taken_down(staff, "triage1", **FOR_UNKNOWN)
        cases.done(staff, the_case(), "triage1", "acknowledge", START, declare=True)
        spoke = {"confirm": True, "ending": "3333"}
        with pytest.raises(Refused) as refused:
            cases.done(staff, the_case(), "triage1", "hear_person", START, **spoke)
        assert refused.value.code == "TYPED_BY_YOU"

    def test_it_comes_into_no_account(self, staff: Staff) -> None:
        client, html = taken_down(staff)
        key = KEY.findall(html)[0]
        for who in (client, sign_in(Client(), staff, "complainant1")):
            answer = who.post("/account/bring-in/", {"case_key": key, "confirm": "on"})
            assert answer.status_code == 422
            assert "We do not know this case key" in page_of(answer)
        agreements.replace_key(key, "0000-1111-2222-3333", now=START)
        with pytest.raises(NotAllowed):
            identity.bring_in("0000-1111-2222-3333", staff.caller("triage1"), now=START)
        identity.bring_in("0000-1111-2222-3333", staff.caller("complainant1"), now=START)

    def test_who_is_kept_out_since_cannot_open_or_confirm_it(self, staff: Staff) -> None:
        told_for(staff)
        case = the_case()
        bar(case, staff["complainant2"].pk, Exclusions.Why.RESPONDENT)
        other = sign_in(Client(), staff, "complainant2")
        assert other.get("/for-you/1/").status_code == 404
        assert other.post("/for-you/1/", {"answer": "confirm"}).status_code == 404
        assert "Nothing waits for you" in page_of(other.get("/for-you/"))
        assert AgreementRequest.objects.exists()
        assert "RESPONDENT" in excluded_from(the_case())[staff["complainant2"].pk]


class TestWhatEndsMeanwhile:
    """A key or a request that ends while a page is open loses nothing and breaks no page."""

    def test_a_new_key_pair_loses_no_request(self, staff: Staff) -> None:
        told_for(staff)
        (row,) = AgreementRequest.objects.all()
        public = sealing_key(staff["staff1"])
        AgreementRequest.objects.update(sealed_words=seal_own(public, "lost", row.place))
        other = sign_in(Client(), staff, "complainant2")
        assert "does not open with your new key" in page_of(other.get("/for-you/"))
        assert other.get("/for-you/1/").status_code == 404
        assert AgreementRequest.objects.count() == 1

    def test_a_key_that_was_replaced_elsewhere_leads_back(self, staff: Staff) -> None:
        client, where = told_for(staff, **FOR_UNKNOWN)
        key = re.findall(r"give them: ([\w-]+)", page_of(client.get(where)))[0]
        back = writing()
        back.post("/return/", {"case_key": key})
        agreements.replace_key(key, "0000-1111-2222-3333", now=START)
        answer = back.get(f"{ANONYMOUS}/key/", follow=True)
        assert answer.redirect_chain[0][0] == "/return/"
        assert "has ended" in page_of(answer)
        assert back.get(f"{ANONYMOUS}/key/")["Location"] == f"{ANONYMOUS}/"
        assert STORY in page_of(back.get(f"{ANONYMOUS}/what-happened/"))

    def test_what_waits_for_another_is_refused_and_recorded(self, staff: Staff) -> None:
        _, where = told_for(staff)
        other = sign_in(Client(), staff, "staff1")
        for page, asked in (("/for-you/1/", "answer_for_you"), (where, "read_told")):
            assert other.get(page).status_code == 404
            assert Event.objects.filter(kind="case.refused").latest("pk").data["asked"] == asked

    def test_two_requests_at_once_take_two_places(
        self, staff: Staff, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        told_for(staff)
        none = AgreementRequest.objects.none()
        with monkeypatch.context() as patched:
            patched.setattr(AgreementRequest.objects, "filter", lambda **_: none)
            assert agreements.ask({"affected": "complainant2"}, "0000-0000", now=START)
        assert AgreementRequest.objects.count() == 2
