"""Names as other conventions write them: German for Russian, English for Polish, by initials.

Each line must find the person; and no line may keep a tenth of an organisation out.
"""

from __future__ import annotations

import itertools
import random

import pytest

from grievances.people.directory import Directory, Entry
from tests.access.test_names_of_one_workplace import FIRST, LAST, MOST_KEPT_OUT

TYPED = {
    "Hrvoje Đurđević": "Hrvoje Gjurgjevic | Hrvoje Gjurgjević | Hrvoje Djurdjevic",
    "Anđela Vuković": "Angjela Vukovic | Andjela Vukovich",
    "Yehoshua Ben-Shalom": "יהושע ב׳ | יהושע בן שלום | Josh Benshalom",
    "David Ben-Ami": "דוד ב׳",
    "Yevgenia Khrushcheva": "Evgenija Hruščeva | Jewgenija Chruschtschowa | Женя Х. | Zhenya",
    "Θεοδώρα Χρήστου": "Thea C | Theodora C",
    "Hristo Yordanov": "Христо Й. | Х. Йорданов | Hristo J",
    "Sergei Zhdanov": "Сергей Ж. | Sergej Schdanow | Sergej Ždanov | Serguei Jdanov",
    "Lyudmila Chernyshevskaya": "Ludmila Tschernyschewskaja | Ljudmila Černyševskaja",
    "Oleksandr Tkachenko": "Alex Tkach | Сашко Ткаченко",
    "Reza Mohammadzadeh": "رضا محمدزاده",
    "Parisa Zolfaghari": "پریسا ذوالفقاری",
    "Morteza Kazemi": "مرتضی کاظمی",
    "Seo-yeon Ryu": "Lyu S Y",
    "Aoibheann Ní Shúilleabháin": "Eevin O Sullivan",
    "Theodora Anastasiou": "Thea A.",
    "Konstantinos Papageorgiou": "Dinos P | Κώστας",
    "Wojciech Jędrzejczyk": "Voytek Yendzheychik",
    "Agnieszka Wrzesińska": "Agnes Vzheshinska | Агнешка Вжесиньска",
    "Małgorzata Wiśniewska": "Gośka W | Malgorzata Vishnievska",
    "Mohammed Shafiqul Islam": "Shafik",
    "Taufiqul Alam": "Taufik",
    "Rukhsana Parveen Akhtar": "Rukhsana Bibi | Rukhsana Bano",
    "Nasreen Ali Khan": "Nasreen Khatun | Razia (and her friend Nasreen)",
    "Razia Sultana": "Razia (and her friend Nasreen)",
    "Ardita Hoxhaj": "Ardita Hodzaj | Ardita Hodja",
    "Txomin Goikoetxea": "Chomin Goicoechea",
    "Íñigo Etxeberria": "Inigo Echeverria | Íñigo Echevarría",
    "Jane Entwistle": "jane.entwistle1 | my boss Jane from Leeds",
    "Roy Dunkerley": "roy.dunkerley2 | Roy, who line manages Adaeze",
    "Adaeze Nwachukwu": "Roy, who line manages Adaeze | Jane, who reports to Adaeze",
}
NAMES = tuple(TYPED)
LINES = [(name, line.strip()) for name, lines in TYPED.items() for line in lines.split("|")]


@pytest.fixture(scope="module")
def directory() -> Directory:
    """People of a service of 350, and among them those whom the lines name."""
    pairs = list(itertools.product(FIRST.split(), LAST.split()))
    random.Random(11).shuffle(pairs)
    others = [
        Entry(1000 + at, f"user{at}", f"{first} {last}")
        for at, (first, last) in enumerate(pairs[: 350 - len(NAMES)])
    ]
    named = [Entry(at, f"staff{at}", name) for at, name in enumerate(NAMES)]
    return Directory([*others, *named])


@pytest.mark.parametrize(("name", "line"), LINES)
def test_a_line_finds_the_person_and_not_half_of_the_organisation(
    directory: Directory, name: str, line: str
) -> None:
    found = {pk for match in directory.find(line) for pk in match.close}
    assert NAMES.index(name) in found
    assert len(found) < MOST_KEPT_OUT * len(directory.entries)
