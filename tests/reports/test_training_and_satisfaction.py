"""Reports of training and of the survey."""

from __future__ import annotations

from datetime import date
from typing import Any

from grievances.people.models import Training, Unit, User
from grievances.reports import catalogue
from grievances.reports.builders import find_due
from grievances.reports.contents.experience import bounds_of
from grievances.reports.contents.rates import ASK_FOR_STAFF
from grievances.reports.disclosure.derived import ProtectedRate
from grievances.reports.disclosure.protected import (
    HIDDEN,
    ProtectedShare,
    Shown,
)
from grievances.reports.fact_models import ElsewhereConcern, StaffCount
from grievances.reports.layout.document import Document
from grievances.reports.snapshot_models import Snapshot
from grievances.surveys.models import Form, Invitation, Response
from grievances.vocabulary import Region
from tests.reports.built_reports import made, only
from tests.reports.report_factory import figure


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

    def test_late_answers_are_shown_beside_early_ones(self, db: None) -> None:
        rest = {**self.KIND, "closure": "finding", "identity": "OPEN"}
        said = [("early", "agree", 60), ("early", "disagree", 20), ("late", "agree", 25)]
        for pace, view, number in (*said, ("late", "disagree", 75), ("", "agree", 50)):
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
