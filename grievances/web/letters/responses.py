"""A letter as the answer to a request."""

from __future__ import annotations

from collections.abc import Sequence

from django.http import HttpResponse
from django.utils.formats import date_format
from django.utils.translation import gettext

from grievances.cases.models.records import Words
from grievances.letters.pdf import letter_pdf
from grievances.letters.translating import as_read
from grievances.policy import profiles
from grievances.typesetting.pdf import MIME


def letter_response(title: str, words: Sequence[Words], reference: str) -> HttpResponse:
    """Return records as one accessible PDF to save, under a name that says nothing."""
    day = words[0].at.astimezone(profiles.zone())
    named = [gettext("Reference {reference}").format(reference=reference)] if reference else []
    lines = [date_format(day, "j F Y"), *named]
    text = "\n\n".join(as_read(each.kind, each.text) for each in words)
    response = HttpResponse(
        letter_pdf(title, "Fair Hearing", lines, text, day.date()), content_type=MIME
    )
    response["Content-Disposition"] = 'attachment; filename="letter.pdf"'
    response["X-Content-Type-Options"] = "nosniff"
    return response
