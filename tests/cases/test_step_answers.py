"""The answers that an effect names by type are those that its form gives."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from typing import Any, get_args, get_type_hints, is_typeddict

import pytest

from grievances.cases.actions.effects import EFFECTS
from grievances.cases.step_names import StepName
from grievances.web.cases.step_forms.registry import FORMS

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
