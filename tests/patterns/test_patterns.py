"""Earlier concerns about the same person: numbers first, a reason to see more, links."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from grievances.audit.models import Event
from grievances.cases.models.case import Case
from grievances.choices import LinkKind
from grievances.patterns.links import forget, open_pattern
from grievances.patterns.models import CaseLink
from grievances.web.cases.presenters import case as presenter
from grievances.web.shared import clock
from notifications.models import Notice
from tests.cases.room_scenarios import two_cases
from tests.factories import cases
from tests.factories.cases import START, at, done
from tests.factories.people import Staff
from tests.intake.raising import everything_stored, is_hidden
from tests.page_time import pages_at
from tests.signing_in import sign_in
from workflow.steps import Refused

pytestmark = pytest.mark.django_db
REASON = "To see whether this is one of several. PLANTED-SECRET-WHY"
_page_time = pages_at(at(2))


def text_of(answer: Any) -> str:
    return re.sub(r"\s+", " ", answer.content.decode())


def named_twice(staff: Staff, whom: str = "respondent1") -> tuple[Case, Case]:
    """Two concerns of two people, of which both name someone."""
    first = cases.raised(staff, "complainant2", about="")
    done(staff, first, "triage1", "acknowledge", START, declare=True)
    done(staff, first, "triage1", "name_respondent", START, person=staff["respondent1"])
    second = cases.acknowledged(staff, about="")
    done(staff, second, "triage1", "name_respondent", at(1), person=staff[whom])
    return first, second


def numbers(staff: Staff, case: Case, days: int = 2) -> tuple[int, int]:
    now = at(days)
    found = open_pattern(staff.caller("lead1"), case.reference, now=now, today=now.date())
    return len(found.pattern.same_person), len(found.pattern.same_unit)


def test_a_person_named_again_is_shown_to_the_lead_in_numbers_and_stored_nowhere(
    staff: Staff,
) -> None:
    first, second = named_twice(staff)
    for model in (Event, Notice):
        assert "again" not in str(list(model._default_manager.values_list("kind", flat=True)))
    lead = sign_in(Client(), staff, "lead1")
    assert f"/cases/{second.reference}/pattern/" in text_of(lead.get(f"/cases/{second.reference}/"))
    page = text_of(sign_in(Client(), staff, "lead1").get(f"/cases/{second.reference}/pattern/"))
    assert "About the same person" in page
    assert first.reference not in page
    assert numbers(staff, second)[0] == 1
    assert numbers(staff, second, days=400)[0] == 0, "a year later it does not count"


def test_to_see_which_they_are_takes_a_reason_that_is_counted_and_lasts_a_day(
    staff: Staff, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = named_twice(staff)
    lead, path = sign_in(Client(), staff, "lead1"), f"/cases/{second.reference}/"
    refused = lead.post(f"{path}open_pattern/", {"text": ""})
    assert refused.status_code == 422
    sent = lead.post(f"{path}open_pattern/", {"text": REASON})
    assert sent.headers["Location"] == f"{path}pattern/"
    assert first.reference in text_of(lead.get(f"{path}pattern/"))
    triage = sign_in(Client(), staff, "triage1")
    assert first.reference not in text_of(triage.get(f"{path}pattern/")), "each gives a reason"
    assert is_hidden(everything_stored(), "PLANTED-SECRET-WHY")
    for who, status in (("independent1", 200), ("auditor1", 200), ("lead1", 404), ("dpo1", 200)):
        answer = sign_in(Client(), staff, who).get("/patterns/")
        assert answer.status_code == status, who
        if status == 200:
            assert "November 2026" in text_of(answer)
            assert second.reference not in text_of(answer)
    monkeypatch.setattr(clock, "now", lambda: at(2) + timedelta(hours=25))
    assert first.reference not in text_of(lead.get(f"{path}pattern/"))


def test_no_one_else_sees_the_pattern_and_none_counts_that_is_kept_from_them(staff: Staff) -> None:
    first, second = named_twice(staff)
    for who in ("complainant1", "respondent1", "handler1", "decider1", "dpo1", "analyst1"):
        answer = sign_in(Client(), staff, who).get(f"/cases/{second.reference}/pattern/")
        assert answer.status_code == 404, who
    done(staff, first, "complainant2", "exclude", at(1), people="x", matched=[staff["lead1"]])
    assert numbers(staff, second) == (0, 0)


PROMPT = "is about the same person."


def test_the_page_of_a_case_prompts_those_who_may_read_the_pattern_and_stores_nothing(
    staff: Staff,
) -> None:
    first, second = named_twice(staff)
    before = Event.objects.count(), Notice.objects.count()
    for who, is_told in (("lead1", True), ("triage1", True), ("complainant1", False)):
        page = text_of(sign_in(Client(), staff, who).get(f"/cases/{second.reference}/"))
        assert (PROMPT in page) is is_told, who
        assert first.reference not in page, who
    stored = {kind for kind in Event.objects.values_list("kind", flat=True) if "pattern" in kind}
    assert not stored
    assert Notice.objects.count() == before[1]


def test_a_lead_who_is_kept_out_of_the_other_concern_sees_no_sign_of_it(staff: Staff) -> None:
    first, second = named_twice(staff)
    done(staff, first, "complainant2", "exclude", at(1), people="x", matched=[staff["lead1"]])
    lead = sign_in(Client(), staff, "lead1")
    assert PROMPT not in text_of(lead.get(f"/cases/{second.reference}/"))


def test_the_same_unit_counts_and_another_person_of_it_is_not_the_same(
    staff: Staff, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = staff["staff2"]
    other.unit = staff["respondent1"].unit
    other.save(update_fields=["unit"])
    second = named_twice(staff, "staff2")[1]
    assert numbers(staff, second) == (0, 1)
    page = f"/cases/{second.reference}/"
    lead = sign_in(Client(), staff, "lead1")
    assert "One other concern of the last 12 months" in text_of(lead.get(page))
    assert "about another person of the same unit" in text_of(lead.get(page))
    monkeypatch.setattr(presenter, "PROMPT_FOR", 1)
    assert "same unit." not in text_of(lead.get(page)), "a large unit is for the page of its own"
    assert numbers(staff, second) == (0, 1)


def test_a_link_is_for_those_who_may_read_both_and_opens_nothing(staff: Staff) -> None:
    case = two_cases(staff)
    other = Case.unguarded.exclude(pk=case.pk).get()
    before = Event.objects.filter(subject=other.reference).count()
    link = {"into": other.reference.lower(), "kind": "VICTIMISATION"}
    done(staff, case, "lead1", "link_cases", at(1), **link)
    assert Event.objects.filter(subject=other.reference).count() == before
    lead = sign_in(Client(), staff, "lead1")
    shown = text_of(lead.get(f"/cases/{case.reference}/pattern/"))
    assert other.reference in shown
    assert case.reference in text_of(lead.get(f"/cases/{other.reference}/pattern/"))
    handler = sign_in(Client(), staff, "handler1")
    assert other.reference not in text_of(handler.get(f"/cases/{case.reference}/"))
    assert handler.get(f"/cases/{other.reference}/").status_code == 404
    for typed in ("RC-000000", "nonsense", case.reference):
        with pytest.raises(Refused) as refused:
            done(staff, case, "lead1", "link_cases", at(1), into=typed, kind="SAME_MATTER")
        assert refused.value.code == "NO_SUCH_CASE"
    done(staff, other, "lead1", "link_cases", at(1), into=case.reference, kind="ENDED")
    assert not CaseLink.objects.exists()


def test_a_copy_of_the_database_does_not_join_two_cases_by_a_link(staff: Staff) -> None:
    case = two_cases(staff)
    other = Case.unguarded.exclude(pk=case.pk).get()
    done(staff, case, "lead1", "link_cases", at(1), into=other.reference, kind="VICTIMISATION")
    row = CaseLink.objects.get()
    assert {field.name for field in CaseLink._meta.fields} == {"label", "case", "sealed"}
    assert row.case_id == case.pk
    assert b"VICTIMISATION" not in bytes(row.sealed)
    assert row.facts == (other.pk, LinkKind.VICTIMISATION)
    said = Event.objects.filter(kind="case.link_cases").values_list("data", flat=True)
    assert not any(other.reference in str(data) or "VICTIM" in str(data) for data in said)
    forget(other)
    assert not CaseLink.objects.exists(), "the other end is erased"
