"""`/api/v1/`: the case pages for programs. Facts, dates and steps; never a word of a record.

The session, the form protection, the forms and the refusals are those of the pages, so a program
can do what its person can do on a page, and nothing else. Files are added on the page alone.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponseBase, JsonResponse, QueryDict
from django.urls import URLPattern, path
from django.views import View

from grievances.cases.access import rules
from grievances.cases.access.relations import Actor
from grievances.cases.actions.actor import Caller, NotAllowed
from grievances.cases.actions.perform import was_done, was_done_by
from grievances.cases.step_names import StepName
from grievances.casework import reading
from grievances.web.cases.case_views import CONFLICTS, ask, do, page_number
from grievances.web.cases.presenters.serializers import case_json, case_list
from grievances.web.cases.step_forms.registry import FORMS
from grievances.web.shared import clock
from grievances.web.shared.fields import GovDateField
from grievances.web.shared.sessions import caller_of
from workflow.models import AlreadyRecorded
from workflow.steps import Refused


class Endpoint(View):
    """One address for programs: signed in or 401, and the one 404 for all that is not theirs."""

    caller: Caller
    who: Actor

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        self.caller = caller_of(request)
        if self.caller.who is None:
            return say(401, "SIGN_IN", "Sign in first.")
        self.who = self.caller.who
        try:
            return super().dispatch(request, *args, **kwargs)
        except NotAllowed:
            asked = str(kwargs.get("step") or "read")
            asked = asked if asked in rules.RULES else "unknown"
            reading.record_refusal(
                self.caller, str(kwargs.get("reference", "")), asked, clock.now()
            )
            return say(404, "NOT_FOUND", "There may be nothing here, or it may not be open to you.")
        except Refused as refused:
            asked = str(kwargs.get("step") or "read")
            reading.record_refusal(
                self.caller,
                str(kwargs.get("reference", "")),
                asked if asked in rules.RULES else "unknown",
                clock.now(),
            )
            status = 409 if refused.code in CONFLICTS else 422
            return say(status, refused.code, refused.sentence)


class Cases(Endpoint):
    """GET ?page=N: the cases this person may read, what is due first at the top."""

    def get(self, request: HttpRequest) -> HttpResponseBase:
        return JsonResponse(case_list(self.who, clock.today(), page_number(request)))


class OneCase(Endpoint):
    """GET: one case; like its page, this is an event."""

    def get(self, request: HttpRequest, reference: str) -> HttpResponseBase:
        now = clock.now()
        opened = reading.open_case(self.caller, reference, now=now)
        return JsonResponse(case_json(opened, now, clock.today()))


class OneStep(Endpoint):
    """POST a JSON object of the step's fields: takes the step."""

    def post(self, request: HttpRequest, reference: str, step: str) -> HttpResponseBase:
        if step == StepName.ADD_EVIDENCE:
            raise Refused("USE_THE_PAGE", "Files are added on the page of the case.")
        body = read_body(request)
        once = str(body.get("once", ""))
        try:
            asked = ask(self.caller, reference, step)
        except NotAllowed:
            if was_done_by(self.caller, reference, step, once):
                return JsonResponse({"reference": reference, "step": step, "repeated": True})
            raise
        if was_done(asked.case, once):
            return JsonResponse({"reference": reference, "step": step, "repeated": True})
        form = asked.form(fields_of(FORMS[step], body))
        check_fields(body, form)
        if not form.is_valid():
            raise Refused(*form.refusal())
        try:
            event = do(asked, form)
        except AlreadyRecorded:
            return JsonResponse({"reference": reference, "step": step, "repeated": True})
        return JsonResponse({"reference": reference, "step": step, "state": event.data["to"]})


def say(status: int, code: str, sentence: str) -> JsonResponse:
    """A refusal, in the one shape they all have."""
    return JsonResponse({"code": code, "sentence": sentence}, status=status)


def read_body(request: HttpRequest) -> Mapping[str, Any]:
    """The JSON object that was sent, an empty body being an empty one; raises Refused."""
    try:
        body = json.loads(request.body or b"{}")
    except ValueError as error:
        raise Refused("NOT_JSON", "The body must be a JSON object.") from error
    if not isinstance(body, dict):
        raise Refused("NOT_JSON", "The body must be a JSON object.")
    return body


def check_fields(body: Mapping[str, Any], form: forms.Form) -> None:
    """Refuse what the step does not ask: a date passed over would be taken for one that counts."""
    if set(body) - set(form.fields):
        asked = ", ".join(name for name in form.fields if name not in {"once", "seen"})
        raise Refused(
            "ANSWER_UNKNOWN",
            f"This step asks for: {asked or 'nothing'}. Leave out the rest, and send it again.",
        )


def fields_of(form: type[forms.Form], body: Mapping[str, Any]) -> QueryDict:
    """A JSON object as the page would have posted it; a date is YYYY-MM-DD, a list is a list."""
    posted = QueryDict(mutable=True)
    for name, value in body.items():
        if isinstance(form.base_fields.get(name), GovDateField):
            posted.update(date_boxes(name, str(value)))
        elif isinstance(value, list):
            posted.setlist(name, [str(part) for part in value])
        elif value is not None:
            posted[name] = str(value)
    return posted


def date_boxes(name: str, text: str) -> dict[str, str]:
    """A date as the three boxes of the page; one that cannot be read goes to the first, as is."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return {f"{name}_day": text}
    return {
        f"{name}_day": str(day.day),
        f"{name}_month": str(day.month),
        f"{name}_year": str(day.year),
    }


urlpatterns: list[URLPattern] = [
    path("api/v1/cases/", Cases.as_view(), name="api_cases"),
    path("api/v1/cases/<str:reference>/", OneCase.as_view(), name="api_case"),
    path("api/v1/cases/<str:reference>/<str:step>/", OneStep.as_view(), name="api_step"),
]
