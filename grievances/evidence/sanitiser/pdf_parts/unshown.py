"""Remove what no page of a PDF shows, though the format has a place for it."""

from __future__ import annotations

import re

import pikepdf

from grievances.evidence.sanitiser.pdf_parts import entries, form_fields, headings
from grievances.evidence.sanitiser.pdf_parts.colorants import Colorants

REGISTERED = re.compile(
    r"sRGB(?: IEC61966-2[.-]1)?|Adobe ?RGB(?: \(1998\))?|eciRGB(?:_v2| v2)?|Custom|"
    r"CGATS ?TR ?\d{3}|FOGRA\d{2}L?|JC\d{6}|JCW\d{4}|IFRA\d{2}|EUROSB\d{3}|"
    r"U\.S\. Web Coated \(SWOP\) v2|SWOP\d{4}_(?:TR\d_)?coated_\w{1,3}",
    re.IGNORECASE,
)
"""Names of outputs that printers know (www.color.org)."""


def strip_unshown(pdf: pikepdf.Pdf) -> None:
    """Take what is on no page out of fields, headings, colours and intents."""
    form_fields.keep_shown(pdf)
    headings.strip_headings(pdf)
    colours = Colorants()
    for thing in pdf.objects:
        colours.number(thing)
    strip_intents(pdf)


def strip_intents(pdf: pikepdf.Pdf) -> None:
    """Keep of what the colours are meant for the profile, and a registered name."""
    intents = pdf.Root.get("/OutputIntents")
    if not isinstance(intents, pikepdf.Array):
        return
    kept = [each for each in intents if is_known(each)]
    for each in kept:
        for name in [name for name in each.as_dict() if name not in entries.INTENT]:
            del each[name]
        said = str(each.get("/OutputConditionIdentifier", "Custom"))
        if not REGISTERED.fullmatch(said):
            each["/OutputConditionIdentifier"] = pikepdf.String("Custom")
    pdf.Root["/OutputIntents"] = pikepdf.Array(kept)


def is_known(intent: object) -> bool:
    """Return whether an intent is of a kind that the format knows."""
    return isinstance(intent, pikepdf.Dictionary) and str(intent.get("/S", "")) in entries.INTENDED
