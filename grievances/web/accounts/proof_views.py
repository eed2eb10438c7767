"""The signed proof of raising: the complainant's copy, and how others check it."""

from __future__ import annotations

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from grievances.accounts import proof
from grievances.encryption import key_log, signatures
from grievances.web.cases.case_views import CasePages
from grievances.web.shared import clock
from grievances.web.shared.fields import PlainForm


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


class CheckedProof(PlainForm):
    """A form to check a proof here."""

    proof = forms.CharField(
        label=_("The proof"),
        max_length=20_000,
        help_text=_("Paste the whole text, or the signed lines alone."),
        widget=forms.Textarea(attrs={"rows": 8, "spellcheck": "false"}),
    )

    def clean_proof(self) -> str:
        """Return the proof, if this service signed it and its keys were in the log.

        Raises:
            ValidationError: It was not signed here, or a key was not in the log.
        """
        text: str = self.cleaned_data["proof"]
        try:
            self.facts = proof.read_proof(text, signatures.public_key())
        except signatures.NotSigned:
            raise ValidationError(
                gettext(
                    "This proof was not made here, or has been changed. Check that all of it was "
                    "pasted."
                )
            ) from None
        if faults := proof.faults_in_log(self.facts, key_log.lines()):
            raise ValidationError(faults)
        return text


def key(request: HttpRequest) -> HttpResponse:
    """Return the page of the public key, which also checks a proof that is posted."""
    form = CheckedProof(request.POST or None)
    is_good = request.method == "POST" and form.is_valid()
    context = {
        "key": signatures.public_key(),
        "form": form,
        "facts": form.facts if is_good else None,
    }
    status = 422 if form.is_bound and not is_good else 200
    return render(request, "pages/proof_key.html", context, status=status)


def keys(request: HttpRequest) -> HttpResponse:
    """Return the log of keys as text."""
    return HttpResponse(proof.log_of_keys(), content_type="text/plain; charset=utf-8")
