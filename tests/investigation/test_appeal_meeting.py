"""The meeting of an appeal: invited with the right to a companion, moved, held or declined."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.test import Client

from grievances.cases.actions.actor import NotAllowed
from grievances.cases.models.case import Case
from grievances.investigation.meetings import new_meeting
from tests.factories import cases
from tests.factories.cases import START, at, done, fresh
from tests.factories.people import Staff
from tests.page_time import pages_at
from tests.signing_in import sign_in
from workflow.steps import Refused

pytestmark = pytest.mark.django_db
_page_time = pages_at(at(3))

DAY = date(2026, 12, 7)
LATE = date(2027, 1, 20)
INVITE: dict[str, Any] = {
    "place": "ROOM-OF-OURS", "adjustments": "I asked.", "companion_told": True,
}  # fmt: skip
STEP = "invite_to_appeal_meeting"
BEFORE = 2
"""Meetings before: one that was held, and one that came to nothing."""


def typed(name: str, day: date) -> dict[str, str]:
    parts = {"day": day.day, "month": day.month, "year": day.year}
    return {f"{name}_{part}": str(number) for part, number in parts.items()}


def in_appeal(staff: Staff) -> Case:
    """In appeal; an invitation to the investigation's meeting once came to nothing."""
    case = cases.in_appeal(staff)
    new_meeting(case, None, START.date())
    return fresh(case)


def invited(staff: Staff) -> Case:
    case = in_appeal(staff)
    done(staff, case, "appeal1", STEP, START, **INVITE, meets_on=DAY)
    return fresh(case)


def page_of(staff: Staff, name: str, path: str) -> str:
    return sign_in(Client(), staff, name).get(path).content.decode()


def test_who_appeals_reads_the_day_and_that_they_may_bring_someone(staff: Staff) -> None:
    case = in_appeal(staff)
    path = f"/cases/{case.reference}/"
    assert "Your meeting is on" not in page_of(staff, "complainant1", path)
    client = sign_in(Client(), staff, "appeal1")
    answers = {**INVITE, "companion_told": "on", **typed("meets_on", DAY)}
    assert client.get(f"{path}{STEP}/").status_code == 200
    assert client.post(f"{path}{STEP}/", answers).status_code == 302
    read = page_of(staff, "complainant1", path)
    assert "Your meeting is on Monday 7 December 2026" in read
    assert "ROOM-OF-OURS" in read
    assert "You may bring a companion: a union official" in read
    assert "You meet the person who appeals on Monday 7" in page_of(staff, "appeal1", path)


@pytest.mark.parametrize("name", ["handler1", "decider1", "triage1", "lead1", "complainant1"])
def test_no_one_else_invites_to_it(staff: Staff, name: str) -> None:
    case = in_appeal(staff)
    with pytest.raises(NotAllowed):
        done(staff, case, name, STEP, START, **INVITE, meets_on=DAY)


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"meets_on": date(2026, 12, 5)}, "NOT_A_WORKING_DAY"),
        ({"meets_on": START.date()}, "TOO_LITTLE_NOTICE"),
        ({"companion_told": False}, "COMPANION_NOT_ASKED"),
        ({"adjustments": ""}, "ADJUSTMENTS_NOT_ASKED"),
    ],
)
def test_a_bad_invitation_invites_no_one(staff: Staff, wrong: dict[str, Any], code: str) -> None:
    case = in_appeal(staff)
    with pytest.raises(Refused) as refused:
        done(staff, case, "appeal1", STEP, START, **{**INVITE, "meets_on": DAY, **wrong})
    assert refused.value.code == code
    assert case.meetings.count() == BEFORE


def test_an_arranged_meeting_is_moved_and_not_arranged_twice(staff: Staff) -> None:
    case = invited(staff)
    with pytest.raises(Refused) as refused:
        done(staff, case, "appeal1", STEP, START, **INVITE, meets_on=DAY)
    assert refused.value.code == "MEETING_ARRANGED"
    meeting = case.meetings.get(number=BEFORE + 1)
    moved = {"meeting": str(meeting.pk), "reason": "COMPANION"}
    with pytest.raises(Refused) as refused:
        done(staff, case, "handler1", "move_meeting", START, **moved, meets_on=date(2026, 12, 8))
    assert refused.value.code == "NOT_YOUR_MEETING"
    done(staff, case, "complainant1", "move_meeting", START, **moved, meets_on=date(2026, 12, 8))
    done(staff, case, "appeal1", "move_meeting", START, **moved, meets_on=date(2026, 12, 9))
    path = f"/cases/{case.reference}/"
    assert "Your meeting is on Wednesday 9" in page_of(staff, "complainant1", path)
    assert "moved a meeting" in page_of(staff, "appeal1", "/inbox/"), "they hear of a new day"
    assert "moved a meeting" not in page_of(staff, "handler1", "/inbox/")
    assert "move_meeting/" not in page_of(staff, "handler1", path)
    assert "move_meeting/" in page_of(staff, "appeal1", path)
    for name in ("appeal1", "complainant1"):
        form = page_of(staff, name, f"{path}move_meeting/")
        assert form.count('name="meeting"') == 1, "the investigation's meeting is over"


def test_in_a_pause_of_the_appeal_an_old_invitation_is_no_meeting(staff: Staff) -> None:
    case = in_appeal(staff)
    pause = {"reason": "C_REQUEST", "explanation": "You asked.", "review_on": date(2026, 11, 27)}
    done(staff, case, "appeal1", "hold", START, **pause)
    path = f"/cases/{case.reference}/"
    assert "Your meeting is on" not in page_of(staff, "complainant1", path)


@pytest.mark.parametrize("how", [{"held_on": DAY}, {"declined": True}], ids=["held", "declined"])
def test_a_meeting_that_was_held_or_declined_lies_ahead_no_more(
    staff: Staff, how: dict[str, Any]
) -> None:
    case = invited(staff)
    done(staff, case, "appeal1", "record_appeal_meeting", at(20), companion_asked=True, **how)
    path = f"/cases/{case.reference}/"
    assert "Your meeting is on" not in page_of(staff, "complainant1", path)
    read = page_of(staff, "appeal1", path)
    assert f"{STEP}/" not in read
    assert "move_meeting/" not in read
    assert case.meetings.get(number=BEFORE).held_on is None, "this one was never held"
    assert case.meetings.get(number=BEFORE + 1).held_on == how.get("held_on")


def test_an_invitation_to_the_investigation_that_was_declined_lies_ahead_no_more(
    staff: Staff,
) -> None:
    case = cases.in_investigation(staff)
    invite = {**INVITE, "person": "complainant", "meets_on": DAY}
    done(staff, case, "handler1", "invite_to_meeting", START, **invite)
    done(staff, case, "handler1", "record_meeting", START, declined=True, companion_asked=True)
    read = page_of(staff, "complainant1", f"/cases/{case.reference}/")
    assert "Your meeting is on" not in read


@pytest.mark.parametrize(
    ("build", "name", "step", "person"),
    [
        (cases.in_investigation, "handler1", "invite_to_meeting", {"person": "complainant"}),
        (cases.in_appeal, "appeal1", STEP, {}),
    ],
    ids=["investigation", "appeal"],
)
def test_a_day_after_the_promised_one_is_said_before_it_is_sent(
    staff: Staff, build: Any, name: str, step: str, person: dict[str, str]
) -> None:
    case = build(staff)
    client, path = sign_in(Client(), staff, name), f"/cases/{case.reference}/{step}/"
    assert "The complainant is promised one by" in client.get(path).content.decode()
    for day, is_late in ((date(2026, 12, 1), False), (LATE, True)):
        answers = {**INVITE, **person, "companion_told": "on", **typed("meets_on", day)}
        shown = client.post(path, {**answers, "check": "1"}).content.decode()
        assert "Check before you send" in shown
        assert ("later than we promised the complainant" in shown) is is_late
