"""Someone with an account and a script: other methods, other people's tokens, other redirects."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.attacks.world import MISSING, SHAPE, World, client_of
from tests.factories.people import PASSWORD, Staff

METHODS = ("head", "options", "post", "put", "patch", "delete")
OF_A_TOKEN = (
    "consent", "reply", "reply_away", "reply_companion", "reply_add", "reply_file", "reply_choose",
    "accompany_case", "accompany_add", "accompany_file",
)  # fmt: skip
STEPS = ("share_files", "announce_joining", "merge", "answer_reader", "choose_copy", "exclude")


def seen(client: Client, method: str, path: str) -> tuple[Any, ...]:
    """What can be measured of an answer but the time it took."""
    with CaptureQueriesContext(connection) as queries:
        answer = getattr(client, method)(path)
    body = b"" if answer.streaming else answer.content
    asked = [SHAPE.findall(query["sql"])[:2] for query in queries]
    return answer.status_code, body, sorted(answer.headers), asked


@pytest.mark.slow
@pytest.mark.parametrize("person", ["respondent1", "linemanager1", "staff1", "handler2"])
def test_no_method_tells_a_case_from_one_that_is_not_there(
    staff: Staff, world: World, person: str
) -> None:
    client = client_of(staff, person)
    client.get("/support/")
    reference = world.case.reference
    paths = [world.path(name) for name, known in world.arguments.items() if "reference" in known]
    paths = [path for path in paths if reference in path]
    paths += [f"/cases/{reference}/{step}/" for step in STEPS]
    for path in paths:
        for method in METHODS:
            real, made_up = (
                seen(client, method, path.replace(reference, each)) for each in (reference, MISSING)
            )
            assert real == made_up, (path, method)


@pytest.mark.slow
@pytest.mark.parametrize("person", ["complainant1", "linemanager1", "staff1", "handler1"])
def test_the_token_of_someone_else_is_one_that_is_not_there(
    staff: Staff, world: World, person: str
) -> None:
    client = client_of(staff, person)
    client.get("/support/")
    for name in OF_A_TOKEN:
        known = world.arguments[name]
        made_up = {**known, "token": "0" * len(known["token"])}
        for method in ("get", "post", "head"):
            theirs, nobodys = (
                seen(client, method, reverse(name, kwargs=each)) for each in (known, made_up)
            )
            assert theirs[0] in {404, 405}, (name, method)
            assert theirs == nobodys, (name, method)


@pytest.mark.parametrize(
    "there",
    ["//evil.example", "https://evil.example/", "/\\evil.example", "///evil.example", "http:evil"],
)
def test_signing_in_leads_to_no_other_site(staff: Staff, there: str) -> None:
    fields = {"login": "staff1", "password": PASSWORD, "next": there}
    assert Client().post("/accounts/login/", fields)["Location"] == "/"
