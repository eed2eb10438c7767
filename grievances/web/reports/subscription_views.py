"""The page on which a person says of which new reports they want to hear."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render

from grievances.casework import reading
from grievances.people.models import User
from grievances.reports.catalogue import REPORTS
from grievances.reports.readers import subscriptions
from grievances.web.reports.views import Reader
from grievances.web.shared import clock
from grievances.web.shared.fields import CheckboxList, PlainForm

ASKED = "subscriptions"


class Choice(PlainForm):
    """The reports of which a person wants to hear; none is an answer too."""

    reports = forms.MultipleChoiceField(
        label="Which reports?",
        help_text="You hear of quarters and years, on the day they are published.",
        choices=[(report.name, report.title) for report in REPORTS.values()],
        widget=CheckboxList(),
        required=False,
    )


class Subscriptions(Reader):
    """GET shows what was chosen, POST keeps what is chosen now."""

    anonymous_too = False

    def get(self, request: HttpRequest) -> HttpResponseBase:
        """Return the page."""
        self.check(ASKED)
        form = Choice(initial={"reports": subscriptions.chosen_by(self._person())})
        return self._show(request, form)

    def post(self, request: HttpRequest) -> HttpResponseBase:
        """Keep the choice.

        Returns:
            The list of reports; the form with 422.
        """
        self.check(ASKED)
        form = Choice(request.POST)
        if not form.is_valid():
            return self._show(request, form, status=422)
        chosen = form.cleaned_data["reports"]
        subscriptions.choose(self._person(), chosen)
        number = str(len(chosen))
        reading.record(self.caller, "report.subscribed", clock.now(), number=number)
        said = "You will hear when they are published." if chosen else "You will not be told."
        messages.success(request, said)
        return redirect("/reports/")

    def _person(self) -> User:
        """Return who is signed in.

        Raises:
            Http404: For everyone else.
        """
        if not isinstance(self.caller.who, User):
            raise Http404
        return self.caller.who

    def _show(self, request: HttpRequest, form: Choice, status: int = 200) -> HttpResponse:
        return render(request, "reports/subscriptions.html", {"form": form}, status=status)
