"""The page of earlier concerns, and the count of its openings."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from grievances.cases.step_names import StepName
from grievances.casework import reading
from grievances.patterns import links
from grievances.vocabulary import State
from grievances.web.cases.case_views import CasePages
from grievances.web.shared import clock


class PatternPage(CasePages):
    """How often the same person or unit was named; which cases only with a reason."""

    def get(self, request: HttpRequest, reference: str) -> HttpResponse:
        """Return the page; opening it is an event."""
        now, today = clock.now(), clock.today()
        found = links.open_pattern(self.caller, reference, now=now, today=today)
        path_of = f"/cases/{reference}/"
        context = {
            "case": found.case,
            "back": path_of,
            "numbers": [
                {"key": "About the same person", "value": str(len(found.pattern.same_person))},
                {"key": "About the same unit", "value": str(len(found.pattern.same_unit))},
            ],
            "asks_for_review": found.pattern.asks_for_review,
            "is_open": found.is_open,
            "earlier": _earlier(found),
            "headings": ["Case", "Received", "Stage", "Why it is here"],
            "links": [
                {"key": kind, "value": other, "href": f"/cases/{other}/"}
                for other, kind in found.links
            ],
            "open_href": _href(found, StepName.OPEN_PATTERN),
            "link_href": _href(found, StepName.LINK_CASES),
        }
        return render(request, "patterns/pattern.html", context)


class PatternCount(CasePages):
    """How often someone looked up which earlier concerns they are, by month."""

    anonymous_too = False

    def get(self, request: HttpRequest) -> HttpResponse:
        """Return the page; opening it is an event."""
        rows = [[month, str(n)] for month, n in links.openings_by_month(self.caller, clock.today())]
        reading.record(self.caller, "patterns.counted", clock.now())
        context = {"rows": rows, "headings": ["Month", {"text": "Openings", "number": True}]}
        return render(request, "patterns/count.html", context)


def _earlier(found: links.OpenPattern) -> list[list[object]]:
    """Return a row for each earlier case, with why it is here."""
    return [
        [
            {"text": each.reference, "href": f"/cases/{each.reference}/", "head": True},
            f"{each.received_on:%-d %B %Y}" if each.received_on else "",
            State(each.state).label,
            "Same person" if each.pk in found.pattern.same_person else "Same unit",
        ]
        for each in found.earlier
    ]


def _href(found: links.OpenPattern, step: StepName) -> str:
    """Return the page of a step, or "" where the reader may not take it."""
    return f"/cases/{found.case.reference}/{step}/" if step in found.may else ""
