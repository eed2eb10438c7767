"""Aftercare: one person is asked, answers for themselves, and no one else learns of it."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.test import Client

from grievances.aftercare import care, schedule
from grievances.aftercare.models import Aftercare, AskState
from grievances.aftercare.sweep import ask_people
from grievances.audit.models import Event
from grievances.cases.models.case import Case
from grievances.cases.models.deadlines import CheckIn
from grievances.encryption.primitives import DecryptionFailed
from grievances.intake import drafts, submission
from grievances.retention import erasure
from grievances.vocabulary import State
from grievances.web.intake.forms import BEGIN
from grievances.web.shared import clock
from notifications.models import Notice
from tests.attacks.leak_scan import Loot
from tests.attacks.stolen_copy import rows
from tests.factories import cases
from tests.factories.cases import START
from tests.factories.people import Staff
from tests.intake.raising import page_of, words
from tests.participants import hearing
from tests.signing_in import sign_in

pytestmark = pytest.mark.django_db
SECRET = "PLANTED-AFTERCARE-WORDS"
WORSE = {"worse": "yes", "safe": "no", "changes": ["shifts", "left_out"], "text": SECRET}
FINE = {"worse": "no", "safe": "yes", "text": "All right."}


@pytest.fixture(autouse=True)
def clock_of_test(monkeypatch: pytest.MonkeyPatch) -> Clock:
    found = Clock(START)
    monkeypatch.setattr(clock, "now", lambda: found.now)
    monkeypatch.setattr(clock, "today", lambda: found.now.date())
    return found


class Clock:
    """The time of a test."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def night(self, days: int) -> int:
        """Go to so many days after the start, and ask twice: the second asks no one."""
        self.now = START + timedelta(days=days)
        asked = ask_people(self.now)
        assert ask_people(self.now) == 0, "a second sweep of the same day asks no one"
        return asked


def own_page(client: Client) -> str:
    return str(client.get("/aftercare/")["Location"])


def states(staff: Staff, who: str = "complainant1") -> list[tuple[str, str]]:
    (opened,) = care.own(staff.caller(who), now=clock.now())
    return [(each.code, str(each.state)) for each in opened.facts.asks]


def told(kind: str = "check_in") -> int:
    return Notice.objects.filter(kind=kind, link="/aftercare/", channel="inbox").count()


def test_monthly_while_open_then_one_three_and_six_months(
    staff: Staff, clock_of_test: Clock
) -> None:
    case = cases.raised(staff)
    assert clock_of_test.night(1) == 0
    assert clock_of_test.night(31) == 1, "a month after it was received"
    assert clock_of_test.night(32) == 0
    assert clock_of_test.night(62) == 1
    assert states(staff)[0] == ("pulse-1", AskState.SILENT), "silence is recorded as silence"
    assert told() == 2
    Case.unguarded.filter(pk=case.pk).update(
        state=State.CLOSED, close_reason="accepted", closed_on=START.date() + timedelta(days=70)
    )
    for days in (101, 163, 255):
        clock_of_test.night(days)
    codes = [code for code, _ in states(staff)]
    assert codes == ["pulse-1", "pulse-2", "after-1-1", "after-1-3", "after-1-6"]
    assert told() == 2, "after closing the clocks of the case tell the one who raised it"
    assert clock_of_test.night(600) == 0
    assert states(staff)[-1][1] == AskState.SILENT


def test_one_gentle_reminder_then_silence_which_is_no_answer(
    staff: Staff, clock_of_test: Clock
) -> None:
    cases.raised(staff)
    clock_of_test.night(31)
    assert clock_of_test.night(33) == 0
    assert clock_of_test.night(40) == 1
    assert told("asked_again") == 1
    clock_of_test.night(52)
    assert states(staff) == [("pulse-1", AskState.SILENT)]
    client = sign_in(Client(), staff, "complainant1")
    shown = page_of(client.get(own_page(client)))
    assert "You did not answer. We do not take that as “all is well”." in shown
    asked_on = START + timedelta(days=31)
    assert f"After 1 month, asked on {asked_on:%-d %B %Y}" in shown
    assert "Nothing yet." in shown


def test_a_worrying_answer_begins_a_draft_away_from_those_who_handled_the_first(
    staff: Staff, clock_of_test: Clock
) -> None:
    first = cases.in_investigation(staff)
    clock_of_test.night(31)
    events, lines = Event.objects.count(), Notice.objects.count()
    client = sign_in(Client(), staff, "complainant1")
    page = own_page(client)
    assert "After 1 month" in page_of(client.get(page))
    answer = client.post(f"{page}pulse-1/", WORSE)
    assert answer["Location"] == f"{page}draft/"
    (draft,) = drafts.own_drafts(staff["complainant1"])
    assert Event.objects.count() == events, "no event tells of an answer or of a draft"
    assert Notice.objects.count() == lines, "no one is told"
    said = drafts.read_draft(draft, staff.caller("complainant1"))
    assert first.reference in said["account"]
    assert "My shifts or hours; I am left out" in said["account"]
    assert SECRET in said["account"]
    shown = page_of(client.get(f"{page}draft/"))
    assert "Equality Act 2010, section 27" in shown
    assert f"/raise/{draft.reference}/what-happened/" in shown
    said = {**BEGIN, **said}
    able = submission.readership(draft, said, now=clock.now())
    handled = {staff[name].pk for name in ("triage1", "handler1", "decider1")}
    assert able.officers, "someone is left to read it"
    assert not handled & set(able.officer_ids)
    readers = [person.pk for person in able.officers]
    submission.submit(draft, staff.caller("complainant1"), said, expected=readers, now=clock.now())
    for name in ("triage1", "handler1", "decider1"):
        other = sign_in(Client(), staff, name)
        assert other.get(f"/cases/{draft.reference}/").status_code == 404
    assert words(staff, draft, able.officers[0].username)


def test_the_draft_is_discarded_and_the_answer_stays(staff: Staff) -> None:
    cases.raised(staff)
    client = sign_in(Client(), staff, "complainant1")
    page = own_page(client)
    client.post(f"{page}changed/", WORSE)
    client.post(f"{page}changed/", {**WORSE, "text": "And again."})
    (draft,) = drafts.own_drafts(staff["complainant1"])
    account = drafts.read_draft(draft, staff.caller("complainant1"))["account"]
    assert SECRET in account
    assert "And again." in account, "a second answer goes on with the draft"
    assert client.post(f"{page}draft/")["Location"] == page
    assert not drafts.own_drafts(staff["complainant1"]).exists()
    shown = page_of(client.get(page))
    assert SECRET in shown
    assert "You have a draft" not in shown
    assert client.get(f"{page}draft/")["Location"] == page


def test_the_start_is_noted_and_is_no_worry(staff: Staff) -> None:
    cases.raised(staff)
    client = sign_in(Client(), staff, "complainant1")
    page = own_page(client)
    assert "Note how things are now" in page_of(client.get(page))
    client.post(f"{page}baseline/", {"safe": "no", "text": "At first."})
    assert not drafts.own_drafts(staff["complainant1"]).exists()
    shown = page_of(client.get(page))
    assert "At first." in shown
    assert "Note how things are now" not in shown


def test_bad_input_loses_nothing_and_no_other_time_is_answered(staff: Staff) -> None:
    cases.raised(staff)
    client = sign_in(Client(), staff, "complainant1")
    page = own_page(client)
    answer = client.post(f"{page}changed/", {"text": SECRET})
    assert answer.status_code == 422
    assert SECRET in page_of(answer)
    assert "Choose an answer: Do you feel safe at work?" in page_of(answer)
    for code in ("pulse-1", "after-1-6", "nothing"):
        assert client.post(f"{page}{code}/", FINE)["Location"] == page
        assert client.get(f"{page}{code}/")["Location"] == page
    row = Aftercare.objects.get()
    assert row.answers(staff.holders["complainant1"]) == []


def test_no_one_else_finds_it_and_a_copy_opens_for_its_writer_alone(staff: Staff) -> None:
    case = cases.raised(staff)
    client = sign_in(Client(), staff, "complainant1")
    page = own_page(client)
    client.post(f"{page}changed/", {**FINE, "text": SECRET})
    for who in ("triage1", "lead1", "dpo1", "admin1", "respondent1", "complainant2"):
        other = sign_in(Client(), staff, who)
        assert other.get("/aftercare/").status_code == 200
        for part in ("", "changed/", "choose/", "draft/"):
            assert other.get(f"{page}{part}").status_code == 404
            assert other.post(f"{page}{part}", FINE).status_code in {404, 405}
        assert SECRET not in page_of(other.get(f"/cases/{case.reference}/"))
    assert Client().get(page)["Location"].startswith("/accounts/login/")
    assert Loot(list(rows())).holds(SECRET) == []
    row = Aftercare.objects.get()
    for name, holder in staff.holders.items():
        if name == "complainant1":
            assert row.answers(holder)[0].text == SECRET
            continue
        with pytest.raises(DecryptionFailed):
            row.answers(holder)


def test_a_witness_is_asked_after_closing_and_is_told_no_reference(
    staff: Staff, clock_of_test: Clock
) -> None:
    case = cases.in_investigation(staff)
    hearing.ask(staff, case)
    clock_of_test.night(1)
    client = sign_in(Client(), staff, "staff1")
    page = own_page(client)
    shown = page_of(client.get(page))
    assert case.reference not in shown
    Case.unguarded.filter(pk=case.pk).update(
        state=State.CLOSED, close_reason="accepted", closed_on=START.date()
    )
    clock_of_test.night(32)
    assert states(staff, "staff1") == [("after-1-1", AskState.WAITING)]
    assert told() == 1
    client.post(f"{page}after-1-1/", {**WORSE, "actions": ""})
    (draft,) = drafts.own_drafts(staff["staff1"])
    said = drafts.read_draft(draft, staff.caller("staff1"))
    assert case.reference not in said["account"]
    able = submission.readership(draft, said, now=clock.now())
    assert staff["handler1"].pk not in able.officer_ids
    check = page_of(client.get(f"/raise/{draft.reference}/readers/"))
    for name in ("handler1", "decider1", "triage1"):
        assert staff[name].name not in check, "a witness is not told who handles the case"


def test_a_colleague_asks_and_learns_no_reason(staff: Staff, clock_of_test: Clock) -> None:
    case = cases.raised(staff)
    client = sign_in(Client(), staff, "complainant1")
    page = own_page(client)
    sentence = "We cannot ask this person."
    for typed in ("No Such Person", "complainant1", "handler1", "respondent1"):
        answer = client.post(f"{page}choose/", {"listener": "ally", "ally": typed})
        assert answer.status_code == 422, typed
        assert sentence in page_of(answer)
    missing = client.post(f"{page}choose/", {"listener": "ally", "ally": " "})
    assert "Type the full name" in page_of(missing)
    chosen = {"listener": "ally", "ally": "companion1"}
    assert client.post(f"{page}choose/", chosen)["Location"] == page
    clock_of_test.night(31)
    ally = sign_in(Client(), staff, "companion1")
    asked = f"/aftercare/asked/{page.split('/')[2]}/"
    assert asked in page_of(ally.get("/inbox/")) or Notice.objects.filter(link=asked).exists()
    shown = page_of(ally.get(asked))
    assert staff["complainant1"].name in shown
    assert case.reference not in shown
    assert "concern" not in shown.split("<main")[1].split("</main>")[0]
    other = sign_in(Client(), staff, "complainant2")
    assert other.get(asked).status_code == 404
    assert ally.post(asked)["Location"] == "/inbox/"
    assert ally.get(asked).status_code == 404
    assert "By a short form that only I can read" in page_of(client.get(page))


def test_do_not_ask_me_is_kept(staff: Staff, clock_of_test: Clock) -> None:
    cases.raised(staff)
    client = sign_in(Client(), staff, "complainant1")
    page = own_page(client)
    client.post(f"{page}choose/", {"listener": "no_one"})
    assert clock_of_test.night(31) == 0
    assert "We do not ask you. You chose that." in page_of(client.get(page))
    client.post(f"{page}choose/", {"listener": "self"})
    assert clock_of_test.night(62) == 1


def test_without_an_account_it_works_with_the_case_key(staff: Staff, clock_of_test: Clock) -> None:
    sent = anonymous(staff)
    clock_of_test.night(31)
    client = Client()
    client.post("/return/", {"case_key": sent.case_key})
    page = own_page(client)
    shown = page_of(client.get(page))
    assert "After 1 month" in shown
    choices = page_of(client.get(f"{page}choose/"))
    assert "colleague I trust" not in choices
    assert client.post(f"{page}choose/", {"listener": "ally"}).status_code == 422
    assert client.post(f"{page}pulse-1/", WORSE)["Location"] == f"{page}draft/"
    answer = client.post(f"{page}draft/")
    assert answer["Location"] == "/raise/anonymous/what-happened/"
    begun = page_of(client.get("/raise/anonymous/what-happened/"))
    assert SECRET in begun
    assert sent.case.reference in begun
    assert not Case.unguarded.filter(state=State.DRAFT).exists()


def anonymous(staff: Staff) -> submission.Sent:
    answers = {"account": "It happened."}
    able = submission.preview_anonymous(answers, now=START)
    return submission.submit_anonymous(answers, expected=[p.pk for p in able], now=START)


def test_erasing_the_case_erases_it(staff: Staff, clock_of_test: Clock) -> None:
    case = cases.raised(staff)
    clock_of_test.night(31)
    assert Aftercare.objects.count() == 1
    erasure.destroy(case, {}, clock_of_test.now)
    assert not Aftercare.objects.exists()
    assert not Notice.objects.filter(key__startswith="aftercare:").exists()


def test_the_schedule_has_no_gap_at_the_end_of_a_month(staff: Staff) -> None:
    case = cases.raised(staff)
    day = START.date().replace(month=12, day=31)
    for days in range(1, 400):
        today = day + timedelta(days=days)
        upcoming = schedule.next_day(case, day, today)
        assert upcoming is not None
        assert upcoming > today
        assert schedule.due_code(case, day, upcoming) != schedule.due_code(case, day, today)


def test_a_form_only_for_oneself_is_no_silence_in_the_report(
    staff: Staff, clock_of_test: Clock
) -> None:
    case = cases.raised(staff)
    (opened,) = care.own(staff.caller("complainant1"), now=START)
    Case.unguarded.filter(pk=case.pk).update(
        state=State.CLOSED, close_reason="finding", closed_on=START.date()
    )
    waits = case.check_ins.create(month=1, asked_on=START.date())
    counted = CheckIn.objects.exclude(is_own=True, worse="")
    clock_of_test.night(31)
    assert counted.filter(pk=waits.pk).exists(), "silence towards the officer counts as no answer"
    care.choose(staff.caller("complainant1"), opened.label, "self", None, is_off=False)
    assert not counted.filter(pk=waits.pk).exists()
    later = case.check_ins.create(month=3, asked_on=START.date() + timedelta(days=92))
    clock_of_test.night(92)
    assert not counted.filter(pk=later.pk).exists()
    later.worse, later.answered_on = "no", START.date()
    later.save()
    assert counted.filter(pk=later.pk).exists(), "an answer to the officer counts all the same"
