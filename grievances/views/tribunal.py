"""The complainant's own page of tribunal dates: reminders, and the days of early conciliation."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path

from grievances.actions import reading, reminding
from grievances.forms.tribunal import Conciliation
from grievances.models import Case
from grievances.pages.tribunal import TribunalDates, tribunal_dates
from grievances.tribunal import SURE_MONTHS, with_conciliation
from grievances.views import clock
from grievances.views.cases import CasePages

ON = "You will be reminded. Nobody else can see that you asked for it."
OFF = "You will not be reminded any more."
TOO_LATE = "The date is so near, or has passed, that no reminder would come before it."


class TribunalPage(CasePages):
    """Dates, reminders and the calculation after conciliation, for the complainant alone."""

    def get(self, request: HttpRequest, reference: str) -> HttpResponse:
        case, dates = self._open(reference)
        return self._show(request, case, dates, Conciliation())

    def post(self, request: HttpRequest, reference: str) -> HttpResponse:
        case, dates = self._open(reference)
        what = request.POST.get("what", "")
        if what == "conciliation":
            return self._conciliation(request, case, dates)
        if what == "on" and dates is not None:
            if reminding.choose(case, dates.limit.safe, clock.today()):
                messages.success(request, ON)
            else:
                messages.warning(request, TOO_LATE)
        elif what == "off":
            reminding.forget(case)
            messages.success(request, OFF)
        return redirect("tribunal", reference=case.reference)

    def _open(self, reference: str) -> tuple[Case, TribunalDates | None]:
        case = reminding.find_own(self.caller, reference)
        opened = reading.open_case(self.caller, case.reference, now=clock.now())
        return opened.case, tribunal_dates(opened.words, clock.today())

    def _conciliation(
        self, request: HttpRequest, case: Case, dates: TribunalDates | None
    ) -> HttpResponse:
        form = Conciliation(request.POST)
        if dates is None or not form.is_valid():
            return self._show(request, case, dates, form, status=422)
        first, last = form.cleaned_data["day_a"], form.cleaned_data["day_b"]
        claim_by = with_conciliation(dates.act, SURE_MONTHS, first, last)
        return self._show(request, case, dates, form, claim_by, gained=first <= dates.limit.safe)

    def _show(
        self,
        request: HttpRequest,
        case: Case,
        dates: TribunalDates | None,
        form: Conciliation,
        claim_by: date | None = None,
        gained: bool = True,
        status: int = 200,
    ) -> HttpResponse:
        days = reminding.reminder_days(dates.limit.safe, clock.today()) if dates else []
        context: dict[str, Any] = {
            "case": case,
            "back": f"/cases/{case.reference}/",
            "tribunal": dates,
            "days": days,
            "is_on": reminding.is_chosen(case),
            "form": form,
            "claim_by": claim_by,
            "gained": gained,
        }
        return render(request, "grievances/tribunal_page.html", context, status=status)


urlpatterns: list[URLPattern] = [
    path("cases/<reference:reference>/tribunal/", TribunalPage.as_view(), name="tribunal"),
]
