"""Pages for one entry: find a person, see their entry, change one thing of it."""

from __future__ import annotations

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from grievances.cases.actions.actor import NotAllowed
from grievances.casework import reading
from grievances.people.models import User
from grievances.staff_directory import keeping
from grievances.staff_directory.register import lock_directory
from grievances.staff_directory.staff_file.rows import Held
from grievances.vocabulary import Certificate, Office
from grievances.web.cases.case_views import CasePages
from grievances.web.shared import clock
from grievances.web.staff_directory.forms import CHANGES, RETURNS, EntryForm, Search
from workflow.steps import Refused

KEPT = "Saved. Conflicts of open cases were worked out again."


class DirectoryPages(CasePages):
    """A page of the directory. For everyone who does not keep it, it does not exist."""

    anonymous_too = False


class FindPerson(DirectoryPages):
    """The search. What is typed is sent in the request and never in an address."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Return the empty search."""
        keeping.require_keeper(self.caller, clock.today())
        return self._show(request, Search(), None)

    def post(self, request: HttpRequest) -> HttpResponse:
        """Return the people found."""
        keeping.require_keeper(self.caller, clock.today())
        form = Search(request.POST)
        if not form.is_valid():
            return self._show(request, form, None, 422)
        found = keeping.find(self.caller, form.cleaned_data["typed"], clock.today())
        reading.record(self.caller, "directory.searched", clock.now())
        return self._show(request, form, found)

    def _show(
        self, request: HttpRequest, form: Search, found: list[User] | None, status: int = 200
    ) -> HttpResponse:
        rows = [
            [
                {"text": person.name, "href": f"/directory/people/{person.pk}/"},
                person.username,
                str(person.unit or ""),
                "" if person.is_active else "Has left",
            ]
            for person in found or ()
        ]
        context = {
            "form": form,
            "rows": rows,
            "none": found == [],
            "headings": ["Name", "User name", "Unit", "Account"],
        }
        return render(request, "directory/find.html", context, status=status)


class EntryPage(DirectoryPages):
    """One entry, and what can be changed of it."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Return the entry; opening it is an event."""
        found = keeping.entry(self.caller, pk, clock.today())
        reading.record(self.caller, "directory.opened", clock.now())
        context = {
            "person": found.person,
            "rows": entry_rows(found),
            "tasks": [
                {"title": form.title, "href": f"/directory/people/{pk}/{name}/", "status": ""}
                for name, form in _forms(found).items()
            ],
        }
        return render(request, "directory/entry.html", context)


class ChangePage(DirectoryPages):
    """One change of an entry."""

    def get(self, request: HttpRequest, pk: int, change: str) -> HttpResponse:
        """Return the form of the change."""
        found = keeping.entry(self.caller, pk, clock.today())
        return self._show(request, found, _form_of(found, change)(found))

    @transaction.atomic
    def post(self, request: HttpRequest, pk: int, change: str) -> HttpResponse:
        """Make the change.

        Returns:
            The entry, or the form with 422 and why it cannot be made.
        """
        keeping.require_keeper(self.caller, clock.today())  # before anything that may wait
        lock_directory()
        found = keeping.entry(self.caller, pk, clock.today())
        form = _form_of(found, change)(found, request.POST)
        if not form.is_valid():
            return self._show(request, found, form, 422)
        try:
            keeping.change(self.caller, form.row(clock.today()), now=clock.now())
        except Refused as refused:
            form.add_error(None, refused.sentence)
            return self._show(request, found, form, 422)
        messages.success(request, KEPT)
        return redirect(f"/directory/people/{pk}/")

    def _show(
        self, request: HttpRequest, found: keeping.Entry, form: EntryForm, status: int = 200
    ) -> HttpResponse:
        context = {
            "person": found.person,
            "form": form,
            "back": f"/directory/people/{found.person.pk}/",
        }
        return render(request, "directory/change.html", context, status=status)


def entry_rows(found: keeping.Entry) -> list[dict[str, object]]:
    """Return the rows of the summary of an entry."""
    person, today = found.person, clock.today()
    managers = person.managed_by.exclude(to_date__lt=today).select_related("manager")
    offices = [f"{Office(each.code).label}, {_days(each)}" for each in found.offices]
    certificates = [f"{Certificate(each.code).label}, {_days(each)}" for each in found.certificates]
    said = {
        "User name": person.username,
        "Email address": person.email,
        "Account": "Open" if person.is_active else "Closed: has left",
        "Unit": str(person.unit or ""),
        "Grade": str(person.grade),
        "Line manager": "\n".join(each.manager.name for each in managers),
        "Offices": "\n".join(offices),
        "Certificates": "\n".join(certificates),
    }
    return [{"key": key, "value": value or "None"} for key, value in said.items()]


def _days(held: Held) -> str:
    begins = f"from {held.begins:%-d %B %Y}" if held.begins else ""
    return f"{begins} to {held.ends:%-d %B %Y}" if held.ends else begins


def _forms(found: keeping.Entry) -> dict[str, type[EntryForm]]:
    if not found.person.is_active:
        return RETURNS
    return {name: form for name, form in CHANGES.items() if name != "end-office" or found.offices}


def _form_of(found: keeping.Entry, change: str) -> type[EntryForm]:
    form = _forms(found).get(change)
    if form is None:
        raise NotAllowed
    return form
