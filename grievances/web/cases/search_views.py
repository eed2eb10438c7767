"""The search page: words come by POST, never in an address, log, session or event."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from grievances.cases.actions.actor import NotAllowed
from grievances.casework.search import search
from grievances.web.cases.case_views import CasePages
from grievances.web.cases.presenters.search_results import found_context
from grievances.web.cases.search_form import SearchWords
from grievances.web.shared import clock


class SearchCases(CasePages):
    """The search page: GET asks for the words, POST lists the matching cases."""

    keeps_typing = False

    def get(self, request: HttpRequest) -> HttpResponse:
        """Return the page with the empty form."""
        return self.page(request, SearchWords())

    def post(self, request: HttpRequest) -> HttpResponse:
        """Return the matches.

        Raises:
            NotAllowed: For a visitor who is not known.
        """
        form = SearchWords(request.POST)
        if not form.is_valid():
            return self.page(request, form, status=422)
        if self.caller.who is None:
            raise NotAllowed
        words, after = form.cleaned_data["words"], form.cleaned_data["after"]
        so_far = form.cleaned_data["so_far"] or 0 if after else 0
        found = search(self.caller, words, now=clock.now(), after=after)
        again = SearchWords(initial={"words": words})
        return self.page(request, again, words=words, **found_context(found, so_far))

    def page(
        self, request: HttpRequest, form: SearchWords, status: int = 200, **more: object
    ) -> HttpResponse:
        """Return the page with the form and what else it shows."""
        context = {"form": form, **more}
        return render(request, "grievances/search.html", context, status=status)
