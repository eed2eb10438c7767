"""Every test of access begins with no tries counted."""

from __future__ import annotations

import pytest
from django.core.cache import cache


@pytest.fixture(autouse=True)
def _no_tries_so_far() -> None:
    cache.clear()
