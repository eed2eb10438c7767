"""The second step of sign-in, and the pages to set it up or remove it.

The steps are allauth's; the words and the addresses are ours. Every change is an event and a
notice, in the same transaction.
"""

from __future__ import annotations

from typing import Any

from allauth.mfa.base.views import AuthenticateView
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.views import GenerateRecoveryCodesView
from allauth.mfa.totp.views import ActivateTOTPView, DeactivateTOTPView
from django.db import transaction
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render

from grievances.accounts.passkey_keys import opens_records
from grievances.accounts.second_factor import (
    Change,
    announce,
    forget_when_made,
    is_demanded,
)
from grievances.accounts.session_models import end_sessions
from grievances.people.models import User
from grievances.web.accounts.passkeys.forms import Passkey
from grievances.web.accounts.passkeys.sign_in import open_after_sign_on, with_options
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
            "opening": {row.pk for row in passkeys if opens_records(row)},
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

        After single sign-on no password was typed. Then a passkey that may do so opens it.

        Returns:
            allauth's answer, with the cookie of the key.
        """
        response: HttpResponseBase = super().form_valid(form)
        if isinstance(self.request.user, User):
            self.request.session[SECOND_STEP] = self.request.user.pk
            holder = take_held_key(self.request, response)
            if holder is not None:
                finish_sign_in(self.request, response, holder)
            elif isinstance(form, Passkey):
                return open_after_sign_on(self.request, response, form)
        return response

    def get_context_data(self, **more: object) -> dict[str, object]:
        """Return the forms; what the browser needs for a passkey is JSON text."""
        found: dict[str, object] = super().get_context_data(**more)
        kinds = Authenticator.objects.filter(user=self.stage.login.user).values_list("type")
        return {**with_options(found), "has_passkey": (Authenticator.Type.WEBAUTHN,) in kinds}


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


class NewSpareCodes(Changing, GenerateRecoveryCodesView):  # type: ignore[misc]
    """The page to make new spare codes; the old ones end."""

    change = Change.SPARE_CODES
