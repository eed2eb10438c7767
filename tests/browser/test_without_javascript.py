"""Everything works without script; script only makes it quicker."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser import raising
from tests.browser.conftest import SignedIn
from tests.browser.test_anonymous import leave
from tests.factories import cases
from tests.factories.people import Staff


@pytest.mark.whole_browser
def test_a_concern_is_raised_taken_on_and_left_without_script(signed_in: SignedIn) -> None:
    complainant = signed_in("complainant1", java_script_enabled=False)
    raising.begin(complainant)
    raising.answer(complainant)
    complainant.press("Take out Triage 2")
    complainant.press("Continue")
    complainant.press("Send my concern")
    complainant.reads("We have received your concern")
    case = raising.reference_on(complainant)

    triage = signed_in("triage1", java_script_enabled=False)
    triage.find(case)
    triage.press("Acknowledge and take on")
    triage.press("Acknowledge and take on")
    triage.reads("There is a problem")
    triage.tick("I have no personal, work or social connection")
    triage.press("Acknowledge and take on")
    triage.reads("You took the concern on")

    complainant.open(f"/cases/{case}/")
    leave(complainant)
    complainant.open("/cases/")
    assert "/accounts/login/" in complainant.page.url


@pytest.mark.parametrize("has_script", [False, True])
def test_a_button_that_needs_script_is_there_with_script_alone(
    staff: Staff, signed_in: SignedIn, has_script: bool
) -> None:
    case = cases.raised(staff).reference
    complainant = signed_in("complainant1", java_script_enabled=has_script)
    for path in (f"/cases/{case}/print/", f"/raise/{case}/receipt/"):
        complainant.open(path)
        button = complainant.page.locator("[data-print]")
        expect(button).to_have_count(1)
        expect(button).to_be_visible(visible=has_script)
