"""Upload of files in chunks, and download of files that no browser may open."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeVar
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import render
from django.utils.decorators import method_decorator
from django.utils.http import content_disposition_header
from django.utils.translation import gettext
from django.views import View
from django.views.decorators.csrf import csrf_exempt, csrf_protect

from grievances.cases.access.rules import NO_ROLE
from grievances.cases.actions.actor import Caller, NotAllowed
from grievances.cases.models.evidence import FileFacts
from grievances.casework import reading
from grievances.choices import Copy
from grievances.evidence.file_types import name_to_save
from grievances.evidence.storing import media_of
from grievances.evidence.upload import Arrivals
from grievances.policy.profiles import COMPLAINANT
from grievances.web.cases.case_views import CasePages
from grievances.web.cases.presenters.case import step_context
from grievances.web.cases.step_requests import ask
from grievances.web.cases.step_views import StepPage
from grievances.web.shared import clock
from grievances.web.shared.sessions import caller_of
from workflow.steps import Refused

SANDBOX = "sandbox; default-src 'none'; frame-ancestors 'none'"
AnyResponse = TypeVar("AnyResponse", bound=HttpResponseBase)


@method_decorator(csrf_exempt, name="dispatch")
class ReceivesFiles(View):
    """A mixin for pages that take files, placed before the view that answers.

    Files are sealed as they arrive, but only for a person who may send them. Every other person
    gets the one 404, and what they send is dropped as it comes. The CSRF check runs here, after the
    upload handler is set, because the check reads the request.
    """

    def dispatch(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        """Return the page; for a permitted POST set the upload handler first.

        The CSRF check runs after that. Files that no step took are removed afterwards, however the
        request ended.
        """
        take = csrf_protect(super().dispatch)
        if request.method != "POST" or not self.may_send(request, **kwargs):
            return take(request, *args, **kwargs)
        arrivals = Arrivals(request)
        request.upload_handlers = [arrivals]
        try:
            return take(request, *args, **kwargs)
        finally:
            arrivals.let_go()

    def may_send(self, request: HttpRequest, **kwargs: object) -> bool:
        """Return whether this person may send files here now.

        Raises:
            NotImplementedError: In this base class.
        """
        raise NotImplementedError


class TakesFiles(ReceivesFiles, StepPage):
    """The page of a step whose form has a `FilesField`; its address names the step."""

    def may_send(self, request: HttpRequest, **kwargs: object) -> bool:
        """Return whether this person may perform the step on this case."""
        try:
            ask(caller_of(request), str(kwargs["reference"]), str(kwargs["step"]))
        except NotAllowed:
            return False
        return True


def copy_asked(request: HttpRequest) -> str:
    """Return the requested copy; empty for the reader's default copy."""
    wanted = request.GET.get("copy", "")
    return wanted if wanted in Copy.values else ""


def to_save(facts: FileFacts, copy: str, chunks: Iterator[bytes]) -> StreamingHttpResponse:
    """Return a file as a download of plain bytes.

    So no browser opens it on our address, whatever kind of file it is.
    """
    is_copy = copy == Copy.CLEANED
    response = StreamingHttpResponse(chunks, content_type="application/octet-stream")
    name = name_to_save(facts.name, facts.kind, is_copy=is_copy)
    response["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    response["Content-Length"] = str(facts.copy_size if is_copy else facts.size)
    return sandboxed(response)


def sandboxed(response: AnyResponse) -> AnyResponse:
    """Return the response with headers that let uploaded content do nothing."""
    response["Content-Security-Policy"] = SANDBOX
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    response["X-Content-Type-Options"] = "nosniff"
    return response


class EvidenceFile(CasePages):
    """A file to download; the browser never opens it."""

    def get(self, request: HttpRequest, reference: str, evidence_id: UUID) -> HttpResponseBase:
        """Return the file, or the page that says why it is refused."""
        now, wanted = clock.now(), copy_asked(request)
        try:
            facts, copy, chunks = reading.take_out(
                self.caller, reference, str(evidence_id), now=now, copy=wanted
            )
        except Refused as refused:
            reading.record_refusal(self.caller, reference, "download", now)
            return refuse_file(self.caller, request, reference, refused)
        return to_save(facts, copy, chunks)


class LookAtPicture(CasePages):
    """A page with one picture and a link back.

    The picture itself comes from `Picture`.
    """

    def get(self, request: HttpRequest, reference: str, evidence_id: UUID) -> HttpResponseBase:
        """Return the page.

        Raises:
            NotAllowed: For a file that is not a picture this person may read.
        """
        now = clock.now()
        opened = reading.open_case(self.caller, reference, now=now, before="")
        file = next((each for each in opened.files if each.id == evidence_id), None)
        if file is None or not media_of(file):
            raise NotAllowed
        context = {
            **step_context(opened.case, "look", opened.role),
            "name": file.name,
            "is_own": opened.role == COMPLAINANT,
            "clear": request.GET.get("clear") == "yes",
            "source": f"/cases/{reference}/evidence/{evidence_id}/picture/",
        }
        return render(request, "files/picture.html", context)


class Picture(CasePages):
    """The redrawn copy of a picture, displayed; the original is only ever downloaded."""

    def get(self, request: HttpRequest, reference: str, evidence_id: UUID) -> HttpResponseBase:
        """Return the redrawn copy, or the page that says why it is refused."""
        now = clock.now()
        try:
            facts, chunks = reading.look_at(self.caller, reference, str(evidence_id), now=now)
        except Refused as refused:
            reading.record_refusal(self.caller, reference, "look", now)
            return refuse_file(self.caller, request, reference, refused)
        response = StreamingHttpResponse(chunks, content_type=media_of(facts))
        name = name_to_save(facts.name, facts.kind, is_copy=True)
        response["Content-Disposition"] = content_disposition_header(False, name) or "inline"
        response["Content-Length"] = str(facts.copy_size)
        return sandboxed(response)


def refuse_file(
    caller: Caller, request: HttpRequest, reference: str, refused: Refused
) -> HttpResponse:
    """Return the page that says why a file of a case cannot be downloaded."""
    found = reading.find_access(caller, reference)
    role = found.role("read_account") if found.allows("read_account") else NO_ROLE
    context = {
        **step_context(found.facts.case, "download", role),
        "refused": refused,
        "label": gettext("This file cannot be downloaded"),
        "blocked": True,
    }
    return render(request, "grievances/step.html", context, status=409)
