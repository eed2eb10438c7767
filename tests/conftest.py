"""Shared fixtures: the calendar, the policies and the staff of one small service."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

from grievances.policy.bank_holidays import known_holidays
from grievances.policy.profiles import POLICIES
from grievances.policy_changes.loading import load_holidays, load_profile
from tests.append_only import flushable
from tests.factories.cases import START
from tests.factories.people import Staff, assemble
from tests.fixture_cache import Stage

HOLIDAYS = known_holidays()


@pytest.fixture(scope="session", autouse=True)
def _flush_despite_triggers(django_db_setup: None) -> Iterator[None]:
    with flushable(connection, "grievances_event", "grievances_keylogentry"):
        yield


@pytest.fixture(scope="session", autouse=True)
def _on_the_day_of_the_stories() -> None:
    """The pages' clock goes on from START: a suite that reads the calendar fails one day.

    FAKE_NOW in the environment moves it elsewhere, to look for what still depends on the day.
    """
    if settings.FAKE_NOW is None:
        settings.FAKE_NOW = START


def load_rules() -> None:
    """The profiles and bank holidays that come with the product."""
    for path in sorted(POLICIES.glob("*.json")):
        load_profile(json.loads(Path(path).read_text(encoding="utf-8")), now=START)
    load_holidays(HOLIDAYS, now=START)


RULES = Stage(load_rules)
STAFF = Stage(assemble)


@pytest.fixture
def policies(db: None) -> None:
    """The profiles and bank holidays that come with the product."""
    RULES.set()


@pytest.fixture
def staff(policies: None) -> Staff:
    """A small probation service."""
    return STAFF.set()
