"""What complainants say of themselves: offered after sending, optional, changed and deleted."""

from __future__ import annotations

import json
from datetime import date

import pytest
from django.db import connection
from django.test import Client

from grievances.audit.models import Event
from grievances.cases.models.case import Case
from grievances.encryption.server_keys import open_for_server
from grievances.monitoring import answers
from grievances.monitoring.codes import (
    MAJORITY,
    MINORITY,
    broad_group_of,
    code_sets,
    ethnic_groups,
    group_of,
    known_codes,
    other_questions,
)
from grievances.monitoring.models import MonitoringAnswer, MonitoringCopy, MonitoringLink
from grievances.monitoring.quality import is_enough
from grievances.monitoring.statistics import read_copies, read_declared, unlink_expired
from grievances.retention import erasure
from grievances.vocabulary import Division
from tests.factories import cases, edge_cases
from tests.factories.cases import START
from tests.factories.people import Staff
from tests.intake.raising import page_of, sent, sent_anonymously
from tests.page_time import pages_at
from tests.signing_in import come_back, sign_in
from workflow.steps import Refused

TODAY = START.date()
SAID = {"ethnic_group": "B1", "own_words": "Bajan and from Leeds", "religion": "SIKH"}
_page_time = pages_at(START)


def about(case: Case) -> str:
    return f"/cases/{case.reference}/about-you/"


class TestTheLists:
    def test_england_and_wales_have_the_nineteen_of_2021(self) -> None:
        codes = [choice.code for choice in ethnic_groups("ENG_WLS", TODAY).choices]
        numbers = {"A": 5, "B": 3, "M": 4, "W": 5, "O": 2}
        assert codes == [
            f"{letter}{n}" for letter in numbers for n in range(1, numbers[letter] + 1)
        ]

    @pytest.mark.parametrize("division", Division.values)
    def test_every_division_has_a_list_of_its_own_that_comes_down_to_five(
        self, division: str
    ) -> None:
        code_set = ethnic_groups(division, TODAY)
        assert code_set.division == division
        assert {choice.group for choice in code_set.choices} == {
            "ASIAN", "BLACK", "MIXED", "WHITE", "OTHER",
        }  # fmt: skip
        assert any(choice.majority for choice in code_set.choices)
        anyone = [c for c in code_set.choices if c.label.lower().startswith("any other")]
        assert anyone
        assert all(choice.own_words for choice in anyone)

    def test_no_code_means_two_things(self) -> None:
        every = [choice.code for each in code_sets() for choice in each.choices]
        assert len(every) == len(set(every)) == len(known_codes())

    def test_a_code_comes_down_to_a_group_and_silence_stays_silence(self) -> None:
        assert group_of("W3") == "WHITE"
        assert broad_group_of("W3") == MINORITY, "White minorities are minorities"
        assert broad_group_of("W1") == MAJORITY
        assert group_of("PNTS") == broad_group_of("PNTS") == "PNTS"

    def test_seven_more_questions_are_asked_and_caste_is_none_of_them(self) -> None:
        names = [question.name for question in other_questions()]
        assert names == ["religion", "sex", "age", "disability", "grade", "nationality", "language"]
        codes = json.dumps([choice.label for q in other_questions() for choice in q.choices])
        assert "caste" not in codes.lower()


class TestOnItsOwnPage:
    def test_it_is_offered_after_sending_and_never_before(self, staff: Staff) -> None:
        client, case = sent(staff)
        receipt = client.get(f"/raise/{case.reference}/receipt/").content.decode()
        assert about(case) in receipt
        assert about(case) in client.get(f"/cases/{case.reference}/").content.decode()
        for page in ("what-happened", "help", "check"):
            assert "ethnic" not in client.get(f"/raise/{case.reference}/{page}/").content.decode()

    def test_it_says_why_and_who_and_that_it_is_a_choice(self, staff: Staff) -> None:
        client, case = sent(staff)
        page = page_of(client.get(about(case)))
        for words in ("Why we ask", "Who sees it", "You need not answer", "In your own words"):
            assert words in page
        assert MonitoringLink.objects.get().state == "ASKED"

    def test_an_answer_is_stored_apart_and_shown_nowhere(self, staff: Staff) -> None:
        client, case = sent(staff)
        assert client.post(about(case), SAID).status_code == 302
        link = MonitoringLink.objects.get()
        assert (link.case, link.state) == (case, "ANSWERED")
        assert MonitoringAnswer.objects.get().monitoring_id == link.monitoring_id
        page = client.get(about(case)).content.decode()
        assert "checked" not in page
        assert "Bajan" not in page
        said = read_declared()[case.pk]
        assert said == {"ethnic_group": "B1", "religion": "SIKH", "set": "ENG_WLS-2021"}

    def test_a_second_answer_takes_the_place_of_the_first(self, staff: Staff) -> None:
        client, case = sent(staff)
        client.post(about(case), SAID)
        before = MonitoringLink.objects.get().monitoring_id
        client.post(about(case), {"ethnic_group": "PNTS"})
        assert read_declared() == {case.pk: {"ethnic_group": "PNTS", "set": "ENG_WLS-2021"}}
        assert MonitoringAnswer.objects.get().monitoring_id != before

    def test_deleting_deletes_the_row_and_its_link_at_once(self, staff: Staff) -> None:
        client, case = sent(staff)
        client.post(about(case), SAID)
        link = MonitoringLink.objects.get().monitoring_id
        client.post(f"{about(case)}delete/")
        assert not MonitoringAnswer.objects.exists()
        assert not MonitoringLink.objects.filter(pk=link).exists()
        assert read_declared() == {case.pk: {"ethnic_group": "NOT_ANSWERED"}}
        assert "we keep nothing" in page_of(client.get(about(case)))

    def test_leaving_everything_out_stores_nothing(self, staff: Staff) -> None:
        client, case = sent(staff)
        client.get(about(case))
        client.post(about(case), {})
        assert read_declared() == {case.pk: {"ethnic_group": "NOT_ANSWERED"}}
        assert not MonitoringAnswer.objects.exists()

    def test_own_words_alone_are_an_answer(self, staff: Staff) -> None:
        client, case = sent(staff)
        client.post(about(case), {"own_words": "Dalit"})
        assert read_declared()[case.pk]["ethnic_group"] == "SELF"

    def test_too_long_and_made_up_answers_lose_nothing_that_was_typed(self, staff: Staff) -> None:
        client, case = sent(staff)
        answer = client.post(about(case), {"ethnic_group": "XX", "own_words": "y" * 201})
        assert answer.status_code == 422
        assert "y" * 201 in answer.content.decode()
        assert not MonitoringAnswer.objects.exists()

    def test_no_event_of_the_case_tells_of_it(self, staff: Staff) -> None:
        client, case = sent(staff)
        before = Event.objects.count()
        client.get(about(case))
        client.post(about(case), SAID)
        client.post(f"{about(case)}delete/")
        assert Event.objects.count() == before

    @pytest.mark.parametrize("who", ["triage1", "respondent1", "linemanager1", "analyst1", "dpo1"])
    def test_for_anyone_else_there_is_no_such_page(self, staff: Staff, who: str) -> None:
        _, case = sent(staff)
        other = sign_in(Client(), staff, who)
        assert other.get(about(case)).status_code == 404
        assert other.post(about(case), SAID).status_code == 404
        assert other.post(f"{about(case)}delete/").status_code == 404
        assert not MonitoringLink.objects.exists()

    def test_an_anonymous_person_answers_once_and_nothing_leads_back(self, staff: Staff) -> None:
        _, key = sent_anonymously()
        case = Case.unguarded.get()
        client = come_back(Client(), key)
        assert client.post(about(case), SAID).status_code == 302
        assert MonitoringLink.objects.get().state == "APART"
        assert not MonitoringAnswer.objects.exists()
        (copy,) = read_copies()
        assert (copy.region, copy.identity, copy.codes["ethnic_group"]) == (
            "WALES", "ANONYMOUS", "B1",
        )  # fmt: skip
        assert client.post(about(case), SAID).status_code == 409
        assert MonitoringCopy.objects.count() == 1
        client.post(f"{about(case)}delete/")
        assert MonitoringCopy.objects.count() == 1
        assert "not even you" in page_of(client.get(about(case)))


def test_a_copy_of_the_tables_shows_no_answer_and_no_length(staff: Staff) -> None:
    case = cases.raised(staff)
    sizes = set()
    for code, words in (("B1", ""), ("W1", "x" * 200)):
        answers.keep(case, {"ethnic_group": code}, {"own_words": words}, TODAY)
        row = MonitoringAnswer.objects.get()
        sizes.add((len(bytes(row.sealed_codes)), len(bytes(row.sealed_words))))
        # With its quotes: two bytes alone may well turn up by chance.
        assert f'"{code}"'.encode() not in bytes(row.sealed_codes)
    assert len(sizes) == 1


class TestWhatIsKept:
    def test_own_words_are_sealed_for_good(self, staff: Staff) -> None:
        case = cases.raised(staff)
        answers.keep(case, {"ethnic_group": "O2"}, {"other": "Kurdish"}, TODAY)
        row = MonitoringAnswer.objects.get()
        place = f"monitoring words|{row.pk}"
        assert "Kurdish" in open_for_server(bytes(row.sealed_words), place).decode()
        assert "Kurdish" not in str(read_declared())

    def test_the_longest_words_fit_whatever_their_letters(self, staff: Staff) -> None:
        case = cases.raised(staff)
        for letter in ("x", "é", "語", "😀"):
            words = {"other": letter * 200, "own_words": letter * 200}
            answers.keep(case, {"ethnic_group": "O2"}, words, TODAY)
            assert len(bytes(MonitoringAnswer.objects.get().sealed_words)) == 2078

    def test_twelve_months_after_closing_the_link_goes_and_a_copy_stays(self, staff: Staff) -> None:
        case = cases.closed(staff)
        answers.keep(case, {"ethnic_group": "M3", "sex": "FEMALE"}, {"own_words": "Me"}, TODAY)
        number = MonitoringAnswer.objects.get().pk
        assert case.closed_on == TODAY
        assert unlink_expired(date(2027, 11, 21)) == 0
        assert unlink_expired(date(2027, 11, 22)) == 1
        assert not MonitoringAnswer.objects.exists()
        assert MonitoringLink.objects.get().state == "APART"
        (copy,) = read_copies()
        assert (copy.codes["ethnic_group"], copy.codes["sex"]) == ("M3", "FEMALE")
        assert (copy.quarter, copy.region, copy.outcome) == ("2026-Q4", "NORTH", "UPHELD")
        assert MonitoringCopy.objects.get().pk != number
        assert unlink_expired(date(2028, 1, 1)) == 0

    def test_a_legal_hold_keeps_the_link(self, staff: Staff) -> None:
        case = cases.closed(staff)
        answers.keep(case, {"ethnic_group": "M3"}, {}, TODAY)
        Case.unguarded.filter(pk=case.pk).update(legal_hold=True)
        assert unlink_expired(date(2028, 1, 1)) == 0
        assert MonitoringAnswer.objects.exists()

    def test_a_person_who_answered_without_a_name_is_not_counted_again_with_one(
        self, staff: Staff
    ) -> None:
        case, _ = edge_cases.anonymous(staff)
        answers.keep(case, {"ethnic_group": "M3"}, {}, TODAY)
        case.identity = "CONFIDENTIAL"
        with pytest.raises(Refused, match="ALREADY_ANSWERED"):
            answers.keep(case, {"ethnic_group": "M3"}, {}, TODAY)
        assert not MonitoringAnswer.objects.exists()

    def test_erasing_the_case_erases_the_answers(self, staff: Staff) -> None:
        case = edge_cases.erasable(staff)
        answers.keep(case, {"ethnic_group": "A1"}, {}, TODAY)
        assert erasure.counts(case)[MonitoringLink._meta.db_table] == 1
        for _, rows in erasure.hanging_rows(case):
            rows.delete()
        assert not MonitoringLink.objects.exists()
        assert not MonitoringAnswer.objects.exists()

    def test_the_database_itself_deletes_the_answer_with_its_link(self, staff: Staff) -> None:
        case = cases.raised(staff)
        answers.keep(case, {"ethnic_group": "A1"}, {}, TODAY)
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM grievances_monitoringlink")
        assert not MonitoringAnswer.objects.exists()


class TestHowCompleteItIs:
    def test_a_rate_needs_60_in_100(self) -> None:
        assert is_enough(60, 100)
        assert not is_enough(59, 100)

    def test_nothing_is_not_enough(self) -> None:
        assert not is_enough(0, 0)
