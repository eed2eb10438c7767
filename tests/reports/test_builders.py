"""What the built reports say, against hand counts; and what they keep to themselves."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from grievances.cases.models.case import Case
from grievances.monitoring import answers
from grievances.people.models import Training, Unit, User
from grievances.reports import catalogue, snapshots
from grievances.reports.builders import Due, Run, build_all, find_due
from grievances.reports.contents.experience import bounds_of
from grievances.reports.contents.rates import ASK_FOR_STAFF
from grievances.reports.disclosure.derived import ProtectedComparison, ProtectedRate
from grievances.reports.disclosure.protected import (
    HIDDEN,
    ProtectedCount,
    ProtectedShare,
    ProtectedSurvival,
    ProtectedTable,
    Shown,
)
from grievances.reports.fact_models import CaseFact, ElsewhereConcern, Ending, StaffCount
from grievances.reports.layout.document import Document
from grievances.reports.layout.exports import FILE_COLUMNS, figures_of
from grievances.reports.periods import Length, read_period
from grievances.reports.readers import first_sentence
from grievances.reports.snapshot_models import Rebase, Release, ReportRun, Snapshot
from grievances.surveys.models import Form, Invitation, Response
from grievances.vocabulary import Region
from tests.reports.report_factory import MARCH, YEAR, Concern, figure, owe, store

NOW = datetime(2023, 6, 1, 9, tzinfo=UTC)
TODAY = date(2023, 6, 1)
NET = "Working days, time on hold taken off"
UPHELD = "Upheld or partly upheld, of those concluded"


def made(*names: str, period: str = "2022-23") -> dict[str, Document]:
    """These reports of one period, by their names."""
    reports = catalogue.REPORTS
    run = Run(NOW)
    run.make([Due(reports[name], read_period(period)) for name in names])
    return run.made[snapshots.INTERNAL, period]


def only(name: str, period: str = "2022-23") -> Document:
    return made(name, period=period)[name]


class TestHonestyWithLittle:
    def test_no_case_makes_no_report(self, policies: None) -> None:
        assert build_all(NOW, TODAY) == []
        assert not Snapshot.objects.exists()

    @pytest.mark.parametrize("cases", [1, 3])
    def test_few_cases_hide_everything(self, policies: None, cases: int) -> None:
        store([Concern(date(2022, 5, 2)) for _ in range(cases)])
        documents = made("volumes", "backlog", "resolution-times", "outcomes")
        assert figure(documents["volumes"], "Concerns received").figure == HIDDEN
        assert figure(documents["resolution-times"], NET).cases == HIDDEN
        assert figure(documents["backlog"], "Working days open").total == HIDDEN
        assert "too few" in documents["resolution-times"].lead

    def test_all_open_is_never_resolved(self, policies: None) -> None:
        store([Concern(date(2022, 4, 4)) for _ in range(40)])
        documents = made("resolution-times", "outcomes")
        curve = figure(documents["resolution-times"], NET)
        assert [str(point.percent) for point in curve.points] == ["100"] * 5
        assert not isinstance(curve.median, Shown)
        assert not figure(documents["outcomes"], UPHELD).has_data

    def test_all_withdrawn_is_never_resolved_either(self, policies: None) -> None:
        day = date(2022, 7, 4)
        store([Concern(date(2022, 4, 4), day, Ending.WITHDRAWN) for _ in range(40)])
        documents = made("resolution-times", "withdrawals")
        curve = figure(documents["resolution-times"], NET)
        assert not isinstance(curve.median, Shown)
        assert [str(p.percent) for p in curve.points] == ["100", "100", "*", "*", "*"]
        withdrawn = figure(documents["withdrawals"], "Withdrawn, of those received")
        assert withdrawn.percent == Shown(100)

    def test_one_enormous_unit_hides_the_others_and_adds_up_to_nothing(
        self, policies: None
    ) -> None:
        store([Concern(date(2022, 5, 3), rest={"region": "LONDON"}) for _ in range(400)])
        store([Concern(date(2022, 5, 3), rest={"region": "WALES"}) for _ in range(2)])
        rates = [i.figure for i in only("volumes").sections[2].items]
        shown = [r.part for r in rates if isinstance(r, ProtectedRate)]
        assert shown.count(HIDDEN) >= 2

    def test_one_complainant_dominates_no_figure(self, policies: None) -> None:
        store([Concern(date(2022, 5, 3), person="a") for _ in range(20)])
        store([Concern(date(2022, 5, 3)) for _ in range(10)])
        kinds = figure(only("volumes"), "Kind of conduct")
        assert kinds.row_totals[-1] == HIDDEN


class TestHandCounts:
    @pytest.fixture
    def year(self, policies: None) -> None:
        """1,082 concluded of 923 people, 528 upheld or partly, as HMPPS published; 240 open."""
        concerns: list[Concern] = []
        for n in range(1082):
            received = date(2022, 4, 4) + timedelta(days=n % 250)
            ended = received + timedelta(days=30 + n % 80)
            kind = Ending.UPHELD if n < 300 else Ending.PARTLY if n < 528 else Ending.NOT_UPHELD
            concerns.append(Concern(received, ended, kind, f"person {n % 923}"))
        store([*concerns, *(Concern(date(2023, 3, 1)) for _ in range(240))])

    def test_the_published_year_shows_its_rounded_figures(self, year: None) -> None:
        documents = made("volumes", "outcomes")
        volumes = documents["volumes"]
        assert figure(volumes, "Concerns concluded") == ProtectedCount(Shown(1080))
        assert figure(volumes, "People whose concerns were concluded") == ProtectedCount(Shown(925))
        upheld: ProtectedShare = figure(documents["outcomes"], UPHELD)
        assert (upheld.part, upheld.whole) == (Shown(530), Shown(1080))
        assert (upheld.percent, upheld.lower, upheld.upper) == (Shown(49), Shown(46), Shown(52))

    def test_open_concerns_are_counted_and_followed(self, year: None) -> None:
        documents = made("backlog", "resolution-times")
        ages: ProtectedTable = figure(documents["backlog"], "Working days open")
        assert (ages.total, ages.row_totals[1]) == (Shown(240), Shown(240))
        curve: ProtectedSurvival = figure(documents["resolution-times"], NET)
        assert curve.cases == Shown(1320)

    def test_a_body_holds_no_exact_count(self, year: None) -> None:
        for document in made("volumes", "outcomes", "backlog", "near-silence").values():
            words = str(document.to_json())
            assert not any(str(exact) in words for exact in (1082, 923, 528, 554, 1322))

    def test_it_reads_back_as_it_was_written(self, year: None) -> None:
        for document in made(*(name for name in catalogue.REPORTS if name != "x")).values():
            assert Document.from_json(document.to_json()) == document

    def test_a_rate_needs_the_number_of_staff(self, year: None) -> None:
        assert figure(only("volumes"), "North").tenths == HIDDEN
        assert "no staff count" in only("near-silence").sections[0].note

    def test_the_answer_is_that_of_the_question(self, year: None) -> None:
        """A rate is an answer too; and a later section's figure is not taken for the first's."""
        for region in Region.values:
            StaffCount.objects.create(quarter="2022-23-Q4", region=region, staff=12_000)
        lead = only("near-silence").lead
        assert lead == "Everywhere: about 2.2 per 100 staff a year."
        due = date(2022, 5, 4)
        for number, case in enumerate(Case.unguarded.all()[:60]):
            owe(case, due, due if number < 58 else None, original_due=due - timedelta(number % 2))
        assert "All promises" not in only("timeliness").lead

    def test_the_rate_is_that_of_the_published_year(self, year: None) -> None:
        for region, staff in zip(
            ("NORTH", "MIDLANDS", "SOUTH", "LONDON", "WALES"), (60_000, 1, 1, 1, 1), strict=True
        ):
            StaffCount.objects.create(quarter="2022-23-Q4", region=region, staff=staff)
        rate: ProtectedRate = figure(only("volumes"), "Everywhere")
        assert (rate.part, rate.staff, rate.tenths) == (Shown(1320), 60_004, Shown(22))


class TestCompetingShare:
    """Withdrawals beside the curve (domain.md 9): forty resolved, and some who left before."""

    def curve(self, *withdrawn: int) -> ProtectedSurvival:
        """One withdrawn so many calendar days after it was received, for each of these."""
        first = date(2022, 5, 2)
        store([Concern(first, first + timedelta(112), Ending.UPHELD) for _ in range(40)])
        store([Concern(first, first + timedelta(n), Ending.WITHDRAWN) for n in withdrawn])
        self.document = only("resolution-times")
        found: ProtectedSurvival = figure(self.document, NET)
        return found

    def shares(self, curve: ProtectedSurvival) -> list[str]:
        return [str(point.percent) for point in curve.withdrawn]

    def test_ten_of_fifty_withdrew_by_day_40(self, policies: None) -> None:
        curve = self.curve(*[35] * 10)
        assert self.shares(curve)[:3] == ["0", "20", "20"]
        assert [str(point.percent) for point in curve.points][:3] == ["100", "100", "100"]
        rows = [dict(zip(FILE_COLUMNS, row, strict=True)) for row in figures_of(self.document)]
        written = {(r["figure"], r["measure"], r["category"]): r["value"] for r in rows}
        assert written[NET, "withdrawn", "40 working days"] == "20"

    def test_a_step_of_a_few_people_is_not_shown(self, policies: None) -> None:
        assert self.shares(self.curve(*[35] * 10, 63, 63))[:3] == ["0", "*", "*"]

    def test_few_withdrawals_are_not_shown_at_all(self, policies: None) -> None:
        assert self.shares(self.curve(35, 35)) == ["*"] * 5


class TestPromises:
    def test_a_late_promise_still_open_counts_as_broken(self, policies: None) -> None:
        due = date(2022, 5, 4)
        for number, case in enumerate(store([Concern(date(2022, 5, 2)) for _ in range(60)])):
            late = number >= 30
            done = None if number >= 40 else due + timedelta(late)
            owe(case, due, done, paused_on=due if number >= 50 else None)
        kept = figure(only("timeliness"), "Acknowledge the concern", "on-time")
        assert kept == ProtectedShare(Shown(30), Shown(50), Shown(60), Shown(46), Shown(72))

    def test_an_extension_counts_against_the_date_first_given(self, policies: None) -> None:
        first, moved = date(2022, 5, 4), date(2022, 5, 20)
        for case in store([Concern(date(2022, 5, 2)) for _ in range(40)]):
            owe(case, moved, moved, original_due=first)
        document = only("timeliness")
        label = "Acknowledge the concern"
        assert figure(document, label, "on-time").percent == Shown(100)
        assert figure(document, label, "first-date").percent == Shown(0)

    def test_what_was_passed_on_stands_apart(self, policies: None) -> None:
        day, ended = date(2022, 5, 3), date(2022, 6, 1)
        store([Concern(day, ended, Ending.REDIRECTED) for _ in range(12)])
        store([Concern(day, ended, Ending.UPHELD) for _ in range(30)])
        document = only("volumes")
        assert figure(document, "Passed to another process") == ProtectedCount(Shown(10))
        assert figure(document, "Concerns received") == ProtectedCount(Shown(30))
        assert figure(document, "Concerns concluded") == ProtectedCount(Shown(30))


class TestAcrossPeriods:
    def received(self, period: str) -> Any:
        return figure(only("volumes", period), "Concerns received").figure

    def test_a_hidden_quarter_cannot_be_worked_out_from_the_year(self, policies: None) -> None:
        store([Concern(date(2022, 4 + 3 * (n % 3), 4)) for n in range(60)])
        store([Concern(date(2023, 1, 4)) for _ in range(3)])
        quarters = [self.received(f"2022-23-Q{n}") for n in range(1, 5)]
        assert quarters == [Shown(20), Shown(20), Shown(20), HIDDEN]
        assert self.received("2022-23") == HIDDEN

    def test_the_quarter_after_a_hidden_one_is_hidden_so_that_the_year_can_be_shown(
        self, policies: None
    ) -> None:
        store([Concern(date(2022, 4, 4)) for _ in range(3)])
        store([Concern(date(2022, 7 + 3 * (n % 2), 4)) for n in range(40)])
        quarters = [self.received(f"2022-23-Q{n}") for n in range(1, 5)]
        assert quarters == [HIDDEN, HIDDEN, Shown(20), Shown(0)]
        assert self.received("2022-23") == Shown(45)

    def test_a_revision_by_a_few_people_keeps_the_old_figure(self, policies: None) -> None:
        name = UPHELD.replace("concluded", "received and decided so far")
        ended = date(2022, 9, 1)
        store([Concern(date(2022, 5, 3), ended, Ending.UPHELD) for _ in range(40)])
        store([Concern(date(2022, 5, 3), ended, Ending.NOT_UPHELD) for _ in range(40)])
        late = store([Concern(date(2022, 5, 3)) for _ in range(30)])
        before = figure(only("outcomes"), name)
        assert (before.part, before.whole) == (Shown(40), Shown(80))
        revised = date(2023, 12, 1)
        for case in late[:23]:
            type(case).unguarded.filter(pk=case.pk).update(
                outcome="UPHELD", outcome_on=revised, state="CLOSED"
            )
        run = Run(NOW)
        run.make([Due(catalogue.OUTCOMES, YEAR, 2)])
        after = figure(run.made["internal", "2022-23"]["outcomes"], name)
        assert (after.part, after.whole) == (Shown(65), Shown(105))
        published = snapshots.published("outcomes", "2022-23")
        assert published is not None
        assert figure(published.document, name) == before
        assert snapshots.revised("outcomes", "2022-23") is not None

    def test_what_one_line_hides_does_not_hide_another(self, policies: None) -> None:
        for month in (4, 5, 6):
            store([Concern(date(2022, month, 4)) for _ in range(20)])
            store([Concern(date(2022, month, 4), date(2022, month, 9), Ending.REDIRECTED)])
        months = [self.received(f"2022-23-M{number:02}") for number in (1, 2, 3)]
        assert months == [Shown(20)] * 3

    def test_what_is_shown_is_remembered_for_the_audience(self, policies: None) -> None:
        store([Concern(date(2022, 5, 3)) for _ in range(40)])
        self.received("2022-23-Q1")
        assert Release.objects.filter(audience="internal", shown=True, persons=40).exists()
        assert not Release.objects.filter(audience="published").exists()


class TestTrainingSpread:
    """K12: who may handle concerns, for each 1,000 staff, region by region."""

    def trained(self, region: str, number: int, *certificates: str) -> None:
        unit, _ = Unit.objects.get_or_create(code=region, name=region, region=region)
        for n in range(number):
            name = f"{region}-{n}-{len(certificates)}"
            person = User.objects.create(username=name, unit=unit)
            dates = {"issued_on": date(2022, 1, 1), "expires_on": date(2024, 1, 1)}
            for certificate in certificates:
                Training.objects.create(person=person, certificate=certificate, **dates)

    def test_both_certificates_count_once_and_one_alone_does_not(self, policies: None) -> None:
        self.trained("NORTH", 20, "RACE-CORE", "INVESTIGATE", "INVESTIGATE")
        self.trained("NORTH", 30, "INVESTIGATE")
        self.trained("LONDON", 10, "RACE-CORE", "INVESTIGATE")
        self.trained("WALES", 3, "RACE-CORE", "INVESTIGATE")
        for region in Region.values:
            StaffCount.objects.create(quarter="2022-23-Q4", region=region, staff=4000)
        documents = made("training", "indicators")
        rate: ProtectedRate = figure(documents["training"], "North", "handlers")
        assert (rate.part, rate.tenths, rate.unit) == (Shown(20), Shown(50), "per 1,000 staff")
        assert figure(documents["training"], "Wales", "handlers").tenths == HIDDEN
        shown = next(s for s in documents["indicators"].sections if s.key == "handlers")
        assert shown.heading.startswith("K12. ")
        assert "in person is not measured" in shown.note

    def test_without_staff_counts_it_says_whom_to_ask(self, policies: None) -> None:
        self.trained("NORTH", 20, "RACE-CORE", "INVESTIGATE")
        section = only("training").sections[0]
        assert ASK_FOR_STAFF in section.note
        assert "manage.py" not in section.note
        assert all(item.figure.tenths == HIDDEN for item in section.items)  # type: ignore[union-attr]

    def test_k10_counts_what_was_handled_elsewhere_and_says_what_it_leaves_out(
        self, policies: None
    ) -> None:
        days = {"first_contact_on": date(2022, 6, 1), "closed_on": date(2022, 9, 1)}
        ElsewhereConcern.objects.bulk_create(
            ElsewhereConcern(
                label=str(n), logged_on=date(2022, 6, 2), in_time=n < 30, outcome="UPHELD", **days
            )
            for n in range(50)
        )
        document = only("indicators")
        share = figure(document, "Logged in time, of those handled elsewhere", "central-record")
        assert share.percent == Shown(60)
        section = next(s for s in document.sections if s.key == "central-record")
        assert "so it is not counted" in section.note

    def test_k10_of_a_few_is_hidden(self, policies: None) -> None:
        days = {"first_contact_on": date(2022, 6, 1), "closed_on": date(2022, 9, 1)}
        ElsewhereConcern.objects.create(
            label="1", logged_on=date(2022, 6, 2), in_time=True, outcome="UPHELD", **days
        )
        share = figure(only("indicators"), "Logged in time, of those handled elsewhere")
        assert share.percent == HIDDEN


class TestSatisfaction:
    KIND = {"form": "A", "quarter": "2022-Q2", "region": "NORTH", "route": "FORMAL"}

    def answer(self, safe: int, unsafe: int, invited: int) -> Document:
        rest = {**self.KIND, "closure": "finding", "identity": "OPEN"}
        said = ["agree"] * safe + ["disagree"] * unsafe
        Response.objects.bulk_create(Response(**rest, answers={"q1": s}) for s in said)
        day = date(2022, 6, 1)
        Invitation.objects.bulk_create(
            Invitation(
                **rest, token_hash=str(n), opens_on=day, closes_on=day, used=n < safe + unsafe
            )
            for n in range(invited)
        )
        return only("satisfaction")

    def item(self, document: Document) -> Any:
        return next(i for i in document.sections[0].items if i.label.startswith("I felt safe"))

    def test_shares_come_with_bounds_and_the_line_to_beat(self, db: None) -> None:
        item = self.item(self.answer(65, 45, 200))
        assert item.figure.percent == Shown(59)
        assert item.bounds == (33, 78)
        assert item.target.percent == 45

    def test_nothing_under_ten_on_either_side_is_shown(self, db: None) -> None:
        item = self.item(self.answer(40, 9, 100))
        assert item.figure.percent == HIDDEN
        assert item.bounds is None

    def test_few_answers_are_marked(self, db: None) -> None:
        assert "may not represent everyone" in self.answer(30, 20, 200).warning

    def test_every_page_that_quotes_the_survey_is_marked_with_it(self, db: None) -> None:
        self.answer(30, 20, 200)
        for document in made("heard", "indicators", "board-summary").values():
            assert "may not represent everyone" in document.warning

    def test_late_answers_stand_beside_early_ones(self, db: None) -> None:
        rest = {**self.KIND, "closure": "finding", "identity": "OPEN"}
        said = [("early", "agree", 30), ("early", "disagree", 10), ("late", "agree", 12)]
        for pace, view, number in (*said, ("late", "disagree", 28), ("", "agree", 50)):
            answered = [Response(**rest, pace=pace, answers={"q1": view}) for _ in range(number)]
            Response.objects.bulk_create(answered)
        document = only("satisfaction")
        label = "I felt safe raising my concern: {}"
        early = figure(document, label.format("answered in the first 14 days"))
        late = figure(document, label.format("answered later"))
        assert (early.percent, late.percent) == (Shown(75), Shown(25))
        compared = figure(document, label.format("late compared with early"))
        assert (compared.points, compared.words[:11]) == (Shown(-50), "They differ")
        assert "Nothing is weighted" in " ".join(catalogue.SATISFACTION.definition)

    def test_enough_answers_are_not(self, db: None) -> None:
        assert self.answer(40, 40, 200).warning == ""

    def test_a_quarter_still_being_answered_waits(self, db: None) -> None:
        self.answer(40, 40, 100)
        Snapshot.objects.all().delete()
        waiting = {due.report.name for due in find_due(date(2022, 7, 30))}
        assert "satisfaction" not in waiting
        assert "satisfaction" in {due.report.name for due in find_due(date(2022, 8, 1))}

    def test_all_eleven_questions_have_their_place(self, db: None) -> None:
        document = self.answer(65, 45, 200)
        sizes = {section.key: len(section.items) for section in document.sections}
        assert (sizes["form-a"], sizes["form-b"], sizes["worse"]) == (9, 4, 2)

    def test_bounds_need_every_figure(self) -> None:
        hidden = ProtectedShare(HIDDEN, Shown(20), HIDDEN, HIDDEN, HIDDEN)
        assert bounds_of(hidden, hidden) is None

    def test_the_forms_are_those_of_the_survey(self) -> None:
        assert {"A", "B"} <= {form.value for form in Form}


class TestFairness:
    def outcomes(
        self, groups: dict[str, tuple[int, int]], silent: Sequence[Concern] = ()
    ) -> Document:
        day, ended = date(2022, 5, 3), date(2022, 9, 1)
        for upheld, rest in groups.values():
            store([Concern(day, ended, Ending.UPHELD) for _ in range(upheld)])
            store([Concern(day, ended, Ending.NOT_UPHELD) for _ in range(rest)])
        codes = [code for code, sizes in groups.items() for _ in range(sum(sizes))]
        store(silent)
        return self.counted(codes)

    def counted(self, codes: list[str]) -> Document:
        """The report, after complainants have said these codes, in the order of their cases."""
        for case, code in zip(Case.unguarded.order_by("pk"), codes, strict=False):
            answers.keep(case, {"ethnic_group": code}, {}, date(2022, 9, 1))
        document = only("fairness")
        assert not CaseFact.objects.exclude(ethnic_group="").exists()
        return document

    def test_no_rate_is_given_where_fewer_than_60_in_100_said_their_group(
        self, policies: None
    ) -> None:
        """100 of 170 decided said theirs (58.8%); of 166 it is 60.2%, and the rates are given."""
        silent = [Concern(date(2022, 5, 3), date(2022, 9, 1), Ending.UPHELD) for _ in range(66)]
        with_rates = self.outcomes({"W1": (25, 25), "B1": (10, 40)}, silent)
        assert len(with_rates.sections[0].items) == 3
        Snapshot.objects.all().delete()
        Release.objects.all().delete()
        store(silent[:4])
        document = only("fairness")
        assert all(document.sections[n].items == () for n in (0, 1))
        assert "Fewer than 60 in 100" in document.sections[0].note
        assert document.lead == first_sentence.NO_RATES
        assert figure(document, "Everywhere", "declared").whole == Shown(170)

    def test_how_complete_the_answers_are_stands_by_region(self, policies: None) -> None:
        store([Concern(date(2022, 5, 3)) for _ in range(100)])
        cases = list(Case.unguarded.order_by("pk"))
        for case in cases[:80]:
            answers.offer(case)
        for number, case in enumerate(cases[:60]):
            answers.keep(case, {"ethnic_group": "PNTS" if number < 20 else "SA1"}, {}, MARCH)
        document = only("fairness")
        shares = {key: figure(document, "North", key) for key in ("asked", "answered", "declared")}
        assert {key: share.percent for key, share in shares.items()} == {
            "asked": Shown(80),
            "answered": Shown(60),
            "declared": Shown(40),
        }
        assert figure(document, "Everywhere", "prefer-not").percent == Shown(33)

    def test_answers_kept_apart_count_as_answered_and_not_as_declared(self, policies: None) -> None:
        store([Concern(date(2022, 5, 3), rest={"identity": "ANONYMOUS"}) for _ in range(40)])
        for case in Case.unguarded.all()[:30]:
            answers.keep(case, {"ethnic_group": "B1"}, {}, MARCH)
        document = only("fairness")
        assert figure(document, "Everywhere", "answered").percent == Shown(75)
        assert figure(document, "Everywhere", "declared").percent == Shown(0)

    def test_without_monitoring_data_it_says_so(self, policies: None) -> None:
        store([Concern(date(2022, 5, 3), date(2022, 9, 1), Ending.UPHELD) for _ in range(40)])
        assert "has been recorded yet" in only("fairness").sections[0].note
        assert only("fairness", "2022-23-Q1").sections[0].items == ()

    def test_two_groups_of_twenty_are_compared(self, policies: None) -> None:
        document = self.outcomes({"W1": (25, 25), "B1": (10, 30), "O1": (12, 12)})
        label = "Caribbean, compared with English, Welsh, Scottish, Northern Irish or British"
        compared: ProtectedComparison = figure(document, label, "fair-upheld")
        assert (compared.points, compared.ratio) == (Shown(-25), Shown(50))
        assert "differ" in compared.words

    def test_small_groups_are_put_together_and_said_to_be(self, policies: None) -> None:
        document = self.outcomes({"W1": (25, 25), **self.FEW})
        labels = {item.label for item in document.sections[0].items}
        assert "Black, Black British, Caribbean or African" in labels
        assert "in five groups" in document.sections[0].note

    FEW = {"B1": (8, 8), "B2": (8, 8), "O1": (8, 8), "O2": (6, 6)}  # noqa: RUF012

    def test_a_group_that_does_not_occur_is_not_left_out(self, policies: None) -> None:
        """Of 25 from two groups alone, leaving the third out would say that no one is of it."""
        document = self.outcomes({"W1": (25, 25), "B1": (10, 30)})
        labels = [item.label for item in document.sections[0].items]
        assert not any("Caribbean" in label for label in labels)

    def test_one_small_group_does_not_collapse_the_others(self, policies: None) -> None:
        sizes = {"A1": 37, "A2": 28, "B1": 60, "B2": 57, "W1": 148, "W2": 17}
        groups = {code: (n // 2, n - n // 2) for code, n in sizes.items()}
        document = self.outcomes({**groups, "O1": (6, 5)})
        labels = [item.label for item in document.sections[0].items]
        assert "Indian" in labels
        assert "Caribbean" in labels
        assert "All other groups together" in labels
        assert not {"Irish", "Arab", "Roma"} & set(labels)

    def test_the_year_is_a_year(self, policies: None) -> None:
        """The last days of March before are another year's."""
        day, before = date(2021, 12, 1), date(2022, 3, 30)
        early = [Concern(day, before, Ending.UPHELD) for _ in range(10)]
        document = self.outcomes({"W1": (25, 25), "B1": (10, 30), "O1": (12, 12)}, early)
        assert figure(document, "Caribbean").whole == Shown(40)
        whole = figure(document, "Said their ethnic group, of those decided")
        assert whole.whole == Shown(115)

    def test_years_whose_answers_are_parted_are_not_called_three_years_together(
        self, policies: None
    ) -> None:
        parted = [Concern(date(2021, 5, 3), date(2021, 9, 1), Ending.UPHELD) for _ in range(100)]
        document = self.outcomes({"W1": (25, 25), **self.FEW}, parted)
        assert "over one year, in five groups" in document.sections[0].note
        # Two years have decisions, so it does not say three.
        assert "over two years together" in self.whole_years().sections[0].note

    def whole_years(self) -> Document:
        """The same, had everybody in the earlier years said their group too."""
        Snapshot.objects.all().delete()
        Release.objects.all().delete()
        for case in Case.unguarded.filter(received_on__year=2021):
            answers.keep(case, {"ethnic_group": "W1"}, {}, date(2021, 9, 1))
        return only("fairness")

    def test_the_lists_of_all_divisions_come_down_to_the_same_five_groups(
        self, policies: None
    ) -> None:
        white, black = {"SW1": (10, 5), "NW1": (5, 10)}, {"B1": (8, 8), "SB1": (10, 10)}
        document = self.outcomes({**white, **black, "O1": (12, 12)})
        assert "in five groups" in document.sections[0].note
        whites, blacks = document.sections[0].items[0].figure, document.sections[0].items[1].figure
        assert {str(whites.whole), str(blacks.whole)} == {"30", "35"}  # type: ignore[union-attr]

    def test_too_few_of_everybody_show_nothing(self, policies: None) -> None:
        document = self.outcomes({"W1": (25, 25), "B1": (4, 5), "O1": (2, 3)})
        assert document.sections[0].items == ()
        assert "no finding that all is well" in document.sections[0].note


class TestBuildReports:
    def test_it_builds_what_has_ended_and_once(self, policies: None) -> None:
        store([Concern(date(2023, 2, 3)) for _ in range(9)])
        names = set(build_all(NOW, date(2023, 4, 1)))
        ends = ("2022-23-M11", "2022-23-Q4", "2022-23")
        assert {("volumes", name) for name in ends} <= names
        assert ("volumes", "2022-23-Q3") not in names
        assert ("satisfaction", "2022-23-Q4") not in names
        before = list(Snapshot.objects.order_by("pk").values_list("pk", "body", "charts"))
        assert build_all(NOW, date(2023, 4, 2)) == []
        later = {name for name, _ in build_all(NOW, date(2023, 5, 2))}
        assert {"satisfaction", "board-summary", "equality-duty", "indicators"} <= later
        kept = Snapshot.objects.filter(pk__in=[pk for pk, _, _ in before]).order_by("pk")
        assert list(kept.values_list("pk", "body", "charts")) == before

    def test_two_makings_are_the_same_to_the_byte(self, policies: None) -> None:
        store([Concern(date(2022, 5, 3 + n % 20)) for n in range(60)])
        twice = []
        for _ in range(2):
            made("volumes", "backlog")
            rows = Snapshot.objects.order_by("report")
            twice.append([(r.body, r.charts, bytes(r.workbook)) for r in rows])
            Snapshot.objects.all().delete()
            Release.objects.all().delete()
        assert twice[0] == twice[1]

    def test_the_command_tells_how_far_it_is(self, policies: None) -> None:
        store([Concern(date(2023, 2, 3)) for _ in range(9)])
        call_command("build_reports", now=datetime(2023, 3, 2, 9, tzinfo=UTC), verbosity=0)
        run = ReportRun.objects.get()
        assert (run.done, run.total, run.failed) == (2, 2, False)
        assert run.finished_at is not None

    def test_the_command_says_what_it_made(self, policies: None, settings: Any) -> None:
        out = StringIO()
        call_command("build_reports", stdout=out)
        assert "up to date" in out.getvalue()
        with pytest.raises(CommandError, match="no period"):
            call_command("build_reports", period="yesterday")
        assert ReportRun.objects.order_by("pk").last().failed  # type: ignore[union-attr]


class TestSeries:
    def test_a_chart_of_variation_is_made_of_what_was_published(self, policies: None) -> None:
        for month in range(12):
            day = date(2022 + (month + 3) // 12, (month + 3) % 12 + 1, 15)
            store([Concern(day) for _ in range(20 if month % 2 else 25)])
        run = Run(NOW)
        dues = [Due(catalogue.VOLUMES, month) for month in YEAR.parts(Length.MONTH)]
        run.make([*dues, Due(catalogue.VOLUMES, YEAR)])
        document = run.made["internal", "2022-23"]["volumes"]
        series = figure(document, "Concerns received", "month-by-month")
        assert [str(f) for f in series.figures] == ["25", "20"] * 6
        assert series.provisional
        assert series.upper is not None

    def test_a_new_base_says_why(self, policies: None) -> None:
        Rebase.objects.create(
            series="month-by-month", period="2022-23-M02", reason="A helpline opened", made_at=NOW
        )
        store([Concern(date(2022, 4 + n // 30, 5)) for n in range(90)])
        run = Run(NOW)
        months = [read_period(f"2022-23-M{n:02}") for n in (1, 2, 3)]
        run.make([*(Due(catalogue.VOLUMES, m) for m in months), Due(catalogue.VOLUMES, YEAR)])
        document = run.made["internal", "2022-23"]["volumes"]
        section = next(s for s in document.sections if s.key == "month-by-month")
        assert "Counted afresh from May 2022: A helpline opened." in section.note


def test_no_month_is_counted_before_it_has_ended(policies: None) -> None:
    store([Concern(MARCH)])
    assert find_due(MARCH) == []
