"""What each address answers to each person: one table of every address of the service."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import URLPattern, URLResolver, get_resolver

from tests.factories.people import PEOPLE

OUT = "signed out"
READERS = {"complainant1", "triage1", "lead1", "dpo1"}
"""Who has a part in a case in triage: everyone else is outside."""
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
    """What an address answers: signed out, to those it is for, and to everyone else signed in."""

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
    "mfa_passkey_opens": everybody(302),
    "mfa_login_webauthn": Rule(200, 302),
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
    "trail_year": only({"auditor1", "independent1", "dpo1"}),
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
    "agree_new_key": only({"lead1"}),
    "give_new_key": only({"triage1"}),
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
