"""What a session keeps: the caller, the open private key, and unsent text.

The private key is in the session store, sealed under a random key that only the browser's cookie
holds. Neither half opens anything alone (architecture.md 5).
"""

from __future__ import annotations

import secrets

from django.conf import settings
from django.contrib.auth import logout
from django.core import signing
from django.http import Http404, HttpRequest, HttpResponseBase, QueryDict

from grievances.cases.access.facts import AnonymousReporter, Ties
from grievances.cases.actions.actor import Caller
from grievances.encryption.key_pairs import (
    Holder,
    holder_name,
    lock_in_browser,
    open_typing,
    seal_typing,
    unlock_from_browser,
)
from grievances.encryption.server_keys import handle
from grievances.participants.companions import Guest, guest_of
from grievances.people.models import User
from grievances.web.shared.session_store import cookie_name

KEY_COOKIE = cookie_name("fh_key")
PENDING_COOKIE = cookie_name("fh_pending")
PENDING_SECONDS = 15 * 60
"""How long a right password waits for the second step of sign-in, in seconds."""
TYPING_COOKIE = cookie_name("fh_typing")
DRAFT_COOKIE = cookie_name("fh_notebook")
MARK_COOKIE = cookie_name("fh_mark")
SECOND_STEP = "second_step"
"""The session's note of the account that took a second step of sign-in in it."""
KEPT_SECONDS = 60 * 60
BROWSER_COOKIE = cookie_name("fh_browser", has_path=True)
BROWSER_PATH = "/accounts/"
"""Path of the cookie of a known browser: only sign-in pages receive it."""
KNOWN_SECONDS = 90 * 24 * 60 * 60


def keep_key(request: HttpRequest, response: HttpResponseBase, holder: Holder) -> None:
    """Split an open private key between the session store and the browser."""
    session_id = secrets.token_hex(16)
    stored, cookie = lock_in_browser(holder, session_id)
    request.session["vault"] = stored
    request.session["vault_id"] = session_id
    set_cookie(response, KEY_COOKIE, cookie, None)


def open_key(request: HttpRequest) -> Holder | None:
    """Return the open private key of this session.

    It is None when the two halves do not fit. A signed-in person has a key of their own or none,
    never that of a case or a companion.
    """
    stored, cookie = request.session.get("vault"), request.COOKIES.get(KEY_COOKIE)
    if not stored or not cookie:
        return None
    holder = unlock_from_browser(stored, cookie, request.session.get("vault_id", ""))
    if request.user.is_authenticated and holder is not None:
        return holder if holder.name == holder_name(request.user.pk) else None
    return holder


def hold_key(request: HttpRequest, response: HttpResponseBase, holder: Holder) -> None:
    """Keep an open private key until the second step of sign-in, in two halves.

    It is split as in a session, and under other names. Until the person is signed in, `open_key`
    does not find it and it opens no page.
    """
    session_id = secrets.token_hex(16)
    stored, cookie = lock_in_browser(holder, session_id)
    request.session["pending_vault"] = stored
    request.session["pending_vault_id"] = session_id
    set_cookie(response, PENDING_COOKIE, cookie, PENDING_SECONDS)


def take_held_key(request: HttpRequest, response: HttpResponseBase) -> Holder | None:
    """Return the key that waited for this person, who is signed in now.

    It waits no longer. It is None for a person who came without a password, and when the two
    halves do not fit.
    """
    stored = request.session.pop("pending_vault", "")
    session_id = request.session.pop("pending_vault_id", "")
    cookie = request.COOKIES.get(PENDING_COOKIE, "")
    response.delete_cookie(PENDING_COOKIE)
    holder = unlock_from_browser(stored, cookie, session_id) if stored and cookie else None
    if holder is None or holder.name != holder_name(request.user.pk or 0):
        return None
    return holder


def drop_lost_key(request: HttpRequest, response: HttpResponseBase) -> None:
    """Take the key cookie from a browser whose session has ended."""
    session = request.session
    is_known = request.user.is_authenticated or "returner" in session or "companion" in session
    if KEY_COOKIE in request.COOKIES and KEY_COOKIE not in response.cookies and not is_known:
        response.delete_cookie(KEY_COOKIE)


def leave_behind(request: HttpRequest) -> None:
    """Drop the session data of a case key or companion before a sign-in.

    Otherwise one row of the session table would join an account with a concern that has no name.
    Unsent text stays: it is sealed for this browser, and comes back on its own page.
    """
    for name in set(request.session.keys()) - {"typing"}:
        del request.session[name]


def begin_return(request: HttpRequest, response: HttpResponseBase, caller: Caller) -> None:
    """Begin the session of a person who came back with a case key.

    It holds no account and no trace of one.

    Raises:
        Http404: For a caller without a case key.
    """
    who = caller.who
    if not isinstance(who, AnonymousReporter) or caller.holder is None:
        raise Http404
    _begin_anew(request)
    request.session["returner"] = who.look_up
    keep_key(request, response, caller.holder)


def begin_accompanying(request: HttpRequest, response: HttpResponseBase, guest: Guest) -> None:
    """Begin the session of a companion without an account.

    It holds their key and no trace of more.
    """
    _begin_anew(request)
    request.session["companion"] = guest.handle
    keep_key(request, response, guest.holder)


def _begin_anew(request: HttpRequest) -> None:
    """End the session; unsent text stays, sealed for this browser."""
    typing = request.session.get("typing")
    logout(request)
    if typing:
        request.session["typing"] = typing


def holds_a_person(request: HttpRequest) -> bool:
    """Return whether this session is that of an account, a case key or a companion."""
    return (
        request.user.is_authenticated
        or "returner" in request.session
        or "companion" in request.session
    )


def guest_in(request: HttpRequest) -> Guest | None:
    """Return the companion of this session, or None.

    A companion is an account or the holder of a companion key.
    """
    if request.user.is_authenticated:
        return guest_of(caller_of(request))
    handle, holder = request.session.get("companion"), open_key(request)
    return Guest(handle, handle, holder) if handle and holder else None


def caller_of(request: HttpRequest) -> Caller:
    """Return the caller: an account, the holder of a case key, or no one."""
    if request.user.is_authenticated:
        return Caller(request.user, open_key(request), _ties_of(request, request.user))
    look_up = request.session.get("returner")
    if look_up:
        holder = open_key(request)
        return Caller(AnonymousReporter(look_up), holder) if holder else Caller(None)
    return Caller(None)


def _ties_of(request: HttpRequest, who: User) -> Ties:
    """Return what ties a person to cases; it is looked up once in a request."""
    kept: Ties | None = request.__dict__.get("fh_ties")
    if kept is None or kept.who != who:
        kept = request.__dict__["fh_ties"] = Ties(who)
    return kept


def keep_typing(request: HttpRequest, response: HttpResponseBase, path: str = "") -> None:
    """Seal a posted form for this browser, so that an expired session loses no word.

    `path` is the page it belongs to, where that is another one.
    """
    fields = request.POST.copy()
    fields.pop("csrfmiddlewaretoken", None)
    stored, cookie = seal_typing(f"{path or request.path}\n{fields.urlencode()}")
    request.session["typing"] = stored
    set_cookie(response, TYPING_COOKIE, cookie, KEPT_SECONDS)


def kept_typing(request: HttpRequest) -> QueryDict | None:
    """Return what this browser had typed here before its session ended.

    It is returned once.
    """
    kept, cookie = request.session.get("typing"), request.COOKIES.get(TYPING_COOKIE)
    words = open_typing(kept, cookie) if kept and cookie else None
    path, _, fields = (words or "").partition("\n")
    if path != request.path:
        return None
    del request.session["typing"]
    return QueryDict(fields)


def remember_browser(response: HttpResponseBase, person: User) -> None:
    """Mark this browser as known to the account for 90 days.

    It is known because the account's password was right in it. The cookie holds a random mark and a
    keyed hash of mark and name. Without the server's keys it names no one. It opens nothing, and a
    browser knows one account, the last one.
    """
    mark = secrets.token_hex(16)
    value = signing.TimestampSigner(salt="fh_browser").sign(f"{mark}.{_tag(mark, person.username)}")
    set_cookie(response, BROWSER_COOKIE, value, KNOWN_SECONDS, BROWSER_PATH)


def known_browser(request: HttpRequest, username: str) -> str:
    """Return the mark of a browser in which this account signed in before.

    It is empty for any other browser.
    """
    cookie = request.COOKIES.get(BROWSER_COOKIE, "")
    try:
        kept = signing.TimestampSigner(salt="fh_browser").unsign(cookie, max_age=KNOWN_SECONDS)
    except signing.BadSignature:
        return ""
    mark, _, tag = kept.partition(".")
    return mark if secrets.compare_digest(tag, _tag(mark, username)) else ""


def normal_name(username: str) -> str:
    """Return a typed user name in the form that sign-in compares."""
    return username.strip().lower()


def _tag(mark: str, username: str) -> str:
    return handle("known browser", mark, normal_name(username))


def set_cookie(
    response: HttpResponseBase, name: str, value: str, age: int | None, path: str = "/"
) -> None:
    """Set a cookie that no script reads and no other site sends, for so many seconds."""
    response.set_cookie(
        name,
        value,
        max_age=age,
        path=path,
        httponly=True,
        secure=settings.SESSION_COOKIE_SECURE,
        samesite="Lax",
    )
