"""Overlapping questions: none gives away a few people, and refusals reach the officer."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.test import Client
from pytest_django import Settings

from grievances.audit.models import Event
from grievances.reports import catalogue
from grievances.reports.builders import Due, Run
from grievances.reports.disclosure.protected import HIDDEN, Shown
from grievances.reports.disclosure.table_builder import Blocked, ask
from grievances.reports.fact_models import CaseFact
from grievances.reports.facts import forget_people
from notifications.models import Notice
from tests.factories import cases
from tests.factories.people import Staff
from tests.reports.report_factory import MARCH, YEAR, Concern, count_to, store
from tests.signing_in import sign_in

DAY = date(2022, 5, 3)
ADDRESS = "/reports/ask/?period=2022-23"


def facts() -> None:
    """30 in the north: 26 formal and 4 informal; 20 in London, all formal."""
    places = [("NORTH", "FORMAL")] * 26 + [("NORTH", "INFORMAL")] * 4 + [("LONDON", "FORMAL")] * 20
    store([Concern(DAY, rest={"region": region, "route": route}) for region, route in places])


def number(**chosen: str) -> Any:
    return ask(chosen, YEAR, "internal").figure


class TestOneNumber:
    @pytest.fixture(autouse=True)
    def _counted(self, policies: None) -> None:
        facts()
        count_to(MARCH)

    def test_it_is_rounded_and_the_same_again(self) -> None:
        assert number(region="NORTH") == number(region="NORTH") == Shown(30)

    def test_what_differs_by_four_people_is_blocked(self) -> None:
        number(region="NORTH")
        with pytest.raises(Blocked, match="could identify someone"):
            number(region="NORTH", route="FORMAL")

    def test_so_is_the_larger_one_after_the_smaller(self) -> None:
        number(region="NORTH", route="FORMAL")
        with pytest.raises(Blocked):
            number(region="NORTH")

    def test_four_people_are_never_shown(self) -> None:
        assert number(region="NORTH", route="INFORMAL") == HIDDEN

    def test_people_of_one_audience_share_the_registry(self) -> None:
        number(region="NORTH")
        assert ask({"region": "NORTH", "route": "FORMAL"}, YEAR, "published").figure == Shown(25)

    def test_ten_overlapping_questions_give_no_small_difference(self) -> None:
        shown = 0
        for region in ("NORTH", "LONDON"):
            for rest in ({}, {"route": "FORMAL"}, {"route": "INFORMAL"}, {"identity": "OPEN"}, {}):
                try:
                    shown += number(region=region, **rest) != HIDDEN
                except Blocked:
                    continue
        assert shown < 10

    @pytest.mark.parametrize("chosen", [{"region": "MARS"}, {"person": "1"}, {"region": "' OR 1"}])
    def test_what_is_no_choice_is_refused(self, chosen: dict[str, str]) -> None:
        with pytest.raises(ValueError, match="no choice"):
            ask(chosen, YEAR, "internal")

    def test_one_person_with_most_of_it_is_hidden(self) -> None:
        store([Concern(DAY, person="a", rest={"region": "WALES"}) for _ in range(9)])
        store([Concern(DAY, rest={"region": "WALES"}) for _ in range(6)])
        count_to(MARCH)
        assert number(region="WALES") == HIDDEN


def test_a_question_is_compared_with_the_reports(policies: None) -> None:
    facts()
    Run(cases.START).make([Due(catalogue.VOLUMES, YEAR)])
    with pytest.raises(Blocked):
        number(region="NORTH", route="FORMAL")


class TestPage:
    @pytest.fixture
    def analyst(self, staff: Staff, client: Client, settings: Settings) -> Client:
        facts()
        Run(cases.START).make([Due(catalogue.VOLUMES, YEAR)])
        settings.REPORT_FILTERS = True
        return sign_in(client, staff, "analyst1")

    def test_it_is_not_there_unless_switched_on(
        self, analyst: Client, settings: Settings, staff: Staff
    ) -> None:
        assert analyst.get("/reports/ask/").status_code == 200
        settings.REPORT_FILTERS = False
        assert analyst.get("/reports/ask/").status_code == 404

    def test_it_answers_in_a_sentence(self, analyst: Client) -> None:
        words = analyst.get(f"{ADDRESS}&region=NORTH").content.decode()
        assert "About 30 concerns were received" in words

    def test_a_refusal_is_a_sentence_an_event_and_a_notice(
        self, analyst: Client, staff: Staff
    ) -> None:
        answer = analyst.get(f"{ADDRESS}&region=NORTH&route=FORMAL")
        assert answer.status_code == 409
        words = answer.content.decode()
        assert "cannot be shown because it could identify someone" in words
        assert "26" not in words.split("<main", 1)[1]
        assert Event.objects.get(kind="report.blocked").data["region"] == "NORTH"
        assert Notice.objects.filter(kind="numbers_blocked", channel="inbox").count() == 1

    def test_the_officer_hears_of_the_first_and_the_fifth(self, analyst: Client) -> None:
        for _ in range(6):
            analyst.get(f"{ADDRESS}&region=NORTH&route=FORMAL")
        assert Notice.objects.filter(kind="numbers_blocked", channel="inbox").count() == 2

    @pytest.mark.parametrize("query", ["region=MARS", "period=2022-24", "period=x&region=NORTH"])
    def test_a_tampered_address_is_not_there(self, analyst: Client, query: str) -> None:
        address = f"{ADDRESS}&{query}"
        assert analyst.get(address).status_code == 404


def test_between_reports_five_concerns_of_one_person_are_one_person(policies: None) -> None:
    """The numbers of people are taken out after each run, and put back for each question."""
    store(Concern(DAY, person="a", rest={"region": "NORTH"}) for _ in range(40))
    count_to(MARCH)
    forget_people()
    assert number(region="NORTH") == HIDDEN
    assert len(set(CaseFact.objects.values_list("person", flat=True))) == 40
