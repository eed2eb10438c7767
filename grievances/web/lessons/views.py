"""Show what was promised to everyone; let HR publish, mark as kept and remove."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.formats import date_format
from django.utils.translation import gettext

from grievances.casework import reading
from grievances.lessons import board
from grievances.reports import snapshots
from grievances.reports.catalogue import REPORTS
from grievances.reports.periods import Period, read_period
from grievances.vocabulary import Office
from grievances.web.cases.case_views import CasePages
from grievances.web.lessons.forms import PublishLesson
from grievances.web.shared import clock
from workflow.steps import Refused

FIGURES = "Saved. The public page has changed."
SAID = {"keep": "Marked as kept.", "remove": "Removed. The record keeps that it was here."}


def we_listened(request: HttpRequest) -> HttpResponse:
    """Return the public page."""
    return render(request, "lessons/we_listened.html", _shown())


class KeepLessons(CasePages):
    """The page of the publishers. For everyone else it does not exist."""

    anonymous_too = False

    def get(self, request: HttpRequest) -> HttpResponse:
        """Return the lessons and the form; opening it is an event."""
        board.require_publisher(self.caller, clock.today())
        reading.record(self.caller, "lesson.listed", clock.now())
        return self._show(request, PublishLesson())

    def post(self, request: HttpRequest) -> HttpResponse:
        """Publish a lesson, or change one.

        Returns:
            The board; 409 or 422 for a refusal.
        """
        board.require_publisher(self.caller, clock.today())
        now, what = clock.now(), request.POST.get("what", "")
        if what == "figures":
            years = {each.name for each in snapshots.released_years()}
            period = request.POST.get("period", "")
            board.show_year(self.caller, period if period in years else "", now=now)
            messages.success(request, FIGURES)
            return redirect("keep_lessons")
        form = PublishLesson() if what else PublishLesson(request.POST)
        try:
            if what:
                number = request.POST.get("number", "")
                known = int(number) if number.isdecimal() and len(number) < 10 else 0
                board.change(self.caller, known, what, now=now)
            elif form.is_valid():
                board.publish(self.caller, **form.cleaned_data, now=now)
            else:
                return self._show(request, form, status=422)
        except Refused as refused:
            return self._show(request, form, refused=refused, status=409 if what else 422)
        messages.success(request, SAID.get(what, "Published. Everyone can read it."))
        return redirect("keep_lessons")

    def _show(
        self,
        request: HttpRequest,
        form: PublishLesson,
        *,
        refused: Refused | None = None,
        status: int = 200,
    ) -> HttpResponse:
        years = [(each.name, each.label) for each in snapshots.released_years()]
        context = {**_shown(), "form": form, "refused": refused, "years": years}
        return render(request, "lessons/keep.html", context, status=status)


def _shown() -> dict[str, object]:
    today, rows = clock.today(), board.lessons()
    return {
        "lessons": [
            {
                "lesson": row,
                "late": row.kept_on is None and row.due < today,
                "owner": gettext(Office(row.owner).label),
            }
            for row in rows
        ],
        **_figures(),
        "made": len(rows),
        "kept": sum(row.kept_on is not None for row in rows),
    }


def _figures() -> dict[str, object]:
    """Return the released figures of the year that is shown, in words."""
    shown = board.shown_year()
    leads = snapshots.released_leads(shown) if shown else []
    titles = {name: report.title for name, report in REPORTS.items()}
    return {
        "year": _in_words(read_period(shown)) if shown else "",
        "figures": [{"key": titles.get(name, name), "value": lead} for name, lead, _ in leads],
        "mark": next((mark for _, _, mark in leads if mark), ""),
    }


def _in_words(period: Period) -> str:
    """Return a period in the language of the page."""
    first, last = date_format(period.first, "j F Y"), date_format(period.last, "j F Y")
    return gettext("{first} to {last}").format(first=first, last=last)
