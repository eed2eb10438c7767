"""A case key that another person has seen confirms nothing until it is replaced."""

from __future__ import annotations

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from grievances.audit.models import Event
from grievances.cases.actions.actor import Caller, NotAllowed
from grievances.cases.actions.perform import StepInput, perform
from grievances.cases.models.case import Case
from grievances.cases.models.exclusions import Exclusions, bar, excluded_from
from grievances.cases.models.parties import Party, complainant_of
from grievances.casework import identity
from grievances.encryption.key_pairs import sealing_key
from grievances.encryption.own_words import seal_own
from grievances.intake import agreements, submission
from grievances.intake.agreement_models import AgreementRequest
from tests.factories import cases
from tests.factories.cases import START
from tests.factories.people import Staff
from tests.intake.for_others import FOR_TWO, FOR_UNKNOWN, KEY, taken_down, told_for
from tests.intake.raising import (
    ANONYMOUS,
    STORY,
    everything_stored,
    page_of,
    the_case,
    writing,
)
from tests.signing_in import come_back, sign_in
from workflow.steps import Refused

pytestmark = pytest.mark.django_db


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
