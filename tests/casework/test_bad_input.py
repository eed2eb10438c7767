"""What officers press a second too late, twice, or over something that is still open.

Each is refused with the reason, nothing typed is lost, and nothing is half done.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from django.test import Client

from grievances.audit.models import Event
from grievances.cases.models.case import Case
from grievances.people.models import LineManagement, User
from tests.casework.test_drafts import DECISION
from tests.factories import cases
from tests.factories.cases import START, at, done, fresh
from tests.factories.people import Staff
from tests.page_time import pages_at
from tests.signing_in import sign_in

pytestmark = pytest.mark.django_db
NOW = at(3)
Given = Callable[[Staff], Case]
_page_time = pages_at(NOW)


def text_of(content: bytes) -> str:
    return re.sub(r"\s+", " ", html.unescape(content.decode()))


def hidden(page: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', page)
    return found[1] if found else ""


def become_manager(staff: Staff, case: Case, who: str, of: str) -> None:
    """A second ago the directory says that they manage a party to the case."""
    del case
    start = START.date() - timedelta(days=1)
    LineManagement.objects.create(person=staff[of], manager=staff[who], from_date=start)


def leave(staff: Staff, case: Case, who: str, of: str = "") -> None:
    del case, of
    User.objects.filter(pk=staff[who].pk).update(is_active=False)


def object_to_all(staff: Staff, case: Case, who: str, of: str = "") -> None:
    del staff, who, of
    case.offers.update(objection="open")


def offer_first(staff: Staff, case: Case, who: str, of: str) -> None:
    part = {"role": "handler", "candidate": staff[who]}
    done(staff, case, of, "offer", NOW, **part)


def ready_to_report(staff: Staff) -> Case:
    case = cases.in_investigation(staff)
    day = START.date()
    done(staff, case, "handler1", "record_meeting", NOW, held_on=day, companion_asked=True)
    done(staff, case, "handler1", "record_respondent", NOW, asked_on=day)
    return fresh(case)


@dataclass(frozen=True)
class Late:
    """A form that is open on a screen, and what happens before it is sent."""

    given: Given
    who: str
    step: str
    typed: dict[str, str]
    meanwhile: Callable[..., None] | None
    by: tuple[str, ...]
    said: str
    kept: str = ""
    people: dict[str, str] = field(default_factory=dict)


PLAN = {"place": "At 10 in ROOM-OF-OURS", "adjustments": "I asked", "companion_told": "on"}
IN_THE_PAST = {"meets_on_day": "20", "meets_on_month": "11", "meets_on_year": "2026"}
LETTER = "LETTER-OF-MINE here"

LATE = {
    "an offer to who manages a party since a second ago": Late(
        cases.in_allocation, "triage1", "offer", {"role": "handler"},
        become_manager, ("handler1", "complainant1"), "conflict of interest",
        people={"candidate": "handler1"},
    ),
    "an offer to a person who left": Late(
        cases.in_allocation, "triage1", "offer", {"role": "handler"},
        leave, ("handler1",), "cannot be chosen any more", people={"candidate": "handler1"},
    ),
    "two offers of one part at once, of the same person": Late(
        cases.in_allocation, "triage1", "offer", {"role": "handler"},
        offer_first, ("handler1", "triage1"), "already open or accepted",
        people={"candidate": "handler1"},
    ),
    "two offers of one part at once, of two people": Late(
        cases.in_allocation, "triage1", "offer", {"role": "handler"},
        offer_first, ("handler2", "triage1"), "already open or accepted",
        people={"candidate": "handler1"},
    ),
    "beginning over an open objection": Late(
        cases.accepted, "handler1", "begin_investigation", {"declare": "on"},
        object_to_all, ("handler1",), "objected to this person",
    ),
    "a decision over an open objection": Late(
        cases.in_decision, "decider1", "decide", DECISION,
        object_to_all, ("decider1",), "objected to this person", kept=LETTER,
    ),
    "an appeal decided over an open objection": Late(
        cases.appeal_heard, "appeal1", "decide_appeal",
        {"outcome": "appeal_dismissed", "finding_1": "stands", "reasons": LETTER},
        object_to_all, ("appeal1",), "objected to this person", kept=LETTER,
    ),
    "a decision by who manages a party since a second ago": Late(
        cases.in_decision, "decider1", "decide", DECISION,
        become_manager, ("decider1", "respondent1"), "Step back from it", kept=LETTER,
    ),
    "a report by who manages a party since a second ago": Late(
        ready_to_report, "handler1", "submit_report",
        {"covered": "1", "evidence_complete": "on", "report": "REPORT-OF-MINE here"},
        become_manager, ("handler1", "complainant1"), "Step back from it", kept="REPORT-OF-MINE",
    ),
    "an unknown placeholder": Late(
        cases.in_decision, "decider1", "decide", {**DECISION, "letter": f"{LETTER} {{salary}}"},
        None, (), "{salary}", kept=LETTER,
    ),
    "an action whose owner left a second ago": Late(
        cases.in_decision, "decider1", "decide", DECISION,
        leave, ("staff1",), "who works here now", kept=LETTER,
    ),
    "an invitation to a meeting in the past": Late(
        cases.in_investigation, "handler1", "invite_to_meeting",
        {**PLAN, **IN_THE_PAST, "person": "complainant"},
        None, (), "at least 3 working days", kept="ROOM-OF-OURS",
    ),
}  # fmt: skip


def stored(case: Case, step: str) -> tuple[str, int, int, int]:
    """What a step changes: the state, the offers, the records and its events."""
    events = Event.objects.filter(kind=f"case.{step}").count()
    return fresh(case).state, case.offers.count(), case.records.count(), events


@pytest.mark.parametrize("kind", LATE)
def test_it_is_refused_with_the_reason_and_nothing_is_lost_or_half_done(
    staff: Staff, kind: str
) -> None:
    late = LATE[kind]
    case = late.given(staff)
    client, page = sign_in(Client(), staff, late.who), f"/cases/{case.reference}/{late.step}/"
    shown = client.get(page).content.decode()
    people = {name: str(staff[who].pk) for name, who in late.people.items()}
    tokens = {name: hidden(shown, name) for name in ("once", "seen", "draft")}
    if late.meanwhile is not None:
        late.meanwhile(staff, case, *late.by)
    before = stored(case, late.step)
    answer = client.post(page, {**tokens, **late.typed, **people})
    text = text_of(answer.content)
    assert answer.status_code in {409, 422}
    assert late.said in text
    assert late.kept in text
    assert stored(case, late.step) == before
