"""Sign in with a passkey that opens the records: alone, or after single sign-on."""

from __future__ import annotations

import json

from allauth.account.internal.flows.login import perform_login
from allauth.account.models import Login
from allauth.account.utils import get_next_redirect_url
from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.internal import auth
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.core.serializers.json import DjangoJSONEncoder
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext_noop
from django.views import View

from grievances.accounts.passkey_keys import note_opened, open_with
from grievances.accounts.sign_on import bind
from grievances.encryption.key_pairs import Holder
from grievances.encryption.primitives import DecryptionFailed
from grievances.encryption.server_keys import handle
from grievances.people.models import User
from grievances.web.accounts.passkeys.forms import Passkey, SignInByPasskey
from grievances.web.shared import clock
from grievances.web.shared.limits.client_address import address_of
from grievances.web.shared.limits.rate_limit import throttle
from grievances.web.shared.sessions import (
    SECOND_STEP,
    keep_key,
    known_browser,
    leave_behind,
    remember_browser,
)
from workflow.steps import Refused

DID_NOT_OPEN = gettext_noop(
    "That did not sign you in. Only a passkey that you let open your records can do it. Sign in "
    "with your user name and your password."
)
"""One sentence for every reason: a stranger does not learn which it was."""


class SignIn(View):
    """The page to sign in with a passkey alone.

    Only an account with a password here signs in so. A person with single
    sign-on comes that way first, because the organisation may have let them go.
    """

    def dispatch(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        """Return the page; send a person who is signed in on into the site."""
        if request.user.is_authenticated:
            return redirect(settings.LOGIN_REDIRECT_URL)
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest) -> HttpResponseBase:
        """Return the page, or as JSON the question for any passkey of this service.

        Returns:
            The page; the question with 429 for too many in this minute.
        """
        if request.headers.get("Accept") != "application/json":
            return self.show(request, SignInByPasskey())
        try:
            count_asked(request)
        except Refused as refused:
            return HttpResponse(refused.sentence, status=429, content_type="text/plain")
        asked = {"request_options": auth.begin_authentication(user=None)}
        return HttpResponse(as_text(asked), content_type="application/json")

    def post(self, request: HttpRequest) -> HttpResponseBase:
        """Sign the person in, with their records open.

        Returns:
            allauth's answer; the page with 422 and one sentence for every reason to refuse.
        """
        form = SignInByPasskey(request.POST)
        try:
            count_asked(request)
            factor, holder = open_alone(form)
        except (DecryptionFailed, Refused):
            form.errors.clear()
            form.add_error(None, DID_NOT_OPEN)
            return self.show(request, form, 422)
        leave_behind(request)
        form.save()
        login = Login(user=factor.user, redirect_url=get_next_redirect_url(request))
        response: HttpResponseBase = perform_login(request, login)
        if request.user.is_authenticated:
            request.session[SECOND_STEP] = factor.user_id
            take_up(request, response, factor.user, holder)
            remember_browser(response, factor.user)
        return response

    def show(self, request: HttpRequest, form: SignInByPasskey, status: int = 200) -> HttpResponse:
        """Return the page, under this HTTP status."""
        context = {"form": form, "action": request.get_full_path()}
        return render(request, "mfa/webauthn/sign_in.html", context, status=status)


def open_alone(form: SignInByPasskey) -> tuple[Authenticator, Holder]:
    """Return the passkey that answered, and the private key that it opens.

    Raises:
        DecryptionFailed: The answer is wrong, or this passkey may not sign its person in alone.
    """
    if not form.is_valid():
        raise DecryptionFailed
    factor: Authenticator = form.cleaned_data["credential"]
    if not factor.user.has_usable_password():
        raise DecryptionFailed
    return factor, open_with(factor, form.cleaned_data["opening"])


def open_after_sign_on(
    request: HttpRequest, response: HttpResponseBase, form: Passkey
) -> HttpResponseBase:
    """Open the records of a person who took the second step with a passkey.

    They came by single sign-on, or the key that their password opened waited for too long.

    Returns:
        `response`, with the cookie of the key. Without it where the passkey does not open the
            records: the next page asks for the passphrase. The sign-in page for a subject to whom
            the account does not belong.
    """
    factor: Authenticator = form.cleaned_data["credential"]
    try:
        holder = open_with(factor, form.cleaned_data["opening"])
        if not factor.user.has_usable_password():
            bind(factor.user, request.session.get("sign_on", ""), now=clock.now())
    except DecryptionFailed:
        return response
    except Refused as refused:
        logout(request)
        messages.error(request, refused.sentence)
        return redirect(settings.LOGIN_URL)
    take_up(request, response, factor.user, holder)
    return response


def take_up(request: HttpRequest, response: HttpResponseBase, person: User, holder: Holder) -> None:
    """Keep the key that a passkey opened for this session, and record that it did."""
    is_known = bool(known_browser(request, person.username))
    note_opened(person, is_known=is_known, now=clock.now())
    keep_key(request, response, holder)


def count_asked(request: HttpRequest) -> None:
    """Count a sign-in by passkey for this address.

    Raises:
        Refused: TOO_MANY_NOW, when there were too many in this minute.
    """
    origin = handle("passkey sign-in", address_of(request))
    throttle(f"passkey:{origin}", settings.SIGN_ON_BRAKE["returned"])


def with_options(found: dict[str, object]) -> dict[str, object]:
    """Return a page's context with the options of its passkey as JSON text."""
    asked = found.pop("js_data", {})
    return {**found, "options": as_text(asked)}


def as_text(options: object) -> str:
    """Return the options of a passkey as JSON text."""
    return json.dumps(options, cls=DjangoJSONEncoder, default=dict)
