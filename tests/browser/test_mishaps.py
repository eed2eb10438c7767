"""What goes wrong in a day: a lost session, a double press, two people at once, an odd file."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import FilePayload
from pytest_django import Settings

from grievances.cases.models.case import Case
from tests.browser import raising
from tests.browser.conftest import SignedIn, type_password
from tests.browser.visitor import Visitor
from tests.encryption.test_derivation_places import as_sign_in
from tests.factories import cases
from tests.factories.people import Staff

SIGN = "I have no personal, work or social connection"


def test_a_session_that_ends_in_the_middle_loses_no_word(signed_in: SignedIn) -> None:
    person = signed_in("complainant1")
    raising.begin(person)
    page = person.path
    person.fill("In your own words", raising.STORY)
    person.page.context.clear_cookies(name="fh_session")
    person.press("Save and continue")
    person.reads("Sign in")
    type_password(person, "complainant1")
    assert person.path == page
    person.reads("We kept what you had typed")
    assert person.main.get_by_role("textbox").first.input_value() == raising.STORY


def test_a_double_press_on_send_is_one_concern(signed_in: SignedIn) -> None:
    person = signed_in("complainant1")
    raising.begin(person)
    raising.answer(person)
    person.press("Continue")
    person.main.get_by_role("button", name="Send my concern").dblclick()
    person.page.wait_for_load_state()
    person.reads("We have received your concern")
    assert Case.unguarded.exclude(state="DRAFT").count() == 1


def test_of_two_people_on_one_case_the_second_is_told_and_loses_no_word(
    signed_in: SignedIn, staff: Staff
) -> None:
    case = cases.in_investigation(staff)
    handler = signed_in("handler1")
    handler.open(f"/cases/{case.reference}/send_update/")
    handler.fill("Tell the complainant", "Nothing new yet. You hear again next week.")
    cases.done(staff, case, "complainant1", "ask_to_withdraw", cases.START, pressure="no")
    cases.done(staff, case, "complainant1", "stay", cases.START)
    handler.press("Send the complainant an update")
    handler.reads("Someone else has acted on this case since you opened it")
    handler.main.get_by_text("Nothing new yet").wait_for()
    handler.press("Send the complainant an update")
    handler.reads("You sent an update")


@pytest.mark.parametrize("name", ["../../evil<b>.html", "‮gpj.exe", "'; DROP TABLE--.pdf"])
def test_a_file_with_a_hostile_name_comes_in_and_goes_out_as_a_plain_file(
    signed_in: SignedIn, staff: Staff, name: str
) -> None:
    case = cases.acknowledged(staff)
    person = signed_in("complainant1")
    person.do(case.reference, "Add evidence")
    script = b"Said on Monday:\n<script>alert(1)</script>"
    file: FilePayload = {"name": name, "mimeType": "text/html", "buffer": script}
    person.main.get_by_label("Choose a file").set_input_files(files=[file])
    person.press("Add")
    person.main.locator("summary").filter(has_text="Files").click()
    with person.page.expect_download() as waiting:
        person.main.get_by_role("region", name="Files").get_by_role("link").first.click()
    saved = waiting.value
    assert Path(saved.path()).read_bytes() == script
    assert not set(saved.suggested_filename) & set("/\\<>\"'‮;")


def test_two_hundred_thousand_characters_are_refused_in_a_sentence_and_kept(
    signed_in: SignedIn,
) -> None:
    person = signed_in("complainant1")
    raising.begin(person)
    person.fill("In your own words", "Ünfair! " * 25_000)
    person.press("Save and continue")
    person.reads("There is a problem")
    assert len(person.main.get_by_role("textbox").first.input_value()) > 199_000


def test_who_signs_in_while_many_do_sees_that_they_wait_and_types_nothing_again(
    visit: Callable[..., Visitor], staff: Staff, settings: Settings
) -> None:
    settings.VAULT_PLACES = 1
    person = visit()
    person.open("/accounts/login/")
    with as_sign_in():
        person.fill("User name", "triage1")
        person.main.get_by_label("Password", exact=True).fill("not this one")
        person.press("Sign in")
        person.reads("Keep this page open: it signs you in by itself")
    person.reads("The user name or the password is not right")
    person.page.wait_for_function("document.activeElement.matches('.govuk-error-summary')")
    type_password(person, "triage1")
    assert person.path != "/accounts/login/"
