"""Choices that look right and are not: each is refused or pointed out, and nothing is lost."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client

from grievances.participants import invitations
from grievances.people.models import Leave
from tests.casework.test_bad_input import LETTER, hidden, text_of
from tests.casework.test_drafts import DECISION
from tests.factories import cases
from tests.factories.cases import START, at, done, fresh
from tests.factories.people import UNTIL, Staff
from tests.investigation.test_limited_parts import certify
from tests.page_time import pages_at
from tests.participants import hearing
from tests.signing_in import sign_in
from workflow.steps import Refused

pytestmark = pytest.mark.django_db
_page_time = pages_at(at(3))


def refused_decision(staff: Staff, sentence: str, **typed: str) -> None:
    """The page says why, keeps the letter, and decides nothing."""
    case = cases.in_decision(staff)
    page = f"/cases/{case.reference}/decide/"
    answer = sign_in(Client(), staff, "decider1").post(page, {**DECISION, **typed})
    assert answer.status_code == 422
    assert sentence in text_of(answer.content)
    assert "OF-MINE" in text_of(answer.content)
    assert fresh(case).state == "DECISION"
    assert not fresh(case).actions.exists()


def test_an_owner_who_is_on_long_leave_at_the_date_is_pointed_out(staff: Staff) -> None:
    Leave.objects.create(person=staff["staff1"], from_on=at(5).date(), until_on=UNTIL)
    refused_decision(staff, "This person is away on that day")


@pytest.mark.parametrize("name", ["findings", "actions"])
def test_a_letter_in_which_a_long_placeholder_stands_twice(staff: Staff, name: str) -> None:
    refused_decision(
        staff,
        f"{{{name}}} is in the letter more than once",
        letter=f"{LETTER} {{{name}}} {{{name}}}",
    )


@pytest.mark.parametrize("missing", ["action_due_day", "action_owner", "action"])
def test_an_action_without_a_day_an_owner_or_words(staff: Staff, missing: str) -> None:
    sentence = {
        "action_due_day": "day", "action_owner": "Say who will do it",
        "action": "Say what will be done",
    }[missing]  # fmt: skip
    refused_decision(staff, sentence, **{missing: ""})


def test_an_action_that_was_due_yesterday(staff: Staff) -> None:
    day = at(2).date()
    due = {"day": day.day, "month": day.month, "year": day.year}
    parts = {f"action_due_{name}": str(number) for name, number in due.items()}
    refused_decision(staff, "This day has passed", **parts)


def test_who_manages_the_person_it_is_about_may_own_an_action_and_reads_nothing(
    staff: Staff,
) -> None:
    case = cases.in_decision(staff)
    page = f"/cases/{case.reference}/decide/"
    decider = sign_in(Client(), staff, "decider1")
    assert decider.post(page, {**DECISION, "action_owner": "linemanager1"}).status_code == 302
    manager = sign_in(Client(), staff, "linemanager1")
    assert manager.get(f"/cases/{case.reference}/").status_code == 404
    assert case.reference not in manager.get("/inbox/").content.decode()


@pytest.mark.parametrize("days", [0, 1, 60])
def test_a_certificate_that_ends_tomorrow_is_seen_before_the_offer(staff: Staff, days: int) -> None:
    case = cases.in_allocation(staff)
    last = at(3).date() + timedelta(days=days)
    staff["handler1"].training.update(expires_on=last)
    client, page = sign_in(Client(), staff, "triage1"), f"/cases/{case.reference}/offer/"
    shown = text_of(client.get(page).content)
    assert f"ends on {last:%-d %B %Y}" in shown
    assert shown.count("A certificate that this part needs ends on") == 1
    staff["handler1"].training.update(expires_on=at(3).date() + timedelta(days=61))
    assert "this part needs ends on" not in text_of(client.get(page).content)


def test_a_draft_in_two_tabs_of_one_person_is_not_written_over(staff: Staff) -> None:
    case = cases.in_decision(staff)
    client, page = sign_in(Client(), staff, "decider1"), f"/cases/{case.reference}/decide/"
    shown = [client.get(page).content.decode() for _tab in range(2)]
    tabs = [{name: hidden(each, name) for name in ("once", "seen", "draft")} for each in shown]
    first, second = (
        client.post(page, {**DECISION, "letter": f"TAB-{n}", **tab, "save": "1"})
        for n, tab in enumerate(tabs)
    )
    assert (first.status_code, second.status_code) == (302, 409)
    assert "saved from somewhere else" in text_of(second.content)
    assert "TAB-1" in text_of(second.content), "what was typed is still on the page"
    assert "TAB-0" in text_of(client.get(page).content), "the first is the draft"


@pytest.mark.parametrize("part", ["note_taker", "adviser"])
def test_a_companion_of_a_party_takes_no_part_in_the_same_case(staff: Staff, part: str) -> None:
    case = cases.in_investigation(staff)
    certify(staff, "companion1")
    _companion, secret = hearing.invite(staff, case)
    invitations.accept(secret, hearing.account(staff, "companion1"), "UNION", now=START)
    with pytest.raises(Refused) as refused:
        done(staff, case, "handler1", "appoint_part", START, person=staff["companion1"], part=part)
    assert refused.value.code in {"CONFLICT", "ROLE_CLASH"}
    assert not fresh(case).pending_readers.exists()


@pytest.mark.parametrize("who", ["complainant1", "respondent1", "linemanager1", "companion1"])
def test_someone_on_a_side_is_not_asked_to_help(staff: Staff, who: str) -> None:
    case = cases.in_investigation(staff)
    done(staff, case, "handler1", "name_respondent", START, person=staff["respondent1"])
    client, page = sign_in(Client(), staff, "handler1"), f"/cases/{case.reference}/appoint_part/"
    answer = client.post(page, {"person": who, "part": "adviser"})
    if who == "companion1":
        assert answer.status_code == 302, "no one has invited them yet"
        return
    assert answer.status_code in {409, 422}
    assert who in answer.content.decode(), "what was typed is still there"
