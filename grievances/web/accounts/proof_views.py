"""Proof of raising: given to the complainant, and how anybody checks one without us."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, path

from grievances.accounts import proof
from grievances.encryption import signatures
from grievances.web.cases.case_views import CasePages
from grievances.web.shared import clock


class Proof(CasePages):
    """The proof of one's own concern, to read or (`?file`) to keep as a text file."""

    def get(self, request: HttpRequest, reference: str) -> HttpResponse:
        text = proof.proof_of(self.caller, reference, now=clock.now())
        if "file" in request.GET:
            response = HttpResponse(text, content_type="text/plain; charset=utf-8")
            # A neutral name: a download folder may be seen by others.
            response["Content-Disposition"] = f'attachment; filename="{reference}.txt"'
            return response
        return render(request, "grievances/proof.html", {"reference": reference, "text": text})


def key(request: HttpRequest) -> HttpResponse:
    """The public key, and how a proof is checked without this service."""
    return render(request, "pages/proof_key.html", {"key": signatures.public_key()})


urlpatterns: list[URLPattern] = [
    path("proof/", key, name="proof_key"),
    path("cases/<reference:reference>/proof/", Proof.as_view(), name="proof"),
]
