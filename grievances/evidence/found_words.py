"""Say in the reader's language what was found in a file.

The sanitiser tells it in English, because it knows neither readers nor languages; so it is kept.
Names, devices and texts are said as the file has them.
"""

from __future__ import annotations

import re
from datetime import datetime

from django.utils.formats import date_format
from django.utils.translation import gettext, gettext_noop

WHAT = frozenset(
    {
        gettext_noop("A second form behind the pages"),
        gettext_noop("A signature"),
        gettext_noop("A small picture of a page"),
        gettext_noop("A small picture of the first page"),
        gettext_noop("Actions that run when it is opened"),
        gettext_noop("Album"),
        gettext_noop("Artist"),
        gettext_noop("Author"),
        gettext_noop("Changed on"),
        gettext_noop("Colour profile"),
        gettext_noop("Comment"),
        gettext_noop("Comment by"),
        gettext_noop("Computer"),
        gettext_noop("Copyright"),
        gettext_noop("Could not be cleaned inside it"),
        gettext_noop("Could not be read inside it"),
        gettext_noop("Description"),
        gettext_noop("Description of a drawing"),
        gettext_noop("Earlier versions of the text"),
        gettext_noop("Editing history (EXIF)"),
        gettext_noop("Editing history (Photoshop)"),
        gettext_noop("Editing history (XMP)"),
        gettext_noop("File enclosed"),
        gettext_noop("Files enclosed"),
        gettext_noop("Genre"),
        gettext_noop("Hidden words that stay in it"),
        gettext_noop("Keywords"),
        gettext_noop("Label"),
        gettext_noop("Last changed by"),
        gettext_noop("Left out of the copy"),
        gettext_noop("Lens"),
        gettext_noop("Link to a folder"),
        gettext_noop("Lyrics"),
        gettext_noop("Made by"),
        gettext_noop("Made on"),
        gettext_noop("Maker of the device"),
        gettext_noop("Manager"),
        gettext_noop("Minutes of editing"),
        gettext_noop("Model of the device"),
        gettext_noop("Name in a signature"),
        gettext_noop("Name of a chapter"),
        gettext_noop("Name of a codec"),
        gettext_noop("Name of a font"),
        gettext_noop("Name of a layer"),
        gettext_noop("Name of a track"),
        gettext_noop("Name of the file"),
        gettext_noop("Name of the file before"),
        gettext_noop("Name of the file behind"),
        gettext_noop("Name of the place"),
        gettext_noop("Named beside a comment or change"),
        gettext_noop("Names and addresses that stay in it"),
        gettext_noop("Names and earlier values of a shared workbook"),
        gettext_noop("Number of the picture"),
        gettext_noop("Organisation"),
        gettext_noop("Owner"),
        gettext_noop("Picture inside"),
        gettext_noop("Place in a signature"),
        gettext_noop("Printed by"),
        gettext_noop("Printing"),
        gettext_noop("Private data of a program"),
        gettext_noop("Program"),
        gettext_noop("Program that made the PDF"),
        gettext_noop("Properties of the organisation"),
        gettext_noop("Property"),
        gettext_noop("Reason in a signature"),
        gettext_noop("Recorded on"),
        gettext_noop("Remark beside the pictures"),
        gettext_noop("Rows that a pivot table keeps and does not show"),
        gettext_noop("Serial number"),
        gettext_noop("Settings of a printer"),
        gettext_noop("Shared with"),
        gettext_noop("Signed by"),
        gettext_noop("Still in its words"),
        gettext_noop("Still in the copy"),
        gettext_noop("Subject"),
        gettext_noop("Taken on"),
        gettext_noop("Text between sounds"),
        gettext_noop("Text in a drawing"),
        gettext_noop("Title"),
        gettext_noop("Track of data"),
        gettext_noop("Where it was recorded"),
        gettext_noop("Where it was taken"),
    }
)
"""What the sanitiser can call a thing that it found."""
VALUES = frozenset(
    {
        gettext_noop("yes"),
        gettext_noop("yes, such as places and movements"),
        gettext_noop("a file pinned to a page"),
        gettext_noop("a recording pinned to a page"),
        gettext_noop("a film pinned to a page"),
        gettext_noop("an annotation"),
        gettext_noop("hidden text"),
        gettext_noop("a hidden slide"),
    }
)
"""What it can say of a thing whose value it does not tell."""
PLACE = re.compile(r"(\d+\.\d+) degrees (north|south), (\d+\.\d+) degrees (east|west)")
PLACES = {
    ("north", "east"): gettext_noop("{up} degrees north, {along} degrees east"),
    ("north", "west"): gettext_noop("{up} degrees north, {along} degrees west"),
    ("south", "east"): gettext_noop("{up} degrees south, {along} degrees east"),
    ("south", "west"): gettext_noop("{up} degrees south, {along} degrees west"),
}
LEFT = re.compile(r"(?:([A-Z][\w ]+): )?(.+) \(([^()]+)\)", re.DOTALL)
"""What is left in a copy: perhaps what it is, its value, and where."""
LEFT_IN = frozenset({"Still in the copy", "Still in its words"})
WHERE = (
    (re.compile(r"the file itself"), gettext_noop("the file itself")),
    (re.compile(r"(?:(?P<part>.+) )?names of parts"), gettext_noop("names of parts")),
    (re.compile(r"(?:(?P<part>.+): )?the end"), gettext_noop("the end")),
    (re.compile(r"(?:(?P<part>.+): )?object (?P<number>\d+)"), gettext_noop("object {number}")),
    (
        re.compile(r"(?P<number>[\d,]+) bytes from its start"),
        gettext_noop("{number} bytes from its start"),
    ),
)
"""How the sanitiser names a place, perhaps in a part.

A part keeps the name that it has.
"""
IN = gettext_noop(" in ")
"""What is between a file and the part of it that has a value."""
PDF = gettext_noop("the PDF")
TEXT = "Text: "
"""How the name of a text begins that a program wrote into a picture."""
DATES = (("%d %B %Y, %H:%M", "j F Y, H:i"), ("%d %B %Y", "j F Y"))
"""How the sanitiser writes a date, and how pages do."""


def in_words(what: str, value: str) -> tuple[str, str]:
    """Return what was found, and its value, in the reader's language."""
    if what.startswith(TEXT):
        return gettext("Text: {name}").format(name=what.removeprefix(TEXT)), value
    said = _left(value) if what in LEFT_IN else _value(value)
    return (gettext(what) if what in WHAT else what), said


def _left(value: str) -> str:
    """Return what is left in a copy, and where, in the reader's language."""
    left = LEFT.fullmatch(value)
    if not left:
        return value
    what = f"{gettext(left[1])}: " if left[1] in WHAT else f"{left[1]}: " if left[1] else ""
    places = [_where(each.strip()) for each in left[3].split(IN)]
    return f"{what}{left[2]} ({gettext(IN).join(places)})"


def _where(place: str) -> str:
    for pattern, words in WHERE:
        found = pattern.fullmatch(place)
        if found:
            said = found.groupdict()
            part = said.get("part") or ""
            here = gettext(words).format(number=said.get("number"))
            return f"{gettext(PDF) if part == PDF else part}: {here}" if part else here
    return place


def _value(value: str) -> str:
    if value in VALUES:
        return gettext(value)
    place = PLACE.fullmatch(value)
    if place:
        said = gettext(PLACES[place[2], place[4]])
        return said.format(up=place[1], along=place[3])
    return _date(value)


def _date(value: str) -> str:
    """Return a date as pages write it; what is no date is returned as it is."""
    for written, shown in DATES:
        try:
            when = datetime.strptime(value, written)  # noqa: DTZ007 - it is local already
        except ValueError:
            continue
        return date_format(when, shown)
    return value
