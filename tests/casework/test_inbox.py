"""The inbox says what happened. What is done or was opened clears itself. Mail stays neutral."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.test import Client

from grievances.cases.models.deadlines import Deadline
from grievances.cases.notices import sending
from grievances.deadlines.sweep import run_clocks
from notifications.models import Notice
from notifications.outbox import unread, unread_about
from notifications.rendering import render
from tests.factories import cases
from tests.factories.cases import START, done
from tests.factories.people import Staff
from tests.page_time import pages_at
from tests.signing_in import sign_in

pytestmark = pytest.mark.django_db
_page_time = pages_at(cases.at(2))


def inbox_of(staff: Staff, name: str, query: str = "") -> str:
    page = sign_in(Client(), staff, name).get(f"/inbox/{query}").content.decode()
    return re.sub(r"\s+", " ", page)


def test_a_line_says_case_role_and_step(staff: Staff) -> None:
    case = cases.in_investigation(staff)
    lines = inbox_of(staff, "triage1")
    assert f"{case.reference}: Handler began the investigation." in lines
    assert "accepted the offer." in lines
    assert "There is an update for you." not in lines
    own = inbox_of(staff, "complainant1")
    assert f"{case.reference}: Triage officer took the concern on." in own


def test_a_line_about_a_date_says_what_whose_and_when(staff: Staff) -> None:
    case = cases.raised(staff)
    due = Deadline.objects.get(case=case, name="ACK").current_due
    run_clocks(START + timedelta(days=(due - START.date()).days + 3))
    lines = inbox_of(staff, "lead1")
    assert re.search(
        rf"{case.reference}: Triage officer: acknowledge the concern, \d working days? late\.",
        lines,
    )


def test_a_letter_names_neither_step_nor_role(staff: Staff) -> None:
    cases.in_investigation(staff)
    letters = Notice.objects.filter(channel="email")
    assert letters.exists()
    for letter in letters:
        said = render(letter)
        text = f"{said.subject} {said.body} {letter.context}"
        for word in ("Handler", "handler", "investigation", "RC-", "by'"):
            assert word not in text, text


def test_what_is_done_clears_itself_for_everyone(staff: Staff) -> None:
    case = cases.raised(staff)
    due = Deadline.objects.get(case=case, name="ACK").current_due
    run_clocks(START + timedelta(days=(due - START.date()).days + 3))
    about_it = unread_about(case.reference).filter(context__clock="ACK")
    assert about_it.filter(handle__in=sending.inboxes(staff["lead1"])).exists()
    assert about_it.filter(handle__in=sending.inboxes(staff["triage1"])).exists()
    now = START + timedelta(days=9)
    done(staff, case, "triage1", "acknowledge", now, declare=True)
    assert not about_it.exists()


def test_a_date_that_still_runs_stays_new(staff: Staff) -> None:
    case = cases.acknowledged(staff)
    due = Deadline.objects.get(case=case, name="TRIAGE").current_due
    run_clocks(START + timedelta(days=(due - START.date()).days + 3))
    waiting = unread_about(case.reference, *sending.inboxes(staff["lead1"]))
    before = waiting.filter(context__clock="TRIAGE").count()
    assert before
    done(staff, case, "triage1", "check_safety", START + timedelta(days=9), flags=[])
    assert waiting.filter(context__clock="TRIAGE").count() == before


def test_opening_the_case_clears_its_notices_and_no_others(staff: Staff) -> None:
    first = cases.raised(staff)
    second = cases.raised(staff, who="complainant2", about="")
    client = sign_in(Client(), staff, "triage1")
    mine = sending.inboxes(staff["triage1"])
    client.get(f"/cases/{first.reference}/")
    assert not unread_about(first.reference, *mine).exists()
    assert unread_about(second.reference, *mine).exists()
    assert unread_about(first.reference, *sending.inboxes(staff["triage2"])).exists()


def test_a_case_that_may_not_be_opened_clears_nothing(staff: Staff) -> None:
    case = cases.raised(staff)
    before = unread_about(case.reference).count()
    for name in ("respondent1", "handler1"):
        assert sign_in(Client(), staff, name).get(f"/cases/{case.reference}/").status_code == 404
    assert unread_about(case.reference).count() == before


def test_all_are_marked_as_read_up_to_what_was_shown(staff: Staff) -> None:
    cases.raised(staff)
    client = sign_in(Client(), staff, "triage1")
    page = client.get("/inbox/").content.decode()
    found = re.search(r'name="newest" value="(\d+)"', page)
    assert found is not None
    later = cases.raised(staff, who="complainant2", about="")
    client.post("/inbox/read/", {"newest": found[1]})
    left = unread(*sending.inboxes(staff["triage1"]))
    assert {notice.reference for notice in left} == {later.reference}
    assert unread(*sending.inboxes(staff["triage2"])).count() == 2
    for nonsense in ("", "x", "-1", "9" * 40):
        assert client.post("/inbox/read/", {"newest": nonsense}).status_code == 302
    assert left.exists()


def test_the_inbox_shows_the_new_ones_alone(staff: Staff) -> None:
    first = cases.raised(staff)
    second = cases.raised(staff, who="complainant2", about="")
    sign_in(Client(), staff, "triage1").get(f"/cases/{first.reference}/")
    new = inbox_of(staff, "triage1", "?show=new")
    assert second.reference in new
    assert first.reference not in new
    assert first.reference in inbox_of(staff, "triage1")
