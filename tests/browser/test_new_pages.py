"""Pages that no story comes to, looked at in a service where something is late."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import SignedIn, Watch
from tests.browser.screenshots import PHONE
from tests.factories import cases
from tests.factories.cases import START, done
from tests.factories.people import Staff

pytestmark = pytest.mark.slow

PAGES = {
    "lead1": ("/cases/board/", "/letters/", "/cases/{}/pattern/", "/cases/{}/appoint_part/"),
    "handler1": ("/account/leave/", "/cases/{}/take_notes/", "/cases/{}/investigation/"),
    "complainant1": ("/my-data/", "/diary/", "/cases/{}/say_away/", "/aftercare/"),
    "dpo1": ("/data-rights/", "/patterns/"),
}
HEIGHT_BEFORE = 6_400
"""Pixels of a handler's page on a phone before its parts were folded."""
MISSING = {("handler1", "/cases/{}/take_notes/")}
"""What is not there for this person: the notes are for those who help."""


def test_every_new_page_is_in_order_wide_and_narrow(
    staff: Staff, signed_in: SignedIn, watch: Watch
) -> None:
    case = cases.in_investigation(staff)
    adviser = {"person": staff["staff2"], "part": "adviser"}
    done(staff, case, "handler1", "appoint_part", START, **adviser)
    watch.go_on(days=60)
    for name, paths in PAGES.items():
        visitor = signed_in(name)
        for path in paths:
            status = 404 if (name, path) in MISSING else 200
            visitor.open(path.format(case.reference), status=status)
    handler = signed_in("handler1")
    handler.open(f"/cases/{case.reference}/")
    handler.reads("Late by")
    handler.page.set_viewport_size(PHONE)
    handler.open(f"/cases/{case.reference}/")
    footer = handler.page.get_by_role("contentinfo").bounding_box()
    assert footer is not None
    assert footer["y"] < HEIGHT_BEFORE / 2, "what is late and next, and the rest under headings"
    expect(handler.main.get_by_text("Late by").first).to_be_visible()
    expect(handler.page.locator("#messages")).to_be_hidden()
