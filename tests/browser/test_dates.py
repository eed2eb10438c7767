"""The pages of dates: a policy by two people, a late case, and the complainant's own dates."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from grievances.deadlines.sweep import run_clocks
from tests.browser.conftest import SignedIn, Watch
from tests.factories import cases
from tests.factories.people import Staff
from tests.policy.test_approval import file, load

pytestmark = pytest.mark.slow


def test_two_people_agree_to_a_policy(staff: Staff, signed_in: SignedIn, tmp_path: Path) -> None:
    cases.raised(staff)
    load(file(tmp_path))
    for name, answer in (
        ("lead1", "The other officer has to agree as well"),
        ("dpo1", "It is in force for new cases"),
    ):
        officer = signed_in(name)
        officer.open("/policies/")
        officer.press("uk_default, version 4")
        officer.reads("What changes from version 3", "20 working days", "25 working days")
        officer.press("Answer")
        officer.choose("Yes")
        officer.press("Answer")
        officer.reads(answer)


def test_a_missed_date_is_explained_and_the_complainant_keeps_their_own_dates(
    staff: Staff, signed_in: SignedIn, watch: Watch
) -> None:
    case = cases.in_investigation(staff, last_day="2026-11-20").reference
    complainant = signed_in("complainant1")
    complainant.open(f"/cases/{case}/tribunal/")
    complainant.reads("19 February 2027", "Only you see this page")
    complainant.press("Remind me")
    complainant.reads("Reminders are on")
    run_clocks(watch.go_on(days=55))
    lead = signed_in("lead1")
    lead.open(f"/cases/{case}/")
    lead.reads("Finish the investigation: 7 working days late")
    lead.press("Explain a delay")
    lead.press("Explain a delay")
    lead.reads("There is a problem")
    lead.choose("Finish the investigation")
    lead.choose("A person on our side was away")
    lead.fill_date("By which day will it be done?", date(2027, 1, 29))
    lead.fill("Tell the complainant why", "The handler was ill and is back.")
    lead.press("Explain a delay")
    complainant.open(f"/cases/{case}/")
    complainant.reads("The handler was ill and is back.", "29 January 2027")
    complainant.open("/cases/")
    link = complainant.main.get_by_role("link", name="Add your dates to your calendar")
    assert not link.count(), "there is no date that the complainant must keep"


def test_an_auditor_checks_steps_and_dates_and_is_seen_doing_so(
    staff: Staff, signed_in: SignedIn
) -> None:
    case = cases.decided(staff).reference
    auditor = signed_in("auditor1")
    auditor.open("/trail/")
    auditor.reads("You do not see names", case)
    auditor.press(case)
    auditor.reads("No entry was changed", "Acknowledge the concern", "gave the decision")
    complainant = signed_in("complainant1")
    complainant.open(f"/cases/{case}/ledger/")
    complainant.reads("checked the steps and dates")
