"""The answers a complainant finds lead on: they are asked whether their name may be shared."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

import pytest
from django.test import Client

from grievances.cases.models.case import Case
from grievances.policy import profiles
from grievances.web.cases.step_forms.registry import FORMS
from grievances.web.intake.forms import Name, initial_of
from grievances.web.shared import clock
from notifications.models import Notice
from tests.factories import cases, edge_cases
from tests.factories.cases import START, done, fresh
from tests.factories.people import Staff
from tests.intake.raising import sent, the_case
from tests.signing_in import sign_in
from workflow.calendar import local_date
from workflow.steps import Refused

pytestmark = pytest.mark.django_db


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Set the clock of the interfaces."""

    def set_to(now: datetime) -> None:
        monkeypatch.setattr(clock, "now", lambda: now)
        monkeypatch.setattr(clock, "today", lambda: local_date(now, profiles.zone()))

    set_to(START)
    return set_to


def shown_to(staff: Staff, case: Case, who: str, step: str = "") -> str:
    client = sign_in(Client(), staff, who)
    page = client.get(f"/cases/{case.reference}/{f'{step}/' if step else ''}")
    return re.sub(r"\s+", " ", page.content.decode())


def asked(staff: Staff) -> Case:
    case = edge_cases.undecided_on_sharing(staff)
    done(staff, case, "triage1", "check_safety", START, flags=[])
    done(staff, case, "triage1", "ask_exclusions", START)
    done(staff, case, "triage1", "ask_to_share_name", START)
    return fresh(case)


def test_no_way_of_using_the_name_is_chosen_in_advance(staff: Staff) -> None:
    form = Name(initial=initial_of({}), today=START.date())
    assert " checked" not in str(form)
    sent(staff, name={}, contact={"contact": "PORTAL"})
    assert (the_case().identity, the_case().name_shared) == ("CONFIDENTIAL", None)


def test_what_was_chosen_before_is_found_again() -> None:
    form = Name(initial=initial_of({"identity": "OPEN", "share": "no"}), today=START.date())
    assert re.findall(r'value="(\w+)"[^>]* checked', str(form)) == ["OPEN", "no"]


def test_triage_is_led_to_the_question_and_then_sees_what_it_waits_for(
    staff: Staff, at: Any
) -> None:
    case = edge_cases.undecided_on_sharing(staff)
    done(staff, case, "triage1", "check_safety", START, flags=[])
    done(staff, case, "triage1", "ask_exclusions", START)
    page = shown_to(staff, case, "triage1")
    assert f'href="/cases/{case.reference}/ask_to_share_name/"' in page.partition("Steps")[0]
    done(staff, case, "triage1", "ask_to_share_name", START)
    page = shown_to(staff, case, "triage1")
    assert "You are waiting for the complainant. On 21 November 2026 you asked" in page
    assert "after 25 November 2026" in page
    assert "Nothing is waiting for you here" not in page
    assert not case.deadlines.exclude(paused_on=None).exists()


def test_the_complainant_is_asked_on_their_page_and_the_answer_releases_the_next_step(
    staff: Staff, at: Any
) -> None:
    case = asked(staff)
    link = f"/cases/{case.reference}/share_name/"
    assert Notice.objects.filter(kind="answer_needed", link=link, channel="inbox").count() == 1
    page = shown_to(staff, case, "complainant1")
    assert "We have a question for you" in page
    assert "25 November 2026" in page
    with pytest.raises(Refused, match="Ask the complainant whether"):
        done(staff, case, "triage1", "agree_formal", START)
    done(staff, case, "complainant1", "share_name", START, share="no")
    assert "We have a question for you" not in shown_to(staff, case, "complainant1")
    assert "You are waiting" not in shown_to(staff, case, "triage1")
    done(staff, case, "triage1", "agree_formal", START)
    assert (fresh(case).state, fresh(case).name_shared) == ("ALLOCATION", False)


def test_silence_keeps_the_name_with_triage_and_never_stops_the_case(staff: Staff, at: Any) -> None:
    case = asked(staff)
    for day in (3, 4):  # Tuesday and Wednesday, the second and the third working day
        with pytest.raises(Refused, match="Ask the complainant whether"):
            done(staff, case, "triage1", "agree_formal", cases.at(day))
    done(staff, case, "triage1", "agree_formal", cases.at(5))
    assert (fresh(case).state, fresh(case).name_shared) == ("ALLOCATION", None)
    done(staff, case, "complainant1", "share_name", cases.at(6), share="yes")
    assert fresh(case).name_shared is True


def test_a_complainant_who_said_no_is_not_asked_twice(staff: Staff, at: Any) -> None:
    case = asked(staff)
    done(staff, case, "complainant1", "share_name", START, share="no")
    assert "ask_to_share_name" not in shown_to(staff, case, "triage1")
    with pytest.raises(Refused):
        done(staff, case, "triage1", "ask_to_share_name", START)


@pytest.mark.parametrize("identity", ["OPEN", "ANONYMOUS"])
def test_where_there_is_no_confidential_name_triage_goes_straight_on(
    staff: Staff, at: Any, identity: str
) -> None:
    case = cases.acknowledged(staff, share="later")
    Case.unguarded.filter(pk=case.pk).update(identity=identity)
    done(staff, case, "triage1", "check_safety", START, flags=[])
    done(staff, case, "triage1", "ask_exclusions", START)
    page = shown_to(staff, case, "triage1")
    assert "ask_to_share_name" not in page
    assert f'href="/cases/{case.reference}/agree_formal/"' in page.partition("Steps")[0]


def test_who_asked_for_the_informal_way_is_led_there(staff: Staff, at: Any) -> None:
    case = cases.acknowledged(staff, way="informal", share="later")
    done(staff, case, "triage1", "check_safety", START, flags=[])
    done(staff, case, "triage1", "ask_exclusions", START)
    page = shown_to(staff, case, "triage1")
    assert f'href="/cases/{case.reference}/agree_informal/"' in page.partition("Steps")[0]


def test_no_form_of_a_step_chooses_an_answer_in_advance() -> None:
    """The copy of a file without its hidden details is the careful answer, and stays chosen."""
    chosen = {
        (step, name)
        for step, form in FORMS.items()
        for name, field in form.base_fields.items()
        if field.initial not in (None, "", [])
    }
    # Who is reached already sees how.
    assert chosen == {("add_evidence", "others"), ("change_contact", "contact")}
