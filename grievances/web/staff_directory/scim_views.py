"""`/scim/v2/`: the HR system keeps the directory, with a token (RFC 7644)."""

from __future__ import annotations

import json
import re
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.decorators import method_decorator
from django.views import View
from django.views.decorators.csrf import csrf_exempt
from pydantic import ValidationError
from scim2_models import (
    Context,
    Error,
    InvalidSyntaxException,
    ListResponse,
    NotFoundException,
    PatchOp,
    PreconditionFailedException,
    Resource,
    ResourceType,
    ResponseParameters,
    Schema,
    SCIMException,
    ScimProvider,
    SearchRequest,
)

from grievances.audit.models import SERVICE, Event
from grievances.cases.actions.actor import Caller
from grievances.people.models import User
from grievances.staff_directory import keeping
from grievances.staff_directory.scim import people
from grievances.staff_directory.scim.schemas import CONFIG, TOLERANT, Person, schemas, service
from grievances.staff_directory.scim.search import search
from grievances.tokens import bearer, issuing
from grievances.tokens.models import Purpose
from grievances.web.shared import clock

TYPE = "application/scim+json"
NO_TOKEN = "Send a token that a keeper of the directory has made and that is still valid."  # noqa: S105
CONTROL = re.compile("[\x00-\x1f\x7f]")
MOST_DEEP = 20
"""How deep a request may be nested; the deepest real one is six levels."""


@method_decorator(csrf_exempt, name="dispatch")
class Scim(View):
    """A view for the HR system: 401 without a valid token, whatever is asked."""

    program: people.Program

    def dispatch(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        """Return the response; every refusal is an error of SCIM."""
        header = request.headers.get("Authorization", "")
        token = bearer.token_of(header, Purpose.DIRECTORY, now=clock.now())
        if token is None or not keeping.may_keep(Caller(token.maker), clock.today()):
            response = _error(Error(status=401, detail=NO_TOKEN))
            response["WWW-Authenticate"] = "Bearer"
            return response
        self.program = people.Program(
            actor=issuing.actor_of(token),
            own=token.maker.username.casefold(),
            address=f"{settings.SITE_URL.rstrip('/')}/scim/v2",
        )
        try:
            with _service():
                return super().dispatch(request, *args, **kwargs)
        except SCIMException as refused:
            return _error(refused.to_error())
        except ValidationError as refused:
            return _error(Error.from_validation_error(refused.errors()[0]))

    def http_method_not_allowed(
        self, request: HttpRequest, *args: object, **kwargs: object
    ) -> HttpResponse:
        """Return 405 as an error of SCIM."""
        response = _error(Error(status=405, detail="This address does not take this method."))
        response["Allow"] = ", ".join(
            name.upper() for name in self.http_method_names if hasattr(self, name)
        )
        return response

    def read(self, kind: str) -> None:
        """Record that the program has read the directory."""
        Event.append(
            chain=SERVICE, at=clock.now(), actor=self.program.actor, role="directory", kind=kind
        )

    def show(self, person: User, status: int, context: Context, asked: Any = None) -> HttpResponse:
        """Return one person with the version and the address of the resource."""
        shown = people.resource_of(person, self.program.address)
        body = shown.model_dump(scim_ctx=context, response_parameters=asked)
        response = _json(body, status)
        response["ETag"] = people.version_of(shown)
        response["Location"] = f"{self.program.address}/Users/{person.pk}"
        return response


class People(Scim):
    """Everyone in the directory (GET), and one more person (POST)."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Return a page of the people who match the filter."""
        return self._search(SearchRequest[Person].model_validate(request.GET.dict()))

    def post(self, request: HttpRequest) -> HttpResponse:
        """Add a person."""
        wanted = _person(_body(request), Context.RESOURCE_CREATION_REQUEST)
        person = people.add(wanted, self.program, clock.now())
        return self.show(person, 201, Context.RESOURCE_CREATION_RESPONSE, _attributes(request))

    def _search(self, asked: SearchRequest[Person]) -> HttpResponse:
        self.read("directory.searched")
        found = search(asked, self.program.address, clock.today())
        return _json(
            found.model_dump(scim_ctx=Context.SEARCH_RESPONSE, response_parameters=asked), 200
        )


class Search(People):
    """The same search with its filter in the body and in no address (POST)."""

    http_method_names = ("post", "options")

    def post(self, request: HttpRequest) -> HttpResponse:
        """Return a page of the people who match the filter."""
        body = SearchRequest[Person].model_validate(_body(request), scim_ctx=Context.SEARCH_REQUEST)
        return self._search(body)


class OnePerson(Scim):
    """One person: read (GET), replace (PUT), change (PATCH), remove (DELETE)."""

    def get(self, request: HttpRequest, pk: str) -> HttpResponse:
        """Return the person, or 304 where the program has this version."""
        person = people.find(pk, clock.today())
        self.read("directory.opened")
        asked = _attributes(request)
        response = self.show(person, 200, Context.RESOURCE_QUERY_RESPONSE, asked)
        if response["ETag"] in _versions(request, "If-None-Match"):
            response.status_code, response.content = HTTPStatus.NOT_MODIFIED, b""
        return response

    def put(self, request: HttpRequest, pk: str) -> HttpResponse:
        """Make the person what was sent; what is not sent is taken away where it can be."""
        person, before = self._found(request, pk)
        wanted = _person(_body(request), Context.RESOURCE_REPLACEMENT_REQUEST)
        wanted.replace(before)
        after = people.change(person, wanted, self.program, clock.now())
        return self.show(after, 200, Context.RESOURCE_REPLACEMENT_RESPONSE, _attributes(request))

    def patch(self, request: HttpRequest, pk: str) -> HttpResponse:
        """Change what the operations name."""
        person, wanted = self._found(request, pk)
        operations = PatchOp[Person].model_validate(
            _body(request), scim_ctx=Context.RESOURCE_PATCH_REQUEST
        )
        operations.patch(wanted)
        after = people.change(person, wanted, self.program, clock.now())
        return self.show(after, 200, Context.RESOURCE_PATCH_RESPONSE, _attributes(request))

    def delete(self, request: HttpRequest, pk: str) -> HttpResponse:
        """Close the account; the HR system does not see it again until it adds the person."""
        person, _ = self._found(request, pk)
        people.remove(person, self.program, clock.now())
        return HttpResponse(status=204)

    def _found(self, request: HttpRequest, pk: str) -> tuple[User, Person]:
        """Return the person as they are now, if the program has seen that version.

        Raises:
            PreconditionFailedException: It has seen another.
        """
        person = people.find(pk, clock.today())
        shown = people.resource_of(person, self.program.address)
        seen = _versions(request, "If-Match")
        if seen and "*" not in seen and people.version_of(shown) not in seen:
            raise PreconditionFailedException(detail="The person has changed. Read them again.")
        return person, shown


class ServiceProvider(Scim):
    """What this service can do (GET)."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Return the configuration."""
        return _json(CONFIG.model_dump(scim_ctx=Context.RESOURCE_QUERY_RESPONSE), 200)


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
            return _json(one.model_dump(scim_ctx=Context.RESOURCE_QUERY_RESPONSE), 200)
        answer = ListResponse[self.kind](  # type: ignore[name-defined]
            total_results=len(known), start_index=1, items_per_page=len(known), resources=known
        )
        return _json(answer.model_dump(scim_ctx=Context.RESOURCE_QUERY_RESPONSE), 200)


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


def _service() -> ScimProvider:
    return ScimProvider(policy=TOLERANT)


def _json(body: dict[str, object], status: int) -> HttpResponse:
    return HttpResponse(json.dumps(body), content_type=TYPE, status=status)


def _error(error: Error) -> HttpResponse:
    return _json(error.model_dump(), int(error.status or 400))


def _attributes(request: HttpRequest) -> ResponseParameters[Person]:
    return ResponseParameters[Person].model_validate(
        {name: request.GET[name] for name in ("attributes", "excludedAttributes")
         if name in request.GET}
    )  # fmt: skip


def _versions(request: HttpRequest, header: str) -> list[str]:
    return [each.strip() for each in request.headers.get(header, "").split(",") if each.strip()]


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


def _body(request: HttpRequest) -> dict[str, object]:
    """Return the JSON object that was sent.

    Raises:
        InvalidSyntaxException: It is none, is nested too deeply, or has a character that no
            text of the directory can have.
    """
    try:
        body = json.loads(request.body)
        json.dumps(body, ensure_ascii=False).encode()
    except (ValueError, RecursionError) as error:
        raise InvalidSyntaxException(detail="The body must be a JSON object.") from error
    if not isinstance(body, dict) or not _is_plain(body, MOST_DEEP):
        raise InvalidSyntaxException(detail="The body must be a JSON object of plain text.")
    return body


def _is_plain(value: object, deep: int) -> bool:
    if isinstance(value, str):
        return not CONTROL.search(value)
    if isinstance(value, dict | list):
        inside = [*value, *value.values()] if isinstance(value, dict) else value
        return deep > 0 and all(_is_plain(each, deep - 1) for each in inside)
    return True
