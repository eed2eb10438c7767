"""Names in many scripts, with titles, marks, notes and mistakes, keep the person out."""

from __future__ import annotations

from datetime import date
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from hypothesis import given as drawn
from hypothesis import settings
from hypothesis import strategies as st

from grievances.intake import submission
from grievances.people.models import LineManagement, User
from tests.access.naming import rename
from tests.factories import cases
from tests.factories.cases import START
from tests.factories.people import Staff

pytestmark = pytest.mark.django_db


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
