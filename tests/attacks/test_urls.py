"""Every address, as every person: nothing answers that the table does not name.

An address that is new fails here until somebody has said who may open it.
"""

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
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from grievances.aftercare import care
from grievances.cases.models.answers import Consent
from grievances.cases.models.case import Case
from grievances.casework import reading
from grievances.encryption.server_keys import seal_for_server
from grievances.evidence.upload import receive
from grievances.intake import diary, drafts, escrow, submission
from grievances.intake.escrow import Wish
from grievances.intake.escrow_models import Target
from grievances.participants import consents, invitations, participant_files
from grievances.surveys.comment_models import Remark
from grievances.surveys.invitations import invite
from grievances.surveys.models import Form
from grievances.web.shared import clock, session_store
from tests.evidence import samples
from tests.factories import cases
from tests.factories.people import PEOPLE, Staff
from tests.participants import hearing
from tests.signing_in import come_back, sign_in

OUT = "signed out"
MISSING = "RC-222222"
READERS = {"complainant1", "triage1", "lead1", "dpo1"}
"""Who has a part in a case in triage: everybody else is outside."""
REPORTS = {"lead1", "analyst1", "executive1"}
MAKE_TOKENS = {
    "lead1", "triage1", "triage2", "handler1", "handler2", "decider1", "decider2", "appeal1",
}  # fmt: skip
AT_WORK_OR_SHUT_OUT = READERS | {
    "respondent1", "linemanager1", "director", "handler1", "decider1", "auditor1",
}  # fmt: skip
"""Whom the link of an invitation tells nothing."""
OUTSIDERS = (
    "respondent1", "linemanager1", "staff1", "triage2", "handler1", "auditor1", "admin1",
)  # fmt: skip
"""The one it is about, a manager, a colleague, officers without a part, an auditor, a superuser."""


@dataclass(frozen=True)
class Rule:
    """What an address answers: signed out, to those it is for, and to everybody else signed in."""

    out: int
    theirs: int
    others: int = 404
    who: frozenset[str] = frozenset(PEOPLE)

    def code(self, person: str) -> int:
        if person == OUT:
            return self.out
        return self.theirs if person in self.who else self.others


def everybody(code: int) -> Rule:
    return Rule(code, code)


def signed_in(code: int = 200) -> Rule:
    return Rule(302, code)


def only(people: set[str], code: int = 200, out: int = 302) -> Rule:
    return Rule(out, code, 404, frozenset(people))


SCIM = (
    "scim_group",
    "scim_groups",
    "scim_nothing",
    "scim_people",
    "scim_person",
    "scim_schema",
    "scim_schemas",
    "scim_search",
    "scim_search_all",
    "scim_search_groups",
    "scim_service",
    "scim_type",
    "scim_types",
)
"""Addresses for programs alone: without a token of theirs each answers 401."""

RULES: dict[str, Rule] = {
    "home": everybody(200),
    "support": everybody(200),
    "safety": everybody(200),
    "who_can_see": everybody(200),
    "accessibility": everybody(200),
    "privacy": everybody(200),
    "exit": everybody(302),
    "language": everybody(302),
    "health_live": everybody(200),
    "health_ready": everybody(200),
    "health_metrics": everybody(404),
    "service": only({"lead1", "dpo1"}),
    "account_login": Rule(200, 302),
    "account_logout": signed_in(),
    "account_change_password": signed_in(),
    "account_reauthenticate": signed_in(),
    "mfa_index": signed_in(),
    "mfa_authenticate": everybody(302),
    "mfa_reauthenticate": everybody(302),
    "mfa_reauthenticate_webauthn": everybody(302),
    "mfa_activate_totp": everybody(302),
    "mfa_deactivate_totp": signed_in(404),
    "mfa_add_webauthn": everybody(302),
    "mfa_remove_webauthn": everybody(302),
    "mfa_view_recovery_codes": signed_in(404),
    "mfa_generate_recovery_codes": everybody(302),
    "session_left": everybody(200),
    "session_mark": everybody(200),
    "session_keep": everybody(405),
    "own_sessions": signed_in(),
    "account": signed_in(),
    "account_leave": only({name for name, (offices, *_) in PEOPLE.items() if offices}),
    "account_recovery_code": signed_in(),
    "account_check_code": signed_in(),
    "account_forgotten": everybody(200),
    "account_passphrase": everybody(404),
    "account_recovery_ask": everybody(200),
    "account_recovery_confirm": only({"lead1", "dpo1"}),
    "account_claim": signed_in(),
    "account_first": everybody(404),  # a link that opens nothing; others: test_first_sign_in
    "openid_connect_login": everybody(404),
    "openid_connect_callback": everybody(404),
    "sso_signed_out": everybody(404),
    "sso_logout": everybody(404),
    "directory": only(set()),
    "directory_entry": only(set()),
    "directory_change": only(set()),
    "directory_file": only(set()),
    "directory_check": only(set()),
    "register": only({"lead1"}),
    "register_check": only({"lead1"}, 302),
    "law": only({"lead1", "dpo1"}),
    "data_rights": only({"dpo1"}),
    "own_data": signed_in(),
    "we_listened": everybody(200),
    "keep_lessons": only({"analyst1"}),
    "proof_key": everybody(200),
    "proof_log": everybody(200),
    "proof": only({"complainant1"}),
    "tribunal": only({"complainant1"}),
    "tribunal_file": only({"complainant1"}, 404),
    "raise": everybody(200),
    "raise_ways": everybody(200),
    "keep_back": only({"complainant1"}),
    "kept_list": signed_in(),
    "kept": only({"complainant1"}),
    "kept_take_back": only({"complainant1"}),
    "aftercare": signed_in(),
    "aftercare_asked": only({"staff1"}),
    "aftercare_one": only({"complainant1"}),
    "aftercare_choose": only({"complainant1"}),
    "aftercare_draft": only({"complainant1"}, 302),
    "aftercare_say": only({"complainant1"}),
    "for_you": signed_in(),
    "for_you_one": only(set()),
    "told_for_someone": only({"complainant1"}),
    "take_down": only({"triage1", "triage2"}),
    "take_down_sent": only({"triage1", "triage2"}),
    "diary": signed_in(),
    "diary_new": signed_in(),
    "diary_without_account": Rule(200, 409),
    "diary_key": Rule(302, 409),
    "diary_bring": Rule(302, 200, 302, frozenset({"complainant1"})),
    "diary_delete_all": signed_in(),
    "diary_entry": only({"complainant1"}),
    "diary_delete": only({"complainant1"}),
    "raise_anonymous": Rule(200, 409),
    "raise_anonymous_files": Rule(200, 409),
    "raise_files": only({"complainant1"}),
    "raise_anonymous_key": Rule(302, 409),
    "raise_anonymous_page": Rule(200, 409),
    "return": Rule(200, 409),
    "raise_continue": only({"complainant1"}, 302),
    "raise_delete": only({"complainant1"}),
    "raise_receipt": only({"complainant1"}, 302),
    "raise_page": only({"complainant1"}),
    "about_you": only({"complainant1"}),
    "about_you_delete": only({"complainant1"}, 302),
    "cases": signed_in(),
    "saved_views": signed_in(405),
    "board": only({"lead1"}),
    "search": signed_in(),
    "dates_file": signed_in(),
    "case": only(READERS),
    "keeping_list": only({"lead1", "dpo1"}),
    "keeping": only({"lead1", "dpo1"}),
    "policies": only({"lead1", "dpo1"}),
    "policy": only({"lead1", "dpo1"}),
    "remarks": only({"dpo1", "independent1"}),
    "remark": only({"dpo1", "independent1"}),
    "certificate": only(set()),
    "certificate_json": only(set()),
    "trails": only({"auditor1", "dpo1"}),
    "trail": only({"auditor1", "dpo1"}),
    "investigation": only(set()),
    "investigation_report": only(set()),
    "letter": only(set()),
    "referral": only(set()),
    "letter_blocks": only({"lead1", "dpo1"}),
    "pattern": only({"triage1", "lead1"}),
    "patterns": only({"independent1", "auditor1", "dpo1"}),
    "reply_letter": only(set()),
    "reply_meeting": only({"respondent1"}, 302),
    "print": only(READERS),
    "ledger": only({"complainant1", "dpo1"}),
    "export": only({"complainant1"}),
    "evidence": only({"complainant1", "triage1"}),
    "look": only({"complainant1", "triage1"}),
    "picture": only({"complainant1", "triage1"}),
    "add_evidence": only({"complainant1"}),
    "step": only({"triage1"}),
    "consent": only({"respondent1"}),
    "reply": only({"respondent1"}),
    "reply_away": only({"respondent1"}),
    "reply_companion": only({"respondent1"}, 302),
    "reply_add": only({"respondent1"}),
    "reply_file": only({"respondent1"}),
    "reply_choose": only({"respondent1"}),
    "invite_companion": only({"complainant1"}),
    "accompany": everybody(200),
    "accompany_case": only({"companion1"}, out=404),
    "accompany_add": only({"companion1"}, out=404),
    "accompany_file": only({"companion1"}, out=404),
    "invitation": Rule(200, 200, 404, frozenset(PEOPLE) - AT_WORK_OR_SHUT_OUT),
    "survey": everybody(200),
    "pulse": signed_in(),
    "pulse_open": only({"analyst1"}),
    "reports": only(REPORTS),
    "report": only(REPORTS),
    "report-file": only(set()),
    "report-ask": only(set()),
    "report-rebase": only({"analyst1"}),
    "report-dataset": only(REPORTS),
    "report-dataset-file": only(set()),
    "report-dashboard": only(REPORTS),
    "report-open-document": only(set()),
    "report-pdf": only(set()),
    "report-dataset-tables": only(set()),
    "api_cases": Rule(401, 200),
    "api_case": only(READERS, out=401),
    "api_step": Rule(401, 405, 405),
    "api_document": everybody(200),
    "programs": only(MAKE_TOKENS),
    "program": only(set()),
    "report-notes": only({"analyst1"}),
    "report-subscriptions": only(REPORTS),
    **dict.fromkeys(SCIM, everybody(401)),
    "inbox": everybody(200),
    "inbox_read": everybody(405),
    "inbox_read_all": everybody(405),
    "mail_folder": everybody(404),
    "mail_file": everybody(404),
}
"""What GET answers. Files of reports are 404 while no report has been built,
`report-ask` until it is switched on, and the certificates are 404 while nothing is erased."""

SHAPE = re.compile(r'^[A-Z]+|(?:FROM|INTO|UPDATE) "\w+"')
"""What a query does and to which table."""

LAST = ("exit", "account_logout")
"""These end the session; they are asked last."""


def addresses() -> dict[str, URLPattern]:
    """Every address of the URL conf by name."""
    found: dict[str, URLPattern] = {}

    def walk(patterns: list[URLPattern | URLResolver]) -> None:
        for pattern in patterns:
            if isinstance(pattern, URLResolver):
                walk(pattern.url_patterns)
            else:
                found[str(pattern.name)] = pattern

    walk(get_resolver().url_patterns)
    return found


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
        "policy": {"code": "uk_default", "version": 3},
        "mail_file": {"name": "x"},
    }
    return World(case, arguments)


def client_of(staff: Staff, person: str) -> Client:
    return Client() if person == OUT else sign_in(Client(), staff, person)


def test_every_address_is_in_the_table_and_no_other() -> None:
    assert set(addresses()) == set(RULES)


@pytest.mark.slow
def test_every_address_answers_every_person_as_the_table_says(staff: Staff, world: World) -> None:
    names = [*(name for name in RULES if name not in LAST), *LAST[::-1]]
    wrong: dict[tuple[str, str], tuple[int, int]] = {}
    for person in (OUT, *PEOPLE):
        client = client_of(staff, person)
        for name in names:
            answered = client.get(world.path(name)).status_code
            expected = RULES[name].code(person)
            if answered != expected:
                wrong[person, name] = (answered, expected)
    assert not wrong


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


@pytest.mark.slow
def test_a_case_that_is_not_yours_looks_like_one_that_is_not_there(
    staff: Staff, world: World
) -> None:
    for person in OUTSIDERS:
        client = client_of(staff, person)
        client.get("/support/")
        for name, ask in paths_of(world):
            real, made_up = (look(client, ask, ref) for ref in (world.case.reference, MISSING))
            assert real[0] == 404, (person, name)
            assert real == made_up, (person, name)


def test_the_holder_of_another_case_key_is_an_outsider_too(staff: Staff, world: World) -> None:
    answers = {**cases.ACCOUNT, "region": "NORTH"}
    readers = submission.preview_anonymous(answers, now=cases.START)
    sent = submission.submit_anonymous(
        answers, expected=[person.pk for person in readers], now=cases.START
    )
    client = come_back(Client(), sent.case_key)
    assert client.get(f"/cases/{sent.case.reference}/").status_code == 200
    for name, ask in paths_of(world):
        real, made_up = (look(client, ask, ref) for ref in (world.case.reference, MISSING))
        assert real[0] in {302, 404}, name
        assert (real[0], real[1]) == (made_up[0], made_up[1]) or real[0] == 302, name


def test_being_a_superuser_opens_nothing(staff: Staff, world: World) -> None:
    client = client_of(staff, "admin1")
    page = client.get("/cases/").content.decode()
    assert world.case.reference not in page
    assert client.get("/reports/").status_code == 404
