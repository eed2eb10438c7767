"""The whole road of one concern, as domain calls."""

import pytest

from tests import given
from tests.cast import Cast


@pytest.mark.parametrize("state", given.STATES)
def test_every_state_can_be_reached(cast: Cast, state: str) -> None:
    assert given.STATES[state](cast).state == state
