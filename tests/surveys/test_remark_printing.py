"""Remarks are printed when ten are agreed, and prepared by two people on the pages."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from django.core import serializers
from django.test import Client

from grievances.audit.models import Event
from grievances.reports.disclosure.comments import protect_words
from grievances.reports.layout.exports import write_csv
from grievances.reports.periods import read_period
from grievances.reports.survey_comments import words_of
from grievances.surveys import comment_review as acts
from grievances.surveys import comments, release
from grievances.surveys.comment_models import PrintedRemarks, Remark
from tests.factories.cases import START, at
from tests.factories.people import Staff
from tests.signing_in import sign_in
from tests.surveys.written_remarks import (
    AFTER,
    FIRST,
    NEXT_YEAR,
    QUARTER,
    SECOND,
    YEAR,
    empty_document,
    prepare,
    publish,
    settle,
    write,
)
from workflow.steps import Refused


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

    def test_the_gate_lets_fewer_than_ten_through_to_no_one(self) -> None:
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


def test_a_page_that_is_too_old_shows_the_newest_wording_and_the_next_press_answers_it(
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
