"""The form of every step: each step asks for what it needs."""

from __future__ import annotations

from types import ModuleType

from grievances.cases.step_names import StepName
from grievances.web.cases.step_forms import (
    approvals,
    decision,
    emergency,
    evidence,
    hearings,
    holds,
    letters,
    messages,
    offers,
    retention,
    triage,
)
from grievances.web.cases.step_forms.investigating import (
    enquiries,
    examination,
    leaving,
    limited_parts,
    meetings,
)
from grievances.web.shared.step_form import StepForm

FORM_MODULES: tuple[ModuleType, ...] = (
    approvals,
    decision,
    emergency,
    evidence,
    enquiries,
    examination,
    hearings,
    holds,
    leaving,
    letters,
    limited_parts,
    meetings,
    messages,
    offers,
    retention,
    triage,
)


def _forms() -> dict[str, type[StepForm]]:
    """Return the form of each step, as the forms themselves name their steps.

    Raises:
        ValueError: A step has two forms.
    """
    found: dict[str, type[StepForm]] = {}
    for module in FORM_MODULES:
        for form in vars(module).values():
            if not (isinstance(form, type) and issubclass(form, StepForm)):
                continue
            for step in vars(form).get("steps", ()) if form.__module__ == module.__name__ else ():
                if step in found:
                    raise ValueError(f"{step} has two forms: {found[step]} and {form}.")
                found[step] = form
    return found


FORMS = _forms()
"""Step name -> form.

Sending has the wizard of its own; archiving is the clock's alone; a name is given on a page of the
account, with the case key.
"""

WITHOUT_FORM = frozenset({StepName.SUBMIT, StepName.ARCHIVE, StepName.GIVE_NAME})
"""Steps without a form here."""
