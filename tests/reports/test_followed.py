"""What followed a finding, who is named again, and appeals by group (issue 17 C)."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from grievances.cases.models.deadlines import Action
from grievances.monitoring import answers
from grievances.policy.profiles import CLOCKS
from grievances.reports import catalogue, snapshots
from grievances.reports.builders import Due, Run
from grievances.reports.disclosure.protected import HIDDEN, ProtectedShare, Shown
from grievances.reports.fact_models import Ending
from grievances.reports.layout.document import Document
from grievances.reports.layout.ethnic_groups import POOLED
from grievances.reports.periods import read_period
from grievances.reports.snapshot_models import Release
from tests.reports.report_factory import YEAR, Concern, figure, owe, store

NOW = datetime.fromisoformat("2023-06-01T09:00:00+00:00")
DAY, ENDED = date(2022, 5, 3), date(2022, 9, 1)
WHAT, AGAIN = "What followed", "People named in 3 or more concerns"


def made(name: str, period: str = YEAR.name) -> Document:
    run = Run(NOW)
    run.make([Due(catalogue.REPORTS[name], read_period(period))])
    return run.made[snapshots.INTERNAL, period][name]


class TestWhatFollowed:
    def test_promises_are_counted_as_of_the_last_day(self, policies: None) -> None:
        cases = store([Concern(DAY, ENDED, Ending.UPHELD) for _ in range(60)])
        store([Concern(DAY, ENDED, Ending.NOT_UPHELD) for _ in range(20)])
        for number, case in enumerate(cases[:45]):
            # Done in time; done after the year has ended; never done.
            done = [date(2023, 3, 31), date(2023, 4, 1), None][number // 15]
            Action.objects.create(case=case, due_on=date(2023, 1, 2), done_on=done)
        Action.objects.create(case=cases[0], due_on=date(2023, 1, 2), done_on=ENDED)
        table = figure(made("actions"), WHAT)
        assert [str(total) for total in table.row_totals] == ["15", "30", "15"]
        assert table.total == Shown(60)

    def test_a_small_number_without_a_promise_is_hidden_with_another(self, policies: None) -> None:
        cases = store([Concern(DAY, ENDED, Ending.UPHELD) for _ in range(60)])
        for case in cases[:58]:
            Action.objects.create(case=case, due_on=ENDED, done_on=ENDED)
        table = figure(made("actions"), WHAT)
        assert table.row_totals[0] == HIDDEN
        assert list(table.row_totals).count(HIDDEN) >= 2 or table.total == HIDDEN


class TestNamedAgain:
    def respondents(self, number: int, concerns: int = 3) -> None:
        store([Concern(DAY, about=f"r{n}") for n in range(number) for _ in range(concerns)])

    @pytest.mark.parametrize(("number", "shown"), [(0, "0"), (1, "*"), (4, "*"), (5, "5")])
    def test_it_counts_people_named_and_the_threshold_is_theirs(
        self, policies: None, number: int, shown: str
    ) -> None:
        self.respondents(number)
        store([Concern(DAY) for _ in range(30)])
        assert str(figure(made("volumes"), AGAIN).figure) == shown

    def test_two_concerns_are_not_several(self, policies: None) -> None:
        self.respondents(9, concerns=2)
        assert figure(made("volumes"), AGAIN).figure == Shown(0)

    def test_no_quarter_has_it_and_no_set_of_respondents_is_kept(self, policies: None) -> None:
        self.respondents(8)
        quarter = made("volumes", "2022-23-Q1")
        section = next(s for s in quarter.sections if s.key == "named-again")
        assert not section.items
        assert "whole years" in section.note
        before = set(Release.objects.values_list("pk", flat=True))
        made("volumes")
        rows = Release.objects.exclude(pk__in=before).filter(cases=8, population="")
        assert rows
        assert {bytes(row.people) for row in rows} == {b""}


def test_the_first_meeting_is_counted_from_receipt_and_its_stage_from_its_start(
    policies: None,
) -> None:
    """Received on 3 May, waited for from the 17th, held on the 24th: 15 working days, and 5."""
    for case in store([Concern(DAY) for _ in range(60)]):
        started, held = date(2022, 5, 17), date(2022, 5, 24)
        owe(case, held, held, name="MEETING", started_on=started)
    document = made("resolution-times")
    from_receipt = figure(document, "To the first meeting")
    of_the_stage = figure(document, CLOCKS["MEETING"], "stages")
    assert (from_receipt.cases, of_the_stage.cases) == (Shown(60), Shown(60))
    assert (from_receipt.median_lower, from_receipt.median_upper) == (Shown(10), Shown(20))
    assert (of_the_stage.median_lower, of_the_stage.median_upper) == (Shown(0), Shown(10))


def test_a_meeting_after_an_appeal_is_no_first_one(policies: None) -> None:
    """It would seem to have been waited for since the concern was received."""
    first, second = date(2022, 5, 10), date(2022, 12, 6)
    for number, case in enumerate(store([Concern(DAY) for _ in range(60)])):
        owe(case, first, first, name="MEETING", started_on=DAY)
        if number < 40:
            owe(case, second, second, name="MEETING", started_on=second, episode=2)
    document = made("resolution-times")
    for label, key in (("To the first meeting", "first-meeting"), (CLOCKS["MEETING"], "stages")):
        curve = figure(document, label, key)
        assert (curve.cases, curve.median_upper) == (Shown(60), Shown(10))


def test_appeals_are_compared_in_groups_of_twenty_appeals(policies: None) -> None:
    """Sixty decisions in each of three groups; in one too few appealed to be shown alone."""
    closed = date(2022, 12, 1)
    for code, appeals in (("W1", 40), ("B1", 40), ("A1", 24), ("A2", 6)):
        rest = {"appealed_on": date(2022, 9, 20), "closed_on": closed}
        for number in range(60):
            changed = ("appeal_varied", "appeal_dismissed")[number % 2]
            more = {**rest, "close_reason": changed} if number < appeals else {}
            (case,) = store([Concern(DAY, ENDED, Ending.UPHELD, rest=more)])
            answers.keep(case, {"ethnic_group": code}, {}, ENDED)
    document = made("fairness")
    shares = {
        i.label: i.figure
        for s in document.sections
        for i in s.items
        if s.key == "fair-appeal-changed" and isinstance(i.figure, ProtectedShare)
    }
    assert shares["Caribbean"].whole == Shown(40)
    assert shares["Caribbean"].percent == Shown(50)
    assert "Pakistani" not in shares
    assert shares[POOLED].whole == Shown(30)


def test_a_rare_outcome_is_compared_in_the_first_groups_that_may_be_shown(policies: None) -> None:
    """Of each group few withdrew, but of the minority groups together twelve, and of White ten."""
    for code, left in (("W1", 10), ("B1", 4), ("B2", 4), ("A1", 2), ("A2", 2)):
        for number in range(40):
            ending = Ending.WITHDRAWN if number < left else Ending.UPHELD
            (case,) = store([Concern(DAY, ENDED, ending)])
            answers.keep(case, {"ethnic_group": code}, {}, ENDED)
    document = made("fairness")
    section = next(s for s in document.sections if s.key == "fair-withdrawn")
    shares = {i.label: i.figure for i in section.items if isinstance(i.figure, ProtectedShare)}
    assert len(shares) == 2
    assert {str(share.part) for share in shares.values()} == {"10"}
    upheld = next(s for s in document.sections if s.key == "fair-upheld")
    assert len([i for i in upheld.items if isinstance(i.figure, ProtectedShare)]) > 2
