"""The facts that reports count: made by the database, as of one day, from what happened."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import pytest
from django.db.models import Value

from grievances.cases.models.deadlines import HoldPeriod
from grievances.intake import drafts
from grievances.reports import facts
from grievances.reports.contents.sources import promises
from grievances.reports.counting import ALL, Population, tabulate, tally
from grievances.reports.disclosure.audience import INTERNAL
from grievances.reports.disclosure.registry import Registry
from grievances.reports.disclosure.release import ReleaseGate
from grievances.reports.fact_models import CaseFact, Ending, FrequentRespondent
from grievances.reports.layout.sections import ReportContext
from grievances.reports.periods import (
    Length,
    Period,
    ended,
    quarter_of,
    read_period,
    year_of,
    years_of,
)
from tests.factories import cases
from tests.factories.people import Staff
from tests.reports.report_factory import MARCH, YEAR, Concern, count_to, owe, store

TODAY = date(2026, 12, 31)


def desk(period: Period = YEAR) -> ReportContext:
    """A desk for counting alone."""
    gate = ReleaseGate(Registry("internal"), INTERNAL, "x", period, 1, period.last)
    return ReportContext(gate, period, period.last, lambda name, length: [], {})


class TestPeriods:
    @pytest.mark.parametrize("day", [date(2022, 4, 1), date(2023, 3, 31), date(2022, 12, 25)])
    def test_the_year_begins_in_april(self, day: date) -> None:
        assert year_of(day).name == "2022-23"

    def test_its_quarters_and_months_cover_it_without_a_gap(self) -> None:
        for length in (Length.QUARTER, Length.MONTH):
            parts = YEAR.parts(length)
            assert (parts[0].first, parts[-1].last) == (YEAR.first, YEAR.last)
            assert all(a.last + timedelta(1) == b.first for a, b in pairwise(parts))
        assert quarter_of(date(2023, 1, 1)).name == "2022-23-Q4"
        assert [m.name[-3:] for m in quarter_of(MARCH).parts(Length.MONTH)] == ["M10", "M11", "M12"]

    def test_every_period_reads_back_and_has_its_parent(self) -> None:
        for length in Length:
            for period in YEAR.parts(length):
                assert read_period(period.name) == period
                assert period.parent().covers(period)

    def test_the_turn_of_a_century_reads(self) -> None:
        assert read_period("2098-99").last == date(2099, 3, 31)

    @pytest.mark.parametrize(
        "name", ["2022-24", "2022", "2022-23-Q5", "2022-23-M13", "", "2022-23'--", "all"]
    )
    def test_an_unregistered_one_is_refused(self, name: str) -> None:
        with pytest.raises(ValueError, match="no period"):
            read_period(name)

    def test_what_has_ended_comes_shortest_first(self) -> None:
        found = [period.name for period in ended(date(2022, 4, 9), date(2022, 7, 1))]
        assert found == ["2022-23-M01", "2022-23-M02", "2022-23-M03", "2022-23-Q1"]

    def test_years_are_those_in_which_something_happened(self) -> None:
        days = [date(2024, 5, 1), date(2022, 3, 31), date(2024, 4, 1)]
        assert [year.name for year in years_of(days)] == ["2021-22", "2024-25"]


class TestFacts:
    def test_a_decided_case_ends_with_its_decision(self, staff: Staff) -> None:
        cases.closed(staff, finding="PARTLY")
        count_to(TODAY)
        fact = CaseFact.objects.get()
        assert (fact.ending, fact.ended_on) == (Ending.PARTLY, date(2026, 11, 21))
        assert fact.received_on == date(2026, 11, 21)

    def test_what_comes_later_has_not_happened(self, staff: Staff) -> None:
        store([Concern(date(2022, 5, 2), date(2022, 7, 1), Ending.WITHDRAWN)])
        store([Concern(date(2022, 8, 1))])
        count_to(date(2022, 6, 30))
        fact = CaseFact.objects.get()
        assert (fact.ending, fact.ended_on, fact.close_reason) == (Ending.OPEN, None, "")

    def test_a_draft_is_no_concern_yet(self, staff: Staff) -> None:
        drafts.open_draft(staff["complainant1"], staff.caller("complainant1"), now=cases.START)
        count_to(TODAY)
        assert not CaseFact.objects.exists()

    def test_two_concerns_of_one_person_are_one_person(self, staff: Staff) -> None:
        cases.raised(staff)
        cases.raised(staff, about="staff1")
        cases.raised(staff, "complainant2")
        count_to(TODAY)
        first, second, other = CaseFact.objects.order_by("pk").values_list("person", flat=True)
        assert first == second != other

    def test_a_number_stays_when_other_people_come_and_go(self, policies: None) -> None:
        store([Concern(date(2022, 5, 2), person="a")])
        count_to(MARCH)
        before = CaseFact.objects.get().person
        store([Concern(date(2022, 6, 2), person="b"), Concern(date(2022, 6, 2), person="a")])
        count_to(MARCH)
        numbers = list(CaseFact.objects.order_by("pk").values_list("person", flat=True))
        assert numbers == [before, before + 1, before]

    def test_between_reports_no_two_concerns_are_of_one_person(self, policies: None) -> None:
        store(Concern(date(2022, 5, 2), person="a", about="b") for _ in range(4))
        count_to(MARCH)
        assert len(set(CaseFact.objects.values_list("person", flat=True))) == 1
        assert FrequentRespondent.objects.count() == 4
        facts.forget_people()
        assert len(set(CaseFact.objects.values_list("person", flat=True))) == 4
        assert not FrequentRespondent.objects.exists()

    def test_a_joined_duplicate_is_left_out(self, staff: Staff) -> None:
        store([Concern(MARCH, rest={"close_reason": "duplicate_merged"})])
        count_to(MARCH)
        assert not CaseFact.objects.exists()

    def test_time_on_hold_is_taken_off_the_net_days_only(self, staff: Staff) -> None:
        cases.held(staff)
        count_to(date(2026, 12, 4))
        fact = CaseFact.objects.get()
        # Received and held on Saturday 21 November; ten working days later nothing has run.
        assert (fact.gross_days, fact.net_days) == (10, 0)
        assert fact.hold_reason

    def test_a_hold_that_ended_takes_off_only_its_own_days(self, policies: None) -> None:
        [case] = store([Concern(date(2026, 11, 21))])
        held = date(2026, 11, 24), date(2026, 11, 27)
        HoldPeriod.objects.create(case=case, reason="C_SICK", from_on=held[0], until_on=held[1])
        count_to(date(2026, 12, 4))
        fact = CaseFact.objects.get()
        assert (fact.net_days, fact.hold_reason) == (7, "")

    def test_only_who_is_reported_often_can_dominate(self, policies: None) -> None:
        store([Concern(MARCH, about="x") for _ in range(3)])
        store([Concern(MARCH, about="y") for _ in range(2)])
        count_to(MARCH)
        assert FrequentRespondent.objects.count() == 3


class TestPromises:
    def names(self) -> set[str]:
        rows = promises(desk(year_of(date(2026, 11, 21))), "current_due").rows
        return set(rows.values_list("name", flat=True))

    def test_a_decided_case_kept_its_promises(self, staff: Staff) -> None:
        cases.decided(staff)
        count_to(TODAY)
        counted = {"OVERALL", "ACK", "TRIAGE", "ALLOCATION", "INVESTIGATION", "DECISION"}
        assert self.names() == {*counted, "MEETING", "UPDATE"}

    def test_a_withdrawal_keeps_no_promise(self, staff: Staff) -> None:
        case = cases.acknowledged(staff)
        count_to(TODAY)
        before = self.names()
        rows = type(case).unguarded.filter(pk=case.pk)
        rows.update(close_reason="withdrawn", closed_on=date(2026, 11, 23), state="CLOSED")
        case.deadlines.filter(name="OVERALL").update(completed_on=date(2026, 11, 23))
        count_to(TODAY)
        assert before - self.names() == {"OVERALL"}


class TestCounting:
    def test_margins_count_a_person_once(self, policies: None) -> None:
        store([Concern(MARCH, person="a", rest={"region": r}) for r in ("NORTH", "NORTH", "WALES")])
        store([Concern(MARCH, person="b", rest={"region": "WALES"})])
        count_to(MARCH)
        counted = tally(Population(CaseFact.objects.all()), "region", Value("x"))
        north, wales, total = counted.at("NORTH"), counted.at("WALES"), counted.at()
        assert (north.cases, north.persons, north.largest_complainant) == (2, 1, 2)
        assert (wales.cases, wales.persons) == (2, 2)
        assert (total.cases, total.persons, total.largest_complainant) == (4, 2, 3)
        assert counted.who(ALL, ALL) == counted.who("WALES", "x")

    def test_the_most_reported_person_of_a_place_is_found(self, policies: None) -> None:
        store([Concern(MARCH, about="x") for _ in range(4)])
        store([Concern(MARCH) for _ in range(2)])
        count_to(MARCH)
        counted = tally(Population(CaseFact.objects.all()), "region", Value("x"))
        assert counted.at("NORTH").largest_respondent == 4

    def test_a_code_without_a_label_is_no_silent_gap(self, policies: None) -> None:
        store([Concern(MARCH, rest={"region": "WALES"})])
        count_to(MARCH)
        counted = tally(Population(CaseFact.objects.all()), "region", Value(""))
        with pytest.raises(ValueError, match="do not add up"):
            tabulate(counted, {"NORTH": "North"})

    def test_no_one_is_nothing(self, policies: None) -> None:
        counted = tally(Population(CaseFact.objects.none()), "region", Value(""))
        assert counted.at().cases == 0

    def test_a_table_asks_few_questions_however_many_cases(
        self, policies: None, django_assert_num_queries: object
    ) -> None:
        store([Concern(MARCH) for _ in range(50)])
        count_to(MARCH)
        with django_assert_num_queries(2):  # type: ignore[operator]
            tally(Population(CaseFact.objects.all()), "region", "route")

    def test_paused_and_late_clocks(self, policies: None) -> None:
        due = date(2022, 5, 4)
        several = store([Concern(date(2022, 5, 2)) for _ in range(3)])
        owe(several[0], due, due)
        owe(several[1], due, None, paused_on=due)
        owe(several[2], due, None)
        count_to(MARCH)
        assert promises(desk(), "current_due").rows.count() == 2
