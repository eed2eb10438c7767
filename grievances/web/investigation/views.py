"""Pages of the room of an investigation, and of the report that is composed there."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from grievances.investigation.room import open_room
from grievances.web.cases.case_views import CasePages
from grievances.web.investigation.presenters import report_context, room_context
from grievances.web.shared import clock


class RoomPage(CasePages):
    """The room: plan, people, meetings, evidence, chronology, parts, notes, gaps."""

    def get(self, request: HttpRequest, reference: str) -> HttpResponse:
        """Return the page; opening it is an event."""
        room = open_room(self.caller, reference, now=clock.now())
        return render(request, "investigation/room.html", room_context(room))


class ReportPage(CasePages):
    """The report as it would be composed now, with its gaps above it."""

    def get(self, request: HttpRequest, reference: str) -> HttpResponse:
        """Return the page; opening it is an event."""
        room = open_room(self.caller, reference, now=clock.now())
        return render(request, "investigation/report.html", report_context(room))
