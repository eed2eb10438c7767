"""The survey, open to each holder of its address, without sign-in (domain.md 8)."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views import View

from grievances.surveys import responses
from grievances.surveys.models import Form
from grievances.web.shared import clock
from grievances.web.surveys.forms import Survey
from workflow.steps import Refused


class Answer(View):
    """The survey page: GET shows the questions, POST stores the answers.

    A used, closed or unknown address gets one kind page.
    """

    def get(self, request: HttpRequest, token: str) -> HttpResponse:
        """Return the questions."""
        try:
            invitation = responses.find(token, clock.today())
        except Refused as refused:
            return _closed(request, refused)
        return _ask(request, Survey(form=invitation.form))

    def post(self, request: HttpRequest, token: str) -> HttpResponse:
        """Store the answers.

        Returns:
            The page of thanks; the form with 422, or a page that says why it is closed.
        """
        try:
            invitation = responses.find(token, clock.today())
            form = Survey(request.POST, form=invitation.form)
            if not form.is_valid():
                return _ask(request, form, 422)
            responses.answer(token, form.answers(), clock.today())
        except Refused as refused:
            return _closed(request, refused)
        is_complainant = invitation.form in Form.values
        return render(request, "survey/thanks.html", {"is_complainant": is_complainant})


def _ask(request: HttpRequest, form: Survey, status: int = 200) -> HttpResponse:
    return render(request, "survey/questions.html", {"form": form}, status=status)


def _closed(request: HttpRequest, refused: Refused) -> HttpResponse:
    return render(request, "survey/closed.html", {"sentence": _(refused.sentence)}, status=410)
