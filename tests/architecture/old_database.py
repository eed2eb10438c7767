"""Run by `test_old_database` on an unpacked database of before: prints what it found as JSON.

It knows commands, addresses, tables and fields, and no module of ours: those are free to move.
"""

from __future__ import annotations

import io
import json
import os
import re
import sys
from datetime import datetime
from pathlib import Path
from typing import Any

import django

django.setup()

from django.apps import apps  # noqa: E402 - after the set-up of Django
from django.conf import settings  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.test import Client  # noqa: E402

FACTS = json.loads((Path(os.environ["DATA_DIR"]) / "facts.json").read_text(encoding="utf-8"))
NEW_PASSWORD = "three-words-of-a-newer-year"  # noqa: S105 - made up
CASE = f"/cases/{FACTS['case']}/"


def command(name: str, *arguments: str) -> str:
    """Return what a command says; a command that fails ends this process."""
    out = io.StringIO()
    call_command(name, *arguments, stdout=out)
    return out.getvalue()


def signed_in(name: str, password: str = FACTS["password"]) -> Client:
    """Return the browser of one account, signed in on the page."""
    client = Client()
    answer = client.post("/accounts/login/", {"login": name, "password": password})
    assert answer.status_code == 302, answer.status_code
    return client


def page(client: Client, address: str) -> str:
    """Return the text of a page, as it is read."""
    answer = client.get(address)
    assert answer.status_code == 200, (address, answer.status_code)
    return re.sub(r"\s+", " ", answer.content.decode())


def words_on(shown: str, *names: str) -> list[str]:
    """Return which of the known words are on a page."""
    return [name for name in names if FACTS["words"][name] in shown]


def files_of(client: Client) -> dict[str, bytes]:
    """Return the originals of the case by name, downloaded by the one who added them."""
    rows = apps.get_model("grievances", "Evidence").objects.filter(case__reference=FACTS["case"])
    found = {}
    for row in rows:
        answer: Any = client.get(f"{CASE}evidence/{row.pk}/?copy=original")
        assert answer.status_code == 200, answer.status_code
        name = re.search(r'filename="([^"]+)"', answer["Content-Disposition"])
        found[name.group(1) if name else ""] = b"".join(answer)
    return found


def redrawn_picture(client: Client) -> bytes:
    """Return the copy without hidden details of the picture, as others are shown it."""
    rows = apps.get_model("grievances", "Evidence").objects.filter(case__reference=FACTS["case"])
    answers: list[Any] = [client.get(f"{CASE}evidence/{row.pk}/picture/") for row in rows]
    shown = [answer for answer in answers if answer.status_code == 200]
    assert len(shown) == 1, [answer.status_code for answer in answers]
    return b"".join(shown[0])


def by_recovery_code() -> Client:
    """Return the browser of the complainant, whose password is lost and set anew."""
    given = {"username": "complainant1", "code": FACTS["recovery_code"]}
    chosen = {"password1": NEW_PASSWORD, "password2": NEW_PASSWORD}
    answer = Client().post("/account/forgotten/", {**given, **chosen})
    assert answer.status_code == 302, answer.status_code
    return signed_in("complainant1", NEW_PASSWORD)


def with_key(address: str, field: str, key: str) -> tuple[Client, str]:
    """Return a browser that came back with a key, and the page it is led to."""
    client = Client()
    answer = client.post(address, {field: key})
    assert answer.status_code == 302, answer.status_code
    return client, str(answer["Location"])


def reply_of_the_respondent() -> str:
    """Return the page on which the respondent reads what was put to them and what they answered."""
    hearings = apps.get_model("grievances", "Hearing").objects
    token = hearings.get(case__reference=FACTS["case"]).token
    return page(signed_in("respondent1"), f"/replies/{token}/")


def keys_of(value: Any) -> Any:
    """Return the keys of a JSON answer, without its values; of a list, those of all its parts."""
    if isinstance(value, dict):
        return {key: keys_of(part) for key, part in sorted(value.items())}
    if isinstance(value, list):
        merged: Any = ""
        for part in value:
            merged = joined(merged, keys_of(part))
        return [merged]
    return ""


def joined(one: Any, other: Any) -> Any:
    """Return the keys of both: of two answers of one kind, each may lack what is empty."""
    if isinstance(one, dict) and isinstance(other, dict):
        return {key: joined(one.get(key, ""), other.get(key, "")) for key in {**one, **other}}
    if isinstance(one, list) and isinstance(other, list):
        return [joined(one[0], other[0])]
    return one or other


def json_of(client: Client, address: str) -> Any:
    """Return the keys of a JSON answer."""
    answer = client.get(address)
    assert answer.status_code == 200, (address, answer.status_code)
    return keys_of(answer.json())


def reports_of(analyst: Client) -> Any:
    """Return the keys of every report of the year, taken together."""
    snapshots = apps.get_model("grievances", "Snapshot").objects.filter(period=FACTS["report"])
    keys: Any = ""
    for name in sorted(set(snapshots.values_list("report", flat=True))):
        keys = joined(keys, json_of(analyst, f"/reports/{name}.json?period={FACTS['report']}"))
    return keys


def answers_for_programs(handler: Client) -> dict[str, Any]:
    """Return the keys of what programs are given."""
    analyst, report = signed_in("analyst1"), FACTS["report"]
    csv = analyst.get(f"/reports/volumes.csv?period={report}")
    return {
        "cases": json_of(handler, "/api/v1/cases/"),
        "case": json_of(handler, f"/api/v1{CASE}"),
        "ready": json_of(Client(), "/health/ready"),
        "reports": reports_of(analyst),
        "report as CSV": csv.content.decode().splitlines()[0].split(","),
    }


def take(client: Client, case: str, name: str, said: dict[str, Any]) -> Any:
    """Take a step through the API, and return the keys of the answer."""
    answer = client.post(f"/api/v1/cases/{case}/{name}/", said, content_type="application/json")
    assert answer.status_code == 200, answer.content.decode()
    return keys_of(answer.json())


def in_an_emergency() -> str:
    """Return the page of the anonymous case as the data-protection officer reads it for a while."""
    lead, officer, case = signed_in("lead1"), signed_in("dpo1"), FACTS["anonymous_case"]
    assert FACTS["words"]["emergency"] in page(lead, f"/cases/{case}/agree_break_glass/")
    take(lead, case, "agree_break_glass", {"read": True})
    return page(officer, f"/cases/{case}/")


def main() -> None:
    command("migrate", "--verbosity=0")
    found: dict[str, Any] = {"before": command("verify_trail", "--heads")}
    settings.SERVER_KEYS = f"2:{'cd' * 32},{FACTS['server_keys']}"
    found["rotation"] = command("rotate_keys")
    handler, complainant = signed_in("handler1"), by_recovery_code()
    found["handler"] = words_on(page(handler, CASE), "account", "message", "reply")
    found["complainant"] = words_on(page(complainant, CASE), "account", "message", "companion")
    found["respondent"] = words_on(reply_of_the_respondent(), "put", "reply")
    anonymous, own = with_key("/return/", "case_key", FACTS["case_key"])
    found["anonymous"] = words_on(page(anonymous, own), "anonymous", "anonymous message")
    guest, along = with_key("/accompany/", "own_key", FACTS["companion_key"])
    found["companion"] = words_on(page(guest, along), "account", "message", "companion")
    found["files"] = {name: body.hex() for name, body in files_of(complainant).items()}
    found["picture"] = redrawn_picture(handler).hex()
    found["emergency"] = words_on(in_an_emergency(), "anonymous", "anonymous message")
    said = {"held_on": "2026-11-26", "companion_asked": True, "notes": "We met for an hour."}
    found["answers"] = answers_for_programs(handler)
    found["answers"]["step"] = take(handler, FACTS["case"], "record_meeting", said)
    settings.FAKE_NOW = datetime(2026, 12, 1, 10)
    found["swept"] = command("tick")
    found["after"] = command("verify_trail")
    sys.stdout.write(json.dumps(found))


main()
