"""The addresses of `/scim/v2/`.

The views are imported at the first request for one of them: the models of SCIM take 4 s and 60 MiB,
which a web process without an HR system, and each command, would pay for nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

from django.http import HttpRequest, HttpResponseBase
from django.urls import URLPattern, path
from django.utils.module_loading import import_string
from django.views.decorators.csrf import csrf_exempt

BEHIND = "grievances.web.staff_directory"

Answer = Callable[..., HttpResponseBase]


@cache
def _view(name: str) -> Answer:
    answer: Answer = import_string(f"{BEHIND}.{name}").as_view()
    return answer


def _when_asked(name: str) -> Answer:
    @csrf_exempt
    def answer(request: HttpRequest, **address: str) -> HttpResponseBase:
        return _view(name)(request, **address)

    return answer


urlpatterns: list[URLPattern] = [
    path("scim/v2/Users", _when_asked("scim_views.People"), name="scim_people"),
    path("scim/v2/.search", _when_asked("scim_groups.SearchAll"), name="scim_search_all"),
    path("scim/v2/Users/.search", _when_asked("scim_views.Search"), name="scim_search"),
    path("scim/v2/Users/<str:pk>", _when_asked("scim_views.OnePerson"), name="scim_person"),
    path("scim/v2/Groups", _when_asked("scim_groups.Groups"), name="scim_groups"),
    path(
        "scim/v2/Groups/.search",
        _when_asked("scim_groups.GroupSearch"),
        name="scim_search_groups",
    ),
    path("scim/v2/Groups/<str:pk>", _when_asked("scim_groups.OneGroup"), name="scim_group"),
    path(
        "scim/v2/ServiceProviderConfig",
        _when_asked("scim_views.ServiceProvider"),
        name="scim_service",
    ),
    path("scim/v2/Schemas", _when_asked("scim_views.Described"), name="scim_schemas"),
    path("scim/v2/Schemas/<str:name>", _when_asked("scim_views.Described"), name="scim_schema"),
    path("scim/v2/ResourceTypes", _when_asked("scim_views.Kinds"), name="scim_types"),
    path("scim/v2/ResourceTypes/<str:name>", _when_asked("scim_views.Kinds"), name="scim_type"),
    path("scim/v2/<path:anything>", _when_asked("scim_views.NotThere"), name="scim_nothing"),
]
