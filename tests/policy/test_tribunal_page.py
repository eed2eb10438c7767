"""Tribunal dates: for the complainant alone, with reminders that only they know of."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.utils.html import strip_tags
from icalendar import Calendar

from grievances import tasks
from grievances.audit.models import Event
from grievances.cases.models.case import Case
from grievances.cases.models.parties import complainant_of, party_inbox
from grievances.deadlines import tribunal_reminders
from grievances.deadlines.reminder_models import TribunalReminder, Wish
from grievances.encryption.server_keys import seal_for_server
from grievances.operations.key_rotation import left_behind
from grievances.vocabulary import Division
from grievances.web.shared import clock
from notifications.models import Notice
from tests.factories import cases, edge_cases
from tests.factories.cases import START
from tests.factories.people import PEOPLE, Staff
from tests.signing_in import sign_in

ACT = date(2026, 11, 20)
SAFE, LONGER = date(2027, 2, 19), date(2027, 5, 19)
DAYS = [last - timedelta(days=n) for last in (SAFE, LONGER) for n in (28, 14, 7, 2)]


@pytest.fixture(autouse=True)
def _at_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    travel(monkeypatch, START)


def travel(monkeypatch: pytest.MonkeyPatch, moment: datetime) -> None:
    monkeypatch.setattr(clock, "now", lambda: moment)
    monkeypatch.setattr(clock, "today", moment.date)


@pytest.fixture
def case(staff: Staff) -> Case:
    return cases.raised(staff, last_day=ACT.isoformat())


@pytest.fixture
def own(staff: Staff, case: Case) -> Client:
    return sign_in(Client(), staff, "complainant1")


def address(case: Case) -> str:
    return f"/cases/{case.reference}/tribunal/"


def told() -> list[Notice]:
    return list(Notice.objects.filter(kind="reminder", key__startswith="reminder:").order_by("pk"))


def test_the_page_says_the_day_and_that_nothing_pauses_it(own: Client, case: Case) -> None:
    text = own.get(address(case)).content.decode()
    assert "contact Acas by 19 February 2027" in text
    assert "This is the safe day." in text
    assert "six months" in text
    assert "19 May 2027" in text
    assert "never pauses this time limit" in text
    assert "We can remind you on 22 January 2027, 5 February 2027, 12 February 2027" in text
    assert "17 February 2027, 21 April 2027, 5 May 2027, 12 May 2027, 17 May 2027" in text
    assert "deadline met" not in text.lower()


def test_no_one_else_reads_it_or_asks_for_reminders(staff: Staff, case: Case) -> None:
    for person in (each for each in PEOPLE if each != "complainant1"):
        client = sign_in(Client(), staff, person)
        assert client.get(address(case)).status_code == 404, person
        assert client.post(address(case), {"what": "on"}).status_code == 404, person
    assert not TribunalReminder.objects.exists()


def test_reminders_come_on_their_days_at_nine_once_each_and_say_nothing(
    own: Client, staff: Staff, case: Case
) -> None:
    done = own.post(address(case), {"what": "on"}, follow=True)
    assert "No one else can see that you asked for it" in done.content.decode()
    for n, day in enumerate(DAYS):
        at = datetime(day.year, day.month, day.day, tzinfo=ZoneInfo("Europe/London"))
        assert tribunal_reminders.remind(at.replace(hour=8, minute=59)) == 0
        assert [tribunal_reminders.remind(at.replace(hour=h)) for h in (9, 9, 12)] == [1, 0, 0]
        assert len(told()) == n + 1
    assert not TribunalReminder.objects.exists()
    for notice in told():
        assert notice.handle == party_inbox(case.pk, staff["complainant1"].pk)
        assert (notice.reference, notice.link, notice.context) == ("", "/cases/", {})


def test_after_an_outage_one_is_told_once(own: Client, case: Case) -> None:
    own.post(address(case), {"what": "on"})
    late = datetime(2027, 5, 13, 12, tzinfo=UTC)
    assert [tribunal_reminders.remind(late), tribunal_reminders.remind(late)] == [1, 0]
    assert TribunalReminder.objects.get().next_on == DAYS[-1]


def test_reminders_asked_for_before_both_days_were_kept_still_come(case: Case) -> None:
    tribunal_reminders.choose(case, [SAFE], START.date())
    row = TribunalReminder.objects.get()
    party = complainant_of(case)
    facts = {"party": party.pk, "safe": SAFE.isoformat()}
    row.sealed = seal_for_server(json.dumps(facts).ljust(80).encode(), row.place)
    row.save()
    assert row.wish == Wish(party.pk, (SAFE,))
    assert tribunal_reminders.days_chosen(case, START.date()) == DAYS[:4]
    assert tribunal_reminders.remind(datetime(2027, 2, 18, 12, tzinfo=UTC)) == 1
    assert not TribunalReminder.objects.exists()


def test_a_wish_for_one_day_is_as_long_as_one_for_two(case: Case) -> None:
    lengths = set()
    for last_days in ([SAFE], [SAFE, LONGER]):
        tribunal_reminders.choose(case, last_days, START.date())
        lengths.add(len(bytes(TribunalReminder.objects.get().sealed)))
    assert len(lengths) == 1


def test_it_can_be_ended_at_any_time(
    own: Client, case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    own.post(address(case), {"what": "on"})
    assert "Reminders are on" in own.get(address(case)).content.decode()
    own.post(address(case), {"what": "off"})
    assert "Reminders are on" not in own.get(address(case)).content.decode()
    travel(monkeypatch, datetime(2027, 2, 13, 12, tzinfo=UTC))
    assert tasks.remind_of_tribunals() == 0
    assert told() == []


def test_no_trace_tells_that_it_was_chosen(own: Client, case: Case) -> None:
    own.get(address(case))
    kinds = list(Event.objects.order_by("pk").values_list("kind", flat=True))
    own.post(address(case), {"what": "on"})
    after = list(Event.objects.order_by("pk").values_list("kind", flat=True))
    assert set(after) - set(kinds) == set()
    row = TribunalReminder.objects.get()
    party = complainant_of(case)
    kept = bytes(row.sealed) + row.mark.encode()
    inbox = party_inbox(case.pk, party.person_id or 0)
    for secret in (case.reference, party.handle, str(SAFE), str(LONGER), inbox):
        assert secret.encode() not in kept
    assert list(left_behind()) == []


def test_a_date_too_near_has_no_reminder_left(
    own: Client, case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    travel(monkeypatch, datetime(2027, 5, 18, 12, tzinfo=UTC))
    done = own.post(address(case), {"what": "on"}, follow=True)
    assert "There is no time left for a reminder" in done.content.decode()
    assert not TribunalReminder.objects.exists()


def test_erasing_the_case_erases_the_wish(staff: Staff) -> None:
    case = edge_cases.erasable(staff)
    tribunal_reminders.choose(case, [date(2030, 1, 1)], START.date())
    cases.done(staff, case, "dpo1", "erase", cases.at(600))
    assert not TribunalReminder.objects.exists()


def test_a_row_that_does_not_open_stops_no_other(
    own: Client, staff: Staff, case: Case, caplog: pytest.LogCaptureFixture
) -> None:
    own.post(address(case), {"what": "on"})
    other = cases.raised(staff, who="complainant2")
    tribunal_reminders.choose(other, [SAFE], START.date())
    TribunalReminder.objects.filter(pk=TribunalReminder.objects.earliest("pk").pk).update(
        sealed=b"spoiled"
    )
    assert tribunal_reminders.remind(datetime(2027, 2, 13, 12, tzinfo=UTC)) == 1
    assert "cannot be opened" in caplog.text


def days(first: date, last: date) -> dict[str, int]:
    return {
        f"{name}_{part}": getattr(day, part)
        for name, day in (("day_a", first), ("day_b", last))
        for part in ("day", "month", "year")
    }


def asked(client: Client, case: Case, first: date, last: date) -> str:
    """What the page says after conciliation, as plain text."""
    answer = client.post(address(case), {"what": "conciliation", **days(first, last)})
    assert answer.status_code == 200
    return " ".join(strip_tags(answer.content.decode()).split())


def test_a_certificate_before_the_contact_is_refused_in_words(own: Client, case: Case) -> None:
    answer = own.post(
        address(case),
        {"what": "conciliation", **days(date(2027, 1, 30), date(2027, 1, 20))},
    )
    assert answer.status_code == 422
    assert "The certificate cannot come before" in answer.content.decode()


def test_conciliation_moves_both_days_and_the_days_are_not_kept(own: Client, case: Case) -> None:
    text = asked(own, case, date(2026, 12, 20), date(2027, 1, 30))
    assert "The safe day: make a claim by 1 April 2027." in text
    assert "If your limit is six months: make a claim by 29 June 2027." in text
    assert "gave no more time" not in text
    assert "2026-12-20" not in str(list(Event.objects.values_list("data", flat=True)))


@pytest.fixture
def of_october(staff: Staff) -> Case:
    return cases.raised(staff, last_day="2026-10-05")


def test_what_is_too_late_under_three_months_may_be_in_time_under_six(
    own: Client, of_october: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    for today in (START, datetime(2027, 3, 16, 12, tzinfo=UTC)):
        travel(monkeypatch, today)
        text = asked(own, of_october, date(2027, 2, 1), date(2027, 3, 15))
        assert "The safe day was 4 January 2027. You contacted Acas after it." in text
        assert "If your limit is six months: make a claim by 16 May 2027." in text
        assert "gave no more time" not in text
        assert "has passed" not in text
        assert "Ask Acas which limit is yours." in text


def test_only_after_the_longer_day_it_is_said_that_the_day_has_passed(
    own: Client, of_october: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    pages = (address(of_october), f"/cases/{of_october.reference}/")
    for today, said, not_said in (
        (date(2027, 1, 4), "contact Acas by 4 January 2027", "safe day was"),
        (date(2027, 1, 5), "the safe day was 4 January 2027. You may still have time", "passed"),
        (date(2027, 4, 4), "contact Acas now, and by 4 April 2027 at the latest", "passed"),
        (date(2027, 4, 5), "Both days have passed. Ask Acas all the same", "may still have time"),
    ):
        travel(monkeypatch, datetime(today.year, today.month, today.day, 12, tzinfo=UTC))
        for page in pages:
            text = " ".join(strip_tags(own.get(page).content.decode()).split())
            assert said in text, (page, today)
            assert not_said not in text, (page, today)


def test_too_late_under_both_is_said_with_what_to_do(own: Client, of_october: Case) -> None:
    text = asked(own, of_october, date(2027, 4, 5), date(2027, 4, 20))
    assert "The safe day was 4 January 2027" in text
    assert "The six-month limit ended on 4 April 2027" in text
    assert "conciliation gave no more time" in text
    assert "a tribunal can allow more time" in text


def test_an_act_of_september_and_one_in_northern_ireland_have_one_day(
    own: Client, staff: Staff, of_october: Case
) -> None:
    september = cases.raised(staff, last_day="2026-09-30")
    Case.unguarded.filter(pk=of_october.pk).update(division=Division.NIR)
    for case, safe in ((september, "29 December 2026"), (of_october, "4 January 2027")):
        text = " ".join(strip_tags(own.get(address(case)).content.decode()).split())
        assert f"by {safe}" in text
        for word in ("six months", "six-month", "safe day", "2027-04"):
            assert word not in text
    assert "Labour Relations Agency by 4 January 2027" in text
    assert "Acas" not in text
    late = asked(own, september, date(2026, 12, 30), date(2027, 1, 20))
    assert "Make a claim by 29 December 2026" in late
    assert "conciliation gave no more time" in late


def test_the_receipt_shows_both_days(own: Client, of_october: Case) -> None:
    text = own.get(f"/raise/{of_october.reference}/receipt/").content.decode()
    text = " ".join(strip_tags(text).split())
    assert "contact Acas by 4 January 2027. This is the safe day." in text
    assert "4 April 2027" in text


def test_both_days_can_be_taken_into_a_calendar(
    own: Client, staff: Staff, case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = f"{address(case)}dates.ics"
    assert file in own.get(address(case)).content.decode()
    for today, left in ((START, [SAFE, LONGER]), (datetime(2027, 3, 1, 12, tzinfo=UTC), [LONGER])):
        travel(monkeypatch, today)
        answer = own.get(file)
        assert answer["Content-Type"] == "text/calendar; charset=utf-8"
        assert answer["Content-Disposition"] == 'attachment; filename="dates.ics"'
        entries = list(Calendar.from_ical(answer.content).walk("VEVENT"))
        assert [each.decoded("dtstart") for each in entries] == left
        assert {str(each["SUMMARY"]) for each in entries} == {"A date is due"}
        for word in (case.reference, "Acas", "ribunal", "oncern", "Fair"):
            assert word not in answer.content.decode()
    travel(monkeypatch, datetime(2027, 5, 20, 12, tzinfo=UTC))
    assert file not in own.get(address(case)).content.decode()
    assert own.get(file).status_code == 404
    travel(monkeypatch, START)
    for person in (each for each in PEOPLE if each != "complainant1"):
        assert sign_in(Client(), staff, person).get(file).status_code == 404, person
