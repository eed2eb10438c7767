"""Single sign-on: the organisation's own provider says who somebody is, and nothing else.

By OpenID Connect Core 1.0 with PKCE (RFC 7636), through allauth. Nobody is signed up: the account
must exist, its user name is one claim of the signed token, and it has no password of its own. It
belongs to the subject that came first (`actions.signing_on`). No token and no claim is kept
anywhere; the records open with the passphrase that the provider does not know
(`views.passphrase`).
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from typing import Any, cast

import jwt
import requests
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.internal import jwtkit
from allauth.socialaccount.internal.statekit import STATES_SESSION_KEY
from allauth.socialaccount.models import SocialApp
from allauth.socialaccount.providers.base.constants import AuthProcess
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect

from grievances.accounts.sign_on import meet, record_refused
from grievances.accounts.sign_on_models import subject_handle
from grievances.people.models import User
from grievances.web.accounts.views import Quota
from grievances.web.shared import clock
from grievances.web.shared.rate_limit import throttle
from grievances.web.shared.sessions import leave_behind
from workflow.steps import Refused

SIGNED_BY = ("RS256", "PS256", "ES256")
"""Algorithms with a public key: a secret that we share with the provider signs nothing here."""
UNKNOWN = (
    "Your organisation's sign-in worked, but no account here belongs to it. If you have a user "
    "name and a password here, use them."
)
FAILED = (
    "Your organisation's sign-in did not work. Try again, or use your password if you have one."
)


class Checked(OpenIDConnectOAuth2Adapter):  # type: ignore[misc]
    """Checks the signature of every token, wherever it came from."""

    def _decode_id_token(self, app: Any, id_token: str) -> dict[str, Any]:
        """The claims of a token of this provider, for us, still valid; raises OAuth2Error."""
        try:
            keys = self.openid_config["jwks_uri"]
            _, key = jwtkit.fetch_key(id_token, keys, jwtkit.lookup_kid_jwk)
            claims: dict[str, Any] = jwt.decode(
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
    """Lets in whoever has an account here, and leaves no row behind."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        return False

    def list_apps(
        self, request: HttpRequest, provider: str | None = None, client_id: str | None = None
    ) -> list[Any]:
        """The provider that the environment names; no row of the database can name another."""
        known = settings.SINGLE_SIGN_ON
        return [SocialApp(provider="openid_connect", **known)] if known else []

    def pre_social_login(self, request: HttpRequest, sociallogin: Any) -> None:
        """Put our account in the place of what was said, and forget what was said."""
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

    def on_authentication_error(self, request: HttpRequest, *args: Any, **more: Any) -> None:
        raise ImmediateHttpResponse(turn_back(request, FAILED))


def find_person(claims: dict[str, Any], claim: str) -> User | None:
    """The account whose user name this claim is; None for nobody, and for one with a password.

    An address counts when the provider says that it has verified it.
    """
    name = claims.get(claim)
    if not isinstance(name, str) or not name:
        return None
    if claim == "email" and claims.get("email_verified") is not True:
        return None
    person = User.objects.filter(username=name, is_active=True).first()
    return person if person is not None and not person.has_usable_password() else None


def _is_of_this_sign_in(claims: dict[str, Any], state: dict[str, Any]) -> bool:
    """Whether the token answers what this browser asked (OpenID Connect Core 1.0, 3.1.3.7)."""
    asked, said = state.get("nonce"), claims.get("nonce")
    known = isinstance(asked, str) and isinstance(said, str) and bool(asked)
    return known and secrets.compare_digest(str(asked), str(said))


def _meet(request: HttpRequest, person: User, subject: str) -> None:
    """Let this subject be who the account belongs to, or send them back."""
    try:
        meet(person, subject, now=clock.now())
    except Refused as refused:
        quota = Quota("sign-on", person.username)
        if not quota.is_used_up():
            quota.use()
            record_refused(person, clock.now())
        raise ImmediateHttpResponse(turn_back(request, refused.sentence)) from None


def turn_back(request: HttpRequest, sentence: str) -> HttpResponseBase:
    """To the page of sign-in, with a sentence."""
    messages.error(request, sentence)
    return redirect(settings.LOGIN_URL)


def begin(request: HttpRequest, provider_id: str) -> HttpResponseBase:
    """Send the browser to the provider, when somebody pressed the button of our own page.

    A link from elsewhere would sign people in, or out of what they are doing, without a word. The
    nonce stays with the state of this sign-in: a token made for another one is worth nothing here.
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
    """Whether the request came from a page of this site; every browser of today says so."""
    return request.headers.get("Sec-Fetch-Site") == "same-origin" and not request.GET


def come_back(request: HttpRequest, provider_id: str) -> HttpResponseBase:
    """Take the code that the provider gave the browser, and let the person in.

    Whoever did not begin here is turned back before anything is counted: nobody uses up the brake
    for those who did.
    """
    if request.GET.get("state") not in request.session.get(STATES_SESSION_KEY, {}):
        return turn_back(request, FAILED)
    view = OAuth2CallbackView.adapter_view(Checked(request, provider_id))
    return _braked("returned", request, lambda: view(request))


def _braked(
    name: str, request: HttpRequest, go: Callable[[], HttpResponseBase]
) -> HttpResponseBase:
    """Go on, or back to sign-in: too many at this moment, or the provider cannot be reached."""
    try:
        throttle(f"sign-on:{name}", settings.SIGN_ON_BRAKE[name])
        return go()
    except Refused as refused:
        return turn_back(request, refused.sentence)
    except ImmediateHttpResponse as answer:
        return cast("HttpResponseBase", answer.response)
    except (requests.RequestException, LookupError, ValueError):
        # The provider is away, or its description is none.
        return turn_back(request, FAILED)
