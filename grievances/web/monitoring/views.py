"""What a complainant may say about themselves, on its own page (domain.md 7).

It comes after sending. No other page has to do with it, and it cannot show an answer again: nothing
here reads one.
"""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from grievances.cases.actions.actor import NotAllowed
from grievances.cases.models.case import Case
from grievances.casework import reading
from grievances.monitoring import answers
from grievances.monitoring.codes import ethnic_groups
from grievances.vocabulary import Identity
from grievances.web.monitoring.forms import AboutYou
from grievances.web.shared import clock
from grievances.web.shared.session_views import Private
from workflow.steps import Refused


class AboutYouPage(Private):
    """The page of the questions: GET shows them, POST stores the answers.

    For every person but the complainant the page does not exist.
    """

    def get(self, request: HttpRequest, reference: str) -> HttpResponseBase:
        """Return the page with the questions."""
        case = self.own(reference)
        answers.offer(case)
        return self.show(request, case, self.form(case))

    def post(self, request: HttpRequest, reference: str) -> HttpResponseBase:
        """Store the answers; an empty form stores nothing.

        Returns:
            The case; the form with 422, or 409 for a refusal.
        """
        case = self.own(reference)
        form = self.form(case, request)
        if not form.is_valid():
            return self.show(request, case, form, status=422)
        if not form.codes():
            messages.info(request, _("You left every question out, so nothing was stored."))
            return redirect(f"/cases/{reference}/")
        try:
            answers.keep(case, form.codes(), form.words(), clock.today())
        except Refused as refused:
            return self.show(request, case, form, sentence=refused.sentence, status=409)
        messages.success(request, _("Thank you. Your answers are stored apart from your concern."))
        return redirect(f"/cases/{reference}/")

    def own(self, reference: str) -> Case:
        """Return the complainant's own case, once it is sent.

        The attempt of another person is recorded as a refusal.

        Raises:
            Http404: For a case that is not theirs.
        """
        try:
            return reading.find(self.caller, reference, "read_about_you")
        except NotAllowed:
            reading.record_refusal(self.caller, reference, "read_about_you", clock.now())
            raise Http404 from None

    def form(self, case: Case, request: HttpRequest | None = None) -> AboutYou:
        """Return the form with the list of the case's division."""
        code_set = ethnic_groups(case.division, clock.today())
        return AboutYou(request.POST if request else None, code_set=code_set)

    def show(
        self,
        request: HttpRequest,
        case: Case,
        form: AboutYou,
        *,
        sentence: str = "",
        status: int = 200,
    ) -> HttpResponse:
        """Return the page, with this sentence and HTTP status."""
        context = {
            "form": form,
            "sentence": sentence,
            "state": answers.state_of(case),
            "is_anonymous": case.identity == Identity.ANONYMOUS,
            "back": f"/cases/{case.reference}/",
            "delete": f"/cases/{case.reference}/about-you/delete/",
        }
        return render(request, "monitoring/about_you.html", context, status=status)


class Delete(AboutYouPage):
    """The deletion of the answers and their link: POST deletes both at once.

    GET goes back to the questions.
    """

    def get(self, request: HttpRequest, reference: str) -> HttpResponseBase:
        """Return a redirect to the questions."""
        self.own(reference)
        return redirect(f"/cases/{reference}/about-you/")

    def post(self, request: HttpRequest, reference: str) -> HttpResponseBase:
        """Delete the answers and their link.

        Returns:
            The form again.
        """
        case = self.own(reference)
        answers.forget(case)
        if answers.state_of(case) == answers.State.APART:
            messages.info(request, answers.KEPT_APART)
        else:
            messages.success(request, _("Your answers are deleted. Nothing of them is left."))
        return redirect(f"/cases/{reference}/about-you/")
