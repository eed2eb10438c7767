"""Pages to raise a concern with an account: start, draft, sending, receipt."""

from __future__ import annotations

from contextlib import suppress

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext

from grievances.cases.access.readers_preview import Readership, read_stamp
from grievances.cases.actions.actor import Caller
from grievances.cases.models.case import Case
from grievances.cases.models.case_keys import Keyring
from grievances.casework import reading
from grievances.choices import RaisedFor
from grievances.intake import agreements, drafts, escrow, submission
from grievances.people.models import User
from grievances.vocabulary import Division, State
from grievances.web.intake import wizard
from grievances.web.intake.own_concern import Own
from grievances.web.shared import clock
from grievances.web.shared.limits.rate_limit import Submission
from grievances.web.shared.sessions import caller_of
from grievances.web.shared.tribunal_dates import conciliation_body, own_tribunal_dates
from workflow.json_values import JsonObject
from workflow.models import AlreadyRecorded

PAGES = ("what-happened", "contact")
OPTIONAL = ("whose", "about", "keep-away", "when", "help", "way", "name")


class Draft:
    """The wizard storage of an account: a draft whose keys only its owner holds."""

    pages: tuple[str, ...] = PAGES
    optional: tuple[str, ...] = OPTIONAL
    signed_in = True
    start = "/raise/"

    def __init__(self, case: Case, caller: Caller) -> None:
        self.case, self.caller = case, caller
        self._ring = Keyring.of(case, caller.holder)
        self._answers = drafts.read_draft(case, caller, self._ring)

    @property
    def answers(self) -> JsonObject:
        """The answers so far, by question."""
        return self._answers

    @property
    def file_count(self) -> int:
        """How many files the draft holds."""
        return self.case.evidence.count()

    def href(self, page: str) -> str:
        """Return the address of a page."""
        return f"/raise/{self.case.reference}/{page}/"

    def keep(self, response: HttpResponseBase, answers: JsonObject) -> None:
        """Save the answers in the draft."""
        now = clock.now()
        drafts.save_draft(self.case, self.caller, answers, now=now, ring=self._ring)

    def readership(self, answers: JsonObject) -> Readership:
        """Return who could read the concern with these answers."""
        own = self.caller.person.pk
        return submission.readership(self.case, answers, now=clock.now(), own=own)

    def puzzle(self, posted: str) -> str:
        """Return an empty text: an account needs no puzzle."""
        return ""

    def send(self, answers: dict[str, object], press: Submission) -> str:
        """Return the address of the receipt, once the concern is sent.

        Raises Refused.
        """
        officers, overseers = read_stamp(press.shown)
        shown = {"expected": officers, "overseeing": overseers}
        now, once = clock.now(), press.once
        if answers.get("raised_for") == RaisedFor.ASKED:
            entry = agreements.send_for_another(
                self.case, self.caller, answers, **shown, now=now, once=once
            )
            return f"{agreements.SENT_PAGE}{entry}/"
        with suppress(AlreadyRecorded):
            submission.submit(
                self.case, self.caller, answers, **shown, now=now, once=once, ring=self._ring
            )
        return self.href("receipt")


def start(request: HttpRequest) -> HttpResponseBase:
    """Return the start page; POST begins a draft.

    The page says what this is, who reads it, what happens next and by when.
    """
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
        "kept": escrow.own_kept(person, clock.today()) if person else [],
        "contact_by": submission.contact_date(division, clock.today()),
    }
    return render(request, "raise/start.html", context)


def ways(request: HttpRequest) -> HttpResponseBase:
    """Return the page of the ways to start, and until when each can be undone."""
    return render(request, "raise/ways.html")


class Continue(Own):
    """A redirect to the first page of a draft that is not answered yet."""

    def get(self, request: HttpRequest, reference: str) -> HttpResponseBase:
        """Return the redirect; a sent concern goes to its case page."""
        case = self.own(reference)
        if case.state != State.DRAFT:
            return redirect(f"/cases/{reference}/")
        return redirect(wizard.first_open(Draft(case, self.caller)))


class Page(Own):
    """One page of a draft; a concern that is sent has its receipt instead."""

    def get(self, request: HttpRequest, reference: str, page: str) -> HttpResponseBase:
        """Return one page of the draft."""
        case = self.own(reference)
        if case.state != State.DRAFT:
            return redirect(f"/raise/{reference}/receipt/")
        return wizard.turn(request, Draft(case, self.caller), page)

    def post(self, request: HttpRequest, reference: str, page: str) -> HttpResponseBase:
        """Return the answer to what was posted, as `get` does.

        A second press of the button finds a concern that is another person's by then.

        Raises:
            Http404: For a concern that is not theirs.
        """
        try:
            return self.get(request, reference, page)
        except Http404:
            if agreements.was_sent(request.POST.get("once", "")[:64]):
                return redirect("/diary/")
            raise


class Receipt(Own):
    """The receipt: the reference, the date, the tribunal date, and support."""

    def get(self, request: HttpRequest, reference: str) -> HttpResponseBase:
        """Return the receipt; a draft goes back to its pages."""
        found = self.own_access(reference)
        case = found.facts.case
        if case.state == State.DRAFT:
            return redirect(f"/raise/{reference}/")
        opened = reading.open_case(self.caller, reference, now=clock.now(), found=found)
        context = {
            "case": case,
            "contact_by": submission.contact_due(case),
            "tribunal": own_tribunal_dates(case, opened.words, self.caller, clock.today()),
            "body": conciliation_body(case.division),
        }
        return render(request, "raise/receipt.html", context)


class Delete(Own):
    """The page to delete a draft for good: GET asks, POST deletes it."""

    def get(self, request: HttpRequest, reference: str) -> HttpResponseBase:
        """Return the page that asks."""
        self.draft(reference)
        return render(request, "raise/delete.html", {"reference": reference})

    def post(self, request: HttpRequest, reference: str) -> HttpResponseBase:
        """Delete the draft.

        Returns:
            The page where a concern begins.
        """
        case = self.draft(reference)
        drafts.delete_draft(case, self.caller, now=clock.now())
        messages.success(request, gettext("The draft is deleted. Nothing of it is left."))
        return redirect("/raise/")
