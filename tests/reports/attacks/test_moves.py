"""What an attack keeps for the next one is used only where it still fits (domain.md 10)."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from math import inf

import pytest

from grievances.audit.models import Event
from grievances.reports import catalogue
from grievances.reports.builders import WITHHELD, Due, Run
from grievances.reports.certificates import attack, ledger
from grievances.reports.certificates.attack import Attack
from grievances.reports.certificates.knowledge import Key, Knowledge, Known
from grievances.reports.certificates.ledger import Ledger
from grievances.reports.disclosure.linked_tables import write_box
from grievances.reports.layout.html import write_page
from grievances.reports.snapshot_models import Release
from tests.reports.attacks.organisations import some_organisation
from tests.reports.report_factory import YEAR

NOW = datetime.fromisoformat("2023-06-01T09:00:00+00:00")


def key(name: str) -> Key:
    return "people", frozenset({("place", frozenset({name}))})


def knowledge(*rows: tuple[dict[str, float], float, float], shown: str = "") -> Knowledge:
    """Four hidden figures a to d of 3, 4, 5 and 6 people, and a shown total e of 18."""
    found = Knowledge()
    for name, cases in zip("abcde", (3, 4, 5, 6, 18), strict=True):
        is_shown = name == "e" or name in shown
        low, high = (cases, cases) if is_shown else (0.0, inf)
        found.figures[key(name)] = Known(cases, 5, low, high, is_shown)
    whole = {"a": 1.0, "b": 1.0, "c": 1.0, "d": 1.0, "e": -1.0}
    for row, low, high in ((whole, 0.0, 0.0), *rows):
        found.rows.append(({key(name): sign for name, sign in row.items()}, low, high))
    return found


def test_an_earlier_answer_is_used_again() -> None:
    first = Attack(knowledge(), [key("a")])
    assert first.narrowed() == []
    second = Attack(knowledge(), [key("a")], first.moves, solves=0)
    assert second.narrowed() == []
    assert second.unfinished == set()


@pytest.mark.parametrize(
    ("row", "low", "high"),
    [({"a": 1.0, "b": 1.0}, 7.0, 7.0), ({"a": 1.0, "c": -1.0}, -4.0, -1.0), ({"a": 1.0}, 2.0, 4.0)],
)
def test_an_answer_that_no_longer_fits_is_not(
    row: dict[str, float], low: float, high: float
) -> None:
    first = Attack(knowledge(), [key("a")])
    first.narrowed()
    fresh = Attack(knowledge((row, low, high)), [key("a")])
    again = Attack(knowledge((row, low, high)), [key("a")], first.moves)
    assert again.narrowed() == fresh.narrowed()
    assert [again.width(key(n)) >= 5 for n in "ab"] == [fresh.width(key(n)) >= 5 for n in "ab"]


def test_an_answer_outside_a_figure_that_is_shown_now_is_not_used() -> None:
    first = Attack(knowledge(), [key("a")])
    first.narrowed()
    again = Attack(knowledge(shown="bcd"), [key("a")], first.moves)
    assert again.narrowed() == [key("a")]


def test_rounding_is_left_to_a_shown_figure_where_nothing_hidden_is_beside_it() -> None:
    """Alone among shown figures a number is safe only by what their rounding leaves open."""
    found = knowledge(shown="bcd")
    for name in "bcde":
        figure = found.figures[key(name)]
        figure.low, figure.high = figure.cases - 2, figure.cases + 2
    assert Attack(found, [key("a")]).narrowed() == []
    for name in "bcd":
        found.figures[key(name)].low = found.figures[key(name)].high = found.figures[
            key(name)
        ].cases
    assert Attack(found, [key("a")]).narrowed() == [key("a")]


def three_and_four(population: str) -> list[Release]:
    """Hidden figures of 3 and 4, and their total of 7, shown as 5: each is from 0 to 7."""
    boxes = [frozenset({("kind", frozenset({kind}))}) for kind in "ab"]
    return [
        Release(
            audience="internal",
            table=f"of {population}",
            place=f"{place},0",
            cases=cases,
            population=population,
            box=write_box(box),
            shown=place == 2,
            value=5 if place == 2 else 0,
        )
        for place, (cases, box) in enumerate(zip((3, 4, 7), (*boxes, frozenset()), strict=True))
    ]


@pytest.mark.parametrize(("population", "found"), [("concerns:all", 0), ("answers", 2)])
def test_only_answers_are_judged_by_the_threshold_of_a_survey(population: str, found: int) -> None:
    """Concerns are in reports that show 5; a survey that shows 10 does not find them."""
    known = Ledger({"internal": 5}, {("2022-23", 1): []})
    new = three_and_four(population)
    assert len(known.attack(YEAR, 1, ("internal",), new, 10).narrowed()) == found


def test_a_solver_that_did_not_get_the_processor_is_asked_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A millionth of a second is never enough; of processor time nothing has passed."""
    monkeypatch.setattr(attack, "SECONDS", 1e-6)
    assert key("a") in Attack(knowledge(), [key("a")]).narrowed()
    monkeypatch.setattr(attack, "process_time", lambda: 0.0)
    assert Attack(knowledge(), [key("a")]).narrowed() == []


def test_a_certificate_does_not_tell_that_no_hidden_figure_is_small() -> None:
    """Else a star of a group is 0 or many, and of two stars all are in one."""
    small, large = ("a", "b"), ("c", "d")
    certificates = []
    for names in (small, large):
        found = Attack(knowledge(), [key(name) for name in names])
        assert found.narrowed() == []
        certificates.append(found.certificate([key(name) for name in names]))
    assert certificates[0] == certificates[1]
    assert certificates[0].words == certificates[1].words
    assert Attack(knowledge(), []).certificate([]).narrowest is None


@pytest.mark.parametrize("cases", [5, 3])
def test_who_reads_the_reports_inside_may_know_a_figure_of_five(cases: int) -> None:
    """The file hides a and b together, and the reports inside show that a is all of them."""
    boxes = [frozenset({("kind", frozenset(kinds))}) for kinds in ("a", "b", "ab")]
    inside = [
        Release(audience="internal", table="1", place=f"{n},0", cases=found, population="concerns",
                box=write_box(boxes[n]), shown=True, value=5 if found else 0)
        for n, found in enumerate((cases, 0))
    ]  # fmt: skip
    file = Release(audience="published", table="2", place="0,0", cases=cases, population="concerns",
                   box=write_box(boxes[2]))  # fmt: skip
    known = Ledger({"internal": 5, "published": 10}, {("2022-23", 1): inside})
    assert known.attack(YEAR, 1, ("published",), [file]).narrowed() == []
    found = known.attack(YEAR, 1, ("internal", "published"), [file]).narrowed()
    assert len(found) == (cases < 5)


def test_a_report_that_cannot_be_made_safe_is_withheld_with_a_sentence(
    policies: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No programme may be solved, so every small figure counts as found, hidden as it is."""
    some_organisation(0, (60, 60))
    monkeypatch.setattr(ledger, "Attack", partial(Attack, solves=0))
    run = Run(NOW)
    run.make([Due(catalogue.BACKLOG, YEAR)])
    document = run.made["internal", YEAR.name]["backlog"]
    assert {section.note for section in document.sections} == {WITHHELD}
    assert not any(section.items for section in document.sections)
    assert document.certificate is not None
    assert document.certificate.tried == document.certificate.unfinished == 0
    assert not Release.objects.exists()
    assert Event.objects.filter(kind="report.withheld").count() == 1
    assert WITHHELD in write_page(document, {})
