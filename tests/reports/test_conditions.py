"""Conditions are sets: the same people are one figure, however the question is written."""

from __future__ import annotations

from datetime import date

import pytest
from django.db.models import Case as Choose
from django.db.models import CharField, F, Q, Value, When
from django.db.models.functions import Coalesce, Lower

from grievances.reports.conditions import (
    UndescribedError,
    describe,
    describe_column,
    merged,
    months,
)
from grievances.reports.counting import VALUES, Population
from grievances.reports.disclosure.tables import Box
from grievances.reports.fact_models import CaseFact, Ending
from grievances.reports.layout.sections import yes

UPHELD, PARTLY, OPEN = Ending.UPHELD.value, Ending.PARTLY.value, Ending.OPEN.value


def box(asked: Q) -> Box:
    return merged(describe(asked, VALUES, CaseFact))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (Q(ending=UPHELD) | Q(ending=PARTLY), Q(ending__in=(PARTLY, UPHELD))),
        (~(Q(ending=UPHELD) | Q(ending=PARTLY)), ~Q(ending=UPHELD) & ~Q(ending=PARTLY)),
        (~~Q(ending=UPHELD), Q(ending=UPHELD)),
        (Q(ending__in=(UPHELD, OPEN)) & ~Q(ending=OPEN), Q(ending=UPHELD)),
        (~Q(ethnic_group=""), Q(ethnic_group__in=sorted(VALUES["ethnic_group"] - {""}))),
        (
            Q(received_on__range=(date(2022, 4, 1), date(2022, 6, 30))),
            Q(received_on__range=(date(2022, 1, 1), date(2022, 6, 30)))
            & Q(received_on__range=(date(2022, 4, 1), date(2022, 12, 31))),
        ),
        (Q(region="NORTH") | Q(ending=OPEN), Q(ending=OPEN) | Q(region="NORTH")),
        (Q(appealed_on__isnull=False), ~Q(appealed_on__isnull=True)),
    ],
)
def test_two_ways_to_ask_are_one_set(one: Q, other: Q) -> None:
    assert box(one) == box(other)


def test_the_sides_of_a_share_are_a_set_and_what_it_leaves() -> None:
    side = yes(Q(ending=UPHELD) | Q(ending=PARTLY))
    inside, outside = (dict(describe_column(side, c, VALUES, CaseFact)) for c in ("yes", "no"))
    assert inside["ending"] | outside["ending"] >= set(Ending.values)
    assert not inside["ending"] & outside["ending"]


def test_groups_of_codes_are_known_by_their_codes() -> None:
    groups = Choose(
        When(ethnic_group__in=("A1", "A2"), then=Value("Asian")),
        When(ethnic_group__in=("A2", "B1"), then=Value("Black")),
        default=Value(""),
        output_field=CharField(),
    )
    assert describe_column(groups, "Black", VALUES, CaseFact) == [
        ("ethnic_group", frozenset({"B1"}))
    ]


@pytest.mark.parametrize("asked", [Q(region__startswith="N"), Q(tag__in=CaseFact.objects.all())])
def test_what_is_no_set_is_refused(asked: Q) -> None:
    with pytest.raises(UndescribedError, match="cannot be described"):
        Population(CaseFact.objects.all()).within(asked)
    with pytest.raises(UndescribedError):
        describe_column(yes(asked), "yes", VALUES, CaseFact)


def test_a_column_that_is_no_set_is_refused() -> None:
    with pytest.raises(UndescribedError):
        describe_column(Lower("region"), "north", VALUES, CaseFact)


def test_a_part_of_a_month_is_refused() -> None:
    with pytest.raises(UndescribedError):
        months(date(2022, 4, 2), date(2022, 6, 30))
    with pytest.raises(UndescribedError):
        months(date(2022, 4, 1), date(2022, 6, 29))


def test_a_field_and_its_filled_form_are_one_column() -> None:
    found = [describe_column(axis, "", VALUES, CaseFact) for axis in (F("tag"), "tag")]
    found.append(describe_column(Coalesce("tag", Value("")), "", VALUES, CaseFact))
    assert found[0] == found[1] == found[2]


def test_what_ended_is_the_same_set_as_of_every_day() -> None:
    """Withdrawn of those received is a part of withdrawn of those concluded."""
    quarter = months(date(2022, 4, 1), date(2022, 6, 30))
    received = [("received_on", quarter), ("as of", frozenset({"2022-06"}))]
    gone = dict(merged([*received, ("ending", frozenset({"WITHDRAWN"}))]))
    assert gone["ended_on"] == quarter
    assert "as of" not in gone
    assert "as of" in dict(merged([*received, ("ending", frozenset({"WITHDRAWN", "OPEN"}))]))


def test_a_group_of_two_columns_is_known_by_both() -> None:
    def both(*codes: tuple[str, str]) -> Choose:
        whens = (When(region=r, sex=s, then=Value(f"{r} {s}")) for r, s in codes)
        return Choose(*whens, default=Value(""), output_field=CharField(max_length=20))

    column = both(("NORTH", "FEMALE"), ("NORTH", "MALE"))
    found = dict(describe_column(column, "NORTH MALE", VALUES, CaseFact))
    assert found == {"region": frozenset({"NORTH"}), "sex": frozenset({"MALE"})}
    # A case before it may take some of its rows, so these are not all of the North.
    taken = Choose(
        When(sex="MALE", then=Value("men")),
        When(region="NORTH", then=Value("north")),
        default=Value(""),
    )
    assert "region" not in dict(describe_column(taken, "north", VALUES, CaseFact))
