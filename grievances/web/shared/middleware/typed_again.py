"""What was typed on a page is on it again after a change of its language.

The switch of a page with a form sends that form to the page itself, with the language under the
name `IN_LANGUAGE`. The page is then read as by GET, in the new language, and its form begins with
what was sent. Nothing is saved, checked or kept: the words are in this one request and its answer.
"""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponseBase, QueryDict
from django.middleware.csrf import CsrfViewMiddleware
from django.utils.translation import activate

from grievances.web.shared.middleware.page_language import keep_choice

IN_LANGUAGE = "in_language"
"""The name of the switch in a form; its value is the code of a language."""

TEXT_ALONE = "application/x-www-form-urlencoded"


class TypedAgain:
    """Middleware that answers a change of language with the page as it was typed.

    It comes after the check that a form is of this site.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response
        self._csrf = CsrfViewMiddleware(get_response)

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Return the response, and keep the choice of a language."""
        response = self.get_response(request)
        code = request.__dict__.get("fh_language")
        if code:
            keep_choice(request, response, code, is_own=True)
        return response

    def process_view(self, request: HttpRequest, *view: object) -> HttpResponseBase | None:
        """Turn a change of language into the reading of the page.

        Returns:
            None to go on; the refusal of a form that is not of this site.
        """
        # The switch never sends a file, and a page of files reads its own form as it arrives.
        is_form = request.method == "POST" and request.content_type == TEXT_ALONE
        # The body and not `POST`: a page of files still says how its form is read.
        if not is_form or IN_LANGUAGE.encode() not in request.body:
            return None
        code = QueryDict(request.body).get(IN_LANGUAGE, "")
        if code not in dict(settings.LANGUAGES):
            return None
        refused = self._csrf.process_view(request, _checked, (), {})
        if refused is not None:
            return refused
        request.__dict__["fh_typed"] = request.POST
        request.method, request.POST = "GET", QueryDict()
        activate(code)
        request.__dict__["fh_language"] = code
        return None


def _checked(request: HttpRequest) -> HttpResponseBase:
    """Take the place of the page: a page of files makes its own check too late.

    Raises:
        Http404: Always, as no one asks for it.
    """
    raise Http404


def typed_again(request: HttpRequest) -> QueryDict | None:
    """Return what was typed on this page before its language changed, or None."""
    typed: QueryDict | None = request.__dict__.get("fh_typed")
    return typed


def mark_before(request: HttpRequest, name: str) -> str:
    """Return a hidden mark of the page before its language changed, or ""."""
    typed = typed_again(request)
    return str(typed.get(name, "")) if typed is not None else ""
