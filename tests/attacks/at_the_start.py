"""The moment of the attacks, before any limit has counted."""

from __future__ import annotations

import pytest
from django.core.cache import cache

from grievances.web.shared import clock
from tests.factories.cases import START


@pytest.fixture(autouse=True)
def at_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    cache.clear()
    monkeypatch.setattr(clock, "now", lambda: START)
    monkeypatch.setattr(clock, "today", START.date)
