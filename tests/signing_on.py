"""Coming in by single sign-on: the whole way, to the small provider of the tests and back."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import SplitResult, urlsplit

import requests
from django.test import Client

from grievances.accounts.sign_on_models import SignOnBinding, subject_handle
from grievances.people.models import User

CLAIMS = {"sub": "PLANTED-SUBJECT", "preferred_username": "sso1", "email": "PLANTED@example.org"}
PASSPHRASE = "three-quiet-red-bicycles"
LOGIN = "/accounts/sso/login/"
OURS = {"Sec-Fetch-Site": "same-origin"}
"""What a browser says when someone presses a link of the site itself."""


def sign_in(client: Client, provider: str, fault: str = "", **changed: Any) -> Any:
    """The whole way: to the provider, back with a code, and what we answer to it."""
    back = come_back(client, provider, fault, **changed)
    return client.get(f"{back.path}?{back.query}")


def come_back(client: Client, provider: str, fault: str = "", **changed: Any) -> SplitResult:
    """Where the provider sends a browser back to, once the person has signed in there."""
    told = json.dumps({"claims": {**CLAIMS, **changed}, "fault": fault})
    requests.post(f"{provider}/be", data=told, timeout=5)
    there = client.get(LOGIN, headers=OURS)
    assert there.status_code == 302
    assert "code_challenge=" in there["Location"]
    answer = requests.get(there["Location"], allow_redirects=False, timeout=5)
    return urlsplit(answer.headers["Location"])


def let_in(person: User) -> Client:
    """The client of someone whom the organisation's sign-in has let in, as it leaves it."""
    client, subject = Client(), subject_handle("https://idp.example", str(person.pk))
    SignOnBinding.objects.get_or_create(person=person, defaults={"subject": subject})
    client.force_login(person)
    session = client.session
    session["sign_on"] = subject
    session.save()
    return client
