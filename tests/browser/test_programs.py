"""A keeper of the directory makes a token for the HR system, and ends it."""

from __future__ import annotations

import pytest

from grievances.people.models import Appointment
from grievances.vocabulary import Office
from grievances.web.shared import clock
from tests.browser.conftest import SignedIn
from tests.factories.people import Staff

pytestmark = pytest.mark.browser


def test_a_token_is_made_shown_once_and_ended(staff: Staff, signed_in: SignedIn) -> None:
    Appointment.objects.create(
        person=staff["staff2"], office=Office.DIRECTORY, from_date=clock.today()
    )
    keeper = signed_in("staff2")
    keeper.open("/directory/")
    keeper.press("Let the HR system keep it by itself")
    keeper.press("Make the token")
    keeper.reads("Choose an answer: What may the program do?")
    keeper.choose("Keep the staff directory")
    keeper.fill("Which program gets it?", "HR system")
    keeper.main.get_by_label("For how many days?").fill("90")
    keeper.press("Make the token")
    keeper.reads("fht_", "We show it this once")
    keeper.open("/programs/")
    keeper.does_not_read("fht_")
    keeper.press("End it")
    keeper.tick("End this token.")
    keeper.press("End the token")
    keeper.reads("There are no tokens now.")
