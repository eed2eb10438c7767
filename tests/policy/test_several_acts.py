"""Several acts, each with its dates, and the law that two people confirm."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
from django.test import Client
from django.utils.html import strip_tags

from grievances.audit.models import Event
from grievances.cases.actions.actor import NotAllowed
from grievances.cases.models.case import Case
from grievances.deadlines import own_days, tribunal_reminders
from grievances.deadlines.own_days import OwnDays
from grievances.deadlines.reminder_models import TribunalReminder
from grievances.deadlines.tribunal_reminders import AS_ONE, DAYS_BEFORE, reminder_days
from grievances.policy.models import LawConfirmation
from grievances.policy.tribunal_limits import KNOWN, Length
from grievances.policy_changes import law_confirmation
from grievances.web.shared import clock
from grievances.web.shared.tribunal_dates import tribunal_dates
from tests.factories import cases, edge_cases
from tests.factories.cases import START
from tests.factories.people import PEOPLE, Staff
from tests.signing_in import sign_in
from workflow.steps import Refused

SIX = next(each for each in KNOWN if each.code == "gb_six_months")
ACROSS = [date(2026, 9, 26 + n) for n in range(5)] + [date(2026, 10, 1 + n) for n in range(5)]


@pytest.fixture(autouse=True)
def _at_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    travel(monkeypatch, START)


def travel(monkeypatch: pytest.MonkeyPatch, moment: datetime) -> None:
    monkeypatch.setattr(clock, "now", lambda: moment)
    monkeypatch.setattr(clock, "today", moment.date)


@pytest.fixture
def case(staff: Staff) -> Case:
    return cases.raised(staff)


@pytest.fixture
def own(staff: Staff, case: Case) -> Client:
    return sign_in(Client(), staff, "complainant1")


def address(case: Case) -> str:
    return f"/cases/{case.reference}/tribunal/"


def text_of(answer: object) -> str:
    return " ".join(strip_tags(answer.content.decode()).split())  # type: ignore[attr-defined]


def add(client: Client, case: Case, lines: str, status: int = 200) -> str:
    answer = client.post(address(case), {"what": "add", "days": lines}, follow=True)
    assert answer.status_code == status
    return text_of(answer)


def test_without_a_day_the_page_leads_on_to_adding_one(own: Client, case: Case) -> None:
    text = text_of(own.get(address(case)))
    assert "We do not know a day yet" in text
    assert "contact Acas soon" in text
    assert "Labour Relations Agency" in text
    assert address(case) in own.get(f"/cases/{case.reference}/").content.decode()
    assert address(case) in own.get(f"/raise/{case.reference}/receipt/").content.decode()
    assert "contact Acas by 4 January 2027" in add(own, case, "5 October 2026")


@pytest.mark.parametrize(
    "typed",
    [
        "5 October 2026",
        "Monday 5 October 2026",
        "5th of October 2026",
        "5 Oct 2026",
        "5/10/2026",
        "05.10.2026",
        "5 10 2026",
        "2026-10-05",
        "October 5, 2026",
        "  5   october   2026  ",
    ],
)
def test_a_day_may_be_typed_as_people_write_it(own: Client, case: Case, typed: str) -> None:
    add(own, case, typed)
    assert kept(own, case) == [date(2026, 10, 5)]


def kept(client: Client, case: Case) -> list[date]:
    page = client.get(address(case))
    return list(page.context["added"].days)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("5 October 2026\nlast spring", "We could not read “last spring” as a day"),
        ("October 2026", "We could not read “October 2026” as a day"),
        ("Monday", "We could not read “Monday” as a day"),
        ("31 February 2026", "We could not read “31 February 2026” as a day"),
        ("25 December 2026", "25 December 2026 has not come yet"),
        ("99999999999999999999999999999999999", "We could not read"),
        ("", "Give at least one day"),
        ("\n".join(f"{1 + n % 28}/{1 + n // 28}/2025" for n in range(41)), "up to 40 days"),
    ],
)
def test_what_is_no_day_gets_a_sentence_and_is_not_lost(
    own: Client, case: Case, typed: str, said: str
) -> None:
    text = add(own, case, typed, status=422)
    assert said in text
    if typed:
        assert typed.splitlines()[0] in text
    assert kept(own, case) == []


def test_several_days_on_one_line_are_several_acts(own: Client, case: Case) -> None:
    add(own, case, "5 October 2026 and 7 October 2026; 8/10/2026, 9 October 2026")
    assert kept(own, case) == [date(2026, 10, n) for n in (5, 7, 8, 9)]


def test_ten_acts_across_the_change_each_have_their_own_dates(own: Client, case: Case) -> None:
    text = add(own, case, "\n".join(f"{day:%-d %B %Y}" for day in ACROSS))
    assert "contact Acas by 25 December 2026" in text
    assert "The dates for the other 9 days you gave" in text
    for act in ACROSS:
        assert f"For what happened on {act:%-d %B %Y}" in text
    for longer in ("30 March 2027", "4 April 2027"):
        assert longer in text
    dates = tribunal_dates(ACROSS, "ENG_WLS", START.date())
    assert [each.longer is None for each in dates.acts] == [True] * 5 + [False] * 5


def test_the_act_whose_time_is_not_over_leads() -> None:
    dates = tribunal_dates([date(2026, 1, 5), date(2026, 11, 2)], "ENG_WLS", date(2026, 12, 1))
    assert dates.lead.act == date(2026, 11, 2)
    assert [each.act for each in dates.others] == [date(2026, 1, 5)]
    over = tribunal_dates([date(2025, 1, 5), date(2025, 11, 2)], "ENG_WLS", date(2026, 12, 1))
    assert over.lead.act == date(2025, 11, 2)


def test_conciliation_is_said_for_each_act_under_its_own_rule(own: Client, case: Case) -> None:
    add(own, case, "30 September 2026\n5 October 2026")
    answer = own.post(
        address(case),
        {
            "what": "conciliation",
            "day_a_day": "1", "day_a_month": "2", "day_a_year": "2027",
            "day_b_day": "15", "day_b_month": "3", "day_b_year": "2027",
        },
    )  # fmt: skip
    text = text_of(answer)
    assert text.count("gave no more time") == 1
    october = text.split("For what happened on 5 October 2026:")[-1]
    assert "make a claim by 16 May 2027" in october
    assert "gave no more time" not in october


def test_days_added_later_are_for_the_complainant_alone(
    own: Client, staff: Staff, case: Case
) -> None:
    own.get(address(case))
    before = set(Event.objects.values_list("kind", flat=True))
    add(own, case, "5 October 2026")
    assert set(Event.objects.values_list("kind", flat=True)) == before
    row = OwnDays.objects.get()
    assert "2026" not in bytes.fromhex(row.sealed).decode("latin-1")
    for person in ("triage1", "lead1", "dpo1"):
        assert own_days.read(case, staff.caller(person)) == own_days.Kept((), is_lost=True)
        assert sign_in(Client(), staff, person).get(address(case)).status_code == 404
    for person in (each for each in PEOPLE if each != "complainant1"):
        client = sign_in(Client(), staff, person)
        for form in ({"what": "add", "days": "6 October 2026"}, {"remove": "2026-10-05"}):
            assert client.post(address(case), form).status_code == 404, person
    assert kept(own, case) == [date(2026, 10, 5)]


def test_many_days_are_as_long_as_one(staff: Staff, case: Case) -> None:
    lengths = set()
    for number in (1, 40):
        own_days.keep(case, staff.caller("complainant1"), days_of_2025(number))
        lengths.add(len(OwnDays.objects.get().sealed))
        last_days = tribunal_dates(days_of_2025(number * 2), "ENG_WLS", START.date()).last_days
        tribunal_reminders.choose(case, [*last_days, date(2028, 1, 1)], START.date())
        lengths.add(-len(bytes(TribunalReminder.objects.get().sealed)))
    assert len(lengths) == 2


def days_of_2025(number: int) -> list[date]:
    return [date.fromordinal(date(2025, 1, 1).toordinal() + n) for n in range(number)]


def test_a_day_can_be_taken_away_and_the_reminders_follow(own: Client, case: Case) -> None:
    add(own, case, "5 October 2026\n20 November 2026")
    own.post(address(case), {"what": "on"})
    assert TribunalReminder.objects.get().wish.last_days[0] == date(2027, 1, 4)
    own.post(address(case), {"remove": "2026-10-05"})
    assert kept(own, case) == [date(2026, 11, 20)]
    assert TribunalReminder.objects.get().wish.last_days == (date(2027, 2, 19), date(2027, 5, 19))
    own.post(address(case), {"remove": "2026-11-20"})
    assert not OwnDays.objects.exists()
    assert not TribunalReminder.objects.exists()


def test_erasing_the_case_erases_the_days(staff: Staff) -> None:
    case = edge_cases.erasable(staff)
    own_days.keep(case, staff.caller("complainant1"), [date(2026, 1, 5)])
    cases.done(staff, case, "dpo1", "erase", cases.at(600))
    assert not OwnDays.objects.exists()


def test_after_the_key_has_changed_the_page_says_so(own: Client, staff: Staff, case: Case) -> None:
    own_days.keep(case, staff.caller("complainant2"), [date(2026, 1, 5)])
    assert "your key has changed. Add them again." in text_of(own.get(address(case)))
    add(own, case, "5 October 2026")
    assert kept(own, case) == [date(2026, 10, 5)]


def confirm(staff: Staff, who: str, digest: str = SIX.digest) -> bool:
    return law_confirmation.confirm(staff.caller(who), SIX.code, digest, now=START)


def test_until_two_people_confirm_it_both_lengths_are_shown(
    own: Client, staff: Staff, case: Case
) -> None:
    add(own, case, "30 September 2026\n5 October 2026")
    assert confirm(staff, "lead1") is False
    assert "4 January 2027" in text_of(own.get(address(case)))
    with pytest.raises(Refused):
        confirm(staff, "lead1")
    assert confirm(staff, "dpo1") is True
    text = text_of(own.get(address(case)))
    assert "4 January 2027" not in text
    assert "may now be" not in text
    assert "30 September 2026: contact Acas by 29 December 2026" in text
    assert "5 October 2026: contact Acas by 4 April 2027" in text
    law_confirmation.take_back(staff.caller("dpo1"), SIX.code, now=START)
    assert "4 January 2027" in text_of(own.get(address(case)))


def test_changed_law_needs_two_people_again(staff: Staff, monkeypatch: pytest.MonkeyPatch) -> None:
    confirm(staff, "lead1")
    confirm(staff, "dpo1")
    assert law_confirmation.confirmed_lengths() == {SIX.code}
    changed = Length(**{**SIX.__dict__, "months": 12})
    monkeypatch.setattr(law_confirmation, "KNOWN", (changed,))
    assert law_confirmation.confirmed_lengths() == frozenset()
    with pytest.raises(Refused):
        confirm(staff, "lead1")


def test_only_the_two_officers_confirm_on_the_page(staff: Staff) -> None:
    posted = {"code": SIX.code, "digest": SIX.digest}
    for person in (each for each in PEOPLE if each not in {"lead1", "lead2", "dpo1", "dpo2"}):
        client = sign_in(Client(), staff, person)
        page = client.get("/policies/law/").status_code
        assert page in {404, 200}, person
        client.post("/policies/law/", posted)
        assert not LawConfirmation.objects.exists(), person
    with pytest.raises(NotAllowed):
        law_confirmation.take_back(staff.caller("lead1"), SIX.code, now=START)
    for person, said in (("lead1", "The other officer has to"), ("dpo1", "see this limit alone")):
        client = sign_in(Client(), staff, person)
        assert "confirm this limit" in client.get("/policies/law/").content.decode()
        answer = client.post("/policies/law/", posted, follow=True)
        assert said in answer.content.decode()
    kinds = Event.objects.filter(kind__startswith="law.").values_list("kind", flat=True)
    assert list(kinds) == ["law.confirmed", "law.confirmed"]
    answer = client.post("/policies/law/", {"code": SIX.code, "take_back": "yes"}, follow=True)
    assert "People see both limits again" in answer.content.decode()


def test_days_told_while_raising_are_shown_and_the_old_single_day_still_is(
    own: Client, staff: Staff, case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    several = cases.raised(staff, last_day="2026-11-02", days=["2026-09-30", "2026-10-05"])
    old = cases.raised(staff, last_day="2026-11-02", when="Friday")
    text = text_of(own.get(address(several)))
    assert "You told us when you raised it: 30 September 2026, 5 October 2026, 2 November" in text
    assert "contact Acas by 29 December 2026" in text
    assert "You told us when you raised it: 2 November 2026." in text_of(own.get(address(old)))
    travel(monkeypatch, datetime(2026, 12, 30, 12, tzinfo=UTC))
    assert "contact Acas by 4 January 2027" in text_of(own.get(address(several)))


@pytest.mark.parametrize("number", [1, 2, 10, 40])
def test_reminders_close_together_are_sent_as_one(staff: Staff, case: Case, number: int) -> None:
    """Ten acts had 50 reminder days; no reminder of them comes later than its day."""
    today = date(2025, 1, 10)
    acts = ACROSS if number == 10 else days_of_2025(number)
    last_days = tribunal_dates(acts, "ENG_WLS", today).last_days
    due = {each - timedelta(days=n) for each in last_days for n in DAYS_BEFORE}
    days = reminder_days(last_days, today)
    assert set(days) <= due
    assert all(later - day > AS_ONE for day, later in pairwise(days))
    ahead = [day for day in due if day > today]
    assert all(any(day - AS_ONE <= sent <= day for sent in days) for day in ahead)
    if number == 1:
        assert days == sorted(ahead), "the days of one act are far enough apart"
    if number == 10:
        assert (len(ahead), len(days)) == (50, 15)


def test_each_reminder_that_is_shown_is_sent_and_no_other(staff: Staff, case: Case) -> None:
    today = date(2025, 1, 10)
    last_days = tribunal_dates(days_of_2025(10), "ENG_WLS", today).last_days
    tribunal_reminders.choose(case, last_days, today)
    shown = tribunal_reminders.days_chosen(case, today)
    assert shown
    sent = []
    for n in range(1, 400):
        day = today + timedelta(days=n)
        ahead = tribunal_reminders.days_chosen(case, day)
        noon = datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
        if tribunal_reminders.remind(noon):
            sent.append(day)
        elif ahead:
            assert ahead == [each for each in shown if each > day]
    assert sent == shown
