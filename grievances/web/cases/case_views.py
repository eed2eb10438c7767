"""Pages of one case: the case itself, and its words for printing."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render

from grievances.cases.access import rules
from grievances.cases.actions.actor import NotAllowed
from grievances.casework import reading
from grievances.vocabulary import State
from grievances.web.cases.presenters.case import case_context, print_context
from grievances.web.cases.presenters.inbox import clear_notices
from grievances.web.shared import clock
from grievances.web.shared.session_views import Private


class CasePages(Private):
    """A page that loads a case through the access rules.

    A case that does not exist and one that is not the reader's look the same.
    """

    def dispatch(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        """Return the page; record a refusal as an event.

        Raises:
            Http404: For what this person may not see.
        """
        try:
            return super().dispatch(request, *args, **kwargs)
        except NotAllowed as error:
            asked = str(kwargs.get("step") or "read")
            asked = asked if asked in rules.RULES else "unknown"
            reading.record_refusal(
                self.caller, str(kwargs.get("reference", "")), asked, clock.now()
            )
            raise Http404 from error


class CasePage(CasePages):
    """One case as this person may see it; opening it is an event."""

    def get(self, request: HttpRequest, reference: str) -> HttpResponse:
        """Return the page of the case; a draft goes to the pages of raising."""
        now, today = clock.now(), clock.today()
        before = request.GET.get("before", "")
        opened = reading.open_case(self.caller, reference, now=now, before=before)
        if opened.case.state == State.DRAFT:
            return redirect("/raise/")
        clear_notices(self.caller, opened.case, now)
        template, context = case_context(opened, now, today, before=before)
        return render(request, template, context)


class PrintCase(CasePages):
    """The words of a case on one page for printing; opening it is an event."""

    def get(self, request: HttpRequest, reference: str) -> HttpResponse:
        """Return the page for printing; a draft goes to the pages of raising."""
        now = clock.now()
        opened = reading.open_case(self.caller, reference, now=now, kind="case.printed")
        if opened.case.state == State.DRAFT:
            return redirect("/raise/")
        return render(request, "grievances/print.html", print_context(opened))


def page_number(request: HttpRequest) -> int:
    """Return the requested page, counted from 1; other text is page 1."""
    asked = request.GET.get("page", "")
    return max(int(asked), 1) if asked.isdecimal() and len(asked) < 6 else 1
