"""Real Chromium against the real server, with a clock that the test moves."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Protocol

import pytest
from django.conf import settings
from django.db import connection
from django.test import override_settings
from playwright.sync_api import Browser, BrowserContext, BrowserType
from pytest_django.live_server_helper import LiveServer

from grievances.policy import profiles
from grievances.web.shared import clock
from tests.append_only import flushable
from tests.browser.screenshots import WIDE, Eye, Seen
from tests.browser.visitor import Visitor
from tests.factories import cases
from tests.factories.people import PASSWORD, Staff
from tests.services import chromium_launch_args, find_chromium, find_headless, is_worker
from workflow.calendar import local_date

HERE = Path(__file__).parent
PATIENCE = 60_000
"""Milliseconds to wait for a page on a busy machine."""


class SignedIn(Protocol):
    """Answers the browser in which someone is signed in; options go to a new context."""

    def __call__(self, name: str, **options: Any) -> Visitor: ...


Presses = Callable[[str, int], None]
"""Expect a task to take at most so many presses, and report how many it took."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything in this folder drives Chromium."""
    for item in items:
        if HERE in item.path.parents:
            item.add_marker("browser")


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    return {**browser_type_launch_args, **chromium_launch_args(find_headless())}


@pytest.fixture(scope="session")
def whole_browser(browser_type: BrowserType) -> Iterator[Browser]:
    """Chromium as people have it: it keeps pages in memory for "Back"."""
    program = chromium_launch_args(find_chromium())
    kept = ["--disable-back-forward-cache"]
    with closing(browser_type.launch(**program, ignore_default_args=kept)) as browser:
        yield browser


@pytest.fixture(scope="session")
def in_turn() -> Iterator[None]:
    """The server answers one request at a time."""
    line = ["tests.browser.turns.InTurn", *settings.MIDDLEWARE]
    with override_settings(MIDDLEWARE=line):
        yield


@pytest.fixture(scope="session")
def own_connection(browser: Browser, django_db_setup: None) -> Iterator[None]:
    """Playwright keeps an event loop running, and Django gives such a thread a new connection."""
    with flushable(connection, "grievances_event", "grievances_keylogentry"):
        yield


@pytest.fixture(scope="session")
def live_server(in_turn: None, own_connection: None, live_server: LiveServer) -> LiveServer:
    """The server shares the connection of the test, so it starts after the browser."""
    return live_server


@pytest.fixture(scope="session")
def seen(tmp_path_factory: pytest.TempPathFactory) -> Seen:
    """The kinds of pages that were looked at in this run, by any of its workers."""
    base = tmp_path_factory.getbasetemp()
    folder = (base.parent if is_worker() else base) / "seen"
    folder.mkdir(exist_ok=True)
    return Seen(folder)


class Watch:
    """The clock of the server. It stops until the test moves it."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def go_on(self, **by: float) -> datetime:
        """Move on by days or hours; answers the new instant (UTC)."""
        self.now += timedelta(**by)
        return self.now


@pytest.fixture
def watch(monkeypatch: pytest.MonkeyPatch) -> Watch:
    it = Watch(cases.START)
    monkeypatch.setattr(clock, "now", lambda: it.now)
    monkeypatch.setattr(clock, "today", lambda: local_date(it.now, profiles.zone()))
    return it


@pytest.fixture
def eye(seen: Seen, request: pytest.FixtureRequest) -> Eye:
    return Eye(seen, request.path.stem.removeprefix("test_"))


@pytest.fixture
def visitors() -> list[Visitor]:
    """Everyone who has a browser open in this test."""
    return []


@pytest.fixture
def presses(visitors: list[Visitor], record_property: Callable[[str, object], None]) -> Presses:
    """Count what everyone pressed, so that no task takes more presses unnoticed."""

    def at_most(road: str, most: int) -> None:
        pressed = sum(visitor.presses for visitor in visitors)
        record_property(f"presses: {road}", pressed)
        assert pressed <= most, f"{road} takes {pressed} presses, and it took {most}"

    return at_most


@pytest.fixture
def visit(
    live_server: LiveServer,
    browser: Browser,
    staff: Staff,
    watch: Watch,
    eye: Eye,
    visitors: list[Visitor],
    request: pytest.FixtureRequest,
) -> Iterator[Callable[..., Visitor]]:
    """Open a browser of one's own, with nothing in it; options go to the new context.

    A test marked `whole_browser` gets Chromium as people have it.
    """
    opened: list[BrowserContext] = []
    if request.node.get_closest_marker("whole_browser"):
        browser = request.getfixturevalue("whole_browser")

    def open_browser(**options: Any) -> Visitor:
        context = browser.new_context(viewport=WIDE, **options)
        context.set_default_timeout(PATIENCE)
        opened.append(context)
        has_script = bool(options.get("java_script_enabled", True))
        visitor = Visitor(context.new_page(), live_server.url, eye, has_script=has_script)
        visitors.append(visitor)
        return visitor

    yield open_browser
    for number, context in enumerate(opened, 1):
        eye.keep(context.pages[0], f"end-{number}")
        context.close()


@pytest.fixture
def signed_in(visit: Callable[..., Visitor]) -> SignedIn:
    """Sign in through the form: once for each person, then the same browser again."""
    known: dict[str, Visitor] = {}

    def sign_in(name: str, **options: Any) -> Visitor:
        if name not in known:
            visitor = visit(**options)
            visitor.open("/accounts/login/")
            type_password(visitor, name)
            known[name] = visitor
        return known[name]

    return sign_in


def type_password(visitor: Visitor, name: str) -> None:
    """Answer the sign-in page."""
    visitor.fill("User name", name)
    visitor.main.get_by_label("Password", exact=True).fill(PASSWORD)
    visitor.press("Sign in", by_script=visitor.has_script)
    visitor.presses = 0
