"""Words that people typed about others are in no memory of the process afterwards."""

from __future__ import annotations

import gc
from collections import Counter
from collections.abc import Iterable

from grievances.people.directory import Directory, Entry, directory_of
from grievances.people.mentions import names_in_another_script
from grievances.people.pronunciation.sound_classes import classes

PEOPLE = (
    Entry(1, "S1", "Elizabeth Jones"), Entry(2, "S2", "田中由紀"), Entry(3, "S3", "Goran Šimić"),
    Entry(4, "S4", "Yael Rosenbaum"), Entry(5, "S5", "김민준"), Entry(6, "S6", "Cabdi Xasan"),
)  # fmt: skip
LINES = (
    "Quorblax Ziffle", "SPO Quarblex", "Ψυλλακόπουλος", "מר קוורבלקס", "葉瑤瑤", "トマソンヌ",
    "퀘벡빈", "Cabdiqqx Xaashiqq",
)  # fmt: skip
COLLECTIONS = {dict, list, set, frozenset, tuple}
WORDS = (
    "quorblax", "ziffle", "quarblex", "ψυλλ", "קוורבל", "葉瑤瑤", "tomasonnu", "トマソンヌ", "퀘벡",
    "kwebeg", "xaashi", "abdiqq",
)  # fmt: skip


def kept() -> Counter[str]:
    """How many collections and caches of this process have a text with each of the words."""
    found = Counter[str]()
    for each in gc.get_objects():
        held: Iterable[object] = ()
        if type(each) in COLLECTIONS:
            held = list(each)
        elif type(each).__name__ == "_lru_cache_wrapper":
            held = [one for two in gc.get_referents(each) for one in (two, *_keys(two))]
        texts = " ".join(one for one in held if isinstance(one, str)).casefold()
        found.update(word for word in WORDS if word in texts)
    return found


def _keys(each: object) -> list[object]:
    return list(each) if type(each) is dict else []


def test_no_typed_word_is_remembered_after_the_search() -> None:
    directory = Directory(PEOPLE)
    directory.find("Owen Griffiths")
    before = kept()
    for line in LINES:
        directory.find(line)
        names_in_another_script(line, "Elizabeth Jones")
    gc.collect()
    assert not kept() - before


def test_names_of_a_former_directory_are_forgotten() -> None:
    directory_of(PEOPLE, ()).find("Elizabeth")
    assert "jones" in classes.of_names
    directory_of((Entry(7, "S7", "Owen Griffiths"),), ()).find("Elizabeth")
    assert "jones" not in classes.of_names
