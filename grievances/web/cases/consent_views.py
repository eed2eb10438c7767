"""A question to one person, with a yes or a no, without a word of the case."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext

from grievances.cases.actions.actor import NotAllowed
from grievances.cases.models.answers import Consent
from grievances.casework import reading
from grievances.participants import consents
from grievances.web.shared import clock
from grievances.web.shared.session_views import Private
from workflow.models import AlreadyRecorded
from workflow.steps import Refused


class Answer(Private):
    """The page of the question: GET shows it, POST records the answer.

    For every person but the one asked, the page does not exist.
    """

    def get(self, request: HttpRequest, token: str) -> HttpResponseBase:
        """Return the page of the question."""
        return self.show(request, self.question(token))

    def post(self, request: HttpRequest, token: str) -> HttpResponseBase:
        """Record yes, no, or the withdrawal of a yes.

        Returns:
            The question again, with the answer; 422 without one, 409 where it is too late.
        """
        question = self.question(token)
        reply = request.POST.get("answer", "")
        if reply not in {consents.YES, consents.NO, consents.TAKE_BACK}:
            return self.show(request, question, gettext("Choose yes or no."), status=422)
        try:
            consents.answer_question(self.caller, token, reply, now=clock.now())
        except Refused as refused:
            return self.show(request, question, refused.sentence, status=409)
        except AlreadyRecorded:
            return redirect(request.path)
        messages.success(request, gettext("We have recorded your answer."))
        return redirect(request.path)

    def question(self, token: str) -> Consent:
        """Return the question.

        The attempt of another person is recorded as a refusal.

        Raises:
            Http404: For every person but the one asked.
        """
        try:
            return consents.find_question(self.caller, token)
        except NotAllowed:
            reading.record_refusal(self.caller, "", "consent", clock.now())
            raise Http404 from None

    def show(
        self, request: HttpRequest, question: Consent, sentence: str = "", status: int = 200
    ) -> HttpResponse:
        """Return the page, with this sentence and HTTP status."""
        context = {
            "question": question,
            "answer": consents.standing_answer(question),
            "sentence": sentence,
        }
        return render(request, "consent/question.html", context, status=status)
