"""What a complainant finds on their own page: what matters first, on a phone, without script."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, expect

from grievances.cases.models.case import Case
from grievances.cases.models.records import Kind
from tests.browser.conftest import SignedIn, Watch
from tests.browser.screenshots import PHONE
from tests.browser.visitor import Visitor
from tests.factories import cases
from tests.factories.people import Staff

SCREEN = PHONE["height"]
HEIGHT_BEFORE = 6_739
"""Pixels of such a page on a phone before its parts were folded, as an outsider measured it."""

FOLDED = ("#decision", "#told", "#choices", "#dates", "#people", "#history")


@pytest.mark.parametrize("has_script", [False, True])
def test_what_matters_is_first_and_the_rest_opens_under_its_heading(
    staff: Staff, signed_in: SignedIn, watch: Watch, has_script: bool
) -> None:
    case = cases.decided(staff, last_day="2026-11-19", when="Thursday")
    me = signed_in("complainant1", java_script_enabled=has_script)
    me.page.set_viewport_size(PHONE)
    page = f"/cases/{case.reference}/"
    me.open(page)
    first = ("We decided: upheld", "Your time to appeal", "contact Acas by 18 February 2027")
    for words in first:
        assert _top(me.main.get_by_text(words).first) < 1.5 * SCREEN, words
    assert _top(me.main.get_by_role("button", name="Write to us")) < 2.5 * SCREEN
    height = _top(me.page.get_by_role("contentinfo"))
    assert height < HEIGHT_BEFORE / 2, f"{height} px"

    for part in FOLDED[1:]:
        expect(me.page.locator(part)).to_be_hidden()
    for part in FOLDED:
        me.page.goto(f"{me.base}{page}{part}")
        expect(me.page.locator(part)).to_be_visible()
    _ask_and_be_answered(staff, me, case.reference, watch)


def _ask_and_be_answered(staff: Staff, me: Visitor, reference: str, watch: Watch) -> None:
    """A message is shown as open until an officer has written back."""
    me.do(reference, "Write to us")
    me.fill("Your message", "When does the training start?")
    me.press("Send the message")
    me.reads("You wrote to us on 21 November 2026. We have not written back yet.")
    said = "In January."
    case = Case.unguarded.get(reference=reference)
    words = (Kind.MESSAGE, said)
    cases.done(staff, case, "decider1", "message", watch.go_on(days=2), words, text=said)
    me.open(f"/cases/{reference}/")
    me.reads("We wrote back on 23 November 2026.", said)


def _top(place: Locator) -> float:
    box = place.bounding_box()
    assert box is not None
    return box["y"]
