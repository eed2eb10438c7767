"""Pages for the person for whom a concern was raised.

The one who raised it has a page as well.
"""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from grievances.cases.actions.actor import NotAllowed
from grievances.cases.models.records import Kind
from grievances.casework import identity, reading
from grievances.intake import agreements, diary
from grievances.web.for_others.forms import Answer
from grievances.web.shared import clock
from grievances.web.shared.session_views import Private
from workflow.steps import Refused

SHOWN = (Kind.ACCOUNT, Kind.WHEN, Kind.PEOPLE, Kind.IMPACT, Kind.NAME)
"""What another person has written: the person it is for reads all of it."""


class ForYou(Private):
    """A base of the pages for the person a concern was raised for.

    An account is needed.
    """

    anonymous_too = False
    asked_for = "answer_for_you"

    def dispatch(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        """Return the page; a refusal is an event.

        Raises:
            Http404: For what does not wait for this person.
        """
        try:
            return super().dispatch(request, *args, **kwargs)
        except NotAllowed:
            reading.record_refusal(self.caller, "", self.asked_for, clock.now())
            raise Http404 from None


class Waiting(ForYou):
    """The list of what other people have told us for this person."""

    def get(self, request: HttpRequest) -> HttpResponseBase:
        """Return the list, or go to the only one."""
        found = agreements.waiting(self.caller)
        has_shut = agreements.has_shut(self.caller)
        if len(found) == 1 and not has_shut:
            return redirect(f"{agreements.PAGE}{found[0].number}/")
        context = {"found": found, "has_shut": has_shut}
        return render(request, "for_others/list.html", context)


class One(ForYou):
    """The page of one concern: what was written, and the choice."""

    def get(self, request: HttpRequest, number: int) -> HttpResponseBase:
        """Return the page."""
        return self.show(request, number, Answer())

    def post(self, request: HttpRequest, number: int) -> HttpResponseBase:
        """Confirm the concern, or close it.

        Returns:
            The case, or the start page where it was closed; the form with 422.
        """
        form = Answer(request.POST)
        if not form.is_valid():
            return self.show(request, number, form, 422)
        try:
            if form.cleaned_data["answer"] == "refuse":
                identity.refuse_own(self.caller, number, now=clock.now())
                messages.success(request, _("It is closed. We do nothing more."))
                return redirect("/")
            case = identity.confirm_own(self.caller, number, now=clock.now())
        except Refused as refused:
            form.add_error(None, refused.sentence)
            return self.show(request, number, form, 422)
        messages.success(request, _("Thank you. It is your concern now. We go on."))
        return redirect(f"/cases/{case.reference}/")

    def show(
        self, request: HttpRequest, number: int, form: Answer, status: int = 200
    ) -> HttpResponse:
        """Return the page with the form, under this HTTP status; opening it is an event."""
        asked = agreements.find(self.caller, number)
        reference = asked.case.reference
        opened = reading.open_case(asked.caller, reference, now=clock.now())
        words = [each for each in opened.words if each.kind in SHOWN]
        context = {"form": form, "words": words, "reference": reference}
        return render(request, "for_others/one.html", context, status=status)


class Told(ForYou):
    """The page after a person has told us something for another.

    It says what they keep, and what not.
    """

    asked_for = "read_told"

    def get(self, request: HttpRequest, entry: str) -> HttpResponseBase:
        """Return the page with the diary entry that has their own words.

        Raises:
            NotAllowed: It is not in their diary.
        """
        found = diary.chosen(self.caller, [entry])
        if not found:
            raise NotAllowed
        has_key = agreements.hands_over_key(found[0].text)
        return render(request, "for_others/told.html", {"entry": found[0], "has_key": has_key})
