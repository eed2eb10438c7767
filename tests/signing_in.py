"""Coming in, fast: the session and the key cookie as a real sign-in leaves them."""

from __future__ import annotations

import secrets
from typing import Any

from django.test import Client

from grievances.encryption.key_pairs import Holder, anonymous_holder, lock_in_browser
from grievances.web.shared.sessions import KEY_COOKIE
from tests.factories.people import Staff


def sign_in(client: Client, staff: Staff, name: str) -> Client:
    """The client of someone of the staff, signed in and with their private key open."""
    client.force_login(staff[name])
    keep_key(client, staff.holders[name])
    return client


def text_of(answer: Any) -> str:
    """The text of a page, also of one that is sent piece by piece."""
    whole = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return bytes(whole).decode()


def come_back(client: Client, case_key: str) -> Client:
    """The client of an anonymous complainant who came back with their case key."""
    holder, look_up = anonymous_holder(case_key)
    session = client.session
    session["returner"] = look_up
    session.save()
    client.cookies["fh_session"] = session.session_key or ""
    keep_key(client, holder)
    return client


def keep_key(client: Client, holder: Holder) -> None:
    """Lock the private key in the session, as signing in does."""
    session_id = secrets.token_hex(16)
    stored, cookie = lock_in_browser(holder, session_id)
    session = client.session
    session["vault"], session["vault_id"] = stored, session_id
    session.save()
    client.cookies[KEY_COOKIE] = cookie
