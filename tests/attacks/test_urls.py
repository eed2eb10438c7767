"""Every address, as every person: nothing answers that the table does not name.

An address that is new fails here until someone has said who may open it.
"""

from __future__ import annotations

import pytest
from django.test import Client

from grievances.intake import submission
from tests.attacks.address_rules import LAST, OUT, OUTSIDERS, RULES, addresses
from tests.attacks.world import MISSING, World, client_of, look, paths_of
from tests.factories import cases
from tests.factories.people import PEOPLE, Staff
from tests.signing_in import come_back


def test_every_address_is_in_the_table_and_no_other() -> None:
    assert set(addresses()) == set(RULES)


@pytest.mark.slow
def test_every_address_answers_every_person_as_the_table_says(staff: Staff, world: World) -> None:
    names = [*(name for name in RULES if name not in LAST), *LAST[::-1]]
    wrong: dict[tuple[str, str], tuple[int, int]] = {}
    for person in (OUT, *PEOPLE):
        client = client_of(staff, person)
        for name in names:
            answered = client.get(world.path(name)).status_code
            expected = RULES[name].code(person)
            if answered != expected:
                wrong[person, name] = (answered, expected)
    assert not wrong


@pytest.mark.slow
def test_a_case_that_is_not_yours_looks_like_one_that_is_not_there(
    staff: Staff, world: World
) -> None:
    for person in OUTSIDERS:
        client = client_of(staff, person)
        client.get("/support/")
        for name, ask in paths_of(world):
            real, made_up = (look(client, ask, ref) for ref in (world.case.reference, MISSING))
            assert real[0] == 404, (person, name)
            assert real == made_up, (person, name)


def test_the_holder_of_another_case_key_is_an_outsider_too(staff: Staff, world: World) -> None:
    answers = {**cases.ACCOUNT, "region": "NORTH"}
    readers = submission.preview_anonymous(answers, now=cases.START)
    sent = submission.submit_anonymous(
        answers, expected=[person.pk for person in readers], now=cases.START
    )
    client = come_back(Client(), sent.case_key)
    assert client.get(f"/cases/{sent.case.reference}/").status_code == 200
    for name, ask in paths_of(world):
        real, made_up = (look(client, ask, ref) for ref in (world.case.reference, MISSING))
        assert real[0] in {302, 404}, name
        assert (real[0], real[1]) == (made_up[0], made_up[1]) or real[0] == 302, name


def test_being_a_superuser_opens_nothing(staff: Staff, world: World) -> None:
    client = client_of(staff, "admin1")
    page = client.get("/cases/").content.decode()
    assert world.case.reference not in page
    assert client.get("/reports/").status_code == 404
