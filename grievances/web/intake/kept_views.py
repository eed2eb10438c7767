"""Pages to keep a concern back until its writer is not alone."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext_noop

from grievances.cases.actions.actor import NotAllowed
from grievances.cases.models.case import Case
from grievances.intake import drafts, escrow
from grievances.intake.escrow import Own as OwnKept
from grievances.intake.escrow_models import MOST_NAMES
from grievances.web.intake.kept_forms import Found, KeepBack, KeepOn, names_of
from grievances.web.intake.own_concern import Own
from grievances.web.shared import clock
from grievances.web.shared.middleware.typed_again import typed_again
from grievances.web.shared.session_views import Private
from grievances.web.shared.sessions import kept_typing
from workflow.steps import Refused

NO_ANSWERS: Mapping[str, object] = MappingProxyType({})
KEPT = "/raise/kept/"
KEPT_BACK = gettext_noop("Your concern is kept back. No one can read it but you.")
KEPT_ON = gettext_noop("We go on keeping it. Nothing was sent.")
TAKEN_BACK = gettext_noop("Your concern is deleted. No one has read it.")
DRAFT_AGAIN = gettext_noop(
    "This is a draft again. Nothing is sent until you press “Send my concern”."
)


class Keep(Own):
    """The page to keep a draft back: POST looks names up, or keeps the draft."""

    anonymous_too = False

    def get(self, request: HttpRequest, reference: str) -> HttpResponseBase:
        """Return the page, with the names of the draft looked up."""
        case = self.draft(reference)
        kept = kept_typing(request)
        kept = kept or typed_again(request)
        typed = str(kept["typed"]) if kept and "typed" in kept else self._about(case)
        return self.show(request, case, typed, data=None)

    def post(self, request: HttpRequest, reference: str) -> HttpResponseBase:
        """Look the typed names up, or keep the draft back.

        Returns:
            The kept concern, or the form with the people found or the refusal.
        """
        case = self.draft(reference)
        typed = request.POST.get("typed", "")
        if "find" in request.POST:
            return self.show(request, case, typed, data=None, answers=request.POST.dict())
        form = self.form(typed, request.POST)
        if not form.is_valid():
            return self.show(request, case, typed, data=request.POST)
        try:
            number = escrow.keep_back(case, self.caller, form.wish(), now=clock.now())
        except Refused as refused:
            return self.show(request, case, typed, data=request.POST, refusal=refused)
        messages.success(request, KEPT_BACK)
        if remark := form.remark():
            messages.info(request, remark)
        return redirect(f"{KEPT}{number}/")

    def show(
        self,
        request: HttpRequest,
        case: Case,
        typed: str,
        *,
        data: object,
        answers: Mapping[str, object] = NO_ANSWERS,
        refusal: Refused | None = None,
    ) -> HttpResponse:
        """Return the page with its form; 422 for answers that cannot be taken."""
        person, today = self.caller.person, clock.today()
        context = {
            "form": self.form(typed, data, answers),
            "refusal": refusal,
            "found": Found.of(typed, person),
            "left": escrow.names_left(person, today),
            "most": MOST_NAMES,
            "back": f"/raise/{case.reference}/check/",
        }
        status = 200 if data is None else 422
        return render(request, "raise/keep_back.html", context, status=status)

    def form(
        self, typed: str, data: object, answers: Mapping[str, object] = NO_ANSWERS
    ) -> KeepBack:
        """Return the form for these names, with those who are surely meant ticked.

        `answers` are those given before the names were looked up.
        """
        found = Found.of(typed, self.caller.person)
        start = {**answers, "typed": typed, "targets": list(found.meant)}
        return KeepBack(
            data, initial=start, found=found, months=escrow.months_allowed(clock.today())
        )

    def _about(self, case: Case) -> str:
        answers = drafts.read_draft(case, self.caller)
        return str(answers.get("about") or "")


class KeptList(Private):
    """The list of what a person keeps back."""

    anonymous_too = False

    def get(self, request: HttpRequest) -> HttpResponseBase:
        """Return the list."""
        today = clock.today()
        rows = [
            {"number": own.number, "kept": own.kept, "names": names_of(own.kept.targets)}
            for own in escrow.own_kept(self.caller.person, today)
        ]
        left = escrow.names_left(self.caller.person, today)
        context = {"rows": rows, "left": left, "most": MOST_NAMES}
        return render(request, "raise/kept_list.html", context)


class KeptPage(Private):
    """A base of the pages of one kept concern; for other people it does not exist."""

    anonymous_too = False

    def find(self, number: int) -> OwnKept:
        """Return what the service knows of the person's own kept concern.

        Raises:
            Http404: When there is none in this place.
        """
        for own in escrow.own_kept(self.caller.person, clock.today()):
            if own.number == number:
                return own
        raise Http404


class KeptConcern(KeptPage):
    """One kept concern: what it says, and the ways to go on."""

    def get(self, request: HttpRequest, number: int) -> HttpResponseBase:
        """Return the page."""
        return self.show(request, self.find(number))

    def post(self, request: HttpRequest, number: int) -> HttpResponseBase:
        """Make it a draft again, or keep it on.

        Returns:
            The check page of the draft, or the list of what is kept on.

        Raises:
            Http404: The concern has ended meanwhile, or its words do not open.
        """
        own = self.find(number)
        try:
            if "send" in request.POST:
                case = escrow.make_draft(self.caller, number, now=clock.now())
                messages.info(request, DRAFT_AGAIN)
                return redirect(f"/raise/{case.reference}/check/")
            form = KeepOn(request.POST, months=escrow.months_allowed(clock.today()))
            if not form.is_valid():
                return self.show(request, own, form)
            months = form.cleaned_data["months"]
            escrow.keep_on(self.caller, number, months, now=clock.now())
        except NotAllowed:
            raise Http404 from None
        messages.success(request, KEPT_ON)
        return redirect(KEPT)

    def show(
        self, request: HttpRequest, own: OwnKept, form: KeepOn | None = None
    ) -> HttpResponseBase:
        """Return the page with the words, which only their writer can open."""
        words = escrow.words_of(self.caller, own.number)
        context = {
            "own": own,
            "names": names_of(own.kept.targets),
            "others": own.kept.threshold - 1,
            "account": (words or {}).get("account", ""),
            "is_lost": words is None,
            "form": form or KeepOn(months=escrow.months_allowed(clock.today())),
        }
        return render(request, "raise/kept.html", context, status=422 if form else 200)


class TakeBack(KeptPage):
    """The page to delete a kept concern: GET asks, POST deletes it."""

    def get(self, request: HttpRequest, number: int) -> HttpResponseBase:
        """Return the page that asks."""
        return render(request, "raise/take_back.html", {"own": self.find(number)})

    def post(self, request: HttpRequest, number: int) -> HttpResponseBase:
        """Delete the kept concern.

        Returns:
            The list of kept concerns.
        """
        self.find(number)
        escrow.take_back(self.caller, number)
        messages.success(request, TAKEN_BACK)
        return redirect(KEPT)
