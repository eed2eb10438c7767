"""Remarks that are released, and the day on which they are read."""

from __future__ import annotations

import pytest

from grievances.surveys import release
from grievances.web.shared import clock
from tests.factories.cases import at
from tests.factories.people import Staff
from tests.surveys.written_remarks import AFTER, write


@pytest.fixture
def written(staff: Staff) -> Staff:
    """Twelve remarks that may be printed, and three that may not, released."""
    write(12)
    write(3, may="no", words="Secret")
    release.release(AFTER)
    return staff


@pytest.fixture
def february(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "today", lambda: AFTER)
    monkeypatch.setattr(clock, "now", lambda: at(100))
