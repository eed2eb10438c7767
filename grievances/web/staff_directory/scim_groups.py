"""`/scim/v2/Groups`: an identity provider gives offices and units."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from scim2_models import Context, ListResponse, PatchOp, SearchRequest

from grievances.staff_directory.models import ScimGroup
from grievances.staff_directory.register import lock_directory
from grievances.staff_directory.scim import groups
from grievances.staff_directory.scim.schemas import Group, Person
from grievances.staff_directory.scim.search import search_all, search_groups
from grievances.web.shared import clock
from grievances.web.staff_directory.scim_requests import Scim, as_json, attributes_asked, body_of


class Groups(Scim):
    """The groups that are connected (GET), and one more of them (POST)."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Return a page of the groups that match the filter."""
        return self._search(SearchRequest[Group].model_validate(request.GET.dict()))

    @transaction.atomic
    def post(self, request: HttpRequest) -> HttpResponse:
        """Connect a group with the office or unit of its name.

        Returns:
            The group, with status 201.
        """
        lock_directory()
        wanted = Group.model_validate(body_of(request), scim_ctx=Context.RESOURCE_CREATION_REQUEST)
        shown = groups.begin(wanted, self.program, clock.now())
        asked = attributes_asked(request, Group)
        return self.show(shown, 201, Context.RESOURCE_CREATION_RESPONSE, asked)

    def _search(self, asked: SearchRequest[Group]) -> HttpResponse:
        found = search_groups(asked, self.program.address, clock.today())
        return self.show_found(found, asked)

    def show_found(self, found: ListResponse[Any], asked: SearchRequest[Any]) -> HttpResponse:
        """Return what a search has found, and record the search."""
        self.read("directory.searched")
        body = found.model_dump(scim_ctx=Context.SEARCH_RESPONSE, response_parameters=asked)
        return as_json(body, 200)


class GroupSearch(Groups):
    """The same search with its filter in the body and in no address (POST)."""

    http_method_names = ("post", "options")

    def post(self, request: HttpRequest) -> HttpResponse:
        """Return a page of the groups that match the filter."""
        body = body_of(request)
        return self._search(
            SearchRequest[Group].model_validate(body, scim_ctx=Context.SEARCH_REQUEST)
        )


class SearchAll(Groups):
    """A search of groups and people together (POST)."""

    http_method_names = ("post", "options")

    def post(self, request: HttpRequest) -> HttpResponse:
        """Return a page of the groups, and then of the people, who match the filter."""
        asked = SearchRequest[Person | Group].model_validate(
            body_of(request), scim_ctx=Context.SEARCH_REQUEST
        )
        return self.show_found(search_all(asked, self.program.address, clock.today()), asked)


class OneGroup(Scim):
    """One group: read (GET), replace (PUT), change (PATCH), disconnect (DELETE)."""

    def get(self, request: HttpRequest, pk: str) -> HttpResponse:
        """Return the group, or 304 where the program has this version."""
        group = groups.find(pk)
        return self.show_unless_seen(request, self._shown(group))

    @transaction.atomic
    def put(self, request: HttpRequest, pk: str) -> HttpResponse:
        """Make the members those that were sent.

        Returns:
            The group as it is then.
        """
        lock_directory()
        group = groups.find(pk)
        before = self._shown(group)
        self.require_seen(request, before)
        wanted = Group.model_validate(
            body_of(request), scim_ctx=Context.RESOURCE_REPLACEMENT_REQUEST
        )
        wanted.replace(before)
        return self._change(request, group, wanted, Context.RESOURCE_REPLACEMENT_RESPONSE)

    @transaction.atomic
    def patch(self, request: HttpRequest, pk: str) -> HttpResponse:
        """Add or remove the members that the operations name.

        Returns:
            The group as it is then.
        """
        lock_directory()
        group = groups.find(pk)
        wanted = self._shown(group)
        self.require_seen(request, wanted)
        operations = PatchOp[Group].model_validate(
            body_of(request), scim_ctx=Context.RESOURCE_PATCH_REQUEST
        )
        operations.patch(wanted)
        return self._change(request, group, wanted, Context.RESOURCE_PATCH_RESPONSE)

    @transaction.atomic
    def delete(self, request: HttpRequest, pk: str) -> HttpResponse:
        """Disconnect the group; who has an office by it loses the office.

        Returns:
            An empty answer, with status 204.
        """
        lock_directory()
        group = groups.find(pk)
        self.require_seen(request, self._shown(group))
        groups.disconnect(group, self.program, clock.now())
        return HttpResponse(status=204)

    def _shown(self, group: ScimGroup) -> Group:
        return groups.resource_of(group, self.program.address, clock.today())

    def _change(
        self, request: HttpRequest, group: ScimGroup, wanted: Group, context: Context
    ) -> HttpResponse:
        shown = groups.change(group, wanted, self.program, clock.now())
        return self.show(shown, 200, context, attributes_asked(request, Group))
