"""What people wrote in the survey: prepared by two, printed together, led back to no one."""

from __future__ import annotations

import json
from datetime import date

import pytest
from django.core import serializers
from django.test import Client

from grievances import tasks
from grievances.cases.actions.actor import NotAllowed
from grievances.cases.models.assignments import grant
from grievances.cases.models.parties import add_party
from grievances.cases.models.readers import Tenure
from grievances.people.models import Appointment, LineManagement, Training
from grievances.surveys import comment_review as acts
from grievances.surveys import comments, release, responses
from grievances.surveys.comment_models import PrintedRemarks, Remark
from grievances.surveys.invitations import invite
from grievances.surveys.models import Form, Response
from grievances.vocabulary import Role, Standing
from grievances.web.shared import clock
from notifications.models import Notice
from tests.factories import cases
from tests.factories.cases import START
from tests.factories.people import Staff
from tests.signing_in import sign_in
from tests.surveys.written_remarks import (
    AFTER,
    FACTS,
    FIRST,
    NEXT_YEAR,
    QUARTER,
    SECOND,
    WROTE,
    prepare,
    settle,
    write,
)
from workflow.steps import Refused


class TestWhatIsKept:
    def test_words_that_may_be_printed_are_parted_from_the_other_answers(
        self, written: Staff
    ) -> None:
        assert Remark.objects.count() == 12
        shared = [row for row in Response.objects.all() if responses.MAY_PRINT in row.answers]
        assert len(shared) == 12
        assert all("q11" not in row.answers for row in shared)
        stored = serializers.serialize("json", [*Remark.objects.all(), *Response.objects.all()])
        for word in ("Thought", "Amara", "Leeds", "Secret"):
            assert word not in stored
        fields = {name for row in json.loads(stored)[:12] for name in row["fields"]}
        assert fields == {
            "quarter", "sealed", "wording", "withheld", "turn", "worded_by", "agreed_by",
        }  # fmt: skip
        assert not {r.pk for r in Remark.objects.all()} & {r.pk for r in Response.objects.all()}

    def test_without_a_yes_no_one_ever_reads_it(self, written: Staff) -> None:
        said = [comments.words_of(row) for row in Remark.objects.all()]
        assert not [words for words in said if "Secret" in words]
        kept = [row for row in Response.objects.all() if "q11" in row.answers]
        assert len(kept) == 3

    @pytest.mark.parametrize("may", ["", "no", "perhaps"])
    def test_only_a_yes_is_a_yes(self, may: str, staff: Staff) -> None:
        write(12, may=may)
        release.release(AFTER)
        assert not Remark.objects.exists()

    def test_a_yes_without_words_is_nothing(self, staff: Staff) -> None:
        for _ in range(10):
            responses.put_aside("A", QUARTER, FACTS, {"q11": "  ", "print": "yes"})
        release.release(AFTER)
        assert not Remark.objects.exists()
        assert {str(row.answers) for row in Response.objects.all()} == {"{}"}

    def test_they_are_written_in_another_order_than_the_answers(self, staff: Staff) -> None:
        write(40)
        release.release(AFTER)
        rows = list(Remark.objects.raw("SELECT * FROM grievances_remark"))
        assert [comments.words_of(row) for row in rows] != [
            f"Thought {n} of Amara in Leeds" for n in range(40)
        ]

    def test_they_are_deleted_with_the_answers(self, written: Staff) -> None:
        settle(written)
        comments.print_batch(QUARTER, AFTER)
        write(12, quarter="2027-Q1")
        release.release(NEXT_YEAR)
        release.delete_old(date(2028, 12, 31))
        assert PrintedRemarks.objects.exists()
        release.delete_old(date(2029, 4, 1))
        assert not PrintedRemarks.objects.exists()
        assert not Remark.objects.exists()

    def test_the_survey_asks_for_leave_in_plain_words(
        self, staff: Staff, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(clock, "today", lambda: START.date())
        link = invite(cases.decided(staff), Form.AFTER_OUTCOME, START.date())
        page = Client().get(link).content.decode()
        assert "May we print what you wrote?" in page
        assert "No, no one is to read it" in page
        Client().post(link, {"q11": "It took long", "print": "yes"})
        assert release.release(AFTER, least=1) == 1
        assert comments.words_of(Remark.objects.get()) == "It took long"


class TestRedacting:
    @pytest.mark.parametrize(
        "wording",
        [
            WROTE,
            "My manager [name] laughed. Nobody stopped him in [place], and it was not fair.",
            "[left out] laughed. Nobody stopped him [left out]",
            "My manager S[left out] laughed. [left out] it was not fair.",
        ],
    )
    def test_marks_may_replace_words(self, wording: str) -> None:
        comments.check_wording(WROTE, wording)

    @pytest.mark.parametrize(
        "wording",
        [
            "It was fair.",
            "My manager [name] laughed. Nobody stopped him in [place], and it was fair.",
            "My manager laughed. Nobody stopped him in Leeds, and it was not fair.",
            "[left out] it was not fair. My manager [name] laughed.",
            "My manager [name] laughed. Nobody stopped him in [place], and it was not fair. Good.",
            "My manager Sam Hill [a fool] laughed. [left out]",
            "[left out] laughed. [left out] laughed. [left out]",
        ],
    )
    def test_no_one_puts_words_into_someones_mouth(self, wording: str) -> None:
        with pytest.raises(Refused, match="NOT_THEIR_WORDS"):
            comments.check_wording(WROTE, wording)

    @pytest.mark.parametrize("wording", ["[name]", " [left out] . [name]! "])
    def test_marks_alone_are_nothing_to_print(self, wording: str) -> None:
        with pytest.raises(Refused, match="NOTHING_LEFT"):
            comments.check_wording(WROTE, wording)

    def test_one_person_alone_settles_nothing(self, written: Staff) -> None:
        row = Remark.objects.all()[0]
        text = comments.words_of(row)
        row = acts.word(written.caller(FIRST), row.pk, 0, text, now=START)
        with pytest.raises(Refused, match="SECOND_PERSON"):
            acts.agree(written.caller(FIRST), row.pk, row.turn, now=START)
        assert not Remark.objects.get(pk=row.pk).is_settled

    def test_nothing_can_be_agreed_to_that_no_one_chose(self, written: Staff) -> None:
        row = Remark.objects.all()[0]
        with pytest.raises(Refused, match="SECOND_PERSON"):
            acts.agree(written.caller(SECOND), row.pk, 0, now=START)

    def test_a_change_needs_the_other_one_to_agree_again(self, written: Staff) -> None:
        row = prepare(written, Remark.objects.all()[0])
        assert row.is_settled
        row = acts.word(written.caller(SECOND), row.pk, row.turn, "", now=START)
        assert not row.is_settled
        with pytest.raises(Refused, match="SECOND_PERSON"):
            acts.agree(written.caller(SECOND), row.pk, row.turn, now=START)
        row = acts.agree(written.caller(FIRST), row.pk, row.turn, now=START)
        assert row.is_settled
        assert row.withheld

    def test_who_read_an_older_turn_is_told_to_read_again(self, written: Staff) -> None:
        row = Remark.objects.all()[0]
        acts.word(written.caller(FIRST), row.pk, 0, "", now=START)
        with pytest.raises(Refused, match="STALE_STATE"):
            acts.word(written.caller(SECOND), row.pk, 0, comments.words_of(row), now=START)


class TestWhoMay:
    @pytest.mark.parametrize(
        "name", ["analyst1", "lead1", "triage1", "auditor1", "executive1", "admin1", "handler1"]
    )
    def test_no_one_else_reads_a_remark(self, written: Staff, name: str) -> None:
        row = Remark.objects.all()[0]
        with pytest.raises(NotAllowed):
            acts.open_remark(written.caller(name), row.pk, now=START)
        with pytest.raises(NotAllowed):
            acts.word(written.caller(name), row.pk, 0, "", now=START)
        with pytest.raises(NotAllowed):
            acts.print_batch(written.caller(name), QUARTER, now=START)

    @pytest.mark.parametrize(
        "tie", ["training", "office", "part", "grant", "party", "manager", "emergency"]
    )
    def test_who_has_a_tie_to_any_case_reads_none(self, written: Staff, tie: str) -> None:
        person = written[SECOND]
        case = cases.in_investigation(written)
        assert acts.why_not(person, START.date()) == ""
        if tie == "training":
            Training.objects.filter(person=person).update(expires_on=date(2026, 1, 1))
        elif tie == "office":
            Appointment.objects.create(person=person, office="triage", from_date=START.date())
        elif tie == "part":
            Tenure.objects.create(case=case, person=person, role="triage", from_on=START.date())
        elif tie in {"grant", "emergency"}:
            grant(case, person, Role.LEAD if tie == "grant" else Role.BREAK_GLASS)
        elif tie == "party":
            add_party(case, Standing.RESPONDENT, person.pk)
        else:
            LineManagement.objects.create(
                person=written["staff1"], manager=person, from_date=START.date()
            )
        assert acts.why_not(person, START.date())
        with pytest.raises(NotAllowed):
            acts.open_remark(written.caller(SECOND), Remark.objects.all()[0].pk, now=START)
        page = sign_in(Client(), written, SECOND).get("/remarks/").content.decode()
        assert "Remark 1" not in page

    def test_overseeing_every_case_is_no_tie(self, written: Staff) -> None:
        cases.in_investigation(written)
        assert acts.why_not(written[FIRST], START.date()) == ""

    def test_they_are_told_once_a_quarter_that_something_waits(
        self, written: Staff, february: None
    ) -> None:
        tasks.release_answers()
        tasks.release_answers()
        told = Notice.objects.filter(link="/remarks/", channel="inbox")
        assert told.count() == 2
        assert "Thought" not in serializers.serialize("json", Notice.objects.all())
