"""The page on which HR puts notes on figures of the dashboard, and removes them."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render

from grievances.cases.access import rules
from grievances.casework import reading
from grievances.reports import snapshots
from grievances.reports.catalogue import OUTCOMES
from grievances.reports.periods import Length, Period, read_period
from grievances.reports.readers.figure_notes import FIGURES, NOTES, note, notes_of, remove
from grievances.web.shared import clock
from grievances.web.shared.fields import PlainForm, RadioList
from grievances.web.shared.session_views import Private

ADDRESS = "/reports/notes/"


def _periods() -> list[Period]:
    """Return the quarters and years of the dashboard, newest first."""
    return [p for p in snapshots.periods(OUTCOMES) if p.length is not Length.MONTH]


class Note(PlainForm):
    """The figure, the period and what happened."""

    figure = forms.ChoiceField(
        label="Which figure?", choices=[(code, one.words) for code, one in FIGURES.items()]
    )
    period = forms.ChoiceField(label="In which period?")
    reason = forms.ChoiceField(
        label="What happened?",
        help_text="Everyone who reads reports sees this beside the figure.",
        choices=list(NOTES.items()),
        widget=RadioList(),
    )

    def __init__(self, *args: object, **options: object) -> None:
        super().__init__(*args, **options)
        periods = [(period.name, f"{period.name}: {period.months}") for period in _periods()]
        self.fields["period"].choices = periods  # type: ignore[attr-defined]


class Notes(Private):
    """GET shows the notes and the form, POST adds a note or removes one.

    For every person but HR the page does not exist.
    """

    anonymous_too = False

    def get(self, request: HttpRequest) -> HttpResponseBase:
        """Return the page."""
        self._check()
        return self._show(request, Note(initial={"period": request.GET.get("period", "")}))

    def post(self, request: HttpRequest) -> HttpResponseBase:
        """Add the note, or remove the one whose number was sent; either is an event.

        Returns:
            The list of notes; the form with 422.

        Raises:
            Http404: The note to be removed is not there.
        """
        self._check()
        if "remove" in request.POST:
            return self._remove(request, request.POST["remove"])
        form = Note(request.POST)
        if not form.is_valid():
            return self._show(request, form, status=422)
        said, now = form.cleaned_data, clock.now()
        note(said["figure"], read_period(said["period"]), said["reason"], now)
        codes = {"series": said["figure"], "period": said["period"]}
        reading.record(self.caller, "report.noted", now, **codes)
        messages.success(request, "The note is beside the figure.")
        return redirect(ADDRESS)

    def _remove(self, request: HttpRequest, number: str) -> HttpResponseBase:
        if not number.isascii() or not number.isdecimal() or len(number) > 9:
            raise Http404
        if not remove(int(number)):
            raise Http404
        reading.record(self.caller, "report.note_removed", clock.now(), number=number)
        messages.success(request, "The note is removed.")
        return redirect(ADDRESS)

    def _check(self) -> None:
        """Reject every person but HR, and record the attempt.

        Raises:
            Http404: For every person but HR.
        """
        if not rules.may(self.caller.who, "note_figure", clock.today()):
            reading.record_refusal(self.caller, "", "note_figure", clock.now())
            raise Http404

    def _show(self, request: HttpRequest, form: Note, status: int = 200) -> HttpResponse:
        periods = _periods()
        context = {"form": form, "periods": periods, "notes": notes_of(periods)}
        return render(request, "reports/notes.html", context, status=status)
