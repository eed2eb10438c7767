"""The interface for programs as an OpenAPI 3.1 document, made from the forms."""

from __future__ import annotations

from django import forms
from django.http import HttpRequest, HttpResponseBase, JsonResponse
from django.views.decorators.http import require_safe

from grievances.cases.models.case import Case
from grievances.cases.step_names import StepName
from grievances.vocabulary import Outcome, State
from grievances.web.cases.step_forms.registry import FORMS
from grievances.web.shared.dates import GovDateField
from workflow.json_values import JsonObject
from workflow.steps import steps

Schema = JsonObject
PAGE_ONLY = frozenset({StepName.ADD_EVIDENCE})
"""Steps that a page alone can take: programs send no files."""
TEXT, DAY, WHOLE = {"type": "string"}, {"type": "string", "format": "date"}, {"type": "integer"}
YES = {"type": "boolean"}


@require_safe
def document(request: HttpRequest) -> HttpResponseBase:
    """Return the document. It says nothing of any case, so everyone may read it."""
    return JsonResponse(describe_api())


def describe_api() -> Schema:
    """Return the document as JSON."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Fair Hearing",
            "version": "1",
            "description": "The facts, dates and steps of cases, without a word of any record.",
        },
        "security": [{"session": []}],
        "paths": {
            "/api/v1/cases/": {"get": _list()},
            "/api/v1/cases/{reference}/": {"parameters": [_reference()], "get": _read()},
            **{
                f"/api/v1/cases/{{reference}}/{name}/": {
                    "parameters": [_reference()],
                    "post": _step(name, label),
                }
                for name, label in steps_of_programs()
            },
        },
        "components": {"schemas": _schemas(), "securitySchemes": SCHEMES},
    }


def steps_of_programs() -> list[tuple[str, str]]:
    """Return (name, label) of every step that a program can take."""
    declared = steps(Case).items()
    return [
        (name, step.label) for name, step in declared if name in FORMS and name not in PAGE_ONLY
    ]


SCHEMES = {
    "session": {
        "type": "apiKey",
        "in": "cookie",
        "name": "__Host-fh_session",
        "description": "The session of a person. A POST needs the header X-CSRFToken as well.",
    },
    "token": {
        "type": "http",
        "scheme": "bearer",
        "description": "A token of one office. It opens the list alone.",
    },
}


def _list() -> Schema:
    return {
        "operationId": "list_cases",
        "summary": "The cases that this person may read, first due first",
        "security": [{"session": []}, {"token": []}],
        "parameters": [
            {"name": name, "in": "query", "schema": TEXT, "description": words}
            for name, words in (
                ("page", "The number of the page, from 1."),
                ("after", "Where the page begins, as `next` of the page before says it."),
                ("before", "Where the page ends."),
            )
        ],
        "responses": {"200": _answer("Cases"), **_refusals(400, 401, 403, 503)},
    }


def _read() -> Schema:
    return {
        "operationId": "read_case",
        "summary": "One case; opening it is an event",
        "responses": {"200": _answer("Case"), **_refusals(400, 401, 403, 404, 409, 503)},
    }


def _step(name: str, label: str) -> Schema:
    return {
        "operationId": name,
        "summary": label,
        "requestBody": {
            "required": True,
            "content": {"application/json": {"schema": _form(FORMS[name])}},
        },
        "responses": {"200": _answer("Done"), **_refusals(400, 401, 403, 404, 409, 422, 503)},
    }


def _form(form: type[forms.Form]) -> Schema:
    fields = form.base_fields
    return _object(
        {name: _field(field) for name, field in fields.items()},
        required=[name for name, field in fields.items() if field.required],
    )


def _field(field: forms.Field) -> Schema:
    kinds: list[tuple[type[forms.Field], Schema]] = [
        (GovDateField, DAY),
        (forms.MultipleChoiceField, {"type": "array", "items": TEXT}),
        (forms.BooleanField, YES),
        (forms.IntegerField, WHOLE),
    ]
    found = next((schema for kind, schema in kinds if isinstance(field, kind)), TEXT)
    schema = {**found, "description": str(field.label)} if field.label else dict(found)
    if found is TEXT and isinstance(field, forms.CharField) and field.max_length:
        schema["maxLength"] = field.max_length
    return schema


def _object(properties: Schema, required: list[str] | None = None) -> Schema:
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties) if required is None else required,
        "additionalProperties": False,
    }


def _or_none(schema: Schema) -> Schema:
    return {"anyOf": [schema, {"type": "null"}]}


def _one(name: str) -> Schema:
    return {"$ref": f"#/components/schemas/{name}"}


def _many(name: str) -> Schema:
    return {"type": "array", "items": _one(name)}


def _reference() -> Schema:
    return {
        "name": "reference",
        "in": "path",
        "required": True,
        "schema": {"type": "string", "pattern": "^RC-[0-9A-Z]{6}$"},
    }


def _answer(name: str, words: str = "As asked") -> Schema:
    return {"description": words, "content": {"application/json": {"schema": _one(name)}}}


WORDS = {
    400: "The address has a character that no address here has",
    401: "Sign in first, or send a valid token",
    403: "The second step of sign-in, or the header against forms from elsewhere, is missing",
    404: "There may be nothing here, or it may not be open to you",
    409: "Not now",
    422: "Not like this",
    503: "Not at this moment: try again",
}


def _refusals(*statuses: int) -> Schema:
    page = {"text/html": {"schema": TEXT}}
    found: Schema = {}
    for status in statuses:
        found[str(status)] = _answer("Refusal", WORDS[status])
        if status in (403, 503):
            found[str(status)]["content"] |= page
    return found


def _schemas() -> Schema:
    return {
        "Refusal": _object({"code": TEXT, "sentence": TEXT}),
        "Promise": _object(
            {
                **dict.fromkeys(("clock", "name", "whose", "words"), TEXT),
                "due": _or_none(DAY),
                "met_on": _or_none(DAY),
                "paused": YES,
                "working_days_late": WHOLE,
            }
        ),
        "Row": _object(
            {
                "reference": TEXT,
                "state": {"enum": list(State.values)},
                "region": TEXT,
                "roles": {"type": "array", "items": TEXT},
                "next": TEXT,
                "due": _or_none(_one("Promise")),
                "yours": _or_none(_one("Promise")),
            }
        ),
        **_schemas_of_cases(),
    }


def _schemas_of_cases() -> Schema:
    return {
        "Cases": _object(
            {
                "page": WHOLE,
                "has_more": YES,
                "next": _or_none(TEXT),
                "late": _or_none(WHOLE),
                "cases": _many("Row"),
            }
        ),
        "Step": _object({"step": TEXT, "label": TEXT, "ready": YES, "why_not": TEXT}),
        "Case": _object(
            {
                **dict.fromkeys(CASE_TEXTS, TEXT),
                "state": {"enum": list(State.values)},
                "fast_track": YES,
                "received_on": _or_none(DAY),
                "outcome": {"enum": ["", *Outcome.values]},
                "closed_on": _or_none(DAY),
                "promises": _many("Promise"),
                "steps": _many("Step"),
            }
        ),
        "Done": _schema_of_a_step_done(),
    }


def _schema_of_a_step_done() -> Schema:
    return _object(
        {
            "reference": TEXT,
            "step": TEXT,
            "state": {"enum": list(State.values)},
            "repeated": YES,
        },
        required=["reference", "step"],
    )


CASE_TEXTS = (
    "reference", "state_words", "role", "region", "route", "identity", "close_reason",
)  # fmt: skip
