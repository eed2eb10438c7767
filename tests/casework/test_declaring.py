"""A declaration is signed only about what the person can see; what a page promises, is kept."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest
from django.test import Client

from grievances.audit.models import Event
from grievances.cases.access import rules
from grievances.cases.models.case import Case
from grievances.cases.models.records import Kind
from grievances.web.cases.step_forms.registry import FORMS
from tests.cases.tampering import once_managed
from tests.factories import cases, edge_cases
from tests.factories.cases import START, done, fresh
from tests.factories.people import Staff
from tests.page_time import pages_at
from tests.signing_in import sign_in
from workflow.steps import Refused

pytestmark = pytest.mark.django_db
_page_time = pages_at(cases.at(2))


def shown_to(staff: Staff, case: Case, who: str, step: str = "") -> str:
    page = sign_in(Client(), staff, who).get(
        f"/cases/{case.reference}/{f'{step}/' if step else ''}"
    )
    return re.sub(r"\s+", " ", page.content.decode())


def offered(staff: Staff, **answers: Any) -> Case:
    case = cases.in_allocation(staff, **answers)
    offer = {"role": "handler", "candidate": staff["handler1"]}
    done(staff, case, "triage1", "offer", START, **offer)
    return fresh(case)


def test_a_candidate_sees_the_essentials_then_the_names_and_never_the_account(staff: Staff) -> None:
    case = offered(staff)
    complainant = staff["complainant1"].name
    essentials = shown_to(staff, case, "handler1")
    assert "Region" in essentials
    assert complainant not in essentials
    assert staff["respondent1"].name not in essentials
    names = shown_to(staff, case, "handler1", "accept")
    assert complainant in names
    assert "respondent1" in names
    assert names.count("I sign this today.") == 1
    assert "with the people named above" in names
    assert "PLANTED-SECRET-ACCOUNT" not in essentials + names


@pytest.mark.parametrize("share", ["no", "later"])
def test_a_name_that_is_not_shared_is_not_among_them(staff: Staff, share: str) -> None:
    case = cases.acknowledged(staff, share=share)
    Case.unguarded.filter(pk=case.pk).update(state="ALLOCATION")
    offer = {"role": "handler", "candidate": staff["handler1"]}
    done(staff, fresh(case), "triage1", "offer", START, **offer)
    names = shown_to(staff, case, "handler1", "accept")
    assert "Their name is confidential" in names
    assert staff["complainant1"].name not in names


def test_a_candidate_who_became_conflicted_a_second_ago_sees_no_name(staff: Staff) -> None:
    case = offered(staff)
    done(
        staff, case, "triage1", "name_respondent", START,
        person=staff["respondent1"], part="RESPONDENT",
    )  # fmt: skip
    assert "The person it is about" in shown_to(staff, case, "handler1", "accept")
    once_managed("handler1")(staff, case)
    names = shown_to(staff, case, "handler1", "accept")
    assert "Who is named" not in names
    assert staff["complainant1"].name not in names


def test_the_complainant_sees_that_the_names_were_shown(staff: Staff) -> None:
    case = offered(staff)
    shown_to(staff, case, "handler1", "accept")
    last = Event.objects.filter(kind="case.opened", subject=case.reference).latest("seq")
    assert last.data == {"saw": "read_names_to_declare"}
    ledger = shown_to(staff, case, "complainant1", "ledger")
    assert "could read: the names of the people in it" in ledger


def test_people_at_work_on_a_case_sign_again_about_the_account_they_can_read(staff: Staff) -> None:
    case = cases.accepted(staff)
    assert "PLANTED-SECRET-ACCOUNT" in shown_to(staff, case, "handler1")
    begin = shown_to(staff, case, "handler1", "begin_investigation")
    assert "with anyone named in the account, which I have read" in begin


def test_a_meeting_is_held_or_declined_and_never_both(staff: Staff) -> None:
    case = cases.in_investigation(staff)
    both = {"held_on": date(2026, 11, 23), "declined": True, "companion_asked": True}
    with pytest.raises(Refused, match="A meeting was held, or it was declined"):
        done(staff, case, "handler1", "record_meeting", cases.at(2), **both)
    client = sign_in(Client(), staff, "handler1")
    posted = {
        "held_on_day": "23", "held_on_month": "11", "held_on_year": "2026", "declined": "on",
        "companion_asked": "on", "notes": "WE-SPOKE-LONG",
    }  # fmt: skip
    answer = client.post(f"/cases/{case.reference}/record_meeting/", posted)
    assert answer.status_code == 422
    shown = re.sub(r"\s+", " ", answer.content.decode())
    assert "A meeting was held, or it was declined, and not both." in shown
    assert "WE-SPOKE-LONG" in shown
    assert (fresh(case).meeting_held_on, fresh(case).meeting_declined) == (None, False)


@pytest.mark.parametrize(
    ("year", "sentence"), [("2025", "long before we received"), ("2027", "lies ahead")]
)
def test_a_meeting_on_a_day_that_cannot_be_is_refused(
    staff: Staff, year: str, sentence: str
) -> None:
    case = cases.in_investigation(staff)
    posted = {
        "held_on_day": "23", "held_on_month": "11", "held_on_year": year, "companion_asked": "on",
    }  # fmt: skip
    client = sign_in(Client(), staff, "handler1")
    answer = client.post(f"/cases/{case.reference}/record_meeting/", posted)
    assert answer.status_code == 422
    assert sentence in answer.content.decode()


def test_the_complainant_reads_the_notes_of_the_meeting_at_once_and_no_statement(
    staff: Staff,
) -> None:
    case = cases.in_investigation(staff)
    done(
        staff, case, "handler1", "record_meeting", cases.at(2), (Kind.MEETING, "NOTES-OF-US"),
        held_on=date(2026, 11, 23), companion_asked=True,
    )  # fmt: skip
    done(
        staff, case, "handler1", "record_respondent", cases.at(2), (Kind.HEARD, "WHAT-HE-SAID"),
        asked_on=date(2026, 11, 23),
    )  # fmt: skip
    page = shown_to(staff, case, "complainant1")
    assert "NOTES-OF-US" in page
    assert "WHAT-HE-SAID" not in page
    assert "NOTES-OF-US" not in shown_to(staff, case, "triage1")


PROMISE = re.compile(
    r"complainant (?:finds|reads|can read|gets)|they (?:can )?read (?:your notes|exactly)", re.I
)


def test_where_a_form_promises_that_the_complainant_reads_it_the_rule_lets_them(
    staff: Staff,
) -> None:
    """At the latest when the step is done, in the state to which it leads."""
    case = edge_cases.offered(staff)
    promised = set()
    for step, form in FORMS.items():
        texts = [str(form.intro), *(str(field.help_text) for field in form.base_fields.values())]
        if step in AFTER_THE_DECISION or not PROMISE.search(" ".join(texts)):
            continue
        promised |= {(step, kind) for kind in form.WORDS.values() if kind is not Kind.REASON}
    for step, kind in sorted(promised):
        rule = rules.READ_RULE[kind]
        assert rules.allows(staff["complainant1"], rule, case), f"{step} promises {kind}"
    assert ("record_meeting", Kind.MEETING) in promised


AFTER_THE_DECISION = {"submit_report", "settle", "return_for_enquiries"}
"""Steps whose words the complainant reads once the decision is made, or after mediation."""
