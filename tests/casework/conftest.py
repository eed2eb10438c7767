"""The day on which the pages of a case are read."""

from __future__ import annotations

import pytest

from tests.factories import cases


@pytest.fixture
def two_days_after_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the pages read the day two days after the start of the factories' cases."""
    monkeypatch.setattr("grievances.web.shared.clock.now", lambda: cases.at(2))
