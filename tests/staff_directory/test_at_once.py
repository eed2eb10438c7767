"""Two changes of one entry or one group at the same moment: none undoes the other."""

from __future__ import annotations

import itertools
import threading
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from django.test import Client

from grievances.people.models import Appointment, User
from grievances.staff_directory import keeping
from grievances.staff_directory.scim import groups, people
from grievances.tokens import issuing
from grievances.tokens.models import Purpose
from grievances.vocabulary import Office
from grievances.web.shared import clock
from tests.concurrency import Crowd
from tests.factories.people import Staff
from tests.signing_in import sign_in
from tests.staff_directory.test_scim import PATCH, HrSystem
from tests.staff_directory.test_scim_groups import GROUPS, value

pytestmark = pytest.mark.django_db(transaction=True)
ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"


@pytest.fixture
def token(staff: Staff) -> str:
    today = clock.today()
    Appointment.objects.create(person=staff["staff2"], office=Office.DIRECTORY, from_date=today)
    caller, now = staff.caller("staff2"), clock.now()
    return issuing.make(caller, Purpose.DIRECTORY, Office.DIRECTORY, "HR", 30, now=now)


class Two:
    """Two changes, of which the second reads what is there before the first is written.

    Where changes follow each other the second is kept waiting instead, and reads afterwards.
    """

    def __init__(self, crowd: Crowd, module: Any, name: str) -> None:
        self.crowd, self.module, self.name = crowd, module, name
        self.turns, self.second_has_read = itertools.count(), threading.Event()
        self.one_is_done = threading.Event()

    def press(self, *works: Callable[[], int]) -> list[int | BaseException]:
        real = getattr(self.module, self.name)

        def read(*args: object, **more: object) -> object:
            found, turn = real(*args, **more), next(self.turns)
            if turn == 0:
                self.second_has_read.wait(0.5)
            elif turn == 1:
                self.second_has_read.set()
                self.one_is_done.wait(5)
            return found

        with patch.object(self.module, self.name, read):
            return self.crowd.press(*(partial(self._work, work) for work in works))

    def _work(self, work: Callable[[], int]) -> int:
        try:
            return work()
        finally:
            self.one_is_done.set()


def change(token: str, person: User, path: str, new: object) -> Callable[[], int]:
    """The HR system replaces one attribute."""
    operation = {"op": "replace", "path": path, "value": new}
    return lambda: int(HrSystem(token).change(person, operation).status_code)


def send(token: str, method: str, address: str, body: dict[str, Any]) -> Callable[[], int]:
    return lambda: int(HrSystem(token).ask(method, address, body).status_code)


def change_group(token: str, pk: str, *operations: dict[str, Any]) -> Callable[[], int]:
    body = {"schemas": [PATCH], "Operations": list(operations)}
    return send(token, "PATCH", f"{GROUPS}/{pk}", body)


def again(pk: int) -> User:
    return User.objects.select_related("unit").get(pk=pk)


def test_two_changes_of_one_person_are_both_kept(staff: Staff, token: str, tmp_path: Path) -> None:
    person, crowd = staff["staff1"], Crowd(tmp_path)
    done = Two(crowd, people, "find").press(
        change(token, person, "displayName", "Another Name"),
        change(token, person, "emails", [{"value": "new@example.org", "type": "work"}]),
    )
    assert done == [200, 200]
    now = crowd.seen(lambda: again(person.pk))
    assert (now.name, now.email) == ("Another Name", "new@example.org")


def test_who_leaves_while_they_are_changed_stays_a_leaver(
    staff: Staff, token: str, tmp_path: Path
) -> None:
    person, crowd = staff["staff1"], Crowd(tmp_path)
    Two(crowd, people, "find").press(
        change(token, person, "active", False), change(token, person, "displayName", "New Name")
    )
    assert not crowd.seen(lambda: again(person.pk)).is_active


def test_one_person_who_is_added_twice_at_once_is_added_once(
    staff: Staff, token: str, tmp_path: Path
) -> None:
    body = {
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User", ENTERPRISE],
        "userName": "n1", "displayName": "Nia New", ENTERPRISE: {"department": "HULL"},
    }  # fmt: skip
    crowd = Crowd(tmp_path)
    done = Two(crowd, people, "_texts").press(*[send(token, "POST", "/scim/v2/Users", body)] * 2)
    assert sorted(map(str, done)) == ["201", "409"]
    assert crowd.seen(lambda: User.objects.filter(username="n1").count()) == 1


def test_two_changes_of_one_group_lose_and_give_no_office(
    staff: Staff, token: str, tmp_path: Path
) -> None:
    one, two, three = staff["staff1"], staff["complainant2"], staff["complainant1"]
    hr, name = HrSystem(token), "urn:ietf:params:scim:schemas:core:2.0:Group"
    body = {"schemas": [name], "displayName": "analyst", "members": value(one)}
    pk = hr.ask("POST", GROUPS, body).json()["id"]
    crowd = Crowd(tmp_path)
    done = Two(crowd, groups, "find").press(
        change_group(token, pk, {"op": "add", "path": "members", "value": value(two)}),
        change_group(token, pk, {"op": "remove", "path": "members", "value": value(one)},
                     {"op": "add", "path": "members", "value": value(three)}),
    )  # fmt: skip
    assert done == [200, 200]
    rows = Appointment.objects.filter(office=Office.ANALYST, to_date=None)
    held = crowd.seen(lambda: set(rows.values_list("person_id", flat=True)))
    assert held & {one.pk, two.pk, three.pk} == {two.pk, three.pk}


def test_an_office_from_a_page_and_one_from_a_group_are_both_kept(
    staff: Staff, token: str, tmp_path: Path
) -> None:
    person, hr = staff["staff1"], HrSystem(token)
    body = {
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:Group"], "displayName": "analyst"
    }  # fmt: skip
    pk = hr.ask("POST", GROUPS, body).json()["id"]
    keeper, crowd = sign_in(Client(), staff, "staff2"), Crowd(tmp_path)
    page = f"/directory/people/{person.pk}/appoint/"

    def on_the_page() -> int:
        return int(keeper.post(page, {"office": "mediator"}).status_code)

    done = Two(crowd, keeping, "entry_of").press(
        change_group(token, pk, {"op": "add", "path": "members", "value": value(person)}),
        on_the_page,
    )
    assert done == [200, 302]
    rows = Appointment.objects.filter(person=person, to_date=None)
    held = crowd.seen(lambda: set(rows.values_list("office", flat=True)))
    assert held == {Office.ANALYST, Office.MEDIATOR}
