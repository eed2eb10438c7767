"""The complainant's tribunal dates: days, reminders, and early conciliation."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_noop

from grievances.cases.actions.actor import NotAllowed
from grievances.cases.models.case import Case
from grievances.casework import reading
from grievances.deadlines import own_days, tribunal_reminders
from grievances.policy_changes import law_confirmation
from grievances.web.cases.case_views import CasePages
from grievances.web.cases.presenters.calendar_file import calendar_answer, own_days_file
from grievances.web.shared import clock
from grievances.web.shared.tribunal_dates import (
    ClaimDates,
    TribunalDates,
    claim_dates,
    conciliation_body,
    days_told,
    doubts_about,
    tribunal_dates,
)
from grievances.web.tribunal.forms import AddDays, Conciliation

ON = gettext_noop("You will be reminded. No one else can see that you asked for it.")
OFF = gettext_noop("You will not be reminded any more.")
TOO_LATE = gettext_noop("There is no time left for a reminder.")
ADDED = gettext_noop("We have added the days. Only you can see them.")
TAKEN_AWAY = gettext_noop("We have taken the day away.")


@dataclass(frozen=True)
class Own:
    """A complainant's case: the days they told us, those they added, and the dates."""

    case: Case
    told: Sequence[date]
    added: own_days.Kept
    dates: TribunalDates | None


class OwnDates(CasePages):
    """A base of the tribunal pages: the case and its dates.

    They are for the complainant alone.
    """

    def find(self, reference: str) -> Own:
        """Return the case and its dates.

        Raises NotAllowed for every other person.
        """
        case = tribunal_reminders.find_own(self.caller, reference)
        opened = reading.open_case(self.caller, case.reference, now=clock.now(), before="")
        told = sorted(days_told(opened.words))
        return self._with(opened.case, told, own_days.read(case, self.caller))

    def _with(self, case: Case, told: Sequence[date], added: own_days.Kept) -> Own:
        days = {*told, *added.days}
        confirmed = law_confirmation.confirmed_lengths()
        dates = tribunal_dates(days, case.division, clock.today(), confirmed) if days else None
        return Own(case, told, added, dates)

    def keep_days(self, own: Own, days: Sequence[date]) -> None:
        """Keep the days that the complainant added, and move the reminders with them."""
        own_days.keep(own.case, self.caller, days)
        fresh = self._with(own.case, own.told, own_days.Kept(tuple(days)))
        last_days = fresh.dates.last_days if fresh.dates else []
        tribunal_reminders.renew(own.case, last_days, clock.today())


class TribunalPage(OwnDates):
    """Days, dates, reminders and the days after conciliation.

    They are for the complainant alone.
    """

    def get(self, request: HttpRequest, reference: str) -> HttpResponse:
        """Return the page."""
        return self._show(request, self.find(reference))

    def post(self, request: HttpRequest, reference: str) -> HttpResponse:
        """Add or remove a day, set or end the reminders, or work out conciliation.

        Returns:
            The page of the dates; the form with the reason where a day is refused.
        """
        own = self.find(reference)
        what = request.POST.get("what", "")
        if what == "conciliation":
            return self._conciliation(request, own)
        if what == "add":
            return self._add(request, own)
        if "remove" in request.POST:
            self._remove(request, own)
        elif what == "on" and own.dates is not None:
            if tribunal_reminders.choose(own.case, own.dates.last_days, clock.today()):
                messages.success(request, ON)
            else:
                messages.warning(request, TOO_LATE)
        elif what == "off":
            tribunal_reminders.forget(own.case)
            messages.success(request, OFF)
        return redirect("tribunal", reference=own.case.reference)

    def _add(self, request: HttpRequest, own: Own) -> HttpResponse:
        form = AddDays(request.POST, today=clock.today(), kept=own.added.days)
        if not form.is_valid():
            return self._show(request, own, add=form, status=422)
        self.keep_days(own, form.cleaned_data["days"])
        messages.success(request, ADDED)
        return redirect("tribunal", reference=own.case.reference)

    def _remove(self, request: HttpRequest, own: Own) -> None:
        left = [day for day in own.added.days if day.isoformat() != request.POST["remove"]]
        if len(left) < len(own.added.days):
            self.keep_days(own, left)
            messages.success(request, TAKEN_AWAY)

    def _conciliation(self, request: HttpRequest, own: Own) -> HttpResponse:
        form = Conciliation(request.POST)
        if own.dates is None or not form.is_valid():
            return self._show(request, own, form=form, status=422)
        day_a, day_b = form.cleaned_data["day_a"], form.cleaned_data["day_b"]
        claims = claim_dates(own.dates, day_a, day_b)
        doubts = doubts_about(day_a, day_b, clock.today())
        return self._show(request, own, form=form, claims=claims, doubts=doubts)

    def _show(
        self,
        request: HttpRequest,
        own: Own,
        *,
        form: Conciliation | None = None,
        add: AddDays | None = None,
        claims: Sequence[ClaimDates] = (),
        doubts: Sequence[str] = (),
        status: int = 200,
    ) -> HttpResponse:
        context: dict[str, object] = {
            **_kept_of(own),
            "form": form or Conciliation(),
            "add": add or AddDays(today=clock.today(), kept=own.added.days),
            "claims": claims,
            "new_law": next((each.law for each in claims if each.may_be_longer), None),
            "doubts": doubts,
        }
        return render(request, "grievances/tribunal_page.html", context, status=status)


def _kept_of(own: Own) -> dict[str, object]:
    """Return what the page shows of the days that the person has told before."""
    return {
        "case": own.case,
        "back": f"/cases/{own.case.reference}/",
        "tribunal": own.dates,
        "told": own.told,
        "added": own.added,
        "body": conciliation_body(own.case.division),
        **_reminders(own),
    }


def _reminders(own: Own) -> dict[str, object]:
    """Return the days of the reminders, chosen or possible, and whether they are on."""
    chosen = tribunal_reminders.days_chosen(own.case, clock.today())
    last_days = own.dates.last_days if own.dates else []
    possible = tribunal_reminders.reminder_days(last_days, clock.today())
    return {"days": possible if chosen is None else chosen, "is_on": chosen is not None}


class TribunalFile(OwnDates):
    """The days still to come, as a calendar file; its entries name nothing."""

    def get(self, request: HttpRequest, reference: str) -> HttpResponse:
        """Return the file.

        Raises:
            NotAllowed: Where no day is left.
        """
        own = self.find(reference)
        if own.dates is None or not own.dates.days_left:
            raise NotAllowed
        numbered = enumerate(own.dates.last_days)
        left = own.dates.days_left
        days = [(f"tribunal|{own.case.pk}|{n}", day) for n, day in numbered if day in left]
        return calendar_answer(own_days_file(days, clock.now()))
