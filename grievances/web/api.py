"""`/api/v1/`: the case pages for programs, with facts, dates and steps.

It never returns a word of a record. Session, CSRF protection, forms and refusals are those of the
pages. So a program can do what its person can do on a page, and nothing else. Files are added on
the page alone.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date

from django import forms
from django.http import HttpRequest, HttpResponseBase, JsonResponse, QueryDict, RawPostDataException
from django.views import View

from grievances.cases.access import rules
from grievances.cases.access.facts import Actor
from grievances.cases.actions.actor import Caller, NotAllowed
from grievances.cases.actions.locked_case import was_done, was_done_by
from grievances.cases.step_names import StepName
from grievances.casework import reading
from grievances.tokens import bearer, issuing
from grievances.tokens.models import Purpose
from grievances.vocabulary import Office, Role
from grievances.web.cases.case_views import page_number
from grievances.web.cases.presenters.list_position import Start
from grievances.web.cases.presenters.serializers import case_json, case_list
from grievances.web.cases.step_forms.registry import FORMS
from grievances.web.cases.step_requests import CONFLICTS, StepRequest, ask, do
from grievances.web.shared import clock
from grievances.web.shared.dates import GovDateField
from grievances.web.shared.sessions import caller_of
from grievances.web.shared.step_form import StepForm
from workflow.models import AlreadyRecorded
from workflow.steps import Refused

NO_TOKEN = "This token is not valid here. Make another, and send it."  # noqa: S105
ROLES: dict[Office, frozenset[str]] = {
    Office.LEAD: frozenset({Role.LEAD}),
    Office.TRIAGE: frozenset({Role.TRIAGE_POOL, Role.TRIAGE}),
    Office.HANDLER: frozenset({Role.HANDLER}),
    Office.DECIDER: frozenset({Role.DECIDER}),
    Office.APPEAL: frozenset({Role.APPEAL}),
}
"""The roles in which an office works on cases.

A token shows no other case of its maker.
"""
NOT_JSON = ("NOT_JSON", "The body must be a JSON object.")


class Endpoint(View):
    """A view for programs: 401 without sign-in, 404 for what is not theirs."""

    caller: Caller
    who: Actor

    def dispatch(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        """Return the response; refusals become JSON and are recorded as events.

        The status is 404 for NotAllowed. For Refused it is 409 ("not now") or 422.
        """
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
    """The list of cases (GET, then `next`) that this person may read, first due first.

    A program may show a token instead: it gets the cases in which the office of the token works.
    """

    def dispatch(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        """Return the list, for a person or for a token."""
        header = request.headers.get("Authorization", "")
        if not bearer.shown(header):
            return super().dispatch(request, *args, **kwargs)
        token = bearer.token_of(header, Purpose.DATES, now=clock.now())
        if token is None:
            return say(401, "TOKEN", NO_TOKEN)
        if request.method not in ("GET", "HEAD"):
            return self.http_method_not_allowed(request)
        issuing.record_use(token, clock.now())
        start, roles = Start.read(request.GET.dict()), ROLES[Office(token.office)]
        number = page_number(request)
        return JsonResponse(case_list(token.maker, clock.today(), number, start, roles))

    def get(self, request: HttpRequest) -> HttpResponseBase:
        """Return one page of the list."""
        start = Start.read(request.GET.dict())
        return JsonResponse(case_list(self.who, clock.today(), page_number(request), start))


class OneCase(Endpoint):
    """One case (GET); as on its page, opening it is an event."""

    def get(self, request: HttpRequest, reference: str) -> HttpResponseBase:
        """Return the case as JSON."""
        now = clock.now()
        opened = reading.open_case(self.caller, reference, now=now, before="")
        return JsonResponse(case_json(opened, now, clock.today()))


class OneStep(Endpoint):
    """One step on a case (POST), with a JSON object of the step's fields."""

    def post(self, request: HttpRequest, reference: str, step: str) -> HttpResponseBase:
        """Perform the step; a repeated idempotency key gets `"repeated": true`.

        Returns:
            The new state of the case.

        Raises:
            NotAllowed: For a case or a step that is not this person's.
            Refused: For files, for an unknown field or for an answer that the form refuses.
        """
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
        form = filled_form(asked, step, body)
        try:
            event = do(asked, form)
        except AlreadyRecorded:
            return JsonResponse({"reference": reference, "step": step, "repeated": True})
        return JsonResponse({"reference": reference, "step": step, "state": event.data["to"]})


def say(status: int, code: str, sentence: str) -> JsonResponse:
    """Return a refusal in the one JSON shape of all refusals."""
    return JsonResponse({"code": code, "sentence": sentence}, status=status)


def read_body(request: HttpRequest) -> Mapping[str, object]:
    """Return the JSON object that was sent; an empty body is an empty object.

    Raises:
        Refused: For a body that is not a JSON object, is nested too deeply, or holds a text that is
            not valid Unicode.
    """
    try:
        body = json.loads(request.body or b"{}")
        # A lone surrogate is no character, and no database stores it.
        json.dumps(body, ensure_ascii=False).encode()
    except (ValueError, RecursionError, RawPostDataException) as error:
        raise Refused(*NOT_JSON) from error
    if not isinstance(body, dict):
        raise Refused(*NOT_JSON)
    return body


def filled_form(asked: StepRequest, step: str, body: Mapping[str, object]) -> StepForm:
    """Return the form of a step, filled in and checked.

    Raises:
        Refused: For an unknown field or for an answer that the form refuses.
    """
    form = asked.form(fields_of(FORMS[step], body))
    check_fields(body, form)
    if not form.is_valid():
        raise Refused(*form.refusal())
    return form


def check_fields(body: Mapping[str, object], form: forms.Form) -> None:
    """Reject fields that the step does not ask for.

    Otherwise a date that is ignored would be taken for one that counts.

    Raises:
        Refused: For such a field.
    """
    if set(body) - set(form.fields):
        asked = ", ".join(name for name in form.fields if name not in {"once", "seen"})
        raise Refused(
            "ANSWER_UNKNOWN",
            f"This step asks for: {asked or 'nothing'}. Leave out the rest, and send it again.",
        )


def fields_of(form: type[forms.Form], body: Mapping[str, object]) -> QueryDict:
    """Return a JSON object as the page would have posted it.

    A date is YYYY-MM-DD, and a list stays a list.
    """
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
    """Return a date as the values of the page's three boxes.

    Text that is not a date goes unchanged into the first box.
    """
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return {f"{name}_day": text}
    return {
        f"{name}_day": str(day.day),
        f"{name}_month": str(day.month),
        f"{name}_year": str(day.year),
    }
