"""A decision promises several actions, each with an owner who works here, tracked until done."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client

from grievances.audit.models import Event
from grievances.people.models import User
from tests.factories import cases
from tests.factories.cases import fresh
from tests.factories.people import Staff
from tests.intake.raising import everything_stored, is_hidden
from tests.page_time import pages_at
from tests.signing_in import sign_in

pytestmark = pytest.mark.django_db

DAY = {"day": "4", "month": "1", "year": "2027"}


def action(number: int, what: str, who: str = "staff1", **day: str) -> dict[str, str]:
    end = "" if number == 1 else f"_{number}"
    due = {f"action_due{end}_{part}": value for part, value in {**DAY, **day}.items()}
    return {f"action{end}": what, f"action_owner{end}": who, **due}


BASE = {
    "finding_1": "UPHELD", "reasons": "MY-REASONS", "letter": "MY-LETTER", "appeal_rights": "on",
}  # fmt: skip
_page_time = pages_at(cases.at(3))


def text_of(answer: Any) -> str:
    return re.sub(r"\s+", " ", answer.content.decode())


def test_three_actions_are_promised_read_and_done_after_closing(staff: Staff) -> None:
    case = cases.in_decision(staff)
    client, page = sign_in(Client(), staff, "decider1"), f"/cases/{case.reference}"
    three = {
        **action(1, "FIRST-ACTION"),
        **action(2, "SECOND-ACTION", "Staff 2"),
        **action(3, "THIRD-ACTION", month="2"),
    }
    assert client.post(f"{page}/decide/", {**BASE, **three}).status_code == 302
    assert fresh(case).actions.count() == 3
    assert is_hidden("SECOND-ACTION", everything_stored())
    complainant = sign_in(Client(), staff, "complainant1")
    read = text_of(complainant.get(f"{page}/"))
    for words in ("FIRST-ACTION", "SECOND-ACTION", "THIRD-ACTION", "Who: Staff 2", "February"):
        assert words in read
    assert read.index("FIRST-ACTION") < read.index("SECOND-ACTION") < read.index("THIRD-ACTION")
    cases.done(staff, case, "complainant1", "accept_outcome", cases.at(3))
    asked = text_of(client.get(f"{page}/finish_action/"))
    for words in (
        "FIRST-ACTION, due by 4 J",
        "SECOND-ACTION, due by 4 J",
        "THIRD-ACTION, due by 4 F",
    ):
        assert words in asked
    row = fresh(case).actions.order_by("pk")[1]
    finished = {
        "action": str(row.pk), "evidence": "THE-LIST-IS-THERE",
        "done_on_day": "23", "done_on_month": "11", "done_on_year": "2026",
    }  # fmt: skip
    assert client.post(f"{page}/finish_action/", finished).status_code == 302
    row.refresh_from_db()
    assert str(row.done_on) == "2026-11-23"
    assert fresh(case).has_open_action()
    assert "THE-LIST-IS-THERE" in text_of(complainant.get(f"{page}/"))
    event = Event.objects.get(kind="case.finish_action")
    assert "THE-LIST" not in str(event.data)


def test_another_action_is_asked_for_and_nothing_is_lost(staff: Staff) -> None:
    case = cases.in_decision(staff)
    client, page = sign_in(Client(), staff, "decider1"), f"/cases/{case.reference}/decide/"
    assert "Action 2" not in text_of(client.get(page))
    asked = {**BASE, **action(1, "FIRST-ACTION"), "more": "1"}
    shown = text_of(client.post(page, asked))
    assert "Action 2: what will be done?" in shown
    assert "FIRST-ACTION" in shown
    assert "MY-LETTER" in shown
    assert "There is a problem" not in shown
    assert fresh(case).state == "DECISION"


@pytest.mark.parametrize(
    ("second", "sentence"),
    [
        ({"action_2": "Only this"}, "Say who will do it."),
        (action(2, "Talk", "No Such Person"), "We could not find exactly one person"),
        (action(2, "Talk", "staff2", year="2025"), "This day has passed"),
        ({**action(2, "Talk"), "action_2": ""}, "Say what will be done."),
    ],
)
def test_an_action_that_is_not_complete_is_refused_in_a_sentence(
    staff: Staff, second: dict[str, str], sentence: str
) -> None:
    case = cases.in_decision(staff)
    client, page = sign_in(Client(), staff, "decider1"), f"/cases/{case.reference}/decide/"
    answer = client.post(page, {**BASE, **action(1, "FIRST-ACTION"), **second})
    assert answer.status_code == 422
    assert sentence in text_of(answer)
    for kept in ("FIRST-ACTION", "MY-LETTER", *filter(None, second.values())):
        assert kept in text_of(answer)
    assert not fresh(case).actions.exists()


def test_an_owner_who_has_left_is_refused(staff: Staff) -> None:
    case = cases.in_decision(staff)
    User.objects.filter(pk=staff["staff1"].pk).update(is_active=False)
    client, page = sign_in(Client(), staff, "decider1"), f"/cases/{case.reference}/decide/"
    answer = client.post(page, {**BASE, **action(1, "FIRST-ACTION")})
    assert answer.status_code == 422
    assert "who works here now" in text_of(answer)


def test_a_second_action_that_silences_is_quoted(staff: Staff) -> None:
    case = cases.in_decision(staff)
    client, page = sign_in(Client(), staff, "decider1"), f"/cases/{case.reference}/decide/"
    two = {**action(1, "FIRST-ACTION"), **action(2, "They must not discuss it.")}
    answer = client.post(page, {**BASE, **two})
    assert "Read this again: “They must not discuss it.”" in text_of(answer)
