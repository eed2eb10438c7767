"""What HR, the lawyers and the survey of all staff count (issue 17 C)."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from grievances.people.models import Unit, User
from grievances.reports import catalogue, snapshots
from grievances.reports.builders import Due, Run
from grievances.reports.contents.repeated import UNITS_AGAIN
from grievances.reports.disclosure.protected import HIDDEN, Shown
from grievances.reports.fact_models import (
    ClimateCount,
    ClimateItem,
    FrequentUnit,
    OutsideCount,
    StaffCount,
    StaffGroupCount,
)
from grievances.reports.layout.document import Document, Section
from grievances.reports.periods import read_period
from grievances.vocabulary import Region
from tests.reports.report_factory import YEAR, Concern, figure, store

NOW = datetime.fromisoformat("2023-06-01T09:00:00+00:00")
DAY = date(2022, 5, 3)
PEOPLE = "year,what,ethnic_group,people\n"
ANSWERS = "year,item,unit,answered,agreed\n"
WHITE, BLACK = "White", "Black, Black British, Caribbean or African"


def made(name: str, period: str = YEAR.name) -> Document:
    run = Run(NOW)
    run.make([Due(catalogue.REPORTS[name], read_period(period))])
    return run.made[snapshots.INTERNAL, period][name]


def section(document: Document, key: str) -> Section:
    return next(found for found in document.sections if found.key == key)


def load(folder: Path, text: str) -> None:
    file = folder / "counts.csv"
    file.write_text(text, encoding="utf-8")
    call_command("load_outside_counts", file, verbosity=0)


def staff_of(groups: dict[str, int]) -> None:
    StaffGroupCount.objects.bulk_create(
        StaffGroupCount(quarter=quarter.name, group=group, staff=staff)
        for quarter in YEAR.quarters()
        for group, staff in groups.items()
    )


@pytest.fixture
def organisation(policies: None) -> None:
    store([Concern(DAY) for _ in range(40)])


@pytest.mark.usefixtures("organisation")
class TestRespondents:
    def test_each_group_has_its_rate_and_its_relative_likelihood(self, tmp_path: Path) -> None:
        staff_of({"WHITE": 10_000, "BLACK": 2_000})
        rows = ("WHITE,50", "BLACK,40")
        load(tmp_path, PEOPLE + "".join(f"2022-23,FORMAL,{row}\n" for row in rows))
        found = made("fairness")
        rate = figure(found, BLACK, "respondents-formal")
        assert (rate.part, rate.staff, rate.tenths) == (Shown(40), 2_000, Shown(200))
        likelihood = figure(found, f"{BLACK}, compared with {WHITE}", "respondents-formal")
        assert likelihood.ratio == Shown(400)
        assert likelihood.level == 998

    def test_sanctions_are_of_those_with_a_formal_process(self, tmp_path: Path) -> None:
        rows = ("FORMAL,WHITE,60", "SANCTION,WHITE,30", "FORMAL,BLACK,40", "SANCTION,BLACK,30")
        load(tmp_path, PEOPLE + "".join(f"2022-23,{row}\n" for row in rows))
        found = made("fairness")
        share = figure(found, BLACK, "respondents-sanction")
        assert (share.part, share.whole, share.percent) == (Shown(30), Shown(40), Shown(75))
        compared = figure(found, f"{BLACK}, compared with {WHITE}", "respondents-sanction")
        assert compared.ratio == Shown(150)

    def test_a_small_number_is_hidden_and_so_is_what_would_tell_it(self, tmp_path: Path) -> None:
        staff_of({"WHITE": 10_000, "BLACK": 2_000})
        rows = ("FORMAL,WHITE,60", "FORMAL,BLACK,3", "SANCTION,WHITE,30", "SANCTION,BLACK,2")
        load(tmp_path, PEOPLE + "".join(f"2022-23,{row}\n" for row in rows))
        found = made("fairness")
        assert figure(found, BLACK, "respondents-formal").part == HIDDEN
        shown = [
            figure(found, label, "respondents-formal").part != HIDDEN
            for label in (WHITE, "Mixed or multiple ethnic groups")
        ]
        whole = figure(found, "Everyone", "respondents-sanction").whole
        assert not all(shown) or whole == HIDDEN

    def test_without_numbers_the_page_says_so(self) -> None:
        staff_of({"WHITE": 10_000})
        found = made("fairness")
        for key in ("respondents-formal", "respondents-sanction"):
            assert "There are no such numbers" in section(found, key).note
        quarter = made("fairness", "2022-23-Q1")
        assert "whole years" in section(quarter, "respondents-formal").note


@pytest.mark.usefixtures("organisation")
def test_claims_say_how_many_were_settled(tmp_path: Path) -> None:
    load(tmp_path, PEOPLE + "2022-23,CLAIM,,40\n2022-23,SETTLEMENT,,15\n")
    table = figure(made("actions"), "What became of the claim")
    assert [*map(str, table.row_totals), str(table.total)] == ["15", "25", "40"]


@pytest.mark.usefixtures("organisation")
class TestClimate:
    def test_it_is_a_share_for_each_unit_and_everywhere(self, tmp_path: Path) -> None:
        rows = "2022-23,DISCRIMINATED,Leeds,400,40\n2022-23,DISCRIMINATED,Hull,200,50\n"
        load(tmp_path, ANSWERS + rows)
        found = made("climate")
        words = ClimateItem.DISCRIMINATED.label
        assert figure(found, words).percent == Shown(15)
        assert figure(found, "Hull").percent == Shown(25)
        assert found.lead == f"{words}: 15% of about 600."
        assert found.threshold == 10

    def test_a_small_unit_is_hidden_with_another(self, tmp_path: Path) -> None:
        units = {"Leeds": (400, 40), "Hull": (200, 50), "York": (60, 4)}
        rows = [f"2022-23,DISCRIMINATED,{u},{n},{x}\n" for u, (n, x) in units.items()]
        load(tmp_path, ANSWERS + "".join(rows))
        found = made("climate")
        hidden = [unit for unit in units if figure(found, unit).part == HIDDEN]
        whole = figure(found, ClimateItem.DISCRIMINATED.label)
        assert "York" in hidden
        assert len(hidden) > 1 or whole.part == HIDDEN

    @pytest.mark.parametrize(
        ("missing", "items", "words"),
        [(1, 0, "None of these numbers can be shown"), (4, 1, "for everywhere alone")],
    )
    def test_what_a_few_did_not_answer_is_given_without_units_or_not_at_all(
        self, tmp_path: Path, missing: int, items: int, words: str
    ) -> None:
        """Beside those asked, each unit's answers would tell who did not answer."""
        said = {"Leeds": (2_000, 180), "Hull": (2_200, 200), "York": (1_900, 170)}
        rows = [f"2022-23,DISCRIMINATED,{u},{n},{x}\n" for u, (n, x) in said.items()]
        rows += [f"2022-23,REPORTED,{u},{x - missing},{x // 2}\n" for u, (_, x) in said.items()]
        load(tmp_path, ANSWERS + "".join(rows))
        found = made("climate")
        assert figure(found, ClimateItem.DISCRIMINATED.label).percent == Shown(9)
        reported = section(found, "climate-reported")
        assert len(reported.items) == items
        assert words in reported.note

    def test_its_certificate_is_about_ten_answers(self, tmp_path: Path) -> None:
        """Seven are as small as three where nothing under ten is shown."""
        units = {"Leeds": (400, 40), "Hull": (200, 50), "York": (60, 7)}
        rows = [f"2022-23,DISCRIMINATED,{u},{n},{x}\n" for u, (n, x) in units.items()]
        load(tmp_path, ANSWERS + "".join(rows))
        certificate = made("climate").certificate
        assert certificate is not None
        assert (certificate.enough, certificate.narrowest) == (10, 10)

    def test_the_survey_is_a_denominator_of_those_who_raise_a_concern(self, tmp_path: Path) -> None:
        StaffCount.objects.bulk_create(
            StaffCount(quarter=quarter.name, region=region, staff=1_000)
            for quarter in YEAR.quarters()
            for region in Region.values
        )
        load(tmp_path, ANSWERS + "2022-23,DISCRIMINATED,Leeds,1000,100\n")
        rate = figure(made("climate"), "Everywhere", "said-and-raised")
        assert (rate.part, rate.staff, rate.tenths) == (Shown(40), 500, Shown(80))

    def test_without_answers_the_page_says_so(self) -> None:
        notes = {each.note for each in made("climate").sections}
        assert len(notes) == 1
        assert "There are no such numbers" in notes.pop()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (PEOPLE + "2022-23,FORMAL,WHITE,3\n2022-23,SANCTION,WHITE,4\n", "more sanctions"),
        (PEOPLE + "2022-23,SETTLEMENT,,1\n", "more settlements"),
        (PEOPLE + "2022-23-Q1,CLAIM,,1\n", "no year"),
        (PEOPLE + "2022-23,CLAIM,,-1\n", "line 2: no whole number of people: -1"),
        (PEOPLE + "2022-23,CLAIM,PURPLE,1\n", "no ethnic group"),
        (PEOPLE + "2022-23,CLAIMS,,1\n", "CLAIMS is none of FORMAL, SANCTION"),
        (PEOPLE + "2022-23,CLAIM,,1,234\n", "line 2 has more cells"),
        (PEOPLE + "2022-23,CLAIM,,1.5\n", "no whole number"),
        (PEOPLE + "2022-23,CLAIM,,9\n2022-23,claim,,9\n", "has two lines"),
        ("what,people\nCLAIM,1\n", "no column year"),
        (ANSWERS + "2022-23,HARASSED,Total,10,1\n", "is a sum"),
        (ANSWERS + "2022-23,HARASSED,Leeds,10,1\n2022-23,HARASSED,LEEDS,10,1\n", "two lines"),
        (ANSWERS + "2022-23,HARASSED,Leeds,10,11\n", "more agreed"),
        (ANSWERS + "2022-23,HARASSED,,10,1\n", "a unit has a name"),
        (
            ANSWERS + "2022-23,DISCRIMINATED,Leeds,99,9\n2022-23,REPORTED,Leeds,10,1\n",
            "more answered",
        ),
    ],
)
@pytest.mark.django_db
def test_a_file_with_a_wrong_row_loads_nothing(tmp_path: Path, text: str, words: str) -> None:
    with pytest.raises(CommandError, match=words):
        load(tmp_path, text)
    assert not OutsideCount.objects.exists()
    assert not ClimateCount.objects.exists()


@pytest.mark.parametrize("encoding", ["utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.django_db
def test_a_file_is_read_as_a_spreadsheet_saves_it(tmp_path: Path, encoding: str) -> None:
    lines = ("Year;What;Ethnic group;People", "2022/23;Formal; White ;1,234", "", ";;;")
    file = tmp_path / "counts.csv"
    file.write_bytes("\r\n".join((*lines, "2022-23;FORMAL;;7.0")).encode(encoding))
    call_command("load_outside_counts", file, verbosity=0)
    found = OutsideCount.objects.order_by("group").values_list("year", "group", "people")
    assert [*found] == [("2022-23", "", 7), ("2022-23", "WHITE", 1234)]


@pytest.mark.django_db
def test_a_corrected_file_takes_the_place_of_the_first(tmp_path: Path) -> None:
    """A unit that was renamed, or groups that were given since, would count twice."""
    load(tmp_path, PEOPLE + "2022-23,CLAIM,,40\n2022-23,FORMAL,WHITE,9\n")
    load(tmp_path, PEOPLE + "2022-23,CLAIM,WHITE,20\n2022-23,CLAIM,BLACK,20\n")
    found = OutsideCount.objects.order_by("what", "group").values_list("what", "group", "people")
    assert [*found] == [("CLAIM", "BLACK", 20), ("CLAIM", "WHITE", 20), ("FORMAL", "WHITE", 9)]
    load(tmp_path, ANSWERS + "2022-23,HARASSED,Leads,100,10\n2021-22,HARASSED,Leads,90,9\n")
    load(tmp_path, ANSWERS + "2022-23,HARASSED,Leeds,100,10\n")
    units = ClimateCount.objects.order_by("year").values_list("year", "unit")
    assert [*units] == [("2021-22", "Leads"), ("2022-23", "Leeds")]


@pytest.mark.usefixtures("organisation")
class TestUnitsNamedAgain:
    def store(self, units: int, concerns: int = 3) -> None:
        for number in range(units):
            unit = Unit.objects.create(code=f"U{number}", name=f"U{number}", region="NORTH")
            people = [
                User.objects.create(username=f"r{number}-{n}", name="R", unit=unit)
                for n in range(concerns)
            ]
            store([Concern(DAY, account=person.pk) for person in people])

    @pytest.mark.parametrize(("units", "shown"), [(0, "0"), (4, "*"), (10, "10")])
    def test_it_counts_units_whose_people_are_named(self, units: int, shown: str) -> None:
        self.store(units)
        assert str(figure(made("volumes"), UNITS_AGAIN).figure) == shown

    def test_two_concerns_are_not_several_and_nothing_stays(self) -> None:
        self.store(12, concerns=2)
        assert figure(made("volumes"), UNITS_AGAIN).figure == Shown(0)
        self.store_more()
        assert not FrequentUnit.objects.exists()

    def store_more(self) -> None:
        unit = Unit.objects.create(code="MORE", name="MORE", region="NORTH")
        person = User.objects.create(username="more", name="R", unit=unit)
        store([Concern(DAY, account=person.pk) for _ in range(5)])
        made("backlog")
