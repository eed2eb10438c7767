"""The whole course of one concern, as domain calls."""

import pytest

from tests.factories import cases
from tests.factories.people import Staff


@pytest.mark.parametrize("state", cases.STATES)
def test_every_state_can_be_reached(staff: Staff, state: str) -> None:
    assert cases.STATES[state](staff).state == state
