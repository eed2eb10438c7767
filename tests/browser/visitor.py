"""A person at a browser: they read, fill in, choose and press, by the words on the page."""

from __future__ import annotations

import re
from contextlib import nullcontext
from datetime import date

from playwright.sync_api import Locator, Page, Response, expect

from tests.browser.screenshots import Eye

CLOSED = "xpath=ancestor::details[not(@open)]"


class Visitor:
    """Someone with a page open. Every page they come to is looked at (see Eye)."""

    def __init__(self, page: Page, base: str, eye: Eye, *, has_script: bool = True) -> None:
        self.page, self.base, self.eye, self.has_script = page, base, eye, has_script
        self.presses = 0
        eye.watch(page)

    @property
    def main(self) -> Locator:
        return self.page.get_by_role("main")

    @property
    def path(self) -> str:
        return self.page.url.removeprefix(self.base)

    def look(self) -> None:
        """Look at the page; without script no one can ask it anything."""
        if self.has_script:
            self.eye.look(self.page)

    def open(self, path: str, status: int = 200) -> Response:
        """Go to an address and expect this status."""
        response = self.page.goto(f"{self.base}{path}")
        assert response is not None
        assert response.status == status, f"{path} answered {response.status}"
        self.look()
        return response

    def press(self, name: str | re.Pattern[str], *, by_script: bool = False) -> None:
        """Press a button or follow a link, and look at where it leads.

        What is under a closed heading is opened first, as a person would. Each is a press more.
        `by_script`: the script of the page sends the form, and then goes on to another page.
        """
        if not self._pressable(name).count():
            closed = self._pressable(name, hidden=True).first.locator(CLOSED)
            for heading in closed.all():
                heading.locator("summary").first.click()
                self.presses += 1
        self.presses += 1
        with self.page.expect_navigation() if by_script else nullcontext():
            self._pressable(name).first.click()
        self.page.wait_for_load_state()
        self.look()

    def _pressable(self, name: str | re.Pattern[str], *, hidden: bool = False) -> Locator:
        button = self.main.get_by_role("button", name=name, exact=True, include_hidden=hidden)
        link = self.main.get_by_role("link", name=name, exact=True, include_hidden=hidden)
        return button.or_(link)

    def fill(self, label: str, text: str) -> None:
        self.main.get_by_role("textbox", name=_start(label)).fill(text)

    def fill_date(self, legend: str, day: date) -> None:
        group = self.main.get_by_role("group", name=legend)
        for name, number in (("Day", day.day), ("Month", day.month), ("Year", day.year)):
            group.get_by_label(name, exact=True).fill(str(number))

    def choose(self, name: str, within: str = "") -> None:
        """Choose a radio button whose label begins with these words."""
        place = self.main.get_by_role("group", name=within) if within else self.main
        place.get_by_role("radio", name=_start(name)).check()

    def tick(self, name: str) -> None:
        self.main.get_by_role("checkbox", name=_start(name)).check()

    def reads(self, *sentences: str) -> None:
        """Expect these words on the page."""
        for sentence in sentences:
            expect(self.main).to_contain_text(sentence)

    def does_not_read(self, *sentences: str) -> None:
        for sentence in sentences:
            expect(self.main).not_to_contain_text(sentence)

    def find(self, case: str) -> None:
        """Open a case from the list of cases."""
        self.open("/cases/")
        self.press(_start(case))

    def do(self, case: str, step: str) -> None:
        """Open a case and go to one of its steps, as its page offers it."""
        self.open(f"/cases/{case}/")
        self.press(step)


def _start(words: str) -> re.Pattern[str]:
    return re.compile(rf"^{re.escape(words)}")
