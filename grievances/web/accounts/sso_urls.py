"""Addresses of single sign-on; they answer 404 without a provider.

The views are imported on the first request, because without a provider the libraries that they need
are not even installed (`settings`).
"""

from __future__ import annotations

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponseBase
from django.urls import URLPattern, path
from django.utils.module_loading import import_string

BEHIND = "grievances.web.accounts.sso_views"


def begin(request: HttpRequest, **provider: object) -> HttpResponseBase:
    """Return the redirect that sends the browser to the provider."""
    return _behind("begin", request, **provider)


def come_back(request: HttpRequest, **provider: object) -> HttpResponseBase:
    """Return the answer to what the provider gave the browser."""
    return _behind("come_back", request, **provider)


def signed_out(request: HttpRequest) -> HttpResponseBase:
    """Return the page after a sign-out here: the provider may still know the browser."""
    return _behind("signed_out", request)


def leave_provider(request: HttpRequest, **provider: object) -> HttpResponseBase:
    """Return the redirect that ends the provider's own session."""
    return _behind("leave_provider", request, **provider)


def _behind(view: str, request: HttpRequest, **provider: object) -> HttpResponseBase:
    if not settings.SINGLE_SIGN_ON:
        raise Http404
    answer: HttpResponseBase = import_string(f"{BEHIND}.{view}")(request, **provider)
    return answer


KNOWN = {"provider_id": settings.SIGN_ON_ID}
urlpatterns: list[URLPattern] = [
    path("accounts/sso/login/", begin, KNOWN, name="openid_connect_login"),
    path("accounts/sso/login/callback/", come_back, KNOWN, name="openid_connect_callback"),
    path("accounts/sso/signed-out/", signed_out, name="sso_signed_out"),
    path("accounts/sso/logout/", leave_provider, KNOWN, name="sso_logout"),
]
