"""Sign-in, pages for a known person, and leaving the site at once."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import nullcontext

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import AUTHENTICATION_METHODS_SESSION_KEY
from allauth.core import context
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.sessions.models import Session
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponseBase, JsonResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop
from django.views import View

from grievances.accounts.second_factor import has_factor, is_demanded
from grievances.accounts.session_models import list_session
from grievances.cases.actions.actor import Caller
from grievances.encryption.derivation_limit import TooBusy, for_recovery
from grievances.people.models import User
from grievances.web.shared import clock
from grievances.web.shared.error_views import too_busy
from grievances.web.shared.limits.client_address import address_of
from grievances.web.shared.limits.sign_in_limits import TOO_MANY_FROM_HERE, sign_in_tries
from grievances.web.shared.middleware.page_language import keep_with_account
from grievances.web.shared.session_store import (
    MARK,
    TIME_COOKIE,
    SessionTime,
    begin_time,
    read_time,
    second_now,
    show_now,
    stay,
    use_now,
)
from grievances.web.shared.sessions import (
    BROWSER_PATH,
    SECOND_STEP,
    caller_of,
    drop_lost_key,
    holds_a_person,
    keep_typing,
    open_key,
    set_cookie,
)

PUBLIC_PREFIXES = ("/static/", "/health/")
EXIT = "/exit/"
"""It is answered whatever fails, so nothing is read for it here."""
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

FACTOR_PAGES = "/accounts/second-factor/"
WITHOUT_A_FACTOR = frozenset(
    {KEY_PAGE, "/accounts/logout/", "/accounts/reauthenticate/", "/exit/", "/safety/", "/support/"}
)
"""Pages open to a person with an office who has no second factor yet."""
NO_FACTOR = gettext_noop(
    "You hold an office here, so a password alone is not enough. Sign in on the website and set up "
    "a second step first."
)

SIGNED_OUT_OF_ONE = "/accounts/sso/signed-out/"
SESSION_PAGES = "/session/"
TIME_LEFT = "/session/left/"
OVER = gettext_noop(
    "Your session has ended, because it was not used for a while or was open for very long. Sign "
    "in again: what you typed last is kept."
)
FORMER = ("fh_session", "fh_key", "fh_typing", "fh_notebook", "fh_browser", "csrftoken")
"""Names of cookies in production before they began with `__Host-`."""
BROWSERS = (("Edg/", "Edge"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome"), ("Safari/", "Safari"))
"""A part of what a browser says of itself, and its name; the first counts."""

GetResponse = Callable[[HttpRequest], HttpResponseBase]


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """The sign-in adapter: no sign-up, and its own error sentences.

    People come from the directory.
    """

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "username_password_mismatch": _(
            "The user name or the password is not right. Check both and try again."
        ),
        "too_many_login_attempts": TOO_MANY_FROM_HERE,
        "account_inactive": _(
            "The user name or the password is not right. Check both and try again."
        ),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Return False: no one can sign up."""
        return False

    def authenticate(self, request: HttpRequest, **credentials: object) -> object:
        """Return the account of a right name and password, else None.

        The try is counted for the address or browser that it came from.

        Raises:
            ValidationError: When the next try from there has to wait; nothing is checked.
        """
        tries = sign_in_tries(request, str(credentials.get("username", "")))
        if not tries.begin():
            raise ValidationError(tries.sentence, code="too_many_login_attempts")
        place = for_recovery() if tries.is_doubtful else nullcontext()
        with tries.unless_busy(), place:
            person = super().authenticate(request, **credentials)
        if person is not None:
            tries.take_back()
        return person

    def post_login(self, request: HttpRequest, user: User, **options: object) -> HttpResponseBase:
        """Return the page after sign-in, in the language that the person chose before."""
        response: HttpResponseBase = super().post_login(request, user, **options)
        keep_with_account(request, response, user)
        return response

    def get_logout_redirect_url(self, request: HttpRequest) -> str:
        """Return the page after sign-out: one about the provider, if there is one."""
        if request.user.is_authenticated and request.session.get("sign_on"):
            return SIGNED_OUT_OF_ONE
        return str(settings.ACCOUNT_LOGOUT_REDIRECT_URL)

    def is_reauthentication_required(self, *, app: str) -> bool:
        """Return whether a person must show again who they are, before a change."""
        times = read_time(context.request)
        return times is None or not times.was_shown(second_now())

    def get_client_ip(self, request: HttpRequest) -> str:
        """Return the address that limits count by.

        A malformed header is no error.
        """
        return address_of(request)


class FormerCookies:
    """Middleware for browsers that come with cookies of the names before `__Host-`.

    The secret of their open forms is taken over once, so that what they had typed arrives. Their
    session is not, and the old cookies are deleted. So an upgrade costs a person one sign-in.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Return the response, with the old cookies deleted."""
        old = [name for name in FORMER if settings.COOKIE_PREFIX and name in request.COOKIES]
        new, secret = settings.CSRF_COOKIE_NAME, request.COOKIES.get("csrftoken", "")
        takes_over = "csrftoken" in old and new not in request.COOKIES
        if takes_over:
            request.COOKIES[new] = secret
        response = self.get_response(request)
        for name in old:
            response.delete_cookie(name, path=BROWSER_PATH if name == "fh_browser" else "/")
        if takes_over and new not in response.cookies:
            set_cookie(response, new, secret, None)
        return response


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
        if request.path == EXIT:
            response = self.get_response(request)
            response["Cache-Control"] = "no-store"
            return response
        if not request.path.startswith(PUBLIC_PREFIXES):
            self._end_if_over(request)
            asked = self._end_if_locked(request) or self._lead_to_factor(request)
            stay(request.session)
        response = asked or self.get_response(request)
        if not request.path.startswith(PUBLIC_PREFIXES):
            renew_time(request, response)
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

    def _end_if_over(self, request: HttpRequest) -> None:
        """End a session whose time is over, or whose cookie of times is missing."""
        if MARK not in request.session or not holds_a_person(request):
            return
        times = read_time(request)
        if times is None or times.is_over(second_now()):
            typing = request.session.get("typing")
            logout(request)
            if typing:
                request.session["typing"] = typing
            if not request.path.startswith(SESSION_PAGES):
                messages.info(request, OVER)

    def _end_if_locked(self, request: HttpRequest) -> HttpResponseBase | None:
        if not request.user.is_authenticated or open_key(request) is not None:
            return None
        if request.user.has_usable_password():
            logout(request)
        elif request.path not in WITHOUT_A_KEY and not request.path.startswith(SESSION_PAGES):
            # Single sign-on identifies a person; only their own passphrase opens their records.
            return redirect(KEY_PAGE)
        return None

    def _lead_to_factor(self, request: HttpRequest) -> HttpResponseBase | None:
        """Return a redirect for an officer whose session took no second step."""
        who = request.user
        if not isinstance(who, User) or request.session.get(SECOND_STEP) == who.pk:
            return None
        if (
            request.path.startswith((FACTOR_PAGES, SESSION_PAGES))
            or request.path in WITHOUT_A_FACTOR
        ):
            return None
        if not is_demanded(who, clock.today()):
            return None
        if has_factor(who):
            # This session is older than the factor: only a sign-in with it goes on.
            logout(request)
            return redirect(f"{settings.LOGIN_URL}?next={request.path}")
        if request.path.startswith("/api/"):
            said = {"code": "SECOND_FACTOR", "sentence": NO_FACTOR}
            return JsonResponse(said, status=403)
        return redirect("mfa_index")


def renew_time(request: HttpRequest, response: HttpResponseBase) -> None:
    """Set the cookie of times of a known person, and list their session."""
    if not holds_a_person(request):
        if TIME_COOKIE in request.COOKIES:
            response.delete_cookie(TIME_COOKIE)
        return
    times = read_time(request) or begin_time(request.session)
    if request.path != TIME_LEFT:
        times = use_now(times)
    if isinstance(request.user, User):
        # allauth notes the second of a sign-in in the session; here it goes to the cookie.
        methods = request.session.pop(AUTHENTICATION_METHODS_SESSION_KEY, ())
        if any(method.get("reauthenticated") for method in methods):
            times = show_now(times)
        _list_once(request, request.user, times)
    set_cookie(response, TIME_COOKIE, times.as_cookie(request.session), None)


def _list_once(request: HttpRequest, person: User, times: SessionTime) -> None:
    key = request.session.session_key
    if key and request.session.get("listed") != key:
        note = f"{times.began}|{browser_name(request)}"
        if Session.objects.filter(session_key=key).exists() and list_session(person, key, note):
            request.session["listed"] = key


def browser_name(request: HttpRequest) -> str:
    """Return the kind of browser in one word, for its person's own list."""
    said = request.headers.get("User-Agent", "")
    return next((name for mark, name in BROWSERS if mark in said), "")


class Private(View):
    """A page for a known person: an account, or the holder of a case key.

    Every other visitor is asked to sign in. What they had typed is sealed for their browser and
    comes back on the same page afterwards, unless the page sets `keeps_typing` to False.
    """

    anonymous_too = True
    keeps_typing = True
    caller: Caller

    def dispatch(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        """Return the page to a known person; send every other visitor to sign-in."""
        self.caller = caller_of(request)
        who = self.caller.who
        if isinstance(who, User) or (self.anonymous_too and who is not None):
            return super().dispatch(request, *args, **kwargs)
        response = redirect(f"{settings.LOGIN_URL}?next={request.path}")
        if request.method == "POST" and self.keeps_typing:
            keep_typing(request, response)
        return response
