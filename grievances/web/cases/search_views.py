"""The search page: words come by POST, never in an address, log, session or event."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator
from dataclasses import replace

from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import get_language, override

from grievances.cases.actions.actor import NotAllowed
from grievances.casework.search import Hit, Progress, look_through
from grievances.web.cases.case_views import CasePages
from grievances.web.cases.presenters.search_results import HitRow, end_context, looked_into
from grievances.web.cases.search_form import SearchWords
from grievances.web.shared import clock

log = logging.getLogger("fairhearing.search")

GAP = "<!-- what is found -->"
"""Where a page is cut, in the list and after it.

What is found is sent in between, as it is found. Nothing that a person typed looks like it, because
a page has their signs escaped.
"""


class SearchCases(CasePages):
    """The search page: GET asks for the words, POST lists the matching cases."""

    keeps_typing = False

    def get(self, request: HttpRequest) -> HttpResponse:
        """Return the page with the empty form."""
        return self.page(request, SearchWords())

    def post(self, request: HttpRequest) -> HttpResponseBase:
        """Return the matches, each sent as it is found.

        Raises:
            NotAllowed: For a visitor who is not known.
        """
        form = SearchWords(request.POST)
        if not form.is_valid():
            return self.page(request, form, status=422)
        if self.caller.who is None:
            raise NotAllowed
        words, after = form.cleaned_data["words"], form.cleaned_data["after"]
        found = look_through(self.caller, words, now=clock.now(), after=after)
        again = SearchWords(initial={"words": words})
        page = self.page(request, again, is_cut=True).content.decode()
        begin, between, end = page.split(GAP)
        before = form.cleaned_data["so_far"] or 0 if after else 0
        ending = {"words": words, "csrf_token": get_token(request)}
        parts = _parts(found, Progress(0, 0, after), between, before, ending)
        return StreamingHttpResponse(_in_language([[begin], parts, [end]], get_language()))

    def page(
        self, request: HttpRequest, form: SearchWords, status: int = 200, **more: object
    ) -> HttpResponse:
        """Return the page with the form and what else it shows."""
        context = {"form": form, **more}
        return render(request, "grievances/search.html", context, status=status)


def _parts(
    found: Iterator[Hit | Progress],
    last: Progress,
    between: str,
    before: int,
    ending: dict[str, object],
) -> Iterator[str]:
    """Yield the HTML of what is found, `between`, and how far the search came.

    It counts from `last`. Where the database ends it, the page goes on from where it came.
    """
    hits, shown, is_cut = 0, 1, False
    try:
        for each in found:
            if isinstance(each, Hit):
                hits, last = hits + 1, replace(last, after=each.case.reference)
                yield render_to_string("grievances/search_hit.html", {"row": HitRow(each)})
                continue
            last = each
            # Less and less often, because each line stays where styles are off.
            if not each.is_over and each.looked >= 2 * shown:
                shown = each.looked
                context = {"looked": looked_into(each.looked)}
                yield render_to_string("grievances/search_progress.html", context)
    except DatabaseError as error:
        log.warning("the database ended a search: %s", type(error).__name__)
        is_cut = True
    yield between
    told: dict[str, object] = {**ending, **end_context(last, before), "hits": hits}
    yield render_to_string("grievances/search_end.html", {**told, "is_cut": is_cut})


def _in_language(parts: Iterable[Iterable[str]], language: str | None) -> Iterator[str]:
    """Yield the pieces of a page, each made in the language of its request."""
    for part in parts:
        pieces = iter(part)
        while True:
            with override(language):
                piece = next(pieces, None)
            if piece is None:
                break
            yield piece
