"""The moment at which the pages of a module of tests are asked for."""

from __future__ import annotations

from datetime import datetime

import pytest

from grievances.web.shared import clock


def pages_at(moment: datetime) -> object:
    """Return a fixture: every page of the module is asked for at this moment (UTC)."""

    @pytest.fixture(autouse=True)
    def page_time(monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(clock, "now", lambda: moment)
        monkeypatch.setattr(clock, "today", moment.date)

    return page_time
