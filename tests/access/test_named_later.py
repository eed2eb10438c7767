"""People who are named after a concern was sent are kept out of it too."""

from __future__ import annotations

import pytest
from django.test import Client

from grievances.cases.access import rules
from grievances.cases.models.exclusions import is_excluded
from grievances.vocabulary import Standing
from tests.access.naming import rename, require_kept_out
from tests.factories import cases
from tests.factories.cases import START, done
from tests.factories.people import Staff
from tests.intake.raising import (
    page_of,
)
from tests.participants import hearing
from tests.signing_in import sign_in

pytestmark = pytest.mark.django_db


def test_naming_a_respondent_later_keeps_the_second_account_out(staff: Staff) -> None:
    for who in ("staff1", "handler1"):
        rename(staff[who], "Priya Menon")
    case = cases.in_investigation(staff)
    assert rules.allows(staff["handler1"], "read_account", case)
    client = sign_in(Client(), staff, "handler1")
    done(staff, case, "handler1", "name_respondent", START, person=staff["staff1"])
    assert client.get(f"/cases/{case.reference}/").status_code == 404


def test_naming_a_respondent_later_takes_the_name_as_people_type_it(staff: Staff) -> None:
    rename(staff["staff1"], "Sean O'Brien")
    case = cases.acknowledged(staff)
    client = sign_in(Client(), staff, "triage1")
    step = f"/cases/{case.reference}/name_respondent/"
    answer = client.post(step, {"person": "O\u2019Brien, Mr Sean", "part": "RESPONDENT"})
    assert answer.status_code == 302, page_of(answer)
    assert case.parties.filter(standing=Standing.RESPONDENT).count() == 2


def test_a_witness_reads_with_no_second_account(staff: Staff) -> None:
    for who in ("staff1", "decider1"):
        rename(staff[who], "Priya Menon")
    case = cases.in_investigation(staff)
    hearing.ask(staff, case)
    assert is_excluded(case, staff["decider1"].pk)
    assert not rules.allows(staff["decider1"], "read", case)


def test_keeping_people_away_later_goes_by_close_names(staff: Staff) -> None:
    rename(staff["triage1"], "Priya Menon")
    case = cases.acknowledged(staff)
    client = sign_in(Client(), staff, "complainant1")
    answer = client.post(f"/cases/{case.reference}/exclude/", {"people": "Ms Menon, Priyaa"})
    assert answer.status_code == 302, page_of(answer)
    require_kept_out(staff, "triage1", case)


def test_a_companion_is_no_one_whose_name_is_that_of_a_person_kept_away(staff: Staff) -> None:
    rename(staff["respondent1"], "Colin Barker")
    case = cases.in_investigation(staff)
    client = sign_in(Client(), staff, "complainant1")
    page = f"/cases/{case.reference}/invite_companion/"
    html = client.get(page).content.decode()
    secret = html.split('name="secret" value="')[1].split('"')[0]
    answer = client.post(
        page, {"person": "Barker, Mr. Colin", "shares": ["MESSAGES"], "secret": secret}
    )
    assert answer.status_code == 422
