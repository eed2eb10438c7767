"""Settings of messages that leave: GOV.UK Notify, text messages, webhooks."""

from __future__ import annotations

import base64
import os
import re
from datetime import time

from config.environment import SettingRefused, require_both

NOTIFY = "https://api.notifications.service.gov.uk"
"""Where GOV.UK Notify is."""


def webhook_secret(given: str | None, name: str) -> str:
    """Return the secret that signs calls, or an empty text.

    Raises:
        SettingRefused: It is not whsec_ and 24 to 64 bytes in base64 (Standard Webhooks).
    """
    try:
        key = base64.b64decode((given or "").removeprefix("whsec_"), validate=True)
    except ValueError:
        key = b""
    if given and not (given.startswith("whsec_") and 24 <= len(key) <= 64):
        remedy = 'write whsec_ and what "openssl rand -base64 32" prints'
        raise SettingRefused(name, "is no secret for signing", remedy)
    return given or ""


def notify_key(given: str | None, name: str) -> str:
    """Return an API key of GOV.UK Notify, or an empty text.

    Raises:
        SettingRefused: It is no such key.
    """
    part = "[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
    if given and not re.fullmatch(rf"\S*-{part}-{part}", given):
        raise SettingRefused(
            name, "is no key of GOV.UK Notify", "copy the whole key, with its name"
        )
    return given or ""


def notify_template(name: str) -> str:
    """Return the id of a template of GOV.UK Notify; empty without one.

    Raises:
        SettingRefused: It is no such id.
    """
    given = os.environ.get(name, "").strip()
    if given and not re.fullmatch(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", given):
        raise SettingRefused(name, "is no id of a template", "copy the id from GOV.UK Notify")
    return given


def require_templates(key: str, mail: str, text: str) -> None:
    """Refuse a key of Notify without a template, and a template without a key.

    Raises:
        SettingRefused: One is there without the other.
    """
    if key and not (mail or text):
        raise SettingRefused(
            "NOTIFY_TEMPLATE", "is missing", "set it or NOTIFY_TEXT_TEMPLATE as well"
        )
    require_both(mail or text, key, "NOTIFY_API_KEY")


def quiet_hours(name: str, default: str) -> tuple[time, time]:
    """Return from when and until when (local time) no text message is sent.

    The two are alike where there are no quiet hours.

    Raises:
        SettingRefused: The value is no such pair.
    """
    given = os.environ.get(name, "").strip() or default
    hour = "(?:[01][0-9]|2[0-3]):[0-5][0-9]"
    if not re.fullmatch(f"{hour}-{hour}", given):
        raise SettingRefused(name, "is no pair of times", "write 20:00-08:00")
    begin, end = given.split("-")
    return time.fromisoformat(begin), time.fromisoformat(end)
