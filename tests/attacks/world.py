"""One of everything that has an address, and how a case looks to a person."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from grievances.aftercare import care
from grievances.cases.models.answers import Consent
from grievances.cases.models.case import Case
from grievances.casework import reading
from grievances.encryption.server_keys import seal_for_server
from grievances.evidence.upload import receive
from grievances.intake import diary, drafts, escrow
from grievances.intake.escrow import Wish
from grievances.intake.escrow_models import Target
from grievances.participants import consents, invitations, participant_files
from grievances.surveys.comment_models import Remark
from grievances.surveys.invitations import invite
from grievances.surveys.models import Form
from grievances.web.shared import clock, session_store
from tests.attacks.address_rules import OUT
from tests.evidence import samples
from tests.factories import cases
from tests.factories.people import Staff
from tests.participants import hearing
from tests.signing_in import sign_in

MISSING = "RC-222222"

SHAPE = re.compile(r'^[A-Z]+|(?:FROM|INTO|UPDATE) "\w+"')
"""What a query does and to which table."""


@dataclass
class World:
    """A case with everything an address may name, and a draft."""

    case: Case
    arguments: dict[str, dict[str, Any]]

    def path(self, name: str) -> str:
        return reverse(name, kwargs=self.arguments.get(name, {}))


@pytest.fixture
def world(staff: Staff, monkeypatch: pytest.MonkeyPatch) -> World:
    monkeypatch.setattr(clock, "now", lambda: cases.START)
    monkeypatch.setattr(clock, "today", lambda: cases.START.date())
    # A session is written again whenever two hours of the day are full: here they never are.
    monkeypatch.setattr(session_store, "COARSE_SECONDS", 2**31)
    # Each page says when its session ends: two pages may not fall into two minutes here.
    monkeypatch.setattr(session_store, "time", SimpleNamespace(time=lambda: 1_800_000_000.0))
    draft = drafts.open_draft(staff["complainant1"], staff.caller("complainant1"), now=cases.START)
    kept = drafts.open_draft(staff["complainant1"], staff.caller("complainant1"), now=cases.START)
    wish = Wish([Target("person", staff["respondent1"].pk)], 2, 12)
    place = escrow.keep_back(kept, staff.caller("complainant1"), wish, now=cases.START)
    entry = diary.write_entry(
        staff.caller("complainant1"), cases.START.date(), "Today.", now=cases.START
    )
    case = cases.acknowledged(staff)
    cases.done(staff, case, "triage1", "ask_consent", cases.START, what="mediation")
    consents.answer_question(
        staff.caller("complainant1"), Consent.objects.get(case=case).token, "yes", now=cases.START
    )
    file = SimpleUploadedFile("notes.txt", b"notes")
    reading.add_file(case, staff.caller("complainant1"), file, now=cases.START)
    notes = case.evidence.get()
    file = SimpleUploadedFile("photo.jpg", samples.photo())
    reading.add_file(case, staff.caller("complainant1"), file, now=cases.START)
    photo = case.evidence.exclude(pk=notes.pk).get()
    consent = Consent.objects.get(case=case, standing="RESPONDENT")
    companion, link = hearing.invite(staff, case)
    invitations.accept(link, hearing.account(staff, "companion1"), "COLLEAGUE", now=cases.START)
    heard = cases.in_investigation(staff)
    reply = hearing.put(staff, heard)
    _, secret = hearing.invite(staff, heard)
    own = [receive("own.jpg", iter([samples.photo()])) for _ in range(2)]
    participant_files.add_heard(
        staff.caller("respondent1"), reply.token, own[:1], others="copy", once="", now=cases.START
    )
    participant_files.add_shared(
        hearing.account(staff, "companion1"), companion.token, own[1:],
        others="copy", once="", now=cases.START,
    )  # fmt: skip
    remark = Remark(quarter="2026-Q3")
    remark.sealed = seal_for_server(b"It took long.", remark.place)
    remark.save(force_insert=True)
    survey = invite(case, Form.AFTER_OUTCOME, cases.START.date())
    label = care.own(staff.caller("complainant1"), now=cases.START)[0].label
    care.choose(staff.caller("complainant1"), label, "ally", staff["staff1"], is_off=False)
    of_case, of_draft = {"reference": case.reference}, {"reference": draft.reference}
    arguments: dict[str, dict[str, Any]] = {
        "directory_entry": {"pk": staff["staff1"].pk},
        "directory_change": {"pk": staff["staff1"].pk, "change": "unit"},
        **dict.fromkeys(
            (
                "case",
                "print",
                "investigation",
                "investigation_report",
                "letter",
                "pattern",
                "export",
                "ledger",
                "trail",
                "proof",
                "tribunal",
                "tribunal_file",
                "api_case",
                "add_evidence",
                "keeping",
                "certificate",
                "certificate_json",
                "about_you",
                "about_you_delete",
            ),
            of_case,
        ),
        **dict.fromkeys(
            ("raise_continue", "raise_delete", "raise_receipt", "raise_files", "keep_back"),
            of_draft,
        ),
        **dict.fromkeys(("kept", "kept_take_back"), {"number": place}),
        **dict.fromkeys(("diary_entry", "diary_delete"), {"name": entry}),
        "told_for_someone": {"entry": entry},
        "for_you_one": {"number": 1},
        **dict.fromkeys(
            ("aftercare_one", "aftercare_choose", "aftercare_draft", "aftercare_asked"),
            {"label": label},
        ),
        "language": {"code": "en-gb"},
        "account_first": {"secret": "none"},
        "aftercare_say": {"label": label, "code": "baseline"},
        "raise_page": {**of_draft, "page": "what-happened"},
        "raise_anonymous_page": {"page": "what-happened"},
        "evidence": {**of_case, "evidence_id": notes.pk},
        **dict.fromkeys(("look", "picture"), {**of_case, "evidence_id": photo.pk}),
        "step": {**of_case, "step": "check_safety"},
        "api_step": {**of_case, "step": "check_safety"},
        "referral": {**of_case, "number": 1},
        "consent": {"token": consent.token},
        **dict.fromkeys(
            (
                "reply",
                "reply_away",
                "reply_companion",
                "reply_add",
                "reply_letter",
                "reply_meeting",
            ),
            {"token": reply.token},
        ),
        **dict.fromkeys(
            ("reply_file", "reply_choose"),
            {"token": reply.token, "file_id": heard.evidence.get().pk},
        ),
        "invite_companion": of_case,
        "agree_new_key": of_case,
        "give_new_key": of_case,
        **dict.fromkeys(("accompany_case", "accompany_add"), {"token": companion.token}),
        "accompany_file": {
            "token": companion.token,
            "file_id": case.evidence.get(compartment=companion.compartment).pk,
        },
        "invitation": {"secret": secret},
        "survey": {"token": survey.removeprefix("/survey/").strip("/")},
        "remark": {"remark_id": remark.pk},
        "report": {"name": "resolution-times"},
        "report-file": {"name": "resolution-times", "suffix": "csv"},
        "report-dataset-file": {"year": "2022-23", "kind": ".csv"},
        "report-open-document": {"name": "resolution-times", "suffix": "ods"},
        "report-pdf": {"name": "resolution-times", "suffix": "pdf"},
        "report-dataset-tables": {"year": "2022-23", "kind": "-notes.txt"},
        "program": {"pk": 1},
        "scim_group": {"pk": "1"},
        "scim_nothing": {"anything": "x"},
        "scim_person": {"pk": "1"},
        "scim_schema": {"name": "x"},
        "scim_type": {"name": "User"},
        "inbox_read": {"notice_id": 1},
        "mfa_remove_webauthn": {"pk": 1},
        "mfa_passkey_opens": {"pk": 1},
        "policy": {"code": "uk_default", "version": 3},
        "mail_file": {"name": "x"},
    }
    return World(case, arguments)


def client_of(staff: Staff, person: str) -> Client:
    return Client() if person == OUT else sign_in(Client(), staff, person)


def paths_of(world: World) -> list[tuple[str, Callable[[Client, str], Any]]]:
    """Every address that names a case, as a call with any reference in its place."""
    file = world.arguments["evidence"]["evidence_id"]
    body = json.dumps({"text": "x"})
    return [
        ("case", lambda c, ref: c.get(f"/cases/{ref}/")),
        ("print", lambda c, ref: c.get(f"/cases/{ref}/print/")),
        ("proof", lambda c, ref: c.get(f"/cases/{ref}/proof/")),
        ("tribunal", lambda c, ref: c.post(f"/cases/{ref}/tribunal/", {"what": "on"})),
        ("tribunal_file", lambda c, ref: c.get(f"/cases/{ref}/tribunal/dates.ics")),
        ("ledger", lambda c, ref: c.get(f"/cases/{ref}/ledger/")),
        ("keeping", lambda c, ref: c.get(f"/cases/{ref}/keeping/")),
        ("erase", lambda c, ref: c.post(f"/cases/{ref}/erase/")),
        ("certificate", lambda c, ref: c.get(f"/keeping/{ref}/")),
        ("file", lambda c, ref: c.get(f"/cases/{ref}/evidence/{file}/")),
        ("look", lambda c, ref: c.get(f"/cases/{ref}/evidence/{file}/look/")),
        ("picture", lambda c, ref: c.get(f"/cases/{ref}/evidence/{file}/picture/")),
        ("room", lambda c, ref: c.get(f"/cases/{ref}/investigation/")),
        ("report", lambda c, ref: c.get(f"/cases/{ref}/investigation/report/")),
        ("letter", lambda c, ref: c.get(f"/cases/{ref}/letter/")),
        ("referral", lambda c, ref: c.get(f"/cases/{ref}/referral/1/")),
        ("pattern", lambda c, ref: c.get(f"/cases/{ref}/pattern/")),
        ("open pattern", lambda c, ref: c.post(f"/cases/{ref}/open_pattern/", {"reason": "x"})),
        ("export", lambda c, ref: c.post(f"/cases/{ref}/export/")),
        ("upload", lambda c, ref: c.post(f"/cases/{ref}/add_evidence/", {"file": upload()})),
        ("form", lambda c, ref: c.get(f"/cases/{ref}/check_safety/")),
        ("step", lambda c, ref: c.post(f"/cases/{ref}/check_safety/", {"flags": []})),
        ("no step", lambda c, ref: c.get(f"/cases/{ref}/no_such_step/")),
        ("invite", lambda c, ref: c.post(f"/cases/{ref}/invite_companion/", {"person": "x"})),
        ("put", lambda c, ref: c.get(f"/cases/{ref}/put_to_respondent/")),
        ("draft", lambda c, ref: c.get(f"/raise/{ref}/")),
        ("receipt", lambda c, ref: c.get(f"/raise/{ref}/receipt/")),
        ("about", lambda c, ref: c.get(f"/cases/{ref}/about-you/")),
        ("forget", lambda c, ref: c.post(f"/cases/{ref}/about-you/delete/")),
        ("page", lambda c, ref: c.post(f"/raise/{ref}/what-happened/", {"account": "x"})),
        ("delete", lambda c, ref: c.post(f"/raise/{ref}/delete/")),
        ("api case", lambda c, ref: c.get(f"/api/v1/cases/{ref}/")),
        (
            "api step",
            lambda c, ref: c.post(
                f"/api/v1/cases/{ref}/message/", body, content_type="application/json"
            ),
        ),
    ]


def upload() -> SimpleUploadedFile:
    return SimpleUploadedFile("notes.txt", b"notes")


def look(client: Client, ask: Callable[[Client, str], Any], reference: str) -> tuple[Any, ...]:
    """Everything an outsider can measure of an answer but the time it took."""
    with CaptureQueriesContext(
        connection,
    ) as queries:
        answer = ask(client, reference)
    asked = [SHAPE.findall(query["sql"])[:2] for query in queries]
    return answer.status_code, answer.content, sorted(answer.headers), asked
