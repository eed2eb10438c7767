"""Groups of SCIM: an identity provider gives and takes offices, and moves people to units."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import timedelta
from urllib.parse import quote

import pytest
from django.test import Client

from grievances.audit.models import Event
from grievances.cases.access import rules
from grievances.people.models import Appointment, Unit, User
from grievances.staff_directory.models import ScimGroup
from grievances.tokens import issuing
from grievances.tokens.models import Purpose
from grievances.vocabulary import Office
from grievances.web.shared import clock
from tests.factories import cases
from tests.factories.people import Staff

GROUPS = "/scim/v2/Groups"
GROUP = "urn:ietf:params:scim:schemas:core:2.0:Group"
PATCH = "urn:ietf:params:scim:api:messages:2.0:PatchOp"


class Answer:
    """What the service answered: the status, and the JSON object."""

    def __init__(self, status: int, content: bytes, version: str) -> None:
        self.status, self.version = status, version
        self.body = json.loads(content) if content else {}

    @property
    def members(self) -> set[str]:
        return {each["value"] for each in self.body.get("members", ())}


class Provider:
    """An identity provider that sends groups."""

    def __init__(self, token: str) -> None:
        self.client, self.head = Client(), {"Authorization": f"Bearer {token}"}

    def ask(self, method: str, address: str, body: object = None, **headers: str) -> Answer:
        said = self.client.generic(
            method,
            address,
            json.dumps(body) if body is not None else "",
            content_type="application/scim+json",
            headers=self.head | headers,
        )
        return Answer(said.status_code, said.content, said.headers.get("ETag", ""))

    def connect(self, name: str, *people: User, external_id: str = "g-1") -> Answer:
        members = [{"value": str(each.pk), "display": each.name} for each in people]
        body = {"schemas": [GROUP], "displayName": name, "externalId": external_id}
        return self.ask("POST", GROUPS, body | {"members": members})

    def change(self, group: Answer, *operations: Mapping[str, object], **headers: str) -> Answer:
        body = {"schemas": [PATCH], "Operations": list(operations)}
        return self.ask("PATCH", f"{GROUPS}/{group.body['id']}", body, **headers)


@pytest.fixture
def provider(staff: Staff) -> Provider:
    Appointment.objects.create(
        person=staff["staff2"], office=Office.DIRECTORY, from_date=clock.today()
    )
    caller, now = staff.caller("staff2"), clock.now()
    made = issuing.make(caller, Purpose.DIRECTORY, Office.DIRECTORY, "Entra", 30, now=now)
    return Provider(made)


def holds(person: User, office: Office) -> bool:
    return User.objects.get(pk=person.pk).holds(office, clock.today())


def value(*people: User) -> list[dict[str, str]]:
    return [{"value": str(each.pk)} for each in people]


def test_offices_come_and_go_as_each_identity_provider_sends_it(
    staff: Staff, provider: Provider
) -> None:
    one, two = staff["staff1"], staff["complainant2"]
    group = provider.connect("handler")
    assert (group.status, group.members) == (201, set())
    wanted = quote('displayName eq "Handler"')
    find = f"{GROUPS}?filter={wanted}&excludedAttributes=members"
    (found,) = provider.ask("GET", find).body["Resources"]
    assert (found["id"], found["externalId"]) == (group.body["id"], "g-1")
    entra = {"op": "Add", "path": "members", "value": value(one)}
    assert provider.change(group, entra).members == {str(one.pk)}
    okta = {"op": "add", "path": "members", "value": [{"value": str(two.pk), "display": "Two"}]}
    assert provider.change(group, okta).members == {str(one.pk), str(two.pk)}
    assert holds(one, Office.HANDLER)
    assert holds(two, Office.HANDLER)
    again = provider.change(group, entra, {"op": "replace", "value": {
        "id": group.body["id"], "displayName": "handler"}})  # fmt: skip
    assert (again.status, again.members) == (200, {str(one.pk), str(two.pk)})
    assert provider.change(group, {"op": "Remove", "path": "members", "value": value(one)})
    assert not holds(one, Office.HANDLER)
    assert holds(two, Office.HANDLER)
    gone = provider.change(group, {"op": "remove", "path": f'members[value eq "{two.pk}"]'})
    assert (gone.status, gone.members) == (200, set())
    assert not holds(two, Office.HANDLER)
    body = {"schemas": [GROUP], "displayName": "handler", "members": value(one)}
    assert provider.ask("PUT", f"{GROUPS}/{group.body['id']}", body).members == {str(one.pk)}
    assert holds(one, Office.HANDLER)
    kinds = Event.objects.filter(kind="directory.changed", data={"what": ["office"]})
    assert kinds.count() == 5
    assert "" not in set(kinds.values_list("actor", flat=True))
    assert provider.ask("DELETE", f"{GROUPS}/{group.body['id']}").status == 204
    assert not holds(one, Office.HANDLER)
    assert provider.ask("GET", f"{GROUPS}/{group.body['id']}").status == 404


def test_an_office_that_is_lost_ends_the_parts_in_open_cases(
    staff: Staff, provider: Provider
) -> None:
    case = cases.in_investigation(staff)
    handler = staff["handler1"]
    group = provider.connect("Handler", handler)
    assert group.members == {str(handler.pk)}
    assert rules.allows(handler, "read", case)
    before = set(Appointment.objects.exclude(person=handler).values_list("pk", "to_date"))
    provider.change(group, {"op": "replace", "path": "members", "value": []})
    assert not rules.allows(handler, "read", case)
    after = set(Appointment.objects.exclude(person=handler).values_list("pk", "to_date"))
    assert after == before, "who was appointed otherwise keeps the office"
    assert provider.ask("GET", f"/cases/{case.reference}/").status == 302


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("Everyone", "This is neither"),
        ("", "This is neither"),
        ("directory", "only an administrator appoints"),
        ("Keeper of the staff directory", "only an administrator appoints"),
        ("MEDIATOR", "Change the code of the unit"),
        ("Casework lead", "where a person confirms it"),
        ("triage", "where a person confirms it"),
        ("dpo", "where a person confirms it"),
    ],
)
def test_a_name_that_means_no_one_thing_is_refused(
    provider: Provider, name: str, says: str
) -> None:
    Unit.objects.create(code="mediator", name="Mediation works", region="north-east")
    refused = provider.connect(name)
    assert (refused.status, refused.body["scimType"]) == (400, "invalidValue")
    assert says in refused.body["detail"]
    assert not ScimGroup.objects.exists()


def test_one_member_that_is_refused_stops_the_whole_change(
    staff: Staff, provider: Provider
) -> None:
    one, keeper = staff["staff1"], staff["staff2"]
    other = staff["complainant2"]
    Appointment.objects.create(person=other, office=Office.DIRECTORY, from_date=clock.today())
    group = provider.connect("Mediator", external_id="")
    for wrong in ("999999", "x", str(keeper.pk), str(other.pk)):
        add = {"op": "add", "path": "members", "value": [*value(one), {"value": wrong}]}
        refused = provider.change(group, add)
        assert (refused.status, refused.body["scimType"]) == (400, "invalidValue"), wrong
    assert not holds(one, Office.MEDIATOR)
    twice = provider.connect("mediator")
    assert (twice.status, twice.body["scimType"]) == (409, "uniqueness")
    renamed = provider.change(group, {"op": "replace", "path": "displayName", "value": "Lead"})
    assert (renamed.status, renamed.body["scimType"]) == (400, "mutability")
    seen = group.version
    add = {"op": "add", "path": "members", "value": value(one)}
    assert provider.change(group, add, **{"If-Match": seen}).status == 200
    assert provider.change(group, add, **{"If-Match": seen}).status == 412


def test_a_closed_account_is_a_member_and_holds_nothing(staff: Staff, provider: Provider) -> None:
    one, keeper = staff["staff1"], staff["lead1"]
    User.objects.filter(pk=one.pk).update(is_active=False)
    group = provider.connect("Mediator", one)
    assert group.members == {str(one.pk)}
    assert not User.objects.get(pk=one.pk).is_active
    assert not Appointment.objects.filter(person=one).exists()
    User.objects.filter(pk=one.pk).update(is_active=True)
    address = f"{GROUPS}/{group.body['id']}"
    assert provider.ask("GET", address).members == set()
    add = {"op": "add", "path": "members", "value": value(one, keeper)}
    assert provider.change(group, add).members == {str(one.pk), str(keeper.pk)}
    Appointment.objects.filter(person=one).update(to_date=clock.today() - timedelta(days=1))
    assert provider.ask("GET", address).members == {str(keeper.pk)}


def test_a_unit_is_changed_by_adding_to_the_next(staff: Staff, provider: Provider) -> None:
    one = staff["staff1"]
    units = list(Unit.objects.exclude(people=one).order_by("pk")[:2])
    first, second = (provider.connect(each.code.lower(), external_id=each.code) for each in units)
    add = {"op": "Add", "path": "members", "value": value(one)}
    remove = {"op": "Remove", "path": "members", "value": value(one)}
    assert provider.change(first, add).members == {str(one.pk)}
    refused = provider.change(first, remove)
    assert (refused.status, refused.body["scimType"]) == (400, "invalidValue")
    assert "group of the next unit" in refused.body["detail"]
    assert provider.change(second, add).members == {str(one.pk)}
    assert provider.change(first, remove).members == set()
    assert User.objects.get(pk=one.pk).unit == units[1]
    assert provider.ask("DELETE", f"{GROUPS}/{second.body['id']}").status == 204
    assert User.objects.get(pk=one.pk).unit == units[1]
    event = Event.objects.filter(kind="directory.changed", data={"what": ["unit"]}).first()
    assert event is not None
