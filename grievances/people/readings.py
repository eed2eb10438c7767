"""Other ways to read a typed line, tried beside the line as it is.

A name is heard and written in another script, read off a picture, or comes out of another program.
A reading rules no one out: a person who fits one is in doubt, and kept out.
"""

from __future__ import annotations

import html
import re
import unicodedata
from urllib.parse import unquote

from grievances.people.names import POSSESSIVE, seen
from grievances.people.scripts import SYLLABLE

BY_EAR = {
    "дж": "j", "дз": "dz", "ж": "j", "кс": "x",
    "τζ": "j", "τσ": "ch", "μπ": "b", "γκ": "g", "γγ": "ng", "ου": "u", "ντ": "d",
    "ג׳": "j", "ג'": "j", "ז׳": "zh", "ז'": "zh", "צ׳": "ch", "צ'": "ch", "ץ'": "ch",
}  # fmt: skip
"""Letters that another script writes together for one sound of a Latin name."""
OFF_A_PICTURE = (("rn", "m"), ("vv", "w"), ("cl", "d"), ("ii", "u"), ("nn", "m"), ("I", "l"))
"""Letters that a scan takes for others: Srnith."""
LETTER_IN_WORD = re.compile(r"(?<!\S)[A-Z]\w*[a-z]\w*\d\b")
AS_LETTERS = str.maketrans("01345789", "oleastbg")
GLUED = re.compile(r"(?<!\S)([A-Z])['’]?([A-Z])(?:['’]?([A-Z]))?(?!\S)")
"""Initials without a space between them: MJ, O'B."""
CALLED = re.compile(
    "(?:부장님?|과장님?|팀장님?|차장님?|대리님?|사장님?|선생님?|이사님?|선배님?|씨|님"
    "|さん|さま|様|氏|君|くん|ちゃん|先生|部長|課長|社長|主任|係長|先輩"
    "|女士|小姐|太太|老师|老師|经理|經理|主管|同事|总|總)\\s*$"
)
"""How people of one workplace are called after their name, in East Asian scripts."""


def readings(line: str) -> set[str]:
    """Return the other readings of a line; the line itself is not among them."""
    plain = unquote(html.unescape(line))
    found = {plain, seen(line), SYLLABLE.sub(" ", line), POSSESSIVE.sub("", line)}
    found.add(LETTER_IN_WORD.sub(lambda word: word[0].translate(AS_LETTERS), line))
    found.add(unicodedata.normalize("NFC", CALLED.sub("", unicodedata.normalize("NFC", line))))
    if not line.isascii():
        found.add(by_ear(line))
    found |= {line.replace(wrong, right) for wrong, right in OFF_A_PICTURE if wrong in line}
    return {each for each in found if each.strip()} - {line}


def by_ear(line: str) -> str:
    """Return a line in which letters that spell one sound together are that sound."""
    heard = unicodedata.normalize("NFC", line).casefold()
    for written, sound in BY_EAR.items():
        heard = heard.replace(written, sound)
    return heard


def initials_apart(line: str) -> str:
    """Return a line with glued initials beside other words set apart.

    "Kim MJ" is read as "Kim M J".
    """
    return GLUED.sub(lambda found: " ".join(filter(None, found.groups())), line)
