"""Pages of the list of cases, saved views, the board and own dates."""

from __future__ import annotations

import re

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render

from grievances.cases.access import rules
from grievances.cases.access.facts import Actor
from grievances.cases.actions.actor import NotAllowed
from grievances.cases.models.assignments import CaseUserObjectPermission
from grievances.casework import reading
from grievances.casework.new_officers import pay_for_colleagues
from grievances.people.models import User
from grievances.people.saved_views import MOST, SavedView
from grievances.web.cases.case_views import CasePages, page_number
from grievances.web.cases.presenters.board import board_context
from grievances.web.cases.presenters.calendar_file import calendar_answer, calendar_file
from grievances.web.cases.presenters.case_list import Listing, list_cases, own_dates
from grievances.web.cases.presenters.list_filters import CHOICES, Filters, View
from grievances.web.cases.presenters.list_position import Start
from grievances.web.shared import clock

REFERENCE = re.compile(r"(?:RC)?[-\s]*([0-9A-Z]{6})")
NO_REFERENCE = "A reference looks like RC-7K2M9P: RC and six letters or numbers."


class CaseList(CasePages):
    """The list of every case that this person may read, late ones at the top."""

    def get(self, request: HttpRequest) -> HttpResponseBase:
        """Return one page of the list, or go to the case whose reference was typed.

        Raises:
            NotAllowed: For a visitor who is not known.
        """
        who = self.caller.who
        if who is None:
            raise NotAllowed
        typed = request.GET.get("reference", "")[:60]
        if found := _page_of(typed):
            return redirect(found)
        today = clock.today()
        pay_for_colleagues(self.caller)
        asked, number = request.GET.dict(), page_number(request)
        listing = list_cases(who, today, number, Filters.read(asked), Start.read(asked))
        works = _works(who, listing)
        context: dict[str, object] = {
            "base": "base.html" if works else "base_private.html",
            "listing": listing,
            "works": works,
            "has_dates": _has_dates(who, listing, works),
            "typed": typed,
            "error": NO_REFERENCE if typed else "",
            "may_report": not listing.rows and rules.may(who, "open_report", today),
            "may_check": not listing.rows and rules.may(who, "read_all_trails", today),
        }
        if works and isinstance(who, User):
            context |= _desk(listing.filters, who)
        return render(request, "grievances/cases.html", context, status=422 if typed else 200)


def _page_of(typed: str) -> str:
    """Return the address of the case whose reference was typed, else "".

    The page of the case answers alike for one that is hidden and one that is not there.
    """
    wanted = REFERENCE.fullmatch(typed.strip().upper())
    return "" if wanted is None else f"/cases/RC-{wanted[1]}/"


def _works(who: object, listing: Listing) -> bool:
    """Return whether the reader works on cases, also where this page shows none."""
    if any(not row.is_own for row in listing.rows):
        return True
    return isinstance(who, User) and CaseUserObjectPermission.objects.filter(user=who).exists()


def _has_dates(who: Actor, listing: Listing, works: bool) -> bool:
    """Return whether the calendar file holds a date; officers: by this page."""
    if works:
        return any(row.promise is not None for row in listing.rows)
    return bool(own_dates(who))


def _desk(filters: Filters, who: User) -> dict[str, object]:
    """Return the tabs, the choices of the filters and the saved views."""
    saved = list(SavedView.objects.filter(person=who).order_by("pk"))
    tabs = [
        {
            "text": view.label,
            "href": f"/cases/?{filters.showing(view.value).query}",
            "active": filters.view == view,
        }
        for view in View
    ]
    return {
        "tabs": tabs,
        "selects": _selects(filters),
        "saved": [
            {"id": row.pk, "text": _filters_of(row).words, "href": f"/cases/?{row.query}"}
            for row in saved
        ],
        "may_save": bool(filters.query)
        and len(saved) < MOST
        and all(row.query != filters.query for row in saved),
        "may_see_board": rules.may(who, "read_board", clock.today()),
    }


def _selects(filters: Filters) -> list[dict[str, object]]:
    """Return the lists to choose from: three filters, and the order."""
    names = {"stage": "Stage", "region": "Region", "way": "Way", "sort": "Order"}
    return [
        {
            "name": name,
            "label": label,
            "choices": CHOICES[name],
            "chosen": getattr(filters, name),
            "every": name != "sort",
        }
        for name, label in names.items()
    ]


def _filters_of(row: SavedView) -> Filters:
    pairs = (part.partition("=") for part in row.query.split("&"))
    return Filters.read({name: value for name, _, value in pairs})


class SavedViews(CasePages):
    """Save the filters of the list, or take a saved view away."""

    def post(self, request: HttpRequest) -> HttpResponseBase:
        """Save or remove a view of this person.

        Returns:
            The list, through the view that was saved.

        Raises:
            NotAllowed: For a visitor without an account.
        """
        who = self.caller.who
        if not isinstance(who, User):
            raise NotAllowed
        filters = Filters.read(request.POST.dict())
        remove = request.POST.get("remove", "")
        if remove.isdecimal() and len(remove) < 10:
            SavedView.objects.filter(person=who, pk=int(remove)).delete()
        elif filters.query and SavedView.objects.filter(person=who).count() < MOST:
            SavedView.objects.get_or_create(person=who, query=filters.query)
        return redirect(f"/cases/?{filters.query}" if filters.query else "/cases/")


class Board(CasePages):
    """The casework lead's board: stages, lateness and free places."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Return the board; opening it is an event.

        Raises:
            NotAllowed: For everyone but a casework lead.
        """
        who, today = self.caller.who, clock.today()
        if who is None or not rules.may(who, "read_board", today):
            raise NotAllowed
        reading.record(self.caller, "board.opened", clock.now())
        return render(request, "grievances/board.html", board_context(who, today))


class DatesFile(CasePages):
    """A person's own dates as a calendar file; each download is an event."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Return the calendar file.

        Raises:
            NotAllowed: For a visitor who is not known.
        """
        who, now = self.caller.who, clock.now()
        if who is None:
            raise NotAllowed
        file = calendar_file(own_dates(who), now)
        reading.record(self.caller, "dates.downloaded", now)
        return calendar_answer(file)
