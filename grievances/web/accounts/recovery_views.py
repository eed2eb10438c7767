"""Recovery without a code: the person asks for it and two officers confirm."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext_noop
from django.views import View

from grievances.accounts import recovery
from grievances.cases.access import rules
from grievances.cases.actions.actor import NotAllowed
from grievances.encryption.derivation_limit import TooBusy, for_recovery
from grievances.web.accounts.forms import AskRecovery, ConfirmRecovery
from grievances.web.accounts.views import BUSY, TOO_MANY, Quota, busy
from grievances.web.shared import clock
from grievances.web.shared.limits.sign_in_limits import tries_from
from grievances.web.shared.session_views import Private
from workflow.steps import Refused


class Ask(View):
    """The page on which a person asks: user name and a new password.

    The answer is a number that the person tells to two officers.
    """

    def get(self, request: HttpRequest) -> HttpResponse:
        """Return the page with the empty form."""
        return self.show(request, AskRecovery())

    def post(self, request: HttpRequest) -> HttpResponse:
        """Start a recovery.

        Returns:
            The page with its number; the form with 422, or 429 and 503 to wait.
        """
        form = AskRecovery(request.POST)
        if not form.is_valid():
            return self.show(request, form, 422)
        answers = form.cleaned_data
        tries = tries_from(request, "officers", answers["username"], settings.RECOVERY_TRIES)
        if not tries.begin():
            form.add_error(None, tries.sentence)
            return self.show(request, form, 429)
        try:
            with tries.unless_busy(), for_recovery():
                number = recovery.ask_for_recovery(
                    answers["username"], answers["password1"], now=clock.now()
                )
        except TooBusy:
            form.add_error(None, BUSY)
            return busy(self.show(request, form, 503))
        return render(request, "account_pages/recovery_number.html", {"number": number})

    def show(self, request: HttpRequest, form: AskRecovery, status: int = 200) -> HttpResponse:
        """Return the page with the form, under this HTTP status."""
        return render(request, "account_pages/recovery_ask.html", {"form": form}, status=status)


class Confirm(Private):
    """The page on which a casework lead and a data-protection officer confirm.

    Each confirms that the person who asked is the owner of the account.
    """

    anonymous_too = False

    def dispatch(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        """Return the page, or 404 to a person who may not confirm a recovery.

        Raises:
            Http404: For a person without this office.
        """
        try:
            return super().dispatch(request, *args, **kwargs)
        except NotAllowed as error:
            raise Http404 from error

    def get(self, request: HttpRequest) -> HttpResponseBase:
        """Return the page with the empty form.

        Raises:
            NotAllowed: For a person without this office.
        """
        if not rules.may(self.caller.person, "confirm_recovery", clock.today()):
            raise NotAllowed
        return self.show(request, ConfirmRecovery())

    def post(self, request: HttpRequest) -> HttpResponseBase:
        """Record one confirmation.

        Returns:
            The account page; the form with 422, or 429 after too many refused ones.
        """
        form = ConfirmRecovery(request.POST)
        quota = Quota("confirm", self.caller.person.username)
        if quota.is_used_up():
            form.add_error(None, TOO_MANY)
            return self.show(request, form, 429)
        if not form.is_valid():
            return self.show(request, form, 422)
        answers = form.cleaned_data
        try:
            row = recovery.confirm(
                self.caller, answers["username"], answers["number"], now=clock.now()
            )
        except Refused as refused:
            quota.use()
            form.add_error(None, refused.sentence)
            return self.show(request, form, 422)
        messages.success(request, SET_UP if row.is_confirmed else HALF_WAY)
        return redirect("account")

    def show(self, request: HttpRequest, form: ConfirmRecovery, status: int = 200) -> HttpResponse:
        """Return the page with the form, under this HTTP status."""
        return render(request, "account_pages/recovery_confirm.html", {"form": form}, status=status)


SET_UP = gettext_noop(
    "Both of you have confirmed. The person can sign in with their new password now."
)
HALF_WAY = gettext_noop(
    "You have confirmed. The other officer has to confirm as well, within a week."
)
