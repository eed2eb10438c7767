"""Names as people type them beside others, hear them, scan them or copy them: generated."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import permutations

import pytest

from grievances.people.directory import Directory, Entry

PEOPLE = (
    "Elizabeth Jones", "Robert Smith", "Priya Menon", "Anna-Marie Clarke-Hughes", "Min-jun Kim",
    "Siobhán O'Brien", "Christopher McAllister", "Mohammed Al-Rashid", "Sergei Rachmaninov",
    "Gwenllian Rhys-Morgan", "Babatunde Ogunleye", "Thomas Weißmüller",
)  # fmt: skip
DIRECTORY = Directory(
    [Entry(pk, f"S{pk}/1", name, f"u{pk}@work.invalid") for pk, name in enumerate(PEOPLE, 1)],
    ["York"],
)
TITLES = (
    "Sheikh", "Hajji", "Alhaji", "Sra.", "Señora", "Srta.", "Signora", "Mevr.", "Meneer", "Herrn",
    "Fru", "Frøken", "Pani", "Smt.", "Shri", "Kumari", "Engr.", "Don", "Doña", "Big", "Uncle",
    "Auntie", "Chief", "Dr.", "Prof.", "Mx", "Capt.", "господин", "श्री",
)  # fmt: skip
BETWEEN = (
    ", ", ",", "; ", ";", " / ", "/", " & ", " + ", " and ", " or ", " | ", " \\ ", " – ", " > ",
    " * ", " x ", "\t", " und ", " et ", " y ", " и ",
)  # fmt: skip


def found(line: str) -> set[int]:
    """Everyone whom a line keeps out."""
    return {pk for match in DIRECTORY.find(line) for pk in match.close}


def first(name: str) -> str:
    return name.split()[0]


def last(name: str) -> str:
    return name.split()[-1]


SPELLINGS: dict[str, Callable[[str], list[str]]] = {
    "a nickname in quotes": lambda n: [
        f"{first(n)} {a}Nobby{b} {last(n)}" for a, b in ('""', "''", "“”", "‘’", "«»", "()", "„“")
    ],
    "letters behind it": lambda n: [
        f"{n}{more}"
        for more in (" Jr", ", Jr.", " Snr", " III", " MBE", ", BSc (Hons)", " PhD, FRCP")
    ],
    "halves of a double name": lambda n: [
        f"Ms {half}" for half in last(n).split("-") if len(last(n).split("-")) > 1
    ] + [f"{first(n)} {half}" for half in last(n).split("-")],
    "an initial": lambda n: [f"{n[0]}. {last(n)}", f"{last(n)} {n[0]}", f"{n[0]}.{last(n)}"],
    "a title": lambda n: [f"{title} {one}" for title in TITLES for one in (n, last(n))],
    "a title before the first name": lambda n: [
        f"{title} {first(n)}" for title in ("Sheikh", "Hajji", "Doña", "Don", "Big", "Auntie")
    ],
    "a scan": lambda n: [
        n.replace("m", "rn"), n.replace("M", "IVI") if "M" not in n else n.replace("e", "c", 1),
        n.replace("o", "0"), n.replace("l", "1"), n.replace("i", "l"), n.replace("s", "5", 1),
    ],
    "another program": lambda n: [
        n.replace("'", "&#39;"), n.replace("'", "%27"), n.replace(" ", "%20"),
        n.replace(" ", "&nbsp;"), n.replace(" ", "_"), n.replace(" ", "."),
        n.encode().decode("latin-1"),
    ],
    "turned round": lambda n: [f"{last(n)}, {first(n)}", f"{last(n).upper()} {first(n)}"],
}  # fmt: skip


@pytest.mark.parametrize("kind", SPELLINGS)
def test_a_named_person_is_found_however_it_was_typed(kind: str) -> None:
    missed = [
        line
        for pk, name in enumerate(PEOPLE, 1)
        for line in SPELLINGS[kind](name)
        if pk not in found(line)
    ]
    assert not missed


def pairs() -> Iterator[tuple[int, int]]:
    yield from list(permutations(range(1, len(PEOPLE) + 1), 2))[::7]


@pytest.mark.parametrize("how", [str, first, last, lambda name: f"{last(name)}, {first(name)}"])
def test_both_of_two_people_on_one_line_are_found(how: Callable[[str], str]) -> None:
    missed = []
    for n, pair in enumerate(pairs()):
        line = BETWEEN[n % len(BETWEEN)].join(how(PEOPLE[pk - 1]) for pk in pair)
        missed += [] if set(pair) <= found(line) else [line]
    assert not missed


HEARD = {
    "Elizabeth Jones": ("Элизабет Джонс", "Елізабет Джонс", "Ελίζαμπεθ Τζόουνς", "אליזבת ג'ונס",
                        "エリザベス・ジョーンズ"),
    "Robert Smith": ("Роберт Смит", "Ρόμπερτ Σμιθ", "روبرت سميث", "ロバート・スミス"),
    "Sergei Rachmaninov": ("Seryozha", "Serge Rachmaninoff", "Сергія Рахманінова"),
    "Min-jun Kim": ("김민준", "김 부장님", "Kim MJ", "MJ Kim"),
    "Siobhán O'Brien": ("Chevonne O'Brien", "Shivaun OBryan", "Siobhan O Brien"),
}  # fmt: skip


@pytest.mark.parametrize("name", HEARD)
def test_a_person_whose_name_is_written_as_heard_is_found(name: str) -> None:
    pk = PEOPLE.index(name) + 1
    assert not [line for line in HEARD[name] if pk not in found(line)]


@pytest.mark.parametrize("line", ["HR", "Xanthe Quillfeather", "the tall one", "Big Ben", "MJ Xu"])
def test_other_readings_find_no_one_who_is_not_meant(line: str) -> None:
    assert len(found(line)) <= 1


def test_a_long_line_of_names_alone_is_no_error() -> None:
    """Nothing was left of a sentence without the names in it, and the page was an error."""
    assert found("Elizabeth Jones Robert Smith Priya Menon") >= {1, 2, 3}
    assert found("Anna Marie Clarke Hughes Elizabeth Jones, that is all") >= {1, 4}
