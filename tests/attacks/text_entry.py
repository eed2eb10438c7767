"""Someone who types a secret into every field that takes words, page by page."""

from __future__ import annotations

import inspect
import pkgutil
import re
from collections.abc import Iterator
from datetime import date, datetime
from importlib import import_module
from typing import Any

import pytest
from django import forms
from django.core.files.uploadedfile import SimpleUploadedFile
from django.forms.forms import BaseForm
from django.test import Client

import grievances.web
from grievances.cases.models.case import Case
from grievances.people.models import User
from grievances.policy import profiles
from grievances.surveys import questions
from grievances.web.api import date_boxes
from grievances.web.cases.step_forms.registry import FORMS
from grievances.web.cases.step_requests import ask
from grievances.web.shared import clock
from grievances.web.shared.dates import GovDateField
from grievances.web.shared.step_form import StepForm
from grievances.web.surveys.forms import Survey
from tests.factories.cases import START, fresh
from tests.factories.people import Staff
from tests.signing_in import sign_in
from workflow.calendar import local_date

SECRET = "PLANTEDé"
"""Typed into every field that takes words; its last letter is not ASCII, for the JSON's sake."""


class Typed:
    """Which field of which form was sent a secret: watched where every form is read."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.fields: set[tuple[str, str]] = set()
        read = BaseForm.full_clean

        def watched(form: BaseForm) -> None:
            if form.is_bound:
                self.fields |= {
                    (type(form).__name__, name) for name in form.fields if _is_planted(form, name)
                }
            read(form)

        monkeypatch.setattr(BaseForm, "full_clean", watched)


def _is_planted(form: BaseForm, name: str) -> bool:
    typed = form.data.get(form.add_prefix(name)) or form.files.get(form.add_prefix(name)) or ""
    return "PLANTED" in str(getattr(typed, "name", typed))


def takes_words(field: forms.Field) -> bool:
    """Whether a person can type or upload what they like here."""
    free = isinstance(field, (forms.CharField, forms.FileField))
    return free and not isinstance(field, forms.IntegerField) and not field.widget.is_hidden


def word_fields() -> set[tuple[str, str]]:
    """(form, field) for every field of every form of the product that takes words."""
    found = {
        (form.__name__, name)
        for form in every_form()
        for name, field in form.base_fields.items()
        if takes_words(field)
    }
    asked = {
        q.name for letter in ("A", "B") for q in questions.questions_of(letter) if not q.choices
    }
    return found | {(Survey.__name__, name) for name in asked}


def every_form() -> Iterator[type[forms.Form]]:
    """Every form of the web interface, in whichever file."""
    for module in pkgutil.walk_packages(grievances.web.__path__, "grievances.web."):
        name = module.name
        for _, each in inspect.getmembers(import_module(name), inspect.isclass):
            if issubclass(each, forms.Form) and each.__module__ == name:
                yield each


def step_with(form: str) -> str:
    """A step whose form is this one."""
    return next(step for step, each in FORMS.items() if each.__name__ == form)


class Hands:
    """The time that the interfaces read."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now = START
        monkeypatch.setattr(clock, "now", lambda: self.now)
        monkeypatch.setattr(clock, "today", lambda: local_date(self.now, profiles.zone()))

    def set(self, now: datetime) -> None:
        self.now = now


class Typist:
    """Takes steps by their pages, with a secret in every field that takes words."""

    def __init__(self, staff: Staff, hands: Hands) -> None:
        self.staff, self.hands = staff, hands
        self._clients: dict[str, Client] = {}

    def client(self, name: str) -> Client:
        """The signed-in browser of someone."""
        if name not in self._clients:
            self._clients[name] = sign_in(Client(), self.staff, name)
        return self._clients[name]

    def take(self, name: str, case: Case, step: str, **given: Any) -> Case:
        """Take a step by its page. Where words must mean something (a user name), `given` says
        what, after the secret was typed there once and refused.
        """
        if any(takes_words(FORMS[step].base_fields[key]) for key in given):
            self._post(name, case, step, {k: v for k, v in given.items() if not _named(step, k)})
        answer = self._post(name, case, step, given)
        assert answer.status_code == 302, (step, answer.status_code, visible(answer))
        return fresh(case)

    def try_out(self, name: str, case: Case, step: str, given: dict[str, Any]) -> None:
        """Type into the page of a step, whether it is taken or refused."""
        words = {key: value for key, value in given.items() if not _named(step, key)}
        self._post(name, case, step, words)

    def _post(self, name: str, case: Case, step: str, given: dict[str, Any]) -> Any:
        form = ask(self.staff.caller(name), case.reference, step).form()
        body: dict[str, Any] = {}
        for field_name, field in form.fields.items():
            body |= filled(form, field_name, field, given)
        return self.client(name).post(f"/cases/{case.reference}/{step}/", body)


def visible(answer: Any) -> str:
    """What a page says, for the message of a failure."""
    main = answer.content.decode().split("<main")[-1].split("<form")[0]
    return " ".join(re.sub(r"<[^>]+>", " ", main).split())


def _named(step: str, key: str) -> bool:
    field = FORMS[step].base_fields.get(key)
    return field is not None and takes_words(field)


def filled(form: StepForm, name: str, field: forms.Field, given: dict[str, Any]) -> dict[str, Any]:
    """What a person posts for one field: what is given, a secret, or the first choice."""
    if field.widget.is_hidden and name not in given:
        return {name: field.initial or ""}
    value = given.get(name)
    if isinstance(field, GovDateField):
        day = value if isinstance(value, date) else form.today
        return dict(date_boxes(name, day.isoformat()))
    if isinstance(value, User):
        return {name: str(value.pk)}
    if value is not None:
        return {name: value}
    return {name: _typed(form, name, field)}


def _typed(form: StepForm, name: str, field: forms.Field) -> Any:
    secret = f"{SECRET} {type(form).__name__} {name}"
    if isinstance(field, forms.FileField):
        return SimpleUploadedFile(f"{SECRET} notes.txt", secret.encode())
    if takes_words(field):
        return secret
    if isinstance(field, forms.BooleanField):
        return "on"
    if isinstance(field, forms.IntegerField):
        return "2"
    values = [str(value) for value, _ in getattr(field, "choices", ()) if value]
    if isinstance(field, forms.MultipleChoiceField):
        return values
    return values[0] if values else ""
