"""Claiming an anonymous concern for an account, with its case key."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy

from grievances.cases.actions.actor import NotAllowed
from grievances.casework import identity
from grievances.web.accounts.views import TOO_MANY, Quota
from grievances.web.intake.case_key_forms import BringIn
from grievances.web.shared import clock
from grievances.web.shared.session_views import Private
from workflow.steps import Refused

UNKNOWN = gettext_lazy("We do not know this case key. Check each character.")
CLAIMED = gettext_lazy("Your concern is in your account now. The case key has ended.")


class Claim(Private):
    """The page to claim a concern: GET says what it means, POST does it for good."""

    anonymous_too = False

    def get(self, request: HttpRequest) -> HttpResponseBase:
        """Return the page with the empty form."""
        return self.show(request, BringIn())

    def post(self, request: HttpRequest) -> HttpResponseBase:
        """Bring the concern into the account; answer 429 after too many wrong keys.

        Returns:
            The case, or the form with a refusal.
        """
        form = BringIn(request.POST)
        quota = Quota("claim", self.caller.person.username)
        if quota.is_used_up():
            form.add_error(None, TOO_MANY)
            return self.show(request, form, 429)
        if not form.is_valid():
            return self.show(request, form, 422)
        try:
            case = identity.bring_in(form.cleaned_data["case_key"], self.caller, now=clock.now())
        except NotAllowed:
            quota.use()
            form.add_error("case_key", UNKNOWN)
            return self.show(request, form, 422)
        except Refused as refused:
            form.add_error(None, refused.sentence)
            return self.show(request, form, 422)
        messages.success(request, CLAIMED)
        return redirect(f"/cases/{case.reference}/")

    def show(self, request: HttpRequest, form: BringIn, status: int = 200) -> HttpResponse:
        """Return the page with the form, under this HTTP status."""
        return render(request, "account_pages/claim.html", {"form": form}, status=status)
