"""Pages for an earlier register: upload it, read what it would change, confirm it."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from grievances.cases.access import rules
from grievances.central_record import waiting
from grievances.central_record.importing import LINES_SHOWN, ImportRefused, Report, counts_of
from grievances.staff_directory.staff_file.tables import FileRefused
from grievances.web.cases.case_views import CasePages
from grievances.web.shared import clock
from grievances.web.shared.fields import Confirm, PlainForm
from grievances.web.shared.sessions import caller_of
from grievances.web.shared.whole_files import TakesWholeFile, dry_run_context

SKIP = "skip_refused"
SURE = "The file has no open concern, and I may use it."


class Upload(PlainForm):
    """A file of closed concerns."""

    file = forms.FileField(label="The register (CSV, XLSX or ODS)")


class RegisterPages(CasePages):
    """A page of the register. For everyone who does not keep it, it does not exist."""

    anonymous_too = False


class UploadPage(TakesWholeFile, RegisterPages):
    """The form that takes a file."""

    def may_send(self, request: HttpRequest) -> bool:
        """Return whether this person is a keeper."""
        who = caller_of(request).who
        return who is not None and rules.may(who, waiting.RULE, clock.today())

    def get(self, request: HttpRequest) -> HttpResponse:
        """Return the empty form."""
        waiting.require_keeper(self.caller, clock.now())
        return render(request, "central_record/file.html", {"form": Upload()})

    def post(self, request: HttpRequest) -> HttpResponse:
        """Read the file.

        Returns:
            What it would change, or the form with 422 and why it cannot be used.
        """
        waiting.require_keeper(self.caller, clock.now())
        form = Upload(request.POST, request.FILES)
        if form.is_valid():
            content = form.cleaned_data["file"].read()
            try:
                waiting.keep_lines(self.caller, content, now=clock.now())
                waiting.check_lines(self.caller, clock.now())
            except FileRefused as refused:
                form.add_error("file", str(refused))
            else:
                return redirect("register_check")
        return render(request, "central_record/file.html", {"form": form}, status=422)


class CheckPage(RegisterPages):
    """What the waiting lines would change, and the yes to it."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Return the dry run, or go to the upload where no file waits."""
        report = waiting.check_lines(self.caller, clock.now())
        if report is None:
            return redirect("register")
        return self._show(request, report, Confirm(_questions(report)))

    def post(self, request: HttpRequest) -> HttpResponse:
        """Import the lines, if every question of their dry run is ticked.

        Returns:
            The register, or the questions again: 422 for one not ticked, 409 for a refusal.
        """
        report = waiting.check_lines(self.caller, clock.now())
        if report is None:
            return redirect("register")
        form = Confirm(_questions(report), request.POST)
        if not form.is_valid():
            return self._show(request, report, form, 422)
        try:
            skip = bool(form.cleaned_data.get(SKIP))
            waiting.import_lines(self.caller, clock.now(), skip_refused=skip)
        except ImportRefused as refused:
            form.add_error(None, str(refused))
            return self._show(request, refused.report, form, 409)
        messages.success(request, "The register was imported.")
        return redirect("register")

    def _show(
        self, request: HttpRequest, report: Report, form: Confirm, status: int = 200
    ) -> HttpResponse:
        context = dry_run_context(form, counts_of(report), report.refused[:LINES_SHOWN])
        return render(request, "central_record/check.html", context, status=status)


def _questions(report: Report) -> dict[str, str]:
    questions = {"sure": SURE}
    if report.refused:
        questions[SKIP] = "Leave the refused lines out."
    return questions
