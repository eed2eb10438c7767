"""`/scim/v2/`: the HR system keeps the people, with a token (RFC 7644)."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from scim2_models import (
    Context,
    ListResponse,
    NotFoundException,
    PatchOp,
    Resource,
    ResourceType,
    Schema,
    SearchRequest,
)

from grievances.people.models import User
from grievances.staff_directory.register import lock_directory
from grievances.staff_directory.scim import people
from grievances.staff_directory.scim.schemas import CONFIG, Person, schemas, service
from grievances.staff_directory.scim.search import search
from grievances.web.shared import clock
from grievances.web.staff_directory.scim_requests import (
    Scim,
    as_json,
    attributes_asked,
    body_of,
)


class OfPeople(Scim):
    """A view that shows people."""

    def resource(self, person: User) -> Person:
        """Return a person as SCIM shows them."""
        return people.resource_of(person, self.program.address)


class People(OfPeople):
    """Everyone in the directory (GET), and one more person (POST)."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Return a page of the people who match the filter."""
        return self._search(SearchRequest[Person].model_validate(request.GET.dict()))

    @transaction.atomic
    def post(self, request: HttpRequest) -> HttpResponse:
        """Add a person.

        Returns:
            The person, with status 201.
        """
        lock_directory()
        wanted = _person(body_of(request), Context.RESOURCE_CREATION_REQUEST)
        person = people.add(wanted, self.program, clock.now())
        shown, asked = self.resource(person), attributes_asked(request, Person)
        return self.show(shown, 201, Context.RESOURCE_CREATION_RESPONSE, asked)

    def _search(self, asked: SearchRequest[Person]) -> HttpResponse:
        self.read("directory.searched")
        found = search(asked, self.program.address, clock.today())
        return as_json(
            found.model_dump(scim_ctx=Context.SEARCH_RESPONSE, response_parameters=asked), 200
        )


class Search(People):
    """The same search with its filter in the body and in no address (POST)."""

    http_method_names = ("post", "options")

    def post(self, request: HttpRequest) -> HttpResponse:
        """Return a page of the people who match the filter."""
        body = SearchRequest[Person].model_validate(
            body_of(request), scim_ctx=Context.SEARCH_REQUEST
        )
        return self._search(body)


class OnePerson(OfPeople):
    """One person: read (GET), replace (PUT), change (PATCH), remove (DELETE)."""

    def get(self, request: HttpRequest, pk: str) -> HttpResponse:
        """Return the person, or 304 where the program has this version."""
        person = people.find(pk, clock.today())
        return self.show_unless_seen(request, self.resource(person))

    @transaction.atomic
    def put(self, request: HttpRequest, pk: str) -> HttpResponse:
        """Make the person what was sent; what is not sent is taken away where it can be.

        Returns:
            The person as it is then, with what could not be taken away.
        """
        person, before = self._found(request, pk)
        wanted = _person(body_of(request), Context.RESOURCE_REPLACEMENT_REQUEST)
        wanted.replace(before)
        after = people.change(person, wanted, self.program, clock.now())
        shown, asked = self.resource(after), attributes_asked(request, Person)
        return self.show(shown, 200, Context.RESOURCE_REPLACEMENT_RESPONSE, asked)

    @transaction.atomic
    def patch(self, request: HttpRequest, pk: str) -> HttpResponse:
        """Change what the operations name.

        Returns:
            The person as it is then.
        """
        person, wanted = self._found(request, pk)
        operations = PatchOp[Person].model_validate(
            body_of(request), scim_ctx=Context.RESOURCE_PATCH_REQUEST
        )
        operations.patch(wanted)
        after = people.change(person, wanted, self.program, clock.now())
        shown, asked = self.resource(after), attributes_asked(request, Person)
        return self.show(shown, 200, Context.RESOURCE_PATCH_RESPONSE, asked)

    @transaction.atomic
    def delete(self, request: HttpRequest, pk: str) -> HttpResponse:
        """Close the account; the HR system does not see it again until it adds the person.

        Returns:
            An empty answer, with status 204.
        """
        person, _ = self._found(request, pk)
        people.remove(person, self.program, clock.now())
        return HttpResponse(status=204)

    def _found(self, request: HttpRequest, pk: str) -> tuple[User, Person]:
        """Return the person, locked, if the program has seen this version of them.

        Raises:
            PreconditionFailedException: It has seen another.
        """
        lock_directory()
        person = people.find(pk, clock.today())
        shown = self.resource(person)
        self.require_seen(request, shown)
        return person, shown


class ServiceProvider(Scim):
    """What this service can do (GET)."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Return the configuration."""
        return as_json(CONFIG.model_dump(scim_ctx=Context.RESOURCE_QUERY_RESPONSE), 200)


class Described(Scim):
    """The schemas: all (GET), or one by its name."""

    kind: type[Resource[Any]] = Schema

    def get(self, request: HttpRequest, name: str = "") -> HttpResponse:
        """Return them.

        Raises:
            NotFoundException: There is none of this name.
        """
        known: list[Any] = schemas() if self.kind is Schema else list(service().resource_types)
        if name:
            one = next((each for each in known if str(each.id) == name), None)
            if one is None:
                raise NotFoundException(detail="There is nothing of this name.")
            return as_json(one.model_dump(scim_ctx=Context.RESOURCE_QUERY_RESPONSE), 200)
        answer = ListResponse[self.kind](  # type: ignore[name-defined]
            total_results=len(known), start_index=1, items_per_page=len(known), resources=known
        )
        return as_json(answer.model_dump(scim_ctx=Context.RESOURCE_QUERY_RESPONSE), 200)


class Kinds(Described):
    """The kinds of resources: all (GET), or one by its name."""

    kind = ResourceType


class NotThere(Scim):
    """Every other address: 404 with a token, and 401 without one."""

    http_method_names = ()

    def http_method_not_allowed(
        self, request: HttpRequest, *args: object, **kwargs: object
    ) -> HttpResponse:
        """Refuse every method.

        Raises:
            NotFoundException: Always.
        """
        raise NotFoundException(detail="There is nothing at this address.")


def _person(body: dict[str, object], context: Context) -> Person:
    """Return the person who was sent. What most systems leave out has its usual value."""
    name = body.get("name")
    if isinstance(name, dict) and not body.get("displayName"):
        parts = [name.get("givenName"), name.get("familyName")]
        body["displayName"] = name.get("formatted") or " ".join(
            part for part in parts if isinstance(part, str)
        )
    body.setdefault("active", True)
    return Person.model_validate(body, scim_ctx=context)
