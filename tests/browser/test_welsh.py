"""Raising a concern in Welsh, without JavaScript."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import expect

from tests.browser.raising import STORY
from tests.browser.visitor import Visitor


def test_someone_raises_a_concern_in_welsh(visit: Callable[..., Visitor]) -> None:
    stranger = visit(java_script_enabled=False)
    stranger.open("/raise/anonymous/")
    stranger.page.get_by_role("link", name="Cymraeg").click()
    assert stranger.path == "/raise/anonymous/"
    expect(stranger.page.locator("html")).to_have_attribute("lang", "cy")
    stranger.reads("Codi pryder heb gyfrif")

    stranger.press("Dechrau")
    instead_of_the_coach = "A allai manylyn ddangos pwy ydych chi?"
    shown = stranger.main.inner_text()  # Playwright's own texts leave out what needs no script
    assert instead_of_the_coach in shown
    assert "grŵp bach." in shown
    stranger.fill("Yn eich geiriau eich hun", STORY)
    stranger.page.get_by_role("button", name="English").click()
    expect(stranger.page.get_by_label("In your own words")).to_have_value(STORY)
    stranger.page.get_by_role("button", name="Cymraeg").click()
    assert stranger.path == "/raise/anonymous/what-happened/"
    expect(stranger.page.get_by_label("Yn eich geiriau eich hun")).to_have_value(STORY)
    stranger.fill("Yn eich geiriau eich hun", "")
    stranger.press("Cadw a pharhau")
    stranger.reads("Dywedwch wrthym beth ddigwyddodd, yn eich geiriau eich hun.")
    assert stranger.page.title().startswith("Gwall: ")
    stranger.fill("Yn eich geiriau eich hun", STORY)
    stranger.press("Cadw a pharhau")
    stranger.press("Pryd")
    assert stranger.page.title() == "Cwestiwn am ddiwrnodau - Fair Hearing"
    assert instead_of_the_coach not in stranger.main.inner_text()
    stranger.fill("Diwrnodau eraill y digwyddodd", "5 Hydref 2026")
    stranger.press("Cadw a pharhau")
    stranger.press("Parhau")
    stranger.press("Parhau")
    stranger.reads("Diwrnodau eraill: 5 Hydref 2026", STORY)
    stranger.press("Anfon fy mhryder")

    case_key = stranger.page.locator(".fh-key").inner_text()
    stranger.press("Rwyf wedi'i chadw: mynd ymlaen")
    stranger.fill("Teipiwch 4 nod olaf eich allwedd achos", case_key[-4:])
    stranger.press("Rwyf wedi'i chadw: mynd i fy achos")
    stranger.reads("Rydym wedi derbyn eich pryder", "Diolch am ddweud wrthym.")
