"""The addresses for the HR system. Their views are loaded at the first request to one of them.

The library of SCIM is larger than half of all other pages together, and most sites never use it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.urls import URLPattern, path
from django.utils.module_loading import import_string
from django.views.decorators.csrf import csrf_exempt

VIEWS = "grievances.web.staff_directory.scim_views"


def later(name: str, kind: str = "") -> Callable[..., HttpResponseBase]:
    """Return a view that loads the one of this name; `kind` is what it describes."""

    @csrf_exempt
    def view(request: HttpRequest, **asked: Any) -> HttpResponseBase:
        options = {"kind": import_string(f"{VIEWS}.{kind}")} if kind else {}
        answer: HttpResponseBase = import_string(f"{VIEWS}.{name}").as_view(**options)(
            request, **asked
        )
        return answer

    return view


urlpatterns: list[URLPattern] = [
    path("scim/v2/Users", later("People"), name="scim_people"),
    path("scim/v2/.search", later("Search"), name="scim_search_all"),
    path("scim/v2/Users/.search", later("Search"), name="scim_search"),
    path("scim/v2/Users/<str:pk>", later("OnePerson"), name="scim_person"),
    path("scim/v2/ServiceProviderConfig", later("ServiceProvider"), name="scim_service"),
    path("scim/v2/Schemas", later("Described", "Schema"), name="scim_schemas"),
    path("scim/v2/Schemas/<str:name>", later("Described", "Schema"), name="scim_schema"),
    path("scim/v2/ResourceTypes", later("Described", "ResourceType"), name="scim_types"),
    path("scim/v2/ResourceTypes/<str:name>", later("Described", "ResourceType"), name="scim_type"),
    path("scim/v2/<path:anything>", later("NotThere"), name="scim_nothing"),
]
