"""The language of the pages: its switch, its cookie, and an account's choice.

A page is in the language of the cookie, else in the one that the browser asks for. The cookie ends
with the browser and says nothing but the language. An account keeps the choice for mail.
"""

from __future__ import annotations

from collections.abc import Callable
from types import CodeType, FunctionType
from urllib.parse import urlsplit

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.middleware.locale import LocaleMiddleware
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import deactivate, get_language
from django.utils.translation.trans_real import DjangoTranslation, translation
from django.views.decorators.http import require_safe

from config.pages import Language
from grievances.people.models import User
from grievances.web.shared.sessions import set_cookie

SWITCH = "/language/"


class PageLanguage(LocaleMiddleware):
    """Middleware that answers in the language of the browser, and leaves none behind.

    Without that, the next page of this thread that is refused early would be in it.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        super().__init__(get_response)
        join_catalogues(translation(settings.LANGUAGE_CODE))

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        """Return the response, with its language in a header."""
        response = super().process_response(request, response)
        deactivate()
        return response


def join_catalogues(found: DjangoTranslation) -> None:
    """Join the catalogues of a language, so that a text is looked up once.

    Django keeps one for each application, and empty ones to fall back on: a page of some four
    hundred texts looks up each text in all of them. Where two have a text, the first one counts, as
    before. Catalogues with different rules for numbers stay apart.
    """
    inside = vars(found)
    every = inside["_catalog"]
    joined: dict[CodeType, tuple[dict[object, str], FunctionType]] = {}
    for words, plural in zip(every._catalogs, every._plurals, strict=True):
        own, _ = joined.setdefault(plural.__code__, ({}, plural))
        own.update({text: said for text, said in words.items() if text not in own})
    every._catalogs = [words for words, _ in joined.values()]
    every._plurals = [plural for _, plural in joined.values()]
    while (next_one := inside["_fallback"]) and set(vars(next_one)["_catalog"].keys()) <= {""}:
        inside["_fallback"] = vars(next_one)["_fallback"]


def languages_of(request: HttpRequest) -> dict[str, object]:
    """Return what a page says about languages: its own, and those to change to.

    A page that answers a form offers none: only the page itself can be read again.
    """
    code = get_language() or settings.LANGUAGE_CODE
    rows: tuple[Language, ...] = settings.PAGE_LANGUAGES
    own = next((each for each in rows if each.code == code), rows[0])
    return {
        "html_language": tag_of(own.code),
        "source_language": tag_of(rows[0].code),
        "is_source_language": own == rows[0],
        "is_reviewed": own.reviewed,
        "languages": [
            {
                "code": tag_of(each.code),
                "name": each.name,
                "href": f"{SWITCH}{each.code}/",
                "value": each.code,
                "page": _own_address(request),
            }
            for each in rows
            if each != own and request.method == "GET"
        ],
    }


def _own_address(request: HttpRequest) -> str:
    """Return the address of a page, without words to look for in it."""
    query = request.GET.copy()
    query.pop("words", None)
    return f"{request.path}?{query.urlencode()}" if query else request.path


def tag_of(code: str) -> str:
    """Return a code as pages write it: `en-GB`, `cy`."""
    language, _, place = code.partition("-")
    return f"{language}-{place.upper()}" if place else language


@require_safe
def choose(request: HttpRequest, code: str) -> HttpResponse:
    """Set the language of this browser.

    Returns:
        The page that the link was on.

    Raises:
        Http404: There is no such language.
    """
    if code not in dict(settings.LANGUAGES):
        raise Http404
    page = _page_before(request)
    response = redirect(page or "/")
    keep_choice(request, response, code, is_own=bool(page))
    return response


def keep_choice(
    request: HttpRequest, response: HttpResponseBase, code: str, *, is_own: bool
) -> None:
    """Set the language of this browser.

    The account keeps it as well, where the request came from a page of ours (`is_own`).
    """
    set_cookie(response, settings.LANGUAGE_COOKIE_NAME, code, None)
    if is_own and isinstance(request.user, User):
        _keep(request.user, code)


def keep_with_account(request: HttpRequest, response: HttpResponseBase, person: User) -> None:
    """After sign-in, keep the browser's language with the account, or the reverse."""
    chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
    if chosen in dict(settings.LANGUAGES):
        _keep(person, chosen)
    elif person.language:
        set_cookie(response, settings.LANGUAGE_COOKIE_NAME, person.language, None)


def _keep(person: User, code: str) -> None:
    if person.language != code:
        User.objects.filter(pk=person.pk).update(language=code)


def _page_before(request: HttpRequest) -> str:
    """Return the path of the page of ours that the link was on.

    It is empty if the request comes from another site, or does not say from where. It is empty as
    well if a browser would take the path for the address of another site.
    """
    before = request.headers.get("Referer", "")
    if not url_has_allowed_host_and_scheme(
        before, {request.get_host()}, require_https=request.is_secure()
    ):
        return ""
    parts = urlsplit(before)
    path = f"{parts.path}?{parts.query}" if parts.query else parts.path
    if not path.startswith("/") or path.startswith(SWITCH):
        return ""
    return path if url_has_allowed_host_and_scheme(path, None) else ""
