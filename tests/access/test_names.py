"""The person named in a concern is kept out, however the name was typed (architecture.md 5)."""

from __future__ import annotations

from datetime import date
from io import StringIO
from typing import Any

import pytest
from django.core.cache import cache
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from hypothesis import given as drawn
from hypothesis import settings
from hypothesis import strategies as st

from grievances.cases.access import eligibility, rules
from grievances.cases.models.case import Case
from grievances.cases.models.exclusions import is_excluded
from grievances.cases.models.parties import Party
from grievances.intake import submission
from grievances.people.models import LineManagement, User
from grievances.vocabulary import Identity, Role, Standing
from tests.factories import cases
from tests.factories.cases import START, done
from tests.factories.people import SINCE, Staff
from tests.intake.raising import (
    ANONYMOUS,
    page_of,
    send,
    sent_anonymously,
    the_case,
    writing,
    written,
)
from tests.participants import hearing
from tests.signing_in import sign_in
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


@pytest.fixture(autouse=True)
def _no_tries_so_far() -> None:
    cache.clear()


def rename(person: User, name: str) -> None:
    User.objects.filter(pk=person.pk).update(name=name)


def pages_naming(field: str, typed: str) -> dict[str, dict[str, str]]:
    """The pages of raising on which this is typed in one of the three fields, and nothing else."""
    about = {"about": "", "decided": "", **({field: typed} if field != "exclude" else {})}
    return {"about": about, "keep-away": {"exclude": typed if field == "exclude" else ""}}


def raised(staff: Staff, signed_in: bool, field: str, typed: str) -> Case:
    """A concern raised through the pages, in which this was typed."""
    pages = pages_naming(field, typed)
    if signed_in:
        client, base = written(staff, **pages)
        assert send(client, base).status_code == 302
    else:
        sent_anonymously(**pages)
    return the_case()


def require_kept_out(staff: Staff, who: str, case: Case) -> None:
    """For this person there is no such case: not by its address, nor in the list or a rule."""
    client = sign_in(Client(), staff, who)
    assert client.get(f"/cases/{case.reference}/").status_code == 404
    assert case.reference not in page_of(client.get("/cases/"))
    assert not rules.allows(staff[who], "read", case)


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


@pytest.fixture
def two_accounts(staff: Staff) -> None:
    """One person with the accounts staff1 and triage1, under two names that are not close."""
    rename(staff["staff1"], "Priya Menon")
    rename(staff["triage1"], "Clare Whitfield")
    call_command("link_accounts", "triage1", "staff1", stdout=StringIO())


@pytest.mark.usefixtures("two_accounts")
@pytest.mark.parametrize("field", ["about", "decided", "exclude"])
@pytest.mark.parametrize("signed_in", [True, False], ids=["account", "anonymous"])
def test_a_person_reads_with_no_account_linked_to_theirs(
    staff: Staff, field: str, signed_in: bool
) -> None:
    case = raised(staff, signed_in, field, "Ms Menon, Priya")
    require_kept_out(staff, "triage1", case)


@pytest.mark.usefixtures("two_accounts")
def test_the_managers_of_a_linked_account_are_kept_out(staff: Staff) -> None:
    LineManagement.objects.create(
        person=staff["triage1"], manager=staff["triage2"], from_date=SINCE
    )
    User.objects.filter(pk=staff["independent1"].pk).update(unit=staff["decider1"].unit)
    case = raised(staff, False, "about", "Priya Menon")
    require_kept_out(staff, "triage2", case)


@pytest.mark.usefixtures("two_accounts")
def test_a_manager_is_kept_out_with_their_other_account(staff: Staff) -> None:
    rename(staff["staff2"], "Tom Ford")
    LineManagement.objects.create(person=staff["staff2"], manager=staff["staff1"], from_date=SINCE)
    case = raised(staff, False, "about", "Tom Ford")
    require_kept_out(staff, "triage1", case)


@pytest.mark.usefixtures("two_accounts")
def test_a_linked_account_cannot_be_ruled_out_while_the_other_is_meant(staff: Staff) -> None:
    client, base = written(staff, about={"about": "Priya Menon"})
    client.post(f"{base}/readers/", {"not_meant": staff["triage1"].pk})
    send(client, base)
    require_kept_out(staff, "triage1", the_case())


@pytest.mark.usefixtures("two_accounts")
def test_keeping_people_away_later_and_naming_later_go_by_linked_accounts(staff: Staff) -> None:
    case = cases.acknowledged(staff)
    client = sign_in(Client(), staff, "complainant1")
    answer = client.post(f"/cases/{case.reference}/exclude/", {"people": "Priya Menon"})
    assert answer.status_code == 302, page_of(answer)
    require_kept_out(staff, "triage1", case)


def test_accounts_that_are_linked_later_are_kept_out_of_cases_that_were_sent(staff: Staff) -> None:
    rename(staff["staff1"], "Priya Menon")
    rename(staff["triage1"], "Clare Whitfield")
    case = raised(staff, False, "exclude", "Priya Menon")
    assert rules.allows(staff["triage1"], "read_account", case)
    said = StringIO()
    call_command("link_accounts", "staff1", "triage1", stdout=said)
    require_kept_out(staff, "triage1", case)
    assert "case with one of them" in said.getvalue()
    call_command("link_accounts", "staff1", "triage1", "--undo", stdout=StringIO())
    require_kept_out(staff, "triage1", case)


def test_one_person_takes_no_two_separate_roles_with_two_accounts(staff: Staff) -> None:
    case = cases.in_investigation(staff)
    panel = eligibility.Panel(case, Role.DECIDER, START.date())
    assert "ROLE_CLASH" not in panel.unfit(staff["decider1"])
    call_command("link_accounts", "handler1", "decider1", stdout=StringIO())
    panel = eligibility.Panel(case, Role.DECIDER, START.date())
    assert "ROLE_CLASH" in panel.unfit(staff["decider1"])


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


SCRIPTS = {
    "Latin": "Siobhán O'Connell-Fernández",
    "Polish": "Stanisław Łukasiewicz",
    "Cyrillic": "Александра Йорданова",
    "Greek": "Γεώργιος Παπαδόπουλος",
    "Arabic": "عبد الرحمن الأنصاري",
    "Hebrew": "יהונתן אברמוביץ",
    "Devanagari": "प्रिया चतुर्वेदी",
    "Tamil": "கார்த்திகேயன் சுப்ரமணியம்",
    "Han": "歐陽 建國",
    "Hangul": "김 민준",
    "Ethiopic": "አበበ በቀለማወት",
}  # fmt: skip
TITLES = ("", "Ms ", "Mr. ", "Dr ", "Professor ", "Sir ", "Rev. ", "Cllr ")
MARKS = ("\u200e", "\u200f", "\u202b", "\u2067", "\ufeff", "\u200d")
NOTES = ("", " (my manager)", " [HQ]", " - she runs the desk", ", our boss", " (she/her)")


@st.composite
def spellings(draw: st.DrawFn, name: str) -> str:
    """The name as a person could type it, with at most one wrong letter in a longer word."""
    parts = [name.replace("'", draw(st.sampled_from("'\u2019\u2018ʼ\u00b4`\uff07")))]
    parts = parts[0].replace("-", draw(st.sampled_from("-\u2010\u2011\u2013 "))).split()
    wrong = draw(st.integers(-1, len(parts) - 1))
    if wrong >= 0 and len(parts[wrong]) >= 6 and parts[wrong].isalpha():
        parts[wrong] = draw(mistyped(parts[wrong]))
    comma = draw(st.sampled_from(["", ","])) if draw(st.booleans()) else None
    if comma is not None:
        parts = [parts[-1] + comma, *parts[:-1]]
    text = draw(st.sampled_from([" ", "  ", "\u00a0", "\u2003", "\t"])).join(parts)
    case = draw(st.sampled_from(["as it is", "upper", "lower", "title"]))
    text = {"upper": text.upper(), "lower": text.lower(), "title": text.title()}.get(case, text)
    text = "".join([text, draw(st.sampled_from(["", *MARKS]))])
    text = draw(st.sampled_from(["", *MARKS])) + draw(st.sampled_from(TITLES)) + text
    return text + draw(st.sampled_from(NOTES))


@st.composite
def mistyped(draw: st.DrawFn, word: str) -> str:
    """The word with a letter too many, too few, or two letters that changed places."""
    at = draw(st.integers(1, len(word) - 2))
    kind = draw(st.sampled_from(["double", "drop", "swap"]))
    if kind == "double":
        return word[:at] + word[at] + word[at:]
    if kind == "drop":
        return word[:at] + word[at + 1 :]
    return word[:at] + word[at + 1] + word[at] + word[at + 2 :]


@pytest.mark.slow
@pytest.mark.parametrize("script", SCRIPTS)
def test_the_person_named_never_reads_in_whatever_spelling(staff: Staff, script: str) -> None:
    rename(staff["triage1"], SCRIPTS[script])
    rename(staff["triage2"], "Owen Griffiths")

    @settings(max_examples=40, deadline=None)
    @drawn(spellings(SCRIPTS[script]), st.sampled_from(["about", "decided", "exclude"]))
    def never_reads(typed: str, field: str) -> None:
        answers: dict[str, Any] = {**cases.ACCOUNT, "about": "", "region": "NORTH", field: typed}
        able = {p.username for p in submission.preview_anonymous(answers, now=START)}
        assert able == {"triage2"}, typed

    never_reads()


@pytest.mark.slow
@pytest.mark.parametrize("script", SCRIPTS)
def test_no_account_of_the_person_and_no_former_manager_reads_in_whatever_spelling(
    staff: Staff, script: str
) -> None:
    """The person named has left; triage1 is their other account, and triage2 managed them once."""
    rename(staff["staff1"], SCRIPTS[script])
    rename(staff["triage1"], "Clare Whitfield")
    rename(staff["triage2"], "Owen Griffiths")
    User.objects.filter(pk=staff["staff1"].pk).update(is_active=False)
    User.objects.filter(pk=staff["independent1"].pk).update(unit=staff["decider1"].unit)
    call_command("link_accounts", "staff1", "triage1", stdout=StringIO())
    LineManagement.objects.create(
        person=staff["staff1"],
        manager=staff["triage2"],
        from_date=date(2015, 1, 1),
        to_date=date(2019, 1, 1),
    )

    @settings(max_examples=15, deadline=None)
    @drawn(spellings(SCRIPTS[script]))
    def never_reads(typed: str) -> None:
        answers: dict[str, Any] = {**cases.ACCOUNT, "about": typed, "region": "NORTH"}
        able = {p.username for p in submission.preview_anonymous(answers, now=START)}
        assert not able & {"staff1", "triage1", "triage2"}, typed

    never_reads()


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
