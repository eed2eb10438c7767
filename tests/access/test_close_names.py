"""Close names: the person who raises a concern says who is meant."""

from __future__ import annotations

import pytest

from grievances.cases.access import rules
from grievances.cases.models.exclusions import is_excluded
from grievances.cases.models.parties import Party
from grievances.intake import submission
from grievances.people.models import User
from grievances.vocabulary import Standing
from tests.access.naming import raised, rename, require_kept_out
from tests.factories import cases
from tests.factories.cases import START
from tests.factories.people import Staff
from tests.intake.raising import (
    ANONYMOUS,
    page_of,
    send,
    the_case,
    writing,
    written,
)

pytestmark = pytest.mark.django_db


def test_no_one_is_kept_out_for_one_shared_first_name(staff: Staff) -> None:
    for who, name in (("triage1", "Priya Menon"), ("triage2", "Anna Bell")):
        rename(staff[who], name)
    for typed in ("Priya Sharma", "Ann Ball", "Bella Annan", "the tall one from Hull"):
        answers = {**cases.ACCOUNT, "about": typed, "region": "NORTH"}
        able = {p.username for p in submission.preview_anonymous(answers, now=START)}
        assert able == {"triage1", "triage2"}, typed


def test_one_exact_name_is_as_before_one_respondent(staff: Staff) -> None:
    case = raised(staff, True, "about", "respondent 1\nStaff1")
    parties = Party.objects.filter(case=case, standing=Standing.RESPONDENT)
    assert {p.person_id for p in parties} == {staff["respondent1"].pk, staff["staff1"].pk}


def test_a_close_name_makes_no_one_a_respondent(staff: Staff) -> None:
    rename(staff["triage1"], "Priya Menon")
    case = raised(staff, True, "about", "Priya Mennon")
    assert not Party.objects.filter(case=case, standing=Standing.RESPONDENT).exists()
    assert is_excluded(case, staff["triage1"].pk)


def test_when_every_officer_is_close_an_independent_officer_reads(staff: Staff) -> None:
    for who, name in (("triage1", "Priya Menon"), ("triage2", "Pria Menon")):
        rename(staff[who], name)
    User.objects.filter(pk=staff["independent1"].pk).update(unit=staff["decider1"].unit)
    client = writing(about={"about": "Ms Priya Menon"})
    html = page_of(client.get(f"{ANONYMOUS}/readers/"))
    assert "No one from the triage team is left" in html
    assert send(client, ANONYMOUS).status_code == 302
    case = the_case()
    for who in ("triage1", "triage2"):
        require_kept_out(staff, who, case)
    assert rules.allows(staff["independent1"], "read_account", case)


def test_when_no_one_at_all_is_left_it_is_not_sent(staff: Staff) -> None:
    for who in ("triage1", "triage2", "independent1"):
        rename(staff[who], "Priya Menon")
    client = writing(about={"about": "Ms Priya Menon"})
    answer = send(client, ANONYMOUS)
    assert answer.status_code == 422
    assert "NOBODY_LEFT" in page_of(answer)


def test_a_person_with_an_account_sees_who_is_close_and_settles_it(staff: Staff) -> None:
    for who in ("triage1", "staff1"):
        rename(staff[who], "Priya Menon")
    client, base = written(staff, about={"about": "Priya Menon"})
    for page in ("about", "readers", "check"):
        html = page_of(client.get(f"{base}/{page}/"))
        assert "2 people whose names or offices are close are kept away" in html, page
        assert "Priya Menon, Hq" in html, page
        assert "Priya Menon, York" in html, page
    client.post(f"{base}/readers/", {"not_meant": staff["triage1"].pk})
    html = page_of(client.get(f"{base}/readers/"))
    assert f'name="remove" value="{staff["triage1"].pk}"' in html
    assert "whose names or offices are close" not in html
    client.post(f"{base}/readers/", {"meant": staff["triage1"].pk})
    assert "2 people whose names or offices are close" in page_of(client.get(f"{base}/readers/"))
    client.post(f"{base}/readers/", {"not_meant": staff["triage1"].pk})
    assert send(client, base).status_code == 302
    case = the_case()
    assert rules.allows(staff["triage1"], "read_account", case)
    parties = Party.objects.filter(case=case, standing=Standing.RESPONDENT)
    assert [p.person_id for p in parties] == [staff["staff1"].pk]


def test_what_was_settled_is_asked_again_when_other_names_are_typed(staff: Staff) -> None:
    rename(staff["triage1"], "Priya Menon")
    client, base = written(staff, about={"about": "Menon"})
    client.post(f"{base}/readers/", {"not_meant": staff["triage1"].pk})
    client.post(f"{base}/readers/", {"not_meant": staff["triage2"].pk})
    client.post(f"{base}/about/", {"about": "Priya Mennon"})
    send(client, base)
    require_kept_out(staff, "triage1", the_case())


def test_someone_named_exactly_cannot_be_cleared_by_a_press(staff: Staff) -> None:
    rename(staff["triage1"], "Priya Menon")
    client, base = written(staff, about={"about": "Priya Menon"})
    client.post(f"{base}/readers/", {"not_meant": staff["triage1"].pk})
    send(client, base)
    require_kept_out(staff, "triage1", the_case())


def test_without_an_account_the_page_says_so_and_names_and_counts_no_one(staff: Staff) -> None:
    for who in ("triage1", "staff1", "staff2"):
        rename(staff[who], "Priya Menon")
    pages = []
    for typed in ("Ms Priya Menon", "Ms Priya Menon\nQqqq Zzzz"):
        client = writing(about={"about": typed})
        html = page_of(client.get(f"{ANONYMOUS}/readers/"))
        assert "whose name is the same as or close to one you typed is kept out" in html
        assert "Priya Menon" not in html
        client.post(f"{ANONYMOUS}/readers/", {"not_meant": staff["triage1"].pk})
        assert "Priya Menon" not in page_of(client.get(f"{ANONYMOUS}/readers/"))
        check = page_of(client.get(f"{ANONYMOUS}/check/"))
        assert "whose name is the same as or close to one you typed is kept out" in check
        assert "people whose names or offices are close" not in html + check
        pages.append(html.split("<h1")[1])
    assert pages[0].count("<dt") == pages[1].count("<dt")
