"""Every step has a form, and no form invents a word of its own."""

from __future__ import annotations

from django import forms
from django.db.models import TextChoices

import grievances.choices as choices
import grievances.vocabulary as vocabulary
from grievances.cases.models.answers import Consent
from grievances.cases.models.case import Case
from grievances.cases.models.deadlines import CheckIn
from grievances.cases.models.records import Kind
from grievances.policy.profiles import ANSWERS_FOR, SHOWN
from grievances.web.cases.presenters.history import DID
from grievances.web.cases.step_forms.registry import FORMS, WITHOUT_FORM
from grievances.web.shared.step_form import YES_NO
from workflow.steps import steps


def lists_of_words() -> list[list[tuple[str, str]]]:
    """Every list of choices that a form may have."""
    words = {**vars(vocabulary), **vars(choices)}
    own = [each for each in words.values() if _is_choices(each)]
    return [list(each.choices) for each in (*own, CheckIn.Worse, Consent.What)] + [list(YES_NO)]


def _is_choices(thing: object) -> bool:
    return isinstance(thing, type) and issubclass(thing, TextChoices) and thing is not TextChoices


def test_every_step_has_a_form_and_every_form_a_step() -> None:
    assert set(FORMS) == set(steps(Case)) - WITHOUT_FORM


def test_every_step_can_be_told_afterwards() -> None:
    assert set(DID) | {"submit"} >= set(FORMS)


def test_every_date_on_a_page_is_someones() -> None:
    assert set(ANSWERS_FOR) == set(SHOWN)


def test_every_fixed_list_of_choices_comes_from_the_vocabulary() -> None:
    known = lists_of_words()
    strange = [
        f"{step}.{name}"
        for step, form in FORMS.items()
        for name, field in form.base_fields.items()
        if isinstance(field, forms.ChoiceField) and field.choices
        if [(str(a), str(b)) for a, b in field.choices] not in known  # type: ignore[union-attr]
    ]
    assert strange == []


def test_every_sealed_answer_and_every_code_is_a_field_of_its_form() -> None:
    for form in FORMS.values():
        named = {*form.WORDS, *form.CODES, *form.NEEDED_BY}
        assert named <= set(form.base_fields), form
        assert all(isinstance(kind, Kind) for kind in form.WORDS.values())


def test_no_sealed_answer_goes_into_the_trail() -> None:
    both = {step: set(form.WORDS) & set(form.CODES) for step, form in FORMS.items()}
    assert not any(both.values())


def test_every_form_says_why_it_asks_and_what_comes_next() -> None:
    assert [step for step, form in FORMS.items() if len(form.intro) < 20] == []
