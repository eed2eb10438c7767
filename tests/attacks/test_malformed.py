"""Malformed addresses, bodies and headers get a plain refusal on every database, never an error.

A fuzzer goes over every address of the product and over the API, as people of every kind.
"""

from __future__ import annotations

import io
import json
import logging
from typing import Any

import pytest
from django.test import Client
from hypothesis import HealthCheck, settings
from hypothesis import given as drawn

from config.logs import CarefulFormatter
from grievances.web.cases.step_forms.registry import FORMS
from grievances.web.shared.middleware.well_formed import Utf8Request
from tests.attacks.malformed_requests import (
    BODIES,
    COOKIES,
    FIELD,
    KINDS,
    OURS,
    OUT,
    PEOPLE,
    ROUTES,
    TOKEN,
    as_form,
    fill,
    person_at,
    real_paths,
    requests,
    send,
    taken_back,
)
from tests.attacks.world import World
from tests.factories.people import Staff
from tests.signing_in import sign_in

pytestmark = pytest.mark.django_db


@pytest.mark.slow
@pytest.mark.parametrize("person", PEOPLE)
def test_no_malformed_request_is_an_error(
    staff: Staff,
    world: World,
    monkeypatch: pytest.MonkeyPatch,
    person: str,
) -> None:
    client = person_at(monkeypatch, staff, person)
    real = [path for path in real_paths(world) if "logout" not in path]

    @settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
    @drawn(requests(real))
    def is_refused(asked: dict[str, Any]) -> None:
        with taken_back():
            if "fill" in asked:
                asked["data"] = fill(client, asked["path"], asked["fill"])
            answer = send(client, asked)
            assert answer.status_code in OURS, answer.status_code

    is_refused()


SPOILT = ("a\x00b", "\ud800")


def pages(world: World) -> list[str]:
    """Every page of the world, and every step of its case."""
    steps = (f"/cases/{world.case.reference}/{step}/" for step in FORMS)
    plain = (route for route in ROUTES if "<" not in route)
    return sorted({*plain, *real_paths(world), *steps} - LEAVING)


LEAVING = {"/accounts/logout/", "/exit/"}


@pytest.mark.slow
@pytest.mark.parametrize("person", [OUT, "complainant1", "triage1"])
def test_no_field_of_a_page_takes_a_text_that_a_database_refuses(
    staff: Staff,
    world: World,
    monkeypatch: pytest.MonkeyPatch,
    person: str,
) -> None:
    client = person_at(monkeypatch, staff, person)
    wrong = []
    for path in pages(world):
        with taken_back():
            answer = client.get(path)
            html = "" if answer.streaming else answer.content.decode()
        fields = dict(FIELD.findall(html.partition("<main")[2])) if answer.status_code < 300 else {}
        for name in fields:
            for word in SPOILT:
                with taken_back():
                    code = client.post(path, as_form({**fields, name: word}), KINDS[0]).status_code
                if code not in OURS:
                    wrong.append((path, name, word[:3], code))
    assert not wrong


@pytest.mark.slow
def test_no_field_of_the_api_takes_a_text_that_a_database_refuses(
    staff: Staff,
    world: World,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    client = person_at(monkeypatch, staff, "triage1")
    wrong = []
    for step, form in FORMS.items():
        path = f"/api/v1/cases/{world.case.reference}/{step}/"
        for name in form.base_fields:
            for value in (SPOILT[0], [SPOILT[1]]):
                with taken_back():
                    body = json.dumps({name: value})
                    code = client.post(path, body, "application/json").status_code
                if code not in OURS:
                    wrong.append((step, name, code))
    assert not wrong


@pytest.mark.parametrize(
    "path",
    [
        "/api/v1/cases/RC%00/",
        "/api/v1/cases/RC-222222/a%00/",
        "/raise/RC%00/",
        "/raise/RC%00/delete/",
        "/raise/RC%00/receipt/",
        "/raise/RC%00/when/",
        "/consent/a%00/",
        "/replies/a%00/",
        "/replies/a%00/companion/",
        "/accompany/with/a%00/",
        "/accompany/a%00/",
        "/survey/a%00/",
        "/mail/a%00/",
        "/static/a%00.css",
        "/health/a%00/",
        "/raise/anonymous/a%00/",
        "/nowhere%00",
        "/survey/a%0Ab/",
        "/consent/a%1Fb/",
        "/consent/a%7F/",
        "/consent/" + "a" * 1001 + "/",
    ],
)
@pytest.mark.parametrize("method", ["get", "post"])
def test_an_address_with_a_control_character_is_no_address(
    staff: Staff, path: str, method: str
) -> None:
    answer = getattr(sign_in(Client(), staff, "complainant1"), method)(path)
    assert answer.status_code == 404
    assert "govuk-heading" in answer.content.decode()


@pytest.mark.parametrize("query", ["page=%00", "%00=1", "page=1&page=a%00", "next=/%0d%0aX:1"])
def test_a_query_with_a_control_character_is_refused_on_a_page_of_ours(query: str) -> None:
    answer = Client().get(f"/support/?{query}")
    assert answer.status_code == 400
    assert "govuk-heading" in answer.content.decode()


def test_the_api_answers_every_body_in_json(staff: Staff, world: World) -> None:
    client = sign_in(Client(), staff, "triage1")
    path = f"/api/v1/cases/{world.case.reference}/message/"
    for body in BODIES:
        for kind in ("application/json", "multipart/form-data; boundary=x", "text/plain"):
            code = client.post(path, body, kind).status_code
            assert code in {400, 409, 422}, (kind, body[:30], code)
        answer = client.post(path, body, "application/json")
        assert set(answer.json()) == {"code", "sentence"}, body[:30]


def test_a_malformed_cookie_is_no_cookie(staff: Staff) -> None:
    for name in COOKIES:
        answer = Client(headers={"Cookie": f'{name}="a\\000b"'}).get("/accounts/login/")
        assert answer.status_code == 200, name


@pytest.mark.parametrize(
    "charset", ["undefined", "base64", "utf-16", "idna", "unicode_escape", "no"]
)
def test_a_request_is_read_as_utf_8_whatever_it_claims(charset: str) -> None:
    body = b"a=%C3%A9"
    request = Utf8Request(
        {
            "REQUEST_METHOD": "POST",
            "PATH_INFO": "/",
            "QUERY_STRING": "q=%C3%A9",
            "CONTENT_TYPE": f"{KINDS[0]}; charset={charset}",
            "CONTENT_LENGTH": str(len(body)),
            "wsgi.input": io.BytesIO(body),
        }
    )
    assert request.GET["q"] == request.POST["a"] == "é"


@pytest.mark.parametrize(
    "path", [f"/accompany/with/{TOKEN}/", f"/accompany/{TOKEN}/", f"/no/{TOKEN}"]
)
def test_no_line_of_the_log_names_an_address(
    staff: Staff, path: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Not when the page fails, and not when it is refused: the address holds a secret."""

    def fail(*_: object, **__: object) -> None:
        raise RuntimeError(TOKEN)

    monkeypatch.setattr("grievances.web.participants.companion_views.guest_in", fail)
    monkeypatch.setattr("grievances.web.shared.error_views.render", fail)
    with caplog.at_level(logging.DEBUG):
        answer = Client(raise_request_exception=False).get(f"{path}?{TOKEN}")
    assert answer.status_code >= 400
    told = [record for record in caplog.records if record.name.startswith("django.request")]
    assert told
    lines = [CarefulFormatter("{message}", style="{").format(record) for record in told]
    assert TOKEN not in "".join(lines)
    assert all("GET" in line for line in lines)
