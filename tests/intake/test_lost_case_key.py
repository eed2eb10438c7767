"""A person who lost their case key gets a new one by two officers, and no officer takes it over."""

from __future__ import annotations

import re
from datetime import datetime

import pytest
from django.test import Client

from grievances.audit.models import Event
from grievances.cases.actions.actor import NotAllowed
from grievances.cases.actions.perform import StepInput, perform
from grievances.cases.guards.triage import NEW_KEY_LASTS, NEW_KEY_WAIT
from grievances.cases.models.case import Case
from grievances.cases.models.key_distribution import keys_of
from grievances.cases.models.parties import complainant_of
from grievances.casework import reading
from grievances.encryption.key_pairs import anonymous_holder
from grievances.intake import agreements, submission
from grievances.intake.agreement_models import NewCaseKey
from grievances.retention import erasure
from notifications.models import Notice
from tests.factories import cases
from tests.factories.cases import START, at
from tests.factories.edge_cases import FIRST_HALF, SECOND_HALF
from tests.factories.people import Staff
from tests.intake.for_others import FOR_UNKNOWN, KEY, taken_down
from tests.intake.raising import everything_stored, page_of, the_case
from tests.signing_in import come_back, sign_in
from workflow.steps import Refused

pytestmark = pytest.mark.django_db
STRANGERS = "0000-1111-2222-3333"
LATER = at(8)
LAST_DAYS = [(29, ""), (30, "NEW_KEY_ENDED"), (400, "NEW_KEY_ENDED")]
"""Days after the start, and the code of the refusal; the 20th working day is day 27, a Friday."""


def told_and_taken_over(staff: Staff) -> Case:
    """A concern told for another person, whose key the one who told it has replaced."""
    _, html = taken_down(staff, "triage2", **FOR_UNKNOWN)
    cases.done(staff, the_case(), "triage1", "acknowledge", START, declare=True)
    agreements.replace_key(KEY.findall(html)[0], STRANGERS, now=START)
    return cases.fresh(the_case())


def take(staff: Staff, who: str, step: str, now: datetime = START, **answers: object) -> None:
    cases.done(staff, the_case(), who, step, now, **{"confirm": True, **answers})


def refused(staff: Staff, who: str, step: str, now: datetime = START, **answers: object) -> str:
    with pytest.raises(Refused) as found:
        take(staff, who, step, now, **answers)
    return found.value.code


def asked_and_agreed(staff: Staff) -> None:
    take(staff, "triage1", "ask_new_key", text="We met at her desk.")
    take(staff, "lead1", "agree_new_key", half=FIRST_HALF)


def sent_from(html: str) -> dict[str, str]:
    """What a browser sends from the form of a half: its hidden fields, and the box ticked."""
    return {**dict(re.findall(r'name="(half|once|seen)" value="([^"]*)"', html)), "confirm": "on"}


def test_the_person_gets_their_concern_back_and_the_stranger_is_out(staff: Staff) -> None:
    """The whole way, on the pages: two halves, a key of their own, and the talk."""
    case = told_and_taken_over(staff)
    page = f"/cases/{case.reference}"
    take(staff, "triage1", "ask_new_key", text="We met at her desk.")
    lead = sign_in(Client(), staff, "lead1")
    shown = page_of(lead.get(f"{page}/agree_new_key/"))
    (half,) = re.findall(r'name="half" value="([^"]+)"', shown)
    assert refused(staff, "triage1", "give_new_key", half=SECOND_HALF) == "NEW_KEY_NOT_AGREED"
    first = KEY.findall(
        page_of(lead.post(f"{page}/agree_new_key/", {"confirm": "on", "half": half}))
    )
    assert first == [half]
    assert refused(staff, "triage1", "give_new_key", half=SECOND_HALF) == "NEW_KEY_TOO_EARLY"
    take(staff, "triage1", "give_new_key", LATER, half=SECOND_HALF)
    for known_to_one in (STRANGERS, SECOND_HALF * 2, half * 2):
        with pytest.raises(NotAllowed):
            submission.find_by_case_key(known_to_one)
    new = f"{half}-{SECOND_HALF}"
    found, caller = submission.find_by_case_key(new)
    assert found == case
    assert agreements.has_been_handed_over(new), "so they replace it when they come back"
    for step in ("confirm_concern", "ask_to_withdraw"):
        given = StepInput(answers={"confirm": True})
        with pytest.raises(Refused):
            perform(step, case_id=case.pk, caller=caller, now=LATER, step_input=given)
    agreements.replace_key(new, "9999-8888-7777-6666", now=LATER)
    back = come_back(Client(), "9999-8888-7777-6666")
    assert back.get(f"{page}/").status_code == 200
    take(staff, "triage1", "hear_person", LATER, ending="6666")
    assert cases.fresh(case).heard_on is not None


def test_what_follows_is_under_keys_that_the_stranger_never_had(staff: Staff) -> None:
    case = told_and_taken_over(staff)
    stranger, _ = anonymous_holder(STRANGERS)
    before = keys_of(case, stranger.name)
    asked_and_agreed(staff)
    take(staff, "triage1", "give_new_key", LATER, half=SECOND_HALF)
    theirs, _ = anonymous_holder(f"{FIRST_HALF}-{SECOND_HALF}")
    assert keys_of(case, stranger.name) == set()
    new = keys_of(case, theirs.name)
    assert before < new, "they read what was written before, and what follows"
    officer = sign_in(Client(), staff, "triage1")
    officer.post(f"/cases/{case.reference}/message/", {"text": "Written for them."})
    _, caller = submission.find_by_case_key(f"{FIRST_HALF}-{SECOND_HALF}")
    opened = reading.open_case(caller, case.reference, now=LATER)
    assert not opened.locked
    assert "Written for them." in [each.text for each in opened.words]


def test_one_officer_alone_gives_no_key(staff: Staff) -> None:
    told_and_taken_over(staff)
    assert refused(staff, "triage1", "give_new_key", half=SECOND_HALF) == "NEW_KEY_NOT_AGREED"
    for who in ("lead1", "handler1", "dpo1", "admin1", "staff1", "triage2"):
        with pytest.raises(NotAllowed):
            take(staff, who, "ask_new_key", text="We met.")
    take(staff, "triage1", "ask_new_key", text="We met.")
    for who in ("triage1", "handler1", "dpo1", "admin1", "staff1"):
        with pytest.raises(NotAllowed):
            take(staff, who, "agree_new_key", half=FIRST_HALF)
    NewCaseKey.objects.update(asked_by=staff["lead1"])
    assert refused(staff, "lead1", "agree_new_key", half=FIRST_HALF) == "SAME_PERSON"
    NewCaseKey.objects.update(asked_by=staff["triage1"])
    take(staff, "lead1", "agree_new_key", half=FIRST_HALF)
    NewCaseKey.objects.update(agreed_by=staff["triage1"])
    assert refused(staff, "triage1", "give_new_key", LATER, half=SECOND_HALF) == "SAME_PERSON"


def test_who_typed_it_has_no_part_in_it(staff: Staff) -> None:
    taken_down(staff, "triage1", **FOR_UNKNOWN)
    cases.done(staff, the_case(), "triage1", "acknowledge", START, declare=True)
    assert refused(staff, "triage1", "ask_new_key", text="We met.") == "TYPED_BY_YOU"


def test_neither_half_is_kept_where_one_person_finds_both(staff: Staff) -> None:
    told_and_taken_over(staff)
    asked_and_agreed(staff)
    kept = everything_stored()
    assert FIRST_HALF not in kept
    assert FIRST_HALF.replace("-", "") not in kept
    take(staff, "triage1", "give_new_key", LATER, half=SECOND_HALF)
    kept = everything_stored()
    for half in (FIRST_HALF, SECOND_HALF):
        assert half.replace("-", "") not in kept.replace("-", "")
    assert not NewCaseKey.objects.exists()


@pytest.mark.parametrize("half", ["", "1111", "1111-2222-3333", "1111-22!2", "ⅷ111-2222", "\0" * 8])
def test_a_half_that_is_none_gives_no_key(staff: Staff, half: str) -> None:
    told_and_taken_over(staff)
    take(staff, "triage1", "ask_new_key", text="We met.")
    assert refused(staff, "lead1", "agree_new_key", half=half) == "ANSWER_MISSING"
    take(staff, "lead1", "agree_new_key", half=FIRST_HALF)
    assert refused(staff, "triage1", "give_new_key", LATER, half=half) == "ANSWER_MISSING"
    assert submission.find_by_case_key(STRANGERS)


class TestWhoHasTheKeyInUse:
    """They are told at each step, and stop it, where the key is theirs."""

    def test_they_are_told_and_can_stop_it(self, staff: Staff) -> None:
        told_and_taken_over(staff)
        take(staff, "triage1", "hear_person", ending="3333")
        handle = complainant_of(the_case()).handle

        def told() -> int:
            return Notice.objects.filter(handle=handle, channel="inbox").count()

        before = told()
        take(staff, "triage1", "ask_new_key", text="Someone rang.")
        assert told() > before
        after_one = told()
        take(staff, "lead1", "agree_new_key", half=FIRST_HALF)
        assert told() > after_one
        back = come_back(Client(), STRANGERS)
        page = f"/cases/{the_case().reference}"
        assert "Stop the new case key" in page_of(back.get(f"{page}/"))
        assert back.post(f"{page}/refuse_new_key/", {"confirm": "on"}).status_code == 302
        assert not NewCaseKey.objects.exists()
        refusal = refused(staff, "triage1", "give_new_key", LATER, half=SECOND_HALF)
        assert refusal == "NEW_KEY_NOT_AGREED"

    def test_a_stranger_with_the_key_does_not_stop_it(self, staff: Staff) -> None:
        told_and_taken_over(staff)
        asked_and_agreed(staff)
        _, caller = submission.find_by_case_key(STRANGERS)
        case, given = the_case(), StepInput(answers={"confirm": True})
        with pytest.raises(Refused) as found:
            perform("refuse_new_key", case_id=case.pk, caller=caller, now=START, step_input=given)
        assert found.value.code == "KEY_NOT_SHOWN_TO_BE_YOURS"

    @pytest.mark.parametrize("who", ["lead1", "triage1"])
    def test_either_officer_may_stop_it_too(self, staff: Staff, who: str) -> None:
        told_and_taken_over(staff)
        asked_and_agreed(staff)
        take(staff, who, "refuse_new_key")
        take(staff, "triage1", "ask_new_key", text="We met again.")
        assert NewCaseKey.objects.get().agreed_by is None, "an old agreement does not count"

    def test_the_triage_officer_stops_a_request_that_no_one_agreed_to(self, staff: Staff) -> None:
        told_and_taken_over(staff)
        take(staff, "triage1", "ask_new_key", text="We met.")
        page = f"/cases/{the_case().reference}"
        officer = sign_in(Client(), staff, "triage1")
        assert "Stop the new case key" in page_of(officer.get(f"{page}/"))
        assert officer.post(f"{page}/refuse_new_key/", {"confirm": "on"}).status_code == 302
        assert the_case().new_key_asked_on is None
        assert not NewCaseKey.objects.exists()


class TestOneAgreement:
    """A half that was told stays the one that counts, for a time that has an end."""

    def test_a_second_agreement_changes_neither_the_half_nor_the_wait(self, staff: Staff) -> None:
        told_and_taken_over(staff)
        asked_and_agreed(staff)
        agreed_on = the_case().new_key_agreed_on
        refusal = refused(staff, "lead1", "agree_new_key", at(6), half="5555-6666")
        assert refusal == "NEW_KEY_AGREED"
        assert the_case().new_key_agreed_on == agreed_on
        take(staff, "triage1", "give_new_key", LATER, half=SECOND_HALF)
        assert submission.find_by_case_key(f"{FIRST_HALF}-{SECOND_HALF}")

    def test_a_second_tab_shows_a_sentence_and_no_half(self, staff: Staff) -> None:
        told_and_taken_over(staff)
        take(staff, "triage1", "ask_new_key", text="We met.")
        address = f"/cases/{the_case().reference}/agree_new_key/"
        lead = sign_in(Client(), staff, "lead1")
        first, second = (sent_from(page_of(lead.get(address))) for _ in range(2))
        assert KEY.findall(page_of(lead.post(address, first))) == [first["half"]]
        for again in (lead.post(address, second), lead.get(address)):
            assert "agreed to this new case key already" in page_of(again)
            assert not KEY.findall(page_of(again))
        as_json = lead.post(address, second, headers={"accept": "application/json"})
        assert (as_json.status_code, as_json.json()["code"]) == (422, "NEW_KEY_AGREED")
        assert NewCaseKey.objects.get().half() == first["half"].replace("-", "")

    @pytest.mark.parametrize(("day", "code"), LAST_DAYS)
    def test_it_ends_after_twenty_working_days(self, staff: Staff, day: int, code: str) -> None:
        told_and_taken_over(staff)
        asked_and_agreed(staff)
        if not code:
            take(staff, "triage1", "give_new_key", at(day), half=SECOND_HALF)
            return
        assert refused(staff, "triage1", "give_new_key", at(day), half=SECOND_HALF) == code
        assert submission.find_by_case_key(STRANGERS)
        take(staff, "triage1", "refuse_new_key", at(day))
        take(staff, "triage1", "ask_new_key", at(day), text="We met again.")


def assert_no_half(html: str, half: str) -> None:
    assert not KEY.findall(html)
    assert "This half is not shown" in html
    assert "-" not in half or half not in html


class TestWhatIsShown:
    """A page shows the half that was stored, and no other."""

    def test_a_second_press_shows_only_the_half_that_is_stored(self, staff: Staff) -> None:
        told_and_taken_over(staff)
        take(staff, "triage1", "ask_new_key", text="We met.")
        address = f"/cases/{the_case().reference}/agree_new_key/"
        lead = sign_in(Client(), staff, "lead1")
        sent = sent_from(page_of(lead.get(address)))
        for _ in range(2):
            assert KEY.findall(page_of(lead.post(address, sent))) == [sent["half"]]
        for other in ("9999-8888", "", "1111", "<b>"):
            assert_no_half(page_of(lead.post(address, {**sent, "half": other})), other)
        take(staff, "lead1", "refuse_new_key")
        assert_no_half(page_of(lead.post(address, sent)), sent["half"])
        take(staff, "triage1", "ask_new_key", text="We met again.")
        assert_no_half(page_of(lead.post(address, sent)), sent["half"])
        take(staff, "lead1", "agree_new_key", half="5555-6666")
        assert_no_half(page_of(lead.post(address, sent)), sent["half"])

    def test_the_second_half_is_shown_by_the_press_that_gave_it(
        self, staff: Staff, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        told_and_taken_over(staff)
        asked_and_agreed(staff)
        address = f"/cases/{the_case().reference}/give_new_key/"
        monkeypatch.setattr("grievances.web.shared.clock.now", lambda: LATER)
        officer = sign_in(Client(), staff, "triage1")
        sent = sent_from(page_of(officer.get(address)))
        assert KEY.findall(page_of(officer.post(address, sent))) == [sent["half"]]
        for half in (sent["half"], "9999-8888"):
            assert_no_half(page_of(officer.post(address, {**sent, "half": half})), half)

    def test_the_page_says_the_rule_of_the_wait(self, staff: Staff) -> None:
        told_and_taken_over(staff)
        take(staff, "triage1", "ask_new_key", text="We met.")
        address = f"/cases/{the_case().reference}/agree_new_key/"
        lead = sign_in(Client(), staff, "lead1")
        html = page_of(lead.post(address, {"confirm": "on", "half": FIRST_HALF}))
        assert f"{NEW_KEY_WAIT} working days at the earliest" in html
        assert f"{NEW_KEY_LASTS} working days at the latest" in html


def test_an_erasure_takes_what_is_kept_of_it(staff: Staff) -> None:
    case = told_and_taken_over(staff)
    asked_and_agreed(staff)
    rows = dict(erasure.hanging_rows(case))
    assert rows["grievances_newcasekey"].count() == 1


def test_every_step_is_an_event_that_names_no_part_of_a_key(staff: Staff) -> None:
    told_and_taken_over(staff)
    asked_and_agreed(staff)
    take(staff, "triage1", "give_new_key", LATER, half=SECOND_HALF)
    kinds = ("case.ask_new_key", "case.agree_new_key", "case.give_new_key")
    events = Event.objects.filter(kind__in=kinds)
    assert {event.kind for event in events} == set(kinds)
    assert not any("1111" in str(event.data) or "3333" in str(event.data) for event in events)
