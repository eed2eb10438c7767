"""What a change of the table of regions would do is said before it is taken for granted."""

from __future__ import annotations

from io import StringIO

import pytest
from django.core.management import call_command
from django.test import override_settings

from config.regions import SHIPPED, RegionRow
from grievances.people.models import Unit
from grievances.staff_directory import region_table
from grievances.staff_directory.models import KnownRegion
from tests.factories import cases
from tests.factories.people import Staff

NORTH, *OTHERS = SHIPPED


def said(*regions: RegionRow, accept: bool = False) -> str:
    out = StringIO()
    with override_settings(REGIONS=(*regions, *OTHERS)):
        call_command("setup", accept_regions=accept, stdout=out)
    return "\n".join(line for line in out.getvalue().splitlines() if line.startswith("!"))


@pytest.fixture
def known(staff: Staff) -> Staff:
    Unit.objects.update(region="NORTH")
    region_table.remember_new()
    return staff


def test_a_table_that_changed_nothing_says_nothing(known: Staff) -> None:
    assert said(NORTH) == ""
    assert said(NORTH, RegionRow("ALBA", "Alba", "SCT")) == "", "a new region changes no other"
    assert said(NORTH._replace(ended=True)) == ""


def test_another_division_says_what_stays_and_what_new_ones_get(known: Staff) -> None:
    cases.raised(known)
    sentence = said(NORTH._replace(division="SCT"))
    units = Unit.objects.count()
    assert "puts NORTH in Scotland; it was in England and Wales" in sentence
    assert f"{units} units" in sentence
    assert "fewer than 10 open concerns" in sentence
    assert "1 open" not in sentence, "an operator does not learn how many"
    assert "Give Division in the next staff file" in sentence
    assert said(NORTH) == "", "and nothing was changed by saying so"


def test_a_code_that_is_used_again_for_another_place_is_told(known: Staff) -> None:
    assert "calls NORTH Alba; it was North" in said(NORTH._replace(name="Alba"))
    assert said(NORTH._replace(name="Alba", division="SCT")).count("!") == 2


def test_a_code_that_vanished_is_told_while_rows_have_it(known: Staff) -> None:
    assert "lacks NORTH (North)" in said()
    assert "with ended yes" in said()
    Unit.objects.update(region="SOUTH")
    assert said() == ""


def test_what_was_accepted_is_said_no_more(known: Staff) -> None:
    changed = NORTH._replace(division="SCT")
    assert said(changed) != ""
    assert said(changed, accept=True) == ""
    assert said(changed) == ""
    assert KnownRegion.objects.get(code="NORTH").division == "SCT"


@pytest.mark.django_db
def test_the_command_of_every_upgrade_remembers_the_regions() -> None:
    call_command("load_policy", stdout=StringIO())
    assert KnownRegion.objects.count() == len(SHIPPED)
