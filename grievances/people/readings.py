"""Other ways to read a typed line, tried beside the line as it is.

A name is heard and written in another script, read off a picture, or comes out of another program.
A reading rules no one out: a person who fits one is in doubt, and kept out.
"""

from __future__ import annotations

import html
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from urllib.parse import unquote

from grievances.people.names import FILLING, POSSESSIVE, TITLES, seen, words
from grievances.people.pet_names import PETS
from grievances.people.scripts import SYLLABLE, as_english

BY_EAR = {
    "дж": "j", "дз": "dz", "ж": "j", "кс": "x",
    "γουι": "wi", "γουί": "wi", "γουα": "wa",
    "τζ": "j", "τσ": "ch", "μπ": "b", "γκ": "g", "γγ": "ng", "ου": "u", "ντ": "d",
    "ח": "kh",
    "ב": "b", "ו": "w",
    "ض": "z", "ظ": "z", "ذ": "z", "ث": "s",
    "ђ": "d", "ћ": "c", "х": "h",
    "ਂ": "n", "ੰ": "n", "ं": "n", "ং": "n", "ં": "n",
    "ג׳": "j", "ג'": "j", "ז׳": "zh", "ז'": "zh", "צ׳": "ch", "צ'": "ch", "ץ'": "ch",
}  # fmt: skip
"""Letters that another script writes together for one sound of a Latin name."""
OFF_A_PICTURE = (("rn", "m"), ("vv", "w"), ("cl", "d"), ("ii", "u"), ("nn", "m"), ("I", "l"))
"""Letters that a scan takes for others: Srnith."""
LETTER_IN_WORD = re.compile(r"(?<!\S)[A-Z]\w*[a-z]\w*\d\b")
AS_LETTERS = str.maketrans("01345789", "oleastbg")
SOMALI = re.compile("^c(?:abd|ali|um|is|aa|ai)|^x[aeiu]|[aiu]x[aeiu]|a?axm|[dr]axm|[aiou]x$")
"""Spellings that only Somali has."""
DOUBLE_VOWEL = re.compile(r"([aeiou])\1")
LIKE_I = re.compile(r"(?<!\S)\w*1[A-Za-z]\w*")
AS_I = str.maketrans("013457", "oieast")
"""The digits for letters once more, for one that is written for an I: 1qbal."""
WITHOUT_APOSTROPHE = re.compile(r"(?<=\w{3})s(?=\s+\w)")
"""The ending of a possessor without its apostrophe: Nairs team."""
PARTICLE = re.compile(r"(?<!\w)(O|Mc|Mac|Fitz)[.'’ ]+(?=[A-Z]\b)")
"""The beginning of a surname before an initial: O.B., Mc D."""
NUMBER = re.compile(r"\d{4,}")
"""A staff number in a user name or a line."""
LONE_LETTER = re.compile("(?<!\\w)[ЖХЦЧШЩЮЯЁЄЇЉЊЏΘΧΨ](?!\\w)")
"""An initial that Latin writes with two letters: Х. for Khrushcheva or Hristo."""
NUMBERED = re.compile(r"(?<=[A-Za-z]{3})\d{1,3}(?!\S)")
"""The number behind a name in a user name: jane.entwistle1."""
NO_ONE = re.compile(
    r"\s*(?:n\s*/\s*[ak]|(?:i(?:'d| would)? )?(?:prefer|rather) not(?: to)? say|not sure|unknown"
    r"|none|no ?one|i do(?:n't| not) know|not applicable)\s*\.?\s*",
    re.IGNORECASE,
)
"""What people type where they name no one."""
INITIALS = re.compile("[A-Z]{2,4}")
WITHIN_INITIALS = re.compile("(?<=M)a?c(?=[A-Z])")
"""What is between the initials of a name with Mc: MMcA."""
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
    found = {
        plain,
        seen(line),
        particles_joined(line),
        SYLLABLE.sub(" ", line),
        POSSESSIVE.sub("", line),
    }
    found.add(LETTER_IN_WORD.sub(lambda word: word[0].translate(AS_LETTERS), line))
    found.add(LIKE_I.sub(lambda word: word[0].translate(AS_I), line))
    found |= {
        without_calling(line),
        decoded_again(line),
        WITHOUT_APOSTROPHE.sub("", line),
        *as_english(line),
        *_initials_in_latin(line),
    }
    if not line.isascii():
        found.add(by_ear(line))
    found |= {out_of_somali(line), long_vowels_short(line)}
    found |= {line.replace(wrong, right) for wrong, right in OFF_A_PICTURE if wrong in line}
    return {each for each in found if each.strip()} - {line}


def _initials_in_latin(line: str) -> set[str]:
    """Return a line whose initials of two Latin letters are one of them."""
    first = LONE_LETTER.sub(lambda one: words(one[0])[0][0], line)
    return {first, LONE_LETTER.sub(lambda one: words(one[0])[0][-1], line)}


def particles_joined(line: str) -> str:
    """Return a line in which "O.B." is "OB", as the beginning of one surname."""
    return PARTICLE.sub(r"\1", line)


def without_calling(line: str) -> str:
    """Return a line without what follows a name at a place of work in East Asia."""
    return unicodedata.normalize("NFC", CALLED.sub("", unicodedata.normalize("NFC", line)))


BEFORE = frozenset(
    words(
        "pan dl anh chi co em bac ong ba abu abou umm um kyr sig tio tia tante oncle zio zia ate "
        "kuya khun mzee mama baba bwana bro sis mallam malam oga pa ma boss comrade أبو أم ابو ام "
        "اخت عم 阿姨"
    )
)
BEHIND = frozenset(
    words(
        "anna akka thambi tambi amma tai ji jee abla abi agabey hoca baji apa bhai bhaiya paji "
        "didi dada kaka chacha ben behn sahiba nim san sama sensei ssi jan jaan agha khanum khanim "
        "usta mam sir miss جی صاحبہ باجی آپا بھائی जी दीदी भाई ताई দা দি আপা ভাই ਜੀ ਭੈਣ ਵੀਰ "
        "அண்ணா அக்கா அண்ணன் தம்பி ભાઈ બેન બહેન"
    )
)
"""How people are addressed beside a name; many of these words are names as well."""
GLUED_ADDRESS = re.compile("^(?:คุณ|นางสาว|นาง|นาย)")
LONG_VOWELS = re.compile("(?<=[a-z])(?:ou|oo|uu|oh(?![aeiouy]))")
ROLE_BEHIND = re.compile(r"\s(?:the|from|in|at|on|of|who|that|our|my)\s", re.IGNORECASE)
"""Words between a name and who the person is: gary the cleaner."""
ABBREVIATION = re.compile(r"(?<!\S)\(?(?:[A-Z]{3,5}|PO|TM|AP|OM|CA|TL|IT|DM)\)?[:.]?(?!\S)")
"""A role or an office by its letters, beside a name: SPO Karen."""


def long_vowels_short(line: str) -> str:
    """Return a line with the long vowels of Japanese written short: Endou, Satoh."""
    return LONG_VOWELS.sub(lambda found: found[0][0], line)


def without_address(line: str) -> str:
    """Return a line without how the person is addressed: Pan Grzegorz, Anjali Tai."""
    said = GLUED_ADDRESS.sub("", line).split()
    while len(said) > 1 and words(said[0]) and BEFORE.issuperset(words(said[0])):
        said = said[1:]
    while len(said) > 1 and words(said[-1]) and BEHIND.issuperset(words(said[-1])):
        said = said[:-1]
    return " ".join(said)


def without_titles(line: str) -> str:
    """Return a line of another script without titles."""
    said = [word for word in line.split() if not words(word) or not TITLES.issuperset(words(word))]
    return " ".join(said) or line


def plainer(line: str) -> set[str]:
    """Return a line that fits no one, without what may be no part of the name in it."""
    found = {
        initials_apart(line),
        without_address(line),
        ROLE_BEHIND.split(line.strip())[0],
        NUMBERED.sub("", line),
    }
    if any(map(str.islower, line)):
        found.add(ABBREVIATION.sub(" ", line))
    return {each for each in found if each.strip()} - {line}


def decoded_again(line: str) -> str:
    """Return a line as it was before a program took UTF-8 for Windows-1252."""
    for encoding in ("cp1252", "latin-1"):
        try:
            return line.encode(encoding).decode("utf-8")
        except UnicodeError:
            continue
    return line


def by_ear(line: str) -> str:
    """Return a line in which letters that spell one sound together are that sound."""
    heard = unicodedata.normalize("NFC", line).casefold()
    for written, sound in BY_EAR.items():
        heard = heard.replace(written, sound)
    return heard


def pets_in_latin(line: str) -> list[str]:
    """Return a line of another script once for each Latin form of a first name."""
    found = []
    for word in line.split():
        forms = [form for form in PETS.get(word, ()) if form.isascii()]
        found += [line.replace(word, form) for form in forms]
    return found


def initials_apart(line: str) -> str:
    """Return a line with glued initials beside other words set apart.

    "Kim MJ" is read as "Kim M J".
    """
    return GLUED.sub(lambda found: " ".join(filter(None, found.groups())), line)


def in_somali(own: tuple[str, ...]) -> Iterator[tuple[str, int]]:
    """Yield the words of a Somali name as English spells them, and what they cover.

    Somali writes C for a sound that English leaves out, and X for H: Cabdi Xasan.
    """
    if not any(SOMALI.search(word) for word in own):
        return
    for at, word in enumerate(own):
        plain = _english(word)
        if plain != word:
            yield plain, 1 << at


def _english(word: str) -> str:
    return DOUBLE_VOWEL.sub(r"\1", re.sub("c(?=[aiu])", "", word.replace("x", "h")))


def out_of_somali(line: str) -> str:
    """Return a line with its Somali words as English spells them."""
    said = ((word, word.lower()) for word in line.split())
    return " ".join(_english(low) if SOMALI.search(low) else word for word, low in said)


def lone_initial(line: str) -> str:
    """Return the letter behind which a line hides a name.

    Such lines are "Ms. M" and "Mr K from York". It is empty for every other line.
    """
    said = words(line)
    for title, letter, behind in zip(said, said[1:], [*said[2:], "the"], strict=False):
        is_hidden = title in TITLES and len(letter) == 1 and letter.isalpha()
        if is_hidden and behind in FILLING:
            return letter
    return ""


def capitals_apart(line: str) -> str:
    """Return a line that is two to four capitals as initials: "PM" as "P M"."""
    bare = WITHIN_INITIALS.sub("", re.sub("[-.'’ ]", "", line.strip()))
    return " ".join(bare) if INITIALS.fullmatch(bare) else line


PARTICLES = re.compile(r"(?<!\w)(?:([ODNLM])['’‘]\s?|(M)a?c\s?(?=[A-Z])|(O)(?=[A-Z][a-z]))(\w)")
"""The beginning of a name that has two initials: O'Brien, McAllister."""


def further_initials(name: str) -> tuple[str, ...]:
    """Return the letters after O', Mc and the like, which some count as initials."""
    return tuple(found[4].lower() for found in PARTICLES.finditer(name))


def has_initials(
    own: tuple[str, ...], typed: tuple[str, ...], further: tuple[str, ...] = ()
) -> bool:
    """Return whether the typed letters are initials of a name.

    Of three or more, some may be left out. `further` are those inside a word.
    """
    if further and has_initials((*own, *further), typed):
        return True
    first = [word[0] for word in own]
    if len(own) < 3:
        return sorted(first) == sorted(typed)
    return not Counter(typed) - Counter(first)
