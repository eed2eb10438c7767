"""SCIM 2.0 for the HR system, judged by scim2-tester against the running views."""

from __future__ import annotations

import pytest
from django.core.wsgi import get_wsgi_application
from scim2_client.engines.wsgi import WSGISCIMClient
from scim2_models import ScimProvider
from scim2_tester import Status, check_server

from grievances.people.models import Appointment
from grievances.tokens import issuing
from grievances.tokens.models import Purpose
from grievances.vocabulary import Office
from grievances.web.shared import clock
from tests.factories.people import Staff

HOST = "http://testserver"


@pytest.fixture
def token(staff: Staff) -> str:
    now = clock.now()
    Appointment.objects.create(
        person=staff["staff2"], office=Office.DIRECTORY, from_date=clock.today()
    )
    caller = staff.caller("staff2")
    return issuing.make(caller, Purpose.DIRECTORY, Office.DIRECTORY, "HR", 30, now=now)


def test_scim2_tester_finds_nothing_wrong(token: str) -> None:
    client = WSGISCIMClient(
        get_wsgi_application(),
        f"{HOST}/scim/v2",
        headers={"Authorization": f"Bearer {token}"},
        provider=ScimProvider(),
    )
    results = check_server(client)
    wrong = [
        f"{each.title}: {each.reason}"
        for each in results
        if each.status not in (Status.SUCCESS, Status.ACCEPTABLE)
    ]
    assert not wrong, "\n".join(wrong)
    assert len(results) > 40
