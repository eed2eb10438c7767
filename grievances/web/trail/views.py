"""Pages of steps and dates, for people whose office is to check them."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from grievances.casework import reading, trail_inspection
from grievances.web.cases.case_views import CasePages, page_number
from grievances.web.shared import clock
from grievances.web.trail.presenters import list_context, trail_context


class TrailList(CasePages):
    """The list of every case that this person may check, by reference."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Return one page of the list; opening it is an event."""
        cases = trail_inspection.cases_to_check(self.caller, clock.today())
        context = list_context(cases, page_number(request))
        reading.record(self.caller, "trail.listed", clock.now())
        return render(request, "trail/list.html", context)


class TrailPage(CasePages):
    """The steps and dates of one case, and whether its trail is as it was written."""

    def get(self, request: HttpRequest, reference: str) -> HttpResponse:
        """Return the page of the case; opening it is an event."""
        today = clock.today()
        checked = trail_inspection.open_trail(self.caller, reference, today, clock.now())
        context = trail_context(checked, today, page_number(request))
        return render(request, "trail/trail.html", context)
