"""Number the names of fonts that a person may have given.

An embedded font needs no name. One that is not in the file is looked for by its name on the
reader's machine, so only names of fonts that many machines have are kept.
"""

from __future__ import annotations

import re

import pikepdf

from grievances.evidence.sanitiser.metafiles import USUAL_FONTS
from grievances.evidence.sanitiser.pdf_parts.entries import Entry

OTHER_WORDS = (
    "mt ps psmt oblique obl it bd std pro regular roman reg demi light heavy thin extra ultra cond "
    "cn sc tc jp kr cs w w3 w5 w6 w9 hw rounded mono nimbus san l gyre heros termes cursor cm cmr "
    "latin computer free"
)
USUAL = frozenset([*USUAL_FONTS.split(), *OTHER_WORDS.split()])
OF_EAST_ASIA = re.compile(
    r"(?:ST(?:Song|Heiti|Kaiti|Fangsong)|MSung|MHei|Heisei|Koz(?:Min|Go)|HYSMyeongJo|HYGoThic|"
    r"Adobe(?:Song|Ming|Heiti|Kaiti|Fangsong|Myungjo|Gothic)|Ryumin|GothicBBB|Hiragino)"
    r"[A-Za-z0-9,-]{0,24}"
)
SUBSET = re.compile(r"/?([A-Z]{6}\+)?(.*)")
WORDS = re.compile(r"[A-Z]{2,}(?![a-z])|[A-Z]?[a-z]+|\d+")
PLAIN = "Helvetica"
FILES = ("/FontFile", "/FontFile2", "/FontFile3")
ORDERINGS = frozenset({"Identity", "GB1", "CNS1", "Japan1", "Japan2", "Korea1", "KR", "UCS"})


def number_fonts(pdf: pikepdf.Pdf) -> None:
    """Give every font in a PDF a name that names no one."""
    new: dict[str, str] = {}
    for thing in pdf.objects:
        if isinstance(thing, pikepdf.Stream):
            strip_collection(thing)
        elif isinstance(thing, pikepdf.Dictionary):
            number_font(thing, new)


def number_font(font: pikepdf.Object, new: dict[str, str]) -> None:
    """Number the names of one font and of its description."""
    described: Entry = font.get("/FontDescriptor")
    inside: Entry = font.get("/DescendantFonts")
    if isinstance(inside, pikepdf.Array) and len(inside) and "/FontDescriptor" in inside[0]:
        number_font(inside[0], new)
        described = inside[0]["/FontDescriptor"]
    has_file = any(each in font for each in FILES)
    is_embedded = isinstance(described, pikepdf.Dictionary) and any(
        each in described for each in FILES
    )
    if isinstance(described, pikepdf.Dictionary) and not described.is_indirect:
        number_font(described, new)
    for name, is_inside in (("/BaseFont", is_embedded), ("/FontName", has_file)):
        if isinstance(font.get(name), pikepdf.Name):
            font[name] = renamed(font[name], new, is_embedded=is_inside)
    for name in ("/FontFamily", "/CharSet", "/Style") if "/FontName" in font else ():
        if name in font:
            del font[name]
    strip_collection(font)


def renamed(name: Entry, new: dict[str, str], *, is_embedded: bool) -> pikepdf.Name:
    """Return the name of a font; a usual one is kept."""
    found = SUBSET.fullmatch(str(name))
    prefix, plain = (found[1] or "", found[2]) if found else ("", "")
    if is_usual(plain):
        return pikepdf.Name(f"/{prefix}{plain}")
    if not is_embedded:
        return pikepdf.Name(f"/{PLAIN}")
    return pikepdf.Name(f"/{prefix}{new.setdefault(plain, f'Font{len(new) + 1}')}")


def is_usual(name: str) -> bool:
    """Return whether a name is made of words of usual fonts."""
    words = [each.lower() for each in WORDS.findall(name)]
    return bool(OF_EAST_ASIA.fullmatch(name)) or (bool(words) and USUAL.issuperset(words))


def strip_collection(font: pikepdf.Object) -> None:
    """Keep of a collection of characters the names that readers know (9.7.3)."""
    stated: Entry = font.get("/CIDSystemInfo")
    if not isinstance(stated, pikepdf.Dictionary):
        return
    if str(stated.get("/Registry", "")) != "Adobe" or str(stated.get("/Ordering")) not in ORDERINGS:
        stated["/Registry"], stated["/Ordering"] = (
            pikepdf.String("Adobe"),
            pikepdf.String("Identity"),
        )
