"""What is there and not yours answers as what is not there: each header, byte and question.

Beside cases: notices, diaries, kept concerns, aftercare, programs, passkeys, files, accounts.
"""

from __future__ import annotations

import re
import uuid
from typing import Any
from urllib.parse import quote

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from grievances.encryption import primitives
from notifications.models import Notice
from tests.attacks.world import MISSING, SHAPE, World, client_of
from tests.factories.people import Staff

OTHERS: dict[str, Any] = {
    "reference": MISSING,
    "token": "0" * 32,
    "evidence_id": uuid.UUID(int=7),
    "file_id": uuid.UUID(int=7),
    "remark_id": uuid.UUID(int=7),
    "label": "zzzzzzzz",
    "name": "2026-01-01-zz",
    "entry": "zzzzzzzz",
    "number": 987_654,
    "notice_id": 987_654_321,
    "pk": 987_654,
    "secret": "0" * 32,
}
"""A made-up value for each thing that an address may name."""
NAMES = (
    "case", "evidence", "trail", "api_case", "step", "certificate_json", "kept", "diary_entry",
    "told_for_someone", "for_you_one", "aftercare_one", "aftercare_asked", "consent", "reply",
    "reply_file", "accompany_case", "accompany_file", "remark", "program", "mfa_remove_webauthn",
    "inbox_read", "directory_entry", "raise_continue", "raise_page", "scim_person", "scim_group",
    "mfa_passkey_opens",
)  # fmt: skip
ASKED = {
    "HTTP_IF_NONE_MATCH": "*",
    "HTTP_IF_MODIFIED_SINCE": "Sat, 01 Jan 2050 00:00:00 GMT",
    "HTTP_RANGE": "bytes=0-3",
    "HTTP_ACCEPT": "application/json",
}
"""Headers with which a program asks whether a thing has changed."""
LEFT_OUT = {"X-Request-ID", "Content-Length"}
"""What is by chance, and the length of a body that is compared itself."""
CSRF = re.compile(rb'name="csrfmiddlewaretoken" value="\w+"')
OUT = "signed out"
"""A stranger: a new browser each time, because a first refusal begins a session."""


def measured(client: Client, method: str, path: str, asked: dict[str, str]) -> tuple[Any, ...]:
    """All that can be measured of an answer but the time: headers with their values too."""
    derived: list[int] = []
    kept = vars(primitives)["hash_secret_raw"]

    def derive(*args: object, **known: object) -> object:
        derived.append(1)
        return kept(*args, **known)

    with pytest.MonkeyPatch.context() as patch, CaptureQueriesContext(connection) as queries:
        patch.setattr(primitives, "hash_secret_raw", derive)
        answer = getattr(client, method)(path, **asked)
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    shapes = [SHAPE.findall(query["sql"])[:2] for query in queries]
    cookies = sorted(
        (name, sorted({**each, "expires": ""}.items())) for name, each in answer.cookies.items()
    )
    headers = sorted(
        (name, value) for name, value in answer.headers.items() if name not in LEFT_OUT
    )
    return answer.status_code, body, headers, cookies, shapes, len(derived)


@pytest.mark.slow
@pytest.mark.parametrize("person", ["respondent1", OUT])
def test_what_is_not_yours_answers_as_what_is_not_there(
    staff: Staff, world: World, person: str
) -> None:
    notice = Notice.objects.filter(pk__gt=0).order_by("pk").values_list("pk", flat=True)[0]
    world.arguments["inbox_read"] = {"notice_id": notice}
    client = client_of(staff, person)
    client.get("/support/")
    for name in NAMES:
        known = world.arguments[name]
        for each in known.keys() & OTHERS.keys():
            there = reverse(name, kwargs=known)
            nowhere = reverse(name, kwargs={**known, each: OTHERS[each]})
            for method, asked in (("get", ASKED), ("post", {})):
                one, other = (
                    measured(Client() if person == OUT else client, method, path, asked)
                    for path in (there, nowhere)
                )
                said = spellings(there, nowhere)
                one, other = (without(each, said) for each in (one, other))
                if one[0] in {200, 302, 422} and one[0] != other[0]:
                    continue  # It is theirs: `test_urls` says whose each address is.
                assert one == other, (name, each, method, asked)


def spellings(*paths: str) -> list[str]:
    """Paths as they are, and as they are inside other addresses."""
    return [*paths, *(quote(path) for path in paths), *(quote(path, safe="") for path in paths)]


def without(answer: tuple[Any, ...], paths: list[str]) -> tuple[Any, ...]:
    """An answer without the address that was asked, which the asker knows."""
    status, body, headers, *rest = answer
    body = CSRF.sub(b"", body)
    for path in paths:
        body = body.replace(path.encode(), b"")
        headers = [(name, value.replace(path, "")) for name, value in headers]
    return (status, body, headers, *rest)
