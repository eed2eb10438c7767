"""Tribunal dates: for the complainant alone, with reminders that only they know of."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from django.test import Client

from grievances import tasks
from grievances.actions import reminding
from grievances.actions.rotation import left_behind
from grievances.models import Case, Event, TribunalReminder
from grievances.models.parties import complainant_of, party_inbox
from grievances.views import clock
from notifications.models import Notice
from tests import corners, given
from tests.cast import PEOPLE, Cast
from tests.given import START
from tests.signing_in import sign_in

ACT = date(2026, 11, 20)
SAFE = date(2027, 2, 19)
DAYS = [SAFE - timedelta(days=n) for n in (28, 14, 7, 2)]


@pytest.fixture(autouse=True)
def _at_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    travel(monkeypatch, START)


def travel(monkeypatch: pytest.MonkeyPatch, moment: datetime) -> None:
    monkeypatch.setattr(clock, "now", lambda: moment)
    monkeypatch.setattr(clock, "today", moment.date)


@pytest.fixture
def case(cast: Cast) -> Case:
    return given.raised(cast, last_day=ACT.isoformat())


@pytest.fixture
def own(cast: Cast, case: Case) -> Client:
    return sign_in(Client(), cast, "complainant1")


def address(case: Case) -> str:
    return f"/cases/{case.reference}/tribunal/"


def told() -> list[Notice]:
    return list(Notice.objects.filter(kind="reminder", key__startswith="reminder:").order_by("pk"))


def test_the_page_says_the_day_and_that_nothing_pauses_it(own: Client, case: Case) -> None:
    text = own.get(address(case)).content.decode()
    assert "contact Acas by 19 February 2027" in text
    assert "never pauses this time limit" in text
    assert "We can remind you on 22 January 2027, 5 February 2027, 12 February 2027" in text
    assert "deadline met" not in text.lower()


def test_nobody_else_reads_it_or_asks_for_reminders(cast: Cast, case: Case) -> None:
    for person in (each for each in PEOPLE if each != "complainant1"):
        client = sign_in(Client(), cast, person)
        assert client.get(address(case)).status_code == 404, person
        assert client.post(address(case), {"what": "on"}).status_code == 404, person
    assert not TribunalReminder.objects.exists()


def test_reminders_come_on_their_days_at_nine_once_each_and_say_nothing(
    own: Client, cast: Cast, case: Case
) -> None:
    done = own.post(address(case), {"what": "on"}, follow=True)
    assert "Nobody else can see that you asked for it" in done.content.decode()
    for n, day in enumerate(DAYS):
        at = datetime(day.year, day.month, day.day, tzinfo=UTC)
        assert reminding.remind(at.replace(hour=8, minute=59)) == 0
        assert [reminding.remind(at.replace(hour=h)) for h in (9, 9, 12)] == [1, 0, 0]
        assert len(told()) == n + 1
    assert not TribunalReminder.objects.exists()
    for notice in told():
        assert notice.handle == party_inbox(cast["complainant1"].pk)
        assert (notice.reference, notice.link, notice.context) == ("", "/cases/", {})


def test_after_an_outage_one_is_told_once(own: Client, case: Case) -> None:
    own.post(address(case), {"what": "on"})
    late = datetime(2027, 2, 13, 12, tzinfo=UTC)
    assert [reminding.remind(late), reminding.remind(late)] == [1, 0]
    assert TribunalReminder.objects.get().next_on == DAYS[-1]


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
    for secret in (case.reference, party.handle, str(SAFE), party_inbox(party.person_id or 0)):
        assert secret.encode() not in kept
    assert list(left_behind()) == []


def test_a_date_too_near_has_no_reminder_left(
    own: Client, case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    travel(monkeypatch, datetime(2027, 2, 18, 12, tzinfo=UTC))
    done = own.post(address(case), {"what": "on"}, follow=True)
    assert "no reminder would come before it" in done.content.decode()
    assert not TribunalReminder.objects.exists()


def test_erasing_the_case_erases_the_wish(cast: Cast) -> None:
    case = corners.erasable(cast)
    reminding.choose(case, date(2030, 1, 1), START.date())
    given.done(cast, case, "dpo1", "erase", given.at(600))
    assert not TribunalReminder.objects.exists()


def test_a_row_that_does_not_open_stops_no_other(
    own: Client, cast: Cast, case: Case, caplog: pytest.LogCaptureFixture
) -> None:
    own.post(address(case), {"what": "on"})
    other = given.raised(cast, who="complainant2")
    reminding.choose(other, SAFE, START.date())
    TribunalReminder.objects.filter(pk=TribunalReminder.objects.earliest("pk").pk).update(
        sealed=b"spoiled"
    )
    assert reminding.remind(datetime(2027, 2, 13, 12, tzinfo=UTC)) == 1
    assert "cannot be opened" in caplog.text


@pytest.mark.parametrize(
    ("first", "last", "said"),
    [
        (date(2026, 12, 20), date(2027, 1, 30), "Make a claim by <strong>1 April 2027"),
        (date(2027, 2, 20), date(2027, 3, 20), "conciliation gave no more time"),
        (date(2027, 1, 30), date(2027, 1, 20), "The certificate cannot come before"),
    ],
)
def test_the_day_after_conciliation_is_shown_and_not_kept(
    own: Client, case: Case, first: date, last: date, said: str
) -> None:
    days = {
        f"{name}_{part}": getattr(day, part)
        for name, day in (("day_a", first), ("day_b", last))
        for part in ("day", "month", "year")
    }
    answer = own.post(address(case), {"what": "conciliation", **days})
    assert said in answer.content.decode()
    assert answer.status_code == (422 if last < first else 200)
    assert str(first) not in str(list(Event.objects.values_list("data", flat=True)))
