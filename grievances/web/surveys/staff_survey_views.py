"""The survey of all staff: the question page, and the page on which HR opens it."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from grievances.cases.actions.actor import NotAllowed
from grievances.casework import reading
from grievances.surveys import staff_survey
from grievances.surveys.staff_survey_models import OtherForm
from grievances.web.shared import clock
from grievances.web.shared.session_views import Private
from grievances.web.shared.sessions import kept_typing
from grievances.web.surveys.forms import Survey
from workflow.steps import Refused


class Answer(Private):
    """The question while a period is open: GET shows it, POST answers it.

    Each account answers once.
    """

    anonymous_too = False

    def get(self, request: HttpRequest) -> HttpResponseBase:
        """Return the page, with unsent text from before a sign-in."""
        return self.show(request, Survey(kept_typing(request), form=OtherForm.STAFF))

    def post(self, request: HttpRequest) -> HttpResponseBase:
        """Store the answer.

        Returns:
            The page of the survey; the form with 422, or 409 once it has closed.
        """
        form = Survey(request.POST, form=OtherForm.STAFF)
        if not form.is_valid():
            return self.show(request, form, status=422)
        try:
            staff_survey.answer(self.caller.person, form.answers(), clock.today())
        except Refused as refused:
            return self.show(request, form, sentence=refused.sentence, status=409)
        messages.success(request, _("Your answer has been sent."))
        return redirect("/pulse/")

    def show(
        self, request: HttpRequest, form: Survey, *, sentence: str = "", status: int = 200
    ) -> HttpResponse:
        """Return the page, with this sentence and HTTP status."""
        period = staff_survey.current(clock.today())
        answered = period is not None and staff_survey.has_answered(self.caller.person, period)
        context = {
            "form": form if period is not None and not answered else None,
            "answered": answered,
            "until": period.closes_on if period is not None else None,
            "sentence": sentence,
            "may_open": staff_survey.may_open(self.caller, clock.today()),
        }
        return render(request, "staff_survey/questions.html", context, status=status)


class Open(Private):
    """The page to open a period: GET says what that means, POST opens it.

    For every person but HR the page does not exist.
    """

    anonymous_too = False

    def get(self, request: HttpRequest) -> HttpResponseBase:
        """Return the page."""
        return self.show(request)

    def post(self, request: HttpRequest) -> HttpResponseBase:
        """Open a period.

        Returns:
            The page of the period; with 409 where it is too soon.

        Raises:
            Http404: For every person but HR.
        """
        try:
            period = staff_survey.open_period(self.caller, now=clock.now())
        except NotAllowed:
            raise self.not_there() from None
        except Refused as refused:
            return self.show(request, refused.sentence, status=409)
        messages.success(request, f"The staff survey is open until {period.closes_on:%-d %B %Y}.")
        return redirect("/pulse/open/")

    def show(self, request: HttpRequest, sentence: str = "", status: int = 200) -> HttpResponse:
        """Return the page, with this sentence and HTTP status.

        Raises:
            Http404: For every person but HR.
        """
        if not staff_survey.may_open(self.caller, clock.today()):
            raise self.not_there()
        last = staff_survey.latest()
        rows = []
        if last is not None:
            rows = [
                {"key": "Opened last", "value": f"{last.opens_on:%-d %B %Y}"},
                {"key": "Open until", "value": f"{last.closes_on:%-d %B %Y}"},
                {"key": "Accounts that could answer", "value": last.invited},
            ]
        context = {
            "sentence": sentence,
            "last": rows,
            "address": request.build_absolute_uri("/pulse/"),
        }
        return render(request, "staff_survey/open.html", context, status=status)

    def not_there(self) -> Http404:
        """Return the 404 that every other person gets; record the attempt."""
        reading.record_refusal(self.caller, "", "open_pulse", clock.now())
        return Http404()
