"""The vault passphrase of a single sign-on account: chosen once, then entered.

An account with its own password has no such page, because its password unlocks the vault.
"""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext_noop
from django.views import View

from grievances.accounts import own_key, passwords
from grievances.accounts.sign_on import bind
from grievances.encryption.key_pairs import KeyPair
from grievances.encryption.primitives import DecryptionFailed
from grievances.people.models import User
from grievances.web.accounts.forms import ChoosePassphrase, EnterPassphrase
from grievances.web.accounts.views import TOO_MANY, Quota
from grievances.web.shared import clock
from grievances.web.shared.sessions import keep_key
from workflow.steps import Refused

WRONG = gettext_noop(
    "This passphrase does not open your records. Check it and try again. If you have lost it, your "
    "recovery code or two officers open them."
)


class Passphrase(View):
    """The page to choose a passphrase at first sign-in and to enter it later."""

    person: User

    def dispatch(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        """Return the page, only for a signed-in account without an own password.

        Raises:
            Http404: For every other visitor.
        """
        who = request.user
        if not isinstance(who, User) or who.has_usable_password():
            raise Http404
        self.person = who
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest) -> HttpResponse:
        """Return the form to enter the passphrase, or to choose it without a key."""
        return self.show(request, EnterPassphrase() if self.has_key() else ChoosePassphrase())

    def post(self, request: HttpRequest) -> HttpResponseBase:
        """Enter the passphrase, or choose it where the account has no key yet.

        Returns:
            What `enter` or `choose` answers.
        """
        return self.enter(request) if self.has_key() else self.choose(request)

    def choose(self, request: HttpRequest) -> HttpResponseBase:
        """Make the key pair under the chosen passphrase.

        Returns:
            The page of the recovery code; the form with 422 for a weak passphrase.
        """
        form = ChoosePassphrase(request.POST, person=self.person)
        if not form.is_valid():
            return self.show(request, form, 422)
        chosen = form.cleaned_data["password1"]
        subject = request.session.get("sign_on", "")
        try:
            holder = passwords.choose_passphrase(self.person, chosen, subject, now=clock.now())
        except Refused as refused:
            return self.send_away(request, refused)
        response = redirect("account_recovery_code")
        keep_key(request, response, holder)
        return response

    def enter(self, request: HttpRequest) -> HttpResponseBase:
        """Unlock the key pair; answer 429 after too many wrong passphrases.

        Returns:
            The home page, or the form again.
        """
        form, quota = EnterPassphrase(request.POST), Quota("passphrase", self.person.username)
        if quota.is_used_up():
            form.add_error(None, TOO_MANY)
            return self.show(request, form, 429)
        if not form.is_valid():
            return self.show(request, form, 422)
        try:
            typed = form.cleaned_data["passphrase"]
            holder = own_key.open_account(self.person, typed, now=clock.now())
        except DecryptionFailed:
            quota.use()
            form.add_error("passphrase", WRONG)
            return self.show(request, form, 422)
        try:
            bind(self.person, request.session.get("sign_on", ""), now=clock.now())
        except Refused as refused:
            return self.send_away(request, refused)
        response = redirect("/")
        keep_key(request, response, holder)
        return response

    def send_away(self, request: HttpRequest, refused: Refused) -> HttpResponseBase:
        """End the session of a person to whom the account does not belong.

        Returns:
            The sign-in page, with the reason.
        """
        logout(request)
        messages.error(request, refused.sentence)
        return redirect(settings.LOGIN_URL)

    def has_key(self) -> bool:
        """Return whether the account has a key pair."""
        return KeyPair.objects.filter(person=self.person).exists()

    def show(
        self, request: HttpRequest, form: ChoosePassphrase | EnterPassphrase, status: int = 200
    ) -> HttpResponse:
        """Return the page with the form, under this HTTP status."""
        context = {"form": form, "is_new": isinstance(form, ChoosePassphrase)}
        return render(request, "account_pages/passphrase.html", context, status=status)
