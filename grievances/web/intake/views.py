"""Raising a concern with an account: the first page, the draft, its sending, its receipt."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import URLPattern, path

from grievances.cases.access import rules
from grievances.cases.access.readers_preview import Readership, read_stamp
from grievances.cases.actions.actor import Caller, NotAllowed
from grievances.cases.actions.perform import StepInput, perform
from grievances.cases.models.case import Case
from grievances.cases.step_names import StepName
from grievances.casework import reading
from grievances.intake import drafts, submission
from grievances.people.models import User
from grievances.vocabulary import Division, State
from grievances.web.intake import anonymous_views, wizard
from grievances.web.intake.wizard import Submission
from grievances.web.shared import clock
from grievances.web.shared.session_views import Private
from grievances.web.shared.sessions import caller_of
from grievances.web.shared.tribunal_dates import tribunal_dates
from workflow.models import AlreadyRecorded

PAGES = ("what-happened", "when", "about", "way", "name", "contact", "keep-away", "help")


class Draft:
    """The sheet of an account: a draft whose keys only its owner holds."""

    pages: tuple[str, ...] = PAGES
    signed_in = True
    start = "/raise/"

    def __init__(self, case: Case, caller: Caller) -> None:
        self.case, self.caller = case, caller
        self._answers = drafts.read_draft(case, caller)

    @property
    def answers(self) -> dict[str, Any]:
        return self._answers

    def href(self, page: str) -> str:
        return f"/raise/{self.case.reference}/{page}/"

    def keep(self, response: HttpResponseBase, answers: dict[str, Any]) -> None:
        drafts.save_draft(self.case, self.caller, answers, now=clock.now())

    def readership(self, answers: dict[str, Any]) -> Readership:
        return submission.readership(self.case, answers, now=clock.now())

    def puzzle(self, posted: str) -> str:
        return ""

    def send(self, answers: dict[str, Any], press: Submission) -> str:
        officers, overseers = read_stamp(press.shown)
        with suppress(AlreadyRecorded):
            submission.submit(
                self.case,
                self.caller,
                answers,
                expected=officers,
                overseeing=overseers,
                now=clock.now(),
                once=press.once,
            )
        return self.href("receipt")


def start(request: HttpRequest) -> HttpResponseBase:
    """What this is, who reads it, what happens next and by when; POST begins a draft."""
    caller = caller_of(request)
    person = caller.who if isinstance(caller.who, User) else None
    if request.method == "POST":
        if person is None:
            return redirect("/accounts/login/?next=/raise/")
        case = drafts.open_draft(person, caller, now=clock.now())
        return redirect(f"/raise/{case.reference}/what-happened/")
    division = person.unit.division if person and person.unit else Division.ENG_WLS
    context = {
        "person": person,
        "drafts": drafts.own_drafts(person) if person else [],
        "contact_by": submission.contact_date(division, clock.today()),
    }
    return render(request, "raise/start.html", context)


class Own(Private):
    """A page about one's own concern; for everybody else there is no such page."""

    def own(self, reference: str) -> Case:
        """The complainant's own case, draft or sent; else Http404 and an event of the try."""
        try:
            case = reading.find(self.caller, reference)
            if self.caller.who is None or not rules.allows(self.caller.who, StepName.SUBMIT, case):
                raise NotAllowed
        except NotAllowed:
            reading.record_refusal(self.caller, reference, "raise", clock.now())
            raise Http404 from None
        return case


class Continue(Own):
    """The first page of a draft that is not answered yet."""

    def get(self, request: HttpRequest, reference: str) -> HttpResponseBase:
        case = self.own(reference)
        if case.state != State.DRAFT:
            return redirect(f"/cases/{reference}/")
        return redirect(wizard.first_open(Draft(case, self.caller)))


class Page(Own):
    """One page of a draft; a concern that is sent has its receipt instead."""

    def get(self, request: HttpRequest, reference: str, page: str) -> HttpResponseBase:
        case = self.own(reference)
        if case.state != State.DRAFT:
            return redirect(f"/raise/{reference}/receipt/")
        return wizard.turn(request, Draft(case, self.caller), page)

    def post(self, request: HttpRequest, reference: str, page: str) -> HttpResponseBase:
        return self.get(request, reference, page)


class Receipt(Own):
    """What the complainant takes away: the reference, the date, the tribunal date, help."""

    def get(self, request: HttpRequest, reference: str) -> HttpResponseBase:
        case = self.own(reference)
        if case.state == State.DRAFT:
            return redirect(f"/raise/{reference}/")
        opened = reading.open_case(self.caller, reference, now=clock.now())
        context = {
            "case": case,
            "contact_by": submission.contact_due(case),
            "tribunal": tribunal_dates(opened.words, case.division, clock.today()),
        }
        return render(request, "raise/receipt.html", context)


class Delete(Own):
    """Delete a draft for good: GET asks, POST does it."""

    def get(self, request: HttpRequest, reference: str) -> HttpResponseBase:
        self.draft(reference)
        return render(request, "raise/delete.html", {"reference": reference})

    def post(self, request: HttpRequest, reference: str) -> HttpResponseBase:
        case = self.draft(reference)
        perform(
            StepName.DELETE_DRAFT,
            case_id=case.pk,
            caller=self.caller,
            now=clock.now(),
            step_input=StepInput(),
        )
        messages.success(request, "The draft is deleted. Nothing of it is left.")
        return redirect("/raise/")

    def draft(self, reference: str) -> Case:
        case = self.own(reference)
        if case.state != State.DRAFT:
            raise Http404
        return case


urlpatterns: list[URLPattern] = [
    path("raise/", start, name="raise"),
    *anonymous_views.urlpatterns,
    path("raise/<str:reference>/", Continue.as_view(), name="raise_continue"),
    path("raise/<str:reference>/delete/", Delete.as_view(), name="raise_delete"),
    path("raise/<str:reference>/receipt/", Receipt.as_view(), name="raise_receipt"),
    path("raise/<str:reference>/<str:page>/", Page.as_view(), name="raise_page"),
]
