"""The pages of cases: the list, one case, one step of it, who looked, a file."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    JsonResponse,
    StreamingHttpResponse,
)
from django.shortcuts import redirect, render
from django.urls import URLPattern, path, register_converter
from django.utils.http import content_disposition_header

from grievances import access, pages, policy
from grievances.actions import Caller, NotAllowed, brief_of, fact_of, perform, reading, stamp
from grievances.actions.door import was_done
from grievances.actions.newcomers import pay_for_colleagues
from grievances.forms.answers import StepForm
from grievances.forms.steps import FORMS
from grievances.models import Case, Event
from grievances.models.keyring import Unreadable
from grievances.pages.history import DID
from grievances.sessions import kept_typing
from grievances.views import clock
from grievances.views.session import Private
from grievances.vocabulary import State
from workflow.models import AlreadyRecorded
from workflow.steps import OUT_OF_TURN, Refused, first_obstacle

CONFLICTS = frozenset({"STALE_STATE", OUT_OF_TURN, "KEY_NOT_HERE"})
"""Refusals that say "not now" (409); the others say "not like this" (422)."""

NO_KEY = Refused(
    "KEY_NOT_HERE",
    "The key to this case has not reached you yet. It does as soon as somebody who has it opens "
    "the case. Try again later.",
)

NAME_LENGTH = 120


class Reference:
    """A reference in an address: RC- and six signs."""

    regex = "RC-[0-9A-Z]{6}"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(Reference, "reference")


class CasePages(Private):
    """Pages that load through access; what is not there and what is not yours look the same."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            return super().dispatch(request, *args, **kwargs)
        except NotAllowed as error:
            asked = str(kwargs.get("step") or "read")
            asked = asked if asked in access.RULES else "unknown"
            reading.record_refusal(
                self.caller, str(kwargs.get("reference", "")), asked, clock.now()
            )
            raise Http404 from error


class CaseList(CasePages):
    """Every case this person may read, what is due first at the top."""

    def get(self, request: HttpRequest) -> HttpResponse:
        who = self.caller.who
        if who is None:
            raise NotAllowed
        today = clock.today()
        pay_for_colleagues(self.caller)
        listing = pages.list_cases(who, today, page_number(request))
        return render(
            request,
            "grievances/cases.html",
            {
                "base": "base_private.html" if listing.own_only else "base.html",
                "listing": listing,
                "may_report": not listing.rows and access.may(who, "open_report", today),
            },
        )


class CasePage(CasePages):
    """One case, as this person may see it. Opening it is an event."""

    def get(self, request: HttpRequest, reference: str) -> HttpResponse:
        now, today = clock.now(), clock.today()
        opened = reading.open_case(self.caller, reference, now=now)
        if opened.case.state == State.DRAFT:
            return redirect("/raise/")
        template, context = pages.case_context(opened, now, today)
        return render(request, template, context)


@dataclass(frozen=True)
class Asked:
    """A step that this person may ask for on a case, whether or not it is possible now."""

    case: Case
    step: str
    role: str
    caller: Caller

    def form(self, *data: Any, **options: Any) -> StepForm:
        """The form of the step, empty or with what was posted."""
        return FORMS[self.step](
            *data,
            case=self.case,
            caller=self.caller,
            role=self.role,
            today=clock.today(),
            **options,
        )


def ask(caller: Caller, reference: str, step: str) -> Asked:
    """What somebody asks to do; raises NotAllowed for a case or a step that is not theirs."""
    case = reading.find(caller, reference)
    if caller.who is None or step not in FORMS:
        raise NotAllowed
    role = access.role_for(caller.who, step, case)
    if role is None:
        raise NotAllowed
    return Asked(case, step, role, caller)


def do(asked: Asked, form: StepForm) -> Event:
    """Take the step with the answers of a valid form; raises Refused, NotAllowed, AlreadyRecorded.

    A record that cannot be opened for want of a key is refused in a sentence as well.
    """
    now = clock.now()
    try:
        if asked.step == "add_evidence":
            file, once = form.cleaned_data["file"], form.cleaned_data["once"]
            return reading.add_file(asked.case, asked.caller, file, now=now, once=once)
        deed = form.deed()
        return perform(asked.step, case_id=asked.case.pk, caller=asked.caller, now=now, deed=deed)
    except Unreadable as error:
        raise Refused(NO_KEY.code, NO_KEY.sentence) from error


def obstacle(asked: Asked) -> Refused | None:
    """Why the step cannot be taken now, as far as that can be known before anything is asked."""
    fact = fact_of(asked.step)
    if not fact.leaves(asked.case.state):
        return Refused(
            OUT_OF_TURN,
            "This step cannot be taken at this point. Look at the case again to see what is next.",
        )
    brief = brief_of(asked.case, asked.step, asked.role, {}, clock.now(), clock.today())
    guard = first_obstacle(asked.case, fact, brief)
    return Refused(guard.code, guard.sentence) if guard is not None else None


class StepPage(CasePages):
    """The form of one step: asked, taken, or refused in a sentence with nothing typed lost."""

    def get(self, request: HttpRequest, reference: str, step: str) -> HttpResponse:
        asked = ask(self.caller, reference, step)
        kept = kept_typing(request)
        if kept is not None:
            form = asked.form(_seen_now(kept, asked.case))
        else:
            form = asked.form(initial={"role": request.GET.get("role", "")})
        if asked.case.state != State.DRAFT:
            reading.record_opening(asked.case, self.caller, asked.role, clock.now())
        refused = obstacle(asked)
        status = 409 if refused is not None and refused.code in CONFLICTS else 200
        more = {"refused": refused, "kept": kept is not None, "blocked": refused and not kept}
        return self._page(request, asked, form, status, more)

    def post(self, request: HttpRequest, reference: str, step: str) -> HttpResponseBase:
        asked = ask(self.caller, reference, step)
        if was_done(asked.case, request.POST.get("once", "")):
            return self._done(request, asked)
        form = asked.form(request.POST, request.FILES)
        if form.has_preview and "preview" in request.POST:
            return self._preview(request, asked, form)
        if not form.is_valid():
            return self._refuse(request, asked, form, Refused(*form.refusal()))
        try:
            do(asked, form)
        except AlreadyRecorded:
            return self._done(request, asked)
        except Refused as refused:
            reading.record_refusal(self.caller, reference, step, clock.now())
            return self._refuse(request, asked, form, refused)
        messages.success(request, f"You {DID[step]}.")
        return self._done(request, asked)

    def _done(self, request: HttpRequest, asked: Asked) -> HttpResponseBase:
        who = self.caller.who
        case = None
        if who is not None:
            case = access.cases_for(who, "read").filter(pk=asked.case.pk).first()
        if wants_json(request):
            state = case.state if case is not None else ""
            return JsonResponse({"reference": asked.case.reference, "state": state})
        return redirect(f"/cases/{case.reference}/" if case is not None else "/cases/")

    def _preview(self, request: HttpRequest, asked: Asked, form: StepForm) -> HttpResponse:
        form.is_valid()
        rows = form.preview() if "review_on" not in form.errors else []
        if rows:
            # Only the dates were asked for: the other questions may still be open.
            form.errors.clear()
        return self._page(request, asked, form, 200 if rows else 422, {"preview": rows})

    def _refuse(
        self, request: HttpRequest, asked: Asked, form: StepForm, refused: Refused
    ) -> HttpResponseBase:
        status = 409 if refused.code in CONFLICTS else 422
        if wants_json(request):
            return JsonResponse({"code": refused.code, "sentence": refused.sentence}, status=status)
        fresh = reading.find(self.caller, asked.case.reference)
        form.data = _seen_now(form.data, fresh)
        more = {"refused": None if form.errors else refused}
        return self._page(request, asked, form, status, more)

    def _page(
        self,
        request: HttpRequest,
        asked: Asked,
        form: StepForm,
        status: int,
        more: Mapping[str, Any],
    ) -> HttpResponse:
        label = fact_of(asked.step).label
        context = {
            **pages.step_context(asked.case, asked.step, asked.role),
            "form": form,
            "label": label,
            "button": form.button or label,
            **more,
        }
        return render(request, "grievances/step.html", context, status=status)


class Ledger(CasePages):
    """Who opened this case, when and in which role."""

    def get(self, request: HttpRequest, reference: str) -> HttpResponse:
        case, events = reading.ledger(self.caller, reference, now=clock.now())
        role = access.role_of(self.caller.who, case, "read_ledger") if self.caller.who else ""
        rows = [
            [f"{at.astimezone(policy.zone()):%-d %B %Y, %H:%M}", who, what]
            for who, what, at in pages.ledger_rows(events, role)
        ]
        return render(
            request,
            "grievances/ledger.html",
            {
                **pages.step_context(case, "read_ledger", role),
                "rows": rows,
                "headings": ["When", "Who", "What"],
            },
        )


class EvidenceFile(CasePages):
    """A file, given to be saved and never to be opened by the browser."""

    def get(self, request: HttpRequest, reference: str, evidence_id: UUID) -> HttpResponseBase:
        facts, chunks = reading.download(self.caller, reference, str(evidence_id), now=clock.now())
        response = StreamingHttpResponse(chunks, content_type="application/octet-stream")
        header = content_disposition_header(True, safe_name(facts.name))
        response["Content-Disposition"] = header or "attachment"
        response["Content-Length"] = str(facts.size)
        response["Content-Security-Policy"] = "sandbox; default-src 'none'"
        response["X-Content-Type-Options"] = "nosniff"
        return response


def safe_name(name: str) -> str:
    """A file name without folders, control and direction characters or quotes; 120 signs at most.

    The ending is kept, so that the file still opens with the right program.
    """
    last = PurePosixPath(name.replace("\\", "/")).name
    shown = "".join(c for c in last if unicodedata.category(c)[0] != "C" and c not in "\"';<>|:*?")
    plain = " ".join(shown.split()).lstrip(".") or "file"
    ending = PurePosixPath(plain).suffix[:12]
    return plain if len(plain) <= NAME_LENGTH else plain[: NAME_LENGTH - len(ending)] + ending


def page_number(request: HttpRequest) -> int:
    """The page asked for, counted from 1; anything odd is the first."""
    asked = request.GET.get("page", "")
    return max(int(asked), 1) if asked.isdecimal() and len(asked) < 6 else 1


def wants_json(request: HttpRequest) -> bool:
    """Whether the caller asks for JSON rather than for a page."""
    return request.accepts("application/json") and not request.accepts("text/html")


def _seen_now(data: Any, case: Case) -> Any:
    """What was typed, with the present turn of the case: the person has read the page again."""
    fresh = data.copy()
    fresh["seen"] = stamp(case)
    return fresh


urlpatterns: list[URLPattern] = [
    path("cases/", CaseList.as_view(), name="cases"),
    path("cases/<reference:reference>/", CasePage.as_view(), name="case"),
    path("cases/<reference:reference>/ledger/", Ledger.as_view(), name="ledger"),
    path(
        "cases/<reference:reference>/evidence/<uuid:evidence_id>/",
        EvidenceFile.as_view(),
        name="evidence",
    ),
    path("cases/<reference:reference>/<slug:step>/", StepPage.as_view(), name="step"),
]
