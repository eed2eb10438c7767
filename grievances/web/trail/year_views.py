"""The year in numbers for those who check the organisation, and their statement."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from grievances.cases.access import rules
from grievances.cases.actions.actor import NotAllowed
from grievances.casework import reading
from grievances.choices import YearlyFinding
from grievances.oversight import yearly_statement
from grievances.policy import profiles
from grievances.reports.periods import year_of
from grievances.vocabulary import Office
from grievances.web.cases.case_views import CasePages
from grievances.web.shared import clock
from grievances.web.shared.fields import PlainForm, RadioList
from workflow.models import AlreadyRecorded

ANOTHER_YEAR = "A new year has begun. Read the counts of the year that has ended, and sign again."


class Sign(PlainForm):
    """The statement about a year that has ended."""

    answer = forms.ChoiceField(
        label="What do you state?",
        choices=YearlyFinding.choices,
        widget=RadioList(),
        error_messages={"required": "Choose one of the two statements."},
    )
    year = forms.CharField(max_length=20, required=False, widget=forms.HiddenInput)


class YearPage(CasePages):
    """What was counted this year and last, and the statement about the last."""

    anonymous_too = False

    def get(self, request: HttpRequest) -> HttpResponse:
        """Return the page; opening it is an event."""
        self._require()
        reading.record(self.caller, "trail.year_opened", clock.now())
        last = yearly_statement.last_before(year_of(clock.today()))
        return self._show(request, Sign(initial={"year": last.name}))

    def post(self, request: HttpRequest) -> HttpResponse:
        """Sign the statement about the last year.

        Returns:
            The page again; with 422 where no statement was chosen, with 409 where another year has
            begun since the page was shown.

        Raises:
            NotAllowed: For a person whose office signs none.
        """
        self._require()
        office, form = self._office(), Sign(request.POST)
        if not office:
            raise NotAllowed
        if not form.is_valid():
            return self._show(request, form, 422)
        last = yearly_statement.last_before(year_of(clock.today()))
        if form.cleaned_data["year"] != last.name:
            form = Sign(initial={"year": last.name})
            messages.warning(request, ANOTHER_YEAR)
            return self._show(request, form, 409)
        actor, answer = self.caller.handle_as(office), form.cleaned_data["answer"]
        try:
            yearly_statement.sign_year(last, office, answer, actor, clock.now())
        except AlreadyRecorded:
            messages.success(request, f"The statement for {last.name} was signed before.")
        else:
            messages.success(request, f"You signed the statement for {last.name}.")
        return redirect("trail_year")

    def _require(self) -> None:
        if not rules.may(self.caller.who, "read_year", clock.today()):
            raise NotAllowed

    def _office(self) -> str:
        """Return the office in which the person signs: first one that has not signed."""
        today = clock.today()
        held = rules.appointed_to("sign_year", today).filter(person=self.caller.person)
        signed = yearly_statement.statements_of(yearly_statement.last_before(year_of(today)))
        done = {each.office for each in signed}
        offices = sorted(held.values_list("office", flat=True), key=lambda one: (one in done, one))
        return next(iter(offices), "")

    def _show(self, request: HttpRequest, form: Sign, status: int = 200) -> HttpResponse:
        zone, now = profiles.zone(), year_of(clock.today())
        last, office = yearly_statement.last_before(now), self._office()
        this, before = (yearly_statement.counts_of(each, zone) for each in (now, last))
        given = yearly_statement.statements_of(last)
        context = {
            "form": form,
            "last": last.name,
            "headings": ["What", *({"text": y.name, "number": True} for y in (now, last))],
            "rows": [
                [{"text": words, "head": True}, _number(count), _number(before[words])]
                for words, count in this.items()
            ],
            "given": [
                {
                    "key": Office(each.office).label,
                    "value": f"{YearlyFinding(each.answer).label}\n"
                    f"Signed on {each.at.astimezone(zone):%-d %B %Y}",
                }
                for each in given
            ],
            "may_sign": bool(office) and office not in {each.office for each in given},
        }
        return render(request, "trail/year.html", context, status=status)


def _number(count: int) -> dict[str, object]:
    return {"text": str(count), "number": True}
