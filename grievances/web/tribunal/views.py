"""The complainant's tribunal dates: reminders, and days of early conciliation."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path

from grievances.cases.actions.actor import NotAllowed
from grievances.cases.models.case import Case
from grievances.casework import reading
from grievances.deadlines import tribunal_reminders
from grievances.web.cases.case_views import CasePages
from grievances.web.cases.presenters.calendar_file import calendar_answer, own_days_file
from grievances.web.shared import clock
from grievances.web.shared.tribunal_dates import (
    ClaimDates,
    TribunalDates,
    claim_dates,
    tribunal_dates,
)
from grievances.web.tribunal.forms import Conciliation

ON = "You will be reminded. Nobody else can see that you asked for it."
OFF = "You will not be reminded any more."
TOO_LATE = "There is no time left for a reminder."


class OwnDates(CasePages):
    """A base of the tribunal pages: the case and its dates.

    They are for the complainant alone.
    """

    def find(self, reference: str) -> tuple[Case, TribunalDates | None]:
        """Return (the case, its dates when a day is known).

        Raises NotAllowed for every other person.
        """
        case = tribunal_reminders.find_own(self.caller, reference)
        opened = reading.open_case(self.caller, case.reference, now=clock.now())
        return opened.case, tribunal_dates(opened.words, case.division, clock.today())


class TribunalPage(OwnDates):
    """Dates, reminders and the days after conciliation.

    They are for the complainant alone.
    """

    def get(self, request: HttpRequest, reference: str) -> HttpResponse:
        """Return the page."""
        case, dates = self.find(reference)
        return self._show(request, case, dates, Conciliation())

    def post(self, request: HttpRequest, reference: str) -> HttpResponse:
        """Set or delete the reminders, or work out the days after conciliation."""
        case, dates = self.find(reference)
        what = request.POST.get("what", "")
        if what == "conciliation":
            return self._conciliation(request, case, dates)
        if what == "on" and dates is not None:
            if tribunal_reminders.choose(case, dates.last_days, clock.today()):
                messages.success(request, ON)
            else:
                messages.warning(request, TOO_LATE)
        elif what == "off":
            tribunal_reminders.forget(case)
            messages.success(request, OFF)
        return redirect("tribunal", reference=case.reference)

    def _conciliation(
        self, request: HttpRequest, case: Case, dates: TribunalDates | None
    ) -> HttpResponse:
        form = Conciliation(request.POST)
        if dates is None or not form.is_valid():
            return self._show(request, case, dates, form, status=422)
        claim = claim_dates(dates, form.cleaned_data["day_a"], form.cleaned_data["day_b"])
        return self._show(request, case, dates, form, claim)

    def _show(
        self,
        request: HttpRequest,
        case: Case,
        dates: TribunalDates | None,
        form: Conciliation,
        claim: ClaimDates | None = None,
        status: int = 200,
    ) -> HttpResponse:
        possible = tribunal_reminders.reminder_days(dates.last_days, clock.today()) if dates else []
        chosen = tribunal_reminders.days_chosen(case, clock.today())
        context: dict[str, Any] = {
            "case": case,
            "back": f"/cases/{case.reference}/",
            "tribunal": dates,
            "days": possible if chosen is None else chosen,
            "is_on": chosen is not None,
            "form": form,
            "claim": claim,
        }
        return render(request, "grievances/tribunal_page.html", context, status=status)


class TribunalFile(OwnDates):
    """The days still to come, as a calendar file; its entries name nothing."""

    def get(self, request: HttpRequest, reference: str) -> HttpResponse:
        """Return the file.

        Raises:
            NotAllowed: Where no day is left.
        """
        case, dates = self.find(reference)
        if dates is None or not dates.days_left:
            raise NotAllowed
        numbered = enumerate(dates.last_days)
        days = [(f"tribunal|{case.pk}|{n}", day) for n, day in numbered if day in dates.days_left]
        return calendar_answer(own_days_file(days, clock.now()))


urlpatterns: list[URLPattern] = [
    path("cases/<reference:reference>/tribunal/", TribunalPage.as_view(), name="tribunal"),
    path(
        "cases/<reference:reference>/tribunal/dates.ics",
        TribunalFile.as_view(),
        name="tribunal_file",
    ),
]
