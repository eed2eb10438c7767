"""The OpenAPI document, held by schemathesis, and the tokens of programs."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
import schemathesis
from django.conf import settings as django_settings
from django.core.wsgi import get_wsgi_application
from django.db import transaction
from django.test import Client
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from grievances.audit.models import Event
from grievances.people.models import Appointment, User
from grievances.tokens import issuing
from grievances.tokens.models import AccessToken, Purpose
from grievances.vocabulary import Office
from grievances.web.shared import clock
from tests.factories import cases
from tests.factories.people import Staff
from tests.page_time import pages_at
from tests.signing_in import sign_in

CHECKS = (
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
)
ADDRESS = "/api/v1/cases/"
_page_time = pages_at(cases.START)


@dataclass
class Program:
    """A person's session as a program uses it, and the case it asks about."""

    client: Client
    reference: str
    sent: int = 0

    def call(self, made: Any) -> Any:
        """Send one request, now and then about a case that is not there; keep nothing of it."""
        self.sent += 1
        if made.path_parameters and self.sent % 4:
            made.path_parameters["reference"] = self.reference
        cookies = {name: morsel.value for name, morsel in self.client.cookies.items()}
        with transaction.atomic():
            head = {"X-CSRFToken": cookies[django_settings.CSRF_COOKIE_NAME]}
            response = made.call(cookies=cookies, headers=head)
            transaction.set_rollback(True)
        return response


@pytest.mark.parametrize("who", ["complainant1", "handler1"])
def test_schemathesis_finds_nothing_wrong(staff: Staff, who: str) -> None:
    client = sign_in(Client(), staff, who)
    client.get("/account/passphrase/")
    client.get("/raise/")
    program = Program(client, cases.in_investigation(staff).reference)
    schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", get_wsgi_application())
    operations: list[Any] = [each.ok() for each in schema.get_all_operations()]  # type: ignore[union-attr]
    statuses = {status for each in operations for status in sent(each, program)}
    assert program.sent >= len(operations) > 70
    assert {200, 404, 422} <= statuses
    assert 403 not in statuses


def sent(operation: Any, program: Program) -> Iterator[int]:
    """Send what hypothesis makes up for one operation, and judge the answers."""
    seen: list[int] = []

    @settings(
        max_examples=6 if operation.method == "get" else 1,
        deadline=None,
        database=None,
        derandomize=True,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(operation.as_strategy())
    def send(made: Any) -> None:
        response = program.call(made)
        seen.append(response.status_code)
        made.validate_response(response, checks=CHECKS)

    send()
    yield from seen


def ask(token: str, address: str = ADDRESS, method: str = "GET") -> Any:
    return Client().generic(method, address, headers={"Authorization": f"Bearer {token}"})


def made(staff: Staff, who: str, office: Office) -> str:
    caller = staff.caller(who)
    return issuing.make(caller, Purpose.DATES, office, "Wall board", 30, now=cases.START)


def test_a_token_shows_the_cases_of_its_office_and_nothing_else(staff: Staff) -> None:
    case = cases.in_investigation(staff)
    token = made(staff, "handler1", Office.HANDLER)
    body = ask(token).json()
    assert [row["reference"] for row in body["cases"]] == [case.reference]
    assert (body["late"], body["cases"][0]["roles"]) == (None, ["handler"])
    for address in (f"{ADDRESS}{case.reference}/", f"/cases/{case.reference}/", "/scim/v2/Users"):
        assert ask(token, address).status_code in (302, 401)
    assert ask(token, method="POST").status_code in (403, 405)
    assert Event.objects.filter(kind="token.used").count() == 1


def test_a_token_shows_no_concern_of_its_maker_and_ends_with_the_office(staff: Staff) -> None:
    case = cases.acknowledged(staff)
    Appointment.objects.create(
        person=staff["complainant1"], office=Office.HANDLER, from_date=cases.START.date()
    )
    own = made(staff, "complainant1", Office.HANDLER)
    client = sign_in(Client(), staff, "complainant1")
    assert case.reference in client.get(ADDRESS).content.decode()
    assert ask(own).json()["cases"] == []
    Appointment.objects.filter(person=staff["complainant1"]).delete()
    assert ask(own).status_code == 401
    assert ask("fht_wrong").json()["code"] == "TOKEN"


def test_a_token_that_ended_in_any_way_and_one_in_the_address_open_nothing(
    staff: Staff, monkeypatch: pytest.MonkeyPatch
) -> None:
    cases.in_investigation(staff)
    token, ended = (made(staff, "handler1", Office.HANDLER) for _ in range(2))
    caller, person = staff.caller("handler1"), staff["handler1"]
    issuing.revoke(caller, AccessToken.objects.latest("pk").pk, now=cases.START)
    Appointment.objects.create(
        person=staff["staff2"], office=Office.DIRECTORY, from_date=cases.START.date()
    )
    scim = issuing.make(
        staff.caller("staff2"), Purpose.DIRECTORY, Office.DIRECTORY, "HR", 30, now=cases.START
    )
    refused = [ask(each) for each in (ended, scim, token.upper(), f"{token}x", f"x {token}", "")]
    assert {answer.status_code for answer in refused} == {401}
    assert len({answer.content for answer in refused[:-1]}) == 1
    for key in ("token", "access_token", "Authorization"):
        assert Client().get(ADDRESS, {key: token}).status_code == 401
    for scheme in ("Basic", "Token", "fht_"):
        answer = Client().get(ADDRESS, headers={"Authorization": f"{scheme} {token}"})
        assert answer.status_code == 401
    assert ask(token).status_code == 200
    with monkeypatch.context() as patched:
        patched.setattr(clock, "now", lambda: cases.START + timedelta(days=30))
        assert ask(token).status_code == 401
    User.objects.filter(pk=person.pk).update(is_active=False)
    assert ask(token).status_code == 401
    assert Event.objects.filter(kind="token.used").count() == 1
    assert token not in json.dumps(list(Event.objects.values_list("data", flat=True)))


def test_the_document_is_for_everyone_and_names_no_case(staff: Staff) -> None:
    case = cases.acknowledged(staff)
    text = Client().get("/api/v1/openapi.json").content.decode()
    assert json.loads(text)["openapi"] == "3.1.0"
    assert case.reference not in text
