"""The person named in a concern is kept out, however the name was typed (architecture.md 5)."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from grievances.cases.access import rules
from grievances.cases.models.case import Case
from grievances.intake import submission
from grievances.people.models import LineManagement, User
from grievances.vocabulary import Identity
from tests.access.naming import raised, rename, require_kept_out
from tests.factories import cases
from tests.factories.cases import START, done
from tests.factories.people import SINCE, Staff
from tests.participants import hearing
from workflow.steps import Refused

pytestmark = pytest.mark.django_db

SPELLINGS: tuple[tuple[str, str, str], ...] = (
    ("N1 title", "Priya Menon", "Ms Priya Menon"),
    ("N1 title with a stop", "Priya Menon", "Dr. Menon"),
    ("N1 title in the directory", "Prof Priya Menon", "Priya Menon"),
    ("N2 two spaces", "Priya Menon", "Priya  Menon"),
    ("N2 other spaces", "Priya Menon", "Priya\u00a0\u2009Menon\u200e"),
    ("N3 surname first", "Priya Menon", "Menon, Priya"),
    ("N3 surname first, no comma", "Priya Menon", "MENON Priya"),
    ("N4 curly apostrophe", "Sean O'Brien", "Sean O\u2019Brien"),
    ("N4 other apostrophe", "Sean O'Brien", "Sean O\u00b4Brien"),
    ("N4 no apostrophe", "Sean O'Brien", "sean obrien"),
    ("N4 space for apostrophe", "Sean O'Brien", "Sean O Brien"),
    ("N7 note in brackets", "Priya Menon", "Priya Menon (my manager)"),
    ("N7 name in brackets", "Priya Menon", "my manager (Priya Menon)"),
    ("N7 note after a dash", "Priya Menon", "Priya Menon - my manager in Leeds"),
    ("N8 capitals with accents", "Zoë Núñez-Ortega", "ZOË NÚÑEZ-ORTEGA"),
    ("N8 small letters", "Émile Ångström", "émile ångström"),
    ("N8 accents apart", "Zoë Núñez", "Zoe\u0308 Nu\u0301n\u0303ez"),
    ("N11 no accents", "Zoë Núñez-Ortega", "Zoe Nunez-Ortega"),
    ("N11 hyphen as space", "Zoë Núñez-Ortega", "Zoe Nunez Ortega"),
    ("N11 letters apart from accents", "Søren Łukáš Straße", "Soren Lukas Strasse"),
    ("N14 two people, and", "Priya Menon", "Tom Ford and Priya Menon"),
    ("N14 two people, comma", "Priya Menon", "Tom Ford, Priya Menon"),
    ("N14 two people, signs", "Priya Menon", "Tom Ford & Priya Menon / Ann Fox"),
    ("N14 one surname for two", "Priya Menon", "Tom and Priya Menon"),
    ("N14 a name and a first name", "Priya Menon", "Tom Ford, Priya"),
    ("typing error", "Priya Menon", "Priya Mennon"),
    ("first name and a place", "Priya Menon", "Priya from HR"),
    ("surname alone", "Priya Menon", "menon"),
    ("initial", "Priya Menon", "P. Menon"),
    ("middle name", "Priya Menon", "Priya Kaur Menon"),
    ("middle name in the directory", "Priya Kaur Menon", "Priya Menon"),
    ("run together", "Priya Menon", "PriyaMenon"),
    ("written as heard", "Mohammed Yusuf", "Muhammad Youssef"),
    ("email", "Priya Menon", "priya.menon@work.invalid"),
    ("user name in a sentence", "Priya Menon", "the officer triage1"),
    ("another script", "Olga Petrova", "Ольга Петрова"),
    ("three people, no sign between", "Priya Menon", "Tom Ford Priya Menon Ann Fox"),
    ("second person by first name", "Priya Menon", "Tom Ford, also Priya"),
    ("second person after a dash", "Priya Menon", "Tom Ford \u2013 Priya from HR"),
    ("second person in brackets", "Priya Menon", "Tom Ford (and Priya Menon)"),
    ("second person in Welsh", "Priya Menon", "Tom Ford a Priya"),
    ("title in Welsh", "Priya Menon", "Foneddiges Menon"),
    ("title in Welsh, professor", "Priya Menon", "Yr Athro Menon"),
    ("title that no list has", "Priya Menon", "Senior Probation Officer Menon"),
    ("name that is a title", "Dean Lord", "Lord"),
    ("name that is a conjunction", "Jean And", "Jean And"),
    ("pet name in brackets", "Elizabeth (Liz) Jones", "Liz"),
    ("pet name and surname", "Elizabeth Jones", "Liz Jones"),
    ("pet name alone", "Robert Marsh", "Bob from HR"),
    ("short form alone", "Priya Menon", "Pri"),
    ("initials", "Priya Menon", "P.M."),
    ("initials run together", "Priya Menon", "PM"),
    ("full width", "Priya Menon", "\uff2d\uff45\uff4e\uff4f\uff4e\uff0cPriya"),
    ("Cyrillic letters that look alike", "Priya Menon", "\u0420r\u0456\u0443\u0430"),
    ("Greek letters that look alike", "Priya Menon", "PRI\u03a5A"),
    ("small capitals", "Priya Menon", "\u1d18\u0280\u026a\u028f\u1d00"),
    ("a letter written as two", "Åse Bjørn", "Aase Bjoern"),
    ("Han, order and a title", "王小明", "小明 王"),
    ("Han, with a title", "王小明", "王小明先生"),
)  # fmt: skip


@pytest.mark.parametrize("signed_in", [True, False], ids=["account", "anonymous"])
@pytest.mark.parametrize(
    ("directory", "typed"),
    [row[1:] for row in SPELLINGS[::14]],
    ids=[r[0] for r in SPELLINGS[::14]],
)
def test_the_person_named_cannot_open_the_case(
    staff: Staff, directory: str, typed: str, signed_in: bool
) -> None:
    rename(staff["triage1"], directory)
    rename(staff["triage2"], "Owen Griffiths")
    case = raised(staff, signed_in, "about", typed)
    require_kept_out(staff, "triage1", case)
    assert rules.allows(staff["triage2"], "read_account", case)


def test_in_no_spelling_the_person_named_is_among_the_readers(staff: Staff) -> None:
    rename(staff["triage2"], "Owen Griffiths")
    read = []
    for kind, directory, typed in SPELLINGS:
        rename(staff["triage1"], directory)
        answers: dict[str, Any] = {**cases.ACCOUNT, "about": typed, "region": "NORTH"}
        able = {p.username for p in submission.preview_anonymous(answers, now=START)}
        read += [] if able == {"triage2"} else [(kind, able)]
    assert not read


@pytest.mark.parametrize("signed_in", [True, False], ids=["account", "anonymous"])
@pytest.mark.parametrize("field", ["decided", "exclude"])
def test_the_same_holds_wherever_a_name_is_typed(staff: Staff, field: str, signed_in: bool) -> None:
    rename(staff["triage1"], "Priya Menon")
    case = raised(staff, signed_in, field, "Menon, Ms Priya (HQ)")
    require_kept_out(staff, "triage1", case)


@pytest.mark.parametrize("signed_in", [True, False], ids=["account", "anonymous"])
def test_two_people_of_one_name_are_both_kept_out(staff: Staff, signed_in: bool) -> None:
    """N15: which of them is meant is not known, so neither reads."""
    for who in ("triage1", "staff1"):
        rename(staff[who], "Priya Menon")
    case = raised(staff, signed_in, "about", "Priya Menon")
    require_kept_out(staff, "triage1", case)
    require_kept_out(staff, "staff1", case)


@pytest.mark.parametrize("typed", ["Priya Menon", "staff1", "staff1@work.invalid"])
@pytest.mark.parametrize("signed_in", [True, False], ids=["account", "anonymous"])
def test_one_person_with_two_accounts_reads_with_neither(
    staff: Staff, typed: str, signed_in: bool
) -> None:
    """N16: naming the user name of one account keeps the other out as well."""
    rename(staff["triage1"], "Priya Menon")
    rename(staff["staff1"], "Dr Priya Menon (second account)")
    case = raised(staff, signed_in, "exclude", typed)
    require_kept_out(staff, "triage1", case)
    require_kept_out(staff, "staff1", case)


def test_the_managers_of_everyone_who_may_be_meant_are_kept_out(staff: Staff) -> None:
    rename(staff["staff1"], "Tom Ford")
    LineManagement.objects.create(person=staff["staff1"], manager=staff["triage1"], from_date=SINCE)
    case = raised(staff, False, "about", "Tom Forde")
    require_kept_out(staff, "triage1", case)


def test_the_managers_of_a_person_who_has_left_are_kept_out(staff: Staff) -> None:
    rename(staff["staff1"], "Tom Ford")
    User.objects.filter(pk=staff["staff1"].pk).update(is_active=False)
    LineManagement.objects.create(person=staff["staff1"], manager=staff["triage1"], from_date=SINCE)
    case = raised(staff, False, "about", "Tom Ford")
    require_kept_out(staff, "triage1", case)


def test_the_whole_former_line_of_a_leaver_stays_kept_out(staff: Staff) -> None:
    """However long ago the line ended, and at every level above."""
    rename(staff["staff1"], "Tom Ford")
    User.objects.filter(pk=staff["staff1"].pk).update(is_active=False)
    ended = {"from_date": date(2015, 1, 1), "to_date": date(2019, 1, 1)}
    pairs = (("staff1", "staff2"), ("staff2", "triage1"))
    for person, manager in pairs:
        LineManagement.objects.create(person=staff[person], manager=staff[manager], **ended)
    User.objects.filter(pk=staff["staff2"].pk).update(is_active=False)
    case = raised(staff, False, "about", "Tom Ford")
    require_kept_out(staff, "triage1", case)


def test_the_old_line_of_a_person_who_is_here_has_an_end(staff: Staff) -> None:
    rename(staff["staff1"], "Tom Ford")
    ended = {"from_date": date(2015, 1, 1), "to_date": date(2019, 1, 1)}
    LineManagement.objects.create(person=staff["staff1"], manager=staff["triage1"], **ended)
    case = raised(staff, False, "about", "Tom Ford")
    assert rules.allows(staff["triage1"], "read_account", case)


TEXTS = (
    "ZOE NUNEZ ORTEGA told us of it.",
    "It was said by Nu\u0301n\u0303ez\u2010Ortega, Zoë in May.",
    "Ask zoe  nunez-ortega about it.",
    "ORTEGA\u2019s desk was moved.",
)


@pytest.mark.parametrize("text", TEXTS)
def test_the_name_of_the_complainant_is_found_as_people_write_it(staff: Staff, text: str) -> None:
    rename(staff["complainant1"], "Zoë Núñez-Ortega")
    case = cases.in_investigation(staff)
    Case.unguarded.filter(pk=case.pk).update(identity=Identity.CONFIDENTIAL)
    with pytest.raises(Refused) as refused:
        done(
            staff,
            case,
            "handler1",
            "ask_witness",
            START,
            person=staff["staff1"],
            text=text,
            due_on=hearing.DUE,
            checked=True,
        )
    assert refused.value.code == "NAME_WITHHELD"


def directory_of(size: int) -> None:
    """So many more people, with names made of many different words."""
    starts = [f"{a}{b}" for a in "BDFGK" for b in ("an", "el", "or")]
    first = [f"{start}{end}" for start in starts for end in ("ita", "ulo", "esh")]
    last = [f"{name}{end}" for name in first for end in ("son", "ley", "wick")]
    User.objects.bulk_create(
        User(username=f"x{n}", name=f"{first[n % len(first)]} {last[n % len(last)]}")
        for n in range(size)
    )


def test_a_directory_of_5000_people_is_read_in_one_query(staff: Staff) -> None:
    directory_of(5000)
    rename(staff["triage1"], "Priya Menon")
    answers: dict[str, Any] = {
        **cases.ACCOUNT,
        "about": "\n".join(["Mr Tom Ford", "Pria Menon"] * 10),
        "exclude": "\n".join(["Banita Banuloson", "Menon, P."] * 10),
        "region": "NORTH",
    }
    with CaptureQueriesContext(connection) as few:
        able = submission.preview_anonymous({**answers, "about": "Pria Menon"}, now=START)
    assert [p.username for p in able] == ["triage2"]
    with CaptureQueriesContext(connection) as many:
        submission.preview_anonymous(answers, now=START)
    users = [q["sql"] for q in many if 'FROM "grievances_user"' in q["sql"]]
    whole = [sql for sql in users if "WHERE" not in sql]
    assert len(whole) == 1
    assert len(many) <= len(few) + 1
