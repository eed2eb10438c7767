"""The page on which an officer says when they are away."""

from __future__ import annotations

from django.db import models
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from grievances.people.models import Leave
from grievances.web.shared import clock
from grievances.web.shared.dates import GovDateField
from grievances.web.shared.fields import PlainForm
from grievances.web.shared.session_views import Private
from workflow.calendar import add_months

MONTHS_AHEAD = 24
"""How far ahead a leave may end. The number is ours."""


class Away(PlainForm):
    """The first and the last day of a leave."""

    from_on = GovDateField(label=_("From which day?"), help_text=_("For example, 27 11 2026."))
    until_on = GovDateField(label=_("Until which day?"), help_text=_("For example, 4 12 2026."))

    def clean(self) -> dict[str, object]:
        """Return the days.

        Raises:
            ValidationError: When the last day is before the first, over, or too far ahead.
        """
        data = super().clean() or self.cleaned_data
        first, last = data.get("from_on"), data.get("until_on")
        if first and last and (last < first or last < clock.today()):
            self.add_error(
                "until_on", gettext("Give a last day that is not before the first, or over.")
            )
        elif last and last > add_months(clock.today(), MONTHS_AHEAD):
            self.add_error(
                "until_on", gettext("Give a last day that is at most two years from today.")
            )
        return data


class OwnLeave(Private):
    """One's own leave: the days to come, with a form to add some or take them back."""

    anonymous_too = False

    def get(self, request: HttpRequest) -> HttpResponseBase:
        """Return the page."""
        return self.show(request, Away())

    def post(self, request: HttpRequest) -> HttpResponseBase:
        """Add a leave, or take back the one that is named.

        Returns:
            The page of leaves again; 422 for days that are refused.
        """
        own = self.own()
        if typed := request.POST.get("remove", ""):
            own.filter(pk=int(typed) if typed.isdecimal() and len(typed) < 19 else 0).delete()
            return redirect("account_leave")
        form = Away(request.POST)
        if not form.is_valid():
            return self.show(request, form, 422)
        first, last = form.cleaned_data["from_on"], form.cleaned_data["until_on"]
        own.get_or_create(person=self.caller.person, from_on=first, until_on=last)
        return redirect("account_leave")

    def own(self) -> models.QuerySet[Leave]:
        """Return the leave of this person, who has an office.

        Anyone else gives days only as a party of a case, and a table of them would tell that.

        Raises:
            Http404: For a person without an office.
        """
        person, today = self.caller.person, clock.today()
        if not any(each.is_current(today) for each in person.appointments.all()):
            raise Http404
        return Leave.objects.filter(person=person)

    def show(self, request: HttpRequest, form: Away, status: int = 200) -> HttpResponse:
        """Return the page with the form, under this HTTP status."""
        rows = self.own().filter(until_on__gte=clock.today())
        context = {"form": form, "rows": rows.order_by("from_on", "pk")}
        return render(request, "account_pages/leave.html", context, status=status)
