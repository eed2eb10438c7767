"""The page of the law on tribunal limits, and who has confirmed each rule."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from grievances.cases.access import rules
from grievances.cases.actions.actor import NotAllowed
from grievances.casework import reading
from grievances.policy.tribunal_limits import KNOWN
from grievances.policy_changes import law_confirmation
from grievances.vocabulary import Division
from grievances.web.cases.case_views import CasePages
from grievances.web.shared import clock
from workflow.steps import Refused

CONFIRMED = {
    False: "You have confirmed it. The other officer has to confirm it as well.",
    True: "Both of you have confirmed it. From now on people see this limit alone.",
}
TAKEN_BACK = "You have taken your confirmation back. People see both limits again."


class LawPage(CasePages):
    """Every rule, and for the two officers the button to confirm one."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Return the page.

        Raises:
            NotAllowed: For a person who may not read policies.
        """
        self._require()
        reading.record(self.caller, "policies.listed", clock.now())
        return self._show(request)

    def post(self, request: HttpRequest) -> HttpResponse:
        """Confirm a rule as it was read, or take one's confirmation back.

        Returns:
            The list of rules; with 409 where the rule was answered or has changed.
        """
        self._require()
        code, now = request.POST.get("code", ""), clock.now()
        if "take_back" in request.POST:
            law_confirmation.take_back(self.caller, code, now=now)
            messages.success(request, TAKEN_BACK)
            return redirect("law")
        try:
            both = law_confirmation.confirm(
                self.caller, code, request.POST.get("digest", ""), now=now
            )
        except Refused as refused:
            return self._show(request, refused, status=409)
        messages.success(request, CONFIRMED[both])
        return redirect("law")

    def _require(self) -> None:
        if not rules.may(self.caller.who, "read_policies", clock.today()):
            raise NotAllowed

    def _show(
        self, request: HttpRequest, refusal: Refused | None = None, status: int = 200
    ) -> HttpResponse:
        today, me = clock.today(), self.caller.person
        rows = [
            {
                "length": length,
                "divisions": ", ".join(Division(each).label for each in length.divisions),
                "given": given,
                "may_confirm": not length.is_settled
                and law_confirmation.offices_open(self.caller, given, today),
                "is_mine": any(row.person_id == me.pk for row in given),
                "is_review_due": length.review_by < today,
            }
            for length, given in law_confirmation.confirmations(KNOWN)
        ]
        context = {
            "rows": rows,
            "confirmed": law_confirmation.confirmed_lengths(),
            "refusal": refusal,
        }
        return render(request, "policies/law.html", context, status=status)
