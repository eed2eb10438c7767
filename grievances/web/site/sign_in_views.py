"""Sign-in and sign-out, which are allauth's, and only four of its pages are open.

Its password reset and its e-mail pages would sign a person in without the private key, so that
every record would stay locked to them for good. `/account/forgotten/` replaces them.
"""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic

from allauth.account import views as allauth
from django.http import Http404, HttpRequest, HttpResponseBase

from grievances.operations import sign_in_times
from grievances.people.models import User


def timed(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Return the view of sign-in, which counts how long each try takes."""

    def sign_in(request: HttpRequest) -> HttpResponseBase:
        """Return the page."""
        began = monotonic()
        response = view(request)
        if request.method == "POST":
            sign_in_times.record(monotonic() - began)
        return response

    return sign_in


def with_a_password(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Return the view for accounts with a password.

    For a single sign-on account without one, the page does not exist.
    """

    def page(request: HttpRequest) -> HttpResponseBase:
        """Return the page.

        Raises:
            Http404: For an account without a password.
        """
        if isinstance(request.user, User) and not request.user.has_usable_password():
            raise Http404
        return view(request)

    return page


sign_in = timed(allauth.login)
sign_out = allauth.logout
password_change = with_a_password(allauth.password_change)
reauthenticate = with_a_password(allauth.reauthenticate)
