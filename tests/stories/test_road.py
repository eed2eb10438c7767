"""The whole road of one concern, as domain calls."""

import pytest

from tests.factories import cases
from tests.factories.people import Cast


@pytest.mark.parametrize("state", cases.STATES)
def test_every_state_can_be_reached(cast: Cast, state: str) -> None:
    assert cases.STATES[state](cast).state == state
