"""SCIM 2.0 for the HR system, judged by scim2-tester against the running views."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

import pytest
from django.core.wsgi import get_wsgi_application
from django.test import Client
from scim2_client.engines.wsgi import WSGISCIMClient
from scim2_models import ScimProvider
from scim2_tester import Status, check_server

from grievances.audit.models import Event
from grievances.cases.access import rules
from grievances.people.models import Appointment, User
from grievances.tokens import issuing
from grievances.tokens.models import AccessToken, Purpose
from grievances.vocabulary import Office
from grievances.web.shared import clock
from tests.factories import cases
from tests.factories.people import Staff
from tests.signing_in import sign_in

HOST = "http://testserver"


@pytest.fixture
def keeper(staff: Staff) -> Client:
    Appointment.objects.create(
        person=staff["staff2"], office=Office.DIRECTORY, from_date=clock.today()
    )
    return sign_in(Client(), staff, "staff2")


@pytest.fixture
def token(staff: Staff, keeper: Client) -> str:
    caller, now = staff.caller("staff2"), clock.now()
    return issuing.make(caller, Purpose.DIRECTORY, Office.DIRECTORY, "HR", 30, now=now)


def test_scim2_tester_finds_nothing_wrong(token: str) -> None:
    client = WSGISCIMClient(
        get_wsgi_application(),
        f"{HOST}/scim/v2",
        headers={"Authorization": f"Bearer {token}"},
        provider=ScimProvider(),
    )
    results = check_server(client)
    wrong = [
        f"{each.title}: {each.reason}"
        for each in results
        if each.status not in (Status.SUCCESS, Status.ACCEPTABLE)
    ]
    assert not wrong, "\n".join(wrong)
    assert len(results) > 40


USERS = "/scim/v2/Users"
SCHEMAS = ["urn:ietf:params:scim:schemas:core:2.0:User"]
ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
PATCH = "urn:ietf:params:scim:api:messages:2.0:PatchOp"


class HrSystem:
    """A program that sends what an identity provider would send."""

    def __init__(self, token: str) -> None:
        self.client, self.head = Client(), {"Authorization": f"Bearer {token}"}

    def ask(self, method: str, address: str, body: Any = None, **headers: str) -> Any:
        return self.client.generic(
            method,
            address,
            json.dumps(body) if body is not None else "",
            content_type="application/scim+json",
            headers=self.head | headers,
        )

    def change(self, person: User, *operations: dict[str, Any], **headers: str) -> Any:
        body = {"schemas": [PATCH], "Operations": list(operations)}
        return self.ask("PATCH", f"{USERS}/{person.pk}", body, **headers)

    def found(self, filter_: str) -> list[str]:
        answer = self.ask("GET", f"{USERS}?{urlencode({'filter': filter_})}").json()
        return [each["userName"] for each in answer["Resources"]]


@pytest.fixture
def hr(token: str) -> HrSystem:
    return HrSystem(token)


def replaced(path: str, value: Any) -> dict[str, Any]:
    return {"op": "replace", "path": path, "value": value}


def test_a_new_person_is_added_and_found_by_the_filters_of_other_systems(hr: HrSystem) -> None:
    body = {
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User", ENTERPRISE],
        "userName": "Anna.Bell",
        "externalId": "4711",
        "name": {"givenName": "Anna", "familyName": "Bell"},
        "emails": [{"value": "anna@work.invalid", "type": "work", "primary": True}],
        ENTERPRISE: {"department": "Hull"},
        "nickName": "never kept",
    }
    made = hr.ask("POST", USERS, body)
    assert (made.status_code, made.json()["displayName"]) == (201, "Anna Bell")
    assert made.json()[ENTERPRISE]["department"] == "HULL"
    assert "nickName" not in made.json()
    assert hr.ask("POST", USERS, body).json()["scimType"] == "uniqueness"
    for filter_ in (
        'userName eq "anna.bell"',
        'externalId eq "4711" and active eq true',
        'displayName sw "anna" and not (userName sw "staff")',
        'emails[type eq "work" and value co "anna@"]',
        f'{ENTERPRISE}:department eq "HULL" and userName sw "A"',
    ):
        assert hr.found(filter_) == ["Anna.Bell"], filter_
    assert hr.ask("GET", f"{USERS}?filter=userName+eq").json()["scimType"] == "invalidFilter"
    page = hr.ask("GET", f"{USERS}?startIndex=3&count=2&sortBy=userName").json()
    names = [each["userName"] for each in page["Resources"]]
    assert names == sorted(names)
    assert (page["startIndex"], page["itemsPerPage"]) == (3, 2)
    assert page["totalResults"] == User.objects.count()


def test_a_change_of_line_ends_what_it_ends_in_open_cases(staff: Staff, hr: HrSystem) -> None:
    case = cases.acknowledged(staff)
    person = staff["complainant1"]
    manager = {"value": str(staff["triage1"].pk)}
    assert hr.change(person, replaced(f"{ENTERPRISE}:manager", manager)).status_code == 200
    assert not rules.allows(staff["triage1"], "read", case)
    event = Event.objects.filter(kind="directory.changed").get()
    assert event.data == {"what": ["line"]}
    assert event.actor not in ("", "system")
    for wrong in ({"value": "999999"}, {"value": "no one"}, {"value": str(person.pk)}):
        refused = hr.change(person, replaced(f"{ENTERPRISE}:manager", wrong))
        assert (refused.status_code, refused.json()["scimType"]) == (400, "invalidValue")
    assert Event.objects.filter(kind="directory.changed").count() == 1


@pytest.mark.parametrize("form", ["{}", ["{}"], {"value": "{}"}, [{"value": "{}"}]])
def test_a_line_manager_in_each_form_that_microsoft_entra_sends(
    staff: Staff, hr: HrSystem, form: Any
) -> None:
    person, manager = staff["staff1"], staff["handler1"]
    sent = json.loads(json.dumps(form).replace("{}", str(manager.pk)))
    changed = hr.change(person, {"op": "Add", "path": f"{ENTERPRISE}:manager", "value": sent})
    assert changed.status_code == 200, changed.content
    assert changed.json()[ENTERPRISE]["manager"]["value"] == str(manager.pk)
    body: dict[str, Any] = {"userName": "new", "displayName": "N", ENTERPRISE: {"department": "HULL"}}
    body[ENTERPRISE]["manager"] = sent
    made = hr.ask("POST", USERS, {"schemas": [*SCHEMAS, ENTERPRISE], **body})
    assert made.json()[ENTERPRISE]["manager"]["value"] == str(manager.pk)


def test_a_filter_by_the_last_change_is_refused_and_does_not_find_no_one(hr: HrSystem) -> None:
    """A program that asks only for changes would believe that there are none, for ever."""
    late = 'meta.lastModified gt "2026-11-01T00:00:00Z"'
    for filter_ in (late, f'userName sw "s" and {late}', f"not ({late})"):
        answer = hr.ask("GET", f"{USERS}?{urlencode({'filter': filter_})}")
        assert (answer.status_code, answer.json()["scimType"]) == (400, "invalidFilter")
        assert "Ask for everyone" in answer.json()["detail"]


def test_a_leaver_loses_their_parts_and_a_removed_person_is_gone_until_added_again(
    staff: Staff, hr: HrSystem
) -> None:
    case = cases.in_investigation(staff)
    handler = staff["handler1"]
    assert hr.change(handler, replaced("active", "False")).status_code == 200
    assert not User.objects.get(pk=handler.pk).is_active
    assert not rules.allows(handler, "read", case)
    assert hr.ask("DELETE", f"{USERS}/{handler.pk}").status_code == 204
    assert hr.ask("GET", f"{USERS}/{handler.pk}").status_code == 404
    assert hr.found('userName eq "handler1"') == []
    body = {"userName": "handler1", "displayName": "Handler 1", ENTERPRISE: {"department": "BATH"}}
    back = hr.ask("POST", USERS, {"schemas": [*SCHEMAS, ENTERPRISE], **body})
    assert (back.status_code, back.json()["id"]) == (201, str(handler.pk))
    assert User.objects.get(pk=handler.pk).is_active
    assert not User.objects.get(pk=handler.pk).holds(Office.HANDLER, clock.today())


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (f"{ENTERPRISE}:department", "ATLANTIS"),
        (f"{ENTERPRISE}:department", ""),
        ("displayName", "..."),
        ("displayName", "a" * 121),
        ("displayName", "Anna\u0000Bell"),
        ("emails", [{"value": "no address", "type": "work"}]),
        ("userName", "another"),
        ("urn:fair-hearing:params:scim:schemas:extension:staff:1.0:User:grade", "high"),
        ("active", "perhaps"),
        ("externalId", "x" * 201),
    ],
)
def test_what_a_file_would_refuse_is_refused(
    staff: Staff, hr: HrSystem, path: str, value: Any
) -> None:
    person = staff["staff1"]
    before = hr.ask("GET", f"{USERS}/{person.pk}").json()
    refused = hr.change(person, replaced("displayName", "Half Done"), replaced(path, value))
    assert refused.status_code == 400, refused.content
    assert refused.json()["schemas"] == ["urn:ietf:params:scim:api:messages:2.0:Error"]
    assert hr.ask("GET", f"{USERS}/{person.pk}").json() == before


def test_a_change_of_a_closed_account_does_not_open_it(staff: Staff, hr: HrSystem) -> None:
    person = staff["staff1"]
    both = (replaced("active", False), replaced("displayName", "Married Name"))
    assert hr.change(person, *both).json()["displayName"] == "Married Name"
    for path, value in (("displayName", "Other Name"), (f"{ENTERPRISE}:department", "HULL")):
        answer = hr.change(person, replaced(path, value)).json()
        assert answer["active"] is False
    after = User.objects.get(pk=person.pk)
    assert (after.is_active, after.name, str(after.unit)) == (False, "Other Name", "Hull")


@pytest.mark.parametrize("body", [b"", b"[]", b"{", b"[" * 5000, b'{"a":"\\ud800"}', b"\xff"])
def test_a_body_that_is_no_object_is_refused(hr: HrSystem, body: bytes) -> None:
    answer = hr.client.post(USERS, body, content_type="application/scim+json", headers=hr.head)
    assert (answer.status_code, answer.json()["scimType"]) == (400, "invalidSyntax")


def test_an_outdated_version_is_refused(staff: Staff, hr: HrSystem) -> None:
    person = staff["staff1"]
    seen = hr.ask("GET", f"{USERS}/{person.pk}")["ETag"]
    again = hr.ask("GET", f"{USERS}/{person.pk}", **{"If-None-Match": seen})
    assert (again.status_code, again.content) == (304, b"")
    change = replaced("displayName", "Priya Menon")
    assert hr.change(person, change, **{"If-Match": seen}).status_code == 200
    late = hr.change(person, replaced("displayName", "Lost"), **{"If-Match": seen})
    assert late.status_code == 412
    assert User.objects.get(pk=person.pk).name == "Priya Menon"


def test_the_keeper_behind_the_token_does_not_change_their_own_line(
    staff: Staff, hr: HrSystem
) -> None:
    line = replaced(f"{ENTERPRISE}:manager", {"value": str(staff["director"].pk)})
    assert hr.change(staff["staff2"], line).status_code == 400
    assert hr.change(staff["staff2"], replaced("displayName", "New Name")).status_code == 200


def test_a_token_opens_the_directory_alone_and_only_while_it_is_valid(
    staff: Staff, hr: HrSystem, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = cases.acknowledged(staff)
    assert hr.ask("GET", f"/api/v1/cases/{case.reference}/").status_code == 401
    assert hr.ask("GET", "/scim/v2/Nothing").status_code == 404
    assert hr.ask("GET", "/directory/").status_code == 302
    for wrong in ("", "fht_wrong", hr.head["Authorization"][7:] + "x"):
        stranger = HrSystem(wrong)
        for address in (USERS, f"{USERS}/1", "/scim/v2/Schemas", "/scim/v2/Nothing"):
            answer = stranger.ask("GET", address)
            assert (answer.status_code, answer.json()["status"]) == (401, "401")
    assert AccessToken.objects.get().digest not in hr.head["Authorization"]
    later = clock.now() + timedelta(days=31)
    with monkeypatch.context() as patched:
        patched.setattr(clock, "now", lambda: later)
        assert hr.ask("GET", USERS).status_code == 401
    assert hr.ask("GET", USERS).status_code == 200
    Appointment.objects.filter(person=staff["staff2"]).update(
        to_date=clock.today() - timedelta(days=1)
    )
    assert hr.ask("GET", USERS).status_code == 401


def test_a_keeper_makes_a_token_on_the_page_and_ends_it(staff: Staff, keeper: Client) -> None:
    page = keeper.get("/programs/").content.decode()
    assert "There are no tokens now." in page
    said = {"purpose": "directory directory", "program": "HR system", "days": "90"}
    assert keeper.post("/programs/", said | {"days": "9999"}).status_code == 422
    assert keeper.post("/programs/", said | {"purpose": "dates lead"}).status_code == 422
    made = keeper.post("/programs/", said).content.decode()
    (text,) = re.findall(r"fht_[\w-]{40,}", made)
    assert HrSystem(text).ask("GET", USERS).status_code == 200
    listed = keeper.get("/programs/").content.decode()
    assert "HR system" in listed
    assert text not in listed
    one = f"/programs/{AccessToken.objects.get().pk}/"
    other = sign_in(Client(), staff, "lead1")
    assert other.get("/programs/").status_code == 200
    assert other.get(one).status_code == other.post(one, {"sure": "on"}).status_code == 404
    assert keeper.post(one, {}).status_code == 422
    assert keeper.post(one, {"sure": "on"}).status_code == 302
    assert HrSystem(text).ask("GET", USERS).status_code == 401
    kinds = set(Event.objects.filter(kind__startswith="token.").values_list("kind", flat=True))
    assert kinds == {"token.made", "token.listed", "token.revoked"}
    stranger = sign_in(Client(), staff, "staff1")
    assert stranger.get("/programs/").status_code == 404
    assert stranger.post("/programs/", said).status_code == 404
