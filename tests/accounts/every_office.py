"""Every office demands a second factor."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.core.cache import cache
from pytest_django import Settings


@pytest.fixture(autouse=True)
def demanded(settings: Settings) -> Iterator[None]:
    settings.MFA_OFFICES = ("all",)
    cache.clear()
    yield
    cache.clear()
