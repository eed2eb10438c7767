"""A person's own sessions: the time left, what was typed, and the list of all."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from grievances.accounts.session_models import AccountSession, end_sessions, sessions_of
from grievances.encryption.key_pairs import Holder
from grievances.policy import profiles
from grievances.web.shared.session_store import read_time, second_now
from grievances.web.shared.session_views import Private
from grievances.web.shared.sessions import (
    DRAFT_COOKIE,
    MARK_COOKIE,
    holds_a_person,
    keep_typing,
    set_cookie,
)


@require_safe
def left(request: HttpRequest) -> HttpResponse:
    """Return as JSON how many seconds the session has left; asking does not extend it."""
    times = read_time(request) if holds_a_person(request) else None
    seconds = max(0, times.ends_at() - second_now()) if times is not None else 0
    return JsonResponse({"left": seconds})


@require_safe
def mark(request: HttpRequest) -> HttpResponse:
    """Return an empty style sheet with a cookie that is never twice the same.

    Each page of a person asks for it. A browser then never shows that page again from its memory:
    it has to ask the server, which knows whether the session has ended. No script is needed.
    """
    response = HttpResponse(b"", content_type="text/css; charset=utf-8")
    if not request.session.is_empty() or DRAFT_COOKIE in request.COOKIES:
        set_cookie(response, MARK_COOKIE, secrets.token_hex(8), None)
    return response


@require_POST
def keep(request: HttpRequest) -> HttpResponseBase:
    """Seal what was typed on a page whose session has ended.

    Returns:
        The sign-in page, which leads back to that page.
    """
    page = request.GET.get("next", "")
    if not page.startswith("/") or not url_has_allowed_host_and_scheme(page, allowed_hosts=None):
        page = "/"
    response = redirect(f"{settings.LOGIN_URL}?{urlencode({'next': page})}")
    keep_typing(request, response, page)
    return response


class OwnSessions(Private):
    """The page of a person's own sessions, on which they sign out everywhere."""

    anonymous_too = False
    keeps_typing = False

    def get(self, request: HttpRequest) -> HttpResponseBase:
        """Return the list; the times on it were sealed for this person alone."""
        holder = self.caller.holder
        here = request.session.session_key
        rows = [_shown(row, holder, here) for row in sessions_of(self.caller.person)]
        rows.sort(key=lambda row: (not row["here"], row["began"] is None, row["began"]))
        return render(request, "account_pages/sessions.html", {"rows": rows})

    def post(self, request: HttpRequest) -> HttpResponseBase:
        """End the other sessions, or all of them with this one.

        Returns:
            The list again, or the sign-in page where this session ended too.
        """
        if "everywhere" in request.POST:
            end_sessions(self.caller.person)
            logout(request)
            messages.success(request, gettext("You are signed out in every browser."))
            return redirect(settings.LOGIN_URL)
        end_sessions(self.caller.person, keep=request.session.session_key)
        messages.success(request, gettext("You are signed out in every other browser."))
        return redirect("own_sessions")


def _shown(row: AccountSession, holder: Holder | None, here: str | None) -> dict[str, object]:
    began, _, browser = (row.read_note(holder) if holder else "").partition("|")
    moment = datetime.fromtimestamp(int(began), UTC) if began.isdigit() else None
    return {
        "began": moment.astimezone(profiles.zone()) if moment else None,
        "browser": browser,
        "here": row.pk == here,
    }
