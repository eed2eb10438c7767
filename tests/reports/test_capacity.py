"""K4's median of offers, K12's need, and what a case is about: against hand counts."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from grievances.cases.models.case import Allegation, Case
from grievances.cases.models.offers import Offer
from grievances.people.models import Training, Unit, User
from grievances.reports.disclosure.derived import compare
from grievances.reports.disclosure.measures import ProtectedNeed, median_of_counts
from grievances.reports.disclosure.protected import HIDDEN, ProtectedShare, ProtectedTable, Shown
from grievances.reports.fact_models import CaseFact, Ending
from grievances.reports.layout.document import Document, Item, Section
from grievances.reports.layout.exports import figures_of
from grievances.reports.layout.section_tables import table_of
from tests.reports.built_reports import made, only
from tests.reports.report_factory import Concern, count_to, figure, owe, store

BEGUN = date(2022, 6, 1)
OFFERS = "Offers until a case had a handler and a decision maker"


def begin(cases: list[Case], offers: list[int]) -> None:
    """Each case with so many offers, and an investigation that then began."""
    people = [User.objects.create(username=f"officer{n}") for n in range(max(offers))]
    for case, number in zip(cases, offers, strict=True):
        owe(case, BEGUN + timedelta(days=42), None, name="INVESTIGATION", started_on=BEGUN)
        for place in range(number):
            role = "decider" if place == 1 else "handler"
            Offer.objects.create(
                case=case, role=role, candidate=people[place], sent_on=BEGUN,
                status="accepted" if place < 2 else "declined",
            )  # fmt: skip


def concerns(count: int) -> list[Case]:
    return store(Concern(date(2022, 5, 2)) for _ in range(count))


class TestOffers:
    @pytest.mark.parametrize(
        ("offers", "median"),
        [([2] * 12, 2), ([2] * 6 + [3] * 6, 2), ([2] * 5 + [3] * 7, 3), ([2] * 4 + [5] * 8, 5)],
    )
    def test_half_of_the_cases_took_so_many(
        self, policies: None, offers: list[int], median: int
    ) -> None:
        begin(concerns(12), offers)
        found = figure(only("allocation"), OFFERS)
        assert found.cases == Shown(10)
        assert found.median == Shown(median)

    def test_under_ten_cases_there_is_none(self, policies: None) -> None:
        begin(concerns(9), [2] * 9)
        assert figure(only("allocation"), OFFERS).median == HIDDEN

    def test_under_ten_people_there_is_none(self, policies: None) -> None:
        begin(store(Concern(date(2022, 5, 2), person=f"p{n % 9}") for n in range(14)), [2] * 14)
        assert figure(only("allocation"), OFFERS).median == HIDDEN

    def test_an_offer_made_after_the_beginning_is_of_another_part(self, policies: None) -> None:
        cases = concerns(12)
        begin(cases, [2] * 12)
        later = User.objects.create(username="later")
        for case in cases:
            Offer.objects.create(
                case=case, role="handler", candidate=later,
                sent_on=BEGUN + timedelta(days=9), status="declined",
            )  # fmt: skip
        assert figure(only("allocation"), OFFERS).median == Shown(2)

    def test_a_case_that_an_appeal_sent_back_counts_once(self, policies: None) -> None:
        cases = concerns(12)
        begin(cases, [2] * 12)
        again = BEGUN + timedelta(days=100)
        for case in cases:
            owe(case, again + timedelta(days=42), None, name="INVESTIGATION", started_on=again)
        found = figure(only("allocation"), OFFERS)
        assert (found.cases, found.median) == (Shown(10), Shown(2))

    def test_what_began_in_another_year_is_not_in_it(self, policies: None) -> None:
        begin(concerns(12), [2] * 12)
        assert figure(only("allocation", "2023-24"), OFFERS).cases == Shown(0)

    def test_the_page_of_indicators_has_both(self, policies: None) -> None:
        begin(concerns(12), [3] * 12)
        made_now = made("allocation", "training", "indicators")
        page = made_now["indicators"]
        assert figure(page, OFFERS, "offers-each").median == Shown(3)
        headings = [section.heading for section in page.sections]
        assert "K4. How many offers a case takes" in headings
        assert "K12. Are they enough for what is open?" in headings
        files = list(figures_of(page))
        assert any(line[9:12] == ("median", "offers", "3") for line in files)
        assert Document.from_json(page.to_json()) == page

    def test_a_hidden_count_hides_its_median(self) -> None:
        hidden = ProtectedTable.from_grid(("x",), (), [["*"], ["*"]])
        assert median_of_counts(hidden, {2: 40}, 40, "Offers").median == HIDDEN


def train(count: int, region: str) -> None:
    unit = Unit.objects.create(code=region, name=region, region=region)
    for number in range(count):
        person = User.objects.create(username=f"{region}{number}", unit=unit)
        for certificate in ("RACE-CORE", "INVESTIGATE"):
            Training.objects.create(
                person=person, certificate=certificate,
                issued_on=date(2022, 1, 1), expires_on=date(2024, 1, 1),
            )  # fmt: skip


class TestNeed:
    def test_open_concerns_are_divided_by_what_one_may_hold(self, policies: None) -> None:
        store(Concern(date(2022, 5, 2), rest={"region": "NORTH"}) for _ in range(45))
        store(Concern(date(2022, 5, 2), rest={"region": "SOUTH"}) for _ in range(20))
        train(10, "NORTH")
        train(10, "SOUTH")
        document = only("training")
        north, south = (figure(document, name, "need") for name in ("North", "South"))
        assert (north.needed, north.words) == (Shown(15), "About 5 too few")
        assert (south.needed, south.words) == (Shown(7), "Enough")
        section = next(each for each in document.sections if each.key == "need")
        headings, rows = table_of(section)
        assert headings[0] == "Region"
        assert rows[0][4] == "About 5 too few"

    def test_what_is_hidden_stays_hidden(self, policies: None) -> None:
        store(Concern(date(2022, 5, 2)) for _ in range(3))
        train(3, "NORTH")
        found = figure(only("training"), "North", "need")
        assert (found.open, found.needed, found.handlers) == (HIDDEN, HIDDEN, HIDDEN)
        assert found.words == "Too few to say"

    def test_it_reads_back_as_it_was_written(self) -> None:
        need = ProtectedNeed(Shown(5), HIDDEN, 3)
        assert ProtectedNeed.from_json(need.to_json()) == need


class TestKinds:
    def test_the_first_part_with_a_kind_says_what_a_concern_is_about(self, policies: None) -> None:
        cases = concerns(3)
        for case in cases:
            Allegation.objects.create(case=case, number=1)
        Allegation.objects.create(case=cases[0], number=2, tag="PROGRESSION")
        Allegation.objects.create(case=cases[0], number=3, tag="DIRECT")
        Allegation.objects.filter(case=cases[1]).update(tag="HARASSMENT")
        count_to(date(2023, 3, 31))
        tags = dict(CaseFact.objects.values_list("case_id", "tag"))
        assert [tags[case.pk] for case in cases] == ["PROGRESSION", "HARASSMENT", ""]


class TestAnswers:
    def test_the_answer_to_what_is_waiting_is_what_is_open(self, policies: None) -> None:
        store(Concern(date(2022, 5, 2)) for _ in range(30))
        store(Concern(date(2022, 5, 2), date(2022, 6, 1), Ending.UPHELD) for _ in range(20))
        assert only("backlog").lead == "Open on the last day: about 30."

    def test_nothing_is_not_the_same_as_too_few(self, policies: None) -> None:
        concerns(12)
        assert only("overrides").lead == "Nothing was counted in this period."

    def test_a_nought_beside_what_is_too_small_is_no_answer(self, policies: None) -> None:
        concerns(3)
        assert only("volumes").lead == "There are too few to say."


def test_the_words_on_a_comparison_are_where_a_line_can_break() -> None:
    share = ProtectedShare(Shown(20), Shown(45), HIDDEN, HIDDEN, HIDDEN)
    section = Section(
        "key", "Heading", "", (Item("One, compared with two", compare(share, share)),)
    )
    _, rows = table_of(section)
    label, *_, figure = rows[0]
    assert isinstance(label, dict)
    assert isinstance(figure, dict)
    assert "times as likely" in str(label["hint"])
    assert len(f"{figure['text']}{figure['hint']}") < 25
