"""Single sign-on: the organisation's own provider identifies a person, no more.

It uses OpenID Connect Core 1.0 with PKCE (RFC 7636), through allauth. No one is signed up. The
account must exist, its user name must be one claim of the signed token, and it must have no
password of its own. It belongs to the subject that came first (`accounts.sign_on`). No token and no
claim is kept anywhere. The records open with a passphrase that the provider does not know
(`web.accounts.passphrase_views`).
"""

from __future__ import annotations

import logging
import secrets
from collections.abc import Callable
from typing import cast

import jwt
import requests
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.internal import jwtkit
from allauth.socialaccount.internal.statekit import STATES_SESSION_KEY
from allauth.socialaccount.models import SocialApp, SocialLogin
from allauth.socialaccount.providers.base.constants import AuthProcess
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.http import urlencode
from django.utils.translation import gettext_noop

from grievances.accounts.sign_on import meet, record_refused
from grievances.accounts.sign_on_models import subject_handle
from grievances.encryption.server_keys import handle
from grievances.people.models import User
from grievances.web.accounts.views import Quota
from grievances.web.shared import clock
from grievances.web.shared.limits.client_address import address_of
from grievances.web.shared.limits.rate_limit import throttle
from grievances.web.shared.sessions import leave_behind
from workflow.steps import Refused

log = logging.getLogger("fairhearing.watch")
SIGNED_BY = ("RS256", "PS256", "ES256")
"""Public-key algorithms only: a secret shared with the provider signs nothing."""
UNKNOWN = gettext_noop(
    "Your organisation's sign-in worked, but no account here belongs to it. If you have a user "
    "name and a password here, use them."
)
FAILED = gettext_noop(
    "Your organisation's sign-in did not work. Try again, or use your password if you have one."
)


class Checked(OpenIDConnectOAuth2Adapter):  # type: ignore[misc]
    """An OpenID Connect adapter that checks the signature of every token.

    It does so wherever the token came from.
    """

    def _decode_id_token(self, app: SocialApp, id_token: str) -> dict[str, object]:
        """Return the claims of a valid token of this provider for this service.

        Raises:
            OAuth2Error: For a token that is invalid, expired, or made for another service.
        """
        try:
            keys = self.openid_config["jwks_uri"]
            _, key = jwtkit.fetch_key(id_token, keys, jwtkit.lookup_kid_jwk)
            claims: dict[str, object] = jwt.decode(
                id_token,
                key=key,
                algorithms=list(SIGNED_BY),
                issuer=self.openid_config["issuer"],
                audience=app.client_id,
                options={"require": ["exp", "iat", "iss", "aud", "sub"]},
            )
            if claims.get("azp", app.client_id) != app.client_id:
                raise OAuth2Error("The token was made for another service.")
        except (jwt.PyJWTError, LookupError, TypeError, ValueError):
            raise OAuth2Error("The token is not valid.") from None
        return claims


class SignOn(DefaultSocialAccountAdapter):  # type: ignore[misc]
    """An adapter that admits people who have an account here and keeps no row."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: object) -> bool:
        """Return False: no one is signed up."""
        return False

    def list_apps(
        self, request: HttpRequest, provider: str | None = None, client_id: str | None = None
    ) -> list[object]:
        """Return the provider that the environment names.

        No row of the database can name another.
        """
        known = settings.SINGLE_SIGN_ON
        return [SocialApp(provider="openid_connect", **known)] if known else []

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """Replace the provider's claims by our account, then forget the claims.

        Raises:
            ImmediateHttpResponse: Back to sign-in, for a token of another sign-in, an unknown
                person, or a subject that the account does not belong to.
        """
        account = sociallogin.account
        claims = account.extra_data.get("id_token") or {}
        if not _is_of_this_sign_in(claims, sociallogin.state):
            raise ImmediateHttpResponse(turn_back(request, FAILED))
        person = find_person(claims, account.get_provider().app.settings["claim"])
        if person is None or sociallogin.state.get("process") != "login":
            raise ImmediateHttpResponse(turn_back(request, UNKNOWN))
        subject = subject_handle(claims["iss"], claims["sub"])
        _meet(request, person, subject)
        leave_behind(request)
        request.session["sign_on"] = subject
        sociallogin.user, sociallogin.token = person, None
        account.uid, account.extra_data = "", {}

    def on_authentication_error(self, request: HttpRequest, *args: object, **more: object) -> None:
        """Send the browser back to sign-in.

        Raises:
            ImmediateHttpResponse: Always.
        """
        raise ImmediateHttpResponse(turn_back(request, FAILED))


def find_person(claims: dict[str, object], claim: str) -> User | None:
    """Return the active account whose user name this claim is, or None.

    The answer is None for an unknown name and for an account with a password. An e-mail address
    counts only when the provider says that it has verified it.
    """
    name = claims.get(claim)
    if not isinstance(name, str) or not name:
        return None
    if claim == "email" and claims.get("email_verified") is not True:
        return None
    person = User.objects.filter(username=name, is_active=True).first()
    return person if person is not None and not person.has_usable_password() else None


def _is_of_this_sign_in(claims: dict[str, object], state: dict[str, object]) -> bool:
    """Return whether the token answers what this browser asked.

    The nonces must agree (OpenID Connect Core 1.0, 3.1.3.7).
    """
    asked, said = state.get("nonce"), claims.get("nonce")
    known = isinstance(asked, str) and isinstance(said, str) and bool(asked)
    return known and secrets.compare_digest(str(asked), str(said))


def _meet(request: HttpRequest, person: User, subject: str) -> None:
    """Bind the account to this subject, or send the browser back to sign-in.

    Raises:
        ImmediateHttpResponse: When the account belongs to another subject.
    """
    try:
        meet(person, subject, now=clock.now())
    except Refused as refused:
        quota = Quota("sign-on", person.username)
        if not quota.is_used_up():
            quota.use()
            record_refused(person, clock.now())
        raise ImmediateHttpResponse(turn_back(request, refused.sentence)) from None


def turn_back(request: HttpRequest, sentence: str) -> HttpResponseBase:
    """Return a redirect to the sign-in page, with this sentence as a message."""
    messages.error(request, sentence)
    return redirect(settings.LOGIN_URL)


def begin(request: HttpRequest, provider_id: str) -> HttpResponseBase:
    """Return a redirect to the provider, when a person pressed our own button.

    A link from another site could otherwise sign people in, or out of what they are doing, without
    a word. The nonce stays with the state of this sign-in, so a token made for another one is
    refused.
    """
    if not _is_our_own(request):
        return redirect(settings.LOGIN_URL)

    def ask() -> HttpResponseBase:
        nonce = secrets.token_urlsafe(24)
        provider = Checked(request, provider_id).get_provider()
        answer: HttpResponseBase = provider.redirect(
            request, AuthProcess.LOGIN, auth_params={"nonce": nonce}, nonce=nonce
        )
        return answer

    return _braked("begun", request, ask)


def _is_our_own(request: HttpRequest) -> bool:
    """Return whether the request came from a page of this site.

    Every current browser says so in a header.
    """
    return request.headers.get("Sec-Fetch-Site") == "same-origin" and not request.GET


def come_back(request: HttpRequest, provider_id: str) -> HttpResponseBase:
    """Take the code that the provider gave the browser, and sign the person in.

    A browser that did not begin here is turned back before anything is counted. So it cannot use up
    the throttle for people who did.

    Returns:
        Where the sign-in leads: on into the site, or back with a reason.
    """
    if request.GET.get("state") not in request.session.get(STATES_SESSION_KEY, {}):
        return turn_back(request, FAILED)
    view = OAuth2CallbackView.adapter_view(Checked(request, provider_id))
    return _braked("returned", request, lambda: view(request))


def signed_out(request: HttpRequest) -> HttpResponseBase:
    """Return the page that says: the provider may still know this browser."""
    return render(request, "account_pages/signed_out.html")


def leave_provider(request: HttpRequest, provider_id: str) -> HttpResponseBase:
    """Return a redirect to the provider's own sign-out.

    The source is OpenID Connect RP-Initiated Logout 1.0, section 2. We keep no token to show there,
    so the provider asks the person once more. A provider without such an address, or one that
    cannot be reached, leads to the first page.
    """
    if not _is_our_own(request):
        return redirect("/")

    def go() -> HttpResponseBase:
        known = Checked(request, provider_id)
        address = known.openid_config.get("end_session_endpoint")
        if not address:
            return redirect("/")
        asked = {
            "client_id": settings.SINGLE_SIGN_ON["client_id"],
            "post_logout_redirect_uri": request.build_absolute_uri("/"),
        }
        return redirect(f"{address}?{urlencode(asked)}")

    return _braked("begun", request, go)


def _braked(
    name: str, request: HttpRequest, go: Callable[[], HttpResponseBase]
) -> HttpResponseBase:
    """Return the answer of this step, or a redirect back to sign-in.

    The step runs within the throttle of this address, so no stranger uses up that of others. The
    redirect is for too many sign-ins from there and for a provider that cannot be reached.
    """
    try:
        origin = handle("sign-on", name, address_of(request))
        throttle(f"sign-on:{origin}", settings.SIGN_ON_BRAKE[name])
        return go()
    except Refused as refused:
        return turn_back(request, refused.sentence)
    except ImmediateHttpResponse as answer:
        return cast("HttpResponseBase", answer.response)
    except (requests.RequestException, LookupError, ValueError) as error:
        # The kind of error alone: a message of the provider could name the person.
        log.error("The provider of single sign-on cannot be used: %s", type(error).__name__)
        return turn_back(request, FAILED)
