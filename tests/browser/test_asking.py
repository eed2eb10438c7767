"""What people are asked of themselves and of how it was, at a browser."""

from __future__ import annotations

from collections.abc import Callable

from grievances.deadlines.sweep import run_clocks
from grievances.monitoring.models import MonitoringLink
from grievances.surveys.models import Invitation
from grievances.surveys.responses import hash_of
from grievances.surveys.staff_survey_models import Waiting
from notifications.models import Notice
from tests.browser.conftest import SignedIn, Watch
from tests.browser.visitor import Visitor
from tests.factories import cases
from tests.factories.cases import at
from tests.factories.people import Staff
from tests.participants import hearing


def test_the_questions_about_oneself_are_answered_changed_and_deleted(
    signed_in: SignedIn, staff: Staff
) -> None:
    case = cases.raised(staff)
    person = signed_in("complainant1")
    person.open(f"/cases/{case.reference}/")
    person.press("Some questions about you (optional)")
    person.reads("Why we ask", "Who sees it", "Your concern is sent")
    person.choose("African")
    person.fill("In your own words", "Igbo, from Leeds")
    person.choose("Prefer not to say", within="What is your religion or belief?")
    person.press("Send my answers")
    person.reads("Thank you. Your answers are stored apart from your concern.")
    person.press("Some questions about you (optional)")
    person.reads("You have answered.")
    person.does_not_read("Igbo")
    person.fill("In your own words", "x" * 201)
    person.press("Send my answers")
    person.reads("There is a problem")
    person.press("Delete my answers")
    person.reads("Your answers are deleted, and we keep nothing.")
    assert MonitoringLink.objects.get().state == "REFUSED"


def test_the_person_heard_and_the_handler_say_how_it_was(
    staff: Staff, watch: Watch, visit: Callable[..., Visitor]
) -> None:
    hearing.decided_after(staff)
    run_clocks(at(20))
    watch.go_on(days=20)
    links = Notice.objects.filter(kind="survey", channel="inbox").values_list("link", flat=True)
    forms = dict(Invitation.objects.values_list("token_hash", "form"))
    first = {"A": "I felt safe", "R": "I was treated fairly", "H": "I was trained enough"}
    for link in links:
        form = forms[hash_of(link.removeprefix("/survey/").strip("/"))]
        visitor = visit()
        visitor.open(link)
        visitor.eye.keep(visitor.page, f"form-{form}")
        visitor.reads(first[form])
        visitor.main.get_by_role("radio", name="Disagree", exact=True).first.check()
        visitor.press("Send my answers")
        visitor.reads("Your answers have been sent.")
    assert Waiting.objects.count() == 3


def test_hr_asks_all_staff(signed_in: SignedIn) -> None:
    analyst, person = signed_in("analyst1"), signed_in("staff1")
    person.open("/pulse/")
    person.reads("There is no staff survey at the moment.")
    analyst.open("/pulse/")
    analyst.press("Open a staff survey")
    analyst.press("Open it today")
    analyst.reads("The staff survey is open until 21 December 2026.", "Accounts that could answer")
    analyst.press("Open it today")
    analyst.reads("less than 90 days ago")
    person.open("/pulse/")
    person.reads("I would feel safe raising a concern about race discrimination")
    person.choose("Strongly disagree")
    person.press("Send my answer")
    person.reads("Your answer has been sent.", "You have answered this time.")
