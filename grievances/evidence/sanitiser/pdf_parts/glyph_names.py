"""Number the names of glyphs that a person may have given.

A font that is drawn by instructions has a name for each glyph, and a font that is not in the file
may be given further names. Those of letters and signs stay, because readers search by them.
"""

from __future__ import annotations

import re

import pikepdf

from grievances.evidence.sanitiser.pdf_parts import entries
from grievances.evidence.sanitiser.pdf_parts.entries import Entry

LETTERS = re.compile(
    r"/(?:[A-Za-z]|[A-Za-z](?:acute|breve|caron|cedilla|circumflex|commaaccent|dieresis|dotaccent|"
    r"grave|hungarumlaut|macron|ogonek|ring|slash|tilde|small|sc|superior|inferior|oldstyle)|"
    r"(?:uni|u|afii|g|G|glyph|gid|cid|c|C|a|x|ch|char|index|SF|H)\d*[0-9A-F]{1,6}|\d{1,5}|"
    r"\.notdef|\.null|(?:AE|ae|OE|oe|Eth|eth|Thorn|thorn|germandbls|dotlessi|Lslash|lslash|Dcroat|"
    r"dcroat|Eng|eng|IJ|ij|kgreenlandic|longs|ff|fi|fl|ffi|ffl|f_[fijl](?:_[il])?|T_h|st|nbspace|"
    r"space|nonbreakingspace|sfthyphen|softhyphen|tab)|"
    r"(?:[Aa]lpha|[Bb]eta|[Gg]amma|[Dd]elta|[Ee]psilon|[Zz]eta|[Ee]ta|[Tt]heta|[Ii]ota|[Kk]appa|"
    r"[Ll]ambda|[Mm]u|[Nn]u|[Xx]i|[Oo]micron|[Pp]i|[Rr]ho|[Ss]igma|[Tt]au|[Uu]psilon|[Pp]hi|"
    r"[Cc]hi|[Pp]si|[Oo]mega)(?:1|tonos|dieresis)?|"
    r"(?:zero|one|two|three|four|five|six|seven|eight|nine|half|onehalf|onequarter|threequarters|"
    r"onethird|twothirds|(?:one|three|five|seven)eighths?)(?:superior|inferior|oldstyle|circle)?)"
)
SIGNS = entries.names(
    "acute ampersand approxequal asciicircum asciitilde asterisk at backslash bar braceleft "
    "braceright bracketleft bracketright breve brokenbar bullet caron cedilla cent circle "
    "circumflex colon comma copyright currency dagger daggerdbl degree diamond dieresis "
    "divide dollar dotaccent ellipsis emdash endash equal equivalence Euro exclam exclamdown "
    "florin fraction grave greater greaterequal guillemotleft guillemotright guilsinglleft "
    "heart club guilsinglright hungarumlaut hyphen infinity integral less lessequal "
    "logicalnot lozenge macron minus multiply notequal numbersign ogonek ordfeminine "
    "ordmasculine paragraph parenleft parenright partialdiff percent period periodcentered "
    "perthousand plus plusminus product question questiondown quotedbl quotedblbase "
    "quotedblleft quotedblright quoteleft quoteright quotesingle quotesinglbase radical "
    "registered ring section semicolon slash spade sterling summation tilde trademark "
    "underscore yen element existential universal suchthat therefore perpendicular congruent "
    "minute second angle logicaland logicalor intersection union propersubset propersuperset "
    "reflexsubset arrowleft arrowright arrowup arrowdown arrowboth arrowdblright arrowdblleft "
    "emptyset gradient aleph checkmark filledbox square triangleup middot overscore mu1 "
    "foursuperior nsuperior commaaccent "
)


def number_glyphs(pdf: pikepdf.Pdf) -> None:
    """Number the typed names of glyphs in every font that needs none of them."""
    new: dict[str, str] = {}
    for thing in pdf.objects:
        if not isinstance(thing, pikepdf.Dictionary) or "/Encoding" not in thing:
            continue
        drawn: Entry = thing.get("/CharProcs")
        is_drawn = isinstance(drawn, pikepdf.Dictionary)
        if not is_drawn and isinstance(thing.get("/FontDescriptor"), pikepdf.Dictionary):
            continue  # The names are those in the font itself.
        for name in [each for each in drawn.as_dict() if not is_known(each)] if is_drawn else ():
            glyph = drawn[name]
            del drawn[name]
            drawn[renamed(name, new)] = glyph
        coded: Entry = thing["/Encoding"]
        listed = coded.get("/Differences") if isinstance(coded, pikepdf.Dictionary) else None
        if isinstance(listed, pikepdf.Array):
            coded["/Differences"] = pikepdf.Array([_plain(each, new) for each in list(listed)])


def _plain(each: Entry, new: dict[str, str]) -> Entry:
    return pikepdf.Name(renamed(str(each), new)) if isinstance(each, pikepdf.Name) else each


def renamed(name: str, new: dict[str, str]) -> str:
    """Return the name of a glyph; that of a letter or a sign is kept."""
    return name if is_known(name) else new.setdefault(name, f"/g{len(new) + 1}")


def is_known(name: str) -> bool:
    """Return whether a name is that of a letter or a sign, or counted up by a program."""
    return bool(LETTERS.fullmatch(name)) or name in SIGNS
