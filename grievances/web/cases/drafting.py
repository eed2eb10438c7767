"""Save a long form as a draft, and show it before it is sent."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.formats import date_format
from django.utils.translation import gettext

from grievances.cases.actions.actor import Caller
from grievances.cases.actions.step_drafts import (
    CHANGED,
    StepDraft,
    delete_draft,
    find_draft,
    save_draft,
)
from grievances.cases.models.case import Case
from grievances.cases.models.case_keys import Keyring
from grievances.policy import profiles
from grievances.web.shared.deadlines import NAMES
from grievances.web.shared.step_form import StepForm
from workflow.steps import Refused

OWN = frozenset({"csrfmiddlewaretoken", "once", "seen", "draft", "save", "check", "change", "more"})
"""Names that belong to the page and not to the answers."""


class Drafting:
    """The draft of one step on one case, for one person in one role."""

    def __init__(self, case: Case, step: str, caller: Caller, role: str) -> None:
        self.case, self.step, self.role = case, step, role
        self.ring = Keyring.of(case, caller.holder)

    def found(self) -> StepDraft | None:
        """Return the saved draft, or None."""
        return find_draft(self.case, self.ring, self.step)

    def save(self, posted: QueryDict, now: datetime) -> StepDraft:
        """Save what was posted; raises Refused when the draft was saved elsewhere since.

        Returns:
            The draft with its new version.
        """
        answers = {name: posted.getlist(name) for name in posted if name not in OWN}
        seen = posted.get("draft", "")
        return save_draft(
            self.case, self.ring, self.step, answers, role=self.role, seen=seen, now=now
        )

    def require_same(self, posted: QueryDict) -> None:
        """Refuse answers that were typed beside another version of the draft.

        A caller that shows no draft, such as a program, is not asked.

        Raises:
            Refused: the draft was saved from somewhere else since the page was opened.
        """
        if "draft" not in posted:
            return
        draft = self.found()
        if draft is not None and draft.version != posted.get("draft"):
            raise Refused(*CHANGED)

    def end(self) -> None:
        """Delete the draft: the step was taken."""
        delete_draft(self.case, self.step)


def typed_in(draft: StepDraft, fresh: StepForm) -> QueryDict:
    """Return the answers of a draft as data of a form, with a fresh version token."""
    data = QueryDict(mutable=True)
    for name, values in draft.answers.items():
        data.setlist(name, list(values))
    for name in ("once", "seen"):
        data[name] = str(fresh.fields[name].initial)
    return data


def saved_words(draft: StepDraft | None) -> str:
    """Return when and by which role a draft was saved; empty without one."""
    if draft is None:
        return ""
    at = draft.saved_at.astimezone(profiles.zone())
    who = NAMES.get(draft.role, "")
    return gettext("This is a draft, saved on {day} at {time} by: {who}.").format(
        day=date_format(at, "j F Y"), time=f"{at:%H:%M}", who=gettext(who).lower()
    )


def written_in(draft: StepDraft | None) -> list[str]:
    """Return the texts of a draft, for a page on which it cannot be sent any more."""
    if draft is None:
        return []
    return [text for values in draft.answers.values() for text in values if " " in text]


def hidden_answers(posted: QueryDict) -> list[tuple[str, str]]:
    """Return every posted answer as (name, value), to be sent again."""
    kept = {"once", "seen", "draft"}
    return [
        (name, value)
        for name in posted
        if name not in OWN or name in kept
        for value in posted.getlist(name)
    ]


def shown_answers(form: StepForm) -> list[dict[str, str]]:
    """Return the answers of a valid form as rows of question and answer."""
    rows = []
    for name, field in form.fields.items():
        if name in OWN or isinstance(field.widget, forms.HiddenInput):
            continue
        answer = _answer(field, form.cleaned_data.get(name))
        rows.append({"key": str(field.label), "value": answer or "Left open"})
    return rows


def _answer(field: forms.Field, value: object) -> str:
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(value, date):
        return f"{value:%A %-d %B %Y}"
    if isinstance(field, forms.ChoiceField):
        return _chosen(field, value)
    return "" if value is None else str(value)


def _chosen(field: forms.ChoiceField, value: object) -> str:
    """Return the labels of what was chosen."""
    chosen: Iterable[object] = value if isinstance(value, list) else [getattr(value, "pk", value)]
    choices: Any = field.choices
    labels: dict[str, str] = {str(code): str(label) for code, label in choices}
    return "\n".join(labels.get(str(each), "") for each in chosen)
