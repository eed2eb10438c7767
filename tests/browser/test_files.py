"""Files, search and the copy of a case, by their pages."""

from __future__ import annotations

import zipfile

import pytest
from playwright.sync_api import FilePayload

from tests.browser.conftest import SignedIn
from tests.evidence import samples
from tests.factories import cases
from tests.factories.people import Staff

pytestmark = pytest.mark.slow

PHOTO: FilePayload = {"name": "rota.jpg", "mimeType": "image/jpeg", "buffer": samples.photo()}


def test_a_picture_is_looked_at_a_case_is_found_and_taken_out(
    staff: Staff, signed_in: SignedIn
) -> None:
    case = cases.in_investigation(staff).reference
    complainant = signed_in("complainant1")
    complainant.do(case, "Add evidence")
    complainant.main.get_by_label("Choose a file, or several").set_input_files([PHOTO])
    complainant.press("Add")
    handler = signed_in("handler1")
    handler.open("/cases/")
    handler.press("Search in your cases")
    handler.fill("Words to look for", "accent imitated")
    handler.press("Search")
    handler.reads("We looked into 1 case", case, "What happened")
    handler.page.get_by_role("link", name=case).click()
    handler.page.get_by_role("link", name="Look at the picture").click()
    handler.page.wait_for_load_state()
    handler.look()
    handler.reads("rota.jpg", "The complainant sees that you looked at it")
    width = handler.page.locator("img.fh-picture").evaluate("each => each.naturalWidth")
    assert width > 0
    handler.page.get_by_role("link", name="Back to the case").click()
    handler.press("Take out a copy of the case")
    handler.reads("It has no password")
    with handler.page.expect_download() as waiting:
        handler.main.get_by_role("button", name="Take out the copy").click()
    with zipfile.ZipFile(waiting.value.path()) as package:
        assert "case.html" in package.namelist()
    complainant.open(f"/cases/{case}/ledger/")
    complainant.reads("looked at a picture", "found the case by a search", "took out a copy")
