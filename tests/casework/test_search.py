"""A search finds what one may read, tells the complainant, and keeps no word."""

from __future__ import annotations

import re
from collections.abc import Iterator
from threading import BoundedSemaphore
from typing import Any
from unittest.mock import Mock

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import OperationalError, connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from grievances.audit.models import Event
from grievances.cases.actions.actor import Caller, NotAllowed
from grievances.cases.models.case import Case
from grievances.cases.models.exclusions import Exclusions, bar
from grievances.cases.models.records import Kind
from grievances.casework import reading
from grievances.casework import search as search_module
from grievances.casework.search import Found, search
from grievances.encryption import hybrid_keys
from grievances.evidence.upload import receive
from grievances.participants import participant_files
from grievances.web.cases.presenters import history
from tests.factories import cases
from tests.factories.cases import START, done
from tests.factories.people import PEOPLE, Staff
from tests.intake.raising import hidden
from tests.page_time import pages_at
from tests.participants import hearing
from tests.signing_in import sign_in, text_of

PAGE = "/cases/search/"
_page_time = pages_at(START)


def kinds(staff: Staff, who: str, words: str) -> set[Kind]:
    found = search(staff.caller(who), words, now=START)
    return {kind for hit in found.hits for kind in hit.kinds}


def finders(staff: Staff, words: str) -> set[str]:
    return {who for who in PEOPLE if search(staff.caller(who), words, now=START).hits}


def test_each_finds_what_they_may_read_and_nothing_else(staff: Staff) -> None:
    case = hearing.heard(staff)
    assert finders(staff, "ACCENT imitated") >= {"complainant1", "triage1", "handler1", "decider1"}
    for words in (hearing.ANSWER, hearing.OBSERVED, "Witness", "planted-secret-answer"):
        assert finders(staff, words) <= {"handler1", "decider1"}, words
    for who in PEOPLE:
        opened = None
        try:
            opened = reading.open_case(staff.caller(who), case.reference, now=START)
        except NotAllowed:
            assert search(staff.caller(who), "the", now=START).hits == (), who
            continue
        readable = {words.kind for words in opened.words if "laughter" in words.text}
        assert kinds(staff, who, "laughter") == readable, who


def test_names_of_files_are_found_by_those_who_see_them_and_told_like_any_hit(staff: Staff) -> None:
    case = cases.in_investigation(staff)
    asked, other = hearing.put(staff, case), hearing.ask(staff, case)
    reading.add_file(
        case, staff.caller("complainant1"), SimpleUploadedFile("Rota PEBBLE.txt", b"a"), now=START
    )
    for who, token, name in (
        ("respondent1", asked.token, "pebble theirs.txt"),
        ("staff1", other.token, "pebble of staff one.txt"),
    ):
        file = receive(name, iter([b"b"]))
        participant_files.add_heard(
            staff.caller(who), token, [file], others="copy", once="", now=START
        )
    assert finders(staff, "pebble rota") == {"complainant1", "triage1", "handler1", "decider1"}
    for words in ("pebble theirs", "pebble staff"):
        assert finders(staff, words) == {"handler1", "decider1"}, words
    for each, who in ((asked, "respondent1"), (other, "staff1")):
        hearing.answer(staff, each, who)
    hearing.decide(staff, case)
    assert "complainant1" in finders(staff, "pebble theirs")
    assert "complainant1" not in finders(staff, "pebble staff"), "a witness's name could be in it"
    last = Event.objects.filter(kind="case.found", role="handler").latest("seq")
    assert last.data == {"saw": "read_statements"}
    page = sign_in(Client(), staff, "handler1").post(PAGE, {"words": "pebble rota"})
    assert "Name of a file" in text_of(page)


def test_the_words_must_be_together_in_one_record_whatever_their_case(staff: Staff) -> None:
    case = cases.acknowledged(staff)
    text = "Zoë\u00a0asked about lunch."
    done(staff, case, "triage1", "message", START, (Kind.MESSAGE, text), text=text)
    assert kinds(staff, "triage1", "LUNCH  zoë") == {Kind.MESSAGE}
    assert kinds(staff, "triage1", "Zoe\u0308") == {Kind.MESSAGE}
    assert kinds(staff, "triage1", "lunch accent") == set()


def test_the_complainant_sees_that_it_was_found_and_by_whom_and_not_for_which_words(
    staff: Staff,
) -> None:
    case = cases.acknowledged(staff)
    other = cases.acknowledged(staff)
    done(staff, other, "triage1", "message", START, (Kind.MESSAGE, "lunch"), text="lunch")
    before = Event.objects.count()
    for _ in range(2):
        assert len(search(staff.caller("triage1"), "lunch", now=START).hits) == 1
    assert Event.objects.count() == before + 2
    assert not Event.objects.filter(subject=case.reference, kind="case.found").exists()
    _, events = reading.ledger(staff.caller("complainant1"), other.reference, now=START)
    rows = [(who, what) for who, what, _ in history.ledger_rows(events, "complainant")]
    said = "found the case by a search, in: what you told us and the messages"
    assert rows.count(("Triage officer", said)) == 2
    assert "lunch" not in str(list(Event.objects.values_list("data", "key")))


BARRED = ("respondent1", "linemanager1", "director", "staff2", "admin1", "analyst1", "auditor1")


def test_the_barred_find_nothing_and_it_costs_them_what_no_case_costs(staff: Staff) -> None:
    def cost(who: str) -> list[str]:
        with CaptureQueriesContext(connection) as queries:
            assert search(staff.caller(who), "accent", now=START) == Found((), 0, 0, "")
        return [query["sql"].split("WHERE")[0] for query in queries]

    without = {who: cost(who) for who in BARRED}
    case = cases.in_investigation(staff)
    bar(case, staff["staff2"].pk, Exclusions.Why.EXCLUDED)
    hearing.put(staff, case)
    assert {who: cost(who) for who in BARRED} == without
    bar(case, staff["handler1"].pk, Exclusions.Why.EXCLUDED)
    assert cost("handler1") == without["respondent1"]


def test_no_one_searches_without_a_part_or_a_key(staff: Staff) -> None:
    cases.acknowledged(staff)
    with pytest.raises(NotAllowed):
        search(Caller(None), "accent", now=START)
    keyless = search(Caller(staff["triage1"]), "accent", now=START)
    assert (keyless.hits, keyless.looked, keyless.locked) == ((), 1, 1)


def test_an_erased_or_archived_case_and_a_draft_are_not_found(staff: Staff) -> None:
    case = cases.acknowledged(staff)
    assert search(staff.caller("complainant1"), "accent", now=START).hits
    Case.unguarded.filter(pk=case.pk).update(state="ARCHIVED")
    assert search(staff.caller("complainant1"), "accent", now=START).looked == 0
    Case.unguarded.filter(pk=case.pk).update(state="DRAFT")
    assert search(staff.caller("complainant1"), "accent", now=START).looked == 0


def test_a_search_is_bounded_says_so_and_goes_on(
    staff: Staff, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(5):
        cases.acknowledged(staff)
    caller = staff.caller("triage1")
    every = {hit.case.reference for hit in search(caller, "accent", now=START).hits}
    assert len(every) == 5
    for limit, number in (("CASES", 2), ("HITS", 2), ("RECORDS", 1), ("SECONDS", -1)):
        with monkeypatch.context() as patch:
            patch.setattr(search_module, limit, number)
            seen: list[str] = []
            after, turns = "", 0
            while turns == 0 or after:
                found = search(caller, "accent", now=START, after=after)
                assert found.looked <= 2
                seen += [hit.case.reference for hit in found.hits]
                after, turns = found.after, turns + 1
            assert (sorted(seen), len(set(seen))) == (sorted(every), 5), limit
            assert turns >= 3
    with CaptureQueriesContext(connection) as five:
        search(caller, "no such words", now=START)
    monkeypatch.setattr(search_module, "CASES", 2)
    with CaptureQueriesContext(connection) as two:
        search(caller, "no such words", now=START)
    assert (len(five) - len(two)) / 3 <= 1  # the keys of each case


def test_the_pages_of_one_search_say_how_far_it_has_come(
    staff: Staff, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A search reads on beyond what it reads at a time, and adds up what it looked into."""
    for _ in range(5):
        cases.acknowledged(staff)
    monkeypatch.setattr(search_module, "AT_ONCE", 2)
    assert search(staff.caller("triage1"), "no such words", now=START).looked == 5
    monkeypatch.setattr(search_module, "CASES", 3)
    client = sign_in(Client(), staff, "triage1")
    page = text_of(client.post(PAGE, {"words": "accent"}))
    assert "We looked into 3 cases that you may read. There are more." in page
    asked = {name: hidden(page, name) for name in ("words", "after", "so_far")}
    page = text_of(client.post(PAGE, asked))
    assert "We looked into 2 cases that you may read. With the pages before, that is 5" in page
    assert "There are more" not in page
    assert client.post(PAGE, {**asked, "so_far": "x"}).status_code == 422


def pieces(client: Client, words: str) -> Iterator[str]:
    """The pieces of the page of a search, each made when it is asked for."""
    answer = client.post(PAGE, {"words": words})
    assert answer.status_code == 200
    return (bytes(piece).decode() for piece in answer)


def test_each_hit_is_sent_as_it_is_found(staff: Staff) -> None:
    for _ in range(3):
        cases.acknowledged(staff)
    found = Event.objects.filter(kind="case.found")
    page = pieces(sign_in(Client(), staff, "triage1"), "accent")
    assert "Words to look for" in next(page)
    for number in (1, 2, 3):
        assert not found.count() >= number
        assert re.findall(r"RC-\w{6}", next(page))
        assert found.count() == number
    assert "We looked into 3 cases that you may read." in (rest := "".join(page))
    assert "</html>" in rest


def test_the_halves_of_a_private_key_are_derived_once_for_all_cases(
    staff: Staff, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(3):
        cases.acknowledged(staff)
    derived = Mock(wraps=hybrid_keys.halves)
    monkeypatch.setattr(hybrid_keys, "halves", derived)
    assert len(search(staff.caller("triage1"), "accent", now=START).hits) == 3
    assert derived.call_count <= 1


def test_a_search_says_how_far_it_has_come_less_and_less_often(
    staff: Staff, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(5):
        cases.acknowledged(staff)
    monkeypatch.setattr(search_module, "AT_ONCE", 1)
    page = list(pieces(sign_in(Client(), staff, "triage1"), "no such words"))
    said = [int(number) for number in re.findall(r"We looked into (\d) cases", "".join(page))]
    assert said == [2, 4, 5]


def test_a_page_is_cut_where_no_one_typed_it(staff: Staff) -> None:
    cases.acknowledged(staff)
    typed = "accent <!-- what is found -->"
    page = "".join(pieces(sign_in(Client(), staff, "triage1"), typed))
    assert page.count("</html>") == page.count("Nothing found") == 1
    assert page.index("</form>") < page.index("Nothing found")


def test_a_search_that_the_database_ends_at_once_does_not_say_that_nothing_is_there(
    staff: Staff, monkeypatch: pytest.MonkeyPatch
) -> None:
    cases.acknowledged(staff)
    client = sign_in(Client(), staff, "triage1")
    monkeypatch.setattr(search_module, "_records_of", Mock(side_effect=OperationalError))
    said = text_of(client.post(PAGE, {"words": "no such words"}))
    assert "Nothing found" not in said
    assert "The search was cut short by a fault." in said
    assert "Search the next cases" in said


def test_a_search_that_the_database_ends_says_how_far_it_came(
    staff: Staff, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(4):
        cases.acknowledged(staff)
    monkeypatch.setattr(search_module, "AT_ONCE", 2)
    client = sign_in(Client(), staff, "triage1")
    page, real, asked = pieces(client, "no such words"), search_module._records_of, []

    def away(batch: list[Case]) -> Any:
        asked.append(batch)
        if len(asked) > 1:
            raise OperationalError
        return real(batch)

    monkeypatch.setattr(search_module, "_records_of", away)
    said = "".join(page)
    assert "We looked into 2 cases that you may read. There are more." in said
    monkeypatch.setattr(search_module, "_records_of", real)
    more = {name: hidden(said, name) for name in ("words", "after", "so_far")}
    assert "With the pages before, that is 4 cases." in text_of(client.post(PAGE, more))


def test_only_a_few_searches_at_a_time_are_long(
    staff: Staff, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A search that another one leaves no place is bounded as before, and says so."""
    for _ in range(2):
        cases.acknowledged(staff)
    monkeypatch.setattr(search_module, "PLACES", BoundedSemaphore(1))
    monkeypatch.setattr(search_module, "WHILE_OTHERS_SEARCH", -1)
    caller = staff.caller("triage1")
    first = search_module.look_through(caller, "accent", now=START)
    next(first)
    assert search(caller, "accent", now=START).looked == 1
    first.close()  # type: ignore[attr-defined]
    assert search(caller, "accent", now=START).looked == 2


def test_a_case_that_was_tampered_with_does_not_end_the_search(staff: Staff) -> None:
    broken, whole = cases.acknowledged(staff), cases.acknowledged(staff)
    for row in broken.sealed_keys.all():
        row.sealed = b"\0\0" + bytes(row.sealed)[2:]
        row.save()
    found = search(staff.caller("triage1"), "accent", now=START)
    assert ([hit.case for hit in found.hits], found.locked) == ([whole], 1)
