"""Walking through the pages of raising a concern, as a browser without script does."""

from __future__ import annotations

import base64
import json
import re
from typing import Any

from django.apps import apps
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.test import Client

from grievances.cases.models.case import Case
from grievances.cases.models.case_keys import Keyring
from grievances.cases.models.records import Kind, read_all
from tests.factories.people import Staff
from tests.signing_in import sign_in

SECRET = "PLANTED-SECRET-WORDS"
ANONYMOUS = "/raise/anonymous"
STORY = f"My accent was imitated in front of the team. {SECRET}"


def page_of(answer: Any) -> str:
    """The text of a page as a person reads it, without runs of blanks."""
    return re.sub(r"\s+", " ", answer.content.decode())


def hidden(html: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', html)
    assert found is not None, f"the page has no hidden field {name}"
    return found.group(1)


def begin(client: Client) -> str:
    """Start a draft and answer its address, /raise/<reference>."""
    where: str = client.post("/raise/")["Location"]
    return where.removesuffix("/what-happened/")


def written(
    staff: Staff, who: str = "complainant1", /, **pages: dict[str, Any]
) -> tuple[Client, str]:
    """Someone signed in with a draft in which these pages are answered."""
    client = sign_in(Client(), staff, who)
    base = begin(client)
    answers: dict[str, dict[str, Any]] = {
        "what-happened": {"account": STORY},
        "about": {"about": "respondent1"},
        **pages,
    }
    for page, fields in answers.items():
        answer = client.post(f"{base}/{page}/", fields)
        assert answer.status_code == 302, page_of(answer)
    return client, base


def send(client: Client, base: str, **fields: str) -> Any:
    """Press "Send my concern" on the page as it was shown."""
    html = client.get(f"{base}/check/").content.decode()
    given = {"shown": hidden(html, "shown"), "once": hidden(html, "once"), **fields}
    if 'name="puzzle"' in html:
        given = {"puzzle": hidden(html, "puzzle"), **given}
    return client.post(f"{base}/check/", given)


def everything_stored() -> str:
    """Every row of every table as text; sealed bytes in hex, sessions as they decode too."""
    lines: list[str] = []
    for model in apps.get_models():
        for row in model._default_manager.values():
            plain = {k: bytes(v).hex() if isinstance(v, bytes) else str(v) for k, v in row.items()}
            lines.append(f"{model._meta.label} {json.dumps(plain)}")
    lines += [json.dumps(data) for data in session_rows()]
    return "\n".join(lines)


def session_rows() -> list[dict[str, Any]]:
    """What each session row holds, once its signature is taken off."""
    return [SessionStore().decode(row.session_data) for row in Session.objects.all()]


def is_hidden(secret: str, store: str) -> bool:
    """Whether the words are in the store neither in clear, in hex nor in base64."""
    raw = secret.encode()
    forms = [secret, raw.hex(), base64.b64encode(raw).decode()[:-4]]
    return not any(form in store for form in forms)


def the_case() -> Case:
    """The only case there is."""
    return Case.unguarded.get()


def sent(staff: Staff, **pages: dict[str, Any]) -> tuple[Client, Case]:
    """Someone signed in with a concern just sent."""
    client, base = written(staff, **pages)
    assert send(client, base).status_code == 302
    return client, the_case()


def words(staff: Staff, case: Case, who: str = "complainant1") -> dict[Kind, str]:
    """What someone's key opens of a case."""
    ring = Keyring.of(case, staff.holders[who])
    return {w.kind: w.text for w in read_all(case, ring, list(Kind))}


def writing(**pages: dict[str, Any]) -> Client:
    """A browser without an account in which these pages are answered."""
    client = Client(REMOTE_ADDR="203.0.113.77", HTTP_USER_AGENT="Telltale/1.0")
    answers: dict[str, dict[str, Any]] = {
        "what-happened": {"account": STORY},
        "about": {"about": "respondent1"},
        "region": {"region": "WALES"},
        **pages,
    }
    for page, fields in answers.items():
        answer = client.post(f"{ANONYMOUS}/{page}/", fields)
        assert answer.status_code == 302, page_of(answer)
    return client


def key_on(client: Client) -> str:
    """The case key that the page after sending shows."""
    found = re.search(r'class="fh-key">([^<]+)<', client.get(f"{ANONYMOUS}/key/").content.decode())
    assert found is not None
    return found.group(1)


def sent_anonymously(**pages: dict[str, Any]) -> tuple[Client, str]:
    """A browser that has just sent an anonymous concern, and its case key."""
    client = writing(**pages)
    assert send(client, ANONYMOUS)["Location"] == f"{ANONYMOUS}/key/"
    return client, key_on(client)
