"""The eye: what every page is looked at for, once for each kind of page in a run."""

from __future__ import annotations

import os
import re
from hashlib import sha256
from pathlib import Path
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import ConsoleMessage, Page, ViewportSize

from grievances.web.shared.context_processors import PAGE_NAMES

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
SCREENS = Path(__file__).resolve().parents[2] / "build" / "screens"
WIDE: ViewportSize = {"width": 1280, "height": 900}
PHONE: ViewportSize = {"width": 375, "height": 812}
NARROW: ViewportSize = {"width": 320, "height": 640}
"""The narrowest screen, and what a screen of 1280 px shows at 400% (WCAG 1.4.10)."""

DARK_PAGES = re.compile(
    r"/(|cases/|cases//|inbox/|support/|raise/[a-z]+/|reports/[a-z-]+/|return/)"
)
"""Addresses, without references, of the pages that are looked at in the dark as well."""

REFERENCE = re.compile(
    r"RC-[0-9A-Z]{6}|/survey/[^/]+|/consent/[^/]+|/replies/[^/]+|/accompany/(?:with/)?[^/]+|[0-9a-f-]{36}|\?.*"
)

ANSWERED = re.compile(r"Failed to load resource: the server responded with a status of 4\d\d")
"""Chromium's own line about a page that refuses with a sentence: that is what the page is for."""

TITLE = re.compile(
    rf"(Error: )?(({'|'.join(sorted(set(PAGE_NAMES.values())))})( \d+ of \d+)? - )?Fair Hearing"
)
"""Titles that say which page it is, and nothing of what it is about."""

GAP = re.compile(r".{0,40}\w [.,](?= |$)", re.MULTILINE)
LINKS_WITH_GAPS = (
    "() => [...document.querySelectorAll('main a[href], main form[action]')]"
    ".map(each => each.getAttribute('href') || each.getAttribute('action'))"
    ".filter(address => /^[/].*[/]{2}/.test(address))"
)
"""Where a page was not given what its sentence or its link names."""

AXE = Axe()
FIND = "options => axe.run(options).then(results => results.violations)"


class Seen:
    """The kinds of page that were looked at. The workers of a run share its folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.count = 0

    def add(self, kind: str) -> bool:
        """Remember a kind of page; return whether it was not looked at before."""
        self.count += 1
        try:
            (self.folder / sha256(kind.encode()).hexdigest()).touch(exist_ok=False)
        except FileExistsError:
            return False
        return True


class Eye:
    """Looks at pages. `seen` is shared by a run: the same kind of page is looked at once."""

    def __init__(self, seen: Seen, story: str) -> None:
        self.seen, self.story = seen, story
        self.complaints: list[str] = []

    def watch(self, page: Page) -> None:
        """Listen to what the browser says about a page: errors and reports of the CSP."""
        page.on("console", self._hear)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def look(self, page: Page) -> None:
        """Look at the page unless one of its kind was looked at; raises AssertionError."""
        assert not self.complaints, f"the browser complained: {self.complaints}"
        kind = self._kind(page)
        if not self.seen.add(kind):
            return
        if page.locator(".govuk-exit-this-page").count():
            told = page.title()
            assert TITLE.fullmatch(told) or told == "Inbox", f"the title tells: {told}"
        has_summary = bool(page.locator(".govuk-error-summary").count())
        assert page.title().startswith("Error: ") is has_summary, f"{kind}: {page.title()}"
        gaps = [*page.evaluate(LINKS_WITH_GAPS), *GAP.findall(page.locator("main").inner_text())]
        assert not gaps, f"{kind}: a name is missing in {gaps}"
        page.evaluate(AXE.axe_script)
        violations = _violations(page, {"type": "tag", "values": RULES})
        assert not violations, f"{kind}: " + "\n".join(violations)
        self._check_dark(page, kind)
        self._check_width(page, kind)

    def _kind(self, page: Page) -> str:
        path = REFERENCE.sub("", "/" + page.url.split("/", 3)[-1])
        heading = REFERENCE.sub("", page.locator("h1").first.inner_text())
        # The page of a case is headed by its reference: what differs is who reads it.
        heading = heading or page.locator(".govuk-caption-l").first.inner_text()
        wrong = "!" if page.locator(".govuk-error-summary").count() else ""
        return f"{path} {heading}{wrong}"

    def _hear(self, message: ConsoleMessage) -> None:
        if message.type == "error" and not ANSWERED.match(message.text):
            self.complaints.append(message.text)

    def _check_dark(self, page: Page, kind: str) -> None:
        """Look at the colours of the main pages as a person sees them at night."""
        if not DARK_PAGES.fullmatch(kind.partition(" ")[0]):
            return
        page.emulate_media(color_scheme="dark")
        self.keep(page, "dark")
        violations = _violations(page, {"type": "rule", "values": ["color-contrast"]})
        page.emulate_media(color_scheme="light")
        assert not violations, f"{kind} in the dark: " + "\n".join(violations)

    def _check_width(self, page: Page, kind: str) -> None:
        name = re.sub(r"[^a-z0-9]+", "-", kind.lower()).strip("-")[:80]
        self.keep(page, f"{name}-wide")
        page.set_viewport_size(NARROW)
        over = page.evaluate(
            "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
        )
        self.keep(page, f"{name}-narrow")
        page.set_viewport_size(WIDE)
        assert over <= 0, f"{kind} scrolls sideways by {over} px at 320 px"

    def keep(self, page: Page, name: str) -> None:
        """Keep a picture of the page when SCREENS is set."""
        if os.environ.get("SCREENS"):
            folder = SCREENS / self.story
            folder.mkdir(parents=True, exist_ok=True)
            page.screenshot(path=folder / f"{self.seen.count:03d}-{name}.png", full_page=True)


def _violations(page: Page, rules: dict[str, Any]) -> list[str]:
    """Return what is wrong by these rules, on a page that has the script of axe.

    What passed is a long list that no one reads: only what is wrong leaves the page. No rule of
    ours reads style sheets, so axe need not fetch them again (`preload`).
    """
    options = {
        "runOnly": rules,
        "resultTypes": ["violations"],
        "preload": False,
        "selectors": False,
    }
    found: list[dict[str, Any]] = page.evaluate(FIND, options)
    return [
        f"{each['id']}: {each['help']}: {[node['html'][:200] for node in each['nodes'][:3]]}"
        for each in found
    ]
