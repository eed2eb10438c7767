"""The signed proof of raising: the complainant's copy, and how others check it."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, path

from grievances.accounts import proof
from grievances.encryption import signatures
from grievances.web.cases.case_views import CasePages
from grievances.web.shared import clock


class Proof(CasePages):
    """The proof of a person's own concern, to read or (`?file`) to save as text."""

    def get(self, request: HttpRequest, reference: str) -> HttpResponse:
        """Return the proof as a page, or as a text file."""
        text = proof.proof_of(self.caller, reference, now=clock.now())
        if "file" in request.GET:
            response = HttpResponse(text, content_type="text/plain; charset=utf-8")
            # The file name is neutral, because other people may see a download folder.
            response["Content-Disposition"] = f'attachment; filename="{reference}.txt"'
            return response
        return render(request, "grievances/proof.html", {"reference": reference, "text": text})


def key(request: HttpRequest) -> HttpResponse:
    """Return the page of the public key and how to check a proof without us."""
    return render(request, "pages/proof_key.html", {"key": signatures.public_key()})


urlpatterns: list[URLPattern] = [
    path("proof/", key, name="proof_key"),
    path("cases/<reference:reference>/proof/", Proof.as_view(), name="proof"),
]
