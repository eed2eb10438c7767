"""The pages to add or remove a passkey, and to let it open the records."""

from __future__ import annotations

from typing import cast

from allauth.account.decorators import reauthentication_required
from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.internal import auth
from allauth.mfa.webauthn.views import (
    AddWebAuthnView,
    ReauthenticateWebAuthnView,
    RemoveWebAuthnView,
)
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse_lazy
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_noop
from fido2.webauthn import UserVerificationRequirement

from grievances.accounts.passkey_keys import let_open
from grievances.accounts.second_factor import Change, may_remove
from grievances.accounts.session_models import end_sessions
from grievances.web.accounts.passkeys import forms
from grievances.web.accounts.passkeys.forms import PasskeyThatOpens
from grievances.web.accounts.passkeys.sign_in import with_options
from grievances.web.accounts.second_factor_adapter import Adapter
from grievances.web.accounts.second_factor_views import Changing
from grievances.web.shared import clock
from grievances.web.shared.session_views import Private
from workflow.steps import Refused

OPENS_NOW = gettext_noop("From now on this passkey opens your records too.")


class AddPasskey(Changing, AddWebAuthnView):  # type: ignore[misc]
    """The page to add a passkey."""

    change = Change.FACTOR_ADDED

    def form_valid(self, form: object) -> HttpResponseBase:
        """Keep the passkey under a number for a name.

        Returns:
            allauth's answer.
        """
        answers = cast("forms.AddPasskey", form).cleaned_data
        answers["name"] = Adapter().generate_authenticator_name(
            self.request.user, Authenticator.Type.WEBAUTHN
        )
        return super().form_valid(form)

    def get_context_data(self, **more: object) -> dict[str, object]:
        """Return the form with the options for the browser."""
        found = super().get_context_data(**more)
        # allauth drops the posted form here, and with it the sentence of what was wrong.
        return with_options({**found, **more})


class RemovePasskey(Changing, RemoveWebAuthnView):  # type: ignore[misc]
    """The page to remove a passkey."""

    change = Change.FACTOR_REMOVED
    success_url = reverse_lazy("mfa_index")

    def form_valid(self, form: object) -> HttpResponseBase:
        """Remove the passkey, unless it is the last factor of a person with an office.

        Returns:
            allauth's answer, or the list of factors with the reason.
        """
        if not may_remove(self.get_object(), clock.today()):
            messages.error(self.request, Adapter.error_messages["cannot_delete_authenticator"])
            return redirect("mfa_index")
        return super().form_valid(form)


class PasskeyAgain(ReauthenticateWebAuthnView):  # type: ignore[misc]
    """The page that asks for a passkey before a change."""

    def form_invalid(self, form: object) -> HttpResponseBase:
        """Return the page again with the sentence of what was wrong."""
        answer: HttpResponseBase = self.render_to_response(self.get_context_data(form=form))
        return answer

    def get_context_data(self, **more: object) -> dict[str, object]:
        """Return the form with the options for the browser."""
        return with_options({**super().get_context_data(**more), **more})


@method_decorator(reauthentication_required(app="allauth.mfa"), name="get")
@method_decorator(reauthentication_required(app="allauth.mfa"), name="post")
class LetOpen(Private):
    """The page on which a person lets one of their passkeys open their records."""

    anonymous_too = False
    keeps_typing = False

    def get(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        """Return the page; 404 for a passkey of another account."""
        return self.show(request, self.own_passkey(pk))

    def post(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        """Seal the private key under what the passkey gave.

        Returns:
            The list of factors; the page with 422 for a wrong answer, or none to seal under.
        """
        passkey, person = self.own_passkey(pk), self.caller.person
        form = PasskeyThatOpens(request.POST, user=person)
        if not form.is_valid():
            return self.show(request, passkey, form, 422)
        if form.cleaned_data["credential"].pk != passkey.pk:
            form.add_error(None, Adapter.error_messages["incorrect_code"])
            return self.show(request, passkey, form, 422)
        try:
            let_open(self.caller, passkey, form.cleaned_data["opening"], now=clock.now())
        except Refused as refused:
            form.add_error(None, refused.sentence)
            return self.show(request, passkey, form, 422)
        end_sessions(person, keep=request.session.session_key)
        messages.success(request, OPENS_NOW)
        return redirect("mfa_index")

    def own_passkey(self, pk: int) -> Authenticator:
        """Return a passkey of the caller; raises Http404 for any other."""
        rows = Authenticator.objects.filter(type=Authenticator.Type.WEBAUTHN)
        found: Authenticator = get_object_or_404(rows, pk=pk, user=self.caller.person)
        return found

    def show(
        self,
        request: HttpRequest,
        passkey: Authenticator,
        form: PasskeyThatOpens | None = None,
        status: int = 200,
    ) -> HttpResponse:
        """Return the page with a new question for this passkey alone."""
        known = passkey.wrap().authenticator_data.credential_data
        # Its person proves to the device who they are: with a finger, a face or a number.
        asked, state = auth.get_server().authenticate_begin(
            [known], user_verification=UserVerificationRequirement.REQUIRED
        )
        auth.set_state(state)
        context = with_options(
            {
                "js_data": {"request_options": dict(asked)},
                "form": form or PasskeyThatOpens(user=self.caller.person),
                "passkey": passkey,
            }
        )
        return render(request, "mfa/webauthn/records.html", context, status=status)
