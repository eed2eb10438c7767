"""Export of a case as one package: explained on a page, downloaded by a button."""

from __future__ import annotations

from collections.abc import Iterator

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import get_language

from grievances.casework.export import file_parts, find_exportable, take_copy
from grievances.casework.reading import OpenCase
from grievances.evidence.zip_stream import Part, pack
from grievances.policy import profiles
from grievances.policy.profiles import COMPLAINANT
from grievances.web.cases.case_views import CasePages
from grievances.web.cases.file_views import sandboxed
from grievances.web.cases.presenters.case import (
    own_copy_context,
    print_context,
    step_context,
)
from grievances.web.cases.presenters.files import file_rows
from grievances.web.shared import clock
from grievances.web.shared.middleware.page_language import tag_of

PAPER = "case.html"


class ExportCase(CasePages):
    """The export page: GET says what is in it and who sees it, POST downloads it."""

    def get(self, request: HttpRequest, reference: str) -> HttpResponse:
        """Return the page that explains the export."""
        case, role = find_exportable(self.caller, reference)
        context = {
            **step_context(case, "export", role),
            "is_own": role == COMPLAINANT,
        }
        return render(request, "grievances/export.html", context)

    def post(self, request: HttpRequest, reference: str) -> HttpResponseBase:
        """Return the case as a streamed ZIP archive; the export is an event.

        A complainant may ask for the page alone (`as=page`), which opens without unpacking.
        """
        now = clock.now()
        opened = take_copy(self.caller, reference, now=now)
        if opened.role == COMPLAINANT and request.POST.get("as") == "page":
            return _download(HttpResponse(_paper(opened)), f"{reference}.html")
        package = pack(_parts(opened, _paper(opened)), now.astimezone(profiles.zone()))
        response = StreamingHttpResponse(package, content_type="application/zip")
        return _download(response, f"{reference}.zip")


def _download(response: HttpResponseBase, name: str) -> HttpResponseBase:
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return sandboxed(response)


def _paper(opened: OpenCase) -> bytes:
    """Return the words as one self-contained HTML page for any browser.

    A complainant's has all that is on their own page, and who opened the case.
    """
    if opened.role == COMPLAINANT:
        context = own_copy_context(opened, clock.now(), clock.today())
        context["html_language"] = tag_of(get_language() or settings.LANGUAGE_CODE)
        return render_to_string("grievances/own_copy.html", context).encode()
    context = {**print_context(opened), "files": file_rows(opened)[::-1]}
    return render_to_string("grievances/export_paper.html", context).encode()


def _parts(opened: OpenCase, paper: bytes) -> Iterator[Part]:
    yield PAPER, [paper]
    yield from file_parts(opened)
