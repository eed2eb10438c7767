"""What a person of the directory is in SCIM, and what this service can do.

The names are those of RFC 7643. A unit is the `department` of the enterprise extension.
"""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field, model_validator
from scim2_models import (
    URN,
    AuthenticationScheme,
    Bulk,
    CaseExact,
    ChangePassword,
    ComplexAttribute,
    ETag,
    Extension,
    External,
    Filter,
    Mutability,
    Pagination,
    Patch,
    Reference,
    Required,
    Resource,
    ResourceType,
    Schema,
    ScimPolicy,
    ScimProvider,
    ServiceProviderConfig,
    Sort,
    Uniqueness,
)

from grievances.people.models import Unit
from grievances.vocabulary import Office

MOST_RESULTS = 200
"""People in one answer."""
GRADES = [str(grade) for grade in range(2, 16)]
"""Grades that the schema offers as examples; the layout of the directory can name others.

Grade 1 is what the directory takes where none is given, so it is not sent.
"""
GROUP = "urn:ietf:params:scim:schemas:core:2.0:Group"
USER = "urn:ietf:params:scim:schemas:core:2.0:User"
ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
BY_PEOPLE = frozenset({Office.TRIAGE, Office.LEAD, Office.INDEPENDENT, Office.DPO, Office.AUDITOR})
"""Offices that read or oversee concerns before a person offers them one: no program gives them."""
OFFICES = [office.value for office in Office if office not in {*BY_PEOPLE, Office.DIRECTORY}]
"""Names of groups that the schema offers; labels of offices and codes of units are others."""
STAFF = "urn:fair-hearing:params:scim:schemas:extension:staff:1.0:User"


class Email(ComplexAttribute):
    """The work email address; the directory has one."""

    value: str | None = None
    type: str | None = Field(None, examples=["work"])


class Manager(ComplexAttribute):
    """The line manager: `value` is the id of another person."""

    value: Annotated[str | None, CaseExact.true] = None
    # The name as text: the model of a person does not exist yet at this place.
    ref: Reference["User"] | None = Field(  # noqa: UP037
        None, serialization_alias="$ref", validation_alias="$ref"
    )

    @model_validator(mode="before")
    @classmethod
    def from_any_form(cls, given: object) -> object:
        """Return what names the manager: Microsoft Entra sends the bare id, or a list of one."""
        if isinstance(given, list) and len(given) == 1:
            given = given[0]
        return {"value": given} if isinstance(given, str) else given


class EnterpriseUser(Extension):
    """The unit and the line manager of a person."""

    __schema__ = URN(ENTERPRISE)

    department: Annotated[str | None, Required.true] = None
    manager: Manager | None = None


class Staff(Extension):
    """What only this service knows of a person."""

    __schema__ = URN(STAFF)

    grade: str | None = Field(None, examples=GRADES)


class Member(ComplexAttribute):
    """A person in a group: `value` is their id."""

    value: Annotated[str | None, CaseExact.true, Mutability.immutable] = None
    ref: Annotated[Reference["User"] | None, Mutability.immutable] = Field(  # noqa: UP037
        None, serialization_alias="$ref", validation_alias="$ref"
    )
    type: Annotated[str | None, Mutability.immutable] = Field(None, examples=["User"])


class Group(Resource[Any]):
    """The people to whom the identity provider gives an office or a unit."""

    __schema__ = URN(GROUP)

    display_name: Annotated[str | None, Required.true, Mutability.immutable, Uniqueness.server] = (
        Field(None, examples=OFFICES)
    )
    members: list[Member] | None = None


class User(Resource[Any]):
    """A person of the staff directory."""

    __schema__ = URN(USER)

    user_name: Annotated[str | None, Required.true, Mutability.immutable, Uniqueness.server] = None
    display_name: Annotated[str | None, Required.true] = None
    active: Annotated[bool | None, Required.true] = None
    emails: list[Email] | None = None


Person = User[Annotated[EnterpriseUser, Required.true] | Staff]  # type: ignore[type-arg]
TOLERANT = ScimPolicy(
    unknown=ScimPolicy.Unknown.ignore,
    remove_value_as_filter=ScimPolicy.RemoveValue.apply,
    unmatched_path_filter=ScimPolicy.UnmatchedPathFilter.create,
)
"""What a system sends beyond the schema is not kept: the directory does not need it.

The other two are how Microsoft Entra writes some changes.
"""


def service() -> ScimProvider:
    """Return the description of this service, with the units as they are now."""
    return ScimProvider(
        models=[User, EnterpriseUser, Staff, Group],
        resource_types=[ResourceType.from_resource(Person), ResourceType.from_resource(Group)],
        config=CONFIG,
        policy=TOLERANT,
    )


def schemas() -> list[Schema]:
    """Return the schemas; that of the unit names the codes that are known."""
    found = [model.to_schema() for model in (User, EnterpriseUser, Staff, Group)]
    found += [each.to_schema() for each in (Schema, ResourceType, ServiceProviderConfig)]
    codes = list(Unit.objects.order_by("code").values_list("code", flat=True))
    for attribute in found[1].attributes or []:
        if attribute.name == "department":
            attribute.canonical_values = codes
    return found


CONFIG = ServiceProviderConfig(
    documentation_uri=Reference[External]("https://datatracker.ietf.org/doc/html/rfc7644"),
    patch=Patch(supported=True),
    bulk=Bulk(supported=False, max_operations=0, max_payload_size=0),
    filter=Filter(supported=True, max_results=MOST_RESULTS),
    change_password=ChangePassword(supported=False),
    sort=Sort(supported=True),
    etag=ETag(supported=True),
    pagination=Pagination(
        cursor=False, index=True, default_page_size=MOST_RESULTS, max_page_size=MOST_RESULTS
    ),
    authentication_schemes=[
        AuthenticationScheme(
            type=AuthenticationScheme.Type.oauthbearertoken,
            name="Bearer token",
            description="A token that a keeper of the directory makes on its pages.",
            primary=True,
        )
    ],
)
