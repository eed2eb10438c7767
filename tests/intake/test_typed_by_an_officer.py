"""A triage officer types what a person says or wrote, and hands over the case key."""

from __future__ import annotations

import pytest
from django.test import Client

from grievances.audit.models import Event
from grievances.cases.access import rules
from grievances.cases.models.case import Case
from grievances.choices import CameBy
from grievances.intake import agreements, submission, taking_down
from grievances.intake.agreement_models import AgreementRequest
from grievances.vocabulary import State
from tests.factories import cases
from tests.factories.cases import START
from tests.factories.people import Staff
from tests.intake.for_others import FOR_TWO, KEY, TYPED, taken_down
from tests.intake.raising import (
    ANONYMOUS,
    STORY,
    everything_stored,
    hidden,
    key_on,
    page_of,
    the_case,
)
from tests.signing_in import sign_in
from workflow.steps import Refused

pytestmark = pytest.mark.django_db


class TestTypedByAnOfficer:
    def test_it_is_read_back_sent_and_the_key_is_shown_once(self, staff: Staff) -> None:
        client, html = taken_down(staff)
        case = the_case()
        assert (case.came_by, case.state) == (CameBy.PHONE, State.SUBMITTED)
        assert "must contact Acas, free of charge" in html
        assert "/cases//" not in html
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


def test_the_sheet_says_where_to_go_to_one_who_holds_only_paper(staff: Staff) -> None:
    _, page = taken_down(staff)
    assert "Go to <strong>testserver</strong> and choose" in page


def test_a_key_that_was_handed_over_opens_for_its_holder_alone(staff: Staff) -> None:
    _, html = taken_down(staff)
    found = KEY.search(html)
    assert found is not None
    agreements.replace_key(found[1], "0000-1111-2222-3333", now=START)
    case, _ = submission.find_by_case_key("0000-1111-2222-3333")
    assert not case.key_handed_over


@pytest.mark.parametrize(
    ("raised_for", "said"),
    [
        ("SELF", "To the person who tells it"),
        ("WITNESSED", "To someone else: they saw it or heard it"),
    ],
)
def test_what_an_officer_reads_aloud_never_says_me(
    staff: Staff, raised_for: str, said: str
) -> None:
    typed = {"came_by": "PHONE", "account": "They laughed.", "raised_for": raised_for}
    page = page_of(
        sign_in(Client(), staff, "triage1").post("/take-down/", {**typed, "stage": "read"})
    )
    shown = page[page.index("Who it happened to") :]
    assert said in shown
    assert "To me" not in shown
