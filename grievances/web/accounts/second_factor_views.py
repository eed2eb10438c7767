"""The second step of sign-in, and the pages to set it up or remove it.

The steps are allauth's; the words and the addresses are ours. Every change is an event and a
notice, in the same transaction.
"""

from __future__ import annotations

import json
from typing import Any

from allauth.mfa.base.views import AuthenticateView
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.views import GenerateRecoveryCodesView
from allauth.mfa.totp.views import ActivateTOTPView, DeactivateTOTPView
from allauth.mfa.webauthn.views import (
    AddWebAuthnView,
    ReauthenticateWebAuthnView,
    RemoveWebAuthnView,
)
from django.contrib import messages
from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse_lazy

from grievances.accounts.second_factor import (
    Change,
    announce,
    forget_when_made,
    is_demanded,
    may_remove,
)
from grievances.accounts.session_models import end_sessions
from grievances.people.models import User
from grievances.web.accounts.second_factor_adapter import Adapter
from grievances.web.accounts.second_factor_forms import SETTING_UP
from grievances.web.accounts.sign_in_forms import finish_sign_in
from grievances.web.shared import clock
from grievances.web.shared.session_views import Private
from grievances.web.shared.sessions import SECOND_STEP, take_held_key


class Overview(Private):
    """The page of a person's second factors; it says when they must have one."""

    anonymous_too = False

    def get(self, request: HttpRequest) -> HttpResponseBase:
        """Return the page."""
        person = self.caller.person
        rows = Authenticator.objects.filter(user=person).order_by("pk")
        passkeys = [row for row in rows if row.type == Authenticator.Type.WEBAUTHN]
        context = {
            "app": any(row.type == Authenticator.Type.TOTP for row in rows),
            "passkeys": passkeys,
            "spare_codes": _spare_codes_left(rows),
            "has_factor": any(row.type != Authenticator.Type.RECOVERY_CODES for row in rows),
            "is_demanded": is_demanded(person, clock.today()),
        }
        return render(request, "mfa/index.html", context)


def _spare_codes_left(rows: Any) -> int:
    codes = [row for row in rows if row.type == Authenticator.Type.RECOVERY_CODES]
    return len(codes[0].wrap().get_unused_codes()) if codes else 0


class SecondStep(AuthenticateView):  # type: ignore[misc]
    """The second step of sign-in: a typed code or a passkey."""

    def form_valid(self, form: object) -> HttpResponseBase:
        """Sign the person in, and take up the key that their password opened.

        Returns:
            allauth's answer, with the cookie of the key.
        """
        response: HttpResponseBase = super().form_valid(form)
        if isinstance(self.request.user, User):
            self.request.session[SECOND_STEP] = self.request.user.pk
            holder = take_held_key(self.request, response)
            if holder is not None:
                finish_sign_in(self.request, response, holder)
        return response

    def get_context_data(self, **more: object) -> dict[str, object]:
        """Return the forms; what the browser needs for a passkey is JSON text."""
        found: dict[str, object] = super().get_context_data(**more)
        kinds = Authenticator.objects.filter(user=self.stage.login.user).values_list("type")
        return {**with_options(found), "has_passkey": (Authenticator.Type.WEBAUTHN,) in kinds}


def with_options(found: dict[str, object]) -> dict[str, object]:
    """Return a page's context with the options of its passkey as JSON text."""
    data = found.pop("js_data", {})
    options = json.dumps(data, cls=DjangoJSONEncoder, default=dict)
    return {**found, "options": options}


class Changing:
    """What these pages share: one transaction for a change, its event and notice."""

    change: Change
    request: HttpRequest

    def form_valid(self, form: object) -> HttpResponseBase:
        """Make the change and tell of it.

        Returns:
            allauth's answer.
        """
        person = self.request.user
        with transaction.atomic():
            response: HttpResponseBase = super().form_valid(form)  # type: ignore[misc]
            if isinstance(person, User):
                forget_when_made(person)
                announce(person, self.change, clock.now())
                end_sessions(person, keep=self.request.session.session_key)
                self.request.session[SECOND_STEP] = person.pk
        return response


class SetUpApp(Changing, ActivateTOTPView):  # type: ignore[misc]
    """The page to set up an app: the picture, the secret to type, and the first code."""

    change = Change.FACTOR_ADDED

    def form_valid(self, form: Any) -> HttpResponseBase:
        """Keep the app; its first code counts as used.

        Returns:
            allauth's answer.
        """
        response = super().form_valid(form)
        row = Authenticator.objects.get(user=self.request.user, type=Authenticator.Type.TOTP)
        row.data["counter"] = form.counter
        row.save(update_fields=["data"])
        self.request.session.pop(SETTING_UP, None)
        return response

    def get_context_data(self, **more: object) -> dict[str, object]:
        """Return the form, and the secret in groups of four to type."""
        found: dict[str, Any] = super().get_context_data(**more)
        secret = found["form"].secret
        groups = [secret[at : at + 4] for at in range(0, len(secret), 4)]
        return {**found, "secret": " ".join(groups)}


class RemoveApp(Changing, DeactivateTOTPView):  # type: ignore[misc]
    """The page to remove an app."""

    change = Change.FACTOR_REMOVED


class AddPasskey(Changing, AddWebAuthnView):  # type: ignore[misc]
    """The page to add a passkey."""

    change = Change.FACTOR_ADDED

    def form_valid(self, form: Any) -> HttpResponseBase:
        """Keep the passkey under a number for a name.

        Returns:
            allauth's answer.
        """
        form.cleaned_data["name"] = Adapter().generate_authenticator_name(
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


class NewSpareCodes(Changing, GenerateRecoveryCodesView):  # type: ignore[misc]
    """The page to make new spare codes; the old ones end."""

    change = Change.SPARE_CODES


class PasskeyAgain(ReauthenticateWebAuthnView):  # type: ignore[misc]
    """The page that asks for a passkey before a change."""

    def form_invalid(self, form: object) -> HttpResponseBase:
        """Return the page again with the sentence of what was wrong."""
        answer: HttpResponseBase = self.render_to_response(self.get_context_data(form=form))
        return answer

    def get_context_data(self, **more: object) -> dict[str, object]:
        """Return the form with the options for the browser."""
        return with_options({**super().get_context_data(**more), **more})
