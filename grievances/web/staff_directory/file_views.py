"""Pages for a whole file: upload it, read what it would change, confirm it."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from grievances.staff_directory import keeping, waiting
from grievances.staff_directory.imports import DOUBTS, Doubt, ImportRefused, Report
from grievances.staff_directory.reports import LINES_SHOWN, counts, unread_columns
from grievances.staff_directory.staff_file.tables import FileRefused
from grievances.web.shared import clock
from grievances.web.shared.fields import Confirm
from grievances.web.shared.sessions import caller_of
from grievances.web.shared.whole_files import TakesWholeFile, dry_run_context
from grievances.web.staff_directory.entry_views import DirectoryPages
from grievances.web.staff_directory.forms import Upload

SKIP = "skip_refused"


class UploadPage(TakesWholeFile, DirectoryPages):
    """The form that takes a file."""

    def may_send(self, request: HttpRequest) -> bool:
        """Return whether this person is a keeper."""
        return keeping.may_keep(caller_of(request), clock.today())

    def get(self, request: HttpRequest) -> HttpResponse:
        """Return the empty form."""
        keeping.require_keeper(self.caller, clock.today())
        return render(request, "directory/file.html", {"form": Upload()})

    def post(self, request: HttpRequest) -> HttpResponse:
        """Keep the file and go to what it would change, or say why it cannot be used.

        Returns:
            A redirect, or the form with 422.
        """
        keeping.require_keeper(self.caller, clock.today())
        form = Upload(request.POST, request.FILES)
        if form.is_valid():
            said = form.cleaned_data
            waiting.keep_file(
                self.caller,
                said["file"].read(),
                said["exported_on"],
                keep_missing=said["part"] == "some",
                now=clock.now(),
            )
            try:
                waiting.check_file(self.caller, clock.now())
            except FileRefused as refused:
                form.add_error("file", str(refused))
            else:
                return redirect("directory_check")
        return render(request, "directory/file.html", {"form": form}, status=422)


class CheckPage(DirectoryPages):
    """What the waiting file would change, and the yes to it."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Return the dry run, or go to the upload where no file waits."""
        report = waiting.check_file(self.caller, clock.now())
        if report is None:
            return redirect("directory_file")
        return self._show(request, report, Confirm(_questions(report)))

    def post(self, request: HttpRequest) -> HttpResponse:
        """Import the file, if every question of its dry run is ticked.

        Returns:
            The directory, or the questions again: 422 for one not ticked, 409 for a refusal.
        """
        report = waiting.check_file(self.caller, clock.now())
        if report is None:
            return redirect("directory_file")
        form = Confirm(_questions(report), request.POST)
        if not form.is_valid():
            return self._show(request, report, form, 422)
        try:
            waiting.import_file(
                self.caller,
                clock.now(),
                skip_refused=bool(form.cleaned_data.get(SKIP)),
                confirmed=frozenset(each for each in Doubt if form.cleaned_data.get(each)),
            )
        except ImportRefused as refused:
            form.add_error(None, str(refused))
            return self._show(request, refused.report, form, 409)
        messages.success(request, "The file was imported.")
        return redirect("directory")

    def _show(
        self, request: HttpRequest, report: Report, form: Confirm, status: int = 200
    ) -> HttpResponse:
        context = dry_run_context(form, counts(report), report.refused[:LINES_SHOWN])
        context["comments"] = [
            [str(line), f"{reason}."] for line, reason in report.comments[:LINES_SHOWN]
        ]
        context["unread"] = unread_columns(report)
        return render(request, "directory/check.html", context, status=status)


def _questions(report: Report) -> dict[str, str]:
    questions = {"sure": "Change the directory as this page says."}
    if report.refused:
        questions[SKIP] = "Leave the refused lines out. Their people stay as they are."
    return questions | {str(doubt): f"{DOUBTS[doubt]} Import it anyway." for doubt in report.doubts}
