"""An address that names its view, and imports it at the first request.

A worker holds the code of the pages that are asked for, and a command that of none.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.urls import ResolverMatch, URLPattern, register_converter
from django.urls.resolvers import RegexPattern, RoutePattern
from django.utils.module_loading import import_string

View = Callable[..., HttpResponseBase]


class Reference:
    """A URL converter for a case reference: RC- and six characters."""

    regex = "RC-[0-9A-Z]{6}"

    def to_python(self, value: str) -> str:
        """Return the reference as it is in the URL."""
        return value

    def to_url(self, value: str) -> str:
        """Return the reference for a URL."""
        return value


register_converter(Reference, "reference")


class OnDemand(URLPattern):
    """An address whose view is named by its dotted path."""

    def __init__(
        self,
        pattern: RoutePattern | RegexPattern,
        view: str,
        given: dict[str, Any] | None,
        name: str,
    ) -> None:
        super().__init__(pattern, self.answer, given, name)
        self.lookup_str = view

    @cached_property
    def view(self) -> View:
        """The view itself: a function, or what a class makes of itself.

        Raises:
            ImportError: There is no such view; a test asks for each.
        """
        found: Any = import_string(self.lookup_str)
        view: View = found.as_view() if hasattr(found, "as_view") else found
        return view

    def answer(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        """Return what the view answers: Django knows the address by this, unimported."""
        return self.view(request, *args, **kwargs)

    def resolve(self, path: str) -> ResolverMatch | None:
        """Return the view for a path that fits, so that what is marked on it is seen."""
        found = super().resolve(path)
        if found is not None:
            found.func = self.view
        return found


def address(route: str, view: str, given: dict[str, Any] | None = None, *, name: str) -> OnDemand:
    """Return the address of a route. `given` are fixed arguments of the view."""
    return OnDemand(RoutePattern(route, name=name, is_endpoint=True), view, given, name)


def pattern(regex: str, view: str, *, name: str) -> OnDemand:
    """Return the address of everything that fits a regular expression."""
    return OnDemand(RegexPattern(regex, name=name, is_endpoint=True), view, None, name)
