"""Pages on which two people prepare survey comments and print them (domain.md 8)."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from grievances.casework import reading
from grievances.people.models import accounts_of_one
from grievances.surveys import comment_review as acts
from grievances.surveys import comments
from grievances.surveys.comment_models import Remark
from grievances.web.cases.case_views import CasePages
from grievances.web.shared import clock
from grievances.web.surveys import presenters as page
from grievances.web.surveys.comment_forms import AGREE, PRINT, PrepareRemark, PrintComments
from workflow.steps import Refused

DONE = {
    AGREE: "Both of you have agreed. It is printed with the others of its quarter.",
    PRINT: "Your wording is kept. Someone else has to agree to it.",
}
LEFT_OUT = "You left the whole of it out. Someone else has to agree to that."


class RemarkList(CasePages):
    """The list of waiting comments, without a word of them.

    POST prints a quarter or year that is ready.
    """

    keeps_typing = False

    def get(self, request: HttpRequest) -> HttpResponse:
        """Return the list; opening it is an event."""
        rows = acts.listed(self.caller, clock.today())
        reading.record(self.caller, "remark.listed", clock.now())
        return self._show(request, rows)

    def post(self, request: HttpRequest) -> HttpResponse:
        """Print the comments of a quarter or year.

        Returns:
            The list of comments; with 409 where the batch is not ready.
        """
        acts.check(self.caller, clock.now())
        form = PrintComments(request.POST)
        period = form.cleaned_data["period"] if form.is_valid() else ""
        try:
            count = acts.print_batch(self.caller, period, now=clock.now())
        except Refused as refused:
            rows = acts.listed(self.caller, clock.today())
            return self._show(request, rows, refused.sentence, 409)
        messages.success(request, f"{count} remarks are now in the report on satisfaction.")
        return redirect("remarks")

    def _show(
        self, request: HttpRequest, rows: list[Remark], sentence: str = "", status: int = 200
    ) -> HttpResponse:
        barred = acts.why_not(self.caller.person, clock.today())
        batches = [] if barred else comments.batches(clock.today())
        context = {
            "base": "base.html",
            "barred": barred,
            "sentence": sentence,
            "headings": page.HEADINGS,
            "rows": page.rows_of(rows, self.caller.person),
            "batch_headings": page.BATCH_HEADINGS,
            "batches": page.batch_rows(batches),
            "ready": [
                {"period": each.period, "label": page.label_of(each.period), "n": each.for_print}
                for each in batches
                if each.is_ready
            ],
        }
        return render(request, "remarks/list.html", context, status=status)


class RemarkPage(CasePages):
    """One comment: its text, its wording for print, and this person's answer."""

    keeps_typing = False

    def get(self, request: HttpRequest, remark_id: UUID) -> HttpResponse:
        """Return the page of the comment."""
        opened = acts.open_remark(self.caller, remark_id, now=clock.now())
        return self._show(request, opened, self._form(opened))

    def post(self, request: HttpRequest, remark_id: UUID) -> HttpResponse:
        """Record the answer.

        Returns:
            The list of comments; the form with 422, or 409 with the refusal.
        """
        opened = acts.open_remark(self.caller, remark_id, now=clock.now())
        form = PrepareRemark(request.POST, may_agree=self._may_agree(opened))
        if not form.is_valid():
            return self._show(request, opened, form, 422)
        answer = form.cleaned_data["answer"]
        try:
            self._take(remark_id, answer, form)
        except Refused as refused:
            # The next press answers to what the page shows now.
            form.data = {**request.POST.dict(), "turn": opened.remark.turn}
            form.add_error(None, refused.sentence)
            return self._show(request, opened, form, 409)
        messages.success(request, DONE.get(answer, LEFT_OUT))
        return redirect("remarks")

    def _take(self, remark_id: UUID, answer: str, form: PrepareRemark) -> None:
        turn, now = form.cleaned_data["turn"], clock.now()
        if answer == AGREE:
            acts.agree(self.caller, remark_id, turn, now=now)
            return
        wording = form.cleaned_data["wording"] if answer == PRINT else ""
        acts.word(self.caller, remark_id, turn, wording, now=now)

    def _may_agree(self, opened: acts.Opened) -> bool:
        row = opened.remark
        mine = row.worded_by_id in accounts_of_one(self.caller.person)
        return opened.is_worded and not mine and not row.is_settled

    def _form(self, opened: acts.Opened) -> PrepareRemark:
        initial = {"turn": opened.remark.turn, "wording": opened.wording or opened.written}
        return PrepareRemark(initial=initial, may_agree=self._may_agree(opened))

    def _show(
        self, request: HttpRequest, opened: acts.Opened, form: PrepareRemark, status: int = 200
    ) -> HttpResponse:
        context = {
            "base": "base.html",
            "form": form,
            "written": opened.written,
            "wording": opened.wording,
            "is_worded": opened.is_worded,
            "is_settled": opened.remark.is_settled,
            "is_mine": opened.remark.worded_by_id in accounts_of_one(self.caller.person),
            "quarter": page.label_of(opened.remark.quarter),
        }
        return render(request, "remarks/remark.html", context, status=status)
