"""What was put to a respondent or witness, on their own page.

The page never leads to the case.
"""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext

from grievances.cases.actions.actor import NotAllowed
from grievances.cases.models.records import Kind
from grievances.casework import reading
from grievances.encryption.primitives import DecryptionFailed, normal_code
from grievances.investigation import heard
from grievances.participants import (
    companions,
    participant_companions,
    participant_files,
    statements,
)
from grievances.web.accounts.leave_views import Away
from grievances.web.cases.presenters.files import own_file_rows
from grievances.web.cases.step_forms.evidence import scan_words
from grievances.web.cases.step_forms.hearings import LINK_SIGNS
from grievances.web.cases.step_forms.investigating.meetings import AnotherDay, NotesAnswer
from grievances.web.letters.responses import letter_response
from grievances.web.participants.forms import Statement
from grievances.web.participants.presenters import hearing_context, meeting_context
from grievances.web.shared import clock
from grievances.web.shared.session_views import Private
from grievances.web.shared.sessions import kept_typing
from workflow.models import AlreadyRecorded
from workflow.steps import Refused


class Heard(Private):
    """A page of a respondent or witness; for other people it does not exist."""

    anonymous_too = False

    def dispatch(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        """Return the page; record a refusal as an event.

        Raises:
            Http404: For a page that is not this person's.
        """
        try:
            return super().dispatch(request, *args, **kwargs)
        except NotAllowed:
            # Every other person gets this 404, and the attempt is recorded.
            reading.record_refusal(self.caller, "", "reply", clock.now())
            raise Http404 from None


class Reply(Heard):
    """The page of what was put to a participant: GET shows it, POST adds an answer."""

    def get(self, request: HttpRequest, token: str) -> HttpResponseBase:
        """Return the page, with unsent text from before a sign-in."""
        form = Statement(kept_typing(request), initial={"once": uuid.uuid4().hex})
        return self.show(request, token, form)

    def post(self, request: HttpRequest, token: str) -> HttpResponseBase:
        """Seal and send the answer.

        Returns:
            The conversation; the form with 422, or 409 with what was typed.
        """
        form = Statement(request.POST)
        if not form.is_valid():
            return self.show(request, token, form, status=422)
        try:
            text, once = form.cleaned_data["text"], form.cleaned_data["once"]
            statements.answer(self.caller, token, text, once=once, now=clock.now())
        except Refused as refused:
            return self.show(request, token, form, sentence=refused.sentence, status=409)
        except DecryptionFailed:
            return self.show(request, token, form, status=409)
        except AlreadyRecorded:
            return redirect(request.path)
        messages.success(request, gettext("Your answer is sealed and sent."))
        return redirect(request.path)

    def show(
        self,
        request: HttpRequest,
        token: str,
        form: Statement,
        *,
        sentence: str = "",
        status: int = 200,
        ask: NotesAnswer | AnotherDay | None = None,
    ) -> HttpResponse:
        """Return the page, with this sentence and HTTP status.

        `ask` is a form about a meeting with what was typed.
        """
        opened = statements.open_hearing(self.caller, token, now=clock.now())
        files = participant_files.files_heard(self.caller, opened.hearing)
        context: dict[str, object] = {
            **hearing_context(opened, clock.now()),
            "path": f"/replies/{token}/",
            "meeting_path": f"/replies/{token}/meeting/",
            "files": own_file_rows(files, f"/replies/{token}/", may_choose=opened.is_open),
            "scan_words": scan_words(),
            **meeting_context(opened, clock.today(), ask=ask),
            "form": form,
            "secret": companions.new_link_secret(),
            "sentence": sentence,
        }
        return render(request, "replies/reply.html", context, status=status)


class ReplyLetter(Heard):
    """What was decided about a participant, as an accessible PDF."""

    def get(self, request: HttpRequest, token: str) -> HttpResponseBase:
        """Return the letter; opening it is an event.

        Raises:
            NotAllowed: For another person's page, or before anything was decided.
        """
        opened = statements.open_hearing(self.caller, token, now=clock.now())
        told = [each for each in opened.words if each.kind == Kind.OUTCOME_NOTE]
        if not told:
            raise NotAllowed
        return letter_response(gettext("What was decided about you"), told[-1:], "")


class ReplyMeeting(Reply):
    """The participant's own meetings: POST answers the notes or moves the meeting."""

    def get(self, request: HttpRequest, token: str) -> HttpResponseBase:
        """Return a redirect to the participant's page.

        Raises NotAllowed.
        """
        statements.find_hearing(self.caller, token)
        return redirect(f"/replies/{token}/")

    def post(self, request: HttpRequest, token: str) -> HttpResponseBase:
        """Answer the notes, or move the meeting to another day.

        Returns:
            The conversation; the form with 422, or 409 with what was typed.
        """
        moves = "move" in request.POST
        ask = AnotherDay(request.POST) if moves else NotesAnswer(request.POST)
        form = Statement(initial={"once": uuid.uuid4().hex})
        if not ask.is_valid():
            statements.find_hearing(self.caller, token)
            return self.show(request, token, form, status=422, ask=ask)
        try:
            said = self._take(token, ask)
        except AlreadyRecorded:
            return redirect(f"/replies/{token}/")
        except Refused as refused:
            return self.show(request, token, form, sentence=refused.sentence, status=409, ask=ask)
        except DecryptionFailed:
            return self.show(request, token, form, status=409, ask=ask)
        messages.success(request, said)
        return redirect(f"/replies/{token}/")

    def _take(self, token: str, ask: NotesAnswer | AnotherDay) -> str:
        given, now = ask.cleaned_data, clock.now()
        if isinstance(ask, AnotherDay):
            heard.move(self.caller, token, given["day"], once=given["once"], now=now)
            return gettext("The meeting is moved.")
        heard.answer_notes(
            self.caller,
            token,
            agrees=given["answer"] == "yes",
            text=given["text"],
            once=given["once"],
            now=now,
        )
        return gettext("Your answer about the notes is sent.")


class ReplyCompanion(Reply):
    """The participant's own companion: POST makes a link, or ends it.

    GET goes back to the page.
    """

    def get(self, request: HttpRequest, token: str) -> HttpResponseBase:
        """Return a redirect to the participant's page.

        Raises NotAllowed.
        """
        statements.find_hearing(self.caller, token)
        return redirect(f"/replies/{token}/")

    def post(self, request: HttpRequest, token: str) -> HttpResponseBase:
        """Make the companion's link, or end the companion's access.

        Returns:
            The page that shows the link once, or the conversation.
        """
        back, now = f"/replies/{token}/", clock.now()
        secret = normal_code(request.POST.get("secret", ""))
        try:
            if "end" in request.POST:
                participant_companions.end_at_hearing(self.caller, token, now=now)
                messages.success(request, gettext("Your companion can read nothing any more."))
                return redirect(back)
            if len(secret) != LINK_SIGNS:
                return self.get(request, token)
            participant_companions.invite_to_hearing(self.caller, token, secret, now=now)
        except (Refused, DecryptionFailed) as error:
            sentence = error.sentence if isinstance(error, Refused) else ""
            form = Statement(initial={"once": uuid.uuid4().hex})
            return self.show(request, token, form, sentence=sentence, status=409)
        link = request.build_absolute_uri(f"/accompany/{secret}/")
        context = {"link": link, "back": back, "is_heard": True}
        return render(request, "accompany/invited.html", context)


class ReplyAway(Heard):
    """The days on which a respondent is away: POST keeps them, or takes them back."""

    def get(self, request: HttpRequest, token: str) -> HttpResponseBase:
        """Return the page."""
        return self.show(request, token, Away())

    def post(self, request: HttpRequest, token: str) -> HttpResponseBase:
        """Keep the days, or forget those that were given.

        Returns:
            The conversation; the form with 422 for days that are refused.
        """
        if "remove" in request.POST:
            statements.say_away(self.caller, token, None, now=clock.now())
            return redirect(request.path)
        form = Away(request.POST)
        if not form.is_valid():
            return self.show(request, token, form, 422)
        days = (form.cleaned_data["from_on"], form.cleaned_data["until_on"])
        statements.say_away(self.caller, token, days, now=clock.now())
        messages.success(request, gettext("We keep these days in mind."))
        return redirect(f"/replies/{token}/")

    def show(self, request: HttpRequest, token: str, form: Away, status: int = 200) -> HttpResponse:
        """Return the page with the form, under this HTTP status."""
        days = statements.away_days(self.caller, token)
        context = {"form": form, "days": days, "back": f"/replies/{token}/"}
        return render(request, "replies/away.html", context, status=status)
