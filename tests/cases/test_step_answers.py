"""The answers that an effect names by type are those that its form gives."""

from __future__ import annotations

import inspect
from collections.abc import Iterator, Sequence
from datetime import date
from types import UnionType
from typing import (
    Any,
    NotRequired,
    Required,
    Union,
    get_args,
    get_origin,
    get_type_hints,
    is_typeddict,
)

import pytest
from django import forms

from grievances.cases.actions.effects import EFFECTS
from grievances.cases.step_names import StepName
from grievances.people.models import User
from grievances.web.cases.step_forms.registry import FORMS
from grievances.web.shared.dates import GovDateField
from grievances.web.shared.step_form import PersonField, StepForm

GIVEN_WITHOUT_A_FORM = {
    StepName.SUBMIT: {"readers", "overseers"},
    StepName.GIVE_NAME: {"person"},
    StepName.ADD_EVIDENCE: {"files"},
    StepName.CHECK_FILE: {"file", "changes"},
}
"""What `intake.submission`, `casework.identity` and `evidence.case_files` give."""


def typed_answers() -> Iterator[tuple[str, Any]]:
    """Yield (step, TypedDict) of each effect that names its answers."""
    for step, effect in EFFECTS.items():
        for kind in get_args(get_type_hints(effect)["execution"]):
            if is_typeddict(kind):
                yield step, kind


def names_in(step: str) -> set[str]:
    """Return the fields of a form, and the names that its code adds to the answers."""
    if step in GIVEN_WITHOUT_A_FORM:
        return GIVEN_WITHOUT_A_FORM[StepName(step)]
    form = FORMS[step]
    code = "".join(inspect.getsource(each) for each in form.__mro__ if "grievances" in str(each))
    return {name for name in code.replace("'", '"').split('"') if name.isidentifier()} | {
        *form.base_fields
    }


@pytest.mark.parametrize(("step", "kind"), [*typed_answers()])
def test_every_answer_that_an_effect_names_is_one_that_its_form_gives(step: str, kind: Any) -> None:
    assert {*kind.__required_keys__, *kind.__optional_keys__} <= names_in(step)


def test_most_effects_that_read_answers_name_them() -> None:
    assert len([*typed_answers()]) >= 45


GIVES: dict[type[forms.Field], object] = {
    forms.BooleanField: bool,
    GovDateField: date,
    forms.IntegerField: int,
    forms.MultipleChoiceField: list[str],
    PersonField: User,
    forms.ChoiceField: str,
    forms.CharField: str,
}
"""What a field of each kind gives to the guards and effects, the closer kind first."""


def kinds_of(hint: object) -> set[object]:
    """Return the types that an answer may have, without None, and lists by what they hold."""
    if get_origin(hint) in {Required, NotRequired}:
        hint = get_args(hint)[0]
    several = [*get_args(hint)] if get_origin(hint) in {Union, UnionType} else [hint]
    return {
        list[get_args(each)[0]] if get_origin(each) is Sequence else each  # type: ignore[misc]
        for each in several
    } - {type(None)}


def given_by(form: type[StepForm], name: str) -> object:
    """Return the type of an answer as its form gives it: by its own check, or by its field."""
    check = getattr(form, f"clean_{name}", None)
    if check is not None:
        return get_type_hints(check)["return"]
    field = form.base_fields[name]
    if isinstance(field, forms.TypedChoiceField):
        return field.coerce
    return next(given for kind, given in GIVES.items() if isinstance(field, kind))


def form_answers() -> Iterator[tuple[str, str, object]]:
    """Yield (step, name, hint) of each typed answer that a field of a form gives."""
    for step, kind in typed_answers():
        fields = FORMS[step].base_fields if step in FORMS else {}
        hints = get_type_hints(kind, include_extras=True)
        yield from ((step, name, hint) for name, hint in hints.items() if name in fields)


@pytest.mark.parametrize(("step", "name", "hint"), [*form_answers()])
def test_a_field_gives_the_type_that_the_effect_reads(step: str, name: str, hint: object) -> None:
    assert given_by(FORMS[step], name) in kinds_of(hint)


def test_most_typed_answers_come_from_a_field() -> None:
    assert len([*form_answers()]) >= 75
