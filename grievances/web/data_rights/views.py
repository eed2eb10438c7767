"""The register of requests: add one, stop or start its clock, close it."""

from __future__ import annotations

from datetime import date

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext, gettext_noop

from grievances.casework import reading
from grievances.data_rights import filing, register
from grievances.data_rights.models import RightsRequest
from grievances.web.cases.case_views import CasePages
from grievances.web.data_rights.forms import AddRequest, FileRequest
from grievances.web.shared import clock
from grievances.web.shared.sessions import kept_typing
from workflow.calendar import Calendar, CalendarEnds
from workflow.steps import Refused

ADDED = "Added as number {number}. Note in your own file whose it is."
FILED = gettext_noop("Sent to the data-protection officer. Your number is {number}.")
CHANGED = {
    "wait": "The clock has stopped.",
    "resume": "The clock runs again.",
    "complex": "The date has moved by two months. Tell the person within the first month.",
    "answer": "Marked as answered.",
}


class RightsRegister(CasePages):
    """The register. For everyone but a data-protection officer it does not exist."""

    anonymous_too = False

    def get(self, request: HttpRequest) -> HttpResponse:
        """Return the list with the form; opening it is an event."""
        answer = self._show(request, AddRequest(today=clock.today()))
        reading.record(self.caller, "rights.listed", clock.now())
        return answer

    def post(self, request: HttpRequest) -> HttpResponse:
        """Add a request, or change one.

        Returns:
            The register, or the form with a refusal.
        """
        now, what = clock.now(), request.POST.get("what", "")
        if what:
            typed = request.POST.get("number", "")
            number = int(typed) if typed.isdecimal() and len(typed) < 10 else 0
            try:
                register.change(self.caller, number, what, now=now)
            except Refused as refused:
                form = AddRequest(today=clock.today())
                return self._show(request, form, refused=refused, status=409)
            filing.tell_the_person(RightsRequest.objects.get(pk=number), what, now)
            messages.success(request, CHANGED[what])
            return redirect("data_rights")
        form = AddRequest(request.POST, today=clock.today())
        if not form.is_valid():
            return self._show(request, form, status=422)
        said = form.cleaned_data
        row = register.receive(self.caller, said["kind"], said["received_on"], now=now)
        messages.success(request, ADDED.format(number=row.pk))
        return redirect("data_rights")

    def _show(
        self,
        request: HttpRequest,
        form: AddRequest,
        *,
        refused: Refused | None = None,
        status: int = 200,
    ) -> HttpResponse:
        today, days = clock.today(), register.calendar()
        rows = [
            {**_row(each, today, days), "words": filing.words_for(self.caller, each)}
            for each in register.listed(self.caller, today)
        ]
        rows.sort(key=lambda row: (row["answered"], row["due"] or date.max))
        context = {"form": form, "rows": rows, "refused": refused}
        return render(request, "rights/register.html", context, status=status)


def _row(each: RightsRequest, today: date, days: Calendar) -> dict[str, object]:
    try:
        due = register.due_on(each, days)
    except CalendarEnds:
        due = None
    closed, is_open = each.answered_on, each.answered_on is None
    runs = is_open and each.waiting_since is None
    return {
        "request": each,
        "due": due,
        "answered": not is_open,
        "late": runs and due is not None and due < today,
        "was_late": closed is not None and due is not None and closed > due,
        "may_wait": runs and each.kind == RightsRequest.Kind.ACCESS,
        "may_extend": is_open and each.kind == RightsRequest.Kind.ACCESS and not each.is_complex,
    }


class OwnRequests(CasePages):
    """A person's own requests: file one, and see by when each is answered."""

    anonymous_too = False

    def get(self, request: HttpRequest) -> HttpResponse:
        """Return the list with the form, with what was typed before a session ended."""
        return self._page(request, FileRequest(kept_typing(request)))

    def post(self, request: HttpRequest) -> HttpResponse:
        """File a request.

        Returns:
            The list of one's own requests; the form with 422.
        """
        form = FileRequest(request.POST)
        if not form.is_valid():
            return self._page(request, form, 422)
        kind, text = form.cleaned_data["kind"], form.cleaned_data["text"]
        try:
            row = filing.file(self.caller, kind, text, now=clock.now())
        except Refused as refused:
            form.add_error("text", refused.sentence)
            return self._page(request, form, 422)
        messages.success(request, gettext(FILED).format(number=row.pk))
        return redirect("own_data")

    def _page(self, request: HttpRequest, form: FileRequest, status: int = 200) -> HttpResponse:
        rows = filing.own(self.caller, register.calendar())
        return render(request, "rights/own.html", {"form": form, "rows": rows}, status=status)
