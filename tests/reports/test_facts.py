"""What the reports count, against cases walked by hand through the product's own actions."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import pytest

from grievances.actions import concerns
from grievances.models import Invitation, Response
from grievances.reports.catalogue import (
    Period,
    quarter_of,
    read_period,
    year_of,
    years_of,
)
from grievances.reports.facts import (
    AnswerFact,
    CaseFact,
    Ending,
    InvitationFact,
    Who,
    calendars,
    read_answers,
    read_cases,
    read_invitations,
    read_promises,
)
from tests import given
from tests.cast import Cast
from tests.reports.made import MARCH, YEAR


class TestPeriods:
    def test_a_year_runs_from_april_to_march(self) -> None:
        assert year_of(date(2023, 3, 31)) == Period("2022-23", date(2022, 4, 1), MARCH)
        assert year_of(date(2023, 4, 1)).name == "2023-24"

    def test_its_quarters_cover_it_without_a_gap(self) -> None:
        quarters = YEAR.quarters()
        assert [q.name[-2:] for q in quarters] == ["Q1", "Q2", "Q3", "Q4"]
        assert (quarters[0].first, quarters[3].last) == (YEAR.first, YEAR.last)
        assert all(a.last + timedelta(1) == b.first for a, b in pairwise(quarters))
        assert quarter_of(date(2023, 1, 1)).name == "2022-23-Q4"

    def test_the_turn_of_a_century_reads(self) -> None:
        assert read_period("2098-99").last == date(2099, 3, 31)

    @pytest.mark.parametrize("name", ["2022-24", "2022", "2022-23-Q5", "", "2022-23'--", "all"])
    def test_an_unregistered_one_is_refused(self, name: str) -> None:
        with pytest.raises(ValueError, match="no period"):
            read_period(name)

    def test_years_are_those_in_which_something_happened(self) -> None:
        days = [date(2024, 5, 1), date(2022, 3, 31), date(2024, 4, 1)]
        assert [year.name for year in years_of(days)] == ["2021-22", "2024-25"]


class TestFacts:
    def test_a_decided_case_ends_with_its_decision(self, cast: Cast) -> None:
        given.closed(cast, finding="PARTLY")
        [case] = read_cases()
        assert (case.ending, case.ended_on) == (Ending.PARTLY, date(2026, 11, 21))
        assert case.received_on == date(2026, 11, 21)
        assert case.who.person
        assert case.who.person not in case.who.respondents

    def test_a_draft_is_no_concern_yet(self, cast: Cast) -> None:
        from_draft = concerns.open_draft(
            cast["complainant1"], cast.caller("complainant1"), now=given.START
        )
        assert from_draft.received_on is None
        assert read_cases() == []

    def test_two_concerns_of_one_person_are_one_person(self, cast: Cast) -> None:
        given.raised(cast)
        given.raised(cast, about="staff1")
        first, second = read_cases()
        assert first.who.person == second.who.person
        assert first.who.respondents != second.who.respondents

    def test_a_joined_duplicate_is_left_out(self, cast: Cast) -> None:
        case = given.raised(cast)
        type(case).unguarded.filter(pk=case.pk).update(close_reason="duplicate_merged")
        assert read_cases() == []
        assert read_promises() == []

    def test_time_on_hold_is_taken_off_the_net_days_only(self, cast: Cast) -> None:
        given.held(cast)
        [case] = read_cases()
        calendar = calendars([case])[case.division]
        day = date(2026, 12, 4)
        # Received and held on Saturday 21 November; ten working days later nothing has run.
        assert case.gross_days(day, calendar) == 10
        assert case.net_days(day, calendar) == 0

    def test_a_hold_that_ended_takes_off_only_its_own_days(self, cast: Cast) -> None:
        holds = ((date(2026, 11, 24), date(2026, 11, 27)),)
        case = CaseFact(Who("a"), date(2026, 11, 21), None, Ending.OPEN, "FORMAL", "ENG_WLS", holds)
        assert case.net_days(date(2026, 12, 4), calendars([case])["ENG_WLS"]) == 7

    def test_a_decided_case_kept_its_promises(self, cast: Cast) -> None:
        given.decided(cast)
        kept = {promise.name: promise.completed_on for promise in read_promises()}
        assert set(kept) == {
            "OVERALL",
            "ACK",
            "TRIAGE",
            "ALLOCATION",
            "MEETING",
            "INVESTIGATION",
            "DECISION",
            "UPDATE",
        }
        assert set(kept.values()) == {date(2026, 11, 21)}

    def test_a_withdrawal_keeps_no_promise(self, cast: Cast) -> None:
        case = given.acknowledged(cast)
        before = {promise.name for promise in read_promises()}
        rows = type(case).unguarded.filter(pk=case.pk)
        rows.update(close_reason="withdrawn", closed_on=date(2026, 11, 23))
        case.deadlines.filter(name="OVERALL").update(completed_on=date(2026, 11, 23))
        assert before - {promise.name for promise in read_promises()} == {"OVERALL"}

    def test_an_answer_is_read_without_its_words(self, db: None) -> None:
        kind = {
            "form": "A",
            "quarter": "2023-Q1",
            "region": "NORTH",
            "route": "FORMAL",
            "closure": "finding",
            "identity": "OPEN",
        }
        Response.objects.create(**kind, answers={"q1": "agree", "q11": "SECRET"})
        Invitation.objects.create(
            **kind, token_hash="x", opens_on=date(2023, 1, 9), closes_on=date(2023, 2, 8)
        )
        [answer] = read_answers()
        assert answer == AnswerFact("2022-23-Q4", "A", "finding", {"q1": "agree"}, True)
        assert read_invitations() == [InvitationFact("2022-23-Q4", "A", "finding", 1)]
