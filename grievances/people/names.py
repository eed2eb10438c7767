"""Compare a typed name with another (architecture.md 5).

People type names as they say them: with a title, in any order, without accents, misspelt. Names are
compared by normalised words first, and by closeness after that.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from types import ModuleType

from grievances.people.pronunciation.sounds import sound
from grievances.people.word_memory import Remembered

LATIN = (
    "øo łl đd ðd þth æae œoe ıi ħh ŋn ŧt əe ɔo ɛe ɓb ɗd ƙk "
    "аa бb вv гg дd еe жzh зz иi кk лl мm нn оo пp рr сs тt уu фf хkh цts чch шsh щshch ъ ыy ь эe "
    "юyu яya іi єye ґg јj љlj њnj ћc ђdj џdz өo үu ұu қk ңn ғg һh әa "
    "αa βv γg δd εe ζz ηi θth ιi κk λl μm νn ξx οo πp ρr σs τt υy φf χch ψps ωo "
    "یي ىي کك ةه ہه ھه ٱا"
)
"""Letters that Unicode does not take apart, and the letters they are compared as.

Cyrillic and Greek are compared as Latin, so that either way of writing a name finds it.
"""
LETTERS = str.maketrans({pair[0]: pair[1:] for pair in LATIN.split()})
APOSTROPHES = str.maketrans(dict.fromkeys("'’‘‛`´′＇׳״", ""))
DROPPED = frozenset({"Mn", "Me", "Cf", "Lm", "Sk"})
"""Unicode categories set aside.

They are accents, direction marks, modifier letters and signs.
"""

LOOKS = str.maketrans(
    "АВЕЅІЈКМНОРСТУХҮаеіјорсухѕԁԛԝһӏΑΒΕΖΗΙΚΜΝΟΡΤΥΧαγικνορυχ"
    "ᴀʙᴄᴅᴇꜰɢʜɪᴊᴋʟᴍɴᴏᴘʀꜱᴛᴜᴠᴡʏᴢꓮꓐꓚꓓꓰꓝꓖꓧꓲꓙꓗꓡꓟꓠꓳꓑꓣꓢꓔꓴꓦꓪꓫꓬꓜ",
    "ABESIJKMHOPCTYXYaeijopcyxsdqwhlABEZHIKMNOPTYXayikvopux"
    "abcdefghijklmnoprstuvwyzABCDEFGHIJKLMNOPRSTUVWXYZ",
)
"""Letters of other scripts, and Latin ones that look like them (Unicode TR 39)."""

DIGITS_IN_WORDS = re.compile(r"(?<!\S)[A-Za-z]\w*\d[A-Za-z]\w*")
LIKE_LETTERS = str.maketrans("01345789", "oleastbg")
"""Digits that are written for letters: E1izabeth J0nes."""

POSSESSIVE = re.compile(r"['’‘ʼ`´]s\b", re.IGNORECASE)
"""The ending of a possessor: Liz's."""
NOTE = re.compile(r"[(\[{（【<]([^)\]}）】>]*)[)\]}）】>]?")
BETWEEN = re.compile(
    r"[;,/&+|•؛،、，；:–—→\\>*~=\t]|(?<=\s)-(?=\s)"
    r"|(?<!\S)(?:and|or|with|plus|also|then|vs|versus|x|possibly|maybe|perhaps)(?!\S)"
    r"|(?<!\S)(?:as well as|(?-i:a)|ac|neu|hefyd)(?!\S)"
    r"|(?<!\S)(?:und|et|y|og|och|ja|и|та|і|και|و|और|及|和|与|與|및)(?!\S)",
    re.IGNORECASE,
)
"""Separators between two people on one line, or between surname and first name."""
PLAIN = re.compile(r"[a-z0-9]+")
LONG_LINE = 9
"""A line of this many words or more is a description.

Fewer of its words are run together.
"""
DOUBLED = re.compile("(a)a|([aou])e")
"""Two letters that some write for å, ä, ö, ø and ü."""
ALIKE = str.maketrans("fwcqz", "vvkks")
VOWELS = re.compile(r"(?<!^)[aeiouy]")
SCRIPTS_WITHOUT_SPACES = re.compile("[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\u1100-\u11ff]")


def words(text: str) -> tuple[str, ...]:
    """Return the words of a text, without case, accents or punctuation.

    Apostrophes and direction marks are removed too; an apostrophe does not split a word.
    """
    if text.isascii():
        return tuple(PLAIN.findall(text.translate(APOSTROPHES).lower()))
    plain = unicodedata.normalize("NFKD", text.translate(APOSTROPHES)).casefold()
    plain = unicodedata.normalize("NFKD", plain).translate(LETTERS)
    return tuple("".join(_kept(sign) for sign in plain).split())


def _kept(sign: str) -> str:
    kind = unicodedata.category(sign)
    if kind in DROPPED:
        return ""
    return sign if kind[0] in "LN" or kind == "Mc" else " "


TITLES = frozenset(
    words(
        "mr mrs ms miss mx mister dr doctor prof professor sir dame lady lord rev revd reverend "
        "cllr councillor capt captain sgt sergeant insp inspector supt hon mbe obe cbe phd esq jr "
        "maam madam bnr fns athro parchedig parch foneddiges herr frau mme mlle madame monsieur "
        "senor senora senorita srta senhor senhora dona sig sra signor signora signorina pani "
        "hr herrn fru froken mevrouw mevr meneer dhr smt shri shrimati kumari sheikh shaykh shaikh "
        "hanim hanimefendi bey beyefendi sahib saheb bhai didi apa garu efendi "
        "hajji haji hajj alhaji alhaja hajja lalla moulay maulana mullah ustad ustaz engr "
        "господин госпожа κύριος κυρία "
        "السيد السيدة الدكتور श्री श्रीमती डॉ domnul doamna domnisoara dna kyrios kyria "
        "מר גב גברת דר עוד سيد سيدة استاذ الاستاذ دكتور الحاج صاحب صاحبہ جناب محترمہ باجی "
        "साहब জনাব সাহেব ਸਰਦਾਰ திரு திருமதி пан пані гн гжа κος ወይዘሮ պարոն ბატონი"
    )
)
"""Words before or after a name that are part of no name.

None is a common name as well.
"""
FILLING = frozenset(
    words(
        "a an the my our your his her their this that is was in at of from for to by who whose "
        "i think called named manager boss line team leader head deputy officer supervisor "
        "director colleague person people staff someone hr office unit department branch desk "
        "group works working user name everyone everybody all nee formerly previously maiden "
        "bibi khatun khatoon bano banu known aka alias born big wee little old older younger "
        "uncle auntie aunty chief don baron imam rabbi barr pastor sidi "
        "baroness nurse constable sergeant sister brother both senior probation practitioner "
        "spo po pso apo pdu hmpps nps hmp vlo ceo admin administrator acting interim "
        "assistant receptionist caseworker payroll gan gyda wrth rheolwr pennaeth swyddog uwch "
        "fy ein"
    )
)
"""Words of a description, set aside when the line fits no one with them."""


@dataclass(frozen=True)
class Match:
    """The accounts that fit one part of a line: `same` has its words, `close` is near.

    `close` contains all of `same`. One account in `same` is the person meant; all others are in
    doubt.
    """

    same: frozenset[int]
    close: frozenset[int]


@Remembered
def name_words(name: str) -> tuple[str, ...]:
    """Return the words of one name in the directory.

    Notes in brackets and titles are left out.
    """
    return without(words(NOTE.sub(" ", name)), TITLES)


def without(found: tuple[str, ...], others: Iterable[str]) -> tuple[str, ...]:
    """Return the words without some others; all of them when none would be left."""
    return tuple(word for word in found if word not in others) or found


def seen(line: str) -> str:
    """Return a line with letters of other scripts and digits read by their looks."""
    plain = unicodedata.normalize("NFKC", line).translate(LOOKS)
    return DIGITS_IN_WORDS.sub(lambda word: word[0].translate(LIKE_LETTERS), plain)


def parts_of(line: str) -> list[tuple[str, ...]]:
    """Return the parts of a line as words, each of which may be one person."""
    return [without(words(part), TITLES) for part in BETWEEN.split(line)]


def tokens(own: tuple[str, ...]) -> Iterator[tuple[str, int]]:
    """Yield tokens with the words they cover, as (token, bit mask).

    A token is a word, neighbouring words run together, or a whole name.
    """
    for size in (1, 2, 3) if len(own) < LONG_LINE else (1, 2):
        for at in range(len(own) - size + 1):
            yield "".join(own[at : at + size]), ((1 << size) - 1) << at
    if 3 < len(own) < LONG_LINE:
        yield "".join(own), (1 << len(own)) - 1


@cache
def closeness() -> ModuleType:
    """Return what counts wrong letters.

    A process that compares no names does without it.
    """
    found: ModuleType = import_module(".distance", "rapidfuzz").OSA
    return found


def edits(one: str, other: str) -> int | None:
    """Return the cost of taking one word for the other; None if they are two words.

    One wrong letter is allowed in a word of four, two in a word of seven. A word of three may have
    a letter too many. A name written as it is heard counts as one wrong letter: Muhammad, Mohamed,
    and Leigh for Lee.
    """
    if one == other or _undoubled(one) == _undoubled(other):
        return 0
    if has_digit(one + other):
        return None
    if min(len(one), len(other)) > 1 and sound(one) == sound(other):
        return 1
    away: int = closeness().distance(one, other)
    short = min(len(one), len(other))
    if away == 1 and (short > 3 or (short == 3 and len(one) != len(other))):
        return 1
    frame = bones(one)
    if short > 4 and frame == bones(other) and away <= min(3, len(frame)):
        return 1
    return 2 if away == 2 and short > 6 else None


def _undoubled(word: str) -> str:
    return DOUBLED.sub(r"\1\2", word)


def bones(word: str) -> str:
    """Return the consonants of a word in Latin letters.

    Doubled consonants count once, and those that sound alike become one letter.
    """
    single = re.sub(r"(.)\1", r"\1", word.replace("ph", "f"))
    return VOWELS.sub("", single).translate(ALIKE)


class Spellings:
    """The words of a directory, found by words that are spelt or said nearly alike."""

    def __init__(self, known: Iterable[str]) -> None:
        self.by_length: dict[int, list[str]] = defaultdict(list)
        self.by_bones: dict[str, list[str]] = defaultdict(list)
        self.by_sound: dict[str, list[str]] = defaultdict(list)
        for word in filter(str.isalpha, known):
            self.by_length[len(word)].append(word)
            self.by_sound[sound(word)].append(word)
            if len(bones(word)) > 1:
                self.by_bones[bones(word)].append(word)

    def near(self, token: str) -> set[str]:
        """Return the words that a typed word may be, mistyped or as it is heard."""
        alike = {*self.by_bones.get(bones(token), ()), *self.by_sound.get(sound(token), ())}
        if len(token) < 3:
            return alike
        most = 2 if len(token) > 6 else 1
        lengths = range(len(token) - most, len(token) + most + 1)
        choices = [word for length in lengths for word in self.by_length.get(length, ())]
        extract = import_module("rapidfuzz").process.extract
        found = extract(token, choices, scorer=closeness().distance, score_cutoff=most, limit=None)
        return alike.union(word for word, _, _ in found)

    def begun_by_sound(self, token: str) -> list[str]:
        """Return the words that begin with the sound of a typed word."""
        begun = sound(token)
        said = (each for one, each in self.by_sound.items() if one.startswith(begun))
        return [word for each in said for word in each if word[0] == token[0]]


def fits(typed: tuple[str, ...], own: tuple[str, ...], hits: list[tuple[int, int, int]]) -> bool:
    """Return whether the words found make the person.

    They do if they cover all that was typed, or the whole name, or two words of each. A hit is its
    cost, the words of the line it covers, and those of the name. The cheapest count first, up to
    one wrong letter in five.
    """
    budget = max(1, sum(map(len, own)) // 5)
    said = known = 0
    for cost, covered, part in sorted(hits):
        adds = covered & ~said or part & ~known
        if adds and cost <= budget:
            said, known, budget = said | covered, known | part, budget - cost
    said, known = _with_initials(typed, own, said, known)
    if said == (1 << len(typed)) - 1 or known == (1 << max(len(own), 1)) - 1:
        return True
    return said.bit_count() > 1 and known.bit_count() > 1


def _with_initials(
    typed: tuple[str, ...], own: tuple[str, ...], said: int, known: int
) -> tuple[int, int]:
    """Return what is covered when a single letter means a word that begins with it."""
    if not any(len(word) == 1 for word in typed + own):
        return said, known
    for i, word in enumerate(typed):
        for j, other in enumerate(own):
            if said >> i & 1 or known >> j & 1 or not (word + other).isalpha():
                continue
            if min(len(word), len(other)) == 1 and word[0] == other[0]:
                said, known = said | 1 << i, known | 1 << j
    return said, known


def fits_unspaced(typed: tuple[str, ...], own: tuple[str, ...]) -> bool:
    """Return whether two names fit in a script that puts no space between words.

    One contains the other, in any order.
    """
    line, name = "".join(typed), "".join(own)
    holds = line in name or all(word in line for word in own)
    return bool(line) and (holds or sorted(line) == sorted(name))


def has_digit(word: str) -> bool:
    """Return whether a word contains a digit."""
    return any(sign.isdigit() for sign in word)


def stands_in(text: tuple[str, ...], name: tuple[str, ...]) -> bool:
    """Return whether a text has the words of a name beside each other, in any order."""
    shape, size = sorted(name), len(name)
    starts = range(len(text) - size + 1) if size else ()
    return any(sorted(text[at : at + size]) == shape for at in starts)


def other_words(name: str) -> list[tuple[str, int]]:
    """Return further words that find a person, and the words of the name they mean.

    A pet name in brackets means the first name: "Elizabeth (Liz) Jones". A word that is a title
    as well may be the name that was typed: "Dean Lord".
    """
    pet = {word for note in NOTE.findall(name) for word in words(note)} - FILLING
    titles = TITLES.intersection(words(name)).difference(name_words(name))
    return [*((word, 1) for word in pet), *((word, 0) for word in titles)]


@Remembered
def compact(text: str) -> str:
    """Return a user name or address of the directory, run together."""
    return "".join(words(text))
