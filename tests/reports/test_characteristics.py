"""Outcomes by sex, age, religion and disability, and by two together (domain.md 7, 9)."""

from __future__ import annotations

from datetime import UTC, date, datetime
from itertools import product

import pytest
from django.db import connection, transaction

from grievances.monitoring import answers
from grievances.monitoring.codes import MAJORITY, MINORITY
from grievances.reports import catalogue, facts
from grievances.reports.builders import Due, Run
from grievances.reports.disclosure.protected import ProtectedShare, Shown
from grievances.reports.fact_models import CaseFact, Ending
from grievances.reports.facts import CHARACTERISTIC_OF
from grievances.reports.layout.document import Document, Section
from grievances.reports.periods import read_period
from tests.reports.report_factory import Concern, figure, store

DAY, ENDED = date(2022, 5, 3), date(2022, 9, 1)
RELIGIONS = ["CHRISTIAN"] * 40 + ["MUSLIM"] * 35 + ["NONE"] * 20 + ["SIKH"] * 5


@pytest.fixture
def fairness(policies: None) -> Document:
    """A hundred decided concerns: 25 of each of two ethnic groups and two sexes."""
    kinds = list(product(("W1", "A1"), ("FEMALE", "MALE"))) * 25
    for number, (group, sex) in enumerate(kinds):
        ending = Ending.UPHELD if number % 8 < 3 else Ending.NOT_UPHELD
        (case,) = store([Concern(DAY, ENDED, ending)])
        said = {"ethnic_group": group, "sex": sex, "religion": RELIGIONS[number]}
        said |= {"age": "25_34" if number % 2 else "35_44"} if number < 55 else {}
        said |= {"disability": "YES" if number < 12 else "NO"}
        answers.keep(case, said, {}, ENDED)
    run = Run(datetime(2023, 6, 1, 9, tzinfo=UTC))
    run.make([Due(catalogue.FAIRNESS, read_period("2022-23"))])
    return run.made["internal", "2022-23"]["fairness"]


def section(document: Document, key: str) -> Section:
    return next(one for one in document.sections if one.key == key)


def test_they_are_compared_by_the_rules_of_the_ethnic_groups(fairness: Document) -> None:
    women = figure(fairness, "Female", "fair-sex")
    assert isinstance(women, ProtectedShare)
    assert women.whole == Shown(50)
    names = [item.label for item in section(fairness, "fair-sex").items]
    assert names == ["Female", "Male", "Female, compared with Male"]
    # Five Sikhs are too few, so the next smallest group joins them.
    religions = section(fairness, "fair-religion").items
    assert [item.label for item in religions[:3]] == ["Christian", "Muslim", "All others together"]
    # 55 of 100 said their age, and 12 are disabled: neither is shown, and the page says why.
    for key in ("fair-age-band", "fair-disability"):
        found = section(fairness, key)
        assert not found.items
        assert "That is no finding that all is well." in found.note


def test_two_of_them_together(fairness: Document) -> None:
    found = section(fairness, "fair-together")
    names = [f"{broad}, {sex}" for broad in (MINORITY, MAJORITY) for sex in ("female", "male")]
    assert [item.label for item in found.items[:4]] == names
    assert all(item.figure.whole == Shown(25) for item in found.items[:4])  # type: ignore[union-attr]
    assert f"{MINORITY}, female, compared with {MAJORITY}, male" in found.items[4].label
    assert "99.8%" in found.note


def test_no_answer_stays_beside_a_concern(fairness: Document) -> None:
    columns = CaseFact.objects.values_list(*CHARACTERISTIC_OF)
    assert set(columns) == {("",) * len(CHARACTERISTIC_OF)}


@pytest.mark.django_db
def test_only_a_copy_that_no_other_session_sees_has_them_unsealed(policies: None) -> None:
    (case,) = store([Concern(DAY, ENDED, Ending.UPHELD)])
    answers.keep(case, {"ethnic_group": "A1", "sex": "FEMALE"}, {}, ENDED)
    facts.rebuild(date(2023, 6, 1))
    schema = "main" if connection.vendor == "sqlite" else "public"
    with transaction.atomic(), facts.characteristics():
        assert CaseFact.objects.get().sex == "FEMALE"
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT sex, ethnic_group FROM {schema}.{facts.FACTS}")  # noqa: S608
            assert cursor.fetchall() == [("", "")]
    assert CaseFact.objects.get().sex == ""
