"""The page on which HR resets the limits of a control chart, with a reason."""

from __future__ import annotations

from datetime import datetime

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render

from grievances.cases.access import rules
from grievances.casework import reading
from grievances.reports import limit_resets
from grievances.web.reports.rebase_forms import Rebasing
from grievances.web.shared import clock
from grievances.web.shared.session_views import Private


class Rebase(Private):
    """The reset page: GET shows the form and earlier resets, POST adds one.

    For every person but HR the page does not exist.
    """

    anonymous_too = False

    def get(self, request: HttpRequest) -> HttpResponseBase:
        """Return the page with the empty form."""
        self.check()
        return self.show(request, Rebasing())

    def post(self, request: HttpRequest) -> HttpResponseBase:
        """Record the reset and its reason.

        Returns:
            The list of resets; the form with 422.
        """
        self.check()
        form = Rebasing(request.POST)
        if not form.is_valid():
            return self.show(request, form, status=422)
        said, now = form.cleaned_data, clock.now()
        why = limit_resets.REASONS[said["reason"]]
        month = limit_resets.rebase(said["series"], said["month"], why, now)
        codes = {"series": said["series"], "period": month.name}
        reading.record(self.caller, "report.rebased", now, **codes)
        messages.success(
            request, f"The chart counts afresh from {month.short}, in reports made from now on."
        )
        return redirect("/reports/rebase/")

    def check(self) -> None:
        """Reject every person but HR, and record the attempt.

        Raises:
            Http404: For every person but HR.
        """
        if not rules.may(self.caller.who, "rebase_series", clock.today()):
            reading.record_refusal(self.caller, "", "rebase_series", clock.now())
            raise Http404

    def show(self, request: HttpRequest, form: Rebasing, status: int = 200) -> HttpResponse:
        """Return the page with the form, under this HTTP status."""
        bases = limit_resets.bases()
        rows = [
            [{"text": each.chart, "head": True}, each.month, each.reason, _day(each.made_at)]
            for each in bases
        ]
        months = bool(limit_resets.months())
        headings = ["Chart", "From", "Why", "Set on"]
        context = {"form": form, "headings": headings, "rows": rows, "months": months}
        return render(request, "reports/rebase.html", context, status=status)


def _day(moment: datetime) -> str:
    return f"{moment:%-d %B %Y}"
