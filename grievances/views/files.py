"""Files by way of the browser: coming in piece by piece, going out to be saved and not opened."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import render
from django.urls import URLPattern, path
from django.utils.decorators import method_decorator
from django.utils.http import content_disposition_header
from django.views.decorators.csrf import csrf_exempt, csrf_protect

from grievances import access, pages
from grievances.actions import NotAllowed, reading
from grievances.evidence.arrival import Arrivals
from grievances.evidence.kinds import name_to_save
from grievances.sessions import caller_of
from grievances.views import clock
from grievances.views.cases import CasePages, StepPage, ask
from grievances.vocabulary import Copy
from workflow.steps import Refused

SANDBOX = "sandbox; default-src 'none'; frame-ancestors 'none'"


@method_decorator(csrf_exempt, name="dispatch")
class TakesFiles(StepPage):
    """The page of a step whose form has a `FilesField`.

    Files are sealed as they arrive only for somebody who may take the step: anybody else gets the
    one 404, and what they send is dropped as it comes. The form protection is checked here, after
    the upload is in charge, because checking it reads the request.
    """

    step = "add_evidence"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        take = csrf_protect(super().dispatch)
        kwargs["step"] = self.step
        if request.method != "POST" or not self._may(request, str(kwargs["reference"])):
            return take(request, *args, **kwargs)
        arrivals = Arrivals(request)
        request.upload_handlers = [arrivals]
        try:
            return take(request, *args, **kwargs)
        finally:
            arrivals.let_go()

    def _may(self, request: HttpRequest, reference: str) -> bool:
        try:
            ask(caller_of(request), reference, self.step)
        except NotAllowed:
            return False
        return True


class EvidenceFile(CasePages):
    """A file, given to be saved and never to be opened by the browser."""

    def get(self, request: HttpRequest, reference: str, evidence_id: UUID) -> HttpResponseBase:
        wanted = request.GET.get("copy", "")
        wanted = wanted if wanted in Copy.values else ""
        now = clock.now()
        try:
            facts, copy, chunks = reading.take_out(
                self.caller, reference, str(evidence_id), now=now, copy=wanted
            )
        except Refused as refused:
            reading.record_refusal(self.caller, reference, "download", now)
            return self._refuse(request, reference, refused)
        is_copy = copy == Copy.CLEANED
        response = StreamingHttpResponse(chunks, content_type="application/octet-stream")
        name = name_to_save(facts.name, facts.kind, is_copy=is_copy)
        response["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
        response["Content-Length"] = str(facts.copy_size if is_copy else facts.size)
        response["Content-Security-Policy"] = SANDBOX
        response["Cross-Origin-Resource-Policy"] = "same-origin"
        response["X-Content-Type-Options"] = "nosniff"
        return response

    def _refuse(self, request: HttpRequest, reference: str, refused: Refused) -> HttpResponse:
        case = reading.find(self.caller, reference)
        role = access.role_of(self.caller.who, case, "read_account") if self.caller.who else ""
        context = {
            **pages.step_context(case, "download", role),
            "refused": refused,
            "label": "This file cannot be downloaded",
            "blocked": True,
        }
        return render(request, "grievances/step.html", context, status=409)


urlpatterns: list[URLPattern] = [
    path(
        "cases/<reference:reference>/evidence/<uuid:evidence_id>/",
        EvidenceFile.as_view(),
        name="evidence",
    ),
    path("cases/<reference:reference>/add_evidence/", TakesFiles.as_view(), name="add_evidence"),
]
