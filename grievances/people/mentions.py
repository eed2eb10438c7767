"""Mentions of one known person in a text that others will read."""

from __future__ import annotations

import re

from grievances.people.descriptions import ORDINARY, other_forms
from grievances.people.east_asian import mandarin
from grievances.people.east_asian.japanese import HAN
from grievances.people.names import edits, name_words, words
from grievances.people.pet_names import PETS
from grievances.people.pronunciation.sound_classes import PARTS, classes
from grievances.people.scripts import frames, in_latin, is_other_script

CALENDAR = frozenset(
    words(
        "january february march april may june july august september october november december "
        "monday tuesday wednesday thursday friday saturday sunday"
    )
)
"""Words with a capital that are no misspelt names."""
LONG = 5
"""Letters of a word that may have one wrong."""
SURE = 3
"""Consonants that make a word of another script a name."""


RUN = re.compile(f"{HAN.pattern}{{2,}}")
SIZES = (2, 3, 4)
"""Characters of a name."""


def is_form_of(word: str, part: str) -> bool:
    """Return whether a word that is written as a name means this part of one.

    It is the part, a pet name of it, or a longer word with one letter wrong. A plural is a word.
    """
    if word == part:
        return True
    if word in ORDINARY or word in CALENDAR or word == f"{part}s":
        return False
    if word in PETS.get(part, ()) or word in other_forms(part):
        return True
    return min(len(word), len(part)) >= LONG and edits(word, part) in (0, 1)


def names_in_another_script(text: str, name: str) -> bool:
    """Return whether a text has part of a name, and one of them is in another script."""
    if not is_other_script(text) and not is_other_script(name):
        return False
    parts = [frames(part) for part in name_words(in_latin(name))]
    sure = {frame for part in parts for frame in part if len(frame) >= SURE}
    said = (
        [frames(word) for word in words(in_latin(text))]
        if is_other_script(name)
        else [
            frames(one)
            for word in text.split()
            if is_other_script(word)
            for one in words(in_latin(word))
        ]
    )
    in_full = all(any(part & word for word in said) for part in parts if part) and any(parts)
    return (
        in_full
        or any(sure & word for word in said)
        or (_is_heard(text, name) or _is_read(text, name))
    )


def _is_heard(text: str, name: str) -> bool:
    """Return whether a word of another script sounds as a part of the name does."""
    own = {way for part in name_words(in_latin(name)) for way in classes(part)}
    said = (word for word in PARTS.split(text) if is_other_script(word) or is_other_script(name))
    heard = {way for word in said for way in classes(in_latin(word).replace(" ", ""))}
    return any(len(way) >= SURE for way in own & heard)


def _is_read(text: str, name: str) -> bool:
    """Return whether characters in a text read as part of a name, as in Cantonese."""
    own = set(name_words(in_latin(name)))
    for run in RUN.findall(text):
        for size in SIZES:
            for at in range(len(run) - size + 1):
                read = mandarin.readings(run[at : at + size])
                if any(set(each.split()) <= own for each in read):
                    return True
    return False
