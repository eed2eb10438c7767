"""On which days no one is invited: the reason is said, and nothing typed is lost."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client

from grievances.cases.actions.effects import StepExecution
from grievances.cases.actions.perform import _check
from grievances.cases.models.case import Case
from grievances.cases.models.case_keys import Keyring
from grievances.cases.models.deadlines import keep_away_days
from grievances.cases.models.parties import complainant_of
from grievances.investigation.entries import PLAN_TEMPLATE
from grievances.people.models import Leave
from grievances.web.cases.step_forms.registry import FORMS
from grievances.web.shared import clock
from grievances.web.shared.dates import GovDateField
from tests.factories import cases
from tests.factories.cases import START, at, done, fresh
from tests.factories.people import Staff
from tests.page_time import pages_at
from tests.participants import hearing
from tests.signing_in import sign_in
from workflow.steps import Refused

pytestmark = pytest.mark.django_db
_page_time = pages_at(at(3))

GOOD = date(2026, 12, 7)
INVITE = {"person": "complainant", "place": "ROOM-OF-OURS", "adjustments": "I asked.",
          "companion_told": "on"}  # fmt: skip


def typed(day: date, **more: str) -> dict[str, str]:
    """The form of an invitation on a day."""
    parts = {"day": day.day, "month": day.month, "year": day.year}
    return {**INVITE, **{f"meets_on_{name}": str(n) for name, n in parts.items()}, **more}


def leave(staff: Staff, who: str, first: date, days: int = 14) -> None:
    until = first + timedelta(days=days)
    Leave.objects.create(person=staff[who], from_on=first, until_on=until)


def complainant_away(staff: Staff, case: Case) -> None:
    del staff
    keep_away_days(complainant_of(case), (GOOD, GOOD + timedelta(days=4)))


BAD_DAYS: dict[str, tuple[date, str]] = {
    "a Saturday": (date(2026, 12, 5), "Choose a working day"),
    "a bank holiday": (date(2026, 12, 25), "Choose a working day"),
    "the Sunday before": (date(2026, 12, 6), "Choose a working day"),
    "yesterday": (date(2026, 11, 23), "at least 3 working days"),
    "today": (date(2026, 11, 24), "at least 3 working days"),
    "in two days": (date(2026, 11, 26), "at least 3 working days"),
}


@pytest.mark.parametrize("kind", BAD_DAYS)
def test_no_one_is_invited_on_such_a_day(staff: Staff, kind: str) -> None:
    day, sentence = BAD_DAYS[kind]
    refused_invitation(staff, cases.in_investigation(staff), typed(day), sentence)


@pytest.mark.parametrize("who", ["the handler", "the complainant"])
def test_no_one_is_invited_while_one_of_them_is_away(staff: Staff, who: str) -> None:
    case = cases.in_investigation(staff)
    if who == "the handler":
        leave(staff, "handler1", GOOD)
    else:
        complainant_away(staff, case)
    refused_invitation(staff, case, typed(GOOD), "will be away on that day")


@pytest.mark.parametrize(
    ("identity", "share", "is_known"),
    [("OPEN", "", True), ("CONFIDENTIAL", "yes", True), ("CONFIDENTIAL", "no", False),
     ("CONFIDENTIAL", "", False)],
)  # fmt: skip
def test_the_leave_of_someone_whose_name_is_hidden_is_told_by_no_refusal(
    staff: Staff, identity: str, share: str, is_known: bool
) -> None:
    case = cases.in_investigation(staff)
    shared = {"yes": True, "no": False}.get(share)
    Case.unguarded.filter(pk=case.pk).update(identity=identity, name_shared=shared)
    leave(staff, "complainant1", GOOD)
    client, path = sign_in(Client(), staff, "handler1"), f"/cases/{case.reference}"
    answer = client.post(f"{path}/invite_to_meeting/", typed(GOOD))
    assert answer.status_code == (422 if is_known else 302)
    if is_known:
        return
    moved = {"meeting": str(fresh(case).meetings.get().pk), "reason": "ADJUSTMENT"}
    day = {f"meets_on_{name}": n for name, n in (("day", 9), ("month", 12), ("year", 2026))}
    assert client.post(f"{path}/move_meeting/", {**moved, **day}).status_code == 302
    complainant_away(staff, case)  # What they told us for this case still counts.
    day["meets_on_day"] = 10
    assert client.post(f"{path}/move_meeting/", {**moved, **day}).status_code == 422


def test_a_witness_is_not_invited_during_their_leave(staff: Staff) -> None:
    case = cases.in_investigation(staff)
    asked = hearing.ask(staff, case)
    leave(staff, "staff1", GOOD)
    refused_invitation(
        staff, fresh(case), typed(GOOD, person=str(asked.number)), "will be away on that day"
    )
    later = typed(date(2027, 1, 5), person=str(asked.number))
    page = f"/cases/{case.reference}/invite_to_meeting/"
    assert sign_in(Client(), staff, "handler1").post(page, later).status_code == 302


def refused_invitation(staff: Staff, case: Case, answers: dict[str, str], sentence: str) -> None:
    """The page says why, keeps what was typed, and invites no one."""
    page = f"/cases/{case.reference}/invite_to_meeting/"
    answer = sign_in(Client(), staff, "handler1").post(page, answers)
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert "ROOM-OF-OURS" in answer.content.decode()
    assert not fresh(case).meetings.exists()


def invited(staff: Staff) -> Case:
    case = cases.in_investigation(staff)
    answers: dict[str, Any] = {**INVITE, "meets_on": GOOD}
    done(staff, case, "handler1", "invite_to_meeting", START, **answers)
    return fresh(case)


def test_the_handler_moves_no_meeting_into_leave_and_the_complainant_chooses_freely(
    staff: Staff,
) -> None:
    case = invited(staff)
    moved = {"meeting": str(case.meetings.get().pk), "meets_on": GOOD + timedelta(days=2)}
    complainant_away(staff, case)
    with pytest.raises(Refused) as refused:
        done(staff, case, "handler1", "move_meeting", START, reason="ADJUSTMENT", **moved)
    assert refused.value.code == "AWAY_THEN"
    done(staff, case, "complainant1", "move_meeting", START, reason="COMPANION", **moved)
    assert fresh(case).meetings.get().meets_on == GOOD + timedelta(days=2)


@pytest.mark.parametrize("step", ["record_meeting", "record_appeal_meeting"])
def test_a_meeting_that_lies_ahead_is_not_recorded_by_any_way_in(staff: Staff, step: str) -> None:
    case = cases.in_investigation(staff) if step == "record_meeting" else cases.in_appeal(staff)
    who = "handler1" if step == "record_meeting" else "appeal1"
    with pytest.raises(Refused) as refused:
        done(staff, case, who, step, START, held_on=GOOD, companion_asked=True)
    assert refused.value.code == "MEETING_AHEAD"


def test_the_complainant_reads_their_meeting_first_and_where_to_move_it(staff: Staff) -> None:
    case = invited(staff)
    page = f"/cases/{case.reference}/"
    client = sign_in(Client(), staff, "complainant1")
    read = client.get(page).content.decode()
    top = read.partition("What happens next")[0]
    assert "Your meeting is on Monday 7 December 2026" in top
    assert f"{page}move_meeting/" in top
    assert "ROOM-OF-OURS" in read.partition("Messages (")[2].partition("What you told us")[0]
    moved = {"meeting": str(case.meetings.get().pk), "meets_on": date(2026, 12, 8)}
    done(staff, case, "complainant1", "move_meeting", START, reason="COMPANION", **moved)
    top = client.get(page).content.decode().partition("What happens next")[0]
    assert "Your meeting is on Tuesday 8 December 2026" in top
    assert "the invitation names Monday 7 December 2026" in top
    handler = sign_in(Client(), staff, "handler1")
    assert "You meet the person who raised it on Tuesday 8" in handler.get(page).content.decode()
    held = {"held_on": date(2026, 12, 8), "companion_asked": True}
    done(staff, case, "handler1", "record_meeting", at(20), **held)
    assert "Your meeting is on" not in client.get(page).content.decode()


def test_a_day_that_has_passed_is_no_meeting_that_lies_ahead(
    staff: Staff, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = invited(staff)
    path = f"/cases/{case.reference}/"
    later = case.meetings.create(
        episode=1, number=2, first_on=date(2026, 12, 23), meets_on=date(2026, 12, 23)
    )

    def top_of(name: str) -> str:
        page = sign_in(Client(), staff, name).get(path).content.decode()
        return page.partition("What happens next")[0] if name == "complainant1" else page

    monkeypatch.setattr(clock, "today", at(16).date)  # 7 December: today
    assert "Your meeting is on Monday 7 December 2026" in top_of("complainant1")
    monkeypatch.setattr(clock, "today", at(29).date)
    assert "Your meeting is on Wednesday 23 December 2026" in top_of("complainant1")
    assert "You meet the person who raised it on Wednesday 23" in top_of("handler1")
    later.delete()
    page = top_of("complainant1")
    assert "Your meeting was to be on Monday 7 December 2026" in page
    assert "within 5 working days" in page
    assert "Your meeting is on" not in page
    assert "Choose another day" not in page
    assert f"{path}move_meeting/" not in page
    assert "You were to meet the person who raised it on Monday 7" in top_of("handler1")


def test_a_handler_who_has_read_nothing_is_told_to_invite_first(staff: Staff) -> None:
    case = cases.in_investigation(staff)
    page = sign_in(Client(), staff, "handler1").get(f"/cases/{case.reference}/").content.decode()
    assert "No meeting with the person who raised it is arranged yet" in page


def test_a_plan_that_no_one_changed_is_a_gap_and_not_in_the_report(staff: Staff) -> None:
    case = cases.in_investigation(staff)
    begun = PLAN_TEMPLATE["scope"].replace("\n", "\r\n")
    for day, scope, is_gap in ((1, begun, True), (2, "The meeting of 2 November.", False)):
        plan = {"scope": scope, "order": "Meet them."}
        done(staff, case, "handler1", "plan_investigation", at(day), **plan)
        handler = sign_in(Client(), staff, "handler1")
        report = handler.get(f"/cases/{case.reference}/investigation/report/").content.decode()
        assert ("it is as it was begun" in report) is is_gap
        assert ("who was there" in report) is False
        assert ("The meeting of 2 November." in report) is not is_gap


FAR = {"day": "6", "month": "10", "year": "2099"}
FARTHEST = {"day": "31", "month": "12", "year": "9999"}
TOO_FAR = "is too far away"


@pytest.mark.parametrize("day", [FAR, FARTHEST], ids=lambda day: day["year"])
def test_a_day_beyond_the_known_bank_holidays_is_refused_in_one_sentence(
    staff: Staff, day: dict[str, str]
) -> None:
    case = invited(staff)
    handler, path = sign_in(Client(), staff, "handler1"), f"/cases/{case.reference}"
    far = {f"meets_on_{name}": part for name, part in day.items()}
    sent = [handler.post(f"{path}/invite_to_meeting/", {**INVITE, **far, "check": "1"}),
            handler.post(f"{path}/invite_to_meeting/", {**INVITE, **far}),
            handler.post(f"{path}/invite_to_meeting/", {**INVITE, **far, "save": "1"})]  # fmt: skip
    moved = {"meeting": str(case.meetings.get().pk), "reason": "COMPANION", **far}
    own = sign_in(Client(), staff, "complainant1")
    sent += [one.post(f"{path}/move_meeting/", moved) for one in (handler, own)]
    for answer in sent:
        assert answer.status_code < 500
    for answer in (sent[1], *sent[3:]):
        assert TOO_FAR in answer.content.decode()
    assert "ROOM-OF-OURS" in sent[1].content.decode()


def test_no_step_takes_a_day_that_no_calendar_knows(staff: Staff) -> None:
    case = cases.in_investigation(staff)
    asked = {
        (step, name)
        for step, form in FORMS.items()
        for name, field in form.base_fields.items()
        if isinstance(field, GovDateField)
    }
    assert ("hold", "review_on") in asked
    for step, name in asked:
        answers, caller = {name: date(2099, 10, 6)}, staff.caller("handler1")
        execution = StepExecution(
            case, caller, Keyring.of(case, None), answers, "handler", START, START.date()
        )
        with pytest.raises(Refused) as refused:
            _check(step, execution)
        assert refused.value.code == "DAY_TOO_FAR", step
