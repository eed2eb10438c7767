"""Every text of a step that the complainant can take is in the catalogue of each language."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest
from django.test import Client
from django.utils import translation
from django.utils.translation import gettext

from grievances.cases.access import rules
from grievances.cases.models.case import Case
from grievances.cases.roles import COMPLAINANT
from grievances.web.cases.presenters.history import DID
from grievances.web.cases.step_forms.registry import FORMS
from grievances.web.shared.step_form import StepForm
from tests.cases import room_scenarios
from tests.factories import cases, edge_cases
from tests.factories.people import Staff
from tests.signing_in import sign_in
from tests.web.welsh_pages import left_in_english, welsh
from workflow.steps import steps

OWN_STEPS = sorted(
    name
    for name, declared in rules.DECLARED.items()
    if name in FORMS and COMPLAINANT in set(declared.who.terms())
)
FACTS = steps(Case)


def texts_of(step: str) -> Iterator[str]:
    """What the page of a step says by itself, and each refusal of it."""
    fact, form = FACTS[step], FORMS[step]
    yield from (fact.label, str(DID[step]))
    yield from (guard.sentence for guard in fact.guards)
    yield from (str(text) for text in (form.intro, form.button) if text)
    yield from _of_fields(form)


def _of_fields(form: type[StepForm]) -> Iterator[str]:
    for field in form.base_fields.values():
        yield from (str(text) for text in (field.label, field.help_text) if text)
        yield from (str(label) for _, label in getattr(field, "choices", ()))


@pytest.mark.parametrize("step", OWN_STEPS)
def test_it_is_in_welsh(step: str) -> None:
    with translation.override("en-gb"):
        said = [text for text in texts_of(step) if text.strip()]
    with translation.override("cy"):
        left = [text for text in said if gettext(text) == text]
    assert left == []


def let_in(staff: Staff) -> Case:
    """In investigation, with a person who is announced and a meeting that is arranged."""
    case = room_scenarios.invited(staff)
    helper = {"person": staff["handler2"], "part": "co_handler"}
    cases.done(staff, case, "handler1", "appoint_part", cases.START, **helper)
    return cases.fresh(case)


FILLED: dict[str, Callable[[Staff], Case]] = {
    "answer_reader": let_in,
    "object_to_person": edge_cases.offered,
    "ask_approval": cases.decided,
    "move_meeting": let_in,
}
"""Steps whose page offers what the case holds: people, dates, meetings."""


@pytest.mark.django_db
@pytest.mark.parametrize("step", FILLED)
def test_what_a_page_offers_from_the_case_is_in_welsh_and_its_answer_too(
    staff: Staff, step: str
) -> None:
    case = FILLED[step](staff)
    client = welsh(sign_in(Client(), staff, "complainant1"))
    path = f"/cases/{case.reference}/{step}/"
    asked = client.get(path)
    assert asked.status_code == 200
    for answer in (asked, client.post(path, {})):
        page = answer.content.decode()
        assert left_in_english(page) == []
        assert not re.search(r"(November|December|January|handler)\b", main_of(page)), step


@pytest.mark.django_db
def test_what_was_done_is_said_in_welsh(staff: Staff) -> None:
    case = cases.acknowledged(staff)
    client = welsh(sign_in(Client(), staff, "complainant1"))
    path = f"/cases/{case.reference}/"
    client.post(f"{path}message/", {"text": "Helo"})
    page = client.get(path).content.decode()
    assert left_in_english(page) == []
    assert "Rydych wedi" in page


def main_of(page: str) -> str:
    """The words of the page without its frame."""
    main = page[page.index("<main") : page.index("</main>")]
    return re.sub(r"<[^>]+>", " ", main)


@pytest.mark.django_db
def test_the_days_that_were_told_are_read_in_welsh(staff: Staff) -> None:
    days = ["2026-10-05", "2026-11-07"]
    case = cases.raised(staff, when="Dydd Iau", days=days, last_day="2026-11-19")
    client = welsh(sign_in(Client(), staff, "complainant1"))
    page = client.get(f"/cases/{case.reference}/").content.decode()
    assert left_in_english(page) == []
    for said in ("Digwyddodd ar: 5 Hydref 2026; 7 Tachwedd 2026", "digwyddodd: 19 Tachwedd 2026"):
        assert said in page
    officer = sign_in(Client(), staff, "triage1").get(f"/cases/{case.reference}/")
    assert "It happened on: 5 October 2026; 7 November 2026" in officer.content.decode()


@pytest.mark.django_db
def test_of_two_dates_left_out_each_is_named(staff: Staff) -> None:
    page = sign_in(Client(), staff, "handler1").post("/account/leave/", {}).content.decode()
    assert "Enter a date: From which day?" in page
    assert "Enter a date: Until which day?" in page
