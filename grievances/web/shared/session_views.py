"""Sign-in, pages for a known person, and leaving the site at once."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import nullcontext
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.contrib.auth import logout
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.views import View

from grievances.cases.actions.actor import Caller
from grievances.encryption.derivation_limit import TooBusy, for_recovery
from grievances.people.models import User
from grievances.web.shared.client_address import address_of
from grievances.web.shared.error_views import too_busy
from grievances.web.shared.session_store import stay
from grievances.web.shared.sessions import (
    BROWSER_COOKIE,
    BROWSER_PATH,
    DRAFT_COOKIE,
    KEY_COOKIE,
    TYPING_COOKIE,
    caller_of,
    drop_lost_key,
    keep_typing,
    open_key,
)
from grievances.web.shared.sign_in_limits import TOO_MANY_FROM_HERE, sign_in_tries

PUBLIC_PREFIXES = ("/static/", "/health/")
KEY_PAGE = "/account/passphrase/"
WITHOUT_A_KEY = frozenset(
    {
        KEY_PAGE,
        "/account/forgotten/",
        "/account/forgotten/without-code/",
        "/accounts/logout/",
        "/exit/",
        "/safety/",
        "/support/",
    }
)
"""Pages open to a single sign-on session whose key is still locked."""

GetResponse = Callable[[HttpRequest], HttpResponseBase]


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """The sign-in adapter: no sign-up, and its own error sentences.

    People come from the directory.
    """

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "username_password_mismatch": (
            "The user name or the password is not right. Check both and try again."
        ),
        "too_many_login_attempts": TOO_MANY_FROM_HERE,
        "account_inactive": "The user name or the password is not right. Check both and try again.",
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Return False: no one can sign up."""
        return False

    def authenticate(self, request: HttpRequest, **credentials: Any) -> Any:
        """Return the account of a right name and password, else None.

        The try is counted for the address or browser that it came from.

        Raises:
            ValidationError: When the next try from there has to wait; nothing is checked.
        """
        tries = sign_in_tries(request, credentials.get("username", ""))
        if not tries.begin():
            raise ValidationError(tries.sentence, code="too_many_login_attempts")
        place = for_recovery() if tries.is_doubtful else nullcontext()
        with tries.unless_busy(), place:
            person = super().authenticate(request, **credentials)
        if person is not None:
            tries.take_back()
        return person

    def get_client_ip(self, request: HttpRequest) -> str:
        """Return the address that limits count by.

        A malformed header is no error.
        """
        return address_of(request)


class PrivateMiddleware:
    """Middleware that forbids caching and ends a session whose key is lost.

    No cache keeps anything personal.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Return the response with its caching headers.

        A session whose key is locked ends first, or goes to the page of the passphrase.
        """
        asked = None
        if not request.path.startswith(PUBLIC_PREFIXES):
            asked = self._end_if_locked(request)
            stay(request.session)
        response = asked or self.get_response(request)
        drop_lost_key(request, response)
        if not request.path.startswith("/static/"):
            response["Cache-Control"] = "no-store"
            response["Permissions-Policy"] = "camera=(), geolocation=(), microphone=()"
        return response

    def process_exception(
        self, request: HttpRequest, exception: Exception
    ) -> HttpResponseBase | None:
        """Return the 503 page for too many passwords at once, else None.

        The limit behind TooBusy keeps the server from running out of memory.
        """
        if isinstance(exception, TooBusy):
            return too_busy()
        return None

    def _end_if_locked(self, request: HttpRequest) -> HttpResponseBase | None:
        if not request.user.is_authenticated or open_key(request) is not None:
            return None
        if request.user.has_usable_password():
            logout(request)
        elif request.path not in WITHOUT_A_KEY:
            # Single sign-on identifies a person; only their own passphrase opens their records.
            return redirect(KEY_PAGE)
        return None


class Private(View):
    """A page for a known person: an account, or the holder of a case key.

    Every other visitor is asked to sign in. What they had typed is sealed for their browser and
    comes back on the same page afterwards, unless the page sets `keeps_typing` to False.
    """

    anonymous_too = True
    keeps_typing = True
    caller: Caller

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Return the page to a known person; send every other visitor to sign-in."""
        self.caller = caller_of(request)
        who = self.caller.who
        if isinstance(who, User) or (self.anonymous_too and who is not None):
            return super().dispatch(request, *args, **kwargs)
        response = redirect(f"{settings.LOGIN_URL}?next={request.path}")
        if request.method == "POST" and self.keeps_typing:
            keep_typing(request, response)
        return response


def end(request: HttpRequest) -> HttpResponse:
    """End the session at once and return a redirect to a neutral site.

    It answers "Exit this page".
    """
    logout(request)
    response = redirect(settings.EXIT_URL)
    for name in (KEY_COOKIE, TYPING_COOKIE, DRAFT_COOKIE, settings.CSRF_COOKIE_NAME):
        response.delete_cookie(name)
    response.delete_cookie(BROWSER_COOKIE, path=BROWSER_PATH)
    return response
