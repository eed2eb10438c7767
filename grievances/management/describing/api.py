"""The interface for programs, and every other address."""

from __future__ import annotations

import json

from django import forms

from grievances.cases.models.case import Case
from grievances.management.describing.marks import table
from grievances.web import openapi, urls
from grievances.web.cases.step_forms.registry import FORMS
from grievances.web.shared.dates import GovDateField
from grievances.web.urls import programs
from workflow.steps import steps


def draw_addresses() -> str:
    """Return the addresses of the interface for programs, with what each of them does."""
    rows = []
    for each in programs.API:
        view = getattr(each.view, "view_class", None)
        text = " ".join(str(view.__doc__).split()) if view else ""
        rows.append([f"`/{each.pattern}`", text])
    return table(["Address", "Method, and what it answers"], rows)


def write_document() -> str:
    """Return the OpenAPI document as the file in `docs/reference` has it."""
    return json.dumps(openapi.describe_api(), indent=1) + "\n"


def draw_fields() -> str:
    """Return what each step asks: the names of its fields, compulsory ones marked."""
    rows = []
    for name, step in steps(Case).items():
        if name in FORMS and name not in openapi.PAGE_ONLY:
            fields = FORMS[name].base_fields
            asked = [_field(key, each) for key, each in fields.items() if key not in OF_A_PAGE]
            rows.append([f"`{name}`", step.code, step.label, "; ".join(asked) or "-"])
    return table(["Step", "Code", "What", "Fields"], rows)


OF_A_PAGE = frozenset({"once", "seen"})
"""Fields that every step has; the page explains them."""


def _field(name: str, field: forms.Field) -> str:
    kinds: dict[type[forms.Field], str] = {
        GovDateField: "date",
        forms.MultipleChoiceField: "list",
        forms.BooleanField: "yes",
        forms.IntegerField: "number",
    }
    kind = next((word for type_, word in kinds.items() if isinstance(field, type_)), "text")
    return f"`{name}` ({kind}{', compulsory' if field.required else ''})"


def draw_pages() -> str:
    """Return every address of the product except those for programs."""
    found = sorted(
        f"/{each.pattern}" for each in urls.urlpatterns if not str(each.pattern).startswith("api/")
    )
    return "\n".join(f"- `{address}`" for address in found)
