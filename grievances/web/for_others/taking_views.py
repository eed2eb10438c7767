"""The pages on which an officer types a concern for a person.

The person phones, comes in or writes.

Nothing is stored before it is sent: the words go from page to page in the form. The case key is
shown on the page after sending, to be read out or printed, until the officer has given it.
"""

from __future__ import annotations

import json
from contextlib import suppress
from datetime import date
from uuid import uuid4

from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render

from grievances.cases.access import rules
from grievances.cases.access.readers_preview import read_stamp
from grievances.casework import reading
from grievances.choices import CameBy
from grievances.encryption.key_pairs import sealing_key
from grievances.encryption.own_words import open_own, seal_own
from grievances.encryption.primitives import DecryptionFailed
from grievances.intake import submission, taking_down
from grievances.web.for_others.forms import TakenDown, check_of, whose_it_is
from grievances.web.intake.forms import BEGIN
from grievances.web.shared import clock
from grievances.web.shared.fields import PlainForm
from grievances.web.shared.session_views import Private
from workflow.json_values import JsonObject
from workflow.models import AlreadyRecorded
from workflow.steps import Refused

PAGE = "/take-down/"
SENT_PAGE = f"{PAGE}sent/"
KEPT = "taken down"
"""The entry of the session, and the associated data of what it seals."""
NOT_TYPED = frozenset({"csrfmiddlewaretoken", "stage", "read_back", "shown", "once"})
"""What the forms post besides the words."""


class Taking(Private):
    """The form, then the page to read back, then the case key."""

    anonymous_too = False

    def get(self, request: HttpRequest) -> HttpResponseBase:
        """Return the empty form."""
        self._require()
        if self.kept(request):
            return redirect(SENT_PAGE)  # a key is not given yet
        return self.ask(request, TakenDown(today=clock.today(), initial=BEGIN))

    def post(self, request: HttpRequest) -> HttpResponseBase:
        """Return the page after the one that was posted."""
        self._require()
        form = TakenDown(request.POST, today=clock.today())
        stage = request.POST.get("stage", "read")
        if stage == "change":
            return self.ask(request, form)
        if not form.is_valid():
            return self.ask(request, form, 422)
        answers = {**BEGIN, **form.answers()}
        text_to = form.cleaned_data.get("text_to", "")
        check = check_of(answers["came_by"])
        try:
            taking_down.require_reader(self.caller, answers, now=clock.now())
        except Refused as refused:
            form.add_error(None, refused.sentence)
            return self.ask(request, form, 422)
        if stage != "send":
            return self.read_back(request, answers, check(), text_to)
        checked = check(request.POST)
        if not checked.is_valid():
            return self.read_back(request, answers, checked, text_to)
        return self.send(request, answers, checked, text_to)

    def ask(self, request: HttpRequest, form: TakenDown, status: int = 200) -> HttpResponse:
        """Return the form."""
        return render(request, "for_others/take_down.html", {"form": form}, status=status)

    def read_back(
        self,
        request: HttpRequest,
        answers: JsonObject,
        check: PlainForm,
        text_to: str,
        refusal: Refused | None = None,
    ) -> HttpResponse:
        """Return the page to read aloud, with everyone who could read the concern."""
        able = submission.readership_anonymous(answers, now=clock.now())
        context = {
            "form": check,
            "answers": answers,
            "whose": whose_it_is(answers),
            "text_to": text_to,
            "way": CameBy(answers["came_by"]).label,
            "is_letter": answers["came_by"] == CameBy.LETTER,
            "able": able,
            "typed": _typed(request),
            "once": uuid4().hex,
            "refusal": refusal,
        }
        status = 422 if refusal or check.is_bound else 200
        return render(request, "for_others/read_back.html", context, status=status)

    def send(
        self, request: HttpRequest, answers: JsonObject, check: PlainForm, text_to: str
    ) -> HttpResponseBase:
        """Send it, keep the case key for this session, and go to its page.

        One transaction sends it and keeps the key for this session: a second press, or an answer
        that never arrives, loses no key.

        Returns:
            The page with the case key, or the check again.
        """
        officers, overseers = read_stamp(request.POST.get("shown", ""))
        once = request.POST.get("once", "")[:64]
        try:
            with transaction.atomic():
                taken = taking_down.take_down(
                    self.caller,
                    answers,
                    expected=officers,
                    overseeing=overseers,
                    now=clock.now(),
                    once=once,
                    text_to=text_to,
                )
                self.keep(request, taken)
        except Refused as refused:
            return self.read_back(request, answers, check, text_to, refused)
        except AlreadyRecorded:
            pass  # the key waits on its page, until the officer has given it
        return redirect(SENT_PAGE)

    def keep(self, request: HttpRequest, taken: taking_down.TakenDown) -> None:
        """Keep what the next page shows in the session, sealed to the key of this officer."""
        shown = {
            "case_key": taken.case_key,
            "reference": taken.case.reference,
            "is_for_another": taken.is_for_another,
            "is_asked": taken.is_asked,
            "contact_by": submission.contact_due(taken.case).isoformat(),
        }
        words = seal_own(sealing_key(self.caller.person), json.dumps(shown), KEPT).hex()
        request.session[KEPT] = [*request.session.get(KEPT, []), words]
        request.session.save()

    def kept(self, request: HttpRequest) -> dict[str, JsonObject]:
        """Return what is kept in the session and opens, by its sealed words; oldest first."""
        found: dict[str, JsonObject] = {}
        for words in request.session.get(KEPT, []):
            with suppress(DecryptionFailed):
                if self.caller.holder is not None:
                    found[words] = json.loads(
                        open_own(self.caller.holder, bytes.fromhex(words), KEPT)
                    )
        return found

    def _require(self) -> None:
        """Let triage officers in alone; the refusal of anyone else is an event.

        Raises:
            Http404: For everyone else.
        """
        if not rules.may(self.caller.who, "take_down", clock.today()):
            reading.record_refusal(self.caller, "", "take_down", clock.now())
            raise Http404


class Given(Taking):
    """The page of a case key, until the officer says that they have given it."""

    def get(self, request: HttpRequest) -> HttpResponseBase:
        """Return the page of the oldest key that is kept.

        Where there is none, the page says so.
        """
        self._require()
        shown = next(iter(self.kept(request).values()), None)
        if shown is None:
            return render(request, "for_others/sent_before.html")
        context = {**shown, "contact_by": date.fromisoformat(shown["contact_by"])}
        return render(request, "for_others/taken_down.html", context)

    def post(self, request: HttpRequest) -> HttpResponseBase:
        """Forget the key of the posted reference.

        Returns:
            The empty form.
        """
        self._require()
        given = request.POST.get("given", "")
        kept = self.kept(request).items()
        request.session[KEPT] = [words for words, each in kept if each["reference"] != given]
        return redirect(PAGE)


def _typed(request: HttpRequest) -> list[tuple[str, str]]:
    """Return what was typed, for the hidden fields of the next page."""
    names = [name for name in request.POST if name not in NOT_TYPED]
    return [(name, value) for name in names for value in request.POST.getlist(name)]
