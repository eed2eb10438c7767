"""What every request of SCIM has: the token, the version, the body, and an error of SCIM."""

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
    PreconditionFailedException,
    Resource,
    ResponseParameters,
    SCIMException,
    ScimProvider,
)

from grievances.audit.models import SERVICE, Event
from grievances.cases.actions.actor import Caller
from grievances.staff_directory import keeping
from grievances.staff_directory.scim import people
from grievances.staff_directory.scim.schemas import TOLERANT
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
            response = as_error(Error(status=401, detail=NO_TOKEN))
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
            return as_error(refused.to_error())
        except ValidationError as refused:
            return as_error(Error.from_validation_error(refused.errors()[0]))

    def http_method_not_allowed(
        self, request: HttpRequest, *args: object, **kwargs: object
    ) -> HttpResponse:
        """Return 405 as an error of SCIM."""
        response = as_error(Error(status=405, detail="This address does not take this method."))
        response["Allow"] = ", ".join(
            name.upper() for name in self.http_method_names if hasattr(self, name)
        )
        return response

    def read(self, kind: str) -> None:
        """Record that the program has read the directory."""
        Event.append(
            chain=SERVICE, at=clock.now(), actor=self.program.actor, role="directory", kind=kind
        )

    def show(
        self, shown: Resource[Any], status: int, context: Context, asked: Any = None
    ) -> HttpResponse:
        """Return one resource with its version and its address."""
        body = shown.model_dump(scim_ctx=context, response_parameters=asked)
        response = as_json(body, status)
        if shown.meta is not None:
            response["ETag"] = str(shown.meta.version)
            response["Location"] = str(shown.meta.location)
        return response

    def show_unless_seen(self, request: HttpRequest, shown: Resource[Any]) -> HttpResponse:
        """Return one resource, or 304 where the program has this version."""
        self.read("directory.opened")
        asked = attributes_asked(request, type(shown))
        response = self.show(shown, 200, Context.RESOURCE_QUERY_RESPONSE, asked)
        if response["ETag"] in versions_in(request, "If-None-Match"):
            response.status_code, response.content = HTTPStatus.NOT_MODIFIED, b""
        return response

    def require_seen(self, request: HttpRequest, shown: Resource[Any]) -> None:
        """Refuse a change by a program that has seen another version.

        Raises:
            PreconditionFailedException: It has.
        """
        seen = versions_in(request, "If-Match")
        current = str(shown.meta.version) if shown.meta is not None else ""
        if seen and "*" not in seen and current not in seen:
            raise PreconditionFailedException(detail="This has changed. Read it again.")


def _service() -> ScimProvider:
    return ScimProvider(policy=TOLERANT)


def as_json(body: dict[str, object], status: int) -> HttpResponse:
    """Return a response of SCIM."""
    return HttpResponse(json.dumps(body), content_type=TYPE, status=status)


def as_error(error: Error) -> HttpResponse:
    """Return an error of SCIM."""
    return as_json(error.model_dump(), int(error.status or 400))


def attributes_asked(request: HttpRequest, kind: type[Resource[Any]]) -> ResponseParameters[Any]:
    """Return which attributes of this kind of resource were asked for."""
    said = {
        name: request.GET[name]
        for name in ("attributes", "excludedAttributes")
        if name in request.GET
    }
    of_kind: Any = ResponseParameters[kind]  # type: ignore[valid-type]
    asked: ResponseParameters[Any] = of_kind.model_validate(said)
    return asked


def versions_in(request: HttpRequest, header: str) -> list[str]:
    """Return the versions that a header names."""
    return [each.strip() for each in request.headers.get(header, "").split(",") if each.strip()]


def body_of(request: HttpRequest) -> dict[str, object]:
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
