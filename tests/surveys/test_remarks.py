"""What people wrote in the survey: prepared by two, printed together, led back to nobody."""

from __future__ import annotations

import json
import re
from datetime import date
from typing import Any

import pytest
from django.core import serializers
from django.test import Client

from grievances import tasks
from grievances.audit.models import Event
from grievances.cases.actions.actor import NotAllowed
from grievances.cases.models.assignments import grant
from grievances.cases.models.parties import add_party
from grievances.cases.models.readers import Tenure
from grievances.people.models import Appointment, LineManagement, Training
from grievances.reports import snapshots
from grievances.reports.disclosure.comments import protect_words
from grievances.reports.layout.document import Document
from grievances.reports.layout.exports import write_csv
from grievances.reports.periods import read_period
from grievances.reports.survey_comments import words_of
from grievances.surveys import comment_review as acts
from grievances.surveys import comments, release, responses
from grievances.surveys.comment_models import PrintedRemarks, Remark
from grievances.surveys.invitations import invite
from grievances.surveys.models import Form, Response
from grievances.vocabulary import Role, Standing
from grievances.web.shared import clock
from notifications.models import Notice
from tests.factories import cases
from tests.factories.cases import START, at
from tests.factories.people import Staff
from tests.signing_in import sign_in
from workflow.steps import Refused

AFTER = date(2027, 1, 31)
"""The first day on which nothing of the last quarter of 2026 can be answered any more."""
NEXT_YEAR = date(2027, 5, 1)
QUARTER, YEAR = "2026-Q4", "2026-27"
FIRST, SECOND = "dpo1", "independent1"
FACTS = {"region": "NORTH", "route": "FORMAL", "closure": "finding", "identity": "OPEN"}


def write(count: int, *, quarter: str = QUARTER, may: str = "yes", words: str = "Thought") -> None:
    for number in range(count):
        said = {"q1": "disagree", "q11": f"{words} {number} of Amara in Leeds", "print": may}
        responses.put_aside("A", quarter, FACTS, said)


@pytest.fixture
def written(staff: Staff) -> Staff:
    """Twelve remarks that may be printed, and three that may not, released."""
    write(12)
    write(3, may="no", words="Secret")
    release.release(AFTER)
    return staff


@pytest.fixture
def february(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "today", lambda: AFTER)
    monkeypatch.setattr(clock, "now", lambda: at(100))


def prepare(staff: Staff, row: Remark, *, withhold: bool = False) -> Remark:
    """Two people settle one remark."""
    text = comments.words_of(row).replace("Amara", "[name]").replace("Leeds", "[place]")
    row = acts.word(staff.caller(FIRST), row.pk, row.turn, "" if withhold else text, now=START)
    return acts.agree(staff.caller(SECOND), row.pk, row.turn, now=START)


def settle(staff: Staff, withhold: int = 0) -> None:
    for number, row in enumerate(Remark.objects.filter(agreed_by=None)):
        prepare(staff, row, withhold=number < withhold)


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

    def test_without_a_yes_nobody_ever_reads_it(self, written: Staff) -> None:
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


WROTE = "My manager Sam Hill laughed.  Nobody stopped him\nin Leeds, and it was not fair."


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
    def test_marks_may_stand_in_the_place_of_words(self, wording: str) -> None:
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
    def test_nobody_puts_words_into_somebodys_mouth(self, wording: str) -> None:
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

    def test_nothing_can_be_agreed_to_that_nobody_chose(self, written: Staff) -> None:
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
    def test_nobody_else_reads_a_remark(self, written: Staff, name: str) -> None:
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


class TestPrinting:
    def test_ten_agreed_remarks_are_printed_and_nothing_else_is_left(self, written: Staff) -> None:
        settle(written, withhold=2)
        assert acts.print_batch(written.caller(FIRST), QUARTER, now=at(100)) == 10
        assert not Remark.objects.exists()
        texts = comments.printed_in([QUARTER])
        assert len(texts) == 10
        assert all(text.endswith("of [name] in [place]") for text in texts)
        stored = serializers.serialize("json", PrintedRemarks.objects.all())
        assert "[name]" not in stored

    def test_nine_are_too_few(self, written: Staff) -> None:
        settle(written, withhold=3)
        with pytest.raises(Refused, match="NOT_READY"):
            comments.print_batch(QUARTER, AFTER)
        assert Remark.objects.count() == 12

    def test_nothing_is_printed_while_one_is_open(self, written: Staff) -> None:
        for row in Remark.objects.all()[:11]:
            prepare(written, row)
        with pytest.raises(Refused, match="NOT_READY"):
            comments.print_batch(QUARTER, AFTER)

    def test_what_is_too_few_waits_for_the_rest_of_its_year(self, staff: Staff) -> None:
        write(10, may="no")
        write(6)
        release.release(AFTER)
        write(10, may="no", quarter="2027-Q1")
        write(5, quarter="2027-Q1")
        settle(staff)
        with pytest.raises(Refused, match="NOT_READY"):
            comments.print_batch(YEAR, AFTER)
        release.release(NEXT_YEAR)
        settle(staff)
        for period in (QUARTER, "2027-Q1"):
            with pytest.raises(Refused, match="NOT_READY"):
                comments.print_batch(period, NEXT_YEAR)
        assert comments.print_batch(YEAR, NEXT_YEAR) == 11
        assert words_of("satisfaction", read_period("2026-27-Q3")).texts == ()
        assert len(words_of("satisfaction", read_period(YEAR)).texts) == 10, "as counts are"

    def test_a_period_is_printed_once(self, written: Staff) -> None:
        settle(written)
        comments.print_batch(QUARTER, AFTER)
        with pytest.raises(Refused, match="NOT_READY"):
            comments.print_batch(QUARTER, AFTER)
        with pytest.raises(Refused, match="NOT_READY"):
            comments.print_batch("nonsense", AFTER)

    def test_the_gate_lets_fewer_than_ten_through_to_nobody(self) -> None:
        assert protect_words(["x"] * 9).texts == ()
        assert len(protect_words(["x"] * 10).texts) == 10

    def test_events_tell_that_and_who_but_not_which_and_no_word(self, written: Staff) -> None:
        settle(written)
        acts.print_batch(written.caller(FIRST), QUARTER, now=at(100))
        rows = Event.objects.filter(kind__startswith="remark.")
        assert {row.kind for row in rows} == {"remark.worded", "remark.agreed", "remark.printed"}
        assert {str(row.data) for row in rows} == {"{'period': '2026-Q4'}"}
        assert {row.subject for row in rows} == {""}


@pytest.mark.usefixtures("february")
class TestThePages:
    def test_two_people_prepare_and_print_by_the_pages(self, written: Staff) -> None:
        one, two = (sign_in(Client(), written, name) for name in (FIRST, SECOND))
        listing = one.get("/remarks/").content.decode()
        assert "Thought" not in listing
        assert listing.count("/remarks/") >= 12
        for row in Remark.objects.all():
            page = one.get(f"/remarks/{row.pk}/")
            assert "Thought" in page.content.decode()
            assert "no-store" in page["Cache-Control"]
            assert "I agree with what" not in page.content.decode()
            text = comments.words_of(row).replace("Amara", "[name]").replace("Leeds", "[place]")
            said = {"turn": 0, "wording": text, "answer": "print"}
            assert one.post(f"/remarks/{row.pk}/", said).status_code == 302
            assert "I agree with what" in two.get(f"/remarks/{row.pk}/").content.decode()
            said = {"turn": 1, "answer": "agree"}
            assert two.post(f"/remarks/{row.pk}/", said).status_code == 302
        answer = one.post("/remarks/", {"period": QUARTER}, follow=True)
        assert "12 remarks are now" in answer.content.decode()
        assert PrintedRemarks.objects.count() == 1

    @pytest.mark.parametrize(
        ("said", "code"),
        [
            ({"turn": 0, "wording": "I made this up", "answer": "print"}, 409),
            ({"turn": 0, "wording": "", "answer": "print"}, 422),
            ({"turn": 0, "answer": "agree"}, 422),
            ({"turn": 7, "answer": "leave_out"}, 409),
            ({}, 422),
        ],
    )
    def test_a_faulty_answer_is_refused_in_a_sentence(
        self, written: Staff, said: dict[str, Any], code: int
    ) -> None:
        row = Remark.objects.all()[0]
        answer = sign_in(Client(), written, FIRST).post(f"/remarks/{row.pk}/", said)
        assert answer.status_code == code
        assert "There is a problem" in answer.content.decode()
        assert Remark.objects.get(pk=row.pk).turn == 0

    def test_what_is_not_ready_is_not_printed(self, written: Staff) -> None:
        client = sign_in(Client(), written, FIRST)
        assert client.post("/remarks/", {"period": QUARTER}).status_code == 409
        assert client.post("/remarks/", {"period": "<script>"}).status_code == 409

    def test_the_report_shows_them_on_its_page_and_in_its_files(self, written: Staff) -> None:
        publish()
        client = sign_in(Client(), written, "analyst1")
        address = "/reports/satisfaction{}?period=2026-27-Q3"
        assert "What people wrote" not in client.get(address.format("/")).content.decode()
        settle(written)
        acts.print_batch(written.caller(SECOND), QUARTER, now=at(100))
        page = client.get(address.format("/")).content.decode()
        assert page.count("of [name] in [place]") == 10
        csv = client.get(address.format(".csv")).content.decode()
        assert csv.count("of [name] in [place]") == 10
        told = client.get(address.format(".json")).json()
        assert len(told["words"]["texts"]) == 10
        for form in (page, csv, json.dumps(told)):
            assert "Amara" not in form

    def test_a_spreadsheet_takes_no_text_for_a_formula(self) -> None:
        words = protect_words([f"=1+{n}" for n in range(10)])
        assert "'=1+3" in write_csv(empty_document(), words)


def publish() -> None:
    edition = snapshots.Edition(snapshots.INTERNAL, 1, at(100))
    snapshots.keep(empty_document(), {}, edition, snapshots.Forms("<p>Figures</p>"))


def empty_document() -> Document:
    return Document("satisfaction", "2026-27-Q3", date(2026, 12, 31), 10, "Nothing.")


def test_a_page_that_is_too_old_shows_what_stands_now_and_the_next_press_answers_to_it(
    written: Staff, february: None, client: Client
) -> None:
    row = Remark.objects.all()[0]
    text = comments.words_of(row)
    sign_in(client, written, FIRST)
    acts.word(written.caller(SECOND), row.pk, 0, text, now=START)
    said = {"turn": 0, "wording": text, "answer": "print"}
    late = client.post(f"/remarks/{row.pk}/", said)
    assert late.status_code == 409
    assert "What the other person chose" in late.content.decode()
    turn = re.search(r'name="turn" value="(\d+)"', late.content.decode())
    assert turn is not None
    assert client.post(f"/remarks/{row.pk}/", {**said, "turn": turn[1]}).status_code == 302
