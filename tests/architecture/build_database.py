"""Build the database that `test_old_database` opens: the demonstration and one case by its pages.

A person runs it, for a new version of the data only (its own name in the folder, never over an
old one), in an empty folder:

    FAIRHEARING_MODE=test DATA_DIR=/tmp/new FAKE_NOW=2026-11-27T09:30 \\
        .venv/bin/python -m tests.architecture.build_database tests/reference/NAME.tar.xz

Everything in it is made up, the keys included. All reports but those of one year are left out, and
all workbooks but one, because they would be four fifths of the file.
"""

from __future__ import annotations

import io
import json
import os
import re
import sys
import tarfile
from pathlib import Path
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

from django.apps import apps  # noqa: E402 - after the set-up of Django
from django.conf import settings  # noqa: E402
from django.core.files.uploadedfile import SimpleUploadedFile  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402
from PIL import Image  # noqa: E402

PASSWORD = "fair-hearing-demo"
YEAR = "2025-26"
WORDS = {
    "account": "In the meeting of 12 October my accent was imitated twice. Four people laughed.",
    "message": "I kept the invitation of that meeting, and add a picture of it.",
    "put": "In the meeting of 12 October an accent is said to have been imitated.",
    "reply": "I was in the room and remember it differently.",
    "companion": "I will come along to the meeting on Tuesday.",
    "emergency": "Two people asked after the writer, and no one has heard from them.",
    "anonymous": "My leave is refused each time, and the leave of others is not.",
    "anonymous message": "It has happened again this week.",
}
NOTE = "Notes of the twelfth of October.\nTwo people spoke before me.\n" * 40


def signed_in(name: str) -> Client:
    """Return the browser of one account, signed in on the page."""
    client = Client()
    sent(client.post("/accounts/login/", {"login": name, "password": PASSWORD}))
    return client


def sent(answer: Any, status: int = 302) -> Any:
    """Return the answer; raise RuntimeError for any other status."""
    if answer.status_code != status:
        raise RuntimeError(f"{answer.status_code}: {answer.content.decode()[-3000:]}")
    return answer


def take(client: Client, reference: str, step: str, **fields: Any) -> None:
    """Take one step through the API."""
    address = f"/api/v1/cases/{reference}/{step}/"
    sent(client.post(address, fields, content_type="application/json"), 200)


def found(pattern: str, answer: Any) -> str:
    """Return the first group of a pattern on a page; raise RuntimeError when it is not there."""
    match = re.search(pattern, answer.content.decode())
    if match is None:
        raise RuntimeError(f"{pattern} is not on the page")
    return match.group(1)


def send(client: Client, base: str) -> None:
    """Press "Send my concern" on the page as it is shown."""
    page = client.get(f"{base}/check/")
    names = ("shown", "once", "puzzle")
    hidden = {n: re.search(rf'name="{n}" value="([^"]*)"', page.content.decode()) for n in names}
    sent(client.post(f"{base}/check/", {n: m.group(1) for n, m in hidden.items() if m}))


def person(username: str) -> int:
    """Return the number of an account."""
    found = apps.get_model("grievances", "User").objects.get(username=username)
    return int(found.pk)


def picture() -> bytes:
    """Return a small JPEG with a hidden detail in it."""
    out, exif = io.BytesIO(), Image.Exif()
    exif[0x010E] = "taken on the third floor"
    Image.linear_gradient("L").convert("RGB").save(out, "JPEG", exif=exif)
    return out.getvalue()


def raise_concern() -> tuple[str, Client]:
    """Raise a concern as complainant1, with a personal address and the questions about oneself."""
    client = signed_in("complainant1")
    base = client.post("/raise/")["Location"].removesuffix("/what-happened/")
    for page, fields in (
        ("what-happened", {"account": WORDS["account"]}),
        ("when", {"when": "12 October 2026"}),
        ("about", {"about": "respondent1"}),
        ("name", {"identity": "CONFIDENTIAL", "share": "yes"}),
        ("contact", {"contact": "PERSONAL_EMAIL", "address": "amara@home.invalid"}),
        ("keep-away", {"exclude": "staff5"}),
        ("help", {"help": "That it stops."}),
    ):
        sent(client.post(f"{base}/{page}/", fields))
    send(client, base)
    reference = base.removeprefix("/raise/")
    about = {"ethnic_group": "O2", "other": "Igbo", "own_words": "Igbo and British"}
    sent(client.post(f"/cases/{reference}/about-you/", about))
    return reference, client


def add_files(client: Client, reference: str, files: dict[str, bytes]) -> None:
    """Add evidence on the page of the case."""
    given = [SimpleUploadedFile(name, content) for name, content in files.items()]
    page = f"/cases/{reference}/add_evidence/"
    once = found(r'name="once" value="([^"]*)"', client.get(page))
    sent(client.post(page, {"once": once, "others": "copy", "file": given}))


def handle_concern(reference: str, complainant: Client) -> None:
    """Bring the case into investigation, and put it to the respondent, who answers."""
    triage, handler = signed_in("triage1"), signed_in("handler1")
    take(triage, reference, "acknowledge", declare=True)
    take(triage, reference, "check_safety", flags=["HEALTH"], note="A weekly call is agreed.")
    take(triage, reference, "ask_exclusions")
    take(triage, reference, "agree_formal", tag="HARASSMENT")
    for name, role in (("handler1", "handler"), ("decider1", "decider")):
        take(triage, reference, "offer", role=role, candidate=person(name))
        take(signed_in(name), reference, "accept", declare=True)
    take(complainant, reference, "message", text=WORDS["message"])
    take(handler, reference, "begin_investigation", declare=True)
    asked = {"person": person("respondent1"), "text": WORDS["put"], "due_on": "2026-12-04"}
    take(handler, reference, "put_to_respondent", **asked, checked=True)
    respondent = signed_in("respondent1")
    page = f"/replies/{apps.get_model('grievances', 'Hearing').objects.latest('pk').token}/"
    once = found(r'name="once" value="([^"]*)"', respondent.get(page))
    sent(respondent.post(page, {"text": WORDS["reply"], "once": once}))


def bring_companion(reference: str, complainant: Client) -> str:
    """Invite a companion without an account, who comes in and writes; return their key."""
    page = f"/cases/{reference}/invite_companion/"
    shown = complainant.get(page)
    names = ("once", "seen", "secret")
    fields = {name: found(rf'name="{name}" value="([^"]*)"', shown) for name in names}
    chosen = {"person": "Leila Nazari", "shares": ["ACCOUNT", "MESSAGES", "STATEMENTS"]}
    made = sent(complainant.post(page, {**fields, **chosen}), 200)
    link = found(r"(/accompany/[0-9a-z]{24}/)", made)
    guest = Client()
    key = found(r'name="own_key" value="([^"]*)"', guest.get(link))
    sent(guest.post(link, {"kind": "COLLEAGUE", "confidential": "on", "own_key": key}), 200)
    along = found(r'href="(/accompany/with/[^"]+)"', guest.get("/accompany/"))
    once = found(r'name="once" value="([^"]*)"', guest.get(along))
    sent(guest.post(along, {"text": WORDS["companion"], "once": once}))
    return key


def raise_anonymously() -> tuple[str, str]:
    """Raise a concern without an account; return its case key and its reference."""
    client, base = Client(), "/raise/anonymous"
    for page, fields in (
        ("what-happened", {"account": WORDS["anonymous"]}),
        ("about", {"about": "neighbour9"}),
        ("region", {"region": "WALES"}),
    ):
        sent(client.post(f"{base}/{page}/", fields))
    send(client, base)
    key = found(r'class="fh-key">([^<]+)<', client.get(f"{base}/key/"))
    page = sent(client.post(f"{base}/key/", {"ending": key[-4:]}))["Location"]
    reference = page.removeprefix("/cases/").strip("/")
    take(client, reference, "message", text=WORDS["anonymous message"])
    return key, reference


def recovery_code(client: Client) -> str:
    """Make a recovery code on the page of the account."""
    made = sent(client.post("/account/recovery-code/", {"password": PASSWORD}), 200)
    code = found(r'class="fh-key">([^<]+)<', made)
    sent(client.post("/account/recovery-code/check/", {"group": code[-4:]}))
    return code


def thin_out() -> None:
    """Leave out other reports, all workbooks but one, and sessions; close the file's gaps."""
    for name in ("Snapshot", "Release"):
        rows = apps.get_model("grievances", name).objects
        rows.exclude(period=YEAR, audience="internal").delete()
    workbooks = apps.get_model("grievances", "Snapshot").objects.exclude(report="volumes")
    workbooks.update(workbook=b"")
    apps.get_model("sessions", "Session").objects.all().delete()
    with connection.cursor() as cursor:
        cursor.execute("VACUUM")
        cursor.execute("PRAGMA journal_mode=DELETE")
    connection.close()


def build() -> dict[str, Any]:
    """Build it all; return what a test must know to open it."""
    call_command("demo", verbosity=0)
    reference, complainant = raise_concern()
    handle_concern(reference, complainant)
    files = {"notes.txt": NOTE.encode(), "invitation.jpg": picture()}
    add_files(complainant, reference, files)
    companion_key = bring_companion(reference, complainant)
    case_key, anonymous = raise_anonymously()
    code = recovery_code(complainant)
    sent(complainant.post(f"/cases/{reference}/tribunal/", {"what": "on"}))
    asked = {"why": "DANGER", "text": WORDS["emergency"]}
    take(signed_in("dpo1"), anonymous, "ask_break_glass", **asked)
    call_command("export_head", verbosity=0)
    return {
        "made_up": "Every name, word and key here is invented.",
        "built_at": os.environ["FAKE_NOW"],
        "server_keys": settings.SERVER_KEYS,
        "password": PASSWORD,
        "recovery_code": code,
        "case": reference,
        "anonymous_case": anonymous,
        "case_key": case_key,
        "companion_key": companion_key,
        "files": {name: content.hex() for name, content in files.items()},
        "report": YEAR,
        "words": WORDS,
    }


def main() -> None:
    facts, folder = build(), Path(settings.DATA_DIR)
    thin_out()
    (folder / "facts.json").write_text(json.dumps(facts, indent=1), encoding="utf-8")
    with tarfile.open(sys.argv[1], "w:xz", preset=9) as archive:
        for name in ("facts.json", "fair-hearing.sqlite3", "evidence", "heads"):
            archive.add(folder / name, name)
    sys.stdout.write(f"{sys.argv[1]}: {Path(sys.argv[1]).stat().st_size:,} bytes\n")


if __name__ == "__main__":
    main()
