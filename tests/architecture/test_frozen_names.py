"""Names that are data stay as they are, whatever the modules and functions are called."""

from __future__ import annotations

import pytest

from tests.architecture.frozen_names import COLLECTED, difference, read_snapshot


@pytest.mark.parametrize("kind", COLLECTED)
def test_no_name_that_is_data_is_lost_or_changed(kind: str) -> None:
    changed = difference(kind, COLLECTED[kind]())
    assert not changed, changed


@pytest.mark.parametrize("kind", COLLECTED)
def test_each_search_finds_something(kind: str) -> None:
    assert len(read_snapshot()[kind]) >= 3
